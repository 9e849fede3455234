//! Finds known secrets in text, files and folders without knowing them.
//!
//! The caller has fingerprints: keyed digests of secrets whose values it may not have any more. So every piece of text that could be one
//! of them has to be fingerprinted and compared, and a folder holds millions of such pieces. What makes that quick is [`Tails`]: of each
//! known secret the last four characters are on record, and only a piece that ends like one of them is worth a fingerprint. Nothing is
//! learned from a text that the record did not say before, and nothing of a text outlives its search.
//!
//! | module | what it does |
//! | --- | --- |
//! | `tails` | how the known secrets end |
//! | `finder` | the pieces of one text that could be a known secret |
//! | `disguise` | what a text says once URL, JSON or base64 encoding is taken off |
//! | `folder` | files and folders, on all cores |
//!
//! [`find_in_text`] is pure; [`find_in_paths`] reads files and nothing else. A piece is recognised by a function of the caller's, which
//! alone has the key.

mod disguise;
mod finder;
mod folder;
mod tails;

pub use finder::{Found, find_in_text};
pub use folder::{LeftOut, Limits, Place, Progress, Search, SearchReport, find_in_paths};
pub use tails::Tails;

/// Which known secret a piece of text is, by the caller's own numbering; `None` when it is none of them.
pub type Recognise<'a> = dyn Fn(&str) -> Option<u32> + Sync + 'a;
