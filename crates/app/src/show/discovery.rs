//! What issuers say of themselves, for a person to look at.

use gatewright_contract::discovery::{
    Discovery as WireDiscovery, MemberChange, MetadataChange, MetadataConflict, MetadataDocument, MetadataKind,
    MetadataOffer, MetadataWeight, ProposedEndpoint, ProviderMetadata, ProviderProposal,
};
use gatewright_engine::discovery::{Discovered, Discovery};
use gatewright_model::dialect::Presence;
use gatewright_model::{Exchange, Provider};
use gatewright_protocol::metadata::{Change, DocumentKind, Endpoint, EndpointHost, Issuer, Weight};
use gatewright_store::discovered_provider::IssuerDocument;

use super::exchange;

/// What an issuer says, and what would be kept of it.
pub(crate) fn discovery(issuer: &Issuer, found: &Discovery, proposal: Option<ProviderProposal>) -> WireDiscovery {
    let conflicts = found.result.as_ref().map(|discovered| discovered.conflicts.as_slice()).unwrap_or_default();
    WireDiscovery {
        issuer: issuer.to_string(),
        sentence: found.step.sentence.clone(),
        documents: documents(issuer, found),
        conflicts: conflicts
            .iter()
            .map(|conflict| MetadataConflict {
                member: conflict.member.clone(),
                openid: conflict.openid.clone(),
                oauth: conflict.oauth.clone(),
                weight: weight(conflict.weight),
            })
            .collect(),
        findings: found.step.findings.iter().map(exchange::finding).collect(),
        exchanges: found.step.exchanges.iter().map(exchange::exchange).collect(),
        proposal,
    }
}

/// Both places, the OpenID one first, and how each answered.
fn documents(issuer: &Issuer, found: &Discovery) -> Vec<MetadataDocument> {
    let places = issuer.well_known();
    let believed = found.result.as_ref().map(|discovered| discovered.documents.as_slice()).unwrap_or_default();
    let document = |(kind, wire, address): (DocumentKind, MetadataKind, url::Url)| {
        let asked = found.step.exchanges.iter().find(|exchange| exchange.request.url == address.as_str());
        let believed = believed.iter().any(|document| document.kind == kind);
        MetadataDocument {
            kind: wire,
            status: asked.and_then(status),
            outcome: outcome(asked, believed),
            address: address.to_string(),
            believed,
        }
    };
    [
        (DocumentKind::OpenId, MetadataKind::OpenId, places.openid),
        (DocumentKind::OAuth, MetadataKind::OAuth, places.oauth),
    ]
    .into_iter()
    .map(document)
    .collect()
}

fn status(exchange: &Exchange) -> Option<u16> {
    exchange.response.as_ref().map(|response| response.status)
}

fn outcome(asked: Option<&Exchange>, believed: bool) -> String {
    let Some(exchange) = asked else { return "Not asked".to_owned() };
    match status(exchange) {
        _ if believed => "Believed".to_owned(),
        Some(status @ 400..=499) => format!("Nothing there ({status})"),
        Some(status) => format!("Not believed ({status})"),
        None => exchange.failure.clone().unwrap_or_else(|| "No answer".to_owned()),
    }
}

/// The provider that would be kept.
pub(crate) fn proposal(
    provider: &Provider,
    discovered: &Discovered,
    digest: String,
    known_as: Option<String>,
) -> ProviderProposal {
    let token_request = &provider.dialect.token_request;
    let accepted = token_request.accepted_client_authentications.as_ref().map(|ways| ways.value.as_slice());
    let algorithms = provider.openid.as_ref().map(|openid| openid.id_token_signing_algorithms.value.clone());
    ProviderProposal {
        digest,
        name: provider.name.clone(),
        known_as,
        openid: provider.openid.is_some(),
        endpoints: discovered.hosts.iter().filter_map(|host| endpoint(discovered, host)).collect(),
        scopes: provider.dialect.authorization.scopes.value.clone(),
        default_scopes: provider.dialect.authorization.default_scopes.value.clone(),
        client_authentication: token_request.client_authentication.value.registered_name().to_owned(),
        client_authentications: accepted
            .unwrap_or_default()
            .iter()
            .map(|way| way.registered_name().to_owned())
            .collect(),
        id_token_algorithms: algorithms.unwrap_or_default(),
        pkce: pkce(provider, discovered),
    }
}

