//! The steps of a runbook: what was found, what is next and who it waits for.

use gatewright_contract::rotation::{RotationStepDetail, RotationStepKind, RotationStepState, RotationWaitsFor};
use gatewright_model::Rotation;
use gatewright_model::rotation::{Driver, Keeping, Position, RotationStep, Strategy};
use gatewright_model::secret_version::ProofVerdict;

use super::show::Sight;
use super::{deployments, words};

/// All steps, in order.
pub(super) fn of(sight: &Sight<'_>) -> Vec<RotationStepDetail> {
    let steps = sight.rotation.strategy.steps().iter();
    (1..).zip(steps).map(|(number, step)| detail(sight, number, *step)).collect()
}

fn detail(sight: &Sight<'_>, number: u32, step: RotationStep) -> RotationStepDetail {
    let state = state(sight, step);
    let is_next = matches!(state, RotationStepState::Next | RotationStepState::Attention);
    RotationStepDetail {
        number,
        kind: kind(step),
        title: words::title(step, sight.rotation.strategy).to_owned(),
        sentence: sentence(sight, step, state),
        state,
        waits_for: if is_next { waits_for(sight.rotation, sight.is_unstored) } else { RotationWaitsFor::Nobody },
    }
}

/// Who the next step waits for.
pub(super) fn waits_for(rotation: &Rotation, is_unstored: bool) -> RotationWaitsFor {
    let is_at_work = rotation.pending.as_ref().is_some_and(|pending| !pending.is_cut_off);
    if is_at_work && !is_unstored { RotationWaitsFor::Gatewright } else { RotationWaitsFor::Person }
}

fn kind(step: RotationStep) -> RotationStepKind {
    match step {
        RotationStep::ProveOld => RotationStepKind::ProveOld,
        RotationStep::ObtainNew => RotationStepKind::ObtainNew,
        RotationStep::MoveDeployments => RotationStepKind::MoveDeployments,
        RotationStep::ProveNew => RotationStepKind::ProveNew,
        RotationStep::Promote => RotationStepKind::Promote,
        RotationStep::RetireOld => RotationStepKind::RetireOld,
    }
}

fn state(sight: &Sight<'_>, step: RotationStep) -> RotationStepState {
    let rotation = sight.rotation;
    if rotation.passed_over.contains(&step) {
        return RotationStepState::PassedOver;
    }
    match rotation.position {
        Position::At(next) if next == step => {
            if is_off(sight, step) {
                RotationStepState::Attention
            } else {
                RotationStepState::Next
            }
        }
        Position::At(_) if rotation.is_past(step) => RotationStepState::Done,
        Position::At(_) => RotationStepState::Later,
        Position::Completed => RotationStepState::Done,
        Position::RolledBack | Position::Abandoned if was_done(sight, step) => RotationStepState::Done,
        Position::RolledBack | Position::Abandoned => RotationStepState::NotReached,
    }
}

/// Of a rotation that ended early: what had been done by then, as far as it left a trace.
fn was_done(sight: &Sight<'_>, step: RotationStep) -> bool {
    let rotation = sight.rotation;
    match step {
        RotationStep::ProveOld => rotation.proofs.old.is_some(),
        RotationStep::ObtainNew => rotation.new.is_some(),
        RotationStep::ProveNew => rotation.is_new_proved(),
        RotationStep::MoveDeployments | RotationStep::Promote | RotationStep::RetireOld => false,
    }
}

fn is_off(sight: &Sight<'_>, step: RotationStep) -> bool {
    let (rotation, proofs) = (sight.rotation, &sight.rotation.proofs);
    let is_not = |proof: Option<gatewright_model::secret_version::Proof>, wanted| {
        proof.is_some_and(|proof| proof.verdict != wanted)
    };
    let is_cut_off = rotation.pending.as_ref().is_some_and(|pending| pending.is_cut_off);
    is_cut_off
        || sight.is_unstored
        || match step {
            RotationStep::ProveOld => is_not(proofs.old, ProofVerdict::Accepted),
            RotationStep::ProveNew => is_not(proofs.new, ProofVerdict::Accepted),
            RotationStep::RetireOld => is_not(proofs.old_ended, ProofVerdict::Refused),
            RotationStep::ObtainNew | RotationStep::MoveDeployments | RotationStep::Promote => false,
        }
}

