//! What login views keep of test users: one folder each, below the data folder, for nobody else to read.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gatewright_model::TestUser;
use gatewright_store::test_user;

use crate::App;
use crate::desktop::ViewStorage;

/// The folder below the data folder.
pub(crate) const FOLDER: &str = "test-users";

impl App {
    /// Where a login view keeps what it keeps of a test user. A folder that cannot be made is told, and nothing is kept.
    pub(crate) fn storage_of(&self, user: &TestUser) -> ViewStorage {
        let Some(folder) = self.storage_folder_of(user) else { return ViewStorage::ThrownAway };
        match make_private(&folder) {
            Ok(()) => ViewStorage::KeptIn(folder),
            Err(cause) => {
                tracing::error!(%cause, "there is no folder for what a login view keeps");
                self.notice(
                    format!("Nothing is kept of {}: its folder could not be made.", user.name),
                    Some("Is there room on the disk? The login goes on as if nothing were to be kept.".to_owned()),
                );
                ViewStorage::ThrownAway
            }
        }
    }

    /// Whether a login view has kept anything of a test user.
    pub(super) fn keeps_something_of(&self, user: &TestUser) -> bool {
        let entries = self.storage_folder_of(user).map(fs::read_dir);
        entries.is_some_and(|entries| entries.is_ok_and(|mut entries| entries.next().is_some()))
    }

    /// Removes what was kept of a test user. What cannot be removed now is removed at the next start.
    pub(super) async fn remove_storage_of(&self, user: &TestUser) {
        if let Some(folder) = self.storage_folder_of(user) {
            on_disk(move || remove(&folder)).await;
        }
    }

    /// Removes what is kept of nobody: of test users who are gone, and what was forgotten while a browser process still held it.
    /// A database that is from an earlier day, or may be, does not know everybody.
    pub(crate) async fn sweep_storage(&self) {
        if !self.knows_what_it_forgot() {
            return;
        }
        let Ok(store) = self.store() else { return };
        let users = match store.read(test_user::list_even_deleted).await {
            Ok(users) => users,
            Err(cause) => return tracing::warn!(%cause, "what is kept of nobody stays until the next start"),
        };
        let needed: BTreeSet<String> = users.iter().filter_map(TestUser::storage_folder).collect();
        let folder = self.storage_root();
        on_disk(move || sweep(&folder, &needed)).await;
    }

    fn storage_folder_of(&self, user: &TestUser) -> Option<PathBuf> {
        user.storage_folder().map(|name| self.storage_root().join(name))
    }

    fn storage_root(&self) -> PathBuf {
        // Web views take absolute paths only.
        let root = &self.0.options.data_dir;
        std::path::absolute(root).unwrap_or_else(|_| root.clone()).join(FOLDER)
    }
}

async fn on_disk(work: impl FnOnce() -> io::Result<()> + Send + 'static) {
    let done = tokio::task::spawn_blocking(work).await;
    if let Err(cause) = done.map_err(io::Error::other).flatten() {
        tracing::warn!(%cause, "what was kept of a test user is removed at the next start");
    }
}

/// Makes a folder that nobody else can look into: WebKit writes cookies down as they are.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn sweep(root: &Path, needed: &BTreeSet<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if !needed.contains(&*entry.file_name().to_string_lossy()) && entry.file_type()?.is_dir() {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_leaves_what_is_needed_and_what_is_no_folder_of_ours() {
        let root = tempfile::tempdir().unwrap();
        for name in ["abc-1", "abc-2", "def-1"] {
            make_private(&root.path().join(name)).unwrap();
            fs::write(root.path().join(name).join("cookies"), "session=1").unwrap();
        }
        fs::write(root.path().join("note.txt"), "a person's own").unwrap();
        sweep(root.path(), &BTreeSet::from(["abc-2".to_owned()])).unwrap();
        let mut left: Vec<_> =
            fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["abc-2", "note.txt"]);
    }

    #[test]
    fn there_is_nothing_to_sweep_before_anything_was_kept() {
        let root = tempfile::tempdir().unwrap();
        sweep(&root.path().join("nothing"), &BTreeSet::new()).unwrap();
        remove(&root.path().join("nothing")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_looks_into_what_is_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("test-users").join("abc-1");
        make_private(&folder).unwrap();
        for one in [folder.as_path(), folder.parent().unwrap()] {
            assert_eq!(fs::metadata(one).unwrap().permissions().mode() & 0o777, 0o700, "{}", one.display());
        }
    }
}
