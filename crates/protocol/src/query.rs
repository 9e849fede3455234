//! Writing parameters into the query of an address, and reading them out of one.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::http::Value;

/// Everything but RFC 3986's unreserved characters is percent-encoded. A space becomes `%20`, which a server reads rightly whether
/// or not it takes `+` for a space.
const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A parameter of a request that a browser sends: name and value.
pub(crate) type Parameter = (Cow<'static, str>, Value);

/// The endpoint with our parameters after whatever query it has itself, which stays (RFC 6749 §3.1).
pub(crate) fn address(endpoint: &Url, parameters: &[Parameter]) -> Url {
    let mut query = endpoint.query().unwrap_or_default().to_owned();
    for (name, value) in parameters {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.extend(utf8_percent_encode(&value.expose(), QUERY_VALUE));
    }
    let mut url = endpoint.clone();
    url.set_query(Some(&query));
    url
}

/// A parameter as it was received.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// The name, decoded.
    pub(crate) name: String,
    /// The value, decoded; wrong where `undecodable` says so.
    pub(crate) value: String,
    /// The value holds a `%` without two hexadecimal digits behind it, or bytes that are no UTF-8.
    pub(crate) undecodable: bool,
}

/// The parameters of a query, a fragment or a form, in the order of arrival.
pub(crate) fn parameters(text: &str) -> Vec<Received> {
    text.split('&').filter(|piece| !piece.is_empty()).filter_map(received).collect()
}

fn received(piece: &str) -> Option<Received> {
    let (name, value) = form_urlencoded::parse(piece.as_bytes()).next()?;
    let raw = piece.split_once('=').map_or("", |(_, raw)| raw);
    let undecodable = has_broken_escape(raw) || percent_decode_str(raw).decode_utf8().is_err();
    Some(Received { name: name.into_owned(), value: value.into_owned(), undecodable })
}

/// Whether a `%` is not followed by two hexadecimal digits. Decoders let it pass as it is, each in its own way.
fn has_broken_escape(raw: &str) -> bool {
    raw.split('%').skip(1).any(|after| {
        let mut digits = after.bytes();
        !(0..2).all(|_| digits.next().is_some_and(|byte| byte.is_ascii_hexdigit()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn only(text: &str) -> Received {
        let [received] = <[_; 1]>::try_from(parameters(text)).unwrap_or_else(|_| panic!("not one: {text}"));
        received
    }

    #[test]
    fn what_cannot_be_decoded_is_noticed() {
        for broken in ["code=%zz", "code=a%", "code=%f", "code=%ff", "code=%c3%28"] {
            assert!(only(broken).undecodable, "{broken}");
        }
        for whole in ["code=%25zz", "code=a+b", "code=%C3%A4", "code", "code=ä"] {
            assert!(!only(whole).undecodable, "{whole}");
        }
        assert_eq!(only("code=a+b%3D").value, "a b=");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_as_browsers_read_it(text in "\\PC{0,80}") {
            let read: Vec<_> = parameters(&text).into_iter().map(|one| (one.name, one.value)).collect();
            let expected: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn what_goes_into_an_address_comes_out_of_it(value in "\\PC{0,40}") {
            let endpoint = Url::parse("https://id.example/a?own=1").unwrap();
            let url = address(&endpoint, &[(Cow::Borrowed("name"), Value::Plain(value.clone()))]);
            let read = parameters(url.query().unwrap_or_default());
            prop_assert_eq!(read.len(), 2);
            prop_assert_eq!(&read[1].value, &value);
            prop_assert!(!read[1].undecodable);
        }
    }
}
