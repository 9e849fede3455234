//! What can happen in a rotation, and what it is afterwards.

use gatewright_protocol::ClientId;
use jiff::Timestamp;

use super::{
    LoginProof, Pending, PendingWork, Position, RotatedSecret, Rotation, RotationStep, Strategy, WrittenClientId,
};
use crate::RunId;
use crate::secret_version::{Proof, ProofVerdict};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationChange {
    /// The provider was asked about the old secret.
    OldProved(ProofVerdict),
    /// This is about to be begun: it is written down first.
    Begun(PendingWork),
    /// This try of what was begun has not happened: nothing was sent, or the provider said no. Where an earlier try was cut off, that one
    /// may have happened all the same, so it stays cut off.
    NotDone,
    /// What was begun has not happened, in this try or in an earlier one: the provider shows it, or the person who does it by hand says so.
    NothingDone,
    /// Nobody knows what became of what was begun.
    CutOff,
    /// The provider was asked about both secrets after a change-over that may have happened, and refuses both.
    BothRefused,
    /// Where the client is replaced: the new one's ID, told before its secret is stored.
    Learned(WrittenClientId),
    /// The new secret is stored as the version that was begun.
    Obtained {
        /// Where the client is replaced: the new client ID.
        client_id: Option<ClientId>,
        /// What the provider calls the secret, where it said so.
        issued_as: Option<String>,
    },
    /// Everything that uses the secret uses the new one.
    DeploymentsMoved,
    /// The provider was asked about the new secret.
    NewProved(ProofVerdict),
    /// A login with the new secret was started.
    LoginStarted(RunId),
    /// That login ended with somebody logged in.
    LoggedIn(RunId),
    /// Logins use the new secret from now on.
    Promoted,
    /// The old secret was ended at the provider.
    OldEnded,
    /// The provider was asked about the old secret after that.
    OldProvedEnded(ProofVerdict),
    /// The old secret is on its way out of the keyring, and nobody needs it any more.
    Retired {
        /// The person goes on although nobody has seen the old secret refused.
        unproved: bool,
    },
    /// The person goes on without what the next step asks for.
    PassedOver,
    /// The new secret is gone, because it was in memory only.
    NewDropped,
    /// The new secret is given up for another, because it was the wrong one.
    NewGivenUp,
    /// The old secret is used again, and the new one is given up.
    RolledBack,
    /// Given up before there was a new secret.
    Abandoned,
}

/// This cannot happen to a rotation that stands where it stands. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationRefusal {
    /// It is over.
    #[error("this rotation is over")]
    Over,
    /// It is not the turn of that, or not any more.
    #[error("it is not the turn of that")]
    NotNow,
    /// Something else has been begun, and nobody knows yet what became of it.
    #[error("something else has been begun first")]
    Pending,
    /// The provider refuses the secret that would be used.
    #[error("the provider refuses the new secret")]
    NewRefused,
    /// The new secret works, or the old one may work no longer: without the new one nothing might be left that does.
    #[error("the new secret may be the only one that works, so it is not given up for another")]
    NewNeeded,
    /// The old secret is still accepted, or nobody has seen it refused.
    #[error("the old secret was not seen refused")]
    OldNotRefused,
    /// The provider takes the old secret no longer.
    #[error("there is no way back: the provider takes the old secret no longer")]
    NoWayBack,
}

impl Rotation {
    /// The rotation after something has happened.
    ///
    /// # Errors
    /// [`RotationRefusal`].
    pub fn after(&self, change: RotationChange, at: Timestamp) -> Result<Self, RotationRefusal> {
        let step = self.step().ok_or(RotationRefusal::Over)?;
        let mut after = self.clone();
        match change {
            RotationChange::OldProved(verdict) => after.old_was_proved(step, Proof { verdict, at })?,
            RotationChange::Begun(what) => after.begin(step, what, at)?,
            RotationChange::NotDone => after.pending = after.pending.and_then(Pending::without_this_try),
            RotationChange::NothingDone => after.pending = None,
            RotationChange::CutOff => {
                let pending = after.pending.as_mut().ok_or(RotationRefusal::NotNow)?;
                // A try that was under way may have come through since both were refused.
                pending.are_both_refused &= pending.is_cut_off;
                pending.is_cut_off = true;
            }
            RotationChange::BothRefused => after.both_refused(at)?,
            RotationChange::Learned(id) => after.learn(id)?,
            RotationChange::Obtained { client_id, issued_as } => after.obtain(client_id, issued_as)?,
            RotationChange::DeploymentsMoved => after.finish(step, RotationStep::MoveDeployments)?,
            RotationChange::NewProved(verdict) => after.new_was_proved(Proof { verdict, at })?,
            RotationChange::LoginStarted(run) => after.start_login(run)?,
            RotationChange::LoggedIn(run) => after.logged_in(step, &run, at)?,
            RotationChange::Promoted => after.promote(step)?,
            RotationChange::OldEnded => after.end_old(step)?,
            RotationChange::OldProvedEnded(verdict) => {
                only_at(step, RotationStep::RetireOld)?;
                after.proofs.old_ended = Some(Proof { verdict, at });
            }
            RotationChange::Retired { unproved } => after.retire(step, unproved, at)?,
            RotationChange::PassedOver => after.pass_over(step)?,
            RotationChange::NewDropped => after.drop_new(at)?,
            RotationChange::NewGivenUp => after.give_new_up(at)?,
            RotationChange::RolledBack => after.roll_back(at)?,
            RotationChange::Abandoned => after.abandon(at)?,
        }
        Ok(after)
    }

