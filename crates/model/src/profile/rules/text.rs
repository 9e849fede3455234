//! The forms of single fields.

mod openid;

use gatewright_protocol::redirect_uri::RedirectUri;

use super::Found;
use crate::{
    Provider, Statement,
    dialect::SuccessRule,
    profile::shape::quote,
    provider::{Bases, Endpoint, Length, is_absolute, is_token},
};

/// What is wrong with single fields.
pub(super) fn check(provider: &Provider) -> Vec<Found> {
    let mut all = Vec::new();
    all.extend(id(provider.id.as_str()));
    for (path, text) in [("name", &provider.name), ("summary", &provider.summary), ("document", &provider.document)] {
        all.extend(text.trim().is_empty().then(|| Found::new(path, "empty text", "a few words for people")));
    }
    bases("environments.production", &provider.environments.production, false, &mut all);
    bases("environments.sandbox", &provider.environments.sandbox, true, &mut all);
    for (endpoint, written) in endpoints(provider) {
        all.extend(endpoint_text(&format!("endpoints.{}.value", endpoint.name()), &written.value));
    }
    all.extend(openid::check(provider));
    for (path, pointer) in pointers(provider) {
        all.extend(json_pointer(path, pointer));
    }
    for (path, list) in [
        ("scopes", &provider.dialect.authorization.scopes),
        ("default_scopes", &provider.dialect.authorization.default_scopes),
    ] {
        all.extend(scopes(&format!("dialect.authorization.{path}.value"), &list.value));
    }
    all.extend(length("client_form.name.value", provider.client_form.name.value));
    all.extend(length("client_form.redirect_uri.value", provider.client_form.redirect_uri.value));
    if provider.client_form.redirect_uris.value == 0 {
        all.push(
            Found::new("client_form.redirect_uris.value", "0", "at least 1")
                .hint("A client without a redirect URI cannot log in."),
        );
    }
    if provider.client_form.strategies().value.is_empty() {
        all.push(
            Found::new("client_form.rotation_strategies.value", "an empty list", "at least one way")
                .hint("Where nothing else helps, the provider can be asked: ask_support."),
        );
    }
    all
}

/// The endpoints that are there.
pub(super) fn endpoints(provider: &Provider) -> impl Iterator<Item = (Endpoint, &Statement<String>)> {
    Endpoint::ALL.into_iter().filter_map(|endpoint| Some((endpoint, provider.endpoints.get(endpoint)?)))
}

/// The JSON pointers that are there, by path.
pub(super) fn pointers(provider: &Provider) -> Vec<(&'static str, &str)> {
    let identity = &provider.dialect.identity;
    let mut all = vec![("dialect.identity.subject.value", identity.subject.value.as_str())];
    all.extend(identity.display_name.as_ref().map(|name| ("dialect.identity.display_name.value", name.value.as_str())));
    all.extend(
        identity.signed_in_flag.as_ref().map(|flag| ("dialect.identity.signed_in_flag.value", flag.value.as_str())),
    );
    match &provider.dialect.token_response.success.value {
        SuccessRule::AccessToken => {}
        SuccessRule::FlagAndAccessToken(pointer) => {
            all.push(("dialect.token_response.success.value.flag_and_access_token", pointer));
        }
        SuccessRule::Present(pointer) => all.push(("dialect.token_response.success.value.present", pointer)),
    }
    all
}

fn id(id: &str) -> Option<Found> {
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_right = (1..=40).contains(&id.len())
        && id.bytes().all(is_known)
        && id.starts_with(|first: char| first.is_ascii_lowercase());
    (!is_right).then(|| {
        let found = Found::new("id", quote(id), "up to 40 lower-case letters, digits and hyphens, a letter first");
        let words = id.to_ascii_lowercase();
        let slug = words
            .split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        let is_usable = slug.len() <= 40 && slug.starts_with(|first: char| first.is_ascii_lowercase());
        if is_usable { found.hint(format!("Write \"{slug}\".")) } else { found }
    })
}

fn bases(path: &str, bases: &Bases, is_sandbox: bool, all: &mut Vec<Found>) {
    all.extend(base_url(&format!("{path}.authorization"), &bases.authorization, is_sandbox));
    all.extend(bases.api.as_ref().and_then(|api| base_url(&format!("{path}.api"), api, is_sandbox)));
    // An issuer may end in a slash, which is a part of it (RFC 8414 §2).
    let issuer = bases.issuer.as_ref().map(|issuer| issuer.strip_suffix('/').unwrap_or(issuer));
    all.extend(issuer.and_then(|issuer| base_url(&format!("{path}.issuer"), issuer, is_sandbox)));
}

