//! How a login ends that is none: for each ending one sentence and the next step to take.

mod openid;

use gatewright_model::dialect::RefusalSignal;
use gatewright_model::run::{Browser, EndReason, Ending, StepKind};
use gatewright_protocol::answer::{AnswerDefect, Refusal};
use gatewright_protocol::authorization::{Defect, ErrorResponse};

pub(super) use openid::{
    endpoints_moved, id_token_missing, id_token_rejected, metadata_rejected, metadata_unreachable, userinfo_rejected,
};

use super::plan::{ExpectedPerson, LoginPlan};
use crate::ports::{SendError, TlsProblem, VisitError};
use crate::words::{in_its_words, in_words, refusal_words, short, step_words, upper_first};

pub(crate) fn ending(reason: EndReason, sentence: impl Into<String>, next: impl Into<String>) -> Ending {
    Ending { reason, sentence: upper_first(&sentence.into()), next: next.into() }
}

/// The client's secret could not be had. `why` is a sentence that says what the keyring answered.
pub fn secret_unavailable(client: &str, why: &str) -> Ending {
    ending(
        EndReason::SecretUnavailable,
        format!("The secret of {client} could not be had, so nothing was sent: {why}"),
        "Unlock the keyring, or enter the secret again in the client's form; then log in again.",
    )
}

/// Gatewright ended while the run was going on; `during` is the last step that had begun.
pub fn interrupted(provider: &str, during: Option<StepKind>) -> Ending {
    let next = match during {
        Some(StepKind::TokenRequest) => format!(
            "{provider} may have taken the code and issued tokens that nobody has now. The code is never sent again: log in anew."
        ),
        Some(StepKind::IdToken | StepKind::Identity) => {
            "Tokens had been issued already. Log in again for an identity.".to_owned()
        }
        _ => "Nothing had been issued. Log in again at any time.".to_owned(),
    };
    let during =
        during.map_or_else(|| "before its first step".to_owned(), |step| format!("during: {}", step_words(step)));
    ending(EndReason::Interrupted, format!("Gatewright ended while this login was going on, {during}."), next)
}

pub(super) fn denied(plan: &LoginPlan, error: &ErrorResponse) -> Ending {
    ending(
        EndReason::Denied,
        format!("The person refused: {} answered access_denied{}.", plan.provider.name, in_its_words(error)),
        "Nothing was issued. Log in again and approve, or keep this run as proof that refusing works.",
    )
}

pub(super) fn cancelled(plan: &LoginPlan) -> Ending {
    let name = &plan.provider.name;
    let dialect = &plan.provider.dialect.authorization;
    let known =
        dialect.cancel.value == RefusalSignal::BareRedirect || dialect.refusal.value == RefusalSignal::BareRedirect;
    let how = if known { "that is how it cancels" } else { "a cancel is the only thing that fits" };
    ending(
        EndReason::Cancelled,
        format!(
            "Cancelled (the provider sends no parameters): {name} came back without a code and without an error, and {how}."
        ),
        "Nothing was issued. Without a state nobody can tell a cancel from a stranger who opens this address: an app must never take it for a login.",
    )
}

pub(super) fn stopped(during: StepKind, plan: &LoginPlan) -> Ending {
    let next = match during {
        StepKind::TokenRequest => {
            format!("{} may have taken the code already. It is never sent again: log in anew.", plan.provider.name)
        }
        StepKind::IdToken | StepKind::Identity => {
            "Tokens had been issued already. Log in again for an identity.".to_owned()
        }
        _ => "Nothing was issued. Log in again at any time.".to_owned(),
    };
    ending(EndReason::Stopped, format!("You stopped the login during: {}.", step_words(during)), next)
}

pub(super) fn timed_out(plan: &LoginPlan) -> Ending {
    ending(
        EndReason::TimedOut,
        format!("Nobody came back from {} within {}.", plan.provider.name, in_words(plan.time_limit)),
        format!(
            "Log in again. If the person did approve, the callback went elsewhere: is {} what is registered?",
            plan.redirect_uri
        ),
    )
}

pub(super) fn visit_failed(error: &VisitError, plan: &LoginPlan) -> Ending {
    let name = &plan.provider.name;
    match error {
        VisitError::WindowClosed => ending(
            EndReason::WindowClosed,
            format!("The login window was closed before {name} came back to the redirect URI."),
            "Log in again and leave the window open: it closes by itself.",
        ),
        VisitError::Cancelled => stopped(StepKind::Pages, plan),
        VisitError::PageUnreachable { .. } => {
            ending(EndReason::PageUnreachable, format!("{error}."), check_reach(plan))
        }
        VisitError::CertificateRefused { .. } => ending(
            EndReason::CertificateRefused,
            format!("{error}."),
            "Type no password there. Ask whoever runs the server to put the certificate right; there is no way to go on regardless.",
        ),
        VisitError::ListenerFailed { .. } => ending(
            EndReason::ListenerFailed,
            format!("{error}."),
            "End the program that holds the port and log in again, or use the embedded view, which needs no port.",
        ),
        VisitError::BrowserFailed { .. } => ending(
            EndReason::BrowserFailed,
            format!("{error}."),
            "Log in with another browser mode: embedded view, system browser, or paste the callback.",
        ),
    }
}

