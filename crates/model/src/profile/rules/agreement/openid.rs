//! Fields that agree because OpenID Connect makes them depend on each other.

use super::{Found, OPENID, SOURCE};
use crate::{
    Provider,
    dialect::IdentitySource,
    profile::{mistake, shape::quote},
};

const ALGORITHMS: &str = "openid.id_token_signing_algorithms.value";

/// What does not agree.
pub(super) fn check(provider: &Provider) -> Vec<Found> {
    [section_without_openid(provider), id_token_without_openid(provider), algorithm_not_advertised(provider)]
        .into_iter()
        .flatten()
        .collect()
}

fn section_without_openid(provider: &Provider) -> Option<Found> {
    let is_spoken = provider.dialect.authorization.openid.value;
    (provider.openid.is_some() && !is_spoken).then(|| {
        Found::new("openid", "a section on OpenID Connect", format!("nothing, because {OPENID} is false"))
            .because_of(&[OPENID])
            .hint("Change it there, or take the section away.")
    })
}

fn id_token_without_openid(provider: &Provider) -> Option<Found> {
    let is_id_token = provider.dialect.identity.source.value == IdentitySource::IdToken;
    (is_id_token && !provider.dialect.authorization.openid.value).then(|| {
        Found::new(SOURCE, "id_token", format!("another source, because {OPENID} is false and there is no ID token"))
            .because_of(&[OPENID])
    })
}

fn algorithm_not_advertised(provider: &Provider) -> Option<Found> {
    let openid = provider.openid.as_ref()?;
    let registered = openid.id_token_signed_response_alg.as_ref()?.value.name();
    let advertised = &openid.id_token_signing_algorithms.value;
    (!advertised.iter().any(|name| name == registered)).then(|| {
        Found::new("openid.id_token_signed_response_alg.value", quote(registered), mistake::one_of(advertised))
            .because_of(&[ALGORITHMS])
            .hint(format!("Change it, or add it to {ALGORITHMS}."))
    })
}
