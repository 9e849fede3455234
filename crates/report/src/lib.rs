//! What recorded runs and walks look like to somebody who was not there.
//!
//! | module | format | for |
//! | --- | --- | --- |
//! | [`html`] | one HTML file with everything in it | a person: to read, to print, to hand on |
//! | [`json`] | JSON after `docs/report.schema.json` | a program |
//! | [`junit`] | JUnit XML | continuous integration |
//! | [`har`] | HAR 1.2 | the network tools of browsers |
//! | [`table`] | CSV | spreadsheets |
//! | [`mod@curl`] | a command for a shell | one exchange, to be sent again |
//!
//! What a person reads, HTML and pictures, is in the person's language. The other forms are for programs, which are not to break because
//! somebody speaks another one: they are in English, always.
//!
//! Values come in and bytes go out: nothing here opens a file, asks a clock or knows the database. What comes in is made of
//! [`gatewright_model`]'s recorded types only, in which every secret is a reference already, so a report cannot tell one. Text of
//! providers is inert in every format: each library escapes what its format reads as markup, and what is not seen is written out.

mod callback;
pub mod comparison;
pub mod curl;
pub mod diagram;
pub mod har;
pub mod html;
mod inert;
pub mod json;
pub mod junit;
mod locale;
mod recorded_json;
pub mod report;
pub mod table;
pub mod wording;

pub use curl::curl;
pub use gatewright_language::Language;
pub use har::Har;
pub use html::Html;
pub use json::Json;
pub use junit::JUnit;
pub use report::{
    Answer, Comparison, Cover, Entry, Format, Include, Maker, Part, Picture, RecordedRun, WalkCover, WalkedScenario,
    write,
};
pub use table::Table;
pub use wording::Verdict;

#[cfg(any(test, feature = "samples"))]
pub mod samples;
