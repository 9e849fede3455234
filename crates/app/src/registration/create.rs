//! Registering a new client at its provider.

use std::sync::Arc;

use gatewright_contract::client::ClientDetail;
use gatewright_contract::registration::RegistrationCreate;
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_engine::registration::{RegistrationAnswer, RegistrationOutcome, RegistrationPlan, register};
use gatewright_model::client_rules::ClientDraft;
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, ProtocolSettings, Provider};
use gatewright_protocol::ClientId;
use gatewright_protocol::Secret;
use gatewright_protocol::registration::ClientMetadata;
use gatewright_store::registration_intent::{self, RegistrationIntent};
use tokio_util::sync::CancellationToken;

use super::compare::metadata_here;
use super::keep::{Keeper, Ward};
use crate::clients::model_environment;
use crate::failpoint::reached;
use crate::login::NoBrowser;
use crate::{App, failure};

impl App {
    /// Registers a client at its provider and keeps it with everything it was issued.
    pub(crate) async fn create_registration(&self, request: RegistrationCreate) -> Result<ClientDetail, Failure> {
        self.keep_all_unkept().await;
        let provider = self.0.registry.known().get(&request.provider)?;
        let environment = model_environment(request.environment);
        let draft = ClientDraft {
            name: request.name.clone(),
            redirect_uris: request.redirect_uris.clone(),
            ..ClientDraft::new(environment)
        };
        self.refuse_bad_draft(&provider, draft)?;
        let client = self.unregistered(&request, &provider, environment)?;
        let metadata = registering(&client, &provider);
        // A plan holds a whole provider: on the heap it weighs on no future.
        let plan = Box::pin(self.registration_plan(&request, &provider, environment, metadata.clone())).await?;
        self.refuse_without_room(&client.id).await?;
        self.declare_registration(&client).await?;
        reached("registration: declared");
        let ward = Ward {
            client: client.clone(),
            provider: Arc::clone(&provider),
            is_new: Some(metadata.to_text()),
            address: String::new(),
            token: None,
            agreed_place: None,
        };
        let keeper = Arc::new(Keeper::new(self, ward));
        let ports = self.ports_to(&provider.id, Arc::new(NoBrowser));
        let end = Box::pin(register(*plan, ports, keeper, CancellationToken::new())).await;
        let end = match end {
            Ok(end) => end,
            Err(cause) => {
                self.settle_registration(&client.id).await;
                return Err(failure::invalid("provider", failure::sentence(&cause)).hint("Nothing was sent."));
            }
        };
        self.tell(Event::SandboxChanged);
        Box::pin(self.conclude_creation(&client, end.outcome, end.step.sentence)).await
    }

    async fn conclude_creation(
        &self,
        client: &Client,
        answer: RegistrationAnswer,
        sentence: String,
    ) -> Result<ClientDetail, Failure> {
        if answer.unkept.is_some() {
            // The intent stays: if Gatewright ends before there is room, the next start says so.
            return Err(only_in_memory(&client.name));
        }
        if let RegistrationOutcome::Registered(registration) = &answer.outcome {
            self.note_registration(&client.id, &registration.metadata).await;
            return self.client_detail(&client.id).await;
        }
        self.settle_registration(&client.id).await;
        Err(match answer.outcome {
            RegistrationOutcome::Refused(refusal) => refused(&sentence, refusal.status),
            RegistrationOutcome::Unknown => Failure::new(FailureCode::Refused, sentence)
                .hint("Look at the provider's own page whether there is a new client before you try again."),
            RegistrationOutcome::Registered(_) | RegistrationOutcome::Untouched => {
                Failure::new(FailureCode::Refused, sentence).hint("Nothing was registered. Try again.")
            }
        })
    }

