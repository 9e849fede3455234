//! Fields that have to agree with each other.

mod openid;

use gatewright_protocol::http::BodyEncoding;

use super::{Found, text};
use crate::{
    Provider,
    dialect::{AnswerField, IdentitySource, RevocationWay, SuccessRule},
    profile::{mistake, shape::quote},
    provider::{Endpoint, SlashPolicy, is_absolute},
};

const SOURCE: &str = "dialect.identity.source.value";
const SUCCESS: &str = "dialect.token_response.success.value";
const OPENID: &str = "dialect.authorization.openid.value";
const SCOPES: &str = "dialect.authorization.scopes.value";
const DEFAULT_SCOPES: &str = "dialect.authorization.default_scopes.value";

/// What does not agree.
pub(super) fn check(provider: &Provider) -> Vec<Found> {
    let mut all = slashes(provider);
    all.extend(success_and_source(provider));
    all.extend(identity_endpoint(provider));
    all.extend(revocation(provider));
    all.extend(life_without_token(provider));
    all.extend(default_scopes(provider));
    all.extend(openid_scope(provider));
    all.extend(openid::check(provider));
    all.extend(client_authentication(provider));
    all.extend(pointers_into_fields(provider));
    all
}

fn slashes(provider: &Provider) -> Vec<Found> {
    if provider.endpoints.trailing_slash.value == SlashPolicy::None {
        return Vec::new();
    }
    // Discovery document and keys are files, and an absolute address is one that somebody has seen.
    let paths = text::endpoints(provider).filter(|(endpoint, path)| {
        !matches!(endpoint, Endpoint::Discovery | Endpoint::Jwks)
            && !is_absolute(&path.value)
            && !path.value.ends_with('/')
    });
    paths
        .map(|(endpoint, path)| {
            Found::new(
                format!("endpoints.{}.value", endpoint.name()),
                quote(&path.value),
                "a path that ends in /, because endpoints.trailing_slash is \"required\"",
            )
            .because_of(&["endpoints.trailing_slash.value"])
            .hint(format!("Write {}.", quote(&format!("{}/", path.value))))
        })
        .collect()
}

fn success_and_source(provider: &Provider) -> Option<Found> {
    let success = &provider.dialect.token_response.success.value;
    let (found, expected) = match (provider.dialect.identity.source.value, success) {
        (IdentitySource::TokenResponse, SuccessRule::AccessToken) => {
            ("access_token", "present, because the token response is the identity")
        }
        (IdentitySource::TokenResponse, SuccessRule::FlagAndAccessToken(_)) => {
            ("flag_and_access_token", "present, because the token response is the identity")
        }
        (IdentitySource::Endpoint, SuccessRule::Present(_)) => {
            ("present", "access_token or flag_and_access_token, because identity is asked for with a token")
        }
        (IdentitySource::IdToken | IdentitySource::Nowhere, SuccessRule::Present(_)) => {
            ("present", "access_token or flag_and_access_token, because the token response is not the identity")
        }
        _ => return None,
    };
    Some(Found::new(SUCCESS, found, expected).because_of(&[SOURCE]).hint(format!("Change it, or change {SOURCE}.")))
}

fn identity_endpoint(provider: &Provider) -> Option<Found> {
    let is_missing =
        provider.dialect.identity.source.value == IdentitySource::Endpoint && provider.endpoints.identity.is_none();
    is_missing.then(|| {
        Found::new("endpoints.identity", "nothing", "the path of the identity endpoint")
            .because_of(&[SOURCE])
            .hint(format!("Add it, or write {SOURCE} = \"token_response\" if the token response is the identity."))
    })
}

fn revocation(provider: &Provider) -> Option<Found> {
    const WAY: &str = "dialect.tokens.revocation.value";
    match (provider.dialect.tokens.revocation.value, &provider.endpoints.revocation) {
        (RevocationWay::None, Some(path)) => Some(
            Found::new(
                "endpoints.revocation",
                quote(&path.value),
                format!("no such endpoint, because {WAY} is \"none\""),
            )
            .because_of(&[WAY])
            .hint("Say there how a token is revoked, or take the endpoint away."),
        ),
        (RevocationWay::Rfc7009 | RevocationWay::DeleteWithToken, None) => Some(
            Found::new("endpoints.revocation", "nothing", format!("a path, because {WAY} says how tokens are revoked"))
                .because_of(&[WAY])
                .hint("Add the endpoint, or write \"none\" there."),
        ),
        _ => None,
    }
}

