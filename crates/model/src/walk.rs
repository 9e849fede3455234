//! A Walk: a consent walk through a Plan of Scenarios, each of which a person carries out while Gatewright watches and judges.
//!
//! A [`Plan`] is text ([`Plan::from_toml`]): ready ones come with Gatewright, and a person's own are files of the same form. What a walk
//! expects stands in [`Expectation`]; [`judge()`] compares it with the runs that came of a scenario and says, of each thing, what was
//! expected and what was received. Nothing here waits, asks or sends: [`Walk`] says whom it waits for, and the application does the rest.

mod expectation;
mod judge;
mod plan_text;
mod progress;
mod ready;
mod verdict;
mod words;

use serde::{Deserialize, Serialize};

use crate::ProviderId;
use crate::run::Browser;

pub use self::expectation::{Account, Expectation, ExpectedEnding, IdentityExpectation, ScopeExpectation};
pub use self::judge::{Evidence, Login, awaits_answers, judge};
pub use self::progress::{
    Answers, Part, PersonVerdict, ScenarioProgress, ScenarioRun, Stage, Waiting, WaitsFor, Walk, WalkStatus,
};
pub use self::verdict::{Comparison, MachineVerdict, Verdict, VerdictWord};
pub use self::words::Names;
pub use crate::profile::ProfileProblem;

/// A list of scenarios for one provider, or for any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id: lower-case letters, digits, hyphens and underscores.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The provider it is for; none when it is for any.
    pub provider: Option<ProviderId>,
    /// What it is about, in a sentence or two.
    pub about: String,
    /// The scenarios, in the order in which they are walked.
    pub scenarios: Vec<Scenario>,
}

/// One scripted part of a walk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its id in the plan: lower-case letters, digits, hyphens and underscores.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What the person does, in one or two sentences; `{provider}`, `{client}`, `{person}` and `{other}` stand for names ([`Names`]).
    pub instruction: String,
    /// Whom the person signs in as.
    pub account: Account,
    /// The token by which Gatewright first revokes what the last login of the same test user granted, so that consent is asked for again;
    /// none where that need not be.
    pub revoke_first: Option<TokenName>,
    /// What Gatewright does for it by itself.
    pub preparation: Option<Preparation>,
    /// What should happen.
    pub expect: Expectation,
    /// What is recorded, for the reader of a report.
    pub records: Vec<Recording>,
    /// The browser it has to be walked in; none when any will do.
    pub browser: Option<Browser>,
    /// What the person is asked afterwards.
    pub questions: Vec<Question>,
    /// Why it does not apply to this provider; none when it does.
    pub not_applicable: Option<String>,
}

/// What Gatewright does for a scenario by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Preparation {
    /// The person logs in once before, and the login that counts starts as soon as that one is over.
    LogInBefore,
    /// The same, and in between what was granted is revoked at the provider, by this token of the login before.
    RevokeBefore {
        /// Which of its tokens is sent to be revoked.
        token: TokenName,
    },
    /// A second login starts while the first is open.
    SecondLogin,
    /// The state of the callback is changed before anybody looks at it.
    TamperState,
    /// The callback is held back until its code has expired.
    HoldCode {
        /// For how many seconds: longer than the provider's codes live.
        seconds: u32,
    },
    /// Each request of Gatewright's own is held back, and the pages of a twin are slow.
    SlowNetwork {
        /// For how many milliseconds.
        delay_ms: u32,
    },
    /// Once the callback is there, no request of Gatewright's own gets through.
    ProviderDown,
    /// Only these scopes are asked for.
    FewerScopes {
        /// The scopes.
        scopes: Vec<String>,
    },
}

/// A token that can be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenName {
    /// The access token.
    AccessToken,
    /// The refresh token; with it everything goes that was granted.
    RefreshToken,
}

impl TokenName {
    /// The name it has on the wire (RFC 6749 §5.1).
    pub const fn on_the_wire(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// A part of what a scenario leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// The addresses of the pages seen, without query.
    Pages,
    /// Pictures of the pages, where the login view is walked.
    Screenshots,
    /// The requests and answers, redacted.
    Exchanges,
    /// What was off.
    Findings,
    /// Who logged in.
    Identity,
    /// What the tokens are, without their values.
    Tokens,
    /// How long each step took.
    Durations,
    /// The person's answers.
    Answers,
}

/// Something that no machine can see, with the answers yes and no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id in the scenario.
    pub id: String,
    /// The question, one sentence.
    pub text: String,
    /// The answer that should be given; none when it is only noted.
    #[serde(default)]
    pub expected: Option<bool>,
}

impl Scenario {
    /// Whether the login before, a part of the preparation, has to leave the person signed in: the browser's storage must outlive a login.
    pub const fn needs_kept_storage(&self) -> bool {
        matches!(self.preparation, Some(Preparation::LogInBefore | Preparation::RevokeBefore { .. }))
    }

    /// Whether it takes a test user with an expected identity, and another one to sign in as.
    pub const fn needs_other_account(&self) -> bool {
        matches!(self.account, Account::Other)
    }
}

#[cfg(test)]
mod tests;
