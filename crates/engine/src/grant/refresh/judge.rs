//! Judging the answer to a refresh (V-24), and a new ID token against the one of the login (V-21).

use gatewright_model::dialect::ScopeSeparator;
use gatewright_model::grant::Abandonment;
use gatewright_model::run::TokenSummary;
use gatewright_protocol::Secret;
use gatewright_protocol::answer::Refusal;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::id_token::{IdTokenJudgement, IdTokenRules, NonceRule, compare_refreshed};
use gatewright_protocol::jose::{Jws, VerificationKeys};
use gatewright_protocol::jwks::JwkSet;
use gatewright_protocol::token::{Before, RefreshResponse, Renewed, Rotation};
use jiff::{SignedDuration, Timestamp};

use super::{Errand, RefreshOutcome, RefreshPlan, RenewedTokens};
use crate::finding;
use crate::key_supply::Trust;
use crate::login::{TokenKind, rules};
use crate::oddities::of_form;
use crate::words::refusal_words;

/// What an answer comes to, before it is stored.
pub(super) enum Verdict {
    Renewed { tokens: Box<RenewedTokens>, sentence: String },
    Without { how: Abandonment, outcome: Box<RefreshOutcome>, sentence: String },
}

impl Verdict {
    pub(super) fn untouched(sentence: String) -> Self {
        Self::Without { how: Abandonment::TokenUntouched, outcome: Box::new(RefreshOutcome::Untouched), sentence }
    }

    pub(super) fn unknown(sentence: String) -> Self {
        Self::Without { how: Abandonment::OutcomeUnknown, outcome: Box::new(RefreshOutcome::Unknown), sentence }
    }
}

/// What a new ID token is worth.
enum NewIdToken {
    None,
    Verified(Secret),
    /// There is nothing to judge it with; it is not kept.
    Unverified,
    NotBelieved,
}