fn sentence(sight: &Sight<'_>, step: RotationStep, state: RotationStepState) -> String {
    let (old, new) = names(sight);
    if state == RotationStepState::PassedOver {
        return "You went on without it.".to_owned();
    }
    match step {
        RotationStep::ProveOld => prove_old(sight, &old),
        RotationStep::ObtainNew => obtain_new(sight, state, &new),
        RotationStep::MoveDeployments => move_deployments(sight, &old),
        RotationStep::ProveNew => prove_new(sight, &old, &new),
        RotationStep::Promote => promote(sight, state, &old, &new),
        RotationStep::RetireOld => retire_old(sight, state, &old),
    }
}

fn names(sight: &Sight<'_>) -> (String, String) {
    let new =
        sight.rotation.new.as_ref().map_or_else(|| "the new secret".to_owned(), |new| format!("v{}", new.version));
    (format!("v{}", sight.rotation.old.version), new)
}

fn prove_old(sight: &Sight<'_>, old: &str) -> String {
    match sight.rotation.proofs.old.map(|proof| proof.verdict) {
        None => {
            format!("Ask the provider about {old} with a nonsense code: nobody has to log in, and nothing is used up.")
        }
        Some(ProofVerdict::Accepted) => {
            format!("{old} was accepted: asked with a nonsense code, nobody had to log in.")
        }
        Some(ProofVerdict::Refused) => format!(
            "The provider refuses {old}. Something is wrong before anything was changed; a new secret may mend it."
        ),
        Some(ProofVerdict::CannotTell) => {
            format!("The provider's answer does not tell whether it takes {old}. A login with this client would.")
        }
    }
}

fn obtain_new(sight: &Sight<'_>, state: RotationStepState, new: &str) -> String {
    if state == RotationStepState::Done {
        return format!("{new} is stored.");
    }
    if sight.is_unstored && sight.kept.new == Keeping::Keyring {
        return "The new secret is in the keyring, but the disk did not take that it is there. Make room, then store it again; the next start finds it, too.".to_owned();
    }
    if sight.is_unstored {
        return "The new secret is here, but only in memory: keyring or disk did not take it. Do not close Gatewright before it is stored.".to_owned();
    }
    match sight.rotation.is_obtaining() {
        Some(false) => {
            "The new secret is on its way. If the keyring is locked, unlock it: Gatewright looks for the secret there."
                .to_owned()
        }
        Some(true) => cut_off(sight),
        None => match (sight.rotation.driver, sight.rotation.strategy) {
            (Driver::ByHand, Strategy::AskSupport) => {
                "Write to the provider's support, and paste what they send.".to_owned()
            }
            (Driver::ByHand, _) => "Make it on the provider's page, and paste it here.".to_owned(),
            (_, Strategy::CutOver) => {
                "Gatewright asks the provider for it. From that moment only the new one works.".to_owned()
            }
            _ => "Gatewright asks the provider for it, and stores it before anything else happens.".to_owned(),
        },
    }
}

fn cut_off(sight: &Sight<'_>) -> String {
    let known = match sight.rotation.strategy {
        Strategy::Overlap | Strategy::Staged => {
            "The old one works on; the provider may have made a secret that nobody knows."
        }
        Strategy::ReplaceClient => {
            "The old one works on; the provider may have made a client whose secret nobody knows."
        }
        Strategy::CutOver | Strategy::AskSupport => {
            "The provider may have replaced the old one already. Prove it to find out."
        }
    };
    format!("There was no answer that could be kept. {known} Ask for the new one again.")
}

