//! What is only ever read together with its rotation, as one JSON text.

use gatewright_model::Rotation;
use gatewright_model::rotation::{LoginProof, Pending, Proofs, RotationStep};
use gatewright_model::secret_version::{Proof, ProofVerdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The facts of a rotation that no query asks for.
#[derive(Serialize, Deserialize)]
pub(super) struct Facts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending: Option<Pending>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old: Option<WrittenProof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    new: Option<WrittenProof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login: Option<LoginProof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old_ended: Option<WrittenProof>,
    #[serde(default)]
    old_is_ended: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issued_as: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    passed_over: Vec<RotationStep>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct WrittenProof {
    verdict: ProofVerdict,
    at: Timestamp,
}

impl WrittenProof {
    fn of(proof: Proof) -> Self {
        Self { verdict: proof.verdict, at: proof.at }
    }

    fn read(self) -> Proof {
        Proof { verdict: self.verdict, at: self.at }
    }
}

impl Facts {
    pub(super) fn of(rotation: &Rotation) -> Self {
        let proofs = &rotation.proofs;
        Self {
            pending: rotation.pending.clone(),
            old: proofs.old.map(WrittenProof::of),
            new: proofs.new.map(WrittenProof::of),
            login: proofs.login.clone(),
            old_ended: proofs.old_ended.map(WrittenProof::of),
            old_is_ended: rotation.old_is_ended,
            issued_as: rotation.issued_as.clone(),
            passed_over: rotation.passed_over.clone(),
        }
    }

    /// Puts the facts into a rotation made of the other columns.
    pub(super) fn into_rotation(self, bare: Rotation) -> Rotation {
        Rotation {
            pending: self.pending,
            proofs: Proofs {
                old: self.old.map(WrittenProof::read),
                new: self.new.map(WrittenProof::read),
                login: self.login,
                old_ended: self.old_ended.map(WrittenProof::read),
            },
            old_is_ended: self.old_is_ended,
            issued_as: self.issued_as,
            passed_over: self.passed_over,
            ..bare
        }
    }
}
