//! Handing clients on, taking them in, and backups.
//!
//! Formats are in `gatewright-handover`; here are the files, the keyring and the rules: what is shared with us is never handed on with
//! its secret, what comes out of somebody's encrypted file is shared with us, and nothing is taken in that was not shown first.

mod backup;
mod export;
pub(crate) mod files;
mod judge;
mod look;
mod pictures;
mod plans;
mod restore;
mod take;
mod under_way;

pub(crate) use self::backup::remove_copy;
pub(crate) use self::look::Looks;
pub(crate) use self::restore::finish_restore;
pub(crate) use self::take::Imports;
pub(crate) use self::under_way::Backups;

use gatewright_contract::Failure;
use gatewright_handover::sealed::{Lock, OpeningError, Recipient, SealingError, WORK_FACTOR};
use gatewright_protocol::Secret;

use crate::failure;

/// A lock for a passphrase.
fn passphrase(text: String) -> Lock {
    Lock::Passphrase { passphrase: Secret::new(text), work_factor: WORK_FACTOR }
}

/// A lock for the owners of public keys.
fn recipients(keys: &[String]) -> Result<Lock, Failure> {
    let given = keys.iter().map(|key| key.trim()).filter(|key| !key.is_empty());
    given.map(Recipient::parse).collect::<Result<_, _>>().map(Lock::Recipients).map_err(|error| of_sealing(&error))
}

fn of_sealing(error: &SealingError) -> Failure {
    match error {
        SealingError::ShortPassphrase => {
            failure::invalid("passphrase", error.to_string()).hint("Four or five unrelated words make a good one.")
        }
        SealingError::NotARecipient | SealingError::NoRecipient => {
            failure::invalid("recipients", error.to_string()).hint("Ask the person for theirs: age-keygen prints it.")
        }
        SealingError::Io(cause) => files::not_written(cause),
    }
}

fn of_opening(error: &OpeningError) -> Failure {
    let hint = match error {
        OpeningError::WrongPassphrase => {
            Some(("passphrase", "Ask whoever gave you the file. Capitals and spaces count."))
        }
        OpeningError::WrongIdentity => Some(("identity", "Take the key whose public half the file was made for.")),
        OpeningError::NotAnIdentity => Some(("identity", "Paste the line from the file that age-keygen made.")),
        OpeningError::OtherKind { .. } => Some(("passphrase", "Choose the other way to open it.")),
        _ => None,
    };
    match (hint, error) {
        (Some((field, hint)), _) => failure::invalid(field, error.to_string()).hint(hint),
        (None, OpeningError::Io(cause)) => files::not_read(cause),
        (None, _) => failure::invalid("path", error.to_string()).hint("Get the file again; nothing was changed here."),
    }
}
