//! Proving a client secret without a login: it is sent with a nonsense code, and the answer tells which of the two was refused.
//!
//! A server that looks at the client first answers `invalid_client` to a wrong secret and `invalid_grant` to a wrong code. Others have
//! words of their own, and some look at the code first. So an answer is compared with two others: what this server says to a secret that
//! is known to be good, and to one that is known to be wrong. These two are data: they hold no secret and can be kept.

mod fingerprint;

use serde::{Deserialize, Serialize};

pub use fingerprint::{AnswerFingerprint, BodyShape};

use crate::answer::RetryAfter;
use crate::http::HttpResponse;
use crate::token::{TokenResponse, TokenRules};

/// What a server thinks of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretProof {
    /// It is good: the server refused the code alone.
    Accepted,
    /// It is not: the server refused the client.
    Refused,
    /// The answer says neither.
    CannotTell(Doubt),
}

/// Why an answer says nothing about the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The server was asked too often.
    #[error("the server was asked too often (status 429)")]
    RateLimited(Option<RetryAfter>),
    /// The server failed.
    #[error("the server failed with status {0}")]
    ServerFailed(u16),
    /// The server sent us elsewhere; nothing is sent there.
    #[error("the server redirects (status {0})")]
    Redirected(u16),
    /// A good secret and a wrong one get the same answer: this server looks at the code first.
    #[error("this server gives the same answer to a good secret and to a wrong one: it looks at the code first")]
    SameAnswer,
    /// The answer is neither the one to a good secret nor the one to a wrong one.
    #[error("this is neither the answer to a good secret nor the one to a wrong secret")]
    Unfamiliar,
    /// The same request gets different answers.
    #[error("this server answers the same request in different ways")]
    Unsteady,
    /// The server took a code that nobody had issued.
    #[error("the server accepted a code that it has never issued")]
    NonsenseAccepted,
}

/// What a server says to a good secret and to a wrong one, each with a nonsense code. The two differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Pair", into = "Pair")]
pub struct Calibration {
    accepted: AnswerFingerprint,
    refused: AnswerFingerprint,
}

/// A calibration as it is written down.
#[derive(Clone, Serialize, Deserialize)]
struct Pair {
    accepted: AnswerFingerprint,
    refused: AnswerFingerprint,
}

/// An answer to a secret with a nonsense code, looked at for the first time: a fingerprint, or why there is none to take.
///
/// # Errors
/// The [`Doubt`] of an answer that says nothing about the secret at any server.
pub fn look_at(response: &HttpResponse, rules: &TokenRules, sent: &[&str]) -> Result<AnswerFingerprint, Doubt> {
    match response.status {
        429 => return Err(Doubt::RateLimited(RetryAfter::of(response))),
        status @ 300..=399 => return Err(Doubt::Redirected(status)),
        status @ 500..=599 => return Err(Doubt::ServerFailed(status)),
        _ => {}
    }
    match TokenResponse::read(response, rules) {
        TokenResponse::Issued(_) | TokenResponse::Identity(..) => Err(Doubt::NonsenseAccepted),
        TokenResponse::Refused(_) | TokenResponse::Malformed(_) => Ok(AnswerFingerprint::of(response, sent)),
    }
}

impl Calibration {
    /// A calibration by the answer to a good secret and the one to a wrong secret.
    ///
    /// # Errors
    /// [`Doubt::SameAnswer`] when they cannot be told apart.
    pub fn of(accepted: AnswerFingerprint, refused: AnswerFingerprint) -> Result<Self, Doubt> {
        if accepted == refused { Err(Doubt::SameAnswer) } else { Ok(Self { accepted, refused }) }
    }

    /// What the server says to a good secret.
    pub const fn accepted(&self) -> &AnswerFingerprint {
        &self.accepted
    }

    /// What the server says to a wrong secret.
    pub const fn refused(&self) -> &AnswerFingerprint {
        &self.refused
    }

    /// Judges an answer by its fingerprint. Sentences count only where nothing else tells the two apart: many hold a time or a number
    /// that is another one in each answer.
    pub fn judge(&self, answer: &AnswerFingerprint) -> SecretProof {
        let by_sentence = self.accepted.is_plainly_like(&self.refused);
        let is_like =
            |known: &AnswerFingerprint| if by_sentence { known == answer } else { known.is_plainly_like(answer) };
        match (is_like(&self.accepted), is_like(&self.refused)) {
            (true, _) => SecretProof::Accepted,
            (_, true) => SecretProof::Refused,
            _ => SecretProof::CannotTell(Doubt::Unfamiliar),
        }
    }
}

/// Judges the answer to a secret of which nobody knows whether it is good, at a server that was never calibrated: by the answers to two
/// secrets that are certainly wrong. With it comes the calibration, where the answers made one.
pub fn judge_first(
    answer: &AnswerFingerprint,
    wrong: &AnswerFingerprint,
    wrong_again: &AnswerFingerprint,
) -> (SecretProof, Option<Calibration>) {
    let doubt = |doubt| (SecretProof::CannotTell(doubt), None);
    if !wrong.is_plainly_like(wrong_again) {
        return doubt(Doubt::Unsteady);
    }
    let sentences_vary = wrong != wrong_again;
    if answer == wrong || (sentences_vary && answer.is_plainly_like(wrong)) {
        return if wrong.refuses_the_client() { (SecretProof::Refused, None) } else { doubt(Doubt::SameAnswer) };
    }
    // It is another answer, but it speaks of the client as well: that is no sign that the client is known.
    if answer.refuses_the_client() {
        return doubt(Doubt::Unfamiliar);
    }
    match Calibration::of(answer.clone(), wrong.clone()) {
        Ok(calibration) => (SecretProof::Accepted, Some(calibration)),
        Err(same) => doubt(same),
    }
}

impl TryFrom<Pair> for Calibration {
    type Error = Doubt;

    fn try_from(pair: Pair) -> Result<Self, Doubt> {
        Self::of(pair.accepted, pair.refused)
    }
}

impl From<Calibration> for Pair {
    fn from(calibration: Calibration) -> Self {
        Self { accepted: calibration.accepted, refused: calibration.refused }
    }
}

#[cfg(test)]
mod tests;
