//! Catches a client of one provider entered at another, and a callback that could be taken for another provider's. Chattr and Chattz
//! share their paths and differ by one letter.

use gatewright_protocol::{ClientIdKind, RedirectUri};
use url::Url;

use super::{ClientDraft, DraftField, Finding, FindingCode, ProviderHost};
use crate::{Environment, Provider};

/// Names that are taken for each other.
const LOOKALIKES: [[&str; 2]; 1] = [["Chattr", "Chattz"]];

/// The name that is easily taken for this provider's.
pub(super) fn lookalike(provider: &Provider) -> Option<&'static str> {
    LOOKALIKES.iter().find_map(|pair| match pair {
        [one, other] if one.eq_ignore_ascii_case(&provider.name) => Some(*other),
        [one, other] if other.eq_ignore_ascii_case(&provider.name) => Some(*one),
        _ => None,
    })
}

/// Hosts of the built-in providers other than `provider`, with a real address.
pub(super) fn built_in_hosts(provider: &Provider) -> Vec<ProviderHost> {
    Provider::built_in()
        .into_iter()
        .filter(|other| other.id != provider.id)
        .flat_map(|other| hosts_of(&other))
        .collect()
}

/// Hosts of one provider's real server.
fn hosts_of(provider: &Provider) -> Vec<ProviderHost> {
    let bases = provider.bases(Environment::Production, None);
    [Some(bases.authorization), bases.api]
        .into_iter()
        .flatten()
        .filter_map(|base| Some(Url::parse(&base).ok()?.host_str()?.to_owned()))
        .map(|host| ProviderHost { provider: provider.name.clone(), host })
        .collect()
}

/// Signs that the client belongs to somebody else.
pub(super) fn check(provider: &Provider, draft: &ClientDraft) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(other_name(provider, DraftField::Name, "name", &draft.name));
    for (index, text) in draft.redirect_uris.iter().enumerate() {
        let field = DraftField::RedirectUri(index);
        match at_a_provider(provider, draft, field, text) {
            Some(finding) => findings.push(finding),
            None => findings.extend(other_name(provider, field, "redirect URI", text)),
        }
        findings.extend(shared(provider, draft, field, text));
    }
    findings.extend(other_kind_of_id(provider, draft));
    findings
}

/// The lookalike's name in a text that is meant for this provider.
fn other_name(provider: &Provider, field: DraftField, what: &str, text: &str) -> Option<Finding> {
    let other = lookalike(provider)?;
    let lower = text.to_ascii_lowercase();
    let names_other =
        lower.contains(&other.to_ascii_lowercase()) && !lower.contains(&provider.name.to_ascii_lowercase());
    names_other.then(|| {
        Finding::warning(
            field,
            FindingCode::ProviderMixUp,
            format!("The {what} says {other}; this client is for {}.", provider.name),
        )
        .hint(format!(
            "The two differ by one letter. Check which provider the client belongs to: {}.",
            seen_apart(provider)
        ))
    })
}

/// How to tell on the provider's own site.
fn seen_apart(provider: &Provider) -> &'static str {
    match provider.client_form.client_id.value {
        ClientIdKind::Integer => "its client IDs are whole numbers",
        ClientIdKind::Text => "its client IDs are words of letters and digits",
    }
}

/// A redirect URI that leads to a provider instead of to the user's app.
fn at_a_provider(provider: &Provider, draft: &ClientDraft, field: DraftField, text: &str) -> Option<Finding> {
    let uri = RedirectUri::parse(text).ok()?;
    let host = uri.url().host_str()?;
    let is_at = |known: &ProviderHost| known.host.eq_ignore_ascii_case(host);
    if hosts_of(provider).iter().any(is_at) {
        let message = format!("The redirect URI leads to {} itself.", provider.name);
        return Some(
            Finding::warning(field, FindingCode::RedirectUriAtProvider, message)
                .hint("It has to lead to your app. The provider's own addresses stand in its profile."),
        );
    }
    let others = built_in_hosts(provider);
    let other = others.iter().chain(&draft.other_provider_hosts).find(|known| is_at(known))?;
    let message = format!("The redirect URI leads to {}, and this client is for {}.", other.provider, provider.name);
    Some(
        Finding::warning(field, FindingCode::ProviderMixUp, message)
            .hint("It has to lead to your app. Check that the right provider is chosen."),
    )
}

/// A redirect URI to which another provider sends its callbacks, too. Distinct ones are the defence against a mix-up that works for every
/// provider; naming the issuer in the callback is the other, which few do (RFC 9700 §4.4.2).
fn shared(provider: &Provider, draft: &ClientDraft, field: DraftField, text: &str) -> Option<Finding> {
    let other = draft.shared_redirect_uris.iter().find(|shared| shared.uri == text)?;
    let message = format!("{} sends callbacks to this address as well, for “{}”.", other.provider, other.client);
    let finding = Finding::warning(field, FindingCode::RedirectUriShared, message).hint(
        "Somebody who makes the one provider answer in the other's place goes unnoticed. An address of its own for each provider tells them apart.",
    );
    Some(match address_of_its_own(provider, text) {
        Some(fix) => finding.fix(fix),
        None => finding,
    })
}

/// The same address on this computer with the provider's name behind it. Elsewhere the app decides where it takes callbacks.
fn address_of_its_own(provider: &Provider, text: &str) -> Option<String> {
    let uri = RedirectUri::parse(text).ok().filter(RedirectUri::is_loopback)?;
    let is_bare = uri.url().query().is_none();
    is_bare.then(|| format!("{}/{}", text.trim_end_matches('/'), provider.id))
}

/// A whole number at a provider that gives words, where the lookalike gives whole numbers; or the other way round.
fn other_kind_of_id(provider: &Provider, draft: &ClientDraft) -> Option<Finding> {
    let other = lookalike(provider)?;
    let id = draft.client_id.as_deref()?.trim();
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = !is_number
        && !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let (is_other_kind, kind) = match provider.client_form.client_id.value {
        ClientIdKind::Text => (is_number, "whole number"),
        ClientIdKind::Integer => (is_word, "word"),
    };
    is_other_kind.then(|| {
        let message = format!("The client ID is a {kind}, as they are at {other} and not at {}.", provider.name);
        Finding::warning(DraftField::ClientId, FindingCode::ProviderMixUp, message)
            .hint(format!("Is this a client of {other}? The two differ by one letter."))
    })
}
