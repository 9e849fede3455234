//! Taking clients in, exactly as they were shown, and taking that back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gatewright_contract::handover::{ImportStanding, ImportTake, Imported};
use gatewright_contract::{Event, Failure};
use gatewright_model::{Client, Ownership};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{StoreError, client};

use super::judge::Candidate;
use crate::clients::model_ownership;
use crate::failpoint::reached;
use crate::secrets::Kept;
use crate::show::client as show;
use crate::{App, failure, undo};

/// The imports of this session that can be taken back: the record ids each has made.
#[derive(Default)]
pub(crate) struct Imports(Mutex<HashMap<String, Vec<String>>>);

impl App {
    /// Takes clients in. Their secrets go into the keyring one by one, each with its intent; then one transaction writes every row. A
    /// crash in between leaves no client, and the next start clears the entries away.
    pub(crate) async fn take_import(&self, request: ImportTake) -> Result<Imported, Failure> {
        let look = self.0.looks.take(&request.look).ok_or_else(failure::changed_meanwhile)?;
        let asked = model_ownership(request.ownership);
        let ownership = if look.is_somebody_elses { Ownership::Shared } else { asked };
        let is_chosen = |(index, candidate): &(u32, Candidate)| {
            request.clients.contains(index) && candidate.standing == ImportStanding::New
        };
        let chosen: Vec<Candidate> =
            (0..).zip(look.clients).filter(is_chosen).map(|(_, candidate)| candidate).collect();
        if chosen.is_empty() {
            return Err(failure::invalid("clients", "Nothing was chosen.")
                .hint("Choose at least one client that can be added."));
        }
        let mut taken = Vec::with_capacity(chosen.len());
        for candidate in chosen {
            match self.keep_candidate(candidate, ownership).await {
                Ok(kept) => taken.push(kept),
                Err(failure) => {
                    self.drop_all(&taken).await;
                    return Err(failure);
                }
            }
        }
        reached("import: every secret in the keyring");
        self.record(taken, ownership).await
    }

    /// Puts the secret of a client into the keyring; the client is not written yet.
    async fn keep_candidate(
        &self,
        candidate: Candidate,
        ownership: Ownership,
    ) -> Result<(Client, Option<Kept>), Failure> {
        let (Some(client), Some(provider)) = (candidate.client, candidate.provider) else {
            return Err(failure::changed_meanwhile());
        };
        let client = Client { ownership, ..client };
        let kept = match candidate.secret {
            Some(secret) => Some(self.keep_secret(&client, &provider, secret).await?),
            None => None,
        };
        Ok((client, kept))
    }

    async fn record(&self, taken: Vec<(Client, Option<Kept>)>, ownership: Ownership) -> Result<Imported, Failure> {
        let (now, taken) = (self.now(), Arc::new(taken));
        let to_write = Arc::clone(&taken);
        let written = self
            .store()?
            .write_durably(move |tx| {
                // The preview said that none is here yet; that has to hold still, or nothing is written.
                for (client, _) in to_write.iter() {
                    if is_known(tx, client)? {
                        return Ok(false);
                    }
                }
                for (client, kept) in to_write.iter() {
                    client::insert(tx, client)?;
                    if let Some(kept) = kept {
                        kept.record(tx)?;
                    }
                    let action = if kept.is_some() { Action::SecretImported } else { Action::ClientImported };
                    audit::append(tx, &audit::Entry::about(now, Actor::User, action, &client.id, &client.name))?;
                }
                Ok(true)
            })
            .await;
        if !matches!(written, Ok(true)) {
            self.drop_all(&taken).await;
            return Err(written.map_or_else(failure::of_store, |_| failure::changed_meanwhile()));
        }
        reached("import: clients recorded");
        let clients: Vec<String> = taken.iter().map(|(client, _)| client.id.to_string()).collect();
        let import = self.new_id()?;
        self.0.imports.0.lock().unwrap_or_else(PoisonError::into_inner).insert(import.clone(), clients.clone());
        self.tell(Event::ClientsChanged);
        let secrets = taken.iter().filter(|(_, kept)| kept.is_some()).count();
        Ok(Imported {
            import,
            clients,
            secrets: u32::try_from(secrets).unwrap_or(u32::MAX),
            ownership: show::ownership(ownership),
            undo_ms: u32::try_from(undo::UNDO.as_millis()).unwrap_or(u32::MAX),
        })
    }

    async fn drop_all(&self, taken: &[(Client, Option<Kept>)]) {
        for kept in taken.iter().filter_map(|(_, kept)| kept.as_ref()) {
            self.drop_kept(kept).await;
        }
    }

    /// Takes an import back: its clients are deleted like any others.
    pub(crate) async fn undo_import(&self, import: &str) -> Result<(), Failure> {
        let clients = self.0.imports.0.lock().unwrap_or_else(PoisonError::into_inner).remove(import);
        let clients = clients.ok_or_else(|| {
            failure::not_found("This import cannot be taken back any more.").hint("Delete its clients one by one.")
        })?;
        for client in clients {
            // One that was deleted in the meantime is gone already.
            match self.delete_client(&client).await {
                Err(failure) if failure.code != gatewright_contract::FailureCode::NotFound => return Err(failure),
                _ => {}
            }
        }
        Ok(())
    }
}

fn is_known(tx: &gatewright_store::Transaction<'_>, client: &Client) -> Result<bool, StoreError> {
    Ok(client::find_by_identifier(tx, &client.provider, client.environment, &client.client_id)?.is_some())
}
