//! The engine's operations on the tokens of a login that is over.

use std::sync::{Arc, Mutex};

use gatewright_engine::grant::{
    self, BeginRefusal, GrantEnd, GrantPlan, IntrospectionOutcome, LoginSubject, LogoutOutcome, LogoutPlan, NotStored,
    RefreshOutcome, RefreshPlan, RenewedTokens, RevocationOutcome, RotationLedger, UserinfoOutcome,
};
use gatewright_engine::login::{LoginEnd, LoginPlan, TokenKind};
use gatewright_engine::ports::{PortFuture, Ports};
use gatewright_model::grant::Abandonment;
use gatewright_protocol::Secret;
use tokio_util::sync::CancellationToken;

use crate::person::Person;
use crate::stage::Stage;

/// The tokens of a login, and whose they are.
pub(crate) struct Grant {
    plan: GrantPlan,
    scopes: Vec<String>,
    ports: Ports,
    pub(crate) person: Arc<Person>,
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) id_token: Secret,
    ledger: Arc<Ledger>,
}

/// What a ledger was told, in order.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Vec<&'static str>>);

impl Grant {
    /// What a login left behind.
    pub(crate) fn of(stage: &Stage, plan: &LoginPlan, end: &LoginEnd, person: Arc<Person>) -> Self {
        let token = |kind| end.to_seal.iter().find(|(found, _)| *found == kind).map(|(_, token)| token.clone());
        Self {
            plan: GrantPlan::from(plan),
            scopes: plan.scopes.clone(),
            ports: stage.ports(Arc::clone(&person)),
            person,
            access_token: token(TokenKind::Access).expect("no access token"),
            refresh_token: token(TokenKind::Refresh),
            id_token: token(TokenKind::Id).expect("no ID token"),
            ledger: Arc::default(),
        }
    }

    /// The same tokens in the hands of whoever makes this plan.
    pub(crate) fn in_the_hands_of(&self, plan: &LoginPlan) -> Self {
        Self {
            plan: GrantPlan::from(plan),
            scopes: self.scopes.clone(),
            ports: self.ports.clone(),
            person: Arc::clone(&self.person),
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
            id_token: self.id_token.clone(),
            ledger: Arc::default(),
        }
    }

    /// What the ledger was told so far.
    pub(crate) fn written(&self) -> Vec<&'static str> {
        self.ledger.0.lock().unwrap().clone()
    }

    /// Refreshes with this refresh token; what comes back is the end and not yet in use.
    pub(crate) async fn refresh(&self, refresh_token: &Secret) -> GrantEnd<RefreshOutcome> {
        let plan = RefreshPlan {
            client: self.plan.clone(),
            refresh_token: refresh_token.clone(),
            granted_scopes: self.scopes.clone(),
            scopes: Vec::new(),
            id_token: Some(self.id_token.clone()),
            refreshed_at: None,
        };
        let ledger = Arc::clone(&self.ledger) as _;
        grant::refresh(plan, self.ports.clone(), ledger, CancellationToken::new()).await.unwrap()
    }

    /// Asks the server about a token.
    pub(crate) async fn introspect(&self, token: &Secret) -> GrantEnd<IntrospectionOutcome> {
        let cancel = CancellationToken::new();
        grant::introspect(&self.plan, token, TokenKind::Access, &self.ports, &cancel).await.unwrap()
    }

    /// Whether the server says that an access token is good.
    pub(crate) async fn is_active(&self, token: &Secret) -> bool {
        match self.introspect(token).await.outcome {
            IntrospectionOutcome::Known(known) => known.active,
            other => panic!("nothing is known: {other:?}"),
        }
    }

    /// Asks who an access token is for.
    pub(crate) async fn userinfo(&self, token: &Secret, subject: &str) -> GrantEnd<UserinfoOutcome> {
        grant::userinfo(&self.plan, token, LoginSubject::OfIdToken(subject), &self.ports, &CancellationToken::new())
            .await
            .unwrap()
    }

    /// Revokes a token.
    pub(crate) async fn revoke(&self, token: &Secret, kind: TokenKind) -> GrantEnd<RevocationOutcome> {
        grant::revoke(&self.plan, token, kind, &self.ports, &CancellationToken::new()).await.unwrap()
    }

    /// Logs the person out at the server.
    pub(crate) async fn log_out(&self) -> GrantEnd<LogoutOutcome> {
        let time_limit = std::time::Duration::from_mins(1);
        let plan = LogoutPlan { client: self.plan.clone(), id_token: Some(self.id_token.clone()), time_limit };
        grant::log_out(&plan, &self.ports, &CancellationToken::new()).await.unwrap()
    }
}

impl RotationLedger for Ledger {
    fn begin(&self) -> PortFuture<'_, Result<(), BeginRefusal>> {
        self.0.lock().unwrap().push("begin");
        Box::pin(std::future::ready(Ok(())))
    }

    fn commit<'a>(&'a self, _renewed: &'a RenewedTokens) -> PortFuture<'a, Result<(), NotStored>> {
        self.0.lock().unwrap().push("commit");
        Box::pin(std::future::ready(Ok(())))
    }

    fn abandon(&self, _how: Abandonment) -> PortFuture<'_, Result<(), NotStored>> {
        self.0.lock().unwrap().push("abandon");
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The tokens of a refresh that went well.
#[track_caller]
pub(crate) fn renewed(end: GrantEnd<RefreshOutcome>) -> RenewedTokens {
    match end.outcome {
        RefreshOutcome::Renewed(tokens) => tokens,
        other => panic!("not renewed but {other:?}: {}", end.step.sentence),
    }
}
