//! Judging a signature: header, key, bytes.

use aws_lc_rs::hmac;
use serde_json::Value;

use super::compact::shown;
use super::{AlgorithmPolicy, HashAlgorithm, Jws, JwsDefect, SigningAlgorithm};
use crate::Secret;
use crate::jwks::{JwkSet, KeyDefect};

/// What signatures of a provider are checked with.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerificationKeys<'a> {
    /// The provider's keys; none when they could not be had.
    pub jwks: Option<&'a JwkSet>,
    /// The client's secret, for HMAC; none for a public client.
    pub client_secret: Option<&'a Secret>,
}

/// What came of checking a signature. It says nothing about the claims.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignatureJudgement {
    /// The algorithm, when it is one that is allowed.
    pub algorithm: Option<SigningAlgorithm>,
    /// `kid` of the header.
    pub key_id: Option<String>,
    /// Header parameters by which the token brought or named a key of its own; they were not used.
    pub keys_of_its_own: Vec<&'static str>,
    /// Everything that is wrong.
    pub defects: Vec<JwsDefect>,
}

impl SignatureJudgement {
    /// Judges header and signature of a token. Every defect is told, also after the first one.
    pub fn of(jws: &Jws<'_>, policy: &AlgorithmPolicy, keys: &VerificationKeys<'_>) -> Self {
        let mut defects = jws.header_defects();
        let algorithm = match allowed_algorithm(jws, policy) {
            Ok(algorithm) => {
                defects.extend(verify(jws, algorithm, keys).err());
                Some(algorithm)
            }
            Err(defect) => {
                defects.push(defect);
                None
            }
        };
        let key_id = jws.key_id().map(ToOwned::to_owned);
        Self { algorithm, key_id, keys_of_its_own: jws.keys_of_its_own(), defects }
    }

    /// The judgement of a token that could not be read.
    pub fn unread(defect: JwsDefect) -> Self {
        Self { algorithm: None, key_id: None, keys_of_its_own: Vec::new(), defects: vec![defect] }
    }

    /// Whether the signature is one, by an allowed algorithm and a key of the provider, under a header without objection.
    pub fn is_valid(&self) -> bool {
        self.defects.is_empty()
    }

    /// Whether fetching the provider's keys anew might help: it may have changed them since (OpenID Connect Core §10.1.1).
    /// One attempt does so at most once.
    pub fn wants_fresh_keys(&self) -> bool {
        self.defects.iter().any(|defect| matches!(defect, JwsDefect::Key(defect) if defect.may_be_stale()))
    }
}

fn allowed_algorithm(jws: &Jws<'_>, policy: &AlgorithmPolicy) -> Result<SigningAlgorithm, JwsDefect> {
    let named = jws.header().get("alg");
    let algorithm = named.and_then(Value::as_str).and_then(SigningAlgorithm::named);
    algorithm.filter(|algorithm| policy.allowed().contains(algorithm)).ok_or_else(|| JwsDefect::Algorithm {
        allowed: policy.in_words(),
        received: named.map_or_else(|| "nothing".to_owned(), shown),
    })
}

fn verify(jws: &Jws<'_>, algorithm: SigningAlgorithm, keys: &VerificationKeys<'_>) -> Result<(), JwsDefect> {
    let valid = if algorithm.is_symmetric() {
        let secret = keys.client_secret.ok_or(JwsDefect::NoSecret)?;
        let (length, needed) = (secret.expose().len(), algorithm.hash().length());
        if length < needed {
            return Err(JwsDefect::ShortSecret { length, needed });
        }
        let key = hmac::Key::new(hmac_algorithm(algorithm.hash()), secret.expose().as_bytes());
        hmac::verify(&key, jws.signing_input(), jws.signature()).is_ok()
    } else {
        let published = keys.jwks.ok_or(KeyDefect::NoKeySet)?;
        let key = published.select(algorithm, jws.key_id())?;
        key.verifies(algorithm, jws.signing_input(), jws.signature())
    };
    if valid { Ok(()) } else { Err(JwsDefect::Signature) }
}

/// HMAC with this hash.
pub(super) fn hmac_algorithm(hash: HashAlgorithm) -> hmac::Algorithm {
    match hash {
        HashAlgorithm::Sha256 => hmac::HMAC_SHA256,
        HashAlgorithm::Sha384 => hmac::HMAC_SHA384,
        HashAlgorithm::Sha512 => hmac::HMAC_SHA512,
    }
}
