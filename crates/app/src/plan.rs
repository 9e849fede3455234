//! What every request in a client's name needs: where its provider is, and the secret that may go there.

use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_engine::grant::GrantPlan;
use gatewright_engine::login::ClientSecret;
use gatewright_engine::ports::{Ports, UserAgent};
use gatewright_model::provider::Bases;
use gatewright_model::{Client, Environment, Provider, ProviderId, SecretVersion};

use crate::{App, failure};

impl App {
    /// The client and its provider, ready for a request, or why nothing can be sent.
    pub(crate) async fn grant_plan(
        &self,
        client: &Client,
        provider: &Provider,
        version: Option<u32>,
    ) -> Result<GrantPlan, Failure> {
        let row = match version {
            Some(version) => Some(self.version_row(client, version).await?),
            None => None,
        };
        self.grant_plan_with(client, provider, row.as_ref()).await
    }

    /// The same, with the row of the version that was just read.
    pub(crate) async fn grant_plan_with(
        &self,
        client: &Client,
        provider: &Provider,
        row: Option<&SecretVersion>,
    ) -> Result<GrantPlan, Failure> {
        let known = self.0.registry.known();
        if known.is_placeholder(provider, client.environment) {
            return Err(failure::base_url_missing(&provider.name));
        }
        let origin = match client.environment {
            Environment::Sandbox => Some(self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?),
            Environment::Production => None,
        };
        let provider = known.with_base_url(provider).into_owned();
        let client_secret = match row {
            Some(row) => {
                Some(ClientSecret { value: self.value_of(client, &provider, row).await?, version: row.version })
            }
            None => None,
        };
        Ok(GrantPlan {
            bases: self.bases_at(&provider, client.environment, origin.as_deref()).await,
            client_id: client.client_id.clone(),
            client_secret,
            settings: client.protocol_settings.clone(),
            known: Vec::new(),
            provider,
        })
    }

    /// Where a provider is. In the sandbox the token endpoint may be elsewhere, while a fault of its certificate is in force.
    async fn bases_at(&self, provider: &Provider, environment: Environment, origin: Option<&str>) -> Bases {
        let mut bases = provider.bases(environment, origin);
        if environment == Environment::Sandbox {
            let token = self.0.sandbox.token_origin(&provider.id).await;
            bases.token = token.map(|origin| provider.bases(environment, Some(&origin)).authorization);
        }
        bases
    }

    /// The ports of the engine for requests of one provider, which reach no nearby host but those confirmed for it.
    pub(crate) fn ports_to(&self, provider: &ProviderId, user_agent: Arc<dyn UserAgent>) -> Ports {
        Ports { transport: self.0.transports.to(provider), ..self.ports(user_agent) }
    }

    /// The ports of the engine for a provider that nobody knows yet, with this way to reach a person.
    pub(crate) fn ports(&self, user_agent: Arc<dyn UserAgent>) -> Ports {
        Ports {
            transport: self.0.transports.for_once(None),
            user_agent,
            clock: Arc::clone(&self.0.clock),
            entropy: Arc::clone(&self.0.entropy),
            issuers: Arc::clone(&self.0.issuers),
            spent_states: Arc::clone(&self.0.spent_states),
        }
    }
}
