//! The turns of a rotation that need no new secret: promoting, passing over, retiring, going back, giving up.

use gatewright_contract::rotation::{RotationConfirm, RotationDetail};
use gatewright_contract::{Event, Failure};
use gatewright_model::rotation::{Driver, PendingWork, RotationChange, RotationStep, Strategy};
use gatewright_model::secret_version::ProofVerdict;
use gatewright_model::secret_version::SecretVersionChange;
use gatewright_model::{Client, Rotation};
use gatewright_protocol::Secret;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{StoreError, Transaction, client, secret_version};
use jiff::Timestamp;

use super::hold::{Hold, nothing_else};
use super::keep::{give_up, make_active, pending_version, settle_intents_of};
use super::not_confirmed;
use crate::failpoint::reached;
use crate::{App, failure};

impl App {
    /// Makes logins use the new secret; where the provider has to be told, it was told by then.
    pub(crate) async fn promote_new_secret(&self, request: &RotationConfirm) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.promote(&mut hold, request.confirmed).await;
        self.tell(Event::ClientsChanged);
        self.done(hold, result).await
    }

    async fn promote(&self, hold: &mut Hold, confirmed: bool) -> Result<(), Failure> {
        if hold.rotation.strategy == Strategy::Staged {
            if !confirmed {
                return Err(not_confirmed());
            }
            self.change_over(hold).await?;
        }
        let now = self.now();
        let after = Client { updated_at: now, ..hold.client_of(&hold.new_secret()?) };
        let entry = about(hold, now, Action::SecretPromoted, |rotation| rotation.new.as_ref().map(|new| new.version));
        self.write(hold, RotationChange::Promoted, move |tx, rotation| {
            use_version(tx, rotation, &after, now)?;
            audit::append(tx, &entry)
        })
        .await?;
        reached("promote: recorded");
        self.settle_deployments(hold).await
    }

    /// Makes the provider change over. What is begun is written down first: from there on nobody knows which of the two it takes.
    async fn change_over(&self, hold: &mut Hold) -> Result<(), Failure> {
        self.write(hold, RotationChange::Begun(PendingWork::ChangeOver), nothing_else).await?;
        reached("promote: begun");
        let changed = self.change_over_there(hold).await;
        reached("promote: answered");
        let Err(failed) = changed else { return Ok(()) };
        self.write(hold, failed.change, nothing_else).await?;
        Err(failed.failure)
    }

    /// Goes on without what the next step asks for.
    pub(crate) async fn pass_step_over(&self, request: &RotationConfirm) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = if request.confirmed {
            self.write(&mut hold, RotationChange::PassedOver, nothing_else).await
        } else {
            Err(not_confirmed())
        };
        self.done(hold, result).await
    }

    /// Ends the old secret at the provider, proves that it is refused, and takes it out of the keyring.
    pub(crate) async fn retire_old_secret(&self, request: &RotationConfirm) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.retire(&mut hold, request).await;
        self.tell(Event::ClientsChanged);
        self.done(hold, result).await
    }

    async fn retire(&self, hold: &mut Hold, request: &RotationConfirm) -> Result<(), Failure> {
        if !request.confirmed {
            return Err(not_confirmed());
        }
        if hold.rotation.step() != Some(RotationStep::RetireOld) {
            return Err(failure::changed_meanwhile());
        }
        // The second time the person has read what the provider said, and goes on all the same.
        let unproved = hold.rotation.old_is_ended && hold.rotation.proofs.old_ended.is_some();
        if !hold.rotation.old_is_ended {
            self.end_old(hold, request.access_token.clone().map(Secret::new)).await?;
        }
        let old = hold.rotation.old.clone();
        let asked = self.probe_and_write(hold, &old, RotationChange::OldProvedEnded).await;
        if let (Err(cause), false) = (asked, unproved) {
            return Err(cause);
        }
        let said = hold.rotation.proofs.old_ended.map(|proof| proof.verdict);
        if said != Some(ProofVerdict::Refused) && !unproved {
            // Not a failure: the runbook says what the provider said, and what can be done.
            return Ok(());
        }
        self.forget_old(hold, unproved).await
    }

    async fn end_old(&self, hold: &mut Hold, access_token: Option<Secret>) -> Result<(), Failure> {
        self.write(hold, RotationChange::Begun(PendingWork::EndOld), nothing_else).await?;
        reached("retire: begun");
        let ended = self.end_old_there(hold, access_token).await;
        reached("retire: answered");
        match ended {
            Ok(()) => {
                self.write(hold, RotationChange::OldEnded, nothing_else).await?;
                reached("retire: ended there");
                Ok(())
            }
            Err(failed) => {
                self.write(hold, failed.change, nothing_else).await?;
                Err(failed.failure)
            }
        }
    }

    async fn forget_old(&self, hold: &mut Hold, unproved: bool) -> Result<(), Failure> {
        let (id, version, now) = (hold.client.id.clone(), hold.rotation.old.version, self.now());
        let entry = about(hold, now, Action::SecretRetired, |rotation| Some(rotation.old.version));
        let client = id.clone();
        self.write(hold, RotationChange::Retired { unproved }, move |tx, _| {
            give_up(tx, &client, version, now)?;
            audit::append(tx, &entry)
        })
        .await?;
        self.forget_value(&id, version).await;
        Ok(())
    }

    /// Makes logins use the old secret again, takes the new one back at the provider where that can be done, and forgets it.
    pub(crate) async fn roll_rotation_back(&self, request: &RotationConfirm) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.roll_back(&mut hold, request.confirmed).await;
        self.tell(Event::ClientsChanged);
        self.done(hold, result).await
    }

    async fn roll_back(&self, hold: &mut Hold, confirmed: bool) -> Result<(), Failure> {
        if !confirmed {
            return Err(not_confirmed());
        }
        let new = hold.new_secret()?;
        let was_in_use = hold.rotation.has_changed_over();
        let (id, old, now) = (hold.client.id.clone(), hold.rotation.old.version, self.now());
        let back = Client { updated_at: now, ..hold.client_of(&hold.rotation.old) };
        let entry = about(hold, now, Action::SecretSteppedBack, |rotation| Some(rotation.old.version));
        let client = id.clone();
        self.write(hold, RotationChange::RolledBack, move |tx, _| {
            if was_in_use {
                secret_version::promote(tx, &client, old, SecretVersionChange::Supersede, now)?;
                client::update(tx, &back)?;
            }
            give_up(tx, &client, new.version, now)?;
            audit::append(tx, &entry)
        })
        .await?;
        reached("roll back: recorded");
        // Logins are safe by now; a new secret that stays at the provider is untidy, and no more.
        if let Err(left) = self.drop_new_there(hold).await {
            self.notice(format!("The rotation of “{}” was rolled back. {}", hold.client.name, left.message), left.hint);
        }
        self.forget_value(&id, new.version).await;
        Ok(())
    }

    /// Gives a rotation up that has no new secret.
    pub(crate) async fn abandon_rotation(&self, request: &RotationConfirm) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.abandon(&mut hold, request.confirmed).await;
        self.done(hold, result).await
    }

    async fn abandon(&self, hold: &mut Hold, confirmed: bool) -> Result<(), Failure> {
        if !confirmed {
            return Err(not_confirmed());
        }
        if hold.rotation.is_obtaining() == Some(false) {
            // Nobody works on it: this task has the rotation for itself.
            let by_hand = hold.rotation.driver == Driver::ByHand;
            let change = if by_hand { RotationChange::NothingDone } else { RotationChange::CutOff };
            self.write(hold, change, nothing_else).await?;
        }
        let (client, version) = (hold.client.id.clone(), pending_version(&hold.rotation));
        let entry = about(hold, self.now(), Action::RotationAbandoned, |rotation| Some(rotation.old.version));
        self.write(hold, RotationChange::Abandoned, move |tx, _| {
            settle_intents_of(tx, &client, version)?;
            audit::append(tx, &entry)
        })
        .await?;
        self.0.unstored_secrets.forget(&hold.rotation.id);
        Ok(())
    }
}

/// Makes logins use the new secret, under its client ID.
fn use_version(tx: &Transaction<'_>, rotation: &Rotation, after: &Client, now: Timestamp) -> Result<(), StoreError> {
    let Some(new) = &rotation.new else { return Ok(()) };
    make_active(tx, &rotation.client, new.version, now)?;
    if new.client_id == rotation.old.client_id { Ok(()) } else { client::update(tx, after) }
}

fn about(hold: &Hold, now: Timestamp, action: Action, version: impl Fn(&Rotation) -> Option<u32>) -> audit::Entry {
    let entry = audit::Entry::about(now, Actor::User, action, &hold.client.id, &hold.client.name);
    audit::Entry { version: version(&hold.rotation), ..entry }
}
