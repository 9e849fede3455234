//! Clients to files: plain and without secrets, or encrypted and with them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_contract::handover::{ExportLock, Exported, PlainExport, SealedExport};
use gatewright_contract::path::KnownPlace;
use gatewright_handover::parcel::{self, HandedSecret, ParcelClient};
use gatewright_handover::{HandedClient, plain};
use gatewright_model::{Client, ClientRecordId, Environment};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{StoreError, client, secret_version};

use super::files;
use crate::{App, failure};

/// What cannot be handed on is a sandbox client: nobody else can log in with it.
const AT_THE_SANDBOX: &str = "is registered at the sandbox of this computer, where nobody else can use it";

impl App {
    /// Writes clients to a folder, one plain file each. A file of another program's with the same name is left alone.
    pub(crate) async fn export_plain(&self, request: PlainExport) -> Result<Exported, Failure> {
        let folder = files::whole_path(&request.folder, "folder")?;
        let mut left_out = Vec::new();
        let chosen = self.clients_to_hand_on(&request.clients, &mut left_out).await?;
        let handed: Vec<HandedClient> = chosen.iter().map(handed).collect();
        let target = folder.clone();
        let (written, not_ours) = files::off_thread(move || write_all(&target, &handed)).await?;
        if !written.is_empty() {
            self.wrote(KnownPlace::ClientFiles, &folder);
        }
        left_out.extend(not_ours);
        let clients: Vec<_> = written.iter().map(|index| &chosen[*index]).collect();
        self.note_exports(clients.iter().map(|client| (*client, Action::ClientExported, None)).collect()).await?;
        Ok(Exported { place: folder.display().to_string(), clients: count(clients.len()), secrets: 0, left_out })
    }

    /// Writes clients with their secrets to one encrypted file. Of clients that are shared with us nothing goes along.
    pub(crate) async fn export_sealed(&self, request: SealedExport) -> Result<Exported, Failure> {
        if !request.confirmed {
            return Err(failure::invalid("confirmed", "Writing secrets to a file has to be confirmed first."));
        }
        let file = files::whole_path(&request.file, "file")?;
        let lock = match request.lock {
            ExportLock::Passphrase(text) => super::passphrase(text),
            ExportLock::Recipients(keys) => super::recipients(&keys)?,
        };
        let mut left_out = Vec::new();
        let chosen = self.clients_to_hand_on(&request.clients, &mut left_out).await?;
        let (own, shared): (Vec<_>, Vec<_>) =
            chosen.into_iter().partition(|client| client.ownership.may_hand_on_secret());
        if let (Some(first), true) = (shared.first(), own.is_empty() || !request.clients.is_empty()) {
            return Err(failure::not_to_hand_on(&first.name));
        }
        left_out.extend(
            shared
                .iter()
                .map(|client| format!("“{}” is shared with you: its secret is not yours to hand on.", client.name)),
        );
        let mut clients = Vec::with_capacity(own.len());
        for client in &own {
            clients.push(self.with_secret(client, &mut left_out).await?);
        }
        let secrets: Vec<Option<u32>> = clients.iter().map(|(_, version)| *version).collect();
        let clients: Vec<ParcelClient> = clients.into_iter().map(|(client, _)| client).collect();
        let target = file.clone();
        files::off_thread(move || write_parcel(&target, &clients, &lock)).await?;
        self.wrote(KnownPlace::ClientFiles, &file);
        let noted = own.iter().zip(&secrets).map(|(client, version)| {
            (client, if version.is_some() { Action::SecretExported } else { Action::ClientExported }, *version)
        });
        self.note_exports(noted.collect()).await?;
        Ok(Exported {
            place: file.display().to_string(),
            clients: count(own.len()),
            secrets: count(secrets.iter().flatten().count()),
            left_out,
        })
    }

