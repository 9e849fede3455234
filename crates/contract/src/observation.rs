//! Documents against the wire: what runs have shown of the statements of a profile.

use crate::client::Environment;
use crate::report::ExchangePlace;
use crate::wire;

wire! { "observation.ts";
    /// One server of a provider.
    pub struct ObservationPlace {
        /// The provider's id.
        pub provider: String,
        /// Which server of it. What a twin does says nothing of the real one.
        pub environment: Environment,
    }

    /// What runs at one server have shown of a provider's profile.
    pub struct Observations {
        /// The statements that runs have shown something of, in the order of the profile's page.
        pub statements: Vec<ObservedStatement>,
        /// How many statements the profile has.
        pub total: u32,
        /// How many of them the newest run that says something confirms.
        pub confirmed: u32,
        /// How many of them it contradicts.
        pub contradicted: u32,
        /// How many were never observed.
        pub silent: u32,
    }

    /// Whether the wire agrees with a statement.
    #[derive(Copy, Eq)]
    pub enum StatementAgreement {
        /// What was seen is what it says.
        Confirmed,
        /// Something else was seen.
        Contradicted,
    }

    /// What runs have shown of one statement.
    pub struct ObservedStatement {
        /// Its field in the profile: the one of `StatementDetail`.
        pub field: String,
        /// What the newest of both says.
        pub agreement: StatementAgreement,
        /// The newest run that confirms it.
        pub confirmed: Option<Sighting>,
        /// The newest run that contradicts it.
        pub contradicted: Option<Sighting>,
    }

    /// What was seen, when and how often.
    pub struct Sighting {
        /// What was seen the last time, in a sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub saw: String,
        /// In how many runs.
        pub times: u32,
        /// When it was seen first, RFC 3339.
        pub first_at: String,
        /// When it was seen last, RFC 3339.
        pub seen_at: String,
        /// The exchange that showed it last; none when its run is gone by now.
        pub exchange: Option<ExchangePlace>,
    }

    /// A report to send to a provider.
    pub struct ObservationReport {
        /// Markdown. Secrets in it are references.
        pub text: String,
        /// The name of a file to save it as.
        pub file_name: String,
    }

    /// Save that report.
    pub struct ObservationReportSave {
        /// The provider's id.
        pub provider: String,
        /// Which server of it.
        pub environment: Environment,
        /// The file, an absolute path; what is there is replaced.
        pub path: String,
    }
}
