//! Building the address a person is sent back to.

/// `redirect_uri` with parameters added to its query: what is there already stays as it is (RFC 6749 §4.1.2), a fragment stays last.
pub(crate) fn with_parameters(redirect_uri: &str, parameters: &[(&str, &str)]) -> String {
    let (address, fragment) = match redirect_uri.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (redirect_uri, None),
    };
    let mut location = address.to_owned();
    let separator = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    location.push_str(separator);
    let end = location.len();
    let mut location = form_urlencoded::Serializer::for_suffix(location, end).extend_pairs(parameters).finish();
    if let Some(fragment) = fragment {
        location.push('#');
        location.push_str(fragment);
    }
    location
}

/// The same as ContentDB does it: the whole query is taken apart and written anew, so that `a%20b` becomes `a+b`, parameters of the
/// registered address that have no value are lost, and a fragment stays behind the code.
pub(crate) fn rewritten(redirect_uri: &str, parameters: &[(&str, &str)]) -> String {
    let (address, fragment) = match redirect_uri.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (redirect_uri, None),
    };
    let (base, query) = address.split_once('?').unwrap_or((address, ""));
    let mut writer = form_urlencoded::Serializer::new(String::new());
    writer.extend_pairs(form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()));
    writer.extend_pairs(parameters);
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{base}?{}{fragment}", writer.finish())
}

#[cfg(test)]
mod tests {
    use super::{rewritten, with_parameters};

    #[test]
    fn an_existing_query_is_kept_as_it_is() {
        assert_eq!(
            with_parameters("https://a.example/cb?x=a%20b&y=", &[("code", "1")]),
            "https://a.example/cb?x=a%20b&y=&code=1"
        );
        assert_eq!(
            with_parameters("https://a.example/cb", &[("state", "a b&c")]),
            "https://a.example/cb?state=a+b%26c"
        );
    }

    #[test]
    fn contentdb_writes_the_query_anew() {
        assert_eq!(
            rewritten("https://a.example/cb?x=a%20b&y=#top", &[("code", "1")]),
            "https://a.example/cb?x=a+b&code=1#top"
        );
        assert_eq!(
            rewritten("https://a.example/cb/", &[("code", "1"), ("state", "")]),
            "https://a.example/cb/?code=1&state="
        );
    }
}
