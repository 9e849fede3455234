//! What is made of runs: pictures, comparisons, tags, filters with names, days, and an end of their age.

use crate::client::{Environment, Verdict};
use crate::run::{Browser, RunRow};
use crate::wire;

wire! { "result.ts";
    /// Which picture of a run is wanted.
    pub struct RunDiagramQuery {
        /// The run.
        pub run: String,
        /// What it shows.
        pub kind: DiagramKind,
        /// For which theme it is drawn.
        pub theme: DiagramTheme,
    }

    /// What a picture of a run shows.
    #[derive(Copy, Eq)]
    pub enum DiagramKind {
        /// Who sent what to whom.
        Sequence,
        /// How long what took.
        Waterfall,
    }

    /// For which theme a picture is drawn.
    #[derive(Copy, Eq)]
    pub enum DiagramTheme {
        /// Dark on light.
        Light,
        /// Light on dark.
        Dark,
    }

    /// A picture, and the same in words.
    pub struct Drawing {
        /// A whole SVG document, without anything that acts or fetches.
        pub svg: String,
        /// What it shows, one sentence after another, in the language of the window as the picture is.
        pub words: Vec<String>,
    }

    /// Where a picture of a run is to be written.
    pub struct RunDiagramSave {
        /// The run.
        pub run: String,
        /// What it shows.
        pub kind: DiagramKind,
        /// The absolute path of the file: a PNG when it ends so, else SVG.
        pub path: String,
    }

    /// A file that was written.
    pub struct DiagramSaved {
        /// Its absolute path.
        pub path: String,
    }

    /// Which runs are compared.
    pub struct RunCompareQuery {
        /// The run that is looked at.
        pub run: String,
        /// The one beside it; without, the last that passed of the same client.
        pub other: Option<String>,
    }

    /// A run beside another.
    pub struct RunComparison {
        /// The earlier run; none when there is no other of the same client that passed.
        pub before: Option<RunRow>,
        /// The later run.
        pub now: RunRow,
        /// What is not the same, by what it is about; empty when nothing differs.
        pub groups: Vec<DifferenceGroup>,
    }

    /// Differences that belong together.
    pub struct DifferenceGroup {
        /// What they are about: "Token request".
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// The differences.
        pub differences: Vec<DifferenceDetail>,
    }

    /// One value that is not the same in both runs.
    pub struct DifferenceDetail {
        /// What it is the value of.
        #[serde(serialize_with = "crate::text::ours")]
        pub name: String,
        /// In the earlier run; none where it was not there.
        #[serde(serialize_with = "crate::text::ours")]
        pub before: Option<String>,
        /// In the later run; none where it is not there.
        #[serde(serialize_with = "crate::text::ours")]
        pub now: Option<String>,
        /// Why it means nothing, in a sentence; none when it may mean something.
        #[serde(serialize_with = "crate::text::ours")]
        pub folded: Option<String>,
    }

    /// A tag for some runs.
    pub struct RunTagging {
        /// The runs.
        pub runs: Vec<String>,
        /// The tag: up to 40 characters.
        pub tag: String,
    }

    /// Every tag that is in use, by name.
    pub struct RunTags {
        /// The tags.
        pub tags: Vec<RunTag>,
    }

    /// A tag.
    pub struct RunTag {
        /// The tag.
        pub tag: String,
        /// How many runs have it.
        pub runs: u32,
    }

    /// What the list of runs can be narrowed to.
    pub struct RunFilter {
        /// Words to find.
        pub search: String,
        /// Only runs of this client.
        pub client: Option<String>,
        /// Only this provider.
        pub provider: Option<String>,
        /// Only this environment.
        pub environment: Option<Environment>,
        /// Only runs that stand so.
        pub verdict: Option<Verdict>,
        /// Only this browser.
        pub browser: Option<Browser>,
        /// Only runs that were started for this test user.
        pub test_user: Option<String>,
        /// Only runs with this tag.
        pub tag: Option<String>,
    }

    /// A filter with its name.
    pub struct SavedFilter {
        /// What the person calls it: up to 60 characters.
        pub name: String,
        /// What it narrows the list to.
        pub filter: RunFilter,
    }

    /// The filters that have names.
    pub struct SavedFilters {
        /// By name.
        pub filters: Vec<SavedFilter>,
    }

    /// A filter by its name.
    pub struct SavedFilterRef {
        /// The name.
        pub name: String,
    }

    /// Whose runs are looked at day by day.
    pub struct RunTrendQuery {
        /// Only runs of this client.
        pub client: Option<String>,
        /// Only this provider.
        pub provider: Option<String>,
        /// How many days back, today included.
        pub days: u32,
        /// For which theme the chart is drawn.
        pub theme: DiagramTheme,
    }

    /// What became of runs day by day.
    pub struct RunTrend {
        /// The chart.
        pub drawing: Drawing,
        /// The days on which there were runs, the earliest first.
        pub days: Vec<TrendDay>,
        /// Of the runs on these days, how many passed without a remark, in percent; none without a run.
        pub pass_rate: Option<f64>,
    }

    /// The runs of one day.
    pub struct TrendDay {
        /// The day in UTC: "2026-01-31".
        pub date: String,
        /// Runs that passed.
        pub passed: u32,
        /// Runs with a remark.
        pub warned: u32,
        /// Runs that failed.
        pub failed: u32,
        /// How long a login took on average without the person, in milliseconds.
        pub average_ms: Option<f64>,
    }

    /// What the stock of runs is judged by.
    pub struct RunStockQuery {
        /// How many days runs would be kept; 0: for ever.
        pub days: u32,
    }

    /// What would become of the runs that are kept.
    pub struct RunStock {
        /// How many there are.
        pub runs: u32,
        /// How many of them would go.
        pub going: u32,
        /// How many walks would lose logins by that; what was found in them stays.
        pub walks: u32,
        /// From before when those are, RFC 3339; none when runs are kept for ever.
        pub before: Option<String>,
    }
}
