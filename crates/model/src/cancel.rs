//! What a provider sends when the person cancels on its page: told from one run in which they did.
//!
//! Only ContentDB documents it. RFC 6749 §4.1.2.1 asks for `error=access_denied` with the state; providers do it otherwise, and an app
//! that knows no better hangs, or blames the state.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::dialect::RefusalSignal;
use crate::run::{EndReason, StepKind};
use crate::{Outcome, Step};

/// What came when the person cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelSignal {
    /// `error=access_denied` with the state that was sent (RFC 6749 §4.1.2.1).
    AccessDenied,
    /// An answer with the state, and with another error or none.
    OtherError,
    /// An error whose state is another than the one that was sent.
    ForeignState,
    /// An error without a state: anybody could have sent it.
    ErrorWithoutState,
    /// The redirect URI without any parameter.
    BareRedirect,
    /// The person landed on another page, and nobody came back.
    OtherPage,
    /// Nothing came until the time was up, or the person gave up.
    Nothing,
    /// The window was closed, and nothing came.
    WindowClosed,
}

impl CancelSignal {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AccessDenied,
        Self::OtherError,
        Self::ForeignState,
        Self::ErrorWithoutState,
        Self::BareRedirect,
        Self::OtherPage,
        Self::Nothing,
        Self::WindowClosed,
    ];

    /// Whether the app hears of the cancel at all.
    pub const fn comes_back(self) -> bool {
        !matches!(self, Self::OtherPage | Self::Nothing | Self::WindowClosed)
    }

    /// Whether it is the provider's doing. A window that is closed may have been closed before anybody pressed Cancel.
    pub const fn is_of_provider(self) -> bool {
        !matches!(self, Self::WindowClosed)
    }

    /// How it stands to what a profile says.
    pub const fn against(self, said: RefusalSignal) -> Agreement {
        match (said, self) {
            (_, seen) if !seen.is_of_provider() => Agreement::Unclear,
            (RefusalSignal::Unknown, _) => Agreement::New,
            (RefusalSignal::AccessDenied, Self::AccessDenied) | (RefusalSignal::BareRedirect, Self::BareRedirect) => {
                Agreement::Confirmed
            }
            _ => Agreement::Contradicted,
        }
    }
}

/// How an observation stands to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It is as it was said.
    Confirmed,
    /// It is otherwise.
    Contradicted,
    /// Nobody has said anything.
    New,
    /// It tells nothing of the provider.
    Unclear,
}

/// What was seen of a cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelSeen {
    /// What came.
    pub signal: CancelSignal,
    /// The error code, where one came.
    pub error: Option<String>,
    /// Where the person was last, without query, where nothing came back.
    pub page: Option<String>,
}

impl CancelSeen {
    /// Reads it from a run that has ended and in which the person was asked to cancel. `endpoint` is the authorization endpoint. None
    /// where the run says nothing about a cancel: the person approved, or the login broke for another reason.
    pub fn of(outcome: &Outcome, steps: &[Step], endpoint: &Url) -> Option<Self> {
        let Outcome::Ended(ending) = outcome else { return None };
        if let Some(callback) = steps.iter().find(|step| step.kind == StepKind::Callback) {
            return of_callback(callback);
        }
        let last = steps.iter().filter(|step| step.kind == StepKind::Pages).flat_map(|step| &step.pages).next_back();
        let silent = |signal| Self { signal, error: None, page: last.cloned() };
        let is_elsewhere = last.is_some_and(|page| is_elsewhere(page, endpoint));
        match ending.reason {
            EndReason::Cancelled => Some(Self { signal: CancelSignal::BareRedirect, error: None, page: None }),
            // Wherever they were: whether they had pressed Cancel by then only they know.
            EndReason::WindowClosed => Some(silent(CancelSignal::WindowClosed)),
            EndReason::TimedOut | EndReason::Stopped if is_elsewhere => Some(silent(CancelSignal::OtherPage)),
            EndReason::TimedOut | EndReason::Stopped => Some(silent(CancelSignal::Nothing)),
            // Pages were there before: the one that could not be opened is where the cancel led.
            EndReason::PageUnreachable if last.is_some() => Some(silent(CancelSignal::OtherPage)),
            _ => None,
        }
    }
}

fn of_callback(step: &Step) -> Option<CancelSeen> {
    let parameters = step.exchanges.iter().rev().find_map(|exchange| exchange.response.as_ref())?;
    let text = parameters.body.to_plain();
    let named = |name: &str| {
        text.split(['?', '#', '&', '\n']).skip(1).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    if named("code").is_some() {
        return None;
    }
    let (error, state) = (named("error"), named("state"));
    let is_foreign = step.findings.iter().any(|finding| matches!(&*finding.code, "state_mismatch" | "state_spent"));
    let signal = match (error, state) {
        (None, None) => CancelSignal::BareRedirect,
        (Some(_), None) => CancelSignal::ErrorWithoutState,
        (Some(_), Some(_)) if is_foreign => CancelSignal::ForeignState,
        (Some("access_denied"), Some(_)) => CancelSignal::AccessDenied,
        (_, Some(_)) => CancelSignal::OtherError,
    };
    Some(CancelSeen { signal, error: error.map(str::to_owned), page: None })
}

/// Whether a page is surely not where the person was asked: on another server, or the front page. Of other pages nobody can tell but
/// the person.
fn is_elsewhere(page: &str, endpoint: &Url) -> bool {
    Url::parse(page).is_ok_and(|page| page.origin() != endpoint.origin() || page.path() == "/")
}

#[cfg(test)]
mod tests;
