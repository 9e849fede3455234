//! The forms of the fields that OpenID Connect brings.

use super::{Found, is_token, quote};
use crate::{Provider, Statement};

/// What is wrong with them.
pub(super) fn check(provider: &Provider) -> Vec<Found> {
    let request = &provider.dialect.token_request;
    let mut all: Vec<_> = names(
        "dialect.token_request.assertion_signing_algorithms",
        request.assertion_signing_algorithms.as_ref(),
        "the name of an algorithm, as RS256",
    )
    .into_iter()
    .collect();
    let accepted = request.accepted_client_authentications.as_ref();
    all.extend(accepted.filter(|accepted| accepted.value.is_empty()).map(|_| {
        Found::new("dialect.token_request.accepted_client_authentications.value", "an empty list", "at least one way")
            .hint("Leave the field out when nobody knows.")
    }));
    let Some(openid) = &provider.openid else { return all };
    let algorithm = "the name of an algorithm, as RS256";
    all.extend(names("openid.id_token_signing_algorithms", Some(&openid.id_token_signing_algorithms), algorithm));
    all.extend(names("openid.userinfo_signing_algorithms", openid.userinfo_signing_algorithms.as_ref(), algorithm));
    all.extend(names("openid.acr_values", openid.acr_values.as_ref(), "one value without spaces, as urn:example:mfa"));
    all
}

/// A list of names, none of them empty or with a space in it. A name nobody knows is allowed: servers list more than we can verify.
fn names(path: &str, list: Option<&Statement<Vec<String>>>, expected: &str) -> Option<Found> {
    let list = &list?.value;
    if list.is_empty() {
        let found = Found::new(format!("{path}.value"), "an empty list", expected);
        return Some(found.hint("Leave the field out when nobody knows, or write the default of the standard."));
    }
    let (index, wrong) = list.iter().enumerate().find(|(_, name)| !is_token(name))?;
    Some(Found::new(format!("{path}.value[{index}]"), quote(wrong), expected))
}
