//! What a login came to, and the four things every proof looks at (engine.md B.7): how it ended, what was asked of the server, that no
//! secret is in any record, and that the next login works.

use std::sync::Arc;

use gatewright_engine::login::LoginEnd;
use gatewright_engine::progress::Event;
use gatewright_model::Outcome;
use gatewright_model::run::{EndReason, Ending, Step, StepKind};
use gatewright_sandbox::{Injection, RequestLogEntry, Twin};

use crate::always::Told;
use crate::person::LoginView;
use crate::stage::Stage;

/// A login that has ended, ready to be looked at.
pub(crate) struct Proof<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) end: LoginEnd,
    pub(crate) events: Vec<Event>,
    /// The sandbox's own log of this login.
    pub(crate) requests: Vec<Arc<RequestLogEntry>>,
    pub(crate) injections: Vec<Injection>,
    told: Told,
    began: u64,
    injected: u64,
}

impl<'a> Proof<'a> {
    pub(crate) fn new(stage: &'a Stage, end: LoginEnd, events: Vec<Event>, began: u64, injected: u64) -> Self {
        stage.debts.note(&end.outcome);
        let (requests, injections, told) = (Vec::new(), Vec::new(), Told::default());
        Self { stage, end, events, requests, injections, told, began, injected }.with_everything_since()
    }

    /// Looks once more at what the sandbox has seen since the login began, and at what holds after every login.
    pub(crate) fn with_everything_since(mut self) -> Self {
        self.requests = self.stage.sandbox.recent_requests();
        self.requests.retain(|entry| entry.sequence > self.began);
        self.injections = self.stage.sandbox.injections();
        self.injections.retain(|injection| injection.sequence > self.injected);
        self.holds();
        self
    }

    /// The codes of all findings, in order.
    pub(crate) fn findings(&self) -> Vec<&str> {
        self.end.steps.iter().flat_map(|step| &step.findings).map(|finding| finding.code.as_str()).collect()
    }

    /// How it ended, well or not.
    pub(crate) fn outcome(&self) -> &Outcome {
        self.told.is_asked();
        &self.end.outcome
    }

    /// How it ended, when that was no login.
    #[track_caller]
    pub(crate) fn ending(&self) -> &Ending {
        match self.outcome() {
            Outcome::Ended(ending) => ending,
            other => panic!("it ended with {other:?}, findings {:?}", self.findings()),
        }
    }

    /// A step of the login.
    #[track_caller]
    pub(crate) fn step(&self, kind: StepKind) -> &Step {
        self.end.steps.iter().find(|step| step.kind == kind).unwrap_or_else(|| panic!("there was no {kind:?}"))
    }

    /// It ended without an identity, and the last finding has this code.
    #[track_caller]
    pub(crate) fn ends_with(&self, code: &str) -> &Self {
        let ending = self.ending();
        assert_eq!(self.findings().last(), Some(&code), "{ending:?}");
        assert!(self.end.identity.is_none());
        self
    }

    /// It ended for this reason.
    #[track_caller]
    pub(crate) fn ends_as(&self, reason: EndReason) -> &Self {
        assert_eq!(self.ending().reason, reason, "{:?}", self.ending());
        self
    }

    /// It ended with an identity.
    #[track_caller]
    pub(crate) fn logs_in(&self) -> &Self {
        let found = (self.outcome(), self.findings());
        assert!(matches!(self.end.outcome, Outcome::LoggedIn { .. }) && self.end.identity.is_some(), "{found:?}");
        self
    }

    /// Nothing of this kind was asked, of any twin: "token", "identity" …, see [`kind_of`].
    #[track_caller]
    pub(crate) fn without_request(&self, kind: &str) -> &Self {
        self.requests_of(kind, 0)
    }

    /// The sandbox was asked exactly so often for this.
    #[track_caller]
    pub(crate) fn requests_of(&self, kind: &str, times: usize) -> &Self {
        let found = self.requests.iter().filter(|entry| kind_of(&entry.path) == kind).count();
        let log: Vec<_> = self.requests.iter().map(|entry| (&entry.path, &entry.note)).collect();
        assert_eq!(found, times, "{kind} requests in {log:#?}");
        self
    }

    /// The fault really happened: "AZ-02", or "AZ-03:same".
    #[track_caller]
    pub(crate) fn fired(&self, fault: &str) -> &Self {
        let named = |injection: &Injection| match injection.variant {
            Some(variant) => format!("{}:{variant}", injection.fault),
            None => injection.fault.to_owned(),
        };
        let found: Vec<_> = self.injections.iter().map(named).collect();
        assert!(found.iter().any(|found| found == fault), "{fault} is not among {found:?}");
        self
    }

