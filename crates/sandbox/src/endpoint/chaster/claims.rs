//! What Chaster says about a person, in ID tokens and at userinfo.

use jiff::Timestamp;
use serde::Serialize;

use crate::grants::Grant;
use crate::server::Server;
use crate::signing::SignatureAlgorithm;

/// The claims of an ID token (OpenID Connect Core §2).
#[derive(Serialize)]
pub(super) struct IdTokenClaims<'a> {
    exp: i64,
    iat: i64,
    auth_time: i64,
    jti: String,
    iss: String,
    aud: &'a str,
    typ: &'static str,
    azp: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    sid: &'a str,
    at_hash: String,
    acr: &'static str,
    #[serde(flatten)]
    person: PersonClaims<'a>,
}

/// Who the person is, as far as the granted scopes go (OpenID Connect Core §5.4).
#[derive(Default, Serialize)]
pub(super) struct PersonClaims<'a> {
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
}

/// Where everybody in the sandbox lives (OpenID Connect Core §5.1.1).
#[derive(Serialize)]
struct Address {
    #[serde(rename = "street_address")]
    street: &'static str,
    locality: &'static str,
    country: &'static str,
}

/// A signed userinfo answer: the person, and who says it to whom (OpenID Connect Core §5.3.2).
#[derive(Serialize)]
pub(super) struct SignedUserinfoClaims<'a> {
    iss: String,
    aud: &'a str,
    #[serde(flatten)]
    person: PersonClaims<'a>,
}

/// The ID token that goes with `access_token`.
pub(super) fn of_id_token<'a>(
    server: &Server,
    grant: &'a Grant,
    access_token: &str,
    algorithm: SignatureAlgorithm,
    now: Timestamp,
    seconds: u32,
) -> IdTokenClaims<'a> {
    IdTokenClaims {
        exp: now.as_second() + i64::from(seconds),
        iat: now.as_second(),
        auth_time: grant.authenticated_at.as_second(),
        jti: server.entropy.uuid(),
        iss: super::issuer(server),
        aud: &grant.client,
        typ: "ID",
        azp: &grant.client,
        nonce: grant.nonce.as_deref(),
        sid: &grant.session_state,
        at_hash: algorithm.half_hash(access_token),
        acr: "1",
        person: of_person(grant),
    }
}

/// What a signed userinfo answer says of the person behind a grant.
pub(super) fn of_signed_userinfo<'a>(server: &Server, grant: &'a Grant) -> SignedUserinfoClaims<'a> {
    SignedUserinfoClaims { iss: super::issuer(server), aud: &grant.client, person: of_person(grant) }
}

/// The person behind a grant; a client that acts for itself has an empty subject.
pub(super) fn of_person(grant: &Grant) -> PersonClaims<'_> {
    let Some(user) = grant.user else { return PersonClaims::default() };
    let mut claims = PersonClaims { sub: user.subject, ..PersonClaims::default() };
    if grant.has_scope("profile") {
        claims.name = Some(user.display_name());
        claims.preferred_username = Some(user.username);
        claims.given_name = Some(user.given_name);
        claims.family_name = Some(user.family_name);
    }
    if grant.has_scope("email") {
        claims.email = Some(user.email());
        claims.email_verified = Some(true);
    }
    if grant.has_scope("phone") {
        // Numbers kept free for stories (Ofcom's 01632 960000 to 960999).
        claims.phone_number = Some(format!("+44 1632 960{:03}", user.number % 1000));
        claims.phone_number_verified = Some(user.phone_verified);
    }
    if grant.has_scope("address") {
        claims.address = Some(Address { street: "127 Loopback Lane", locality: "Sandbox", country: "Nowhere" });
    }
    claims
}
