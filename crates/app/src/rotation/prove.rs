//! Proofs: a probe of either secret, and a real login with the new one.

use gatewright_contract::Event;
use gatewright_contract::Failure;
use gatewright_contract::login::LoginStart;
use gatewright_contract::rotation::{RotationDetail, RotationLogin};
use gatewright_contract::run::RunRef;
use gatewright_model::rotation::{RotatedSecret, RotationChange, RotationStep};
use gatewright_model::secret_version::{Proof, ProofVerdict};
use gatewright_model::{ClientRecordId, Outcome, RunId};
use gatewright_store::{StoreError, Transaction, run, secret_rotation, secret_version};

use super::hold::{Hold, nothing_else};
use crate::failpoint::reached;
use crate::{App, failure};

impl App {
    /// Asks the provider whether it takes the old secret, and goes on when it does.
    pub(crate) async fn prove_old_secret(&self, id: &str) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(id).await?;
        let result = self.probe_old(&mut hold).await;
        self.done(hold, result).await
    }

    /// Asks the provider whether it takes the new secret.
    pub(crate) async fn prove_new_secret(&self, id: &str) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(id).await?;
        let result = self.probe_new(&mut hold).await;
        self.done(hold, result).await
    }

    async fn probe_old(&self, hold: &mut Hold) -> Result<(), Failure> {
        let old = hold.rotation.old.clone();
        let change =
            if hold.rotation.old_is_ended { RotationChange::OldProvedEnded } else { RotationChange::OldProved };
        self.probe_and_write(hold, &old, change).await
    }

    async fn probe_new(&self, hold: &mut Hold) -> Result<(), Failure> {
        let new = hold.new_secret()?;
        self.probe_and_write(hold, &new, RotationChange::NewProved).await
    }

    /// Asks about one of the two, and writes down what was said: in the rotation and in the version's row.
    pub(super) async fn probe_and_write(
        &self,
        hold: &mut Hold,
        secret: &RotatedSecret,
        change: impl FnOnce(ProofVerdict) -> RotationChange,
    ) -> Result<(), Failure> {
        let verdict = self.probe(&hold.client_of(secret), &hold.provider, secret.version).await?;
        reached("prove: asked");
        let (client, version, at) = (hold.client.id.clone(), secret.version, self.now());
        self.write(hold, change(verdict), move |tx, _| {
            secret_version::prove(tx, &client, version, Proof { verdict, at })
        })
        .await?;
        self.settle_deployments(hold).await
    }

    /// Starts a login with the new secret. It proves the secret when it ends with somebody logged in.
    pub(crate) async fn prove_by_login(&self, request: RotationLogin) -> Result<RunRef, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.log_in_with_new(&mut hold, request).await;
        self.let_go(&hold).await;
        self.tell(Event::RotationsChanged);
        let run = result?;
        // It may have ended before it was written down that it is the one.
        self.settle_login(&RunId::new(&run.run), None).await;
        Ok(run)
    }

    async fn log_in_with_new(&self, hold: &mut Hold, request: RotationLogin) -> Result<RunRef, Failure> {
        let new = hold.new_secret()?;
        if !hold.client.authentication(&hold.provider).needs_secret() {
            let said = format!("This client proves itself to {} without a secret.", hold.provider.name);
            return Err(failure::invalid("client", said).hint("A login would not prove the secret."));
        }
        let start = LoginStart {
            client: hold.client.id.to_string(),
            test_user: None,
            browser: request.browser,
            redirect_uri: request.redirect_uri,
            scopes: None,
        };
        let run = self.start_login_as(hold.client_of(&new), &hold.provider, new.version, start).await?;
        self.write(hold, RotationChange::LoginStarted(RunId::new(&run.run)), nothing_else).await?;
        Ok(run)
    }

    /// A run has ended. Where somebody is logged in, the provider has taken the version of the secret that was `sent`; and if that is the
    /// new one of a rotation, or the run was started to prove it, the new one is proved.
    pub(crate) async fn settle_login(&self, run: &RunId, sent: Option<u32>) {
        let Ok(store) = self.store() else { return };
        let (id, now) = (run.clone(), self.now());
        // The disk is not waited for: who promotes the secret writes durably, and this with it; what a power failure takes can be proved anew.
        let written = store
            .write(move |tx| {
                let run = run::find(tx, &id)?;
                if !matches!(run.outcome, Outcome::LoggedIn { .. }) {
                    return Ok(false);
                }
                if let Some(version) = sent {
                    secret_version::prove(tx, &run.client, version, accepted(now))?;
                }
                Ok(note_login(tx, &run.client, &id, sent, now)? || sent.is_some())
            })
            .await;
        match written {
            Ok(true) => self.secrets_changed(),
            Ok(false) => {}
            Err(cause) => tracing::warn!(%cause, "that a login proved a secret was not written down"),
        }
    }
}

const fn accepted(at: jiff::Timestamp) -> Proof {
    Proof { verdict: ProofVerdict::Accepted, at }
}

/// Writes down that a login has proved the new secret of its client's rotation: it was started for that, or has sent it. Says whether so.
pub(super) fn note_login(
    tx: &Transaction<'_>,
    client: &ClientRecordId,
    run: &RunId,
    sent: Option<u32>,
    now: jiff::Timestamp,
) -> Result<bool, StoreError> {
    let Some(kept) = secret_rotation::under_way(tx, client)? else { return Ok(false) };
    let Some(new) = kept.rotation.new.clone() else { return Ok(false) };
    let is_the_one =
        kept.rotation.proofs.login.as_ref().is_some_and(|login| login.run == *run && login.logged_in_at.is_none());
    let started = if is_the_one {
        kept.rotation
    } else if sent == Some(new.version) && !kept.rotation.is_new_proved() {
        let Ok(started) = kept.rotation.after(RotationChange::LoginStarted(run.clone()), now) else { return Ok(false) };
        started
    } else {
        return Ok(false);
    };
    let Ok(after) = started.after(RotationChange::LoggedIn(run.clone()), now) else { return Ok(false) };
    secret_rotation::put(tx, &after, kept.revision)?;
    secret_version::prove(tx, client, new.version, accepted(now))?;
    if after.step() == Some(RotationStep::MoveDeployments) {
        super::deployments::settle(tx, &after.id, now)?;
    }
    Ok(true)
}
