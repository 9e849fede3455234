//! From an issuer's own metadata to a [`Provider`]: what the document says is marked observed with the member it stands in, and what it
//! leaves open is filled in as its standards prescribe, marked unknown.

mod dialect;
mod form;

use super::{Bases, Endpoints, Environments, OpenIdConnect, Provider, SlashPolicy};
use crate::{Mark, ProviderId, Statement, dialect::Presence};

/// What an issuer's metadata says (RFC 8414 §2, OpenID Connect Discovery §3), each member under its own name. It is taken as it is: that
/// the issuer is the right one and that the addresses may be used has to be judged before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are explained in RFC 8414 §2 and OpenID Connect Discovery §3")]
pub struct IssuerMetadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: Option<String>,
    pub jwks_uri: Option<String>,
    pub revocation_endpoint: Option<String>,
    pub introspection_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    pub registration_endpoint: Option<String>,
    pub scopes_supported: Option<Vec<String>>,
    pub response_modes_supported: Option<Vec<String>>,
    pub grant_types_supported: Option<Vec<String>>,
    pub code_challenge_methods_supported: Option<Vec<String>>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    pub userinfo_signing_alg_values_supported: Option<Vec<String>>,
    pub claims_supported: Option<Vec<String>>,
    pub acr_values_supported: Option<Vec<String>>,
    pub authorization_response_iss_parameter_supported: Option<bool>,
}

impl IssuerMetadata {
    /// Whether this issuer speaks OpenID Connect, where `id_token_signing_alg_values_supported` is required (Discovery §3).
    pub fn is_openid(&self) -> bool {
        self.id_token_signing_alg_values_supported.is_some() || lists(self.scopes_supported.as_ref(), "openid")
    }
}

impl Provider {
    /// The provider that an issuer's metadata describes, under an id and a name of the user's choice. Nothing of it has been tried.
    pub fn discovered(id: ProviderId, name: &str, metadata: &IssuerMetadata) -> Self {
        Self {
            environments: environments(&id, metadata),
            id,
            name: name.to_owned(),
            summary: format!(
                "Found by its issuer, {}: {}.",
                metadata.issuer,
                if metadata.is_openid() { "OpenID Connect" } else { "OAuth 2.0 without OpenID Connect" }
            ),
            historic: false,
            document: format!("Discovery document of {}", metadata.issuer),
            endpoints: endpoints(metadata),
            openid: metadata.is_openid().then(|| openid(metadata)),
            dialect: dialect::dialect(metadata),
            client_form: form::client_form(name, metadata),
            ownership: form::ownership(),
            advice: Vec::new(),
        }
    }
}

/// There is no twin of a discovered provider: its sandbox base leads nowhere.
fn environments(id: &ProviderId, metadata: &IssuerMetadata) -> Environments {
    let base = metadata.issuer.trim_end_matches('/');
    let bases = |authorization: String, issuer| Bases { authorization, issuer, ..Bases::default() };
    Environments {
        production: bases(base.to_owned(), (base != metadata.issuer).then(|| metadata.issuer.clone())),
        sandbox: bases(format!("{{sandbox}}/{id}"), None),
    }
}

/// The addresses stay absolute, as the document gives them: they need not share a host with the issuer.
fn endpoints(metadata: &IssuerMetadata) -> Endpoints {
    let maybe = |address: &Option<String>, member| address.clone().map(|address| observed(address, member));
    Endpoints {
        authorization: observed(metadata.authorization_endpoint.clone(), "authorization_endpoint"),
        token: observed(metadata.token_endpoint.clone(), "token_endpoint"),
        identity: maybe(&metadata.userinfo_endpoint, "userinfo_endpoint"),
        revocation: maybe(&metadata.revocation_endpoint, "revocation_endpoint"),
        introspection: maybe(&metadata.introspection_endpoint, "introspection_endpoint"),
        jwks: maybe(&metadata.jwks_uri, "jwks_uri"),
        end_session: maybe(&metadata.end_session_endpoint, "end_session_endpoint"),
        registration: maybe(&metadata.registration_endpoint, "registration_endpoint"),
        discovery: None,
        trailing_slash: assumed(SlashPolicy::None, "The addresses are used as the document gives them."),
    }
}

fn openid(metadata: &IssuerMetadata) -> OpenIdConnect {
    OpenIdConnect {
        id_token_signing_algorithms: match names(metadata.id_token_signing_alg_values_supported.as_ref()) {
            Some(names) => observed(names, "id_token_signing_alg_values_supported"),
            None => assumed(vec!["RS256".to_owned()], "The default of OpenID Connect Core §3.1.3.7."),
        },
        id_token_signed_response_alg: None,
        userinfo_signing_algorithms: names(metadata.userinfo_signing_alg_values_supported.as_ref())
            .map(|names| observed(names, "userinfo_signing_alg_values_supported")),
        nonce: assumed(Presence::Optional, "Every OpenID provider returns it (OpenID Connect Core §3.1.2.1)."),
        at_hash: None,
        acr_values: names(metadata.acr_values_supported.as_ref()).map(|names| observed(names, "acr_values_supported")),
    }
}

/// Something the document says, and in which member.
fn observed<T>(value: T, member: &str) -> Statement<T> {
    Statement { value, mark: Mark::Observed, place: Some(format!("Discovery document, {member}")), note: None }
}

/// Something the document leaves open, and why we assume it.
fn assumed<T>(value: T, why: &str) -> Statement<T> {
    Statement { value, mark: Mark::Unknown, place: None, note: Some(why.to_owned()) }
}

/// The words of a list that can be used: RFC 6749 §3.3 has the characters of a scope, and no other list needs more. None for a list that
/// is not there or holds nothing else.
fn names(list: Option<&Vec<String>>) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in list?.iter().filter(|name| is_token(name)) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    (!names.is_empty()).then_some(names)
}

/// `1*NQCHAR` of RFC 6749 Appendix A.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn lists(list: Option<&Vec<String>>, name: &str) -> bool {
    list.is_some_and(|list| list.iter().any(|listed| listed == name))
}

#[cfg(test)]
mod tests;