/// Where no token exists, nothing can be said about its life.
fn life_without_token(provider: &Provider) -> Vec<Found> {
    if provider.dialect.identity.source.value != IdentitySource::TokenResponse {
        return Vec::new();
    }
    let tokens = &provider.dialect.tokens;
    let claims = [
        ("dialect.tokens.refresh.value", tokens.refresh.value.then_some("true"), "false"),
        ("dialect.tokens.access_token_seconds", tokens.access_token_seconds.as_ref().map(|_| "a lifetime"), "nothing"),
        (
            "dialect.tokens.refresh_token_seconds",
            tokens.refresh_token_seconds.as_ref().map(|_| "a lifetime"),
            "nothing",
        ),
    ];
    claims
        .into_iter()
        .filter_map(|(path, found, expected)| {
            let expected = format!("{expected}, because the token response is the identity and there is no token");
            Some(Found::new(path, found?, expected).because_of(&[SOURCE]))
        })
        .collect()
}

fn default_scopes(provider: &Provider) -> Option<Found> {
    let authorization = &provider.dialect.authorization;
    let known = &authorization.scopes.value;
    let (index, wrong) =
        authorization.default_scopes.value.iter().enumerate().find(|(_, scope)| !known.contains(scope))?;
    let expected = if known.is_empty() {
        format!("no scope, because {SCOPES} is empty")
    } else {
        format!("one of {}", mistake::one_of(known))
    };
    let found = Found::new(format!("{DEFAULT_SCOPES}[{index}]"), quote(wrong), expected).because_of(&[SCOPES]);
    Some(match mistake::nearest(wrong, known.iter().map(String::as_str)) {
        Some(near) => found.hint(format!("Did you mean \"{near}\"?")),
        None => found.hint(format!("Or add it to {SCOPES}.")),
    })
}

/// `openid` is what makes a login an OpenID Connect one (OpenID Connect Core §3.1.2.1).
fn openid_scope(provider: &Provider) -> Option<Found> {
    let authorization = &provider.dialect.authorization;
    let asks = authorization.scopes.value.iter().any(|scope| scope == "openid");
    let (found, expected) = match (authorization.openid.value, asks) {
        (true, false) => ("true", "false, because \"openid\" is not among the scopes"),
        (false, true) => ("false", "true, because \"openid\" is among the scopes"),
        _ => return None,
    };
    Some(Found::new(OPENID, found, expected).because_of(&[SCOPES]).hint(format!("Change it, or change {SCOPES}.")))
}

/// A way to authenticate has to be one of those the provider takes, and an assertion has to be a form parameter (RFC 7521 §4.2).
fn client_authentication(provider: &Provider) -> Option<Found> {
    const WAY: &str = "dialect.token_request.client_authentication.value";
    const ACCEPTED: &str = "dialect.token_request.accepted_client_authentications.value";
    const ENCODING: &str = "dialect.token_request.encoding.value";
    let request = &provider.dialect.token_request;
    let way = request.client_authentication.value;
    if way.is_assertion() && request.encoding.value != BodyEncoding::Form {
        let found = Found::new(WAY, way.registered_name(), format!("another way, or {ENCODING} = \"form\""));
        return Some(found.because_of(&[ENCODING]).hint("A signed assertion is a form parameter (RFC 7521 §4.2)."));
    }
    let accepted = &request.accepted_client_authentications.as_ref()?.value;
    (!accepted.contains(&way)).then(|| {
        let names: Vec<_> = accepted.iter().map(|way| way.registered_name().to_owned()).collect();
        Found::new(WAY, way.registered_name(), mistake::one_of(&names))
            .because_of(&[ACCEPTED])
            .hint(format!("Change it, or add it to {ACCEPTED}."))
    })
}

/// A pointer whose first name is no field of the answer it points into is a slip of the pen.
fn pointers_into_fields(provider: &Provider) -> Vec<Found> {
    text::pointers(provider)
        .into_iter()
        .filter_map(|(path, pointer)| {
            let (fields, list) = if path.starts_with(SUCCESS) {
                (&provider.dialect.token_response.fields.value, "dialect.token_response.fields.value")
            } else {
                (&provider.dialect.identity.fields.value, "dialect.identity.fields.value")
            };
            unknown_field(path, pointer, fields).map(|found| found.because_of(&[list]))
        })
        .collect()
}

fn unknown_field(path: &str, pointer: &str, fields: &[AnswerField]) -> Option<Found> {
    let first = pointer.strip_prefix('/')?.split('/').next()?.replace("~1", "/").replace("~0", "~");
    if fields.is_empty() || first.is_empty() || fields.iter().any(|field| field.name == first) {
        return None;
    }
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let found = Found::new(path, quote(pointer), format!("a pointer to one of the fields {}", mistake::one_of(&names)));
    Some(match mistake::nearest(&first, names.iter().map(String::as_str)) {
        Some(near) => found.hint(format!("Did you mean \"/{near}\"?")),
        None => found.hint("Add the field to the list of fields, or correct the pointer."),
    })
}