fn base_url(path: &str, text: &str, is_sandbox: bool) -> Option<Found> {
    let expected = if is_sandbox { "{sandbox}/ and a path, or an absolute URL" } else { "an absolute URL with https" };
    let found = || Found::new(path, quote(text), expected);
    if text.ends_with('/') {
        return Some(found().hint(format!("Leave the slash at the end away: {}.", quote(text.trim_end_matches('/')))));
    }
    let absolute = match text.strip_prefix("{sandbox}") {
        Some(_) if !is_sandbox => {
            return Some(
                found().hint("{sandbox} stands for the twin's address and belongs into environments.sandbox."),
            );
        }
        Some(rest) => format!("http://127.0.0.1{rest}"),
        None => text.to_owned(),
    };
    match RedirectUri::parse(&absolute) {
        Ok(uri) if uri.has_private_scheme() || uri.url().query().is_some() => {
            Some(found().hint("Write scheme, host and path only."))
        }
        Ok(_) => None,
        Err(error) => {
            // The rules for addresses are those of redirect URIs, their sentences speak of redirect URIs.
            let sentence = error.to_string().replace("redirect URI", "base URL");
            Some(
                found().hint(format!("{}.", sentence.replacen("the", "The", usize::from(sentence.starts_with("the"))))),
            )
        }
    }
}

/// A path below the base, or an absolute address, which may hold a query but no fragment (RFC 6749 §3.1).
fn endpoint_text(path: &str, text: &str) -> Option<Found> {
    let found = || Found::new(path, quote(text), "a path that begins with /, or an absolute URL with https");
    if is_absolute(text) {
        return absolute_address(text).map(|hint| found().hint(hint));
    }
    if !text.starts_with('/') || text.starts_with("//") {
        return Some(found().hint(format!("Write \"/{}\".", text.trim().trim_start_matches('/'))));
    }
    let is_plain = text
        .chars()
        .all(|character| character.is_ascii_graphic() && !matches!(character, '?' | '#' | '\\' | '"' | '<' | '>'));
    (!is_plain).then(|| found().hint("A path has no spaces, no ? and no #."))
}

/// Why a text is no address of a server. The rules for addresses are those of redirect URIs, their sentences speak of redirect URIs.
fn absolute_address(text: &str) -> Option<String> {
    match RedirectUri::parse(text) {
        Ok(uri) if uri.has_private_scheme() => Some("Write an address with https.".to_owned()),
        Ok(_) => None,
        Err(error) => {
            let sentence = error.to_string().replace("redirect URI", "address");
            Some(format!("{}.", sentence.replacen("the", "The", usize::from(sentence.starts_with("the")))))
        }
    }
}

/// RFC 6901 §3; the whole document is no field.
fn json_pointer(path: &str, text: &str) -> Option<Found> {
    let is_escaped_right = text.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    let found = || Found::new(path, quote(text), "a JSON pointer such as /user/id (RFC 6901)");
    if !text.starts_with('/') || text.len() < 2 {
        let pointer = text.trim_start_matches("$.").replace('.', "/");
        return Some(if pointer.len() < 2 {
            found()
        } else {
            found().hint(format!("Write \"/{}\".", pointer.trim_start_matches('/')))
        });
    }
    (!is_escaped_right).then(|| found().hint("Write ~0 for ~ and ~1 for / inside a name."))
}

/// RFC 6749 §3.3.
fn scopes(path: &str, scopes: &[String]) -> Option<Found> {
    let (index, wrong) = scopes.iter().enumerate().find(|(_, scope)| !is_token(scope))?;
    let found = Found::new(
        format!("{path}[{index}]"),
        quote(wrong),
        "one scope: no spaces, quotes or backslashes (RFC 6749 §3.3)",
    );
    let words: Vec<String> = wrong.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    Some(if words.len() > 1 { found.hint(format!("Write each on its own: {}.", words.join(", "))) } else { found })
}

fn length(path: &str, length: Length) -> Option<Found> {
    let Length { min, max } = length;
    if max == 0 {
        return Some(Found::new(format!("{path}.max"), "0", "at least 1"));
    }
    (min > max).then(|| {
        Found::new(format!("{path}.min"), min.to_string(), format!("at most {max}, the value of max"))
            .hint("Were the two exchanged?")
    })
}
