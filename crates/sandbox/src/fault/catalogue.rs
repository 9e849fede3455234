//! The catalogue: every fault there is, one row each.

mod authorization;
mod id_token;
mod openid;
mod token;

use axum::http::Method;
use serde::Serialize;

use crate::Twin;
use crate::endpoint::chaster::Endpoint;

/// One way to misbehave.
#[derive(Debug, Serialize)]
pub struct FaultDefinition {
    /// Its name: two letters for the family and a number ("AZ-02").
    pub id: &'static str,
    /// What happens, in one sentence.
    pub sentence: &'static str,
    /// The endpoint that misbehaves.
    pub endpoint: FaultEndpoint,
    /// A second endpoint that has its part in it, when one is not enough; its requests are opportunities, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also: Option<FaultEndpoint>,
    /// The twins it can be used at.
    pub twins: &'static [Twin],
    /// The ways it can happen, the usual one first; empty when there is only one.
    pub variants: &'static [&'static str],
    /// Whether it is about what HTTP itself promises, or about the connection, rather than about an answer.
    pub wire: bool,
    /// How long it waits, in milliseconds, unless the rule says otherwise; none when it does not wait.
    pub delay_ms: Option<u32>,
    #[serde(skip)]
    pub(crate) opportunity: Opportunity,
    #[serde(skip)]
    pub(crate) family: Family,
}

/// Every fault there is, in the order of their names.
pub fn fault_catalogue() -> impl Iterator<Item = &'static FaultDefinition> {
    authorization::FAULTS.iter().chain(token::FAULTS).chain(id_token::FAULTS).chain(openid::FAULTS)
}

/// The fault with this name.
pub(crate) fn find(id: &str) -> Option<&'static FaultDefinition> {
    fault_catalogue().find(|definition| definition.id == id)
}

/// An endpoint that can misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultEndpoint {
    /// RFC 6749 §3.1: the request of the browser and the redirect back to the app.
    Authorization,
    /// RFC 6749 §3.2, whatever the grant type is.
    Token,
    /// The key set (RFC 7517 §5).
    Jwks,
    /// The metadata (OpenID Connect Discovery §4, RFC 8414).
    Discovery,
    /// Whatever turns an access token into an identity.
    Userinfo,
    /// The token endpoint when a refresh token is presented (RFC 6749 §6).
    Refresh,
    /// RFC 7009, and ContentDB's way to delete a token.
    Revocation,
    /// RFC 7662.
    Introspection,
    /// OpenID Connect RP-Initiated Logout §2.
    Logout,
}

/// The group of faults that one `bend` function knows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Family {
    Authorization,
    Token,
    OpenId,
}

/// When a fault can happen. A rule counts its opportunities, and nothing else, for "the second time".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opportunity {
    /// A handshake, before there is a request.
    Handshake,
    /// Any request; the fault answers instead of the endpoint.
    Request,
    /// An authorization request as it comes from the app (`GET`); the fault answers instead of the endpoint.
    AuthorizationRequest,
    /// An authorization request of somebody who is signed in; the fault changes what the twin remembers, and then the endpoint answers.
    SignedInRequest,
    /// Any finished answer.
    Answer,
    /// An answer with status 200.
    Success,
    /// An answer with status 200 and an access token.
    Tokens,
    /// An answer with status 200 and an ID token.
    IdToken,
    /// The same at the token endpoint, any 200 elsewhere.
    IdTokenOrKeys,
    /// The redirect back to the app after a logout.
    LoggedOut,
    /// The redirect back to the app.
    Callback,
    /// The redirect back with a `state`.
    CallbackWithState,
    /// The redirect back with a `code`.
    CallbackWithCode,
    /// The redirect back with an `iss` (RFC 9207).
    CallbackWithIssuer,
}

/// What most rows have; the methods below say what is different about one.
pub(crate) const fn fault(
    family: Family,
    id: &'static str,
    endpoint: FaultEndpoint,
    opportunity: Opportunity,
    sentence: &'static str,
) -> FaultDefinition {
    FaultDefinition {
        id,
        sentence,
        endpoint,
        also: None,
        twins: &Twin::ALL,
        variants: &[],
        wire: false,
        delay_ms: None,
        opportunity,
        family,
    }
}

impl FaultDefinition {
    /// Only these twins can do it.
    pub(crate) const fn at(self, twins: &'static [Twin]) -> Self {
        Self { twins, ..self }
    }

    /// This endpoint has its part in it, too.
    pub(crate) const fn with(self, endpoint: FaultEndpoint) -> Self {
        Self { also: Some(endpoint), ..self }
    }

    /// The ways it can happen, the usual one first.
    pub(crate) const fn ways(self, variants: &'static [&'static str]) -> Self {
        Self { variants, ..self }
    }

    /// It is written below the HTTP library.
    pub(crate) const fn on_the_wire(self) -> Self {
        Self { wire: true, ..self }
    }

    /// It waits this long by default.
    pub(crate) const fn waiting(self, milliseconds: u32) -> Self {
        Self { delay_ms: Some(milliseconds), ..self }
    }
}

impl FaultEndpoint {
    /// The endpoint of a twin that a request goes to. A refresh is found out later, from the body.
    pub(crate) fn of(twin: Twin, method: &Method, path: &str) -> Option<Self> {
        if path == twin.authorization_path() {
            return Some(Self::Authorization);
        }
        if path == twin.token_path() {
            return (*method == Method::POST).then_some(Self::Token);
        }
        if twin.identity_path() == Some(path) || path == "/gitter/api/v1/user" {
            return Some(Self::Userinfo);
        }
        if path == "/contentdb/api/delete-token/" {
            return Some(Self::Revocation);
        }
        [
            (Endpoint::OpenIdMetadata, Self::Discovery),
            (Endpoint::OAuthMetadata, Self::Discovery),
            (Endpoint::Certificates, Self::Jwks),
            (Endpoint::Revocation, Self::Revocation),
            (Endpoint::Introspection, Self::Introspection),
            (Endpoint::Logout, Self::Logout),
        ]
        .into_iter()
        .find_map(|(endpoint, here)| (endpoint.path() == path).then_some(here))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::fault_catalogue;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_says_what_happens() {
        let mut names = HashSet::new();
        for definition in fault_catalogue() {
            assert!(names.insert(definition.id), "{} twice", definition.id);
            assert!(definition.sentence.ends_with('.'), "{}", definition.id);
            assert!(!definition.twins.is_empty(), "{}", definition.id);
            let variants: HashSet<_> = definition.variants.iter().collect();
            assert_eq!(variants.len(), definition.variants.len(), "{}", definition.id);
            assert_ne!(definition.variants.len(), 1, "{}: one way needs no name", definition.id);
        }
    }
}
