//! What is done with the tokens of a login that is over, and what is looked at afterwards: how it ended, what was asked of the server,
//! that no secret is in any record, and where the grant stands.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use gatewright_engine::grant::{
    self, GrantEnd, GrantPlan, IntrospectionOutcome, LoginSubject, LogoutOutcome, LogoutPlan, RefreshOutcome,
    RefreshPlan, RevocationOutcome, RotationLedger, UserinfoOutcome,
};
use gatewright_engine::login::TokenKind;
use gatewright_engine::ports::UserAgent;
use gatewright_model::Grant;
use gatewright_model::run::StepStatus;
use gatewright_protocol::Secret;
use gatewright_sandbox::{Injection, RequestLogEntry};

use crate::always::{Errands, Told, asks_for_its_own};
use crate::book::Book;
use crate::person::LoginView;
use crate::proof::{Proof, kind_of};
use crate::stage::{Stage, rule};

/// How long a person has to come back from a logout.
pub(crate) const TO_COME_BACK: Duration = Duration::from_mins(1);

/// The tokens of a login.
pub(crate) struct Tokens<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) access_token: Secret,
    id_token: Option<Secret>,
    /// Who the login said it was.
    subject: Option<String>,
    /// The account of the grant; none where there is nothing to refresh with.
    book: Option<Book>,
    granted: Vec<String>,
}

impl<'a> Proof<'a> {
    /// What this login left behind.
    #[track_caller]
    pub(crate) fn tokens(&self) -> Tokens<'a> {
        let token = |kind| self.end.to_seal.iter().find(|(found, _)| *found == kind).map(|(_, token)| token.clone());
        let id_token = token(TokenKind::Id);
        let scope = self.end.tokens.as_ref().and_then(|tokens| tokens.scope.as_deref());
        Tokens {
            stage: self.stage,
            access_token: token(TokenKind::Access).expect("no access token"),
            subject: self.end.identity.as_ref().map(|identity| identity.subject.clone()),
            id_token,
            book: token(TokenKind::Refresh).map(|token| Book::of(&token, &self.stage.clock)),
            granted: scope.unwrap_or_default().split(' ').map(str::to_owned).collect(),
        }
    }
}

impl<'a> Tokens<'a> {
    /// Puts a fault in force for what is done with these tokens.
    pub(crate) fn fault(self, fault: &str) -> Self {
        self.stage.put_in_force(rule(self.stage.twin, fault));
        self
    }

    /// The account of the grant.
    pub(crate) fn book(&self) -> &Book {
        self.book.as_ref().expect("there is no refresh token")
    }

    /// Refreshes as the app would, with the newest refresh token there is.
    pub(crate) async fn refresh(&self) -> Errand<'a, RefreshOutcome> {
        self.refresh_with(self.book().attempt("first")).await
    }

    /// The same as another attempt.
    pub(crate) async fn refresh_with(&self, ledger: impl RotationLedger + 'static) -> Errand<'a, RefreshOutcome> {
        let (ports, cancel) = (self.stage.ports(self.view()), self.stage.cancel());
        let refreshed = grant::refresh(self.refresh_plan(), ports, Arc::new(ledger), cancel);
        self.watched(async { refreshed.await.unwrap() }).await
    }

    /// What the next refresh is about.
    pub(crate) fn refresh_plan(&self) -> RefreshPlan {
        RefreshPlan {
            client: self.plan(),
            refresh_token: self.book().refresh_token(),
            granted_scopes: self.granted.clone(),
            scopes: Vec::new(),
            id_token: self.id_token.clone(),
            refreshed_at: self.book().grant().refreshed_at,
        }
    }

    /// Revokes the access token.
    pub(crate) async fn revoke(&self) -> Errand<'a, RevocationOutcome> {
        let (plan, ports, cancel) = (self.plan(), self.stage.ports(self.view()), self.stage.cancel());
        let revoked = grant::revoke(&plan, &self.access_token, TokenKind::Access, &ports, &cancel);
        self.watched(async { revoked.await.unwrap() }).await
    }

    /// Asks the server about the access token.
    pub(crate) async fn introspect(&self) -> Errand<'a, IntrospectionOutcome> {
        let (plan, ports, cancel) = (self.plan(), self.stage.ports(self.view()), self.stage.cancel());
        let asked = grant::introspect(&plan, &self.access_token, TokenKind::Access, &ports, &cancel);
        self.watched(async { asked.await.unwrap() }).await
    }

    /// Asks who the access token speaks of.
    pub(crate) async fn userinfo(&self) -> Errand<'a, UserinfoOutcome> {
        self.userinfo_with(&self.access_token).await
    }

    /// The same with another access token.
    pub(crate) async fn userinfo_with(&self, access_token: &Secret) -> Errand<'a, UserinfoOutcome> {
        let (plan, ports, cancel) = (self.plan(), self.stage.ports(self.view()), self.stage.cancel());
        let asked = grant::userinfo(&plan, access_token, self.subject(), &ports, &cancel);
        self.watched(async { asked.await.unwrap() }).await
    }

    /// Logs the person out, who comes back to the redirect URI of the login.
    pub(crate) async fn log_out(&self) -> Errand<'a, LogoutOutcome> {
        self.log_out_through(self.view()).await
    }

    /// The same with this user agent.
    pub(crate) async fn log_out_through(&self, user_agent: Arc<dyn UserAgent>) -> Errand<'a, LogoutOutcome> {
        let mut client = self.plan();
        client.settings.post_logout_redirect_uri = Some(self.stage.plan.redirect_uri.to_string());
        let plan = LogoutPlan { client, id_token: self.id_token.clone(), time_limit: TO_COME_BACK };
        let ports = self.stage.ports(user_agent);
        self.watched(async { grant::log_out(&plan, &ports, &self.stage.cancel()).await.unwrap() }).await
    }

    fn subject(&self) -> LoginSubject<'_> {
        match (&self.subject, &self.id_token) {
            (Some(subject), Some(_)) => LoginSubject::OfIdToken(subject),
            (Some(subject), None) => LoginSubject::OfIdentity(subject),
            (None, _) => LoginSubject::NotTold,
        }
    }

    fn plan(&self) -> GrantPlan {
        GrantPlan::from(&self.stage.plan_of_now())
    }

    fn view(&self) -> Arc<dyn UserAgent> {
        Arc::new(LoginView(Arc::clone(&self.stage.browser)))
    }

    /// Looks at once at what holds after every errand. In a box, because every test holds this future several times.
    fn watched<'b, T: Errands + 'b>(
        &'b self,
        errand: impl Future<Output = GrantEnd<T>> + 'b,
    ) -> Pin<Box<dyn Future<Output = Errand<'a, T>> + 'b>> {
        Box::pin(async move {
            let sandbox = &self.stage.sandbox;
            let began = sandbox.recent_requests().last().map_or(0, |entry| entry.sequence);
            let before = self.book.as_ref().map(Book::grant);
            let end = errand.await;
            let mut requests = sandbox.recent_requests();
            requests.retain(|entry| entry.sequence > began);
            let (injections, told) = (sandbox.injections(), Told::default());
            let errand = Errand { stage: self.stage, end, requests, injections, book: self.book.clone(), told };
            errand.holds(before.as_ref());
            errand
        })
    }
}

