//! The words for the values of a dialect.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::ptr_arg,
    reason = "each is handed to `say`, which has a reference to the value"
)]

use gatewright_model::dialect::{
    AnswerEncoding, AnswerField, ClientAuthentication, ErrorShape, IdentitySource, Presence, RefusalSignal,
    RequestErrors, RevocationWay, ScopeSeparator, SecondLogin, StateReturn, SuccessRule, TokenPlacement,
};
use gatewright_model::provider::{CreateRule, LogInRule, ManageRule, SlashPolicy};
use gatewright_model::rotation::Strategy;
use gatewright_protocol::ClientIdKind;
use gatewright_protocol::http::BodyEncoding;

pub(crate) fn yes_no(flag: &bool) -> String {
    (if *flag { "yes" } else { "no" }).to_owned()
}

pub(crate) fn list(items: &Vec<String>) -> String {
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

pub(crate) fn fields(fields: &Vec<AnswerField>) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    names.join(", ")
}

pub(crate) fn scope_separator(separator: &ScopeSeparator) -> String {
    match separator {
        ScopeSeparator::Space => "a space",
        ScopeSeparator::Comma => "a comma",
    }
    .to_owned()
}

pub(crate) fn token_placement(placement: &TokenPlacement) -> String {
    match placement {
        TokenPlacement::Header => "the Authorization header",
        TokenPlacement::Body => "a form-encoded body",
    }
    .to_owned()
}

pub(crate) fn seconds(seconds: &u32) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{seconds} s ({} min)", seconds / 60),
        _ => format!("{seconds} s ({} h)", seconds / 3600),
    }
}

pub(crate) fn presence(presence: &Presence) -> String {
    match presence {
        Presence::Required => "sent, required",
        Presence::Optional => "sent, optional",
        Presence::Absent => "not sent",
    }
    .to_owned()
}

pub(crate) fn state_return(rule: &StateReturn) -> String {
    match rule {
        StateReturn::Always => "comes back always",
        StateReturn::OnApproval => "comes back on approval only",
        StateReturn::Unknown => "compared when it comes back",
    }
    .to_owned()
}

pub(crate) fn refusal(signal: &RefusalSignal) -> String {
    match signal {
        RefusalSignal::AccessDenied => "error=access_denied",
        RefusalSignal::BareRedirect => "the redirect URI without any parameter",
        RefusalSignal::Unknown => "either error=access_denied or the bare redirect URI is understood",
    }
    .to_owned()
}

pub(crate) fn request_errors(place: &RequestErrors) -> String {
    match place {
        RequestErrors::Page => "on a page of the provider, never redirected",
        RequestErrors::Redirect => "on the redirect URI",
        RequestErrors::Unknown => "a page or the redirect URI; both are understood",
    }
    .to_owned()
}

pub(crate) fn body_encoding(encoding: &BodyEncoding) -> String {
    match encoding {
        BodyEncoding::Form => "form (application/x-www-form-urlencoded)",
        BodyEncoding::Json => "JSON object",
        BodyEncoding::Multipart => "multipart form data",
    }
    .to_owned()
}

pub(crate) fn authentication(way: &ClientAuthentication) -> String {
    match way {
        ClientAuthentication::Body => "client_id and client_secret in the body",
        ClientAuthentication::Basic => "HTTP Basic",
        ClientAuthentication::ClientSecretJwt => "assertion signed with the client secret (client_secret_jwt)",
        ClientAuthentication::PrivateKeyJwt => "assertion signed with a private key (private_key_jwt)",
        ClientAuthentication::None => "client_id only, no secret",
    }
    .to_owned()
}

pub(crate) fn answer_encoding(encoding: &AnswerEncoding) -> String {
    match encoding {
        AnswerEncoding::Json => "JSON object",
        AnswerEncoding::FormOrJson => "form-encoded, or JSON when asked for",
    }
    .to_owned()
}

pub(crate) fn success(rule: &SuccessRule) -> String {
    match rule {
        SuccessRule::AccessToken => "there is an access_token".to_owned(),
        SuccessRule::FlagAndAccessToken(pointer) => format!("{} is true and there is an access_token", field(pointer)),
        SuccessRule::Present(pointer) => format!("there is a {}; the answer is the identity", field(pointer)),
    }
}

pub(crate) fn error_shape(shape: &ErrorShape) -> String {
    match shape {
        ErrorShape::Rfc6749 => "error code with description (RFC 6749 §5.2)",
        ErrorShape::Sentence => "success: false and a sentence",
        ErrorShape::Unknown => "either an error code or a sentence is understood",
    }
    .to_owned()
}

pub(crate) fn identity_source(source: &IdentitySource) -> String {
    match source {
        IdentitySource::TokenResponse => "the token response itself; there is no access token",
        IdentitySource::Endpoint => "the identity endpoint, asked with the access token",
        IdentitySource::IdToken => "the ID token; no endpoint is asked",
        IdentitySource::Nowhere => "nowhere; the login ends with the tokens",
    }
    .to_owned()
}

pub(crate) fn revocation(way: &RevocationWay) -> String {
    match way {
        RevocationWay::None => "none",
        RevocationWay::Rfc7009 => "POST with the token (RFC 7009)",
        RevocationWay::DeleteWithToken => "DELETE with the token itself",
    }
    .to_owned()
}

pub(crate) fn second_login(effect: &SecondLogin) -> String {
    match effect {
        SecondLogin::KeepsBoth => "the earlier token keeps working",
        SecondLogin::ReplacesToken => "the earlier token stops working at once",
        SecondLogin::SameToken => "the same token is issued again",
        SecondLogin::Unknown => "nobody has looked yet",
    }
    .to_owned()
}

pub(crate) fn slash(policy: &SlashPolicy) -> String {
    match policy {
        SlashPolicy::None => "paths have none",
        SlashPolicy::Required => "required; without it the server answers 308",
    }
    .to_owned()
}

pub(crate) fn client_id_kind(kind: &ClientIdKind) -> String {
    match kind {
        ClientIdKind::Integer => "whole number",
        ClientIdKind::Text => "text",
    }
    .to_owned()
}

pub(crate) fn strategies(ways: &[Strategy]) -> String {
    let word = |way: &Strategy| match way {
        Strategy::Overlap => "two secrets at once",
        Strategy::Staged => "a new one beforehand, then a change-over",
        Strategy::CutOver => "the new one replaces the old one at once",
        Strategy::ReplaceClient => "a second client takes the place of the first",
        Strategy::AskSupport => "by the provider's support",
    };
    ways.iter().map(word).collect::<Vec<_>>().join("; ")
}

pub(crate) fn create_rule(rule: &CreateRule) -> String {
    match rule {
        CreateRule::AnyAccount => "anybody with an account",
        CreateRule::RankedMember => "anybody above the lowest rank",
        CreateRule::PhoneVerified => "anybody with a verified phone number",
    }
    .to_owned()
}

pub(crate) fn manage_rule(rule: &ManageRule) -> String {
    match rule {
        ManageRule::OwnerOnly => "only its owner; nobody else learns that it exists",
    }
    .to_owned()
}

pub(crate) fn log_in_rule(rule: &LogInRule) -> String {
    match rule {
        LogInRule::AnyAccount => "anybody with an account",
        LogInRule::OwnerUntilApproved => "only its owner until the provider approves it",
    }
    .to_owned()
}

/// The name of the field a JSON pointer leads to, for a sentence.
pub(crate) fn field(pointer: &str) -> &str {
    pointer.trim_start_matches('/')
}
