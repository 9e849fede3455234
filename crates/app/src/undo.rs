//! How long a deletion can be taken back.

use gatewright_contract::client::Deleted;
use jiff::{SignedDuration, Timestamp};

/// How long a deletion can be taken back: long enough to notice, short enough that a secret is not kept against the user's wish.
pub(crate) const UNDO: std::time::Duration = std::time::Duration::from_secs(10);

/// The answer to a deletion at `now`.
pub(crate) fn deleted(what: impl Into<String>, now: Timestamp) -> Deleted {
    let until = now.saturating_add(SignedDuration::try_from(UNDO).unwrap_or_default()).unwrap_or(now);
    Deleted {
        what: what.into(),
        undo_until: until.to_string(),
        undo_ms: u32::try_from(UNDO.as_millis()).unwrap_or(u32::MAX),
    }
}
