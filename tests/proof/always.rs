//! What holds after every login and every errand, whatever a proof looks at besides (engine.md B.7). A proof cannot leave it out: the
//! requests, the records and the state are looked at as soon as something has ended, and a proof that never asks how it ended fails.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;

use gatewright_engine::grant::{
    IntrospectionOutcome, LogoutOutcome, RefreshOutcome, RevocationOutcome, UserinfoOutcome,
};
use gatewright_model::run::{EndReason, StepKind, StepStatus};
use gatewright_model::{Grant, GrantState, Outcome};
use gatewright_sandbox::{FaultRule, Injection, RequestLogEntry};

use crate::proof::{Proof, kind_of};

/// Whether somebody has asked how something ended, by its code or its outcome.
#[derive(Default)]
pub(crate) struct Told(Cell<bool>);

impl Told {
    /// Somebody asks.
    pub(crate) fn is_asked(&self) {
        self.0.set(true);
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.0.get(), "this proof never asks how it ended");
    }
}

/// What a stage still owes at its end: a login that works after one that did not, and every fault that was to happen.
#[derive(Default)]
pub(crate) struct Debts {
    login: Cell<bool>,
    faults: RefCell<Vec<FaultRule>>,
}

impl Debts {
    /// This fault is to happen before the stage ends.
    pub(crate) fn expect(&self, rule: &FaultRule) {
        self.faults.borrow_mut().push(rule.clone());
    }

    /// A login has ended like this.
    pub(crate) fn note(&self, outcome: &Outcome) {
        self.login.set(!matches!(outcome, Outcome::LoggedIn { .. }));
    }

    /// Nothing is owed any more.
    pub(crate) fn are_paid(&self, injections: &[Injection]) {
        assert!(!self.login.get(), "this proof never looks whether the next login works");
        for rule in self.faults.borrow().iter() {
            let is_it = |injection: &Injection| {
                injection.fault == rule.fault
                    && rule.variant.as_deref().is_none_or(|variant| injection.variant == Some(variant))
            };
            assert!(injections.iter().any(is_it), "{rule:?} never happened, only {injections:?}");
        }
    }
}

impl Proof<'_> {
    /// Nothing was sent that no login may send, no record holds a secret, and the login stands still.
    pub(crate) fn holds(&self) {
        let believed = |kind| self.end.steps.iter().any(|step| step.kind == kind && step.status != StepStatus::Failed);
        let sent = |kind: &str| self.requests.iter().filter(|entry| kind_of(&entry.path) == kind).count();
        assert!(sent("token") <= 1, "a code was sent twice: {:#?}", self.requests);
        assert!(
            sent("token") == 0 || believed(StepKind::Callback),
            "a code of a callback that was not believed was sent"
        );
        assert!(sent("identity") == 0 || believed(StepKind::TokenRequest), "a token that was not believed was used");
        assert!(sent("elsewhere") == 0, "a redirect of the server's was followed");
        spares_the_attacker(self.requests.iter().map(AsRef::as_ref));
        self.leaks_nothing();
        let running = self.end.steps.iter().find(|step| step.status == StepStatus::Running);
        assert!(running.is_none(), "a step goes on although the login is over: {running:?}");
        if let Outcome::Ended(ending) = &self.end.outcome {
            assert!(!ending.sentence.is_empty() && !ending.next.is_empty(), "{ending:?}");
            let is_shown = self.end.identity.is_some() && ending.reason != EndReason::WrongPerson;
            assert!(!is_shown, "a person of a login that went wrong is shown");
        }
    }
}

/// Nobody went where an attacker wanted to have somebody.
pub(crate) fn spares_the_attacker<'a>(requests: impl Iterator<Item = &'a RequestLogEntry>) {
    let went: Vec<_> = requests.filter(|entry| entry.path.starts_with("/chaster/attacker")).collect();
    assert!(went.is_empty(), "{went:#?}");
}

/// What an errand may ask of the server and how it may leave the grant.
pub(crate) trait Errands: Debug {
    /// The kinds of requests that belong to it, each with how often it is made at most; see [`kind_of`].
    const MAY_ASK: &'static [(&'static str, usize)];

    /// How the grant has to stand afterwards, where the errand alone decides.
    fn leaves(&self, before: &Grant) -> Option<(GrantState, u32)> {
        Some((before.state, before.version))
    }
}

impl Errands for RefreshOutcome {
    const MAY_ASK: &'static [(&'static str, usize)] = &[("token", 1), ("handshake", 1), ("metadata", 2), ("keys", 2)];

    fn leaves(&self, before: &Grant) -> Option<(GrantState, u32)> {
        match self {
            Self::Renewed(_) => Some((GrantState::Live, before.version + 1)),
            Self::Lost => Some((GrantState::Lost, before.version)),
            Self::Unknown | Self::NotBelieved => Some((GrantState::Ambiguous, before.version)),
            Self::Untouched | Self::TooSoon { .. } => Some((before.state, before.version)),
            // What is not stored has no account, and what was not begun may be another's turn.
            Self::NotStored(_) | Self::NotBegun(_) => None,
        }
    }
}

impl Errands for RevocationOutcome {
    const MAY_ASK: &'static [(&'static str, usize)] = &[("revocation", 2)];
}

impl Errands for IntrospectionOutcome {
    const MAY_ASK: &'static [(&'static str, usize)] = &[("introspection", 1)];
}

impl Errands for UserinfoOutcome {
    const MAY_ASK: &'static [(&'static str, usize)] = &[("identity", 1), ("metadata", 2), ("keys", 2)];
}

impl Errands for LogoutOutcome {
    const MAY_ASK: &'static [(&'static str, usize)] = &[("logout", 2), ("page", usize::MAX)];
}

/// An errand has asked for nothing that is not its own.
pub(crate) fn asks_for_its_own<T: Errands>(requests: &[&RequestLogEntry]) {
    for kind in requests.iter().map(|entry| kind_of(&entry.path)) {
        let asked = requests.iter().filter(|entry| kind_of(&entry.path) == kind).count();
        let may = T::MAY_ASK.iter().find(|(known, _)| *known == kind).map_or(0, |(_, most)| *most);
        assert!(asked <= may, "{asked} requests for {kind} in {requests:#?}");
    }
    spares_the_attacker(requests.iter().copied());
}
