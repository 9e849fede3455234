//! What a person reads about strategies, drivers and proofs.

use gatewright_contract::rotation::{RotationDriver, RotationStrategy};
use gatewright_model::rotation::{Driver, Position, RotationStep, Strategy};
use gatewright_model::secret_version::ProofVerdict;
use gatewright_model::{Mark, Rotation};

pub(super) fn wire_strategy(strategy: Strategy) -> RotationStrategy {
    match strategy {
        Strategy::Overlap => RotationStrategy::Overlap,
        Strategy::Staged => RotationStrategy::Staged,
        Strategy::CutOver => RotationStrategy::CutOver,
        Strategy::ReplaceClient => RotationStrategy::ReplaceClient,
        Strategy::AskSupport => RotationStrategy::AskSupport,
    }
}

pub(super) fn model_strategy(strategy: RotationStrategy) -> Strategy {
    match strategy {
        RotationStrategy::Overlap => Strategy::Overlap,
        RotationStrategy::Staged => Strategy::Staged,
        RotationStrategy::CutOver => Strategy::CutOver,
        RotationStrategy::ReplaceClient => Strategy::ReplaceClient,
        RotationStrategy::AskSupport => Strategy::AskSupport,
    }
}

pub(super) fn wire_driver(driver: Driver) -> RotationDriver {
    match driver {
        Driver::ByHand => RotationDriver::ByHand,
        Driver::Sandbox => RotationDriver::Sandbox,
        Driver::Registration => RotationDriver::Registration,
        Driver::Keycloak => RotationDriver::Keycloak,
    }
}

pub(super) fn model_driver(driver: RotationDriver) -> Driver {
    match driver {
        RotationDriver::ByHand => Driver::ByHand,
        RotationDriver::Sandbox => Driver::Sandbox,
        RotationDriver::Registration => Driver::Registration,
        RotationDriver::Keycloak => Driver::Keycloak,
    }
}

/// A strategy as a few words of the audit trail.
pub(super) const fn manner(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Overlap => "by overlap",
        Strategy::Staged => "staged",
        Strategy::CutOver => "by cut-over",
        Strategy::ReplaceClient => "by replacing the client",
        Strategy::AskSupport => "by asking support",
    }
}

/// What a strategy does, in one or two sentences.
pub(super) fn what_happens(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Overlap => {
            "The provider takes two secrets side by side: everything moves to the new one, then the old one is ended. Nothing stops working."
        }
        Strategy::Staged => {
            "The new secret is made beforehand and put where it is needed; at one moment the provider changes over to it."
        }
        Strategy::CutOver => {
            "The new secret replaces the old one at once. Whatever still uses the old one stops working until it is moved."
        }
        Strategy::ReplaceClient => {
            "A second client with an ID and a secret of its own takes over from the first, which is then deleted. Nothing stops working, but people may have to consent anew."
        }
        Strategy::AskSupport => {
            "The provider's support changes the secret. When the old one stops working is up to them."
        }
    }
}

/// Why this strategy, in a few words.
pub(super) fn reason(strategy: Strategy, provider: &str) -> String {
    match strategy {
        Strategy::Overlap => format!("{provider} takes two secrets at once"),
        Strategy::Staged => format!("{provider} changes over when it is told to"),
        Strategy::CutOver => format!("{provider} replaces a secret at once"),
        Strategy::ReplaceClient => "this provider cannot change a secret".to_owned(),
        Strategy::AskSupport => format!("only {provider}'s support can do it"),
    }
}

/// What a step is about, in a few words.
pub(super) fn title(step: RotationStep, strategy: Strategy) -> &'static str {
    match (step, strategy) {
        (RotationStep::ProveOld, _) => "Prove that the secret in use works",
        (RotationStep::ObtainNew, Strategy::ReplaceClient) => "Make the second client and store its secret",
        (RotationStep::ObtainNew, _) => "Get the new secret and store it",
        (RotationStep::MoveDeployments, _) => "Move everything that uses the old one",
        (RotationStep::ProveNew, _) => "Prove the new one",
        (RotationStep::Promote, Strategy::Staged) => "Change over to the new one",
        (RotationStep::Promote, _) => "Promote the new one",
        (RotationStep::RetireOld, Strategy::ReplaceClient) => "Retire the old client",
        (RotationStep::RetireOld, _) => "Retire the old one",
    }
}

/// How a rotation stands, in one sentence.
pub(super) fn standing(rotation: &Rotation) -> String {
    let (old, new) = (rotation.old.version, rotation.new.as_ref().map_or(0, |new| new.version));
    match rotation.position {
        Position::Completed => format!("Done: v{new} is in use, v{old} is gone."),
        Position::RolledBack => format!("Rolled back: v{old} is in use, v{new} is gone."),
        Position::Abandoned => format!("Abandoned: v{old} is in use, as before."),
        Position::At(step) => {
            let number = rotation.number(step).unwrap_or_default();
            let in_use = rotation.in_use().version;
            let title = title(step, rotation.strategy);
            format!("Step {number} of {}: {title}. Logins use v{in_use}.", rotation.strategy.steps().len())
        }
    }
}

/// What a probe's verdict means.
pub(super) fn probed(verdict: ProofVerdict) -> &'static str {
    match verdict {
        ProofVerdict::Accepted => "Asked with a nonsense code, the provider took it; nobody had to log in.",
        ProofVerdict::Refused => "Asked with a nonsense code, the provider refused it.",
        ProofVerdict::CannotTell => "The provider's answer does not tell whether it takes it.",
    }
}

/// How something about a provider is known.
pub(super) fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Documented => "documented",
        Mark::Observed => "observed",
        Mark::Unknown => "unknown",
    }
}
