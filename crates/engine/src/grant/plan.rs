//! What an operation on tokens needs before it can start.

use std::time::Duration;

use gatewright_model::provider::Bases;
use gatewright_model::{ProtocolSettings, Provider};
use gatewright_protocol::{ClientId, Secret};
use jiff::Timestamp;

use crate::login::{LoginPlan, TokenKind};
use crate::registered::{ClientSecret, Registered};

/// The client whose tokens they are, and its provider.
#[derive(Clone, Debug)]
pub struct GrantPlan {
    /// The provider, with its dialect.
    pub provider: Provider,
    /// The base URLs of the environment, ready for use: see [`Provider::bases`].
    pub bases: Bases,
    /// The client.
    pub client_id: ClientId,
    /// Its secret, or the private key in its place; none for a public client.
    pub client_secret: Option<ClientSecret>,
    /// What this client does otherwise than the dialect says, or beyond it.
    pub settings: ProtocolSettings,
    /// The tokens of the same login, the ones before the newest too. A server may repeat any of them where it should not, and no
    /// transcript shall hold it then.
    pub known: Vec<(TokenKind, Secret)>,
}

/// Everything one refresh is about.
#[derive(Clone, Debug)]
pub struct RefreshPlan {
    /// The client and its provider.
    pub client: GrantPlan,
    /// The refresh token; sent once.
    pub refresh_token: Secret,
    /// The scopes that were granted at the login.
    pub granted_scopes: Vec<String>,
    /// Fewer scopes to ask for; empty to keep all of them.
    pub scopes: Vec<String>,
    /// The ID token of the login, which was verified then: a new one has to speak of the same person (OpenID Connect Core §12.2).
    pub id_token: Option<Secret>,
    /// When the tokens were last refreshed. Two refreshes are at least 30 seconds apart; none for a person who wants it all the same.
    pub refreshed_at: Option<Timestamp>,
}

/// Everything one logout is about.
#[derive(Clone, Debug)]
pub struct LogoutPlan {
    /// The client and its provider. Its settings say where the person comes back.
    pub client: GrantPlan,
    /// The ID token of the login, by which the provider knows whose session is to end. Most ask the person without it.
    pub id_token: Option<Secret>,
    /// How long the person has to come back.
    pub time_limit: Duration,
}

impl GrantPlan {
    pub(crate) fn registered(&self) -> Registered<'_> {
        Registered {
            provider: &self.provider,
            bases: &self.bases,
            client_id: &self.client_id,
            secret: self.client_secret.as_ref(),
            settings: &self.settings,
        }
    }
}

impl From<&LoginPlan> for GrantPlan {
    fn from(plan: &LoginPlan) -> Self {
        Self {
            provider: plan.provider.clone(),
            bases: plan.bases.clone(),
            client_id: plan.client_id.clone(),
            client_secret: plan.client_secret.clone(),
            settings: plan.settings.clone(),
            known: Vec::new(),
        }
    }
}
