//! How the secret of a client can be replaced by another, and in which order that is done.

use serde::{Deserialize, Serialize};

use super::RotationStep::{self, MoveDeployments, ObtainNew, Promote, ProveNew, ProveOld, RetireOld};
use crate::provider::ClientForm;
use crate::statement::{Mark, Statement};

/// How the secret of a client is replaced by another. Which of them a provider allows is data: [`ClientForm::strategies`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The provider takes two secrets at once; the old one is ended when nobody uses it any more.
    Overlap,
    /// The provider makes the new secret beforehand, and takes it instead of the old one from the moment it is told to.
    Staged,
    /// The new secret takes the place of the old one at once.
    CutOver,
    /// A secret cannot be changed: a second client is made, and the first is deleted when nobody uses it any more.
    ReplaceClient,
    /// Only the provider's support can do it, and nobody knows beforehand how long the old secret is taken.
    AskSupport,
}

/// Who does at the provider what has to be done there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// A person, on the provider's page.
    ByHand,
    /// Gatewright, through the sandbox's own interface.
    Sandbox,
    /// Gatewright, through client management (RFC 7592).
    Registration,
    /// Gatewright, through Keycloak's admin interface.
    Keycloak,
}

impl Strategy {
    /// Every strategy, the one that costs least first.
    pub const ALL: [Self; 5] = [Self::Overlap, Self::Staged, Self::ReplaceClient, Self::CutOver, Self::AskSupport];

    /// The steps, in order.
    ///
    /// Where both secrets work side by side, everything is moved and proved before logins use the new one. Where the old one dies when the
    /// new one is born, the new one has to be used from that moment, and the rest follows as fast as people can.
    pub const fn steps(self) -> &'static [RotationStep] {
        match self {
            Self::Overlap | Self::ReplaceClient => {
                &[ProveOld, ObtainNew, MoveDeployments, ProveNew, Promote, RetireOld]
            }
            Self::Staged => &[ProveOld, ObtainNew, MoveDeployments, Promote, ProveNew, RetireOld],
            Self::CutOver => &[ProveOld, ObtainNew, ProveNew, MoveDeployments, RetireOld],
            Self::AskSupport => &[ProveOld, ObtainNew, ProveNew, Promote, MoveDeployments, RetireOld],
        }
    }

    /// The step whose doing makes logins use the new secret.
    pub const fn changes_over_at(self) -> RotationStep {
        match self {
            Self::CutOver => ObtainNew,
            Self::Overlap | Self::Staged | Self::ReplaceClient | Self::AskSupport => Promote,
        }
    }

    /// Whether the provider is known to take both secrets until the old one is ended there.
    pub const fn has_overlap(self) -> bool {
        matches!(self, Self::Overlap | Self::ReplaceClient)
    }

    /// Whether what uses the old secret can stop working before it has been moved.
    pub const fn has_downtime(self) -> bool {
        matches!(self, Self::CutOver | Self::AskSupport)
    }
}

impl ClientForm {
    /// How a secret can be rotated at this provider, the best way first, with how that is known. A profile that says nothing of it leaves
    /// what is possible everywhere: a second client, or a letter to the support.
    pub fn strategies(&self) -> Statement<Vec<Strategy>> {
        if let Some(said) = &self.rotation_strategies {
            return said.clone();
        }
        let mut value = vec![Strategy::ReplaceClient, Strategy::AskSupport];
        if self.rotation.value {
            value.insert(0, Strategy::CutOver);
        }
        Statement { value, mark: Mark::Unknown, place: None, note: Some("The profile does not say.".to_owned()) }
    }
}
