//! Taking over a client that was registered before: its address and a token are pasted, and the provider tells the rest.

use std::sync::Arc;

use gatewright_contract::client::ClientDetail;
use gatewright_contract::registration::RegistrationImport;
use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::registration::{CredentialKeeper as _, ManagementPlan, RegistrationOutcome, read_registration};
use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, ProtocolSettings, Provider, ProviderId};
use gatewright_protocol::registration::{IssuedCredentials, ManagementAddress, Registration};
use gatewright_protocol::{ClientId, Secret};
use gatewright_store::client;
use tokio_util::sync::CancellationToken;

use super::keep::{Keeper, Ward};
use super::replaced::TakingOver;
use crate::clients::model_environment;
use crate::login::NoBrowser;
use crate::{App, failure};

impl App {
    /// Reads a registration that nobody here knows yet, and keeps the client.
    pub(crate) async fn import_registration(&self, request: RegistrationImport) -> Result<ClientDetail, Failure> {
        self.keep_all_unkept().await;
        let provider = self.0.registry.known().get(&request.provider)?;
        let environment = model_environment(request.environment);
        let agreed = request.agreed_place.as_deref();
        let address = self.management_address(environment, &provider, request.address.trim(), agreed)?;
        let token = Secret::new(request.token.trim());
        if token.is_empty() {
            return Err(failure::invalid("token", "The registration access token is missing."));
        }
        let id = ClientRecordId::new(self.new_id()?);
        self.refuse_without_room(&id).await?;
        let pasted = token;
        let token = self.newest_token(&address, &pasted).await?;
        let found = self.ask(&provider.id, &address, &token, pasted).await?;
        let client = self.imported(id, &provider, environment, &found)?;
        self.refuse_imported_twice(&client).await?;
        let issued = IssuedCredentials {
            registration_access_token: Some(token),
            registration_client_uri: Some(address.url().to_string()),
            ..IssuedCredentials::default()
        };
        // What came with the answer counts before what was pasted.
        let pasted = request.secret.filter(|secret| !secret.is_empty()).map(Secret::new);
        let issued = issued.merged_with(found.issued);
        let issued = IssuedCredentials { client_secret: issued.client_secret.clone().or(pasted), ..issued };
        let ward = Ward {
            client: client.clone(),
            provider: Arc::clone(&provider),
            is_new: Some(found.metadata.to_text()),
            address: String::new(),
            token: None,
            agreed_place: request.agreed_place.filter(|place| *place == address.place()),
        };
        let kept = Keeper::new(self, ward).keep(&issued).await;
        kept.map_err(|why| Failure::new(FailureCode::Internal, format!("The client could not be kept: {why}")))?;
        self.forget_replaced(&address).await;
        self.client_detail(&client.id).await
    }

    /// Asks for the registration. A token that takes the place of the pasted one is kept before anything else is looked at.
    async fn ask(
        &self,
        provider: &ProviderId,
        address: &ManagementAddress,
        token: &Secret,
        pasted: Secret,
    ) -> Result<Registration, Failure> {
        let plan = ManagementPlan {
            address: address.clone(),
            // Nobody knows it yet; the answer tells.
            client_id: String::new(),
            registration_access_token: token.clone(),
            client_secret: None,
        };
        let ports = self.ports_to(provider, Arc::new(NoBrowser));
        let keeper = Arc::new(TakingOver { app: self.clone(), address: address.clone(), pasted });
        let end = read_registration(plan, ports, keeper, CancellationToken::new()).await;
        match end.outcome.outcome {
            RegistrationOutcome::Registered(found) => Ok(*found),
            _ => Err(Failure::new(FailureCode::Refused, end.step.sentence)
                .hint("Check the address and the token. No client is kept; a token that took the place of yours is, and is used when you try again.")),
        }
    }

    async fn refuse_imported_twice(&self, client: &Client) -> Result<(), Failure> {
        let (provider, environment, id) = (client.provider.clone(), client.environment, client.client_id.clone());
        let find = move |db: &gatewright_store::Connection| client::find_by_identifier(db, &provider, environment, &id);
        match self.store()?.read(find).await.map_err(failure::of_store)? {
            Some(_) => Err(failure::invalid("address", "This client is kept already.").hint("Open it under Clients.")),
            None => Ok(()),
        }
    }

    fn imported(
        &self,
        id: ClientRecordId,
        provider: &Provider,
        environment: Environment,
        found: &Registration,
    ) -> Result<Client, Failure> {
        let client_id = ClientId::parse(&found.client_id, provider.client_form.client_id.value)
            .map_err(|cause| failure::invalid("address", failure::sentence(&cause)))?;
        let usual = provider.dialect.token_request.client_authentication.value;
        let way = ClientAuthentication::from_registered_name(found.metadata.client_authentication_method());
        let protocol_settings =
            ProtocolSettings { client_authentication: way.filter(|way| *way != usual), ..ProtocolSettings::default() };
        let now = self.now();
        Ok(Client {
            id,
            provider: provider.id.clone(),
            environment,
            name: found.metadata.client_name().unwrap_or(&found.client_id).to_owned(),
            client_id,
            redirect_uris: found.metadata.redirect_uris(),
            ownership: Ownership::Owned,
            owner: String::new(),
            tag: String::new(),
            notes: String::new(),
            protocol_settings,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        })
    }
}