    fn old_was_proved(&mut self, step: RotationStep, proof: Proof) -> Result<(), RotationRefusal> {
        if self.old_is_ended {
            return Err(RotationRefusal::NotNow);
        }
        self.proofs.old = Some(proof);
        if proof.verdict != ProofVerdict::Accepted {
            return Ok(());
        }
        self.is_seen_accepted();
        if step == RotationStep::ProveOld {
            return self.finish(step, step);
        }
        // Whatever was asked for has not taken the place of the old one.
        if self.is_obtaining() == Some(true) {
            self.pending = None;
        }
        Ok(())
    }

    fn begin(&mut self, step: RotationStep, what: PendingWork, at: Timestamp) -> Result<(), RotationRefusal> {
        let its_step = match what {
            PendingWork::Obtain { .. } => RotationStep::ObtainNew,
            PendingWork::ChangeOver => RotationStep::Promote,
            PendingWork::EndOld => RotationStep::RetireOld,
        };
        only_at(step, its_step)?;
        if what == PendingWork::ChangeOver && self.strategy != Strategy::Staged {
            return Err(RotationRefusal::NotNow);
        }
        if self.pending.as_ref().is_some_and(|pending| !pending.is_cut_off) {
            return Err(RotationRefusal::Pending);
        }
        let is_again = self.pending.is_some();
        let are_both_refused = self.are_both_refused();
        self.pending = Some(Pending { what, since: at, is_cut_off: false, is_again, are_both_refused });
        Ok(())
    }

    fn learn(&mut self, id: WrittenClientId) -> Result<(), RotationRefusal> {
        match self.pending.as_mut().map(|pending| &mut pending.what) {
            Some(PendingWork::Obtain { client_id, .. }) => *client_id = Some(id),
            _ => return Err(RotationRefusal::NotNow),
        }
        Ok(())
    }

    fn obtain(&mut self, client_id: Option<ClientId>, issued_as: Option<String>) -> Result<(), RotationRefusal> {
        let Some(Pending { what: PendingWork::Obtain { version, client_id: begun }, .. }) = self.pending.take() else {
            return Err(RotationRefusal::NotNow);
        };
        let known = || begun.as_ref().and_then(WrittenClientId::read);
        let client_id = client_id.or_else(known).unwrap_or_else(|| self.old.client_id.clone());
        self.new = Some(RotatedSecret { version, client_id });
        self.issued_as = issued_as;
        self.proofs.new = None;
        self.proofs.login = None;
        self.finish(RotationStep::ObtainNew, RotationStep::ObtainNew)
    }

    fn new_was_proved(&mut self, proof: Proof) -> Result<(), RotationRefusal> {
        if self.new.is_none() {
            return Err(RotationRefusal::NotNow);
        }
        self.proofs.new = Some(proof);
        if proof.verdict == ProofVerdict::Accepted {
            self.is_seen_accepted();
        }
        Ok(())
    }

    fn both_refused(&mut self, at: Timestamp) -> Result<(), RotationRefusal> {
        let is_changing_over = |pending: &&mut Pending| pending.what == PendingWork::ChangeOver;
        let pending = self.pending.as_mut().filter(is_changing_over).ok_or(RotationRefusal::NotNow)?;
        pending.is_cut_off = true;
        pending.are_both_refused = true;
        let refused = Some(Proof { verdict: ProofVerdict::Refused, at });
        (self.proofs.old, self.proofs.new) = (refused, refused);
        Ok(())
    }

