//! From our nouns to what the window shows: pure functions, one file for each screen's records.

pub(crate) mod client;
pub(crate) mod dialect;
pub(crate) mod discovery;
pub(crate) mod exchange;
pub(crate) mod fault;
pub(crate) mod outcome;
pub(crate) mod protocol;
pub(crate) mod provider;
pub(crate) mod run;
pub(crate) mod sandbox;
pub(crate) mod test_user;
pub(crate) mod token;
pub(crate) mod walk;

/// Bytes as the window shows them.
pub(crate) fn megabytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "megabytes with a few digits are shown to a person")]
    let megabytes = bytes as f64 / 1e6;
    megabytes
}
