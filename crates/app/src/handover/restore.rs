//! Everything back from a backup.
//!
//! What is here stays as it is until the last moment, and after it: the restored database gets a namespace of its own in the keyring, so
//! that not one entry of the present database is touched, and takes the present one's place at the next start.
//!
//! | step | what is left when it ends here | the next start |
//! | --- | --- | --- |
//! | 1 `restore/intent` names the new namespace | the intent | removes every entry of that namespace, then the folder |
//! | 2 database, sandbox apps, walk plans and pictures in `restore/`, the database brought up to date | the same | the same |
//! | 3 every entry into the keyring, each read back | the same | the same |
//! | 4 `restore/intent` becomes `restore/ready` | a restore that is ready | goes on with step 5 |
//! | 5 at the start: the present files are put aside, the restored ones take their place | some of them moved | goes on |
//! | 6 the folder `restore/` goes | the restored database | nothing |
//!
//! Where another restore begins after step 4, `restore/ready` becomes `restore/intent` again before anything of the first one goes: from
//! then on a start does what it does after step 1.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use gatewright_contract::handover::{BackupReady, BackupRestore, BackupWork};
use gatewright_contract::{Failure, FailureCode};
use gatewright_handover::backup::{self, BackupEntry, BackupError, BackupHead};
use gatewright_handover::sealed::Key;
use gatewright_protocol::Secret;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{OpenError, Options, Store, client, copy, evidence, run};
use gatewright_vault::{EntryName, KeyringState, Namespace, Vault, VaultEntry, VaultPlace};

use super::under_way::{UnderWay, Watched};
use super::{files, pictures, plans};
use crate::failpoint::reached;
use crate::start::DATABASE;
use crate::{App, KeyringChoice, failure};

const FOLDER: &str = "restore";
const INTENT: &str = "intent";
const READY: &str = "ready";
/// What stands after the name of a file that was put aside.
const ASIDE: &str = ".before-restore";
/// What SQLite keeps beside a database, and the database itself last: a log must never be found beside another one's database.
const PARTS: [&str; 3] = ["-wal", "-shm", ""];

impl App {
    /// Opens a backup and gets it ready for the next start.
    pub(crate) async fn restore_backup(&self, request: BackupRestore) -> Result<BackupReady, Failure> {
        if !request.confirmed {
            return Err(failure::invalid(
                "confirmed",
                "Putting a backup in the place of what is here has to be confirmed first.",
            ));
        }
        let file = files::whole_path(&request.file, "file")?;
        let key = Key::Passphrase(Secret::new(request.passphrase));
        let turn = self.backup_turn(BackupWork::Restoring)?;
        turn.work.unless_stopped(self.keyring_settled()).await?;
        let (namespace, vault) = self.vault_of_its_own().await?;
        // A wrong file or passphrase shall take nothing from a backup that is ready.
        let (named, tried) = (file.clone(), key.clone());
        files::off_thread(move || opens(&named, &tried)).await.map_err(|failure| turn.work.reason(failure))?;
        self.forget_unfinished_restore().await?;
        let folder = self.0.options.data_dir.join(FOLDER);
        let (place, intended) = (folder.clone(), namespace.clone());
        let work = Arc::clone(&turn.work);
        let unpacked = files::off_thread(move || unpack(&file, &key, &place, &intended, &work)).await;
        let ready = match unpacked {
            Ok(unpacked) => self.adopt(unpacked, &folder, Vacant { namespace, vault }, &turn.work).await,
            Err(failure) => Err(failure),
        };
        match &ready {
            Ok(ready) => self.0.backups.set_ready(Some(ready.clone())),
            // What the person has is as it was; what was begun goes now, or at the next start.
            Err(_) => self.forget_unfinished_restore().await?,
        }
        ready.map_err(|failure| turn.work.reason(failure))
    }

