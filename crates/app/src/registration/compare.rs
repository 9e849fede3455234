//! What a client is here and at its provider.

use gatewright_contract::registration::{RegistrationDifference, RegistrationMember, RegistrationState};
use gatewright_model::{Client, Provider};
use gatewright_protocol::registration::{ClientMetadata, diff};
use gatewright_store::registration_token::RegistrationToken;
use url::Url;

use super::Managed;
use crate::App;

/// What a client says of itself by what is kept of it here.
pub(super) fn metadata_here(client: &Client, provider: &Provider) -> ClientMetadata {
    let settings = &client.protocol_settings;
    let metadata = ClientMetadata::default()
        .with("client_name", client.name.clone())
        .with("redirect_uris", client.redirect_uris.clone())
        .with("token_endpoint_auth_method", client.authentication(provider).registered_name());
    let optional = [
        ("id_token_signed_response_alg", settings.id_token_signed_response_alg),
        ("userinfo_signed_response_alg", settings.userinfo_signed_response_alg),
        ("token_endpoint_auth_signing_alg", settings.assertion_signing_alg),
    ];
    let metadata = optional.into_iter().fold(metadata, |metadata, (name, algorithm)| match algorithm {
        Some(algorithm) => metadata.with(name, algorithm.name()),
        None => metadata,
    });
    match &settings.post_logout_redirect_uri {
        Some(uri) => metadata.with("post_logout_redirect_uris", vec![uri.clone()]),
        None => metadata,
    }
}

/// A client that was made by hand.
pub(super) fn by_hand() -> RegistrationState {
    RegistrationState {
        managed: false,
        place: None,
        needs_agreement: false,
        agreed_place: None,
        agreed_at: None,
        token_version: None,
        token_at: None,
        read_at: None,
        gone_at: None,
        differences: Vec::new(),
        others: Vec::new(),
        remarks: Vec::new(),
    }
}

impl App {
    /// How a client stands at its provider, by what is known.
    pub(super) fn registration_state(&self, managed: &Managed, remarks: Vec<String>) -> RegistrationState {
        let Managed { client, provider, row, token, .. } = managed;
        let here = metadata_here(client, provider);
        let there = ClientMetadata::parse(&row.metadata).unwrap_or_default();
        let whole = self.whole_address(client.environment, &row.address).ok();
        let place = whole.as_deref().and_then(|whole| Url::parse(whole).ok());
        let agreed = super::agreed_place(row);
        let may_be_asked = whole
            .as_deref()
            .is_none_or(|whole| self.management_address(client.environment, provider, whole, agreed).is_ok());
        let (mut differences, mut others) = (Vec::new(), Vec::new());
        for found in diff(&here, &there) {
            match (found.here, found.there) {
                (Some(here), there) => differences.push(RegistrationDifference { member: found.member, here, there }),
                (None, Some(value)) => others.push(RegistrationMember { member: found.member, value }),
                (None, None) => {}
            }
        }
        RegistrationState {
            managed: true,
            place: place.map(|url| url.origin().ascii_serialization()),
            needs_agreement: !row.address.is_empty() && !may_be_asked,
            agreed_place: agreed.map(str::to_owned),
            agreed_at: row.agreed.as_ref().and_then(|agreed| agreed.at).map(|at| at.to_string()),
            token_version: token.as_ref().map(|token| token.version),
            token_at: token.as_ref().map(|RegistrationToken { created_at, .. }| created_at.to_string()),
            read_at: Some(row.read_at.to_string()),
            gone_at: row.gone_at.map(|at| at.to_string()),
            differences,
            others,
            remarks,
        }
    }
}
