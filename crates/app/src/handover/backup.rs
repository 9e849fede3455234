//! Everything to one encrypted file: the database without tokens, every entry of the keyring, the sandbox's apps, the person's own walk
//! plans, and the pictures of login pages where they are wanted, which can be many times as large as all the rest. Not what login views
//! keep.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatewright_contract::handover::{BackupMade, BackupMake, BackupWork};
use gatewright_contract::path::KnownPlace;
use gatewright_contract::{Failure, FailureCode};
use gatewright_handover::backup::{self, BackupEntry, BackupHead};
use gatewright_handover::sealed::{Lock, SealingError};
use gatewright_model::ClientRecordId;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::copy::CopiedPictures;
use gatewright_store::evidence::PictureFile;
use gatewright_store::{Store, client};
use gatewright_vault::VaultEntry;

use super::pictures::{Chosen, Packed};
use super::under_way::{UnderWay, Watched};
use super::{files, pictures, plans};
use crate::evidence::Folder;
use crate::failpoint::reached;
use crate::show::megabytes;
use crate::{App, failure};

/// The database's copy, beside the database and as private: it goes as soon as it is in the backup.
const COPY: &str = "backup.unfinished-copy";

/// What SQLite keeps beside the copy while it takes the tokens out. Left there, it would be taken for that of the next copy.
const BESIDE_COPY: [&str; 4] = ["-journal", "-wal", "-shm", ""];

/// Removes the database's copy: nobody needs it any more. Who has the database's lock may do it also at the start, after a crash.
pub(crate) fn remove_copy(data_dir: &Path) {
    let copy = data_dir.join(COPY);
    for part in BESIDE_COPY {
        match fs::remove_file(files::beside(&copy, part)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%cause, "the copy for a backup stays; tried again at the next start");
            }
            _ => {}
        }
    }
}

impl App {
    /// Writes a backup. The database is copied first: an entry that comes into the keyring meanwhile is one that no row knows, which is
    /// harmless, and a row whose entry is missing would be a lost secret.
    pub(crate) async fn make_backup(&self, request: BackupMake) -> Result<BackupMade, Failure> {
        if !request.confirmed {
            return Err(failure::invalid("confirmed", "Writing secrets to a file has to be confirmed first."));
        }
        let file = files::whole_path(&request.file, "file")?;
        let lock = super::passphrase(request.passphrase);
        let turn = self.backup_turn(BackupWork::Making)?;
        turn.work.unless_stopped(self.keyring_settled()).await?;
        let (store, copy) = (self.store()?.clone(), self.0.options.data_dir.join(COPY));
        let target = copy.clone();
        let named = if request.with_pictures { CopiedPictures::Named } else { CopiedPictures::LeftOut };
        let copied = files::off_thread(move || copy_database(&store, &target, named)).await;
        reached("backup: database copied");
        let made = match copied {
            Ok(named) => {
                let chosen = request.with_pictures.then(|| pictures::choose(named));
                self.write_backup(file, Source { copy: copy.clone(), chosen, lock }, Arc::clone(&turn.work)).await
            }
            Err(failure) => Err(failure),
        };
        remove_copy(&self.0.options.data_dir);
        let made = made.map_err(|failure| turn.work.reason(failure))?;
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

    async fn write_backup(&self, file: PathBuf, source: Source, work: Arc<UnderWay>) -> Result<BackupMade, Failure> {
        let entries = work.unless_stopped(self.0.vault.entries_for_backup()).await?.map_err(failure::of_vault)?;
        let labels = self.labels().await?;
        let (clients, secrets) = (labels.len(), entries.len());
        let folder = self.0.options.data_dir.join(crate::walks::PLANS);
        let packed = files::off_thread(move || plans::pack(&folder)).await?;
        let head = BackupHead {
            made_at: self.now().to_string(),
            made_by: env!("CARGO_PKG_VERSION").to_owned(),
            walk_plans: packed.plans,
            sandbox_apps: fs::read_to_string(self.0.options.data_dir.join(crate::sandbox::APPS_FILE)).ok(),
            entries: entries.into_iter().map(|entry| labelled(entry, &labels)).collect(),
        };
        let (target, album) = (file.clone(), Folder::in_data_dir(&self.0.options.data_dir));
        let (bytes, pictures) = files::off_thread(move || write(&target, &head, &source, &album, &work)).await?;
        self.wrote(KnownPlace::Backup, &file);
        let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(BackupMade {
            file: file.display().to_string(),
            clients: count(clients),
            secrets: count(secrets),
            pictures: pictures.pictures,
            megabytes: megabytes(bytes),
            left_out: [packed.left_out, pictures.left_out].concat(),
        })
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

/// What a backup is made of, besides its head.
struct Source {
    /// The database's copy.
    copy: PathBuf,
    /// The pictures; none where they are not wanted.
    chosen: Option<Chosen>,
    lock: Lock,
}

fn copy_database(store: &Store, to: &Path, pictures: CopiedPictures) -> Result<Vec<PictureFile>, Failure> {
    store.copy_without_tokens_blocking(to, pictures).map_err(|error| {
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

/// Writes the file as a whole, or nothing of it. Says how many bytes it has, and what became of the pictures.
fn write(
    file: &Path,
    head: &BackupHead,
    source: &Source,
    album: &Folder,
    work: &UnderWay,
) -> Result<(u64, Packed), Failure> {
    let mut database = File::open(&source.copy).map_err(|cause| files::not_written(&cause))?;
    let length = database.metadata().map_err(|cause| files::not_written(&cause))?.len();
    work.expect(length + source.chosen.as_ref().map_or(0, |chosen| chosen.bytes));
    let mut pack = |output: &mut File| -> Result<(u64, Packed), SealingError> {
        let output = BufWriter::new(Watched::new(output, work));
        let (output, packed) = match &source.chosen {
            None => (backup::write(head, &mut database, &source.lock, output)?, Packed::default()),
            Some(chosen) => {
                let mut backup = backup::begin_with_pictures(head, &mut database, length, &source.lock, output)?;
                let packed = pictures::pack(chosen, album, &mut backup)?;
                (backup.finish()?, packed)
            }
        };
        let output = output.into_inner().map_err(io::IntoInnerError::into_error)?.into_inner();
        Ok((output.metadata()?.len(), packed))
    };
    files::write_whole(file, |output| pack(output).map_err(|error| super::of_sealing(&error)))
}
