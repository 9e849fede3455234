//! What the parts of a run are called: in the window, in a report, in a file.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Browser, EndReason, StepKind, StepStatus};
use gatewright_model::{Environment, Outcome};
use serde::Serialize;

/// How something that was tried stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It went wrong.
    Failed,
    /// It could not be judged; a reason says why.
    Inconclusive,
    /// It went well, but something was off on the way, or the person ended it on purpose.
    Warned,
    /// It went as it should.
    Passed,
    /// It was left out; a reason says why.
    Skipped,
    /// It makes no sense here; a reason says why.
    NotApplicable,
    /// It has not ended, or not begun.
    Running,
}

impl Verdict {
    /// Every verdict, the worst first.
    pub const ALL: [Self; 7] = [
        Self::Failed,
        Self::Inconclusive,
        Self::Warned,
        Self::Passed,
        Self::Skipped,
        Self::NotApplicable,
        Self::Running,
    ];

    /// What a run came to. What the person did on purpose is no failure.
    pub const fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Running => Self::Running,
            Outcome::LoggedIn { findings: 0 } => Self::Passed,
            Outcome::LoggedIn { .. } => Self::Warned,
            Outcome::Ended(ending) => match ending.reason {
                EndReason::Denied | EndReason::Cancelled | EndReason::WindowClosed | EndReason::Stopped => Self::Warned,
                _ => Self::Failed,
            },
        }
    }

    /// What a step came to.
    pub const fn of_step(status: StepStatus) -> Self {
        match status {
            StepStatus::Running => Self::Running,
            StepStatus::Passed => Self::Passed,
            StepStatus::Warned => Self::Warned,
            StepStatus::Failed => Self::Failed,
        }
    }

    /// As a code: `passed`, `not_applicable` …
    pub const fn code(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
            Self::Warned => "warned",
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::NotApplicable => "not_applicable",
            Self::Running => "running",
        }
    }

    /// In words: "Passed", "Not applicable" …
    pub const fn words(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::Inconclusive => "Inconclusive",
            Self::Warned => "Warning",
            Self::Passed => "Passed",
            Self::Skipped => "Skipped",
            Self::NotApplicable => "Not applicable",
            Self::Running => "Not finished",
        }
    }
}

/// The outcome as a code: `running`, `logged_in`, or the reason.
pub fn outcome_code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Running => "running",
        Outcome::LoggedIn { .. } => "logged_in",
        Outcome::Ended(ending) => reason(ending.reason).0,
    }
}

/// The outcome in a few words: "Logged in, 1 finding".
pub fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Running => "Going on".to_owned(),
        Outcome::LoggedIn { findings: 0 } => "Logged in".to_owned(),
        Outcome::LoggedIn { findings: 1 } => "Logged in, 1 finding".to_owned(),
        Outcome::LoggedIn { findings } => format!("Logged in, {findings} findings"),
        Outcome::Ended(ending) => reason(ending.reason).1.to_owned(),
    }
}

/// Why a run ended without an identity: as a code and in a few words.
pub const fn reason(reason: EndReason) -> (&'static str, &'static str) {
    match reason {
        EndReason::Denied => ("denied", "Denied by the person"),
        EndReason::Cancelled => ("cancelled", "Cancelled by the person"),
        EndReason::WindowClosed => ("window_closed", "Login window closed"),
        EndReason::Stopped => ("stopped", "Stopped"),
        EndReason::TimedOut => ("timed_out", "Nobody came back in time"),
        EndReason::PageUnreachable => ("page_unreachable", "Page could not be opened"),
        EndReason::CertificateRefused => ("certificate_refused", "Certificate refused"),
        EndReason::CallbackRejected => ("callback_rejected", "Callback not believed"),
        EndReason::AuthorizationRefused => ("authorization_refused", "Refused at authorization"),
        EndReason::TokenRefused => ("token_refused", "Token request refused"),
        EndReason::TokenMalformed => ("token_malformed", "Token answer not understood"),
        EndReason::ProviderUnreachable => ("provider_unreachable", "Provider did not answer"),
        EndReason::MetadataRejected => ("metadata_rejected", "Issuer's metadata not believed"),
        EndReason::IdTokenRejected => ("id_token_rejected", "ID token not believed"),
        EndReason::IdentityRefused => ("identity_refused", "Identity refused"),
        EndReason::IdentityMalformed => ("identity_malformed", "Identity not understood"),
        EndReason::WrongPerson => ("wrong_person", "Wrong person"),
        EndReason::ListenerFailed => ("listener_failed", "Callback listener failed"),
        EndReason::BrowserFailed => ("browser_failed", "Browser could not be opened"),
        EndReason::SecretUnavailable => ("secret_unavailable", "Secret not available"),
        EndReason::Interrupted => ("interrupted", "Interrupted"),
    }
}