    /// One of the two was seen to work.
    fn is_seen_accepted(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.are_both_refused = false;
        }
    }

    fn start_login(&mut self, run: RunId) -> Result<(), RotationRefusal> {
        if self.new.is_none() {
            return Err(RotationRefusal::NotNow);
        }
        self.proofs.login = Some(LoginProof { run, logged_in_at: None });
        Ok(())
    }

    fn logged_in(&mut self, step: RotationStep, run: &RunId, at: Timestamp) -> Result<(), RotationRefusal> {
        let login = self.proofs.login.as_mut().filter(|login| login.run == *run).ok_or(RotationRefusal::NotNow)?;
        login.logged_in_at = Some(at);
        self.is_seen_accepted();
        if step == RotationStep::ProveNew { self.finish(step, step) } else { Ok(()) }
    }

    fn promote(&mut self, step: RotationStep) -> Result<(), RotationRefusal> {
        only_at(step, RotationStep::Promote)?;
        if self.pending.as_ref().is_some_and(|pending| pending.what != PendingWork::ChangeOver) {
            return Err(RotationRefusal::Pending);
        }
        // Where the provider takes it only from now on, it was right to refuse it until now.
        let was_right = self.strategy == Strategy::Staged;
        if self.is_new_refused() && !was_right {
            return Err(RotationRefusal::NewRefused);
        }
        self.pending = None;
        if was_right {
            self.proofs.new = None;
        }
        self.finish(step, step)
    }

    fn end_old(&mut self, step: RotationStep) -> Result<(), RotationRefusal> {
        only_at(step, RotationStep::RetireOld)?;
        self.pending = None;
        self.old_is_ended = true;
        Ok(())
    }

    fn retire(&mut self, step: RotationStep, unproved: bool, at: Timestamp) -> Result<(), RotationRefusal> {
        only_at(step, RotationStep::RetireOld)?;
        let was_refused = self.proofs.old_ended.is_some_and(|proof| proof.verdict == ProofVerdict::Refused);
        if !was_refused && !unproved {
            return Err(RotationRefusal::OldNotRefused);
        }
        self.end(Position::Completed, at);
        Ok(())
    }

    fn pass_over(&mut self, step: RotationStep) -> Result<(), RotationRefusal> {
        if self.pending.is_some() {
            return Err(RotationRefusal::Pending);
        }
        match step {
            RotationStep::ProveNew if self.is_new_refused() => return Err(RotationRefusal::NewRefused),
            RotationStep::ProveOld | RotationStep::MoveDeployments | RotationStep::ProveNew => {}
            RotationStep::ObtainNew | RotationStep::Promote | RotationStep::RetireOld => {
                return Err(RotationRefusal::NotNow);
            }
        }
        self.passed_over.push(step);
        self.finish(step, step)
    }

    /// Back to where a new secret is asked for. Where the old one may have died for it, nobody knows what the provider takes now.
    fn drop_new(&mut self, at: Timestamp) -> Result<(), RotationRefusal> {
        // The provider has changed over or ended the old one, or may have: nobody may rely on it any more.
        let has_changed_over = self.has_changed_over() || self.is_pending(&PendingWork::ChangeOver);
        self.old_is_ended |= self.strategy == Strategy::Staged && has_changed_over;
        self.old_is_ended |= self.is_pending(&PendingWork::EndOld);
        let dropped = self.new.take().ok_or(RotationRefusal::NotNow)?;
        self.issued_as = None;
        let client_id = Some(WrittenClientId::of(&dropped.client_id));
        let what = PendingWork::Obtain { version: dropped.version, client_id };
        self.pending = Some(Pending { what, since: at, is_cut_off: true, is_again: false, are_both_refused: false });
        self.proofs.new = None;
        self.proofs.login = None;
        self.proofs.old_ended = None;
        self.position = Position::At(RotationStep::ObtainNew);
        let steps = self.strategy.steps();
        let is_before = |step: &RotationStep| {
            steps.iter().take_while(|one| **one != RotationStep::ObtainNew).any(|one| one == step)
        };
        self.passed_over.retain(is_before);
        Ok(())
    }

    fn give_new_up(&mut self, at: Timestamp) -> Result<(), RotationRefusal> {
        if self.new.is_some() && !self.can_give_new_up() {
            return Err(RotationRefusal::NewNeeded);
        }
        self.drop_new(at)
    }

    fn roll_back(&mut self, at: Timestamp) -> Result<(), RotationRefusal> {
        if !self.can_roll_back() {
            return Err(if self.new.is_some() { RotationRefusal::NoWayBack } else { RotationRefusal::NotNow });
        }
        self.end(Position::RolledBack, at);
        Ok(())
    }

    fn abandon(&mut self, at: Timestamp) -> Result<(), RotationRefusal> {
        if !self.can_abandon() {
            return Err(if self.pending.is_some() { RotationRefusal::Pending } else { RotationRefusal::NotNow });
        }
        self.end(Position::Abandoned, at);
        Ok(())
    }

    fn end(&mut self, position: Position, at: Timestamp) {
        self.pending = None;
        self.position = position;
        self.ended_at = Some(at);
    }

    /// Goes on to the step after `done`, and past those that are done already.
    fn finish(&mut self, step: RotationStep, done: RotationStep) -> Result<(), RotationRefusal> {
        only_at(step, done)?;
        let mut rest = self.strategy.steps().iter().skip_while(|one| **one != done).skip(1);
        let is_done = |step: RotationStep| step == RotationStep::ProveNew && self.is_new_proved();
        let next = rest.find(|step| !is_done(**step));
        self.position = Position::At(next.copied().unwrap_or(RotationStep::RetireOld));
        Ok(())
    }

    pub(super) fn is_new_refused(&self) -> bool {
        self.proofs.new.is_some_and(|proof| proof.verdict == ProofVerdict::Refused) && !self.is_new_proved()
    }
}

impl Pending {
    /// What is left of it when the latest try has not happened: the earlier ones, if there were any.
    fn without_this_try(self) -> Option<Self> {
        self.is_again.then_some(Self { is_cut_off: true, ..self })
    }
}

fn only_at(step: RotationStep, wanted: RotationStep) -> Result<(), RotationRefusal> {
    if step == wanted { Ok(()) } else { Err(RotationRefusal::NotNow) }
}