/// An operation that has ended, ready to be looked at.
pub(crate) struct Errand<'a, T> {
    stage: &'a Stage,
    pub(crate) end: GrantEnd<T>,
    requests: Vec<Arc<RequestLogEntry>>,
    injections: Vec<Injection>,
    book: Option<Book>,
    told: Told,
}

impl<T: Errands> Errand<'_, T> {
    /// It asked for nothing that is not its own, no record holds a secret, and the grant stands as the outcome says.
    fn holds(&self, before: Option<&Grant>) {
        asks_for_its_own::<T>(&self.requests.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        self.leaks_nothing();
        assert_ne!(self.end.step.status, StepStatus::Running, "{:?}", self.end.step);
        let (Some(book), Some(before)) = (self.book.as_ref().filter(|book| book.is_open()), before) else { return };
        if let Some(expected) = self.end.outcome.leaves(before) {
            assert_eq!((book.grant().state, book.grant().version), expected, "after {:?}", self.end.outcome);
        }
    }

    /// What came of it.
    pub(crate) fn outcome(&self) -> &T {
        self.told.is_asked();
        &self.end.outcome
    }

    /// Its findings have these codes, in order.
    #[track_caller]
    pub(crate) fn finds(&self, codes: &[&str]) -> &Self {
        self.told.is_asked();
        let found: Vec<_> = self.end.step.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(found, codes, "{:?}: {}", self.end.outcome, self.end.step.sentence);
        self
    }

    /// The sandbox was asked exactly so often for this.
    #[track_caller]
    pub(crate) fn requests_of(&self, kind: &str, times: usize) -> &Self {
        let found = self.requests.iter().filter(|entry| kind_of(&entry.path) == kind).count();
        assert_eq!(found, times, "{kind} requests in {:#?}", self.requests);
        assert!(self.requests.iter().all(|entry| !entry.path.starts_with("/chaster/attacker")), "{:#?}", self.requests);
        self
    }

    /// The fault really happened.
    #[track_caller]
    pub(crate) fn fired(&self, fault: &str) -> &Self {
        let (name, variant) = fault.split_once(':').map_or((fault, None), |(name, variant)| (name, Some(variant)));
        let is_it = |injection: &Injection| injection.fault == name && injection.variant == variant;
        assert!(self.injections.iter().any(is_it), "{fault} is not among {:?}", self.injections);
        self
    }

    /// No secret stands in what is recorded, logged or stored.
    #[track_caller]
    pub(crate) fn leaks_nothing(&self) -> &Self {
        let places = [
            ("the record", serde_json::to_string(&self.end.step).unwrap()),
            ("the debug text of the end", format!("{:?}", self.end)),
            ("the log", self.stage.log()),
            ("the database", self.book.as_ref().map(Book::bytes).unwrap_or_default()),
        ];
        for (place, text) in places {
            let traces = self.stage.secrets.traces_in(&text);
            assert!(traces.is_empty(), "{place} holds {traces:?}");
        }
        self
    }
}