pub(super) fn callback_rejected(defect: &Defect, plan: &LoginPlan) -> Ending {
    let name = &plan.provider.name;
    let next = match defect {
        Defect::StateMissing | Defect::StateMismatch | Defect::StateSpent => format!(
            "The callback may be left from an earlier login, or somebody may have forged it. Log in again; if it happens every time, {name} changes the state and its owner should know."
        ),
        Defect::OtherIssuer { .. } | Defect::IssuerMissing { .. } => {
            "Do not go on with this code: it may have been issued by another server. Compare the base URL in the provider's profile."
                .to_owned()
        }
        Defect::NotTheRedirectUri => format!("Paste the address that begins with {}.", plan.redirect_uri),
        Defect::InFragment => format!("Report it to the owner of {name}: an app's server never sees what stands after #."),
        _ => format!("Report it to the owner of {name}, with this run as evidence; a strict app refuses such a callback."),
    };
    ending(EndReason::CallbackRejected, format!("The callback is not to be believed: {defect}."), next)
}

pub(super) fn authorization_refused(error: &ErrorResponse, plan: &LoginPlan) -> Ending {
    let code = error.error.as_deref().map(short).unwrap_or_default();
    let next = match code.as_str() {
        "invalid_scope" => "Choose other scopes and log in again.",
        "unauthorized_client" | "invalid_client" => {
            "Compare the client ID and ask whether the provider has approved this client."
        }
        "unsupported_response_type" | "invalid_request" => {
            "Open the request and compare it with the provider's document."
        }
        "server_error" | "temporarily_unavailable" => "Wait a little and log in again.",
        _ => "Open the callback to see the whole answer.",
    };
    let said = in_its_words(error);
    ending(
        EndReason::AuthorizationRefused,
        format!("{} refused the authorization request: {code}{said}.", plan.provider.name),
        next,
    )
}

pub(super) fn token_refused(refusal: &Refusal, plan: &LoginPlan) -> Ending {
    let sentence = format!("{} refused the token request: {}.", plan.provider.name, refusal_words(refusal));
    ending(EndReason::TokenRefused, sentence, after_refused_token(refusal, plan))
}

fn after_refused_token(refusal: &Refusal, plan: &LoginPlan) -> String {
    let code = refusal.error.error.as_deref().unwrap_or_default();
    let words = refusal.error.description.as_deref().unwrap_or_default().to_ascii_lowercase();
    let blames_client = matches!(code, "invalid_client" | "unauthorized_client")
        || refusal.status == 401
        || words.contains("client_id")
        || words.contains("client_secret");
    let blames_code = code == "invalid_grant" || words.contains("code");
    if blames_client {
        let version =
            plan.client_secret.as_ref().map_or_else(String::new, |secret| format!(" (version {})", secret.version));
        return format!(
            "Compare the client ID and the secret{version} with what {} shows for this client.",
            plan.provider.name
        );
    }
    if blames_code {
        return "Log in again for a new code. If it happens every time, compare the redirect URI letter by letter with the registered one."
            .to_owned();
    }
    match code {
        "unsupported_grant_type" | "invalid_request" => {
            "Open the request and compare its fields with the provider's document.".to_owned()
        }
        _ if refusal.status == 429 => "Wait a few minutes: the provider limits how often it is asked.".to_owned(),
        _ => "Open the exchange to see the whole answer.".to_owned(),
    }
}

pub(super) fn token_malformed(defect: &AnswerDefect, plan: &LoginPlan) -> Ending {
    ending(
        EndReason::TokenMalformed,
        format!("{}'s answer to the token request cannot be used: {defect}.", plan.provider.name),
        after_defect(defect, "token"),
    )
}

pub(super) fn identity_malformed(defect: &AnswerDefect, plan: &LoginPlan) -> Ending {
    ending(
        EndReason::IdentityMalformed,
        format!("{}'s answer to the identity request cannot be used: {defect}.", plan.provider.name),
        after_defect(defect, "identity"),
    )
}