    /// A vault under a namespace that nobody has used, in the system's keyring.
    async fn vault_of_its_own(&self) -> Result<(String, Vault), Failure> {
        let absent = |state: &KeyringState| {
            let failure = Failure::new(
                FailureCode::KeyringAbsent,
                "The secrets of a backup go into the keyring, and there is none to use.",
            );
            failure.hint(state.next_step().unwrap_or("Check the keyring under Settings."))
        };
        if self.0.options.keyring == KeyringChoice::Session {
            return Err(absent(&self.0.vault.state()));
        }
        let name = self.new_id()?;
        let namespace =
            Namespace::new(&name).map_err(|cause| failure::internal("No name for the keyring's entries", &cause))?;
        let vault =
            Vault::open(VaultPlace::system(crate::start::random_bytes(&self.0.entropy)).with_namespace(namespace));
        match vault.probe().await {
            KeyringState::Ready => Ok((name, vault)),
            KeyringState::Locked | KeyringState::Unanswered => {
                Err(failure::of_vault(gatewright_vault::VaultError::Locked))
            }
            state => Err(absent(&state)),
        }
    }

    /// Makes the unpacked database this computer's, and puts the entries into the keyring.
    async fn adopt(
        &self,
        unpacked: Unpacked,
        folder: &Path,
        Vacant { namespace, vault }: Vacant,
        work: &UnderWay,
    ) -> Result<BackupReady, Failure> {
        let Unpacked { head, pictures, mut left_out } = unpacked;
        left_out.extend(pictures.left_out());
        let line = audit::Entry {
            at: self.now(),
            actor: Actor::User,
            action: Action::BackupRestored,
            client: None,
            client_name: None,
            version: None,
            run: None,
            detail: Some(format!("made {} by version {}", head.made_at, head.made_by)),
        };
        let (database, kept) = (folder.join(DATABASE), u32::try_from(pictures.there.len()).unwrap_or(u32::MAX));
        let (clients, runs) =
            files::off_thread(move || settle_database(&database, &namespace, &pictures.there, &line)).await?;
        reached("restore: database unpacked");
        let mut secrets = 0;
        for entry in head.entries {
            work.go_on()?;
            let Some((entry, label)) = named(entry) else { continue };
            vault.put_back(entry, label).await.map_err(failure::of_vault)?;
            reached("restore: an entry put back");
            secrets += 1;
        }
        reached("restore: every entry put back");
        // The last time that it can be stopped: what is ready is used at the next start.
        work.go_on()?;
        let place = folder.to_owned();
        files::off_thread(move || declare_ready(&place).map_err(|cause| files::not_written(&cause))).await?;
        reached("restore: ready");
        let (made_at, made_by) = (head.made_at, head.made_by);
        Ok(BackupReady { made_at, made_by, clients, runs, secrets, pictures: kept, left_out })
    }

    /// Takes back a restore that was interrupted before it was ready. Also one that is ready and was not yet used: another follows it.
    pub(crate) async fn forget_unfinished_restore(&self) -> Result<(), Failure> {
        let folder = self.0.options.data_dir.join(FOLDER);
        // First of all it is ready no more: a start in the midst of this must not take what has lost its entries.
        ready_no_more(&folder).map_err(|cause| files::not_written(&cause))?;
        self.0.backups.set_ready(None);
        let intended = fs::read_to_string(folder.join(INTENT)).ok();
        if let Some(namespace) = intended.and_then(|text| Namespace::new(text.trim()).ok()) {
            let place = VaultPlace::system(crate::start::random_bytes(&self.0.entropy)).with_namespace(namespace);
            Vault::open(place).remove_every_entry().await.map_err(failure::of_vault)?;
            reached("restore: another taken back");
        }
        match fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(files::not_written(&cause)),
            _ => Ok(()),
        }
    }

    /// At the start: a restore without `ready` was interrupted.
    pub(crate) async fn tidy_unfinished_restore(&self) {
        let folder = self.0.options.data_dir.join(FOLDER);
        // One that is ready waits for a start that can use it. And without the database's lock this may be another instance's, under way.
        let is_ours = self.0.store.is_ok() && self.0.options.keyring == KeyringChoice::System;
        if !is_ours || !folder.exists() || folder.join(READY).exists() {
            return;
        }
        match self.forget_unfinished_restore().await {
            Ok(()) => self.notice(
                "A restore was interrupted, and taken back.",
                Some("Everything is as it was. Restore the backup again.".to_owned()),
            ),
            Err(failure) => {
                tracing::warn!(message = failure.message, "an interrupted restore is taken back at the next start");
            }
        }
    }
}

