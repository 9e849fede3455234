//! Deleting a client, taking that back, and what follows when nobody did.

use gatewright_contract::client::{ClientDetail, Deleted};
use gatewright_contract::{Event, Failure};
use gatewright_model::{Client, ClientRecordId, Environment, Ownership};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::client;
use jiff::{SignedDuration, Timestamp};

use crate::failpoint::reached;
use crate::{App, failure, undo};

impl App {
    /// Hides a client at once. After the undo time its secrets leave the keyring, the twin forgets it, and its row goes.
    pub(crate) async fn delete_client(&self, id: &str) -> Result<Deleted, Failure> {
        let id = ClientRecordId::new(id);
        self.refuse_while_rotating(&id).await?;
        let (now, wanted) = (self.now(), id.clone());
        let name = self
            .store()?
            .write_durably(move |tx| {
                let name = client::find(tx, &wanted)?.name;
                client::delete(tx, &wanted, now)?;
                audit::append(tx, &audit::Entry::about(now, Actor::User, Action::ClientDeleted, &wanted, &name))?;
                Ok(name)
            })
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::ClientsChanged);
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            app.purge_clients().await;
        });
        Ok(undo::deleted(name, now))
    }

    /// Takes a deletion back.
    pub(crate) async fn restore_client(&self, id: &str) -> Result<ClientDetail, Failure> {
        let id = ClientRecordId::new(id);
        let (now, wanted) = (self.now(), id.clone());
        self.store()?
            .write_durably(move |tx| {
                client::restore(tx, &wanted)?;
                let name = client::find(tx, &wanted)?.name;
                audit::append(tx, &audit::Entry::about(now, Actor::User, Action::ClientRestored, &wanted, &name))
            })
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::ClientsChanged);
        self.client_detail(&id).await
    }

    /// Waits for the undo time, or until Gatewright ends: then what is left is done at the next start.
    pub(crate) async fn wait_for_undo(&self) {
        tokio::select! {
            () = self.0.clock.sleep(undo::UNDO) => {}
            () = self.0.ending.cancelled() => {}
        }
    }

    /// Finishes deletions whose undo time is over. What cannot be finished now is tried again at the next start. A database from an earlier
    /// day finishes none: the deletion may have been taken back since, and its secrets are in the keyring that both have.
    pub(crate) async fn purge_clients(&self) {
        self.keyring_settled().await;
        if !self.knows_what_it_forgot() {
            return;
        }
        let undo = SignedDuration::try_from(undo::UNDO).unwrap_or_default();
        let Ok(before) = self.now().checked_sub(undo) else { return };
        if let Err(cause) = self.purge_clients_deleted_before(before).await {
            tracing::warn!(message = cause.message, "a deletion is finished at the next start");
        }
    }

    async fn purge_clients_deleted_before(&self, time: Timestamp) -> Result<(), Failure> {
        let due = self.store()?.read(move |db| client::deleted_before(db, time)).await.map_err(failure::of_store)?;
        for id in due {
            let wanted = id.clone();
            let found = self
                .store()?
                .read(move |db| client::find_even_deleted(db, &wanted))
                .await
                .map_err(failure::of_store)?;
            let Some(client) = found else { continue };
            self.keyring_settled().await;
            reached("purge: due");
            if !self.forget_secrets(&id).await? {
                continue;
            }
            reached("purge: out of the keyring");
            self.forget_at_twin(&client).await;
            reached("purge: forgotten at the twin");
            let now = self.now();
            self.store()?
                .write_durably(move |tx| {
                    client::purge(tx, &id)?;
                    audit::append(
                        tx,
                        &audit::Entry::about(now, Actor::Gatewright, Action::ClientPurged, &id, &client.name),
                    )
                })
                .await
                .map_err(failure::of_store)?;
        }
        Ok(())
    }

    async fn forget_at_twin(&self, client: &Client) {
        if client.environment == Environment::Sandbox && client.ownership == Ownership::Owned {
            self.0.sandbox.forget_app(&client.provider, &client.owner, &client.client_id).await;
            self.tell(Event::SandboxChanged);
        }
    }
}
