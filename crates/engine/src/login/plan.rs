//! What a login needs before it can start.

use std::time::Duration;

use gatewright_model::dialect::{IdentitySource, Presence};
use gatewright_model::provider::{Bases, Endpoint};
use gatewright_model::run::Browser;
use gatewright_model::{ProtocolSettings, Provider};
use gatewright_protocol::authorization::Prompt;
use gatewright_protocol::custom_parameter::RequestKind;
use gatewright_protocol::metadata::Issuer;
use gatewright_protocol::{ClientId, RedirectUri};
use url::Url;

use crate::registered::{ClientSecret, PlanError, Registered};

/// How long a person has to come back, unless somebody chooses otherwise.
pub const TIME_LIMIT: Duration = Duration::from_mins(10);

/// The scope that asks for a refresh token (OpenID Connect Core §11).
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// Everything one login is about.
#[derive(Clone, Debug)]
pub struct LoginPlan {
    /// The provider, with its dialect.
    pub provider: Provider,
    /// The base URLs of the environment, ready for use: see [`Provider::bases`].
    pub bases: Bases,
    /// The client.
    pub client_id: ClientId,
    /// Its secret, or the private key in its place; none for a public client.
    pub client_secret: Option<ClientSecret>,
    /// What this client's logins do otherwise than the dialect says, or beyond it.
    pub settings: ProtocolSettings,
    /// Where the callback arrives.
    pub redirect_uri: RedirectUri,
    /// Scopes to ask for; empty where the provider has none.
    pub scopes: Vec<String>,
    /// The browser the user agent drives, for the words of the timeline.
    pub browser: Browser,
    /// How long the person has to come back: see [`TIME_LIMIT`].
    pub time_limit: Duration,
    /// Who has to log in; none when anybody may.
    pub expected_person: Option<ExpectedPerson>,
}

/// Who has to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedPerson {
    /// What the person is called here, for the sentence that says it was somebody else.
    pub name: String,
    /// Who the provider has to say it was: the text at the dialect's subject pointer, letter by letter.
    pub subject: String,
}

/// The endpoints of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    /// Where the identity is asked; none where it comes from elsewhere.
    pub(crate) identity: Option<Url>,
    /// The issuer and its metadata, for a login whose ID token will be judged.
    pub(crate) openid: Option<OpenIdAddresses>,
}

/// What an OpenID Connect login needs besides.
#[derive(Clone, Debug)]
pub(crate) struct OpenIdAddresses {
    pub(crate) issuer: Issuer,
    pub(crate) metadata: Url,
    /// Where the profile says that the keys are.
    pub(crate) keys: Option<Url>,
}

impl LoginPlan {
    /// The client of this login.
    pub(crate) fn registered(&self) -> Registered<'_> {
        Registered {
            provider: &self.provider,
            bases: &self.bases,
            client_id: &self.client_id,
            secret: self.client_secret.as_ref(),
            settings: &self.settings,
        }
    }

    /// The endpoints, checked.
    pub(crate) fn addresses(&self) -> Result<Addresses, PlanError> {
        let registered = self.registered();
        registered.check(&[RequestKind::Authorization, RequestKind::Token])?;
        Ok(Addresses {
            authorization: registered.address(Endpoint::Authorization)?,
            token: registered.address(Endpoint::Token)?,
            identity: self.identity_address(&registered)?,
            openid: match &self.provider.openid {
                Some(_) => Some(openid_addresses(&registered)?),
                None => None,
            },
        })
    }

    fn identity_address(&self, registered: &Registered<'_>) -> Result<Option<Url>, PlanError> {
        if self.provider.dialect.identity.source.value != IdentitySource::Endpoint {
            return Ok(None);
        }
        match registered.find_address(Endpoint::Identity)? {
            // The ID token says who logged in as well.
            None if !self.judges_id_token() => {
                Err(PlanError::NoIdentityEndpoint { provider: self.provider.name.clone() })
            }
            found => Ok(found),
        }
    }

    /// The issuer a callback may name (RFC 9207). Every provider has one: without a document that says so it is the base URL, and a
    /// callback that names another comes from somebody else, or was made for somebody else.
    pub(crate) fn issuer(&self) -> String {
        self.bases.issuer().to_owned()
    }

    /// What the provider shall ask of the person. A refresh token for the time in which the person is away takes their consent: without
    /// it a server ignores the scope (OpenID Connect Core §11). Where it may ask nothing, that is all it is told.
    pub(crate) fn prompt(&self) -> Vec<Prompt> {
        let mut prompt = self.settings.prompt.clone();
        let may_ask = !prompt.contains(&Prompt::None) && !prompt.contains(&Prompt::Consent);
        prompt.extend((may_ask && self.asks_for_offline_access()).then_some(Prompt::Consent));
        prompt
    }

    /// Whether this is an OpenID Connect login.
    pub(crate) fn asks_for_id_token(&self) -> bool {
        self.provider.dialect.authorization.openid.value && self.scopes.iter().any(|scope| scope == "openid")
    }

    /// Whether this login asks to be refreshed while the person is away.
    pub(crate) fn asks_for_offline_access(&self) -> bool {
        self.asks_for_id_token() && self.scopes.iter().any(|scope| scope == OFFLINE_ACCESS)
    }

    /// Whether an ID token has to come and is judged. Without anything known of the provider's OpenID Connect there is nothing to
    /// judge it by.
    pub(crate) fn judges_id_token(&self) -> bool {
        self.asks_for_id_token() && self.provider.openid.is_some()
    }

    /// Whether a nonce is sent: always with an ID token that is judged, unless the provider stumbles over it.
    pub(crate) fn sends_nonce(&self) -> bool {
        let nonce = self.provider.openid.as_ref().map_or(Presence::Absent, |openid| openid.nonce.value);
        self.judges_id_token() && nonce.is_sent()
    }

    /// The authentication contexts without which the login is refused.
    pub(crate) fn essential_acr(&self) -> &[String] {
        if self.settings.acr_essential { &self.settings.acr_values } else { &[] }
    }
}

fn openid_addresses(registered: &Registered<'_>) -> Result<OpenIdAddresses, PlanError> {
    let issuer = registered.parsed_issuer()?;
    let named = registered.find_address(Endpoint::Discovery)?;
    Ok(OpenIdAddresses {
        metadata: named.unwrap_or_else(|| issuer.well_known().openid),
        keys: registered.find_address(Endpoint::Jwks)?,
        issuer,
    })
}
