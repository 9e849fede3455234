//! From an issuer's own metadata to a [`Provider`]: what the document says is marked observed with the member it stands in, and what it
//! leaves open is filled in as its standards prescribe, marked unknown.

mod dialect;
mod form;

use gatewright_protocol::metadata::Metadata;
use serde_json::Value;

use super::{Bases, Endpoints, Environments, OpenIdConnect, Provider, SlashPolicy};
use crate::{Mark, ProviderId, Statement, dialect::Presence};

impl Provider {
    /// The provider that an issuer's metadata describe, under an id and a name of the user's choice. Nothing of it has been tried.
    pub fn discovered(id: ProviderId, name: &str, metadata: &Metadata) -> Self {
        Self {
            environments: environments(&id, metadata),
            id,
            name: name.to_owned(),
            summary: format!(
                "Found by its issuer, {}: {}.",
                metadata.issuer(),
                if is_openid(metadata) { "OpenID Connect" } else { "OAuth 2.0 without OpenID Connect" }
            ),
            historic: false,
            document: format!("Discovery document of {}", metadata.issuer()),
            endpoints: endpoints(metadata),
            openid: is_openid(metadata).then(|| openid(metadata)),
            dialect: dialect::dialect(metadata),
            client_form: form::client_form(name, metadata),
            ownership: form::ownership(),
            advice: Vec::new(),
        }
    }
}

/// There is no twin of a discovered provider: its sandbox base leads nowhere.
fn environments(id: &ProviderId, metadata: &Metadata) -> Environments {
    let base = metadata.issuer().trim_end_matches('/');
    let bases = |authorization: String, issuer| Bases { authorization, issuer, ..Bases::default() };
    Environments {
        production: bases(base.to_owned(), (base != metadata.issuer()).then(|| metadata.issuer().to_owned())),
        sandbox: bases(format!("{{sandbox}}/{id}"), None),
    }
}

/// The addresses stay absolute, as the document gives them: they need not share a host with the issuer.
fn endpoints(metadata: &Metadata) -> Endpoints {
    let maybe = |member| text(metadata, member).map(|address| observed(address, member));
    // Metadata without these two are not read in the first place; an empty address leads nowhere.
    let always = |member| observed(text(metadata, member).unwrap_or_default(), member);
    Endpoints {
        authorization: always("authorization_endpoint"),
        token: always("token_endpoint"),
        identity: maybe("userinfo_endpoint"),
        revocation: maybe("revocation_endpoint"),
        introspection: maybe("introspection_endpoint"),
        jwks: maybe("jwks_uri"),
        end_session: maybe("end_session_endpoint"),
        registration: maybe("registration_endpoint"),
        discovery: None,
        trailing_slash: assumed(SlashPolicy::None, "The addresses are used as the document gives them."),
    }
}

/// Whether an issuer speaks OpenID Connect, where `id_token_signing_alg_values_supported` is required (Discovery §3).
fn is_openid(metadata: &Metadata) -> bool {
    metadata.id_token_algorithms().is_some() || lists(metadata.scopes().as_ref(), "openid")
}

/// A member that is text, letter by letter: reading an address and writing it again may change it.
fn text(metadata: &Metadata, member: &str) -> Option<String> {
    metadata.members().get(member).and_then(Value::as_str).map(ToOwned::to_owned)
}

fn openid(metadata: &Metadata) -> OpenIdConnect {
    OpenIdConnect {
        id_token_signing_algorithms: match names(metadata.id_token_algorithms()) {
            Some(names) => observed(names, "id_token_signing_alg_values_supported"),
            None => assumed(vec!["RS256".to_owned()], "The default of OpenID Connect Core §3.1.3.7."),
        },
        id_token_signed_response_alg: None,
        userinfo_signing_algorithms: names(metadata.userinfo_algorithms())
            .map(|names| observed(names, "userinfo_signing_alg_values_supported")),
        nonce: assumed(Presence::Optional, "Every OpenID provider returns it (OpenID Connect Core §3.1.2.1)."),
        at_hash: None,
        acr_values: names(metadata.acr_values()).map(|names| observed(names, "acr_values_supported")),
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
fn names(list: Option<Vec<String>>) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in list?.into_iter().filter(|name| is_token(name)) {
        if !names.contains(&name) {
            names.push(name);
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