    /// No secret of this login stands in its steps, its events, its ending or the log, in any encoding.
    #[track_caller]
    pub(crate) fn leaks_nothing(&self) -> &Self {
        let recorded = (&self.end.steps, &self.end.outcome, &self.end.identity, &self.end.tokens);
        let places = [
            ("the record", serde_json::to_string(&recorded).unwrap()),
            ("the debug text of the end", format!("{:?}", self.end)),
            ("the events", format!("{:?}", self.events)),
            ("the log", self.stage.log()),
        ];
        for (place, text) in places {
            let traces = self.stage.secrets.traces_in(&text);
            assert!(traces.is_empty(), "{place} holds {traces:?}");
        }
        self
    }

    /// Once the faults are over, the same client logs in; brings that login.
    pub(crate) async fn next_login_works(&self) -> Proof<'a> {
        self.stage.sandbox.clear_faults();
        self.stage.go_on();
        self.stage.browser.decide("approve");
        let next = self.stage.log_in_through(Arc::new(LoginView(Arc::clone(&self.stage.browser))));
        let next = Box::pin(next).await;
        next.logs_in().leaks_nothing();
        next
    }
}

/// What a request to the sandbox is for.
pub(crate) fn kind_of(path: &str) -> &'static str {
    let is = |path_of: fn(Twin) -> Option<&'static str>| Twin::ALL.into_iter().any(|twin| path_of(twin) == Some(path));
    if path.is_empty() {
        return "handshake";
    }
    if is(|twin| Some(twin.token_path())) {
        return "token";
    }
    if is(Twin::identity_path) || path == "/gitter/api/v1/user" {
        return "identity";
    }
    if is(|twin| Some(twin.authorization_path())) {
        return "authorization";
    }
    let endings = [
        ("/certs", "keys"),
        ("/revoke", "revocation"),
        ("/delete-token/", "revocation"),
        ("/introspect", "introspection"),
        ("/protocol/openid-connect/logout", "logout"),
        ("/elsewhere", "elsewhere"),
    ];
    match endings.into_iter().find(|(ending, _)| path.ends_with(ending)) {
        Some((_, kind)) => kind,
        None if path.contains("/.well-known/") => "metadata",
        None if path.contains("/clients-registrations/") => "registration",
        None => "page",
    }
}

/// A callback that is not believed: the login ends with this code, no code goes to any token endpoint, and the next login works.
pub(crate) async fn refuses_the_callback(twin: Twin, fault: &str, code: &str) {
    let stage = Stage::at(twin).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_with(code).ends_as(EndReason::CallbackRejected).without_request("token").without_request("identity");
    proof.fired(fault).leaks_nothing().next_login_works().await;
}

/// A callback that ends nothing at a listener: the login goes on, the person tries again, and one code is exchanged once.
pub(crate) async fn stays_open_after(twin: Twin, fault: &str) {
    let mut stage = Stage::listening_at(twin).await.fault_once(fault);
    stage.tries = 2;
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).fired(fault).leaks_nothing();
}

/// A token answer that cannot be used: the login ends with this code, the code was sent once, no token goes to any other endpoint,
/// and the next login works.
pub(crate) async fn refuses_the_tokens(twin: Twin, fault: &str, code: &str, reason: EndReason) {
    let stage = Stage::at(twin).await.fault(fault);
    let proof = stage.log_in().await;
    proof.ends_with(code).ends_as(reason).requests_of("token", 1).without_request("identity");
    proof.fired(fault).leaks_nothing().next_login_works().await;
}

/// An oddity that a login outlives: it ends well, and besides what a login without the fault finds there are these findings.
pub(crate) async fn outlives(twin: Twin, fault: &str, findings: &[&str]) {
    Stage::at(twin).await.fault(fault).outlives(fault, findings).await;
}

impl Stage {
    /// The same on a stage that is prepared otherwise.
    pub(crate) async fn outlives(&self, fault: &str, findings: &[&str]) {
        let proof = self.log_in().await;
        proof.logs_in().requests_of("token", 1).fired(fault).leaks_nothing();
        let healthy = proof.next_login_works().await;
        let usual = healthy.findings();
        let mut besides = proof.findings();
        besides.retain(|code| !usual.contains(code));
        assert_eq!(besides, findings, "and usually {usual:?}");
    }
}
