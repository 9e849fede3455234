//! What a server says about itself, fetched from its well-known addresses and judged.

use gatewright_protocol::http::{HttpRequest, HttpResponse, Method, Value};
use gatewright_protocol::jwks::JwkSet;
use gatewright_protocol::metadata::{DocumentKind, Endpoint, Issuer, Merged, Metadata};
use url::Url;

use crate::stage::Stage;

/// Both documents of an issuer, what they say together, and its keys.
pub(crate) struct Discovered {
    pub(crate) openid: Metadata,
    pub(crate) oauth: Metadata,
    pub(crate) merged: Merged,
    pub(crate) keys: JwkSet,
}

impl Discovered {
    /// Asks an issuer.
    pub(crate) async fn of(stage: &Stage) -> Self {
        let issuer = Issuer::parse(stage.peer.issuer()).unwrap();
        let addresses = issuer.well_known();
        let openid = get(stage, &addresses.openid).await;
        let openid = Metadata::read(&openid, &issuer, DocumentKind::OpenId).unwrap();
        let oauth = Metadata::read(&get(stage, &addresses.oauth).await, &issuer, DocumentKind::OAuth).unwrap();
        let merged = Merged::of(&openid, &oauth);
        let keys = get(stage, &merged.metadata.endpoint(Endpoint::Keys).unwrap()).await;
        Self { openid, oauth, merged, keys: JwkSet::read(&keys).unwrap() }
    }

    /// Where an endpoint is.
    #[track_caller]
    pub(crate) fn endpoint(&self, endpoint: Endpoint) -> Url {
        self.merged.metadata.endpoint(endpoint).unwrap_or_else(|| panic!("there is no {}", endpoint.member()))
    }
}

/// Asks an address without saying who we are.
pub(crate) async fn get(stage: &Stage, url: &Url) -> HttpResponse {
    let headers = vec![("accept".to_owned(), Value::from("application/json"))];
    stage.send(&HttpRequest { method: Method::Get, url: url.clone(), headers, body: None }).await
}
