//! Metadata and keys of an issuer: from memory, or fetched and judged.

use std::sync::Arc;
use std::time::Duration;

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::provider::Endpoint;
use gatewright_protocol::http::{HttpRequest, Method, Value};
use gatewright_protocol::jwks::{JwkSet, JwksDefect};
use gatewright_protocol::metadata::{self, DocumentKind, Issuer, Metadata, MetadataDefect};
use url::Url;

use crate::registered::{PlanError, Registered};
use crate::step::OpenStep;
use crate::wire::{Unanswered, Wire};

/// Why there are no metadata.
#[derive(Clone, Debug)]
pub(crate) enum NoMetadata {
    Unanswered(Unanswered),
    NotBelieved(MetadataDefect),
}

/// Why there are no keys.
#[derive(Clone, Debug)]
pub(crate) enum NoKeys {
    Unanswered(Unanswered),
    Unusable(JwksDefect),
}

/// How long ago something was fetched; none when it was just now.
pub(crate) type Age = Option<Duration>;

impl Wire<'_> {
    /// The metadata of an issuer, remembered or fetched from `document`.
    pub(crate) async fn metadata(
        &mut self,
        step: &mut OpenStep,
        issuer: &Issuer,
        document: &Url,
    ) -> Result<(Arc<Metadata>, Age), NoMetadata> {
        if let Some((known, age)) = self.ports.issuers.metadata(issuer.as_str(), self.ports.clock.elapsed()) {
            return Ok((known, Some(age)));
        }
        Ok((self.fetch_metadata(step, issuer, document).await?, None))
    }

    /// The metadata of an issuer as they are now. Where OpenID Connect Discovery puts the document is asked first, and the place of
    /// RFC 8414 when there is none.
    pub(crate) async fn fetch_metadata(
        &mut self,
        step: &mut OpenStep,
        issuer: &Issuer,
        document: &Url,
    ) -> Result<Arc<Metadata>, NoMetadata> {
        match self.fetch_document(step, issuer, document, DocumentKind::OpenId).await {
            Err(NoMetadata::NotBelieved(MetadataDefect::Absent(status))) => {
                let oauth = issuer.well_known().oauth;
                let other = self.fetch_document(step, issuer, &oauth, DocumentKind::OAuth).await;
                // When neither is there, the first is the one to speak of.
                other.map_err(|error| match error {
                    NoMetadata::NotBelieved(MetadataDefect::Absent(_)) => {
                        NoMetadata::NotBelieved(MetadataDefect::Absent(status))
                    }
                    other => other,
                })
            }
            other => other,
        }
    }

    async fn fetch_document(
        &mut self,
        step: &mut OpenStep,
        issuer: &Issuer,
        document: &Url,
        kind: DocumentKind,
    ) -> Result<Arc<Metadata>, NoMetadata> {
        let answer = self.send(step, ExchangePurpose::Metadata, &get(document)).await;
        let response = answer.map_err(NoMetadata::Unanswered)?;
        let metadata = Arc::new(Metadata::read(&response, issuer, kind).map_err(NoMetadata::NotBelieved)?);
        self.ports.issuers.remember_metadata(&metadata, &response, self.ports.clock.elapsed());
        Ok(metadata)
    }

    /// The keys at `address`, remembered or fetched.
    pub(crate) async fn keys(
        &mut self,
        step: &mut OpenStep,
        issuer: &str,
        address: &Url,
    ) -> Result<Arc<JwkSet>, NoKeys> {
        match self.remembered_keys(issuer, address) {
            Some(known) => Ok(known),
            None => self.fetch_keys(step, issuer, address).await,
        }
    }

    /// The keys at `address`, if they were fetched not long ago.
    pub(crate) fn remembered_keys(&self, issuer: &str, address: &Url) -> Option<Arc<JwkSet>> {
        self.ports.issuers.keys(issuer, address, self.ports.clock.elapsed())
    }

    /// The keys at `address` as they are now.
    pub(crate) async fn fetch_keys(
        &mut self,
        step: &mut OpenStep,
        issuer: &str,
        address: &Url,
    ) -> Result<Arc<JwkSet>, NoKeys> {
        let answer = self.send(step, ExchangePurpose::Metadata, &get(address)).await;
        let response = answer.map_err(NoKeys::Unanswered)?;
        let keys = Arc::new(JwkSet::read(&response).map_err(NoKeys::Unusable)?);
        self.ports.issuers.remember_keys(issuer, address, &keys, &response, self.ports.clock.elapsed());
        Ok(keys)
    }
}

/// What signatures of a provider are checked with, after a login: its metadata if they can be had, and its keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trust {
    pub(crate) metadata: Option<Arc<Metadata>>,
    /// Where the keys are.
    pub(crate) address: Option<Url>,
    pub(crate) keys: Option<Arc<JwkSet>>,
}

impl Wire<'_> {
    /// Gets together what a signature of this provider is checked with. What cannot be had is left out: whoever needs it says so.
    pub(crate) async fn trust(&mut self, step: &mut OpenStep, client: &Registered<'_>) -> Result<Trust, PlanError> {
        if client.provider.openid.is_none() {
            return Ok(Trust::default());
        }
        let issuer = client.parsed_issuer()?;
        let document = client.find_address(Endpoint::Discovery)?.unwrap_or_else(|| issuer.well_known().openid);
        let pinned = client.find_address(Endpoint::Jwks)?;
        let metadata = self.metadata(step, &issuer, &document).await.ok().map(|(metadata, _)| metadata);
        let fresh = metadata.as_ref().and_then(|metadata| metadata.endpoint(metadata::Endpoint::Keys));
        let moved_away = |fresh: &Url| pinned.as_ref().is_some_and(|pinned| pinned.origin() != fresh.origin());
        let address = fresh.filter(|fresh| !moved_away(fresh)).or(pinned.clone());
        let keys = match &address {
            Some(address) => self.keys(step, issuer.as_str(), address).await.ok(),
            None => None,
        };
        Ok(Trust { metadata, address, keys })
    }
}

/// A request for a public document.
pub(crate) fn get(address: &Url) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: address.clone(),
        headers: vec![("accept".to_owned(), Value::from("application/json"))],
        body: None,
    }
}
