//! Files that were written and the folder of own plans, shown where they are. The window asks for them by what they are and never by a path:
//! whatever gets hold of the window can have nothing shown that was not just written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use gatewright_contract::Failure;
use gatewright_contract::path::KnownPlace;

use crate::{App, failure};

/// Where the last of each kind was written since Gatewright was started.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<KnownPlace, PathBuf>>);

impl App {
    /// Notes that a file, or files in a folder, were written.
    pub(crate) fn wrote(&self, known: KnownPlace, path: &Path) {
        self.0.places.0.lock().unwrap_or_else(PoisonError::into_inner).insert(known, path.to_owned());
    }

    /// Shows a place in the desktop's own program for files.
    pub(crate) async fn show_place(&self, known: KnownPlace) -> Result<(), Failure> {
        let path = match known {
            KnownPlace::WalkPlans => self.plans_folder_to_show()?,
            written => self.last_written(written)?,
        };
        self.0.options.desktop.show_in_folder(path).await.map_err(|error| failure::of_desktop(&error))
    }

    fn last_written(&self, known: KnownPlace) -> Result<PathBuf, Failure> {
        let path = self.0.places.0.lock().unwrap_or_else(PoisonError::into_inner).get(&known).cloned();
        let path = path.ok_or_else(|| failure::not_found("Nothing was written since Gatewright was started."))?;
        if path.exists() {
            return Ok(path);
        }
        let gone = failure::not_found(format!("{} is not there any more.", path.display()));
        Err(gone.hint("It was moved, renamed or deleted after it had been written."))
    }
}