    fn unregistered(
        &self,
        request: &RegistrationCreate,
        provider: &Provider,
        environment: Environment,
    ) -> Result<Client, Failure> {
        let now = self.now();
        Ok(Client {
            id: ClientRecordId::new(self.new_id()?),
            provider: provider.id.clone(),
            environment,
            name: request.name.clone(),
            // The provider gives it one; until then nothing is kept.
            client_id: ClientId::Text(String::new()),
            redirect_uris: request.redirect_uris.clone(),
            ownership: Ownership::Owned,
            owner: request.owner.trim().to_owned(),
            tag: request.tag.trim().to_owned(),
            notes: request.notes.clone(),
            protocol_settings: ProtocolSettings::default(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
        })
    }

    async fn registration_plan(
        &self,
        request: &RegistrationCreate,
        provider: &Arc<Provider>,
        environment: Environment,
        metadata: ClientMetadata,
    ) -> Result<Box<RegistrationPlan>, Failure> {
        let given = request.initial_access_token.as_deref().map(str::trim).filter(|token| !token.is_empty());
        let origin = match environment {
            Environment::Sandbox => Some(self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?),
            Environment::Production => None,
        };
        let initial_access_token = match (given, environment) {
            (Some(token), _) => Some(Secret::new(token)),
            (None, Environment::Sandbox) => {
                let owner = request.owner.clone();
                let token =
                    self.0.sandbox.with_handle(move |handle| handle.initial_access_token(&owner).cloned()).await;
                token.flatten()
            }
            (None, Environment::Production) => None,
        };
        let provider = self.0.registry.known().with_base_url(provider).into_owned();
        let bases = provider.bases(environment, origin.as_deref());
        Ok(Box::new(RegistrationPlan { provider, bases, metadata, initial_access_token }))
    }

    async fn declare_registration(&self, client: &Client) -> Result<(), Failure> {
        let intent = RegistrationIntent {
            client: client.id.clone(),
            provider: client.provider.clone(),
            environment: client.environment,
            name: client.name.clone(),
            started_at: self.now(),
        };
        let declare = move |tx: &gatewright_store::Transaction<'_>| registration_intent::declare(tx, &intent);
        self.store()?.write_durably(declare).await.map_err(failure::of_store)
    }

    async fn settle_registration(&self, client: &ClientRecordId) {
        let (Ok(store), id) = (self.store(), client.clone()) else { return };
        if let Err(cause) = store.write(move |tx| registration_intent::settle(tx, &id)).await {
            tracing::warn!(%cause, "an intent stays until the next start");
        }
    }

    /// Says what an interruption may have left at a provider, once.
    pub(crate) async fn recover_registrations(&self) {
        let Ok(store) = self.store() else { return };
        let Ok(left) = store.read(registration_intent::list).await else { return };
        for intent in left {
            let provider = self.0.registry.known().get(intent.provider.as_str());
            let provider = provider.map_or_else(|_| intent.provider.to_string(), |provider| provider.name.clone());
            self.notice(
                format!("Gatewright ended while it registered “{}” at {provider}.", intent.name),
                Some("Look there whether the client exists. It is not kept here, so delete it there and register it again.".to_owned()),
            );
            self.settle_registration(&intent.client).await;
        }
    }
}

/// What a new client says of itself.
fn registering(client: &Client, provider: &Provider) -> ClientMetadata {
    let refreshes = provider.dialect.tokens.refresh.value;
    let grants: Vec<&str> = ["authorization_code"].into_iter().chain(refreshes.then_some("refresh_token")).collect();
    metadata_here(client, provider).with("grant_types", grants).with("response_types", vec!["code"])
}

/// The provider has made the client, and keyring or disk did not take what it issued.
fn only_in_memory(name: &str) -> Failure {
    let message =
        format!("“{name}” is registered, but what the provider issued could not be saved and is in memory only.");
    Failure::new(FailureCode::Internal, message).hint(
        "Leave Gatewright open, unlock the keyring or make room on the disk, then look at any client “At the provider”: it is saved then.",
    )
}

fn refused(sentence: &str, status: u16) -> Failure {
    let failure = Failure::new(FailureCode::Refused, sentence);
    match status {
        401 | 403 => failure
            .field("initialAccessToken")
            .hint("This provider wants an initial access token; whoever runs it can give you one."),
        _ => failure.hint("Nothing was registered."),
    }
}
