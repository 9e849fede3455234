//! The sandbox.

use crate::wire;

wire! { "sandbox.ts";
    /// Start the sandbox.
    pub struct SandboxStart {
        /// A port, or any free one.
        pub port: Option<u16>,
        /// Approve every request as this sandbox user, without pages.
        pub auto_approve: Option<String>,
        /// Gitter's twin answers as its engine behaves instead of as its document says.
        pub gitter_as_engine: bool,
    }

    /// Whether the sandbox runs and what is in it.
    pub struct SandboxState {
        /// Whether it runs.
        pub running: bool,
        /// `http://127.0.0.1:PORT`.
        pub origin: Option<String>,
        /// The sandbox user every request is approved as.
        pub auto_approve: Option<String>,
        /// Gitter's twin answers as its engine behaves.
        pub gitter_as_engine: bool,
        /// The people who can sign in there.
        pub users: Vec<SandboxUser>,
        /// The twins.
        pub twins: Vec<SandboxTwin>,
    }

    /// A person of the sandbox.
    pub struct SandboxUser {
        /// What to type as user name.
        pub username: String,
        /// What to type as password; these people exist only on this computer.
        pub password: String,
        /// The name to show.
        pub display_name: String,
        /// What the person is for: "owns the apps", "tester" …
        #[serde(serialize_with = "crate::text::ours")]
        pub role: String,
        /// Whether the phone number is verified.
        pub phone_verified: bool,
    }

    /// The twin of one provider.
    pub struct SandboxTwin {
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Its base URL, when the sandbox runs.
        pub base_url: Option<String>,
        /// How many apps are registered there.
        pub apps: u32,
    }

    /// The last requests the sandbox answered.
    pub struct SandboxLog {
        /// Oldest first.
        pub entries: Vec<SandboxLogEntry>,
    }

    /// One request the sandbox answered.
    pub struct SandboxLogEntry {
        /// Counts from the start of the sandbox.
        pub sequence: u32,
        /// When, RFC 3339.
        pub at: String,
        /// The twin, when the path belongs to one.
        pub provider: Option<String>,
        /// `GET`, `POST` …
        pub method: String,
        /// The path without its query.
        pub path: String,
        /// The status of the answer.
        pub status: u16,
        /// Milliseconds it took.
        pub duration_ms: f64,
        /// What the twin decided: "code issued to Forum login for theo".
        pub note: String,
        /// The answer's `x-request-id`.
        pub request_id: String,
        /// The faults that happened to it: "AZ-02", "TK-14:negative".
        pub faults: Vec<String>,
    }
}
