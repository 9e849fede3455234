//! What a provider says about itself: authorization server metadata (RFC 8414) and OpenID Connect Discovery.
//!
//! A document is believed only if it comes from the issuer's own well-known address and names that issuer byte by byte (V-23). Its
//! addresses are checked as text here; where a name leads is checked again by whoever connects.

mod address;
mod compare;
mod defect;
mod issuer;
mod member;
mod read;

use serde_json::{Map, Value};
use url::Url;

pub use address::{AddressDefect, Reach, check_address};
pub use compare::{Change, Conflict, Merged, diff};
pub use defect::{MemberDefect, MetadataDefect};
pub use issuer::{Issuer, IssuerError, NearMiss, WellKnown};
pub use member::{Endpoint, Weight};
pub use read::DocumentKind;

/// A provider's metadata, checked: it names the right issuer, and every endpoint and list that we know is well-formed.
///
/// Members are read when asked for, so that what we do not know stays in the document and can be shown and compared.
/// `mtls_endpoint_aliases` (RFC 8705 §5) are such: they mean something only with certificates, which this program does not use.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    members: Map<String, Value>,
}

/// Where an endpoint is, for a person to look at before anything is sent there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointHost {
    /// Which endpoint.
    pub endpoint: Endpoint,
    /// The host as it is looked up: letters beyond ASCII in Punycode, so that no letter can pass for another.
    pub host: String,
    /// The name has such letters.
    pub is_internationalised: bool,
    /// It is another host than the issuer's.
    pub is_foreign: bool,
}

impl Metadata {
    /// The document, for keeping and showing. [`Metadata::parse`] reads it again.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// `issuer`.
    pub fn issuer(&self) -> &str {
        self.members.get("issuer").and_then(Value::as_str).unwrap_or_default()
    }

    /// The address of an endpoint.
    pub fn endpoint(&self, endpoint: Endpoint) -> Option<Url> {
        self.members.get(endpoint.member()).and_then(Value::as_str).and_then(|text| Url::parse(text).ok())
    }

    /// `scopes_supported`.
    pub fn scopes(&self) -> Option<Vec<String>> {
        self.list("scopes_supported")
    }

    /// `response_types_supported`.
    pub fn response_types(&self) -> Option<Vec<String>> {
        self.list("response_types_supported")
    }

    /// `response_modes_supported`; without it `query` and `fragment`.
    pub fn response_modes(&self) -> Option<Vec<String>> {
        self.list("response_modes_supported")
    }

    /// `grant_types_supported`; without it `authorization_code` and `implicit`.
    pub fn grant_types(&self) -> Option<Vec<String>> {
        self.list("grant_types_supported")
    }

    /// `code_challenge_methods_supported`; without it the server does not know PKCE (RFC 8414 §2).
    pub fn code_challenge_methods(&self) -> Option<Vec<String>> {
        self.list("code_challenge_methods_supported")
    }

    /// `token_endpoint_auth_methods_supported`; without it `client_secret_basic`.
    pub fn client_authentication_methods(&self) -> Option<Vec<String>> {
        self.list("token_endpoint_auth_methods_supported")
    }

    /// `token_endpoint_auth_signing_alg_values_supported`, for signed assertions of a client.
    pub fn client_authentication_algorithms(&self) -> Option<Vec<String>> {
        self.list("token_endpoint_auth_signing_alg_values_supported")
    }

    /// `id_token_signing_alg_values_supported`.
    pub fn id_token_algorithms(&self) -> Option<Vec<String>> {
        self.list("id_token_signing_alg_values_supported")
    }

    /// `userinfo_signing_alg_values_supported`.
    pub fn userinfo_algorithms(&self) -> Option<Vec<String>> {
        self.list("userinfo_signing_alg_values_supported")
    }

    /// `prompt_values_supported`.
    pub fn prompt_values(&self) -> Option<Vec<String>> {
        self.list("prompt_values_supported")
    }

    /// `acr_values_supported`.
    pub fn acr_values(&self) -> Option<Vec<String>> {
        self.list("acr_values_supported")
    }

    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3): every callback then has to name the issuer.
    pub fn returns_issuer(&self) -> bool {
        self.flag("authorization_response_iss_parameter_supported")
    }

    /// `require_pushed_authorization_requests` (RFC 9126 §5).
    pub fn requires_pushed_requests(&self) -> bool {
        self.flag("require_pushed_authorization_requests")
    }

    /// Members that the specifications require and whose absence we can put up with.
    pub fn missing(&self, kind: DocumentKind) -> Vec<&'static str> {
        kind.expected().iter().copied().filter(|name| !self.members.contains_key(*name)).collect()
    }

    /// Where each endpoint is.
    pub fn hosts(&self) -> Vec<EndpointHost> {
        let own = Url::parse(self.issuer()).ok();
        let own = own.as_ref().and_then(Url::host_str);
        let host = |endpoint: Endpoint| {
            let url = self.endpoint(endpoint)?;
            let host = url.host_str()?;
            let is_internationalised = host.split('.').any(|label| label.starts_with("xn--"));
            Some(EndpointHost { endpoint, host: host.to_owned(), is_internationalised, is_foreign: Some(host) != own })
        };
        Endpoint::ALL.into_iter().filter_map(host).collect()
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        let list = self.members.get(name)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
    }

    fn flag(&self, name: &str) -> bool {
        self.members.get(name) == Some(&Value::Bool(true))
    }
}

#[cfg(test)]
mod tests;
