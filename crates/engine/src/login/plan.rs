//! What a login needs before it can start.

use std::time::Duration;

use gatewright_model::Provider;
use gatewright_model::dialect::IdentitySource;
use gatewright_model::provider::{Bases, Endpoint};
use gatewright_model::run::Browser;
use gatewright_protocol::http::Reference;
use gatewright_protocol::{ClientId, RedirectUri, Secret};
use url::Url;

use crate::transport::is_loopback;

/// How long a person has to come back, unless somebody chooses otherwise.
pub const TIME_LIMIT: Duration = Duration::from_mins(10);

/// A client secret and which version of it this is.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// The secret.
    pub value: Secret,
    /// Its version: a transcript shows `secret:v3`.
    pub version: u32,
}

impl ClientSecret {
    pub(crate) fn reference(&self) -> Reference {
        Reference::client_secret(self.version)
    }
}

/// Everything one login is about.
#[derive(Clone, Debug)]
pub struct LoginPlan {
    /// The provider, with its dialect.
    pub provider: Provider,
    /// The base URLs of the environment, ready for use: see [`Provider::bases`].
    pub bases: Bases,
    /// The client.
    pub client_id: ClientId,
    /// Its secret; none for a public client.
    pub client_secret: Option<ClientSecret>,
    /// Where the callback arrives.
    pub redirect_uri: RedirectUri,
    /// Scopes to ask for; empty where the provider has none.
    pub scopes: Vec<String>,
    /// The browser the user agent drives, for the words of the timeline.
    pub browser: Browser,
    /// How long the person has to come back: see [`TIME_LIMIT`].
    pub time_limit: Duration,
}

/// Why a plan cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The provider's document names only a stand-in for its host.
    #[error("{provider} has no base URL yet: fill in where your {provider} is")]
    NoBaseUrl {
        /// The provider's name.
        provider: String,
    },
    /// Base URL and path do not make an address.
    #[error("the {endpoint} endpoint is no address: {text}")]
    NotAnAddress {
        /// `authorization`, `token` or `identity`.
        endpoint: &'static str,
        /// What was put together.
        text: String,
    },
    /// Secrets go over HTTPS only; HTTP is for this computer.
    #[error("the {endpoint} endpoint is {url}: secrets go over https only, http is for this computer alone")]
    PlainHttp {
        /// `authorization`, `token` or `identity`.
        endpoint: &'static str,
        /// The address without its query.
        url: String,
    },
    /// The profile takes the identity from an endpoint that it does not name.
    #[error("the profile of {provider} takes the identity from an endpoint but does not say which")]
    NoIdentityEndpoint {
        /// The provider's name.
        provider: String,
    },
    /// The provider wants a secret and there is none.
    #[error("{provider} wants a client secret, and this client has none")]
    NoSecret {
        /// The provider's name.
        provider: String,
    },
}

/// The endpoints of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    /// Where the identity is asked; none where the token response is the identity.
    pub(crate) identity: Option<Url>,
}

impl LoginPlan {
    /// The endpoints, checked.
    pub(crate) fn addresses(&self) -> Result<Addresses, PlanError> {
        let provider = || self.provider.name.clone();
        if self.bases.placeholder {
            return Err(PlanError::NoBaseUrl { provider: provider() });
        }
        let needs_secret = self.provider.dialect.token_request.client_authentication.value.needs_secret();
        if needs_secret && self.client_secret.is_none() {
            return Err(PlanError::NoSecret { provider: provider() });
        }
        let identity = match (self.provider.dialect.identity.source.value, &self.provider.endpoints.identity) {
            (IdentitySource::TokenResponse, _) => None,
            (IdentitySource::Endpoint, Some(_)) => Some(self.address(Endpoint::Identity)?),
            (IdentitySource::Endpoint | IdentitySource::IdToken | IdentitySource::Nowhere, _) => {
                return Err(PlanError::NoIdentityEndpoint { provider: provider() });
            }
        };
        Ok(Addresses {
            authorization: self.address(Endpoint::Authorization)?,
            token: self.address(Endpoint::Token)?,
            identity,
        })
    }

    /// One endpoint's address, judged.
    fn address(&self, endpoint: Endpoint) -> Result<Url, PlanError> {
        let text = self.provider.address(endpoint, &self.bases).unwrap_or_default();
        let endpoint = endpoint.name();
        let url = Url::parse(&text).map_err(|_| PlanError::NotAnAddress { endpoint, text: text.clone() })?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&url) => Ok(url),
            "http" => Err(PlanError::PlainHttp { endpoint, url: crate::sightings::without_query(&url) }),
            _ => Err(PlanError::NotAnAddress { endpoint, text }),
        }
    }

    /// The issuer a callback may name (RFC 9207): the base URL, where the provider speaks OpenID Connect.
    pub(crate) fn issuer(&self) -> Option<String> {
        self.provider.dialect.authorization.openid.value.then(|| self.bases.issuer().to_owned())
    }

    /// Whether this is an OpenID Connect login.
    pub(crate) fn asks_for_id_token(&self) -> bool {
        self.provider.dialect.authorization.openid.value && self.scopes.iter().any(|scope| scope == "openid")
    }
}