fn move_deployments(sight: &Sight<'_>, old: &str) -> String {
    let all = sight.deployments;
    let moved = all.iter().filter(|one| deployments::has_moved(one, sight.rotation)).count();
    match all.len() {
        0 => format!("Nobody is written down who uses {old}. If that is so, go on."),
        count if moved == count => format!("All {count} use the new one."),
        count => format!("{moved} of {count} use the new one. Tick each off when you have moved it."),
    }
}

fn prove_new(sight: &Sight<'_>, old: &str, new: &str) -> String {
    let rotation = sight.rotation;
    if rotation.is_new_proved() {
        return format!("Somebody logged in with {new}.");
    }
    let stays = if rotation.has_changed_over() { String::new() } else { format!(" If it fails, {old} stays in use.") };
    match rotation.proofs.new.map(|proof| proof.verdict) {
        None => format!("A probe, then one real login.{stays}"),
        Some(ProofVerdict::Accepted) => format!("The provider takes {new}. Now one real login.{stays}"),
        Some(ProofVerdict::CannotTell) => format!("The probe cannot tell. One real login can.{stays}"),
        Some(ProofVerdict::Refused) => {
            format!("The provider refuses {new}. Was it pasted whole, and from the right client?{stays}")
        }
    }
}

fn promote(sight: &Sight<'_>, state: RotationStepState, old: &str, new: &str) -> String {
    match (state, sight.rotation.strategy) {
        (RotationStepState::Done, _) => format!("Logins use {new}."),
        (RotationStepState::Attention, _) if sight.rotation.are_both_refused() => format!(
            "The provider refuses {old} and {new}. Look there whether the client is still there, and which secret it takes. Then promote again, or roll back and start anew."
        ),
        (RotationStepState::Attention, _) => format!(
            "Nobody has seen whether the provider takes {new} by now, or still {old}. Promote again: Gatewright asks it first."
        ),
        (_, Strategy::Staged) if sight.rotation.driver == Driver::ByHand => {
            format!("Make the provider change over. From that moment it takes {new} and no longer {old}.")
        }
        (_, Strategy::Staged) => {
            format!("Gatewright makes the provider change over. From that moment it takes {new} and no longer {old}.")
        }
        _ => format!("Logins use {new} from then on. {old} is kept, so that there is a way back."),
    }
}

fn retire_old(sight: &Sight<'_>, state: RotationStepState, old: &str) -> String {
    let rotation = sight.rotation;
    if state == RotationStepState::Done {
        return match rotation.proofs.old_ended.map(|proof| proof.verdict) {
            Some(ProofVerdict::Refused) => format!("The provider refuses {old}. It is gone from the keyring."),
            _ => format!("{old} is gone from the keyring. Nobody has seen the provider refuse it."),
        };
    }
    match rotation.proofs.old_ended.map(|proof| proof.verdict) {
        Some(ProofVerdict::Accepted) => format!("The provider still takes {old}: it was not ended there, or not yet."),
        Some(ProofVerdict::CannotTell) => format!("The provider's answer does not tell whether it still takes {old}."),
        Some(ProofVerdict::Refused) | None => {
            let how = match (rotation.strategy, rotation.driver) {
                (Strategy::CutOver | Strategy::Staged, _) => "",
                (Strategy::ReplaceClient, Driver::ByHand) => "Delete the old client on the provider's page. ",
                (Strategy::ReplaceClient, _) => "The old client is deleted at the provider. ",
                (Strategy::AskSupport, _) => "Let the support end the old one. ",
                (Strategy::Overlap, Driver::ByHand) => "End the old one on the provider's page. ",
                (Strategy::Overlap, _) => "The old one is ended at the provider. ",
            };
            format!("{how}Gatewright proves that {old} is refused, and removes it from the keyring.")
        }
    }
}
