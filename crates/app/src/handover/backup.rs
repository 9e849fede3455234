//! Everything to one encrypted file: the database without tokens, every entry of the keyring, the sandbox's apps, the person's own walk
//! plans. Not the pictures of login pages, which can be many times as large as all the rest, and not what login views keep.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use gatewright_contract::handover::{BackupMade, BackupMake};
use gatewright_contract::{Failure, FailureCode};
use gatewright_handover::backup::{self, BackupEntry, BackupHead};
use gatewright_handover::sealed::Lock;
use gatewright_model::ClientRecordId;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{Store, client};
use gatewright_vault::VaultEntry;

use super::{files, plans};
use crate::{App, failure};

/// The database's copy, beside the database and as private: it goes as soon as it is in the backup.
const COPY: &str = "backup.unfinished-copy";

impl App {
    /// Writes a backup. The database is copied first: an entry that comes into the keyring meanwhile is one that no row knows, which is
    /// harmless, and a row whose entry is missing would be a lost secret.
    pub(crate) async fn make_backup(&self, request: BackupMake) -> Result<BackupMade, Failure> {
        if !request.confirmed {
            return Err(failure::invalid("confirmed", "Writing secrets to a file has to be confirmed first."));
        }
        let file = files::whole_path(&request.file, "file")?;
        let lock = super::passphrase(request.passphrase);
        self.keyring_settled().await;
        let (store, copy) = (self.store()?.clone(), self.0.options.data_dir.join(COPY));
        let target = copy.clone();
        let copied = files::off_thread(move || copy_database(&store, &target)).await;
        let made = match copied {
            Ok(()) => self.write_backup(file, copy.clone(), lock).await,
            Err(failure) => Err(failure),
        };
        // It holds no secret, and nobody needs it any more.
        let _gone = fs::remove_file(&copy);
        let made = made?;
        let line = audit::Entry {
            at: self.now(),
            actor: Actor::User,
            action: Action::BackupMade,
            client: None,
            client_name: None,
            version: None,
            run: None,
            detail: None,
        };
        self.store()?.write_durably(move |tx| audit::append(tx, &line)).await.map_err(failure::of_store)?;
        Ok(made)
    }

    async fn write_backup(&self, file: PathBuf, copy: PathBuf, lock: Lock) -> Result<BackupMade, Failure> {
        let entries = self.0.vault.entries_for_backup().await.map_err(failure::of_vault)?;
        let labels = self.labels().await?;
        let (clients, secrets) = (labels.len(), entries.len());
        let folder = self.0.options.data_dir.join(crate::walks::PLANS);
        let packed = files::off_thread(move || plans::pack(&folder)).await?;
        if !packed.left_out.is_empty() {
            tracing::warn!(files = ?packed.left_out, "walk plans that no restore would take are not in the backup");
        }
        let head = BackupHead {
            made_at: self.now().to_string(),
            made_by: env!("CARGO_PKG_VERSION").to_owned(),
            walk_plans: packed.plans,
            sandbox_apps: fs::read_to_string(self.0.options.data_dir.join(crate::sandbox::APPS_FILE)).ok(),
            entries: entries.into_iter().map(|entry| labelled(entry, &labels)).collect(),
        };
        let target = file.clone();
        let bytes = files::off_thread(move || write(&target, &head, &copy, &lock)).await?;
        #[expect(clippy::cast_precision_loss, reason = "megabytes with a few digits are shown to a person")]
        let megabytes = bytes as f64 / 1e6;
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(BackupMade { file: file.display().to_string(), clients: count(clients), secrets: count(secrets), megabytes })
    }

    /// The names of every client and of its provider, for the labels in the keyring.
    async fn labels(&self) -> Result<HashMap<ClientRecordId, (String, String)>, Failure> {
        let rows = self
            .store()?
            .read(|db| client::list(db, &client::ClientQuery::default()))
            .await
            .map_err(failure::of_store)?;
        let known = self.0.registry.known();
        Ok(rows.into_iter().map(|row| (row.id, (row.name, known.name(&row.provider)))).collect())
    }
}

fn labelled(entry: VaultEntry, labels: &HashMap<ClientRecordId, (String, String)>) -> BackupEntry {
    let client = entry.name.client_version().and_then(|(client, _)| labels.get(&client));
    let label = entry.name.label(client.map(|(name, provider)| (name.as_str(), provider.as_str())));
    BackupEntry { name: entry.name.to_string(), label, text: entry.text }
}

fn copy_database(store: &Store, to: &Path) -> Result<(), Failure> {
    store.copy_without_tokens_blocking(to).map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "the database was not copied");
        match error {
            gatewright_store::OpenError::DiskFull => {
                Failure::new(FailureCode::DiskFull, "The disk is full: no backup was made.")
                    .hint("Make room on the disk, then try again.")
            }
            error => failure::internal("The database was not copied", &error),
        }
    })
}

fn write(file: &Path, head: &BackupHead, copy: &Path, lock: &Lock) -> Result<u64, Failure> {
    let mut database = File::open(copy).map_err(|cause| files::not_written(&cause))?;
    files::write_whole(file, |output| {
        backup::write(head, &mut database, lock, std::io::BufWriter::new(&mut *output))
            .and_then(|writer| Ok(writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.metadata()?.len()))
            .map_err(|error| super::of_sealing(&error))
    })
}