    /// The clients that were asked for, or all; sandbox clients are left out with a sentence.
    async fn clients_to_hand_on(&self, ids: &[String], left_out: &mut Vec<String>) -> Result<Vec<Client>, Failure> {
        let ids: Vec<ClientRecordId> = ids.iter().map(ClientRecordId::new).collect();
        let read = move |db: &gatewright_store::Connection| -> Result<Vec<Client>, StoreError> {
            let wanted = if ids.is_empty() {
                let rows = client::list(db, &client::ClientQuery::default())?;
                rows.into_iter().map(|row| row.id).collect()
            } else {
                ids
            };
            wanted.iter().map(|id| client::find(db, id)).collect()
        };
        let found = self.store()?.read(read).await.map_err(failure::of_store)?;
        let (sandbox, clients): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|client| client.environment == Environment::Sandbox);
        left_out.extend(sandbox.iter().map(|client| format!("“{}” {AT_THE_SANDBOX}.", client.name)));
        if clients.is_empty() {
            let message = if sandbox.is_empty() {
                "There is no client to export.".to_owned()
            } else {
                format!("There is nothing to hand on: what was chosen {AT_THE_SANDBOX}.")
            };
            return Err(failure::invalid("clients", message).hint("Choose clients of a real provider."));
        }
        Ok(clients)
    }

    /// A client with its active secret and where that may be sent; the number of the version where there is one.
    async fn with_secret(
        &self,
        client: &Client,
        left_out: &mut Vec<String>,
    ) -> Result<(ParcelClient, Option<u32>), Failure> {
        let id = client.id.clone();
        let version = self.store()?.read(move |db| secret_version::active(db, &id)).await.map_err(failure::of_store)?;
        let provider = self.0.registry.known().get(client.provider.as_str())?;
        let Some(version) = version else {
            if client.authentication(&provider).needs_secret() {
                left_out.push(format!("The secret of “{}” is not here, so it was written without.", client.name));
            }
            return Ok((ParcelClient { client: handed(client), secret: None }, None));
        };
        let value = self.secret_of(client, &provider, version.version).await?;
        let destination = self.destination(client, &provider);
        let secret = HandedSecret { value, issuer: destination.issuer, token_endpoint: destination.token_endpoint };
        Ok((ParcelClient { client: handed(client), secret: Some(secret) }, Some(version.version)))
    }

    async fn note_exports(&self, exports: Vec<(&Client, Action, Option<u32>)>) -> Result<(), Failure> {
        let now = self.now();
        let lines: Arc<[audit::Entry]> = exports
            .into_iter()
            .map(|(client, action, version)| {
                let line = audit::Entry::about(now, Actor::User, action, &client.id, &client.name);
                audit::Entry { version, ..line }
            })
            .collect();
        let write =
            move |tx: &gatewright_store::Transaction<'_>| lines.iter().try_for_each(|line| audit::append(tx, line));
        self.store()?.write_durably(write).await.map_err(failure::of_store)
    }
}

/// What is handed on of a client.
fn handed(client: &Client) -> HandedClient {
    HandedClient {
        provider: client.provider.clone(),
        environment: client.environment,
        name: client.name.clone(),
        client_id: client.client_id.to_string(),
        redirect_uris: client.redirect_uris.clone(),
        owner: client.owner.clone(),
        tag: client.tag.clone(),
        notes: client.notes.clone(),
        protocol: client.protocol_settings.clone(),
    }
}

/// Writes a file for each client; gives those that were written by their place, and why the others were not.
fn write_all(folder: &Path, clients: &[HandedClient]) -> Result<(Vec<usize>, Vec<String>), Failure> {
    let (mut written, mut left_out) = (Vec::new(), Vec::new());
    for (index, client) in clients.iter().enumerate() {
        let path = folder.join(plain::file_name(client));
        if is_anothers(&path) {
            left_out
                .push(format!("{} is not a client file of Gatewright's, so it was not overwritten.", path.display()));
            continue;
        }
        let text = plain::write(client).map_err(|cause| failure::internal("A client was not written", &cause))?;
        // Not private: the folder is shared with others, and there is nothing in it that they must not see.
        std::fs::write(&path, text).map_err(|cause| files::not_written(&cause))?;
        written.push(index);
    }
    Ok((written, left_out))
}

fn is_anothers(path: &PathBuf) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| !plain::is_meant(&text))
}

fn write_parcel(
    file: &Path,
    clients: &[ParcelClient],
    lock: &gatewright_handover::sealed::Lock,
) -> Result<(), Failure> {
    let sealed = parcel::seal(clients, lock).map_err(|error| super::of_sealing(&error))?;
    files::write_whole(file, |file| file.write_all(&sealed).map_err(|cause| files::not_written(&cause)))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
