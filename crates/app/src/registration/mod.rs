//! Clients at their provider: registered, read back, changed and deleted there by its API (RFC 7591, RFC 7592), or made by hand.
//!
//! What the provider issues is put away by [`keep`] before its answer is judged. The registration access token is sealed for the one
//! address it may be sent to, so that an address that was edited in the database opens nothing.

mod compare;
mod create;
mod import;
mod keep;
mod manage;
mod offer;
mod prove;
mod replaced;
mod rotate;
mod turns;

use std::sync::Arc;

use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::login::ClientSecret;
use gatewright_engine::registration::ManagementPlan;
use gatewright_model::provider::Endpoint;
use gatewright_model::{Client, Environment, Provider};
use gatewright_protocol::registration::{ManagementAddress, ManagementAddressDefect};
use gatewright_store::registration::RegistrationRow;
use gatewright_store::{registration, registration_token, secret_version};
use url::Url;

pub(crate) use keep::Unkept;
pub(crate) use turns::Turns;

use crate::{App, failure};

/// A client that is looked after by an API, as it is kept.
struct Managed {
    client: Client,
    provider: Arc<Provider>,
    row: RegistrationRow,
    token: Option<registration_token::RegistrationToken>,
    secret: Option<u32>,
}

impl App {
    /// A client with its registration; none where it was made by hand.
    async fn managed(&self, id: &str) -> Result<(Client, Arc<Provider>, Option<Managed>), Failure> {
        let (client, provider) = self.client_with_provider(id).await?;
        self.keep_all_unkept().await;
        let wanted = client.id.clone();
        let read = move |db: &gatewright_store::Connection| {
            let secret = secret_version::active(db, &wanted)?.map(|version| version.version);
            Ok((registration::find(db, &wanted)?, registration_token::current(db, &wanted)?, secret))
        };
        let (row, token, secret) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let managed =
            row.map(|row| Managed { client: client.clone(), provider: Arc::clone(&provider), row, token, secret });
        Ok((client, provider, managed))
    }

    /// Everything a request about a client takes, or why nothing is sent.
    async fn management_plan(&self, managed: &Managed) -> Result<ManagementPlan, Failure> {
        let Managed { client, provider, row, token, secret } = managed;
        if row.gone_at.is_some() {
            return Err(Failure::new(FailureCode::Refused, "The provider has said that this client is gone."));
        }
        let token = token.as_ref().ok_or_else(no_token)?;
        let written = self.whole_address(client.environment, &row.address)?;
        let address = self.management_address(client.environment, provider, &written, agreed_place(row))?;
        self.keyring_settled().await;
        let value = self.open_registration_token(&client.id, &row.address, token)?;
        let client_secret = match secret {
            Some(version) => {
                let value = self.secret_of(client, provider, *version).await?;
                Some(ClientSecret { value, version: *version })
            }
            None => None,
        };
        Ok(ManagementPlan {
            address,
            client_id: client.client_id.to_string(),
            registration_access_token: value,
            client_secret,
        })
    }

    /// An address a token may be sent to: beside the provider's own endpoints, or where the person has agreed to.
    fn management_address(
        &self,
        environment: Environment,
        provider: &Arc<Provider>,
        written: &str,
        agreed: Option<&str>,
    ) -> Result<ManagementAddress, Failure> {
        let beside = ManagementAddress::beside(&self.confirmed_endpoint(environment, provider)?, written);
        match (beside, agreed) {
            (Ok(address), _) => Ok(address),
            (Err(ManagementAddressDefect::Elsewhere { .. }), Some(agreed)) => {
                ManagementAddress::agreed_to(agreed, written).map_err(|defect| not_sent(&defect))
            }
            (Err(defect), _) => Err(not_sent(&defect)),
        }
    }

    /// An endpoint of the provider that somebody has confirmed: the one clients register at, else the one that gets their secrets.
    fn confirmed_endpoint(&self, environment: Environment, provider: &Arc<Provider>) -> Result<Url, Failure> {
        let known = self.0.registry.known();
        if known.is_placeholder(provider, environment) {
            return Err(failure::base_url_missing(&provider.name));
        }
        let origin = match environment {
            Environment::Sandbox => Some(self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?),
            Environment::Production => None,
        };
        let provider = known.with_base_url(provider);
        let bases = provider.bases(environment, origin.as_deref());
        [Endpoint::Registration, Endpoint::Token]
            .into_iter()
            .find_map(|endpoint| Url::parse(&provider.address(endpoint, &bases)?).ok())
            .ok_or_else(|| failure::base_url_missing(&provider.name))
    }

    /// A kept address as it is sent to: the sandbox's origin is another one at every start.
    fn whole_address(&self, environment: Environment, kept: &str) -> Result<String, Failure> {
        match environment {
            Environment::Production => Ok(kept.to_owned()),
            Environment::Sandbox => {
                let origin = self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?;
                Ok(format!("{}{kept}", origin.trim_end_matches('/')))
            }
        }
    }

    /// An address as it is kept.
    fn kept_address(&self, environment: Environment, whole: &str) -> String {
        let origin = (environment == Environment::Sandbox).then(|| self.0.sandbox.origin()).flatten();
        let below = origin.and_then(|origin| whole.strip_prefix(origin.trim_end_matches('/')).map(str::to_owned));
        below.unwrap_or_else(|| whole.to_owned())
    }
}

/// The place beyond the provider's own that a person has agreed to.
fn agreed_place(row: &RegistrationRow) -> Option<&str> {
    row.agreed.as_ref().map(|agreed| agreed.place.as_str())
}

fn no_token() -> Failure {
    Failure::new(FailureCode::Refused, "There is no registration access token for this client.")
        .hint("Change it on the provider's own page.")
}

fn not_managed() -> Failure {
    Failure::new(FailureCode::Refused, "This client was not registered by an API.")
        .hint("Change it on the provider's own page.")
}

/// Why nothing is sent to an address. Where a person could agree, the failure names the field.
fn not_sent(defect: &ManagementAddressDefect) -> Failure {
    let failure = failure::invalid("agreedPlace", failure::sentence(defect));
    match defect {
        ManagementAddressDefect::Elsewhere { .. } => {
            failure.hint("Nothing was sent. Agree to that place only if you know that it belongs to the provider.")
        }
        ManagementAddressDefect::Address(_) => failure.hint("Nothing was sent.").field("address"),
    }
}
