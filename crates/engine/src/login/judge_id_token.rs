//! The step in which the ID token is judged: signature and claims, each by itself.

use std::sync::Arc;

use gatewright_model::run::{Ending, StepKind};
use gatewright_protocol::Secret;
use gatewright_protocol::id_token::{IdTokenJudgement, IdTokenRules, NonceRule, VerifiedIdToken, missing};
use gatewright_protocol::jose::VerificationKeys;
use gatewright_protocol::jwks::JwkSet;
use gatewright_protocol::metadata::{Endpoint, Metadata};
use gatewright_protocol::token::IssuedTokens;
use url::Url;

use super::code::Asked;
use super::course::{Course, Stop};
use super::plan::{Addresses, OpenIdAddresses};
use super::{LoginPlan, ending};
use crate::finding;
use crate::key_supply::NoKeys;
use crate::ports::SendError;
use crate::step::OpenStep;
use crate::wire::Unanswered;

/// What an ID token of this login is judged with.
pub(super) struct Evidence<'a> {
    pub(super) addresses: &'a Addresses,
    pub(super) metadata: Option<Arc<Metadata>>,
    pub(super) asked: &'a Asked,
    pub(super) code: &'a Secret,
}

impl Evidence<'_> {
    /// Where the provider's keys are: where the metadata say now, else where the profile says.
    pub(super) fn keys(&self) -> Option<Url> {
        let fresh = self.metadata.as_ref().and_then(|metadata| metadata.endpoint(Endpoint::Keys));
        fresh.or_else(|| self.addresses.openid.as_ref()?.keys.clone())
    }

    fn rules<'b>(&'b self, plan: &'b LoginPlan, tokens: &'b IssuedTokens, client_id: &'b str) -> IdTokenRules<'b> {
        IdTokenRules {
            issuer: plan.bases.issuer(),
            client_id,
            trusted_audiences: &plan.settings.trusted_audiences,
            nonce: self.asked.nonce.as_ref().map_or(NonceRule::NotSent, NonceRule::Sent),
            algorithms: plan.registered().id_token_algorithms(self.metadata.as_deref()),
            max_age: plan.settings.max_age.map(u64::from),
            essential_acr: plan.essential_acr(),
            access_token: Some(&tokens.access_token),
            code: Some(self.code),
            state: self.asked.expected.state.as_ref(),
        }
    }
}

