//! What a person saw on the way through a login: the pages of the login view, each pictured when it had loaded, when they decided, and when the
//! time ran out.
//!
//! A picture is a file that is named after what is in it; a record says which page it shows, and when. Where there is no picture, the
//! record says why not, so that nobody takes its absence for an empty page.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One look at a page of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Which page of the run, counted from 0 in the order in which they came.
    pub page: u32,
    /// The page's address without query, fragment and user name.
    pub address: String,
    /// When in the life of the page.
    pub moment: Moment,
    /// When that was.
    pub at: Timestamp,
    /// What it looked like, or why that is not known.
    pub picture: Result<Picture, Missing>,
}

/// The moments of a page that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// It had finished loading.
    PageLoaded,
    /// The person pressed something, for the last time before the page was left.
    Decided,
    /// The login's time was up while the page was open, and the window was about to go.
    TimeRanOut,
}

/// A picture that is kept. Password fields are empty in it, whatever was in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// SHA-256 of the file, 64 hexadecimal digits. It is also the file's name, so equal pictures are one file.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u32,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The person does not want pictures (Settings).
    SwitchedOff,
    /// The login view of this operating system cannot be pictured.
    NotOnThisSystem,
    /// The page went on before it had finished loading.
    LeftBefore,
    /// The login view was asked and gave none.
    NotTaken,
    /// Even made small it is longer than a picture may be.
    TooLarge,
    /// The run has as many pictures as a run may have.
    RunFull,
    /// The disk did not take it.
    NotKept,
    /// It was older than pictures are kept.
    Expired,
    /// The person deleted it.
    Deleted,
    /// The database is from a backup in which the picture was not.
    NotInBackup,
}

impl Missing {
    /// The reason in one sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SwitchedOff => "Pictures were switched off.",
            Self::NotOnThisSystem => "The login view of this system cannot be pictured.",
            Self::LeftBefore => "The page went on before it had finished loading.",
            Self::NotTaken => "The login view gave no picture of this page.",
            Self::TooLarge => "The picture was too large to keep.",
            Self::RunFull => "This run has as many pictures as a run may have.",
            Self::NotKept => "The picture could not be written to the disk.",
            Self::Expired => "The picture was removed because it was old.",
            Self::Deleted => "The picture was deleted.",
            Self::NotInBackup => "The picture was not in the backup that this is from.",
        }
    }
}
