//! What registering a client and looking after it needs before it can start.

use gatewright_model::Provider;
use gatewright_model::provider::{Bases, Endpoint};
use gatewright_protocol::Secret;
use gatewright_protocol::registration::{ClientMetadata, IssuedCredentials, ManagementAddress};
use url::Url;

use crate::login::ClientSecret;
use crate::registered::{PlanError, address_of};

/// Everything one registration is about.
#[derive(Clone, Debug)]
pub struct RegistrationPlan {
    /// The provider.
    pub provider: Provider,
    /// The base URLs of the environment, ready for use: see [`Provider::bases`].
    pub bases: Bases,
    /// What the client says of itself.
    pub metadata: ClientMetadata,
    /// The token that opens the registration endpoint, where one is wanted (RFC 7591 §3).
    pub initial_access_token: Option<Secret>,
}

/// A client that is registered, and what looking after it takes.
#[derive(Clone, Debug)]
pub struct ManagementPlan {
    /// Where it is looked after.
    pub address: ManagementAddress,
    /// Its ID; empty where nobody here knows it yet, and the answer to reading it will tell.
    pub client_id: String,
    /// The token that opens that address.
    pub registration_access_token: Secret,
    /// Its secret, as far as we have it. Updates send it, because some servers want it (RFC 7592 §2.2).
    pub client_secret: Option<ClientSecret>,
}

impl RegistrationPlan {
    /// The registration endpoint, judged.
    pub(crate) fn endpoint(&self) -> Result<Url, PlanError> {
        let provider = || self.provider.name.clone();
        if self.bases.placeholder {
            return Err(PlanError::NoBaseUrl { provider: provider() });
        }
        let endpoint = Endpoint::Registration;
        address_of(&self.provider, &self.bases, endpoint)?
            .ok_or_else(|| PlanError::NoEndpoint { provider: provider(), endpoint: endpoint.name() })
    }
}

impl ManagementPlan {
    /// The client that an answer has to speak of.
    pub(crate) fn expected(&self) -> Option<&str> {
        Some(self.client_id.as_str()).filter(|id| !id.is_empty())
    }

    /// What is known already and need not be put away again.
    pub(crate) fn known(&self) -> IssuedCredentials {
        IssuedCredentials {
            client_id: self.expected().map(str::to_owned),
            client_secret: self.client_secret.as_ref().map(|secret| secret.value.clone()),
            registration_access_token: Some(self.registration_access_token.clone()),
            registration_client_uri: Some(self.address.url().to_string()),
            ..IssuedCredentials::default()
        }
    }
}