/// A namespace in the keyring that nobody has used, and the vault under it.
struct Vacant {
    namespace: String,
    vault: Vault,
}

/// What came out of a backup, besides the files that are in the folder now.
struct Unpacked {
    head: BackupHead,
    pictures: pictures::Unpacked,
    /// What was not restored, and why, in sentences.
    left_out: Vec<String>,
}

/// Whether the key opens the backup.
fn opens(file: &Path, key: &Key) -> Result<(), Failure> {
    let input = File::open(file).map_err(|cause| files::not_read(&cause))?;
    backup::open(BufReader::new(input), key).map(drop).map_err(|error| of_backup(&error))
}

/// Opens the backup and writes what is in it to the folder, the intent first.
fn unpack(file: &Path, key: &Key, folder: &Path, namespace: &str, work: &UnderWay) -> Result<Unpacked, Failure> {
    let input = File::open(file).map_err(|cause| files::not_read(&cause))?;
    work.expect(input.metadata().map_err(|cause| files::not_read(&cause))?.len());
    let input = BufReader::new(Watched::new(input, work));
    let backup = backup::open(input, key).map_err(|error| of_backup(&error))?;
    fs::create_dir_all(folder).map_err(|cause| files::not_written(&cause))?;
    files::write_whole(&folder.join(INTENT), |file| {
        writeln!(file, "{namespace}").map_err(|cause| files::not_written(&cause))
    })?;
    let head = backup.head.clone();
    if let Some(apps) = &head.sandbox_apps {
        let write = |file: &mut File| file.write_all(apps.as_bytes()).map_err(|cause| files::not_written(&cause));
        files::write_whole(&folder.join(crate::sandbox::APPS_FILE), write)?;
    }
    let left_out = plans::unpack(&head.walk_plans, &folder.join(crate::walks::PLANS))?;
    let pictures = files::write_whole(&folder.join(DATABASE), |file| {
        let mut writer = BufWriter::new(file);
        let pictures = backup.write_database(&mut writer).map_err(|error| super::of_opening(&error))?;
        writer.flush().map_err(|cause| files::not_written(&cause))?;
        Ok(pictures)
    })?;
    let pictures = pictures::unpack(pictures, folder, work)?;
    Ok(Unpacked { head, pictures, left_out })
}

/// Opens the database as any start would, files it under its own namespace, and lets it know which pictures have come along. Says how many
/// clients and runs it has.
fn settle_database(
    path: &Path,
    namespace: &str,
    pictures: &HashSet<String>,
    line: &audit::Entry,
) -> Result<(u32, u32), Failure> {
    let store = Store::open(path, &Options::default()).map_err(|error| of_open(&error))?;
    let written = store.write_durably_blocking(|tx| {
        copy::move_to_namespace(tx, namespace)?;
        evidence::keep_only(tx, pictures)?;
        audit::append(tx, line)
    });
    written.map_err(failure::of_store)?;
    let counted = store.read_blocking(|db| {
        let clients = client::counts(db)?;
        Ok((clients.owned + clients.shared, run::count(db, &run::RunQuery::default())?))
    });
    // Closing the last connection brings everything into the one file.
    counted.map_err(failure::of_store)
}

fn named(entry: BackupEntry) -> Option<(VaultEntry, String)> {
    let Some(name) = EntryName::parse(&entry.name) else {
        tracing::warn!("an entry of the backup is of a kind this version does not know");
        return None;
    };
    Some((VaultEntry { name, text: entry.text }, entry.label))
}

