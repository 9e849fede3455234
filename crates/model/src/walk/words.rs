//! Sentences about scenarios, for the window and for reports.

use super::expectation::{ExpectedEnding, IdentityExpectation, ScopeExpectation};
use super::{Preparation, Recording, Scenario, TokenName};
use crate::Outcome;
use crate::run::EndReason;

/// The names that an instruction is written with.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The provider's.
    pub provider: &'a str,
    /// The client's; none where a plan is shown apart from any walk.
    pub client: Option<&'a str>,
    /// The test user's who walks.
    pub person: Option<&'a str>,
    /// The test user's to sign in as where a wrong account is asked for.
    pub other: Option<&'a str>,
}

impl Scenario {
    /// What the person does, with the names in it.
    pub fn instruction_for(&self, names: &Names<'_>) -> String {
        self.instruction
            .replace("{provider}", names.provider)
            .replace("{client}", names.client.unwrap_or("the client"))
            .replace("{person}", names.person.unwrap_or("yourself"))
            .replace("{other}", names.other.unwrap_or("somebody else"))
    }

    /// What should happen, a sentence each; what should be answered is in [`Scenario::expected_answers`].
    pub fn expected_in_words(&self) -> Vec<String> {
        let expect = &self.expect;
        let mut all = vec![format!("The login ends so: {}.", of_endings(&expect.outcomes))];
        if !expect.odd_outcomes.is_empty() {
            all.push(format!("Odd, and no failure: {}.", of_endings(&expect.odd_outcomes)));
        }
        match expect.identity {
            IdentityExpectation::Any => {}
            IdentityExpectation::Received => all.push("The provider says who it was.".to_owned()),
            IdentityExpectation::Expected => all.push("The provider says that it was the test user.".to_owned()),
            IdentityExpectation::Other => {
                all.push("The provider says that it was somebody else than the test user.".to_owned());
            }
        }
        all.extend(expect.required_findings.iter().map(|code| format!("The finding {code} is there.")));
        all.extend(expect.forbidden_findings.iter().map(|code| format!("The finding {code} is not there.")));
        if expect.nothing_off {
            all.push("Nothing is off on the way.".to_owned());
        }
        if expect.scope == ScopeExpectation::NotWider {
            all.push("No scope is granted that was not asked for.".to_owned());
        }
        all
    }

    /// What should be answered: the question, and "yes" or "no".
    pub fn expected_answers(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.questions.iter().filter_map(|one| Some((one.text.as_str(), yes_or_no(one.expected?))))
    }

    /// What Gatewright does by itself, in a sentence or two; none when nothing.
    pub fn preparation_in_words(&self) -> Option<String> {
        let first = self.revoke_first.map(|token| {
            format!(
                "Gatewright first revokes the {} of the test user's last login, so that consent is asked for again.",
                of_token(token)
            )
        });
        let sentences: Vec<_> = first.into_iter().chain(self.preparation.as_ref().map(Preparation::in_words)).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// What is recorded, a few words each.
    pub fn recorded_in_words(&self) -> Vec<&'static str> {
        self.records.iter().copied().map(of_recording).collect()
    }
}

impl Preparation {
    fn in_words(&self) -> String {
        match self {
            Self::LogInBefore => "Gatewright starts two logins, one after the other; the second one counts.".to_owned(),
            Self::RevokeBefore { token } => format!(
                "Gatewright starts two logins, one after the other, and revokes the {} of the first in between; the second one counts.",
                of_token(*token)
            ),
            Self::SecondLogin => "Gatewright starts a second login as soon as the first is open.".to_owned(),
            Self::TamperState => "Gatewright changes the state of the callback before it looks at it, as an attacker would.".to_owned(),
            Self::HoldCode { seconds } => {
                format!("Gatewright holds the code back for {seconds} seconds before it sends it. At a twin it makes codes live for a second instead.")
            }
            Self::SlowNetwork { delay_ms } => format!(
                "Gatewright holds each request of its own back for {} seconds. The pages of a twin are slow, too; those of a real provider are as fast as ever.",
                f64::from(*delay_ms) / 1000.0
            ),
            Self::ProviderDown => {
                "Once you are back from the browser, Gatewright lets none of its own requests through: the provider itself is not touched.".to_owned()
            }
            Self::FewerScopes { scopes } => format!("Gatewright asks only for {}.", of_scopes(scopes)),
        }
    }
}

/// Endings in words: "logged in, or denied by the person".
pub(super) fn of_endings(endings: &[ExpectedEnding]) -> String {
    endings.iter().copied().map(of_ending).collect::<Vec<_>>().join(", or ")
}

/// How a run ended, in words.
pub(super) fn of_outcome(outcome: &Outcome) -> &'static str {
    ExpectedEnding::of(outcome).map_or("still going on", of_ending)
}

const fn of_ending(ending: ExpectedEnding) -> &'static str {
    match ending {
        ExpectedEnding::LoggedIn => "logged in",
        ExpectedEnding::Ended(reason) => of_reason(reason),
    }
}

const fn of_reason(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Denied => "consent denied",
        EndReason::Cancelled => "cancelled without parameters",
        EndReason::WindowClosed => "the window was closed",
        EndReason::Stopped => "the login was stopped",
        EndReason::TimedOut => "nobody came back in time",
        EndReason::PageUnreachable => "a page could not be opened",
        EndReason::CertificateRefused => "the certificate was refused",
        EndReason::CallbackRejected => "the callback was not believed",
        EndReason::AuthorizationRefused => "the authorization request was refused",
        EndReason::TokenRefused => "the code was refused",
        EndReason::TokenMalformed => "the token answer made no sense",
        EndReason::ProviderUnreachable => "the provider could not be reached",
        EndReason::MetadataRejected => "the issuer's metadata were not believed",
        EndReason::IdTokenRejected => "the ID token was not believed",
        EndReason::IdentityRefused => "the identity was refused",
        EndReason::IdentityMalformed => "the identity made no sense",
        EndReason::WrongPerson => "somebody else logged in than was meant",
        EndReason::ListenerFailed => "the port for the callback could not be opened",
        EndReason::BrowserFailed => "the browser could not be opened",
        EndReason::SecretUnavailable => "the client's secret could not be had",
        EndReason::Interrupted => "Gatewright ended in the middle",
    }
}

const fn of_token(token: TokenName) -> &'static str {
    match token {
        TokenName::AccessToken => "access token",
        TokenName::RefreshToken => "refresh token",
    }
}

const fn of_recording(recording: Recording) -> &'static str {
    match recording {
        Recording::Pages => "the pages seen",
        Recording::Screenshots => "pictures of the pages",
        Recording::Exchanges => "requests and answers",
        Recording::Findings => "what was off",
        Recording::Identity => "who logged in",
        Recording::Tokens => "what the tokens are",
        Recording::Durations => "how long each step took",
        Recording::Answers => "your answers",
    }
}

/// Scopes as they are asked for.
pub(super) fn of_scopes(scopes: &[String]) -> String {
    if scopes.is_empty() { "no scope".to_owned() } else { scopes.join(" ") }
}

/// An answer in a word.
pub(super) const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
