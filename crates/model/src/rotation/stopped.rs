//! What an interruption leaves of a rotation, and the sentence that says so beforehand. The sentence is made of [`Rotation::after_stop`];
//! that start-up goes on there is what the failpoint matrix of the application compares.

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
    /// On its way from memory into a keyring that is there again: the keyring may have it, and is asked when it answers.
    Moving,
    /// Nowhere here.
    Nowhere,
}

impl Keeping {
    /// Whether the next start may find the value. It goes on as if it had, until the keyring says otherwise.
    fn may_survive(self) -> bool {
        matches!(self, Self::Keyring | Self::Moving)
    }
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
                if kept.new.may_survive() {
                    RotationChange::Obtained { client_id: None, issued_as: None }
                } else {
                    RotationChange::CutOff
                }
            }
            Some(_) => RotationChange::CutOff,
            None if self.new.is_some() && !kept.new.may_survive() => RotationChange::NewDropped,
            None => return self.clone(),
        };
        let settled = self.after(change, at).unwrap_or_else(|_| self.clone());
        let has_lost_new = settled.new.is_some() && !kept.new.may_survive();
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

fn what_is_lost(rotation: &Rotation, kept: Kept) -> Vec<String> {
    let is_obtaining = rotation.is_obtaining().is_some();
    let needs_old = match rotation.position {
        Position::Completed => false,
        Position::RolledBack | Position::Abandoned => true,
        Position::At(_) => rotation.takes() != Takes::New,
    };
    let needs_new = is_obtaining || rotation.new.is_some() && rotation.position != Position::RolledBack;
    let (old, new) = (rotation.old_name(), rotation.new_name());
    let needed_in = |place| (needs_old && kept.old == place, needs_new && kept.new == place);
    let gone = match needed_in(Keeping::Memory) {
        (true, true) => Some(format!("But {old} and {new} are only in memory and would be gone.")),
        (true, false) => Some(format!("But {old} is only in memory and would be gone.")),
        (false, true) => Some(format!("But {new} is only in memory and would be gone.")),
        (false, false) => None,
    };
    let moving = match needed_in(Keeping::Moving) {
        (true, true) => Some(format!(
            "But {old} and {new} are on their way from memory into the keyring, and would be gone if they have not arrived."
        )),
        (true, false) => Some(on_its_way(&old)),
        (false, true) => Some(on_its_way(&new)),
        (false, false) => None,
    };
    gone.into_iter().chain(moving).collect()
}

fn on_its_way(version: &str) -> String {
    format!("But {version} is on its way from memory into the keyring, and would be gone if it has not arrived.")
}

fn where_it_goes_on(rotation: &Rotation, kept: Kept) -> String {
    let step_if = |new: Keeping| rotation.after_stop(Kept { new, ..kept }, rotation.started_at).step();
    let Some(next) = step_if(kept.new) else { return "There is nothing left to do.".to_owned() };
    let number = |step: RotationStep| rotation.number(step).unwrap_or_default();
    let there = number(step_if(Keeping::Keyring).unwrap_or(next));
    let otherwise = number(step_if(Keeping::Nowhere).unwrap_or(next));
    if rotation.is_obtaining() == Some(false) && kept.new == Keeping::Nowhere {
        return format!(
            "On the next start Gatewright looks for the new secret in the keyring: if it is there, it continues at step {there}, otherwise at step {otherwise}."
        );
    }
    if kept.new == Keeping::Moving && there != otherwise {
        let new = rotation.new_name();
        return format!(
            "On the next start Gatewright looks for {new} in the keyring: if it is there, it continues at step {there}, otherwise at step {otherwise}."
        );
    }
    format!("On the next start Gatewright continues at step {}.", number(next))
}
