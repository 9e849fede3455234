//! Tests: what each function of the store promises, and what bad luck leaves.

mod canary;
mod cancel_observation;
mod client;
mod copy;
mod crash;
mod discovered_provider;
mod evidence;
mod grant;
mod known_secret;
mod lifecycle;
mod migration;
mod nearby_host;
mod observation;
mod open;
mod plan;
mod refusal;
mod registration;
mod results;
mod rotation;
mod run;
mod search;
mod secret;
mod secret_rotation;
mod small_tables;
mod sqlite;
mod test_user;
mod walk;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Options, Store};

/// A store in a folder of its own, which goes with it.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&database(&folder), &Options::default()).unwrap();
        Self { store, folder }
    }

    /// Closes the database and opens it again, as a restart does.
    pub(crate) fn reopened(self) -> Self {
        let Self { store, folder } = self;
        drop(store);
        let store = Store::open(&database(&folder), &Options::default()).unwrap();
        Self { store, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        database(&self.folder)
    }
}

pub(crate) fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("gatewright.sqlite")
}

/// What is in a database's file and its log, byte for byte.
pub(crate) fn bytes(path: &Path) -> (Vec<u8>, Option<Vec<u8>>) {
    let log = std::fs::read(crate::lock::beside(path, "-wal")).ok();
    (std::fs::read(path).unwrap(), log.filter(|log| !log.is_empty()))
}
