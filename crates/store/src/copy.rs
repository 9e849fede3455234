//! A copy of the database for a backup, and what makes a restored one our own.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Transaction, params};

use crate::error::OpenError;
use crate::evidence::{self, FORGET_DELETED_PICTURES, FORGET_PICTURES, PictureFile};
use crate::lock::InstanceLock;
use crate::store::Store;
use crate::{StoreError, connection, migration};

/// How long to wait for a lock of SQLite's. Nobody else has the copy open.
const BUSY: Duration = Duration::from_secs(5);

/// Tokens and what is known of them. A token is bound to the keyring it was sealed for, and a refresh token that is sent after a
/// restore looks to its provider like a stolen one: it may revoke everything that was granted.
const FORGET_TOKENS: &str = "DELETE FROM sealed_token; DELETE FROM token_grant; DELETE FROM replaced_token;
     DELETE FROM keyring_orphan;";

/// What the rows of a copy say of pictures: the files are not in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopiedPictures {
    /// They name them: the files go along.
    Named,
    /// They say that the pictures were left out.
    LeftOut,
}

impl Store {
    /// Writes a copy of the database as it is now, without tokens, to a file that only its owner may read. The file is complete, or the call
    /// has failed. Gives the files of the pictures that its rows name, the one that was taken last first. Blocks.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn copy_without_tokens_blocking(
        &self,
        to: &Path,
        pictures: CopiedPictures,
    ) -> Result<Vec<PictureFile>, OpenError> {
        let path = self.path();
        migration::copy_to(&path, to, BUSY)?;
        let copy = connection::open_writer(to, BUSY)?;
        // One file and nothing beside it.
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        copy.execute_batch(FORGET_TOKENS)?;
        copy.execute_batch(FORGET_DELETED_PICTURES)?;
        if pictures == CopiedPictures::LeftOut {
            copy.execute_batch(FORGET_PICTURES)?;
        }
        let files = evidence::files(&copy)?;
        copy.execute_batch("VACUUM")?;
        copy.close().map_err(|(_, error)| error)?;
        Ok(files)
    }
}

/// Does something with the files of a database while nobody has it open, and keeps everybody from opening it meanwhile. Blocks.
///
/// # Errors
/// [`OpenError::Locked`] when somebody has it open.
pub fn while_closed<T>(database: &Path, work: impl FnOnce() -> T) -> Result<T, OpenError> {
    let _lock = InstanceLock::take(database)?;
    Ok(work())
}

/// Files everything this database has in the keyring under another namespace from now on: its entries have been put there.
pub fn move_to_namespace(tx: &Transaction<'_>, namespace: &str) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE meta SET namespace = ?")?.execute(params![namespace])?;
    Ok(())
}
