//! A Rotation: the secret of a client is replaced by another, step by step, so that a working one is known at every instant.
//!
//! This module is the machine without hands: [`Rotation::after`] says what a rotation becomes when something has happened, and refuses
//! what must not happen. It asks no provider, touches no keyring and writes no row; whoever does these things says so here afterwards.
//! What has been begun and is perhaps not done is written down before it is begun ([`Pending`]), so that [`Rotation::after_stop`] knows
//! after any interruption where to go on.

mod change;
mod stopped;
mod strategy;
#[cfg(test)]
mod tests;

use gatewright_protocol::{ClientId, ClientIdKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::change::{RotationChange, RotationRefusal};
pub use self::stopped::{Keeping, Kept, if_stopped_now};
pub use self::strategy::{Driver, Strategy};
use crate::secret_version::{Proof, ProofVerdict};
use crate::{ClientRecordId, RotationId, RunId};

/// One step of a rotation. [`Strategy::steps`] says in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RotationStep {
    /// Prove that the secret in use works: whoever rotates a secret that does not work would look for the fault in the new one.
    ProveOld,
    /// Get the new secret and store it.
    ObtainNew,
    /// Move everything that uses the old one.
    MoveDeployments,
    /// Prove that the new one works: by a probe, then by a real login.
    ProveNew,
    /// Let logins use the new one; where the provider has to be told, tell it.
    Promote,
    /// End the old one at the provider, prove that it is refused, and forget it.
    RetireOld,
}

/// Where a rotation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// This step is the next to be done.
    At(RotationStep),
    /// The new secret is in use and the old one is gone.
    Completed,
    /// The old secret is in use and the new one is gone.
    RolledBack,
    /// It was given up before there was a new secret.
    Abandoned,
}

/// A version of the client's secret, and the client ID it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotatedSecret {
    /// The version.
    pub version: u32,
    /// The client ID; old and new differ where the client is replaced.
    pub client_id: ClientId,
}

/// What has been begun at the provider or in the keyring, and is perhaps not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What.
    pub what: PendingWork,
    /// Since when.
    pub since: Timestamp,
    /// Nobody works on it any more, and nobody knows how far it came: the answer is lost, or Gatewright was ended.
    pub is_cut_off: bool,
    /// It was begun before, and what became of that is not known either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_again: bool,
    /// The provider has refused both secrets since: nobody here knows what it takes. While it is tried again that says nothing of the try.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub are_both_refused: bool,
}

/// Something that cannot be done in one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingWork {
    /// The new secret is asked for, and becomes this version.
    Obtain {
        /// The version.
        version: u32,
        /// Where the client is replaced: the new client ID, as soon as it is known.
        client_id: Option<WrittenClientId>,
    },
    /// The provider is told to take the new secret from now on.
    ChangeOver,
    /// The old secret is ended at the provider.
    EndOld,
}

/// A client identifier with its JSON type, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenClientId {
    /// The identifier as text.
    pub text: String,
    /// Its JSON type.
    pub kind: ClientIdKind,
}

impl WrittenClientId {
    /// Writes an identifier down.
    pub fn of(id: &ClientId) -> Self {
        let kind = match id {
            ClientId::Integer(_) => ClientIdKind::Integer,
            ClientId::Text(_) => ClientIdKind::Text,
        };
        Self { text: id.to_string(), kind }
    }

    /// The identifier; none when the text is not of its kind, because somebody edited it.
    pub fn read(&self) -> Option<ClientId> {
        ClientId::parse(&self.text, self.kind).ok()
    }
}

/// The login that is to prove the new secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginProof {
    /// The run.
    pub run: RunId,
    /// When it ended with a login. None while it goes on, or when it ended without one.
    pub logged_in_at: Option<Timestamp>,
}

/// What the provider said to the two secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    /// To the old one, before anything was changed.
    pub old: Option<Proof>,
    /// To the new one, asked with a nonsense code.
    pub new: Option<Proof>,
    /// To the new one, in a real login.
    pub login: Option<LoginProof>,
    /// To the old one, after it was ended.
    pub old_ended: Option<Proof>,
}

/// The rotation of one client's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Its id.
    pub id: RotationId,
    /// Whose secret.
    pub client: ClientRecordId,
    /// How it is done.
    pub strategy: Strategy,
    /// Who does it at the provider.
    pub driver: Driver,
    /// The secret that was in use when it started.
    pub old: RotatedSecret,
    /// The secret that takes its place, once there is one.
    pub new: Option<RotatedSecret>,
    /// What the provider calls that one, where its secrets have names and it said so when it issued it.
    pub issued_as: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// What has been begun and is perhaps not done.
    pub pending: Option<Pending>,
    /// What the provider said.
    pub proofs: Proofs,
    /// The old secret was ended at the provider.
    pub old_is_ended: bool,
    /// The steps a person went on without.
    pub passed_over: Vec<RotationStep>,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
}

