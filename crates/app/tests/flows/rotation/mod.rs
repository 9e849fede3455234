//! Rotations from the first command to the last, at the real sandbox.

mod begin;
mod crash;
mod interrupted;
mod refusals;
mod strategies;

use gatewright_contract::Handler;
use gatewright_contract::client::{ClientDetail, ClientRef};
use gatewright_contract::rotation::{
    RotationActionKind, RotationConfirm, RotationDetail, RotationDriver, RotationLogin, RotationPaste, RotationRef,
    RotationStart, RotationStepKind, RotationStepState, RotationStrategy,
};
use gatewright_contract::run::{Browser, RunDetail};
use gatewright_contract::secret::SecretRef;

use crate::stage::{PATIENCE, Stage};

/// Where the people of these stories are sent back to.
pub(crate) const CALLBACK: &str = "https://app.example.org/callback";

/// One rotation as its owner walks through it.
pub(crate) struct Walk<'a> {
    stage: &'a Stage,
    client: String,
    pub(crate) now: RotationDetail,
}

impl<'a> Walk<'a> {
    /// Starts a rotation.
    pub(crate) async fn start(
        stage: &'a Stage,
        client: &ClientDetail,
        strategy: RotationStrategy,
        driver: RotationDriver,
    ) -> Self {
        let client = client.row.id.clone();
        let start = RotationStart { client: client.clone(), strategy, driver };
        let now = stage.app.rotation_start(start).await.unwrap();
        Self { stage, client, now }
    }

    pub(crate) fn itself(&self) -> RotationRef {
        RotationRef { rotation: self.now.id.clone() }
    }

    pub(crate) fn confirmed(&self) -> RotationConfirm {
        RotationConfirm { rotation: self.now.id.clone(), confirmed: true, access_token: None }
    }

    /// The step that is next.
    pub(crate) fn next(&self) -> Option<RotationStepKind> {
        let is_next = |state| matches!(state, RotationStepState::Next | RotationStepState::Attention);
        self.now.steps.iter().find(|step| is_next(step.state)).map(|step| step.kind)
    }

    pub(crate) fn offers(&self, kind: RotationActionKind) -> bool {
        self.now.actions.iter().any(|action| action.kind == kind)
    }

    pub(crate) async fn prove_old(&mut self) {
        self.now = self.stage.app.rotation_prove_old(self.itself()).await.unwrap();
    }

    pub(crate) async fn obtain(&mut self) {
        self.now = self.stage.app.rotation_obtain(self.confirmed()).await.unwrap();
    }

    pub(crate) async fn paste(&mut self, client_id: Option<String>, secret: &str) {
        let paste = RotationPaste { rotation: self.now.id.clone(), client_id, secret: secret.to_owned() };
        self.now = self.stage.app.rotation_paste_new(paste).await.unwrap();
    }

    pub(crate) async fn pass_over(&mut self) {
        self.now = self.stage.app.rotation_pass_over(self.confirmed()).await.unwrap();
    }

    pub(crate) async fn probe_new(&mut self) {
        self.now = self.stage.app.rotation_prove_new(self.itself()).await.unwrap();
    }

    /// Logs in with the new secret and waits until that is seen.
    pub(crate) async fn log_in(&mut self) -> RunDetail {
        let login = RotationLogin { rotation: self.now.id.clone(), browser: Browser::Embedded, redirect_uri: None };
        let run = self.stage.app.rotation_login(login).await.unwrap();
        let end = self.stage.end_of(&run).await;
        let seen = async {
            loop {
                self.now = self.stage.app.rotation_show(self.itself()).await.unwrap();
                let is_new = |secret: &&gatewright_contract::rotation::RotationSecret| !secret.is_old;
                let proof = self.now.secrets.iter().find(is_new).and_then(|secret| secret.proof.clone());
                if end.row.outcome != "logged_in" || proof.is_some_and(|proof| proof.run.as_ref() == Some(&run.run)) {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, seen).await.expect("the login is written down as a proof");
        end
    }

    pub(crate) async fn promote(&mut self) {
        self.now = self.stage.app.rotation_promote(self.confirmed()).await.unwrap();
    }

    pub(crate) async fn retire(&mut self) {
        self.now = self.stage.app.rotation_retire(self.confirmed()).await.unwrap();
    }

    pub(crate) async fn roll_back(&mut self) {
        self.now = self.stage.app.rotation_roll_back(self.confirmed()).await.unwrap();
    }

    /// The client as it is now.
    pub(crate) async fn client(&self) -> ClientDetail {
        self.stage.app.client_show(ClientRef { client: self.client.clone() }).await.unwrap()
    }

    /// The runbook as it stands now.
    pub(crate) async fn shown(&self) -> RotationDetail {
        self.stage.app.rotation_show(self.itself()).await.unwrap()
    }

    /// How each version stands, newest first.
    pub(crate) async fn versions(&self) -> Vec<(u32, String)> {
        let client = self.client().await;
        client.secret_versions.into_iter().map(|version| (version.version, version.state)).collect()
    }

    /// Logs in the ordinary way, with the secret that is in use.
    pub(crate) async fn ordinary_login(&self) -> RunDetail {
        self.stage.log_in(&self.client().await, Browser::Embedded).await
    }
}

/// The secret a client uses, as its owner would read it.
pub(crate) async fn value_in_use(stage: &Stage, client: &str) -> String {
    let ask = SecretRef { client: client.to_owned(), confirmed: true };
    stage.app.secret_reveal(ask).await.unwrap().value
}

/// What a list of versions is compared with.
pub(crate) fn versions(all: &[(u32, &str)]) -> Vec<(u32, String)> {
    all.iter().map(|(version, state)| (*version, (*state).to_owned())).collect()
}
