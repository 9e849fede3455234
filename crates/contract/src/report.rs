//! Reports: recorded runs and walks as a file for somebody who was not there, and one exchange as a command for a shell.

use crate::failure::Failure;
use crate::run::RunQuery;
use crate::wire;

wire! { "report.ts";
    /// How a report is written down.
    #[derive(Copy, Eq)]
    pub enum ReportFormat {
        /// One page with everything in it.
        Html,
        /// After the schema in `docs/report.schema.json`.
        Json,
        /// For continuous integration.
        Junit,
        /// HTTP archive 1.2, for the network tools of browsers.
        Har,
        /// For spreadsheets.
        Csv,
    }

    /// What a report is about.
    #[serde(tag = "kind", content = "data")]
    pub enum ReportSubject {
        /// These runs, in this order.
        Runs(Vec<String>),
        /// Every run that a list would show on all its pages, in its order.
        Query(RunQuery),
        /// A walk with its scenarios.
        Walk(String),
    }

    /// Write a report.
    pub struct ReportExport {
        /// What it is about.
        pub subject: ReportSubject,
        /// How it is written down.
        pub format: ReportFormat,
        /// The file, as an absolute path. A file that is there is replaced.
        pub path: String,
        /// Its title; one is made of what was chosen when it is empty.
        pub title: String,
        /// With every request and response. HAR always has them, JUnit and CSV never.
        pub exchanges: bool,
        /// With the pictures of pages. Only HTML and JSON can have them.
        pub pictures: bool,
    }

    /// How far a report is.
    #[derive(Copy, Eq)]
    pub enum ReportStanding {
        /// None was asked for since Gatewright was started.
        Idle,
        /// It is being written.
        Running,
        /// The file is there.
        Done,
        /// The person stopped it; there is no file.
        Stopped,
        /// It could not be written; there is no file.
        Failed,
    }

    /// How the last report stands. There is one at a time.
    pub struct ReportProgress {
        /// How far it is.
        pub standing: ReportStanding,
        /// The file.
        pub path: String,
        /// How many parts are written: runs, or scenarios of a walk.
        pub done: u32,
        /// Of how many.
        pub total: u32,
        /// Megabytes written so far.
        pub megabytes: f64,
        /// How long it takes or took, in milliseconds.
        pub milliseconds: f64,
        /// Why it could not be written.
        pub failure: Option<Failure>,
    }

    /// One exchange of a run.
    pub struct ExchangePlace {
        /// The run.
        pub run: String,
        /// Which step of the run; 0 for the first.
        pub step: u32,
        /// Which exchange of the step; 0 for the first.
        pub exchange: u32,
    }

    /// A command for a shell, without secrets.
    pub struct CurlCommand {
        /// Lines of the shell: comments that say what belongs into each variable, then the command.
        pub text: String,
    }
}
