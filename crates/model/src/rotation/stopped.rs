//! What an interruption leaves of a rotation, and the sentence that says so beforehand. Start-up goes on by [`Rotation::after_stop`], and
//! the sentence is made of the same function: so it cannot promise what start-up does not do.

use jiff::Timestamp;

use super::{PendingWork, Position, Rotation, RotationChange, RotationStep, Strategy};
use crate::secret_version::ProofVerdict;

/// Where the value of a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keeping {
    /// In the keyring: it survives everything.
    Keyring,
    /// In memory, because there is no keyring: it is gone when Gatewright ends.
    Memory,
    /// Nowhere here.
    Nowhere,
}

/// Where the values of a rotation's two secrets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kept {
    /// The old one's.
    pub old: Keeping,
    /// The new one's; also while it is being stored.
    pub new: Keeping,
}

/// Which secrets the provider takes, as far as anybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Old,
    Both,
    New,
    /// One of the two, or both, and nobody knows which.
    Either,
    /// It was asked about both, and refused them.
    Neither,
}

impl Rotation {
    /// The rotation as start-up finds it when Gatewright is stopped now: what was on its way is settled as far as it can be from here.
    /// What is over stays as it is.
    #[must_use]
    pub fn after_stop(&self, kept: Kept, at: Timestamp) -> Self {
        let Position::At(_) = self.position else { return self.clone() };
        let change = match &self.pending {
            Some(pending) if matches!(pending.what, PendingWork::Obtain { .. }) => {
                if kept.new == Keeping::Keyring {
                    RotationChange::Obtained { client_id: None, issued_as: None }
                } else {
                    RotationChange::CutOff
                }
            }
            Some(_) => RotationChange::CutOff,
            None if self.new.is_some() && kept.new != Keeping::Keyring => RotationChange::NewDropped,
            None => return self.clone(),
        };
        let settled = self.after(change, at).unwrap_or_else(|_| self.clone());
        let has_lost_new = settled.new.is_some() && kept.new != Keeping::Keyring;
        if has_lost_new { settled.after(RotationChange::NewDropped, at).unwrap_or(settled) } else { settled }
    }

    fn takes(&self) -> Takes {
        if self.are_both_refused() {
            return Takes::Neither;
        }
        if self.new.is_none() {
            let may_have_died =
                matches!(self.strategy, Strategy::CutOver | Strategy::AskSupport) && self.pending.is_some();
            return if self.old_is_ended || may_have_died { Takes::Either } else { Takes::Old };
        }
        if self.old_is_ended && !self.has_changed_over() {
            return Takes::Either;
        }
        if self.old_is_ended || self.is_pending(&PendingWork::EndOld) {
            return Takes::New;
        }
        match self.strategy {
            Strategy::Overlap | Strategy::ReplaceClient => Takes::Both,
            Strategy::Staged if self.is_pending(&PendingWork::ChangeOver) => Takes::Either,
            Strategy::Staged if !self.has_changed_over() => Takes::Old,
            Strategy::AskSupport if !self.is_new_accepted() => Takes::Either,
            Strategy::Staged | Strategy::CutOver | Strategy::AskSupport => Takes::New,
        }
    }

    pub(super) fn is_new_accepted(&self) -> bool {
        self.is_new_proved() || self.proofs.new.is_some_and(|proof| proof.verdict == ProofVerdict::Accepted)
    }

    fn old_name(&self) -> String {
        format!("v{}", self.old.version)
    }

    fn new_name(&self) -> String {
        self.new.as_ref().map_or_else(|| "the new secret".to_owned(), |new| format!("v{}", new.version))
    }
}

/// What would be the case if this computer stopped now: which secret works, what would be lost, and where the next start goes on.
pub fn if_stopped_now(rotation: &Rotation, kept: Kept) -> String {
    let mut sentences = vec![what_works(rotation)];
    sentences.extend(what_is_lost(rotation, kept));
    sentences.push(where_it_goes_on(rotation, kept));
    sentences.join(" ")
}

fn what_works(rotation: &Rotation) -> String {
    let (old, new) = (rotation.old_name(), rotation.new_name());
    match rotation.position {
        Position::Completed => return format!("{new} stays in use."),
        Position::RolledBack | Position::Abandoned => return format!("{old} stays in use."),
        Position::At(_) => {}
    }
    match (rotation.takes(), &rotation.new) {
        (Takes::Old, _) if rotation.is_old_accepted() => format!("{old} keeps working."),
        (Takes::Old, _) => match rotation.proofs.old.map(|proof| proof.verdict) {
            Some(ProofVerdict::Refused) => format!("{old} stays in use, although the provider refused it."),
            _ => format!("{old} stays in use."),
        },
        (Takes::Both, _) => format!("{old} and {new} both keep working."),
        (Takes::Neither, _) => format!("The provider refuses {old} and {new}: logins fail until that is put right."),
        (Takes::New, _) if rotation.is_new_refused() => {
            format!("{new} stays in use, although the provider refused it.")
        }
        (Takes::New, _) if rotation.is_new_accepted() => format!("{new} keeps working."),
        (Takes::New, _) => format!("{new} stays in use."),
        (Takes::Either, Some(_)) => {
            format!("The provider takes {old}, {new} or both: nobody has seen which.")
        }
        (Takes::Either, None) => {
            format!(
                "Nobody has seen yet whether the provider still takes {old}: it may have made a new secret that is not stored here."
            )
        }
    }
}

fn what_is_lost(rotation: &Rotation, kept: Kept) -> Option<String> {
    let is_obtaining = rotation.is_obtaining().is_some();
    let needs_old = match rotation.position {
        Position::Completed => false,
        Position::RolledBack | Position::Abandoned => true,
        Position::At(_) => rotation.takes() != Takes::New,
    };
    let needs_new = rotation.new.is_some() && rotation.position != Position::RolledBack;
    let old_goes = needs_old && kept.old == Keeping::Memory;
    let new_goes = (needs_new || is_obtaining) && kept.new == Keeping::Memory;
    let (old, new) = (rotation.old_name(), rotation.new_name());
    match (old_goes, new_goes) {
        (true, true) => Some(format!("But {old} and {new} are only in memory and would be gone.")),
        (true, false) => Some(format!("But {old} is only in memory and would be gone.")),
        (false, true) => Some(format!("But {new} is only in memory and would be gone.")),
        (false, false) => None,
    }
}

fn where_it_goes_on(rotation: &Rotation, kept: Kept) -> String {
    let at = rotation.started_at;
    let after = rotation.after_stop(kept, at);
    let Some(next) = after.step() else { return "There is nothing left to do.".to_owned() };
    let number = |step: RotationStep| rotation.number(step).unwrap_or_default();
    let is_on_its_way = rotation.is_obtaining() == Some(false) && kept.new == Keeping::Nowhere;
    if is_on_its_way {
        let stored = rotation.after_stop(Kept { new: Keeping::Keyring, ..kept }, at);
        let then = stored.step().map_or_else(|| number(next), number);
        return format!(
            "On the next start Gatewright looks for the new secret in the keyring: if it is there, it continues at step {then}, otherwise at step {}.",
            number(next)
        );
    }
    format!("On the next start Gatewright continues at step {}.", number(next))
}
