//! What can be done now: the buttons of a runbook, as data.

use gatewright_contract::rotation::{RotationAction, RotationActionKind as Kind};
use gatewright_model::rotation::{Driver, RotationStep, Strategy};
use gatewright_model::secret_version::ProofVerdict;

use super::deployments;
use super::show::Sight;

/// What can be done now, the next thing first.
pub(super) fn of(sight: &Sight<'_>) -> Vec<RotationAction> {
    let Some(step) = sight.rotation.step() else { return Vec::new() };
    let mut all = match step {
        RotationStep::ProveOld => prove_old(sight),
        RotationStep::ObtainNew => obtain_new(sight),
        RotationStep::MoveDeployments => move_deployments(sight),
        RotationStep::ProveNew => prove_new(sight),
        RotationStep::Promote => promote(sight),
        RotationStep::RetireOld => retire_old(sight),
    };
    if let Some(first) = all.first_mut() {
        first.primary = true;
    }
    all.extend(ways_out(sight));
    all
}

fn action(kind: Kind, label: impl Into<String>) -> RotationAction {
    RotationAction { kind, label: label.into(), primary: false, confirm: None }
}

fn asking(kind: Kind, label: impl Into<String>, confirm: impl Into<String>) -> RotationAction {
    RotationAction { confirm: Some(confirm.into()), ..action(kind, label) }
}

fn old(sight: &Sight<'_>) -> String {
    format!("v{}", sight.rotation.old.version)
}

fn new(sight: &Sight<'_>) -> String {
    sight.rotation.new.as_ref().map_or_else(|| "the new secret".to_owned(), |new| format!("v{}", new.version))
}

fn prove_old(sight: &Sight<'_>) -> Vec<RotationAction> {
    let old = old(sight);
    let pass_over = asking(
        Kind::PassOver,
        "Go on without proof",
        format!(
            "Nobody will have seen whether {old} works. If something goes wrong later, you will not know whether it was wrong before."
        ),
    );
    vec![action(Kind::ProveOld, format!("Prove {old}")), pass_over]
}

fn obtain_new(sight: &Sight<'_>) -> Vec<RotationAction> {
    let rotation = sight.rotation;
    let mut all = Vec::new();
    if sight.is_unstored {
        all.push(action(Kind::StoreAgain, "Store again"));
        return all;
    }
    let is_cut_off = match rotation.is_obtaining() {
        // The keyring has to say first whether it has the secret.
        Some(false) => return all,
        Some(true) => true,
        None => false,
    };
    if rotation.driver == Driver::ByHand {
        all.push(action(Kind::PasteNew, "Paste the new secret"));
    } else {
        let label = if is_cut_off { "Get another new secret" } else { "Get the new secret" };
        all.push(if rotation.strategy.has_downtime() {
            let confirm = format!(
                "From this moment {} no longer works, and everything that uses it stops until it is moved.",
                old(sight)
            );
            asking(Kind::Obtain, label, confirm)
        } else {
            action(Kind::Obtain, label)
        });
    }
    if is_cut_off {
        all.push(action(Kind::ProveOld, format!("Prove {}", old(sight))));
    }
    all
}

fn move_deployments(sight: &Sight<'_>) -> Vec<RotationAction> {
    let left: Vec<&str> = sight
        .deployments
        .iter()
        .filter(|one| !deployments::has_moved(one, sight.rotation))
        .map(|one| one.name.as_str())
        .collect();
    let mut all = Vec::new();
    if left.is_empty() {
        let confirm =
            format!("Whatever uses {} and is not written down here will stop working when it is retired.", old(sight));
        all.push(asking(Kind::PassOver, "Nobody else uses it", confirm));
    } else {
        all.push(action(Kind::TickDeployment, "Tick off"));
        let confirm = format!("{} will stop working when {} is retired.", left.join(", "), old(sight));
        all.push(asking(Kind::PassOver, "Go on without them", confirm));
    }
    if sight.rotation.strategy != Strategy::Staged {
        all.extend(proofs_of_new(sight));
    }
    all
}

fn prove_new(sight: &Sight<'_>) -> Vec<RotationAction> {
    let mut all = proofs_of_new(sight);
    match sight.rotation.proofs.new.map(|proof| proof.verdict) {
        Some(ProofVerdict::Refused) if sight.rotation.driver == Driver::ByHand => {
            all.insert(0, action(Kind::PasteNew, "Paste it again"));
        }
        Some(ProofVerdict::Refused) => {}
        verdict => {
            if verdict == Some(ProofVerdict::Accepted) {
                all.rotate_left(1);
            }
            let confirm = format!("Nobody will have logged in with {} before it is relied on.", new(sight));
            all.push(asking(Kind::PassOver, "Go on without a login", confirm));
        }
    }
    all
}