fn pkce(provider: &Provider, discovered: &Discovered) -> String {
    let is_used = provider.dialect.authorization.pkce.value != Presence::Absent;
    match (discovered.metadata.code_challenge_methods(), is_used) {
        (Some(_), true) => "S256".to_owned(),
        (Some(methods), false) => format!("Not used: the provider offers only {}", methods.join(", ")),
        (None, _) => "Not in the document; used all the same".to_owned(),
    }
}

fn endpoint(discovered: &Discovered, host: &EndpointHost) -> Option<ProposedEndpoint> {
    Some(ProposedEndpoint {
        title: endpoint_title(host.endpoint).to_owned(),
        member: host.endpoint.member().to_owned(),
        address: discovered.metadata.endpoint(host.endpoint)?.to_string(),
        host: host.host.clone(),
        internationalised: host.is_internationalised,
        foreign: host.is_foreign,
        weight: weight(host.endpoint.weight()),
    })
}

const fn endpoint_title(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Authorization => "Authorization endpoint",
        Endpoint::Token => "Token endpoint",
        Endpoint::UserInfo => "UserInfo endpoint",
        Endpoint::Keys => "Keys",
        Endpoint::Introspection => "Introspection endpoint",
        Endpoint::Revocation => "Revocation endpoint",
        Endpoint::EndSession => "Logout endpoint",
        Endpoint::Registration => "Registration endpoint",
        Endpoint::DeviceAuthorization => "Device authorization endpoint",
        Endpoint::PushedAuthorizationRequest => "Pushed authorization request endpoint",
    }
}

const fn weight(weight: Weight) -> MetadataWeight {
    match weight {
        Weight::Secret => MetadataWeight::Secret,
        Weight::Trust => MetadataWeight::Trust,
        Weight::Other => MetadataWeight::Other,
    }
}

/// What an issuer says now.
pub(crate) fn change(
    provider: &str,
    issuer: &Issuer,
    found: &Discovery,
    offer: Option<MetadataOffer>,
) -> MetadataChange {
    let sentence = match (&offer, &found.result) {
        (Some(offer), _) => format!("{issuer} differs in {} from what you accepted", members(offer.changes.len())),
        (None, Ok(_)) => format!("{issuer} says what it said when you accepted it"),
        (None, Err(_)) => found.step.sentence.clone(),
    };
    MetadataChange {
        provider: provider.to_owned(),
        issuer: issuer.to_string(),
        sentence,
        documents: documents(issuer, found),
        findings: found.step.findings.iter().map(exchange::finding).collect(),
        exchanges: found.step.exchanges.iter().map(exchange::exchange).collect(),
        offer,
    }
}

fn members(count: usize) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

/// What waits for a decision, the weightiest first.
pub(crate) fn offer(document: &IssuerDocument, mut changes: Vec<Change>) -> MetadataOffer {
    changes.sort_by_key(|change| match change.weight {
        Weight::Secret => 0,
        Weight::Trust => 1,
        Weight::Other => 2,
    });
    let change = |change: Change| MemberChange {
        member: change.member,
        before: change.before,
        after: change.after,
        weight: weight(change.weight),
    };
    MetadataOffer {
        digest: document.sha256.clone(),
        fetched_at: document.fetched_at.to_string(),
        changes: changes.into_iter().map(change).collect(),
    }
}

/// What is kept of an issuer's metadata.
pub(crate) fn metadata(accepted: &IssuerDocument, offer: Option<MetadataOffer>) -> ProviderMetadata {
    ProviderMetadata {
        issuer: accepted.issuer.clone(),
        accepted_at: accepted.accepted_at.unwrap_or(accepted.fetched_at).to_string(),
        fetched_at: accepted.fetched_at.to_string(),
        offer,
    }
}
