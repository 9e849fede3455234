//! Changing a client.

use gatewright_contract::client::{ClientChange, ClientDetail};
use gatewright_contract::{Event, Failure};
use gatewright_model::client::SecretDestination;
use gatewright_model::client_rules::ClientDraft;
use gatewright_model::{Client, ClientRecordId, Environment, Provider, SecretVersion};
use gatewright_sandbox::AppForm;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{Transaction, client, secret_version};
use gatewright_vault::EntryName;

use super::create::parse_client_id;
use crate::show::protocol;
use crate::{App, failure};

impl App {
    /// Changes an owned client, at its twin first; of a shared one only what is ours: tag and notes.
    pub(crate) async fn change_client(&self, change: ClientChange) -> Result<ClientDetail, Failure> {
        let (before, provider) = self.client_with_provider(&change.client).await?;
        let mut after = before.clone();
        after.name = change.name;
        after.client_id = parse_client_id(&change.client_id, &provider)?;
        after.redirect_uris = change.redirect_uris;
        after.owner = change.owner.trim().to_owned();
        after.tag = change.tag.trim().to_owned();
        after.notes = change.notes;
        if let Some(settings) = change.protocol {
            after.protocol_settings = protocol::read(settings);
        }
        after.updated_at = self.now();
        if before.ownership.may_change() {
            self.refuse_bad_draft(&provider, draft_of(&after))?;
            Self::refuse_bad_settings(&provider, &after.protocol_settings)?;
        } else {
            refuse_change_of_shared(&before, &after)?;
        }
        if before.environment == Environment::Sandbox {
            self.change_at_twin(&before, &after, &provider).await?;
        }
        let (from, to) = (self.destination(&before, &provider), self.destination(&after, &provider));
        if from != to {
            self.refuse_while_rotating(&after.id).await?;
        }
        self.rebind_secrets(&after.id, &from, &to).await?;
        let entry = audit::Entry::about(self.now(), Actor::User, Action::ClientChanged, &after.id, &after.name);
        let row = after.clone();
        let written = self
            .store()?
            .write_durably(move |tx| {
                client::update(tx, &row)?;
                audit::append(tx, &entry)
            })
            .await;
        if let Err(cause) = written {
            self.rebind_secrets(&after.id, &to, &from).await?;
            return Err(failure::of_store(cause));
        }
        self.tell(Event::ClientsChanged);
        if before.name != after.name {
            self.relabel_secrets(&after.id);
        }
        self.client_detail(&after.id).await
    }

    /// Lets the person find a renamed client by its new name in their keyring program. Nobody waits for it, and nothing depends on it.
    fn relabel_secrets(&self, client: &ClientRecordId) {
        let (app, id) = (self.clone(), client.clone());
        self.0.tasks.spawn(async move {
            app.keyring_settled().await;
            let _turn = app.0.relabelling.lock().await;
            // By now it may have been renamed again, and that task may have been here already.
            let Ok((client, provider)) = app.client_with_provider(id.as_str()).await else { return };
            let Ok(versions) = app.versions_of(&id).await else { return };
            for version in versions.into_iter().filter(SecretVersion::has_value) {
                let entry = EntryName::client_secret(&id, version.version);
                if let Err(cause) = app.0.vault.relabel(&entry, &client.name, &provider.name).await {
                    tracing::info!(%entry, %cause, "an entry of the keyring keeps its old label");
                }
            }
        });
    }

    async fn change_at_twin(&self, before: &Client, after: &Client, provider: &Provider) -> Result<(), Failure> {
        if before.client_id != after.client_id {
            return Err(failure::invalid("clientId", "The twin gave this client its ID; it cannot change.")
                .hint("Register a new client to have another ID."));
        }
        if before.owner != after.owner {
            return Err(failure::invalid(
                "owner",
                "The sandbox user who registered this client owns it; that cannot change.",
            )
            .hint("Register a new client as somebody else."));
        }
        if before.name == after.name && before.redirect_uris == after.redirect_uris {
            return Ok(());
        }
        let form = AppForm { name: after.name.clone(), redirect_uris: after.redirect_uris.clone() };
        self.0.sandbox.update_app(&provider.id, &before.owner, &before.client_id, form).await?;
        self.tell(Event::SandboxChanged);
        Ok(())
    }

    /// The person has confirmed an edit by saving it: every kept secret of the client may go where it leads now.
    pub(crate) async fn rebind_secrets(
        &self,
        client: &ClientRecordId,
        from: &SecretDestination,
        to: &SecretDestination,
    ) -> Result<(), Failure> {
        if from == to {
            return Ok(());
        }
        self.keyring_settled().await;
        for version in self.versions_of(client).await?.into_iter().filter(SecretVersion::has_value) {
            let entry = EntryName::client_secret(client, version.version);
            self.0.vault.rebind(&entry, from, to).await.map_err(failure::of_vault)?;
        }
        let (id, bound_to) = (client.clone(), to.clone());
        let write = move |tx: &Transaction<'_>| secret_version::set_destination(tx, &id, &bound_to);
        self.store()?.write_durably(write).await.map_err(failure::of_store)
    }
}

fn draft_of(client: &Client) -> ClientDraft {
    ClientDraft {
        name: client.name.clone(),
        client_id: Some(client.client_id.to_string()),
        client_authentication: client.protocol_settings.client_authentication,
        redirect_uris: client.redirect_uris.clone(),
        ..ClientDraft::new(client.environment)
    }
}

fn refuse_change_of_shared(before: &Client, after: &Client) -> Result<(), Failure> {
    let same = before.name == after.name
        && before.client_id == after.client_id
        && before.redirect_uris == after.redirect_uris
        && before.owner == after.owner
        && before.protocol_settings == after.protocol_settings;
    if same { Ok(()) } else { Err(failure::not_owned()) }
}