/// The probe first; a login can be tried whatever it says.
fn proofs_of_new(sight: &Sight<'_>) -> Vec<RotationAction> {
    let new = new(sight);
    vec![action(Kind::ProveNew, format!("Probe {new}")), action(Kind::Login, format!("Log in with {new}"))]
}

fn promote(sight: &Sight<'_>) -> Vec<RotationAction> {
    let (old, new) = (old(sight), new(sight));
    let label = format!("Promote {new}");
    let mut all = vec![match (sight.rotation.strategy, sight.rotation.driver) {
        (Strategy::Staged, Driver::ByHand) => asking(
            Kind::Promote,
            label,
            format!("Have you made the provider change over? From that moment {old} no longer works."),
        ),
        (Strategy::Staged, _) => asking(
            Kind::Promote,
            label,
            format!("The provider takes {new} from that moment, and no longer {old}. There is no way back."),
        ),
        _ => action(Kind::Promote, label),
    }];
    if sight.rotation.strategy != Strategy::Staged {
        all.extend(proofs_of_new(sight));
    }
    all
}

fn retire_old(sight: &Sight<'_>) -> Vec<RotationAction> {
    let (rotation, old) = (sight.rotation, old(sight));
    let is_by_hand = rotation.driver == Driver::ByHand && rotation.strategy != Strategy::CutOver;
    let said = rotation.proofs.old_ended.map(|proof| proof.verdict);
    if let (true, Some(verdict)) = (rotation.old_is_ended, said.filter(|said| *said != ProofVerdict::Refused)) {
        let what =
            if verdict == ProofVerdict::Accepted { "still takes it" } else { "does not say whether it still takes it" };
        let confirm =
            format!("The provider {what}. {old} leaves the keyring all the same, and nobody can prove it any more.");
        return vec![
            action(Kind::ProveOld, format!("Ask again about {old}")),
            asking(Kind::Retire, format!("Retire {old} unproved"), confirm),
        ];
    }
    let confirm = match (rotation.strategy, is_by_hand) {
        (Strategy::ReplaceClient, true) => {
            "Have you deleted the old client on the provider's page? There is no way back afterwards.".to_owned()
        }
        (Strategy::ReplaceClient, false) => {
            "The old client is deleted at the provider, with everything people granted to it. There is no way back."
                .to_owned()
        }
        (Strategy::CutOver | Strategy::Staged, _) => {
            format!("{old} leaves the keyring when the provider is seen to refuse it.")
        }
        (_, true) => format!("Have you ended {old} at the provider? There is no way back afterwards."),
        (_, false) => format!("{old} is ended at the provider. There is no way back."),
    };
    let mut all = vec![asking(Kind::Retire, format!("Retire {old}"), confirm)];
    if !rotation.is_new_proved() {
        all.extend(proofs_of_new(sight));
    }
    all
}

/// Back to how it was, or out of it.
fn ways_out(sight: &Sight<'_>) -> Option<RotationAction> {
    let (rotation, old) = (sight.rotation, old(sight));
    if rotation.can_roll_back() {
        let moved = sight.deployments.iter().filter(|one| deployments::has_moved(one, rotation)).count();
        let left_behind = match moved {
            0 => String::new(),
            _ => format!(" What you have moved to {} stops working there: move it back first.", new(sight)),
        };
        let confirm = if rotation.are_both_refused() {
            format!("{} is given up. Logins use {old}, which the provider refuses, too.{left_behind}", new(sight))
        } else {
            format!("Logins use {old} again, and {} is given up.{left_behind}", new(sight))
        };
        return Some(asking(Kind::RollBack, format!("Roll back to {old}"), confirm));
    }
    let by_hand_in_memory = sight.is_unstored && rotation.driver == Driver::ByHand;
    let may_abandon = rotation.can_abandon() || by_hand_in_memory;
    may_abandon.then(|| asking(Kind::Abandon, "Abandon", what_abandoning_leaves(sight)))
}

/// What is so afterwards, at the provider too: what was asked for there may have been done.
fn what_abandoning_leaves(sight: &Sight<'_>) -> String {
    let (rotation, old) = (sight.rotation, old(sight));
    if rotation.pending.is_none() {
        return format!("{old} stays in use, and nothing has changed.");
    }
    let at_provider = match rotation.strategy {
        Strategy::ReplaceClient => "The provider may have made a second client: delete it there.",
        Strategy::Overlap | Strategy::Staged => "The provider may have made a new secret: end it there.",
        Strategy::CutOver | Strategy::AskSupport => {
            return format!(
                "{old} stays in use here, but the provider may take it no longer. The new secret is forgotten here: keep it elsewhere."
            );
        }
    };
    format!("{old} stays in use. {at_provider}")
}
