//! The audit trail: who did what with a secret or a client, and when. It is only ever added to.

use crate::wire;

wire! { "audit.ts";
    /// What is asked for.
    pub struct AuditQuery {
        /// Only lines about this client, by its record id.
        pub client: Option<String>,
        /// How many lines to skip.
        pub offset: u32,
        /// How many lines to give at most.
        pub limit: u32,
    }

    /// One page of the trail, newest first.
    pub struct AuditList {
        /// The lines asked for.
        pub rows: Vec<AuditRow>,
        /// How many lines match.
        pub total: u32,
    }

    /// One line.
    pub struct AuditRow {
        /// When, RFC 3339.
        pub at: String,
        /// Who.
        pub actor: AuditActor,
        /// What, as a stable word: `secret_revealed`, `client_deleted` …
        pub action: String,
        /// What, in a few words: "Showed the secret on screen".
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The client's record id; the record may be gone.
        pub client: Option<String>,
        /// The client's name at that time.
        pub client_name: Option<String>,
        /// The version of its secret.
        pub version: Option<u32>,
        /// The run it was about.
        pub run: Option<String>,
        /// What else is to be said.
        #[serde(serialize_with = "crate::text::ours")]
        pub detail: Option<String>,
    }

    /// Who did something.
    #[derive(Copy, Eq)]
    pub enum AuditActor {
        /// The person at the window.
        User,
        /// Gatewright by itself.
        Gatewright,
    }

    /// Write the trail to a file.
    pub struct AuditExport {
        /// Only lines about this client, by its record id.
        pub client: Option<String>,
        /// In which form.
        pub format: AuditFormat,
        /// The file, an absolute path; what is there is replaced.
        pub path: String,
    }

    /// The form of a written trail.
    #[derive(Copy, Eq)]
    pub enum AuditFormat {
        /// Comma-separated values (RFC 4180), with cells that no spreadsheet takes for a formula.
        Csv,
        /// A JSON array, one object a line of the trail.
        Json,
    }

    /// The trail was written.
    pub struct AuditExported {
        /// The file.
        pub path: String,
        /// How many lines.
        pub lines: u32,
    }
}