impl Errand<'_> {
    pub(super) async fn judge_refresh(
        &mut self,
        plan: &RefreshPlan,
        response: &HttpResponse,
        trust: &Trust,
    ) -> Verdict {
        let dialect = &self.client.provider.dialect;
        let separator = dialect.token_response.scope_separator.as_ref().map(|separator| separator.value);
        let before = Before {
            refresh_token: plan.refresh_token.clone(),
            scopes: plan.granted_scopes.clone(),
            scope_separator: if separator == Some(ScopeSeparator::Comma) { ',' } else { ' ' },
        };
        match RefreshResponse::read(response, &rules::token_rules(dialect), &before) {
            RefreshResponse::Renewed(renewed) => self.judge_tokens(plan, renewed, trust).await,
            RefreshResponse::Refused(refusal) => {
                self.step.finding(finding::refused("refresh_refused", &refusal));
                of_refusal(&refusal)
            }
            RefreshResponse::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                Verdict::unknown(format!("The answer cannot be used, and the refresh token may be used up: {defect}"))
            }
        }
    }

    async fn judge_tokens(&mut self, plan: &RefreshPlan, renewed: Renewed, trust: &Trust) -> Verdict {
        self.step.findings(of_form(&self.client.provider.dialect, &renewed.tokens.oddities));
        if !renewed.wider.is_empty() {
            self.step.finding(finding::plain(
                "refresh_scope_wider",
                "scope",
                "The new access token may do more than was granted.",
                "Nobody consented to this. Tell whoever runs the provider (RFC 6749 §6 forbids it).",
                &plan.granted_scopes.join(" "),
                &renewed.scopes.join(" "),
            ));
        }
        let id_token = match self.judge_new_id_token(plan, &renewed, trust).await {
            NewIdToken::Verified(token) => Some(token),
            NewIdToken::None => None,
            NewIdToken::Unverified => {
                self.step.finding(finding::id_token_unverified());
                None
            }
            NewIdToken::NotBelieved => {
                return Verdict::Without {
                    how: Abandonment::OutcomeUnknown,
                    outcome: Box::new(RefreshOutcome::NotBelieved),
                    sentence: "The new ID token is not to be believed, so none of the new tokens was kept".to_owned(),
                };
            }
        };
        let sentence = match renewed.rotation {
            Rotation::Rotated => "New tokens; the refresh token was exchanged as well",
            Rotation::Same => "A new access token; the same refresh token came again",
            Rotation::NotReturned => "A new access token; the refresh token stays",
        };
        let tokens = Box::new(self.renewed_tokens(renewed, id_token));
        Verdict::Renewed { tokens, sentence: sentence.to_owned() }
    }

    fn renewed_tokens(&self, renewed: Renewed, id_token: Option<Secret>) -> RenewedTokens {
        let at = self.wire.ports.clock.now();
        let tokens = renewed.tokens;
        let issued = [
            (TokenKind::Access, true),
            (TokenKind::Refresh, tokens.refresh_token.is_some()),
            (TokenKind::Id, id_token.is_some()),
        ];
        RenewedTokens {
            summary: TokenSummary {
                issued: issued.iter().filter(|(_, came)| *came).map(|(kind, _)| kind.as_str().to_owned()).collect(),
                token_type: tokens.token_type,
                expires_in: tokens.expires_in,
                refresh_expires_in: tokens.refresh_expires_in,
                scope: tokens.scope.map(|scope| self.wire.secrets.plain(&scope)),
            },
            access_token: tokens.access_token,
            refresh_token: renewed.refresh_token,
            rotation: renewed.rotation,
            id_token,
            scopes: renewed.scopes,
            access_expires_at: after(at, tokens.expires_in),
            // 0 means for ever at Keycloak.
            refresh_expires_at: after(at, tokens.refresh_expires_in.filter(|seconds| *seconds > 0)),
            at,
        }
    }

    /// Verifies a new ID token like the first one, and compares the two.
    async fn judge_new_id_token(&mut self, plan: &RefreshPlan, renewed: &Renewed, trust: &Trust) -> NewIdToken {
        let Some(token) = &renewed.tokens.id_token else { return NewIdToken::None };
        let Some(original) = &plan.id_token else { return NewIdToken::Unverified };
        let client_id = self.client.client_id.to_string();
        let rules = IdTokenRules {
            issuer: self.client.issuer(),
            client_id: &client_id,
            trusted_audiences: &self.client.settings.trusted_audiences,
            nonce: NonceRule::Refreshed,
            algorithms: self.client.id_token_algorithms(trust.metadata.as_deref()),
            max_age: None,
            essential_acr: &[],
            access_token: Some(&renewed.tokens.access_token),
            code: None,
            state: None,
        };
        let (secret, now) = (self.client.shared_secret(), self.wire.now());
        let judged = |keys: Option<&JwkSet>| {
            IdTokenJudgement::of(token, &rules, &VerificationKeys { jwks: keys, client_secret: secret }, now)
        };
        let mut judgement = judged(trust.keys.as_deref());
        if judgement.wants_fresh_keys()
            && let Some(address) = &trust.address
            && self.wire.ports.issuers.may_refetch(rules.issuer, self.wire.ports.clock.elapsed())
            && let Ok(keys) = self.wire.fetch_keys(&mut self.step, rules.issuer, address).await
        {
            judgement = judged(Some(&keys));
        }
        if trust.keys.is_none() && judgement.signature.algorithm.is_some_and(|algorithm| !algorithm.is_symmetric()) {
            // Whether it is right cannot be told; the tokens must not be lost over that.
            return NewIdToken::Unverified;
        }
        self.step.findings(judgement.discrepancies().iter().map(finding::of_discrepancy));
        let Some(verified) = judgement.verified() else { return NewIdToken::NotBelieved };
        let differences = Jws::parse(original.expose())
            .and_then(|jws| jws.claims())
            .map(|original| compare_refreshed(&original, &verified.claims))
            .unwrap_or_default();
        self.step.findings(differences.iter().map(finding::of_discrepancy));
        if differences.is_empty() { NewIdToken::Verified(token.clone()) } else { NewIdToken::NotBelieved }
    }
}

/// What a refusal says of the refresh token. Only `invalid_grant` speaks of the token itself; some errors are found before it is looked
/// at; of everything else nobody knows.
fn of_refusal(refusal: &Refusal) -> Verdict {
    let words = refusal_words(refusal);
    match refusal.error.error.as_deref() {
        Some("invalid_grant") => Verdict::Without {
            how: Abandonment::TokenRefused,
            outcome: Box::new(RefreshOutcome::Lost),
            sentence: format!("The server refuses this refresh token: {words}. Log in again"),
        },
        Some(
            "invalid_client" | "unauthorized_client" | "invalid_scope" | "unsupported_grant_type" | "invalid_request",
        ) => Verdict::untouched(format!(
            "The server refused the request; the refresh token is as good as before: {words}"
        )),
        _ if refusal.is_rate_limit() => Verdict::untouched(format!(
            "The server was asked too often; the refresh token is as good as before: {words}"
        )),
        _ => Verdict::unknown(format!("The server refused and does not say what of: {words}")),
    }
}

fn after(at: Timestamp, seconds: Option<u64>) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_secs(i64::try_from(seconds?).ok()?)).ok()
}
