//! Faults of the sandbox: what its twins do wrong on purpose.

use crate::wire;

wire! { "fault.ts";
    /// What can be done wrong, what is to be, and what was.
    pub struct Faults {
        /// Every fault there is, in the order of their names.
        pub catalogue: Vec<FaultDefinition>,
        /// The rules in force; none while the sandbox is off.
        pub rules: Vec<FaultRule>,
        /// The last faults that really happened, oldest first.
        pub injections: Vec<FaultInjection>,
    }

    /// One way to misbehave.
    pub struct FaultDefinition {
        /// Its name: "AZ-02".
        pub id: String,
        /// What happens, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// The endpoint that misbehaves: `authorization`, `token`, `jwks` …
        pub endpoint: String,
        /// A second endpoint that has its part in it.
        pub also: Option<String>,
        /// The twins it can be used at, by the providers' ids.
        pub twins: Vec<String>,
        /// The ways it can happen, the usual one first; empty when there is only one.
        pub variants: Vec<String>,
        /// It is about the connection or HTTP itself.
        pub wire: bool,
        /// How long it waits by default, in milliseconds; none when it does not wait.
        pub delay_ms: Option<u32>,
    }

    /// The rules that are to be in force; an empty list ends all faults.
    pub struct FaultRules {
        /// In the order in which they are applied.
        pub rules: Vec<FaultRule>,
    }

    /// A fault to inject.
    pub struct FaultRule {
        /// The name in the catalogue.
        pub fault: String,
        /// Which of its variants; the first one when left out.
        pub variant: Option<String>,
        /// The twin that misbehaves, by its provider's id.
        pub twin: String,
        /// Only requests of this client ID; all clients when left out.
        pub client_id: Option<String>,
        /// At which of its opportunities.
        pub when: FaultTiming,
        /// How long a fault that waits does so, in milliseconds; what the catalogue says when left out.
        pub delay_ms: Option<u32>,
    }

    /// At which of its opportunities a fault happens. They count from 1.
    #[serde(tag = "kind", content = "value")]
    pub enum FaultTiming {
        /// At each.
        Always,
        /// At these.
        Nth(Vec<u32>),
        /// At this many from the beginning.
        First(u32),
        /// At each with this probability, above 0 and at most 1.
        Probability(f64),
    }

    /// One fault that really happened.
    pub struct FaultInjection {
        /// Counts from 1 since the start of the sandbox.
        pub sequence: u32,
        /// When, RFC 3339.
        pub at: String,
        /// The request it happened to: `requestId` of its entry in the log.
        pub request_id: String,
        /// The fault: "AZ-02".
        pub fault: String,
        /// Which variant of it; none when there is only one.
        pub variant: Option<String>,
        /// The twin that was asked, by its provider's id.
        pub twin: String,
        /// The endpoint that was asked.
        pub endpoint: String,
        /// The client that asked, where the request said so.
        pub client_id: Option<String>,
    }
}
