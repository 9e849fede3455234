//! What can go wrong with the keyring, in words for a person and without a secret in them.

use std::fmt;

use crate::entry::MAX_ENTRY_BYTES;
use crate::state::AbsentReason;

/// Why the vault could not do what it was asked. No variant holds a secret, in `Debug` neither.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The keyring is there and locked. Nothing was read, written or created.
    #[error("The keyring is locked. Unlock it, then try again.")]
    Locked,
    /// There is no keyring, and this session does not hold the value either.
    #[error("The secret is in a keyring that is not available now. {0}")]
    Absent(AbsentReason),
    /// The keyring works and has no entry of this name.
    #[error(
        "The keyring has no entry for this secret. It may have been deleted in another program; enter the secret again."
    )]
    NoSuchEntry,
    /// The secret was stored for another destination than the one it is asked for now.
    #[error(
        "This client was changed outside Gatewright: its secret was stored for another address, client ID or way of \
             authenticating. The secret was not used. Undo the change, confirm it on the client's page, or enter the secret again."
    )]
    ChangedOutside,
    /// The keyring did not answer in time; it may be waiting for the person.
    #[error(
        "The keyring did not answer in time. If it asks for a password in another window, answer there, then try again."
    )]
    TimedOut,
    /// The keyring answered with a refusal that is none of the above.
    #[error("The keyring refused: {0}")]
    Refused(#[source] Cause),
    /// The value is larger than every keyring can hold.
    #[error(
        "The secret is too long for a keyring: with its destination it takes {bytes} bytes, and {MAX_ENTRY_BYTES} is the limit. \
             Check that only the secret was pasted."
    )]
    TooLong {
        /// How many bytes the entry would have taken.
        bytes: usize,
    },
    /// What was read back is not what was written.
    #[error(
        "The keyring took the secret but gave something else back, so it cannot be relied on. Try again, or check the keyring."
    )]
    ReadBackDiffers,
    /// An earlier write of the secret has not come to its end, and could take the place of what was written since.
    #[error(
        "The keyring has not said yet what became of an earlier try. Check it again in a moment; if that does not help, start the keyring \
             program anew."
    )]
    StillWriting,
    /// The entry is there but is not in the form the vault writes.
    #[error("The keyring's entry was edited in another program and cannot be read. Enter the secret again.")]
    Unreadable,
    /// The sealing key in the keyring is not the one the database was sealed with.
    #[error(
        "The keyring holds another sealing key than the one this database was sealed with. Tokens stored earlier cannot be opened."
    )]
    WrongSealingKey,
    /// The sealing key was not opened yet, or could not be.
    #[error("The key that seals tokens is not open yet. Check the keyring, then try again.")]
    SealingKeyNotOpen,
}

/// What the operating system gave as the reason, as text.
///
/// The keyring crates' own errors can hold the value of an entry and show it in `Debug`; this keeps their `Display` only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause(String);

impl Cause {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Keeps the words of a keyring error and drops what it carries.
    pub(crate) fn of(error: &keyring::Error) -> Self {
        match error {
            // These two carry the bytes of the entry.
            keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => {
                Self::new("the entry is not in a readable form")
            }
            // Its Display lists the entries with Debug.
            keyring::Error::Ambiguous(entries) => Self::new(format!("{} entries have the same name", entries.len())),
            other => Self::new(other.to_string()),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Cause {}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn a_cause_keeps_nothing_of_the_bytes_an_error_carries() {
        let canary = "canary-secret-7f3a";
        let inner = || Box::new(std::io::Error::other(canary));
        for error in [
            keyring::Error::BadEncoding(canary.as_bytes().to_vec()),
            keyring::Error::BadDataFormat(canary.as_bytes().to_vec(), inner()),
        ] {
            let cause = Cause::of(&error);
            assert!(!format!("{cause} {cause:?}").contains(canary));
        }
    }
}