/// A step: as a code and as a title.
pub const fn step(kind: StepKind) -> (&'static str, &'static str) {
    match kind {
        StepKind::Discovery => ("discovery", "Discovery"),
        StepKind::AuthorizationRequest => ("authorization_request", "Authorization request"),
        StepKind::Pages => ("pages", "Login and consent pages"),
        StepKind::Callback => ("callback", "Callback"),
        StepKind::TokenRequest => ("token_request", "Token request"),
        StepKind::IdToken => ("id_token", "ID token"),
        StepKind::Identity => ("identity", "Identity"),
        StepKind::Refresh => ("refresh", "Refresh"),
        StepKind::Revocation => ("revocation", "Revocation"),
        StepKind::Introspection => ("introspection", "Introspection"),
        StepKind::Logout => ("logout", "Logout"),
        StepKind::ClientManagement => ("client_management", "Client at the provider"),
        StepKind::SecretProbe => ("secret_probe", "Proof of the secret"),
    }
}

/// What an exchange was for: as a code and as a title.
pub const fn exchange(purpose: ExchangePurpose) -> (&'static str, &'static str) {
    match purpose {
        ExchangePurpose::Authorization => ("authorization", "Authorization request and callback"),
        ExchangePurpose::Token => ("token", "Token request"),
        ExchangePurpose::Identity => ("identity", "Identity request"),
        ExchangePurpose::Refresh => ("refresh", "Refresh request"),
        ExchangePurpose::Revocation => ("revocation", "Revocation request"),
        ExchangePurpose::Introspection => ("introspection", "Introspection request"),
        ExchangePurpose::Logout => ("logout", "Logout request and callback"),
        ExchangePurpose::Metadata => ("metadata", "Metadata request"),
        ExchangePurpose::ClientManagement => ("client_management", "Management request"),
        ExchangePurpose::SecretProbe => ("secret_probe", "Proof of the secret"),
    }
}

/// A browser: as a code and in words.
pub const fn browser(browser: Browser) -> (&'static str, &'static str) {
    match browser {
        Browser::Embedded => ("embedded", "Login window of Gatewright"),
        Browser::System => ("system", "The person's own browser"),
        Browser::Paste => ("paste", "Any browser, callback pasted"),
    }
}

/// Which server: as a code and in words.
pub const fn environment(environment: Environment) -> (&'static str, &'static str) {
    match environment {
        Environment::Production => ("production", "Production"),
        Environment::Sandbox => ("sandbox", "Sandbox twin"),
    }
}

/// A duration in microseconds as a person reads it: "0.4 ms", "312 ms", "1.24 s", "4 min 05 s".
pub fn duration(microseconds: u64) -> String {
    let milliseconds = microseconds / 1000;
    match milliseconds {
        0 if microseconds < 100 => "< 0.1 ms".to_owned(),
        0 => format!("0.{} ms", microseconds / 100),
        1..=999 => format!("{milliseconds} ms"),
        1_000..=59_999 => format!("{}.{:02} s", milliseconds / 1000, milliseconds % 1000 / 10),
        _ => format!("{} min {:02} s", milliseconds / 60_000, milliseconds % 60_000 / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_written_with_three_digits_or_so() {
        let written = [0, 400, 1_000, 312_999, 1_240_000, 59_999_999, 245_000_000].map(duration);
        assert_eq!(written, ["< 0.1 ms", "0.4 ms", "1 ms", "312 ms", "1.24 s", "59.99 s", "4 min 05 s"]);
    }

    #[test]
    fn what_a_person_did_on_purpose_is_no_failure() {
        let ended = |reason| {
            let ending = gatewright_model::run::Ending { reason, sentence: String::new(), next: String::new() };
            Verdict::of_outcome(&Outcome::Ended(ending))
        };
        assert_eq!(ended(EndReason::Denied), Verdict::Warned);
        assert_eq!(ended(EndReason::TokenRefused), Verdict::Failed);
        assert_eq!(Verdict::of_outcome(&Outcome::LoggedIn { findings: 0 }), Verdict::Passed);
    }
}
