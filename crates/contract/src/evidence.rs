//! What the pages of a run looked like.

use crate::wire;

wire! { "evidence.ts";
    /// The pages of a run.
    pub struct EvidenceList {
        /// The pages in the order in which they came.
        pub pages: Vec<EvidencePage>,
        /// Why there are none, or why there are no pictures of them, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub note: Option<String>,
    }

    /// One page that the login view showed.
    pub struct EvidencePage {
        /// Counted from 1.
        pub number: u32,
        /// Its address without query.
        pub address: String,
        /// When it had loaded, RFC 3339.
        pub at: String,
        /// Milliseconds until the person did something there for the last time; none when they did nothing.
        pub decided_after_ms: Option<f64>,
        /// What it looked like, first when it had loaded.
        pub looks: Vec<PageLook>,
    }

    /// One look at a page.
    pub struct PageLook {
        /// Names the picture for `evidence_picture`.
        pub id: String,
        /// When in the life of the page.
        pub moment: PageMoment,
        /// When that was, RFC 3339.
        pub at: String,
        /// The picture's size; none when there is no picture.
        pub size: Option<PictureSize>,
        /// Why there is no picture, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub missing: Option<String>,
    }

    /// The size of a picture.
    pub struct PictureSize {
        /// Pixels from left to right.
        pub width: u32,
        /// Pixels from top to bottom.
        pub height: u32,
        /// Kilobytes of its file.
        pub kilobytes: f64,
    }

    /// When in the life of a page it was looked at.
    #[derive(Copy, Eq)]
    pub enum PageMoment {
        /// It had finished loading.
        Loaded,
        /// The person pressed something, for the last time before the page was left.
        Decided,
        /// The login's time was up, and this is what could be seen last.
        TimeRanOut,
    }

    /// One picture.
    pub struct PictureRef {
        /// `PageLook.id`.
        pub picture: String,
    }

    /// A picture to show.
    pub struct PictureShown {
        /// The whole of it as a `data:` URL, fit for an image's source.
        pub source: String,
    }

    /// What the stock of pictures is judged by.
    pub struct PictureStockQuery {
        /// How many days pictures would be kept.
        pub days: u32,
    }

    /// What is kept of pictures, all runs together.
    pub struct PictureStock {
        /// How many there are.
        pub pictures: u32,
        /// Megabytes of their files.
        pub megabytes: f64,
        /// How many would go now if they were kept that many days.
        pub going: u32,
        /// When the first of the others would go, RFC 3339.
        pub next_at: Option<String>,
    }
}