fn declare_ready(folder: &Path) -> io::Result<()> {
    fs::rename(folder.join(INTENT), folder.join(READY))?;
    written(folder)
}

/// Takes that back, if it was said.
fn ready_no_more(folder: &Path) -> io::Result<()> {
    if !folder.join(READY).exists() {
        return Ok(());
    }
    fs::rename(folder.join(READY), folder.join(INTENT))?;
    written(folder)
}

/// Waits until the disk has the names in a folder.
fn written(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// At the start, before the database is opened: puts a restore that is ready in the place of what is here. Can be repeated after every
/// interruption.
pub(crate) fn finish_restore(data_dir: &Path) -> Result<(), OpenError> {
    let folder = data_dir.join(FOLDER);
    match fs::read_to_string(folder.join(READY)) {
        Err(_) => Ok(()),
        Ok(namespace) => {
            let swapped = copy::while_closed(&data_dir.join(DATABASE), || swap(data_dir, &folder, namespace.trim()))?;
            Ok(swapped?)
        }
    }
}

/// Puts the present files aside under a name of their own for each restore, so that no log is left beside another one's database.
fn swap(data_dir: &Path, folder: &Path, namespace: &str) -> io::Result<()> {
    // The cookies are those of the present test users. A backup has none, and the first sweep after it would take these for nobody's.
    let cookies = data_dir.join(crate::test_users::FOLDER);
    move_if_there(&cookies, &files::beside(&cookies, &format!("{ASIDE}-{namespace}")))?;
    swap_pictures(&data_dir.join(crate::evidence::FOLDER), &folder.join(crate::evidence::FOLDER), namespace)?;
    for name in [crate::walks::PLANS, DATABASE, crate::sandbox::APPS_FILE] {
        let (restored, present) = (folder.join(name), data_dir.join(name));
        if !restored.exists() {
            // Moved already, or not in the backup.
            continue;
        }
        let aside = files::beside(&present, &format!("{ASIDE}-{namespace}"));
        for part in PARTS {
            move_if_there(&files::beside(&present, part), &files::beside(&aside, part))?;
        }
        fs::rename(&restored, &present)?;
    }
    tracing::info!("a backup took the place of what was here");
    // The intent first: without `ready` beside it, it would say that the entries which are in use now are to be taken back.
    match fs::remove_file(folder.join(INTENT)) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    fs::remove_dir_all(folder)
}

/// The pictures of the present runs are put aside, for the same reason as the cookies. That is so too where no others come: a restore that
/// an earlier version made ready has none. The folder put aside says that it is done, so it is made even where it stays empty.
fn swap_pictures(present: &Path, restored: &Path, namespace: &str) -> io::Result<()> {
    let aside = files::beside(present, &format!("{ASIDE}-{namespace}"));
    if !aside.exists() {
        move_if_there(present, &aside)?;
        fs::create_dir_all(&aside)?;
    }
    move_if_there(restored, present)
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved,
    }
}

fn of_backup(error: &BackupError) -> Failure {
    match error {
        BackupError::Opening(error) => super::of_opening(error),
        BackupError::NotABackup => failure::invalid("file", error.to_string())
            .hint("Clients that somebody handed on are taken in under Clients, Import."),
        BackupError::Newer => {
            failure::invalid("file", error.to_string()).hint("Install the newer version, then restore it there.")
        }
    }
}

fn of_open(error: &OpenError) -> Failure {
    tracing::error!(error = error as &dyn std::error::Error, "the restored database was not opened");
    match error {
        OpenError::NewerSchema { .. } => failure::invalid("file", "A newer Gatewright made this backup.")
            .hint("Install the newer version, then restore it there."),
        OpenError::DiskFull => Failure::new(FailureCode::DiskFull, "The disk is full: nothing was restored.")
            .hint("Make room on the disk, then try again."),
        _ => failure::invalid("file", "The database in this backup cannot be used.")
            .hint("Try another backup. Nothing was changed here; the log says more."),
    }
}

#[cfg(test)]
mod tests;
