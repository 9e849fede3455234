//! What must hold for any bytes that a stranger sends: one function for each reader of such bytes.
//!
//! cargo-fuzz calls these functions with bytes that it makes up (`cargo xtask fuzz`), and `tests/replay.rs` with every file of
//! `fuzz/corpus`, so that what was found once is looked at in every test run.
//!
//! No function is content with "it did not panic". Each compares what was read with a second, simpler reading of the same bytes, or
//! writes what was read and reads it again.
//!
//! An input begins with a line of choices, one character for each (see `Input`), so that a corpus file can be written and read by
//! hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a target panics where something does not hold: that is how cargo-fuzz learns of it"
)]

mod answer;
mod callback;
mod dialect_pointer;
mod exchange_record;
mod input;
mod jwks;
mod jwt;
mod listener_request;
mod metadata;
mod registration;
mod report_writer;
mod shown;
mod token_response;
mod www_authenticate;

pub use callback::{callback_url, posted_form};
pub use dialect_pointer::dialect_pointer;
pub use exchange_record::exchange_record;
pub use jwks::jwks;
pub use jwt::jwt;
pub use listener_request::listener_request;
pub use metadata::metadata;
pub use registration::registration;
pub use report_writer::report_writer;
pub use token_response::token_response;
pub use www_authenticate::www_authenticate;

/// Looks at one input; panics where something does not hold.
pub type Target = fn(&[u8]);

/// Every target under the name that its program and its corpus have.
pub const TARGETS: [(&str, Target); 12] = [
    ("callback_url", callback_url),
    ("dialect_pointer", dialect_pointer),
    ("exchange_record", exchange_record),
    ("jwks", jwks),
    ("jwt", jwt),
    ("listener_request", listener_request),
    ("metadata", metadata),
    ("posted_form", posted_form),
    ("registration", registration),
    ("report_writer", report_writer),
    ("token_response", token_response),
    ("www_authenticate", www_authenticate),
];
