//! New clients: registered at the twin, entered by hand, or made after another.

use std::sync::Arc;

use gatewright_contract::client::{ClientDetail, ClientEnter, ClientRegister};
use gatewright_contract::{Event, Failure};
use gatewright_model::client_rules::ClientDraft;
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, ProtocolSettings, Provider, ProviderId};
use gatewright_protocol::{ClientId, Secret};
use gatewright_sandbox::AppForm;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::client;

use super::list::{model_environment, model_ownership};
use crate::failpoint::reached;
use crate::show::protocol;
use crate::{App, failure};

impl App {
    /// Registers a client at the twin of its provider and keeps it with its secret. If it cannot be kept, the twin forgets it again.
    pub(crate) async fn register_client(&self, request: ClientRegister) -> Result<ClientDetail, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?;
        let form = AppForm { name: request.name, redirect_uris: request.redirect_uris };
        let draft = ClientDraft {
            name: form.name.clone(),
            redirect_uris: form.redirect_uris.clone(),
            ..ClientDraft::new(Environment::Sandbox)
        };
        self.refuse_bad_draft(&provider, draft)?;
        let (name, redirect_uris) = (form.name.clone(), form.redirect_uris.clone());
        let created = self.0.sandbox.create_app(&provider.id, &request.register_as, form).await?;
        let mut client = self.new_client(&provider.id, created.app.client_id, name)?;
        client.environment = Environment::Sandbox;
        client.redirect_uris = redirect_uris;
        client.owner = request.register_as;
        client.tag = request.tag.trim().to_owned();
        client.notes = request.notes;
        let kept = self.keep_client(&client, &provider, Some(created.secret)).await;
        if kept.is_err() {
            self.0.sandbox.forget_app(&provider.id, &client.owner, &client.client_id).await;
        }
        self.tell(Event::SandboxChanged);
        kept
    }

    /// Keeps a client that exists already.
    pub(crate) async fn enter_client(&self, request: ClientEnter) -> Result<ClientDetail, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?;
        let secret = request.secret.filter(|text| !text.is_empty()).map(Secret::new);
        let settings = request.protocol.map(protocol::read).unwrap_or_default();
        let draft = ClientDraft {
            name: request.name.clone(),
            client_id: Some(request.client_id.clone()),
            secret: secret.clone(),
            redirect_uris: request.redirect_uris.clone(),
            client_authentication: settings.client_authentication,
            ..ClientDraft::new(model_environment(request.environment))
        };
        self.refuse_bad_draft(&provider, draft)?;
        Self::refuse_bad_settings(&provider, &settings)?;
        let client_id = parse_client_id(&request.client_id, &provider)?;
        let mut client = self.new_client(&provider.id, client_id, request.name)?;
        client.environment = model_environment(request.environment);
        client.redirect_uris = request.redirect_uris;
        client.ownership = model_ownership(request.ownership);
        client.owner = request.owner.trim().to_owned();
        client.tag = request.tag.trim().to_owned();
        client.notes = request.notes;
        client.protocol_settings = settings;
        self.keep_client(&client, &provider, secret).await
    }

    /// Makes a new client with the fields of another. At a twin it gets an ID and a secret of its own; elsewhere the person still
    /// has to register it, so there the copy has the same ID only as long as nobody enters another one.
    pub(crate) async fn duplicate_client(&self, id: &str) -> Result<ClientDetail, Failure> {
        let (client, provider) = self.client_with_provider(id).await?;
        if client.environment == Environment::Production {
            return Err(failure::invalid("client", "A client at a real provider is made on the provider's own page.")
                .hint(format!(
                    "Make a new one there ({}), then enter its ID and secret.",
                    provider.client_form.page.value
                )));
        }
        let name = self.free_name(&client.name, provider.client_form.name.value.max).await?;
        self.register_client(ClientRegister {
            provider: provider.id.to_string(),
            name,
            redirect_uris: client.redirect_uris,
            register_as: client.owner,
            tag: client.tag,
            notes: client.notes,
        })
        .await
    }

    /// "Forum login copy", "Forum login copy 2" …, cut to what the provider's form takes.
    async fn free_name(&self, name: &str, max: u32) -> Result<String, Failure> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let base: String = name.to_owned();
        for number in 1..100 {
            let suffix = if number == 1 { " copy".to_owned() } else { format!(" copy {number}") };
            let kept: String = base.chars().take(max.saturating_sub(suffix.chars().count())).collect();
            let candidate = format!("{}{suffix}", kept.trim_end());
            let search = client::ClientQuery { search: candidate.clone(), ..Default::default() };
            let rows = self.store()?.read(move |db| client::list(db, &search)).await.map_err(failure::of_store)?;
            if !rows.iter().any(|row| row.name.eq_ignore_ascii_case(&candidate)) {
                return Ok(candidate);
            }
        }
        Err(failure::invalid("name", "There are too many copies of this client already.")
            .hint("Delete some, or give them names."))
    }

    fn new_client(&self, provider: &ProviderId, client_id: ClientId, name: String) -> Result<Client, Failure> {
        let now = self.now();
        Ok(Client {
            id: ClientRecordId::new(self.new_id()?),
            provider: provider.clone(),
            environment: Environment::Production,
            name,
            client_id,
            redirect_uris: Vec::new(),
            ownership: Ownership::Owned,
            owner: String::new(),
            tag: String::new(),
            notes: String::new(),
            protocol_settings: ProtocolSettings::default(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
        })
    }

    /// Keeps a client and its secret: the secret first, then both rows in one transaction.
    async fn keep_client(
        &self,
        client: &Client,
        provider: &Arc<Provider>,
        secret: Option<Secret>,
    ) -> Result<ClientDetail, Failure> {
        self.refuse_known_identifier(client).await?;
        let kept = match secret {
            Some(secret) => Some(self.keep_secret(client, provider, secret).await?),
            None => None,
        };
        let row = client.clone();
        let entry = audit::Entry::about(self.now(), Actor::User, Action::ClientCreated, &client.id, &client.name);
        let kept = Arc::new(kept);
        let to_record = Arc::clone(&kept);
        let recorded = self
            .store()?
            .write_durably(move |tx| {
                client::insert(tx, &row)?;
                if let Some(kept) = to_record.as_ref() {
                    kept.record(tx)?;
                }
                audit::append(tx, &entry)
            })
            .await;
        if let Err(cause) = recorded {
            if let Some(kept) = kept.as_ref() {
                self.drop_kept(kept).await;
            }
            return Err(failure::of_store(cause));
        }
        reached("create: recorded");
        self.tell(Event::ClientsChanged);
        self.client_detail(&client.id).await
    }

    async fn refuse_known_identifier(&self, client: &Client) -> Result<(), Failure> {
        let (provider, environment, client_id) =
            (client.provider.clone(), client.environment, client.client_id.clone());
        let read =
            move |db: &gatewright_store::Connection| client::find_by_identifier(db, &provider, environment, &client_id);
        match self.store()?.read(read).await.map_err(failure::of_store)? {
            Some(_) => Err(failure::invalid("clientId", "A client with this ID is kept already.")
                .hint("Open that client to change it.")),
            None => Ok(()),
        }
    }
}

/// Reads a client identifier of the provider's kind.
pub(super) fn parse_client_id(text: &str, provider: &Provider) -> Result<ClientId, Failure> {
    ClientId::parse(text, provider.client_form.client_id.value)
        .map_err(|cause| failure::invalid("clientId", cause.to_string()))
}