impl Rotation {
    /// A rotation that starts now.
    pub fn start(
        id: RotationId,
        client: ClientRecordId,
        strategy: Strategy,
        driver: Driver,
        old: RotatedSecret,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            client,
            strategy,
            driver,
            old,
            new: None,
            issued_as: None,
            position: Position::At(RotationStep::ProveOld),
            pending: None,
            proofs: Proofs::default(),
            old_is_ended: false,
            passed_over: Vec::new(),
            started_at: now,
            ended_at: None,
        }
    }

    /// The step that is next; none when it is over.
    pub fn step(&self) -> Option<RotationStep> {
        match self.position {
            Position::At(step) => Some(step),
            Position::Completed | Position::RolledBack | Position::Abandoned => None,
        }
    }

    /// The number of a step, 1 for the first; none where the strategy has no such step.
    pub fn number(&self, step: RotationStep) -> Option<u32> {
        let at = self.strategy.steps().iter().position(|one| *one == step)?;
        u32::try_from(at + 1).ok()
    }

    /// Whether a step lies behind this rotation.
    pub fn is_past(&self, step: RotationStep) -> bool {
        match self.position {
            Position::Completed => true,
            Position::RolledBack | Position::Abandoned => false,
            Position::At(next) => self.number(step) < self.number(next),
        }
    }

    /// Whether logins use the new secret.
    pub fn has_changed_over(&self) -> bool {
        self.new.is_some() && self.is_past(self.strategy.changes_over_at())
    }

    /// The secret that logins use: there is always exactly one.
    pub fn in_use(&self) -> &RotatedSecret {
        match &self.new {
            Some(new) if self.has_changed_over() => new,
            _ => &self.old,
        }
    }

    /// Whether the provider refuses both secrets, as far as anybody here has seen: not while a further try may change that.
    pub fn are_both_refused(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.are_both_refused && pending.is_cut_off)
    }

    /// Whether everything can still be as it was before: not when the provider takes the old secret no longer, unless it takes neither. Then
    /// nothing is lost by going back, and it is the only way out.
    pub fn can_roll_back(&self) -> bool {
        let is_under_way = self.step().is_some() && self.new.is_some();
        let may_be_ended = self.old_is_ended || self.is_pending(&PendingWork::EndOld);
        let old_may_be_dead = match self.strategy {
            Strategy::Overlap | Strategy::ReplaceClient | Strategy::AskSupport => false,
            Strategy::Staged => self.has_changed_over() || self.is_pending(&PendingWork::ChangeOver),
            Strategy::CutOver => true,
        };
        is_under_way && (self.are_both_refused() || !may_be_ended && !old_may_be_dead)
    }

    /// Whether the new secret can be given up for another: the provider refuses it, or nobody relies on it and the old one works on.
    pub fn can_give_new_up(&self) -> bool {
        let is_needed = self.is_new_accepted() || self.has_changed_over() || self.old_is_ended;
        self.new.is_some() && self.pending.is_none() && (self.is_new_refused() || !is_needed)
    }

    /// Whether it can be given up: there is no new secret, and nobody has to fear that the old one died for one.
    pub fn can_abandon(&self) -> bool {
        let keeps_old = matches!(self.strategy, Strategy::Overlap | Strategy::ReplaceClient | Strategy::Staged);
        let is_settled = self.pending.as_ref().is_none_or(|pending| pending.is_cut_off && keeps_old);
        self.step().is_some() && self.new.is_none() && is_settled && !self.old_is_ended
    }

    /// Whether the new secret has proved to work as well as it can be proved.
    pub fn is_new_proved(&self) -> bool {
        self.proofs.login.as_ref().is_some_and(|login| login.logged_in_at.is_some())
    }

    /// Whether this has been begun and is perhaps not done.
    pub fn is_pending(&self, what: &PendingWork) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.what == *what)
    }

    /// Whether what is pending was begun before with an end that nobody knows.
    pub fn is_begun_again(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.is_again)
    }

    /// Whether the new secret was asked for and is not stored: `Some(true)` when nobody works on it any more.
    pub fn is_obtaining(&self) -> Option<bool> {
        let pending = self.pending.as_ref()?;
        matches!(pending.what, PendingWork::Obtain { .. }).then_some(pending.is_cut_off)
    }

    /// Whether the provider last said yes to the old secret.
    fn is_old_accepted(&self) -> bool {
        self.proofs.old.is_some_and(|proof| proof.verdict == ProofVerdict::Accepted)
    }
}
