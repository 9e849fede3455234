//! Judging an ID token (OpenID Connect Core §3.1.3.7): signature and claims apart, every defect told.

mod claims;
mod hashes;
mod refreshed;
mod times;

use serde_json::{Map, Value};

pub(crate) use claims::{audiences, received};
pub use refreshed::compare_refreshed;
pub(crate) use times::{NoTime, seconds};

use crate::Secret;
use crate::discrepancy::Discrepancy;
use crate::jose::{AlgorithmPolicy, Jws, SignatureJudgement, SigningAlgorithm, VerificationKeys};
use crate::nonce::Nonce;
use crate::state::State;

/// What an ID token has to live up to.
#[derive(Clone, Debug)]
pub struct IdTokenRules<'a> {
    /// The issuer this login is bound to, compared byte by byte.
    pub issuer: &'a str,
    /// The client's identifier, which has to be among the audiences.
    pub client_id: &'a str,
    /// Audiences that may stand beside the client.
    pub trusted_audiences: &'a [String],
    /// What is expected of `nonce`.
    pub nonce: NonceRule<'a>,
    /// Which algorithms the signature may have.
    pub algorithms: AlgorithmPolicy,
    /// `max_age` as sent, in seconds; `auth_time` is then required.
    pub max_age: Option<u64>,
    /// The values of `acr` that were demanded as essential; empty when none were.
    pub essential_acr: &'a [String],
    /// The access token that came along, for `at_hash`.
    pub access_token: Option<&'a Secret>,
    /// The code the tokens were got with, for `c_hash`.
    pub code: Option<&'a Secret>,
    /// The state that was sent, for `s_hash`.
    pub state: Option<&'a State>,
}

/// What is expected of `nonce`.
#[derive(Clone, Copy, Debug)]
pub enum NonceRule<'a> {
    /// It was sent and has to come back.
    Sent(&'a Nonce),
    /// It was not sent: an ID token with one was made for another login.
    NotSent,
    /// The token comes from a refresh: [`compare_refreshed`] looks at it.
    Refreshed,
}

/// What came of judging an ID token: the signature and the claims each by itself, so that a report can say that a token is well
/// signed and wrong, or right and not signed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IdTokenJudgement {
    /// Header, key and signature. A token that cannot be read has its one defect here.
    pub signature: SignatureJudgement,
    /// The claims as they stand in the token, whether they are to be believed or not; none when they cannot be read.
    pub claims: Option<Map<String, Value>>,
    /// What is wrong with the claims.
    pub claim_defects: Vec<Discrepancy>,
    /// What is unusual and allowed.
    pub notices: Vec<Discrepancy>,
}

/// An ID token without any defect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VerifiedIdToken {
    /// All claims.
    pub claims: Map<String, Value>,
    /// `sub`.
    pub subject: String,
    /// The algorithm of the signature.
    pub algorithm: SigningAlgorithm,
    /// The name of the key, when the header has one.
    pub key_id: Option<String>,
}

impl IdTokenJudgement {
    /// Judges an ID token. `now` is in seconds since 1970.
    pub fn of(token: &Secret, rules: &IdTokenRules<'_>, keys: &VerificationKeys<'_>, now: i64) -> Self {
        let jws = match Jws::parse(token.expose()) {
            Ok(jws) => jws,
            Err(defect) => return Self::unread(SignatureJudgement::unread(defect)),
        };
        let signature = SignatureJudgement::of(&jws, &rules.algorithms, keys);
        match jws.claims() {
            Ok(claims) => Self::of_claims(signature, claims, rules, now),
            Err(defect) => Self { claim_defects: vec![defect.discrepancy()], ..Self::unread(signature) },
        }
    }

    fn unread(signature: SignatureJudgement) -> Self {
        Self { signature, claims: None, claim_defects: Vec::new(), notices: Vec::new() }
    }

    fn of_claims(
        signature: SignatureJudgement,
        claims: Map<String, Value>,
        rules: &IdTokenRules<'_>,
        now: i64,
    ) -> Self {
        let mut defects = claims::defects(&claims, rules);
        let mut notices = times::judge(&claims, rules.max_age, now, &mut defects);
        // Which hash is meant follows from the algorithm; when that is not allowed, there is nothing to compare with.
        if let Some(algorithm) = signature.algorithm {
            defects.extend(hashes::defects(&claims, rules, algorithm));
        }
        let own_keys = signature.keys_of_its_own.join(", ");
        if !own_keys.is_empty() {
            let expected = "no key in the header: only the provider's published keys are used";
            notices.push(Discrepancy::new("jws_key_in_header", own_keys.clone(), expected, own_keys));
        }
        Self { signature, claims: Some(claims), claim_defects: defects, notices }
    }

    /// Whether there is no defect at all.
    pub fn is_valid(&self) -> bool {
        self.verified().is_some()
    }

    /// Whether judging again with the provider's keys fetched anew might help. One attempt does so at most once.
    pub fn wants_fresh_keys(&self) -> bool {
        self.signature.wants_fresh_keys()
    }

    /// Everything that is wrong, the signature's defects first.
    pub fn discrepancies(&self) -> Vec<Discrepancy> {
        let of_signature = self.signature.defects.iter().map(crate::jose::JwsDefect::discrepancy);
        of_signature.chain(self.claim_defects.iter().cloned()).collect()
    }

    /// The token, when nothing is wrong with it: nobody else can make a [`VerifiedIdToken`].
    pub fn verified(&self) -> Option<VerifiedIdToken> {
        if !self.signature.is_valid() || !self.claim_defects.is_empty() {
            return None;
        }
        let claims = self.claims.clone()?;
        Some(VerifiedIdToken {
            subject: claims.get("sub")?.as_str()?.to_owned(),
            algorithm: self.signature.algorithm?,
            key_id: self.signature.key_id.clone(),
            claims,
        })
    }
}

/// What is wrong when `openid` was asked for and no ID token came (OpenID Connect Core §3.1.3.3). A refresh may come without one
/// (§12.2).
pub fn missing() -> Discrepancy {
    Discrepancy::new("id_token_missing", "id_token", "an ID token, because the scope openid was asked for", "nothing")
}

#[cfg(test)]
mod tests;
