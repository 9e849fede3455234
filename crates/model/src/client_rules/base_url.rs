//! Rules for a provider's base URL that the user fills in or changes.

use gatewright_protocol::redirect_uri::{RedirectUri, RedirectUriError};
use url::Url;

use super::{DraftField, Finding, FindingCode, mix_up};
use crate::{Environment, Provider};

const FIELD: DraftField = DraftField::BaseUrl;

/// What is wrong with `text` as the base URL of `provider`'s real server.
pub fn check_base_url(provider: &Provider, text: &str) -> Vec<Finding> {
    if let Some(finding) = unreadable(text) {
        return vec![finding];
    }
    let Ok(url) = Url::parse(text) else { return Vec::new() };
    [
        stand_in(provider, &url),
        leads_to_other(provider, &url),
        pasted_endpoint(provider, text).or_else(|| trailing_slash(text)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Texts that are no base URL. Base URLs and redirect URIs follow the same rules up to the path.
fn unreadable(text: &str) -> Option<Finding> {
    let error = |code, message: &str| Finding::error(FIELD, code, message);
    let wants = "Write scheme and host, for example https://id.example.net.";
    match RedirectUri::parse(text) {
        Err(RedirectUriError::Empty) => Some(error(FindingCode::BaseUrlEmpty, "The base URL is empty.").hint(wants)),
        Err(RedirectUriError::Whitespace) => {
            let finding = error(FindingCode::BaseUrlWhitespace, "The base URL holds a space or a line break.");
            let finding = finding.hint("It was probably copied along.");
            Some(if RedirectUri::parse(text.trim()).is_ok() { finding.fix(text.trim()) } else { finding })
        }
        Err(RedirectUriError::PlainHttp) => Some(
            error(FindingCode::BaseUrlPlainHttp, "The base URL begins with http.")
                .hint("Secrets would cross the network in the clear. Use https; http is for this machine only.")
                .fix(text.replacen("http", "https", 1)),
        ),
        Err(RedirectUriError::Fragment | RedirectUriError::UserInfo) => Some(too_much()),
        Err(_) => Some(error(FindingCode::BaseUrlNotAbsolute, "This is no base URL.").hint(wants)),
        Ok(uri) if uri.has_private_scheme() => {
            Some(error(FindingCode::BaseUrlNotAbsolute, "This is no base URL.").hint(wants))
        }
        Ok(uri) if uri.url().query().is_some() => Some(too_much()),
        Ok(_) => None,
    }
}

fn too_much() -> Finding {
    let message = "The base URL holds more than scheme, host, port and path.";
    Finding::error(FIELD, FindingCode::BaseUrlTooMuch, message)
        .hint("Leave out user names, ? and #, and what follows them.")
}

/// Only the host of a document: domains nobody can own (RFC 2606 §2 and §3).
fn stand_in(provider: &Provider, url: &Url) -> Option<Finding> {
    let host = url.host_str()?;
    let is_reserved = ["example.com", "example.net", "example.org", "example", "invalid"]
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.')));
    is_reserved.then(|| {
        let message = format!("{host} is reserved for examples: no server of {} is there.", provider.name);
        Finding::error(FIELD, FindingCode::BaseUrlPlaceholder, message)
            .hint("Ask where the real server is, and write its address here.")
    })
}

/// The address of another provider, by host or by the name of the lookalike.
fn leads_to_other(provider: &Provider, url: &Url) -> Option<Finding> {
    let host = url.host_str()?.to_ascii_lowercase();
    let by_host = mix_up::built_in_hosts(provider)
        .into_iter()
        .find(|other| host == other.host || host.ends_with(&format!(".{}", other.host)))
        .map(|other| other.provider);
    let by_name =
        mix_up::lookalike(provider).filter(|other| host.contains(&other.to_ascii_lowercase())).map(ToOwned::to_owned);
    let other = by_host.or(by_name)?;
    let message = format!("{host} looks like a server of {other}, and this is the profile of {}.", provider.name);
    Some(
        Finding::warning(FIELD, FindingCode::ProviderMixUp, message)
            .hint("A secret sent there is given away. Check the address letter by letter."),
    )
}

/// A whole endpoint where its base belongs.
fn pasted_endpoint(provider: &Provider, text: &str) -> Option<Finding> {
    let endpoints = [&provider.endpoints.authorization, &provider.endpoints.token];
    let base =
        endpoints.iter().find_map(|path| text.trim_end_matches('/').strip_suffix(path.value.trim_end_matches('/')))?;
    Some(
        Finding::error(
            FIELD,
            FindingCode::BaseUrlIsEndpoint,
            "This is the address of one endpoint, not of the server.",
        )
        .hint("The paths of the endpoints stand in the profile and are added to the base URL.")
        .fix(base),
    )
}

fn trailing_slash(text: &str) -> Option<Finding> {
    text.ends_with('/').then(|| {
        Finding::error(FIELD, FindingCode::BaseUrlTrailingSlash, "The base URL ends in a slash.")
            .hint("Every path begins with one already.")
            .fix(text.trim_end_matches('/'))
    })
}

impl Provider {
    /// Whether the user has to fill in the base URL before a login in `environment`.
    pub fn needs_base_url(&self, environment: Environment) -> bool {
        self.bases(environment, None).placeholder
    }
}
