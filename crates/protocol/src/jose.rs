//! Signed JSON: reading a JWS in compact form (RFC 7515 §7.1), judging its signature, and signing a JWT.
//!
//! [`Jws::parse`] looks at the form alone, [`SignatureJudgement::of`] at header, key and signature. Neither believes a claim.

mod algorithm;
mod compact;
mod defect;
mod encoding;
mod judgement;
mod policy;
mod sign;
mod signing_key;
mod verification_key;

pub use algorithm::{Curve, HashAlgorithm, SigningAlgorithm};
pub use compact::Jws;
pub use defect::{JwsDefect, Part};
pub use judgement::{SignatureJudgement, VerificationKeys};
pub use policy::AlgorithmPolicy;
pub use sign::{SignError, sign};
pub use signing_key::{SigningKey, SigningKeyError};
pub use verification_key::VerificationKey;

pub(crate) use algorithm::KeyType;
pub(crate) use encoding::decode;

#[cfg(test)]
pub(crate) mod test_keys;
#[cfg(test)]
mod tests;
