//! How a run ended, in a code, a colour and a few words.

use gatewright_contract::client::Verdict;
use gatewright_model::Outcome;
use gatewright_model::run::EndReason;

pub(crate) fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Running => Verdict::Running,
        Outcome::LoggedIn { findings: 0 } => Verdict::Passed,
        Outcome::LoggedIn { .. } => Verdict::Warned,
        Outcome::Ended(ending) => reason_verdict(ending.reason),
    }
}

/// What the person did on purpose is no failure.
pub(crate) fn reason_verdict(reason: EndReason) -> Verdict {
    match reason {
        EndReason::Denied | EndReason::Cancelled | EndReason::WindowClosed | EndReason::Stopped => Verdict::Warned,
        _ => Verdict::Failed,
    }
}

/// The outcome as a code: `running`, `logged_in`, or the reason.
pub(crate) fn code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Running => "running",
        Outcome::LoggedIn { .. } => "logged_in",
        Outcome::Ended(ending) => reason_code(ending.reason),
    }
}

/// The outcome in a few words.
pub(crate) fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Running => "Going on".to_owned(),
        Outcome::LoggedIn { findings: 0 } => "Logged in".to_owned(),
        Outcome::LoggedIn { findings: 1 } => "Logged in, 1 finding".to_owned(),
        Outcome::LoggedIn { findings } => format!("Logged in, {findings} findings"),
        Outcome::Ended(ending) => reason_words(ending.reason).to_owned(),
    }
}

const REASONS: &[(EndReason, &str, &str)] = &[
    (EndReason::Denied, "denied", "Denied by the person"),
    (EndReason::Cancelled, "cancelled", "Cancelled by the person"),
    (EndReason::WindowClosed, "window_closed", "Login window closed"),
    (EndReason::Stopped, "stopped", "Stopped"),
    (EndReason::TimedOut, "timed_out", "Nobody came back in time"),
    (EndReason::PageUnreachable, "page_unreachable", "Page could not be opened"),
    (EndReason::CertificateRefused, "certificate_refused", "Certificate refused"),
    (EndReason::CallbackRejected, "callback_rejected", "Callback not believed"),
    (EndReason::AuthorizationRefused, "authorization_refused", "Refused at authorization"),
    (EndReason::TokenRefused, "token_refused", "Token request refused"),
    (EndReason::TokenMalformed, "token_malformed", "Token answer not understood"),
    (EndReason::ProviderUnreachable, "provider_unreachable", "Provider did not answer"),
    (EndReason::MetadataRejected, "metadata_rejected", "Issuer's metadata not believed"),
    (EndReason::IdTokenRejected, "id_token_rejected", "ID token not believed"),
    (EndReason::IdentityRefused, "identity_refused", "Identity refused"),
    (EndReason::IdentityMalformed, "identity_malformed", "Identity not understood"),
    (EndReason::WrongPerson, "wrong_person", "Wrong person"),
    (EndReason::ListenerFailed, "listener_failed", "Callback listener failed"),
    (EndReason::BrowserFailed, "browser_failed", "Browser could not be opened"),
    (EndReason::SecretUnavailable, "secret_unavailable", "Secret not available"),
    (EndReason::Interrupted, "interrupted", "Interrupted"),
];

pub(crate) fn reason_code(reason: EndReason) -> &'static str {
    REASONS.iter().find(|(known, ..)| *known == reason).map_or("ended", |(_, code, _)| code)
}

fn reason_words(reason: EndReason) -> &'static str {
    REASONS.iter().find(|(known, ..)| *known == reason).map_or("Ended", |(.., words)| words)
}