fn after_defect(defect: &AnswerDefect, endpoint: &str) -> String {
    match defect {
        AnswerDefect::Redirected { target, .. } if target.ends_with('/') => format!(
            "Redirects are never followed, because they could carry the secret elsewhere. If {target} is the provider's, write the {endpoint} endpoint with its trailing slash in the profile."
        ),
        AnswerDefect::Redirected { .. } => format!(
            "Redirects are never followed, because they could carry the secret elsewhere. Correct the {endpoint} endpoint in the provider's profile."
        ),
        AnswerDefect::Html { .. } => {
            format!(
                "A page came where data should: is the {endpoint} endpoint in the provider's profile right, and is no proxy in between?"
            )
        }
        AnswerDefect::ServerFailed { .. } => {
            "Wait a little and log in again; the code of this login is never sent twice.".to_owned()
        }
        AnswerDefect::NoSubject(_) | AnswerDefect::NoSuccessSign(_) | AnswerDefect::NoAccessToken => {
            "Open the exchange and compare the answer with the provider's profile.".to_owned()
        }
        _ => "Open the exchange to see the answer, and report it to whoever runs the provider.".to_owned(),
    }
}

pub(super) fn token_unreachable(error: &SendError, plan: &LoginPlan) -> Ending {
    let next = match error {
        error if error.may_have_arrived() => format!(
            "What {} did with the code is unknown, and it is never sent again. Log in anew for another code.",
            plan.provider.name
        ),
        error => reach(error, plan),
    };
    unreachable("token", error, next)
}

/// What to do about a server that was not reached.
fn reach(error: &SendError, plan: &LoginPlan) -> String {
    match error {
        SendError::TooNear { .. } => format!(
            "If this server is your own, open the finding and allow its host for {}. If not, somebody wants this computer to talk to your network.",
            plan.provider.name
        ),
        SendError::TlsRefused { problem, .. } => after_refused_tls(*problem).to_owned(),
        SendError::Unprepared { .. } => {
            "The server has nothing to do with it. Look whether this computer can read its list of trusted certificates, then log in again."
                .to_owned()
        }
        _ => check_reach(plan),
    }
}

const fn after_refused_tls(problem: TlsProblem) -> &'static str {
    match problem {
        TlsProblem::UnknownIssuer => {
            "If the server is your own, add the authority that signs for it to the certificates this computer trusts. If not, ask whoever runs the server to put its certificate right; there is no way to go on regardless."
        }
        TlsProblem::Validity => {
            "Look at this computer's clock: it may be wrong. If it is right, ask whoever runs the server to put its certificate right; there is no way to go on regardless."
        }
        TlsProblem::Certificate => {
            "Ask whoever runs the server to put its certificate right; there is no way to go on regardless."
        }
        TlsProblem::Handshake => {
            "Compare the host and the port in the provider's profile: perhaps https is not spoken there. If they are right, ask whoever runs the server which versions of TLS it speaks."
        }
    }
}

pub(super) fn identity_unreachable(error: &SendError, plan: &LoginPlan) -> Ending {
    unreachable("identity", error, format!("Tokens were issued and are kept. {}", reach(error, plan)))
}

fn unreachable(request: &str, error: &SendError, next: String) -> Ending {
    let reason = match error {
        SendError::TlsRefused { problem, .. } if *problem != TlsProblem::Handshake => EndReason::CertificateRefused,
        _ => EndReason::ProviderUnreachable,
    };
    ending(reason, format!("The {request} request got no answer: {error}."), next)
}

pub(super) fn identity_refused(refusal: &Refusal, plan: &LoginPlan) -> Ending {
    let next = if refusal.error.error.as_deref() == Some("insufficient_scope") {
        "Log in again with the scope it names; at OpenID Connect servers that is openid."
    } else {
        "Tokens were issued and are kept. Open the exchange to see why they were not enough."
    };
    let sentence =
        format!("{} issued a token, but did not say who logged in: {}.", plan.provider.name, refusal_words(refusal));
    ending(EndReason::IdentityRefused, sentence, next)
}

pub(super) fn wrong_person(expected: &ExpectedPerson, received: &str, plan: &LoginPlan) -> Ending {
    let ExpectedPerson { name, subject } = expected;
    let provider = &plan.provider.name;
    let next = match plan.browser {
        Browser::Embedded => format!(
            "Log out at {provider} in the login window, or forget what the login window kept of {name}; then log in again as {name}."
        ),
        Browser::System | Browser::Paste => {
            format!("Log out at {provider} in your browser, then log in again as {name}.")
        }
    };
    let sentence = format!("You meant to log in as {name} ({subject}), but {provider} said {received}.");
    ending(EndReason::WrongPerson, sentence, next)
}

pub(super) fn nobody_signed_in(plan: &LoginPlan) -> Ending {
    ending(
        EndReason::IdentityRefused,
        format!("{} answered with success, but says that nobody is signed in.", plan.provider.name),
        "The token was not accepted. Log in again, and do not judge this provider by its status codes.",
    )
}

fn check_reach(plan: &LoginPlan) -> String {
    if plan.bases.authorization.starts_with("http://") {
        return "Is the sandbox on? Start it and log in again.".to_owned();
    }
    let name = &plan.provider.name;
    if plan.provider.historic {
        return format!("{name} is historic: its servers may be gone for good. Use its sandbox twin.");
    }
    format!("Check the network and the base URL of {name}, then log in again.")
}