impl Course<'_> {
    /// Judges the ID token, if this login has to do with one. What comes back is verified; anything else ended the login.
    pub(super) async fn judge_id_token(
        &mut self,
        tokens: &IssuedTokens,
        evidence: &mut Evidence<'_>,
    ) -> Result<Option<VerifiedIdToken>, Stop> {
        let Some(openid) = &evidence.addresses.openid else { return Ok(None) };
        match &tokens.id_token {
            None if !self.plan.judges_id_token() => Ok(None),
            None => {
                let mut step = self.begin(StepKind::IdToken).await?;
                step.finding(finding::of_discrepancy(&missing()));
                Err(self.fail(step, ending::id_token_missing(self.plan)).await)
            }
            Some(token) => {
                let mut step = self.begin(StepKind::IdToken).await?;
                let judgement = match self.judge_with_keys(&mut step, openid, token, tokens, evidence).await {
                    Ok(judgement) => judgement,
                    Err(stopped) => return Err(self.fail(step, stopped).await),
                };
                self.conclude(step, &judgement).await
            }
        }
    }

    /// Judges with the keys at hand, and once more with fresh ones when that may help (OpenID Connect Core §10.1.1).
    async fn judge_with_keys(
        &mut self,
        step: &mut OpenStep,
        openid: &OpenIdAddresses,
        token: &Secret,
        tokens: &IssuedTokens,
        evidence: &mut Evidence<'_>,
    ) -> Result<IdTokenJudgement, Ending> {
        let plan = self.plan;
        let client_id = plan.client_id.to_string();
        let now = self.wire.now();
        let judged = |keys: Option<&JwkSet>, evidence: &Evidence<'_>| {
            let keys = VerificationKeys { jwks: keys, client_secret: plan.registered().shared_secret() };
            IdTokenJudgement::of(token, &evidence.rules(plan, tokens, &client_id), &keys, now)
        };
        let issuer = openid.issuer.as_str();
        let place = evidence.keys();
        // HMAC needs no keys of the provider: unless they are known already, whether any are needed is seen first.
        let remembered = place.as_ref().and_then(|address| self.wire.remembered_keys(issuer, address));
        let judgement = judged(remembered.as_deref(), evidence);
        if !wants_keys(&judgement) {
            return Ok(judgement);
        }
        let Some(address) = place else { return Ok(judgement) };
        let (keys, judgement) = match remembered {
            Some(keys) => (keys, judgement),
            None => match self.wire.fetch_keys(step, issuer, &address).await {
                Ok(keys) => {
                    let judgement = judged(Some(&keys), evidence);
                    (keys, judgement)
                }
                Err(reason) => return self.without_keys(step, &reason).map(|()| judgement),
            },
        };
        if !judgement.wants_fresh_keys() || std::mem::replace(&mut self.has_refetched, true) {
            tell_about_keys(step, &keys);
            return Ok(judgement);
        }
        // The metadata may be older than the keys' present address (DI-11).
        if let Ok(fresh) = self.wire.fetch_metadata(step, &openid.issuer, &openid.metadata).await
            && fresh.endpoint(Endpoint::Keys).is_some_and(|fresh| fresh.origin() == address.origin())
        {
            evidence.metadata = Some(fresh);
        }
        let address = evidence.keys().unwrap_or(address);
        match self.wire.fetch_keys(step, issuer, &address).await {
            Ok(keys) => {
                tell_about_keys(step, &keys);
                Ok(judged(Some(&keys), evidence))
            }
            Err(reason) => self.without_keys(step, &reason).map(|()| judgement),
        }
    }

    fn without_keys(&self, step: &mut OpenStep, reason: &NoKeys) -> Result<(), Ending> {
        match reason {
            NoKeys::Unanswered(Unanswered::Stopped) => return Err(ending::stopped(StepKind::IdToken, self.plan)),
            NoKeys::Unanswered(Unanswered::Failed(error @ SendError::TooNear { .. })) => {
                step.finding(finding::unreachable(error));
            }
            NoKeys::Unanswered(Unanswered::Failed(error)) => step.finding(finding::plain(
                "jwks_unusable",
                "keys",
                "The provider's keys could not be fetched.",
                "Without keys no signature can be checked. Is the provider's address of keys right?",
                "200 with a JWK Set (RFC 7517 §5)",
                &error.to_string(),
            )),
            NoKeys::Unusable(defect) => step.finding(finding::of_discrepancy(&defect.discrepancy())),
        }
        Ok(())
    }

    async fn conclude(
        &mut self,
        mut step: OpenStep,
        judgement: &IdTokenJudgement,
    ) -> Result<Option<VerifiedIdToken>, Stop> {
        if !judgement.signature.is_valid() {
            // Perhaps the keys were the wrong ones: the next login asks for them again.
            self.wire.ports.issuers.forget(self.plan.bases.issuer());
        }
        let defects = judgement.discrepancies();
        step.findings(defects.iter().chain(&judgement.notices).map(finding::of_discrepancy));
        let is_wanted = self.plan.judges_id_token();
        match judgement.verified() {
            Some(verified) if is_wanted => {
                let remarks = if step.is_clean() { "" } else { ", with remarks; the login goes on" };
                self.pass(step, &format!("Signed with {}, every claim as it should be{remarks}", verified.algorithm))
                    .await?;
                Ok(Some(verified))
            }
            // It was not asked for and nothing rests on it.
            verified => {
                if is_wanted {
                    return Err(self.fail(step, ending::id_token_rejected(judgement, self.plan)).await);
                }
                step.finding(finding::id_token_unasked());
                let what = if verified.is_some() { "It is right" } else { "It is wrong" };
                self.pass(step, &format!("{what}, but nobody asked for it: it was not used and the login goes on"))
                    .await?;
                Ok(None)
            }
        }
    }
}

/// Whether the provider's keys would change the judgement.
fn wants_keys(judgement: &IdTokenJudgement) -> bool {
    judgement.signature.algorithm.is_some_and(|algorithm| !algorithm.is_symmetric())
}

/// What is off about the provider's keys as such. Entries of other kinds are normal.
fn tell_about_keys(step: &mut OpenStep, keys: &JwkSet) {
    step.findings(keys.private_members().iter().map(|found| finding::of_discrepancy(&found.discrepancy())));
    let broken = keys.skipped().iter().filter(|skipped| skipped.reason.is_mistake());
    step.findings(broken.map(|skipped| finding::of_discrepancy(&skipped.discrepancy())));
}
