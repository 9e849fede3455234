//! Revoking a token (RFC 7009), or with `DELETE` and the token itself, as at ContentDB.

use gatewright_model::dialect::RevocationWay;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::provider::Endpoint;
use gatewright_model::run::StepKind;
use gatewright_protocol::Secret;
use gatewright_protocol::answer::{Refusal, RetryAfter};
use gatewright_protocol::authorization::ErrorResponse;
use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::revocation::{self, RevocationMethod, RevocationResponse};
use tokio_util::sync::CancellationToken;

use super::{Errand, GrantEnd, GrantError, GrantPlan, hint, reference_kind, unanswered_words};
use crate::finding;
use crate::login::TokenKind;
use crate::ports::Ports;
use crate::registered::PlanError;
use crate::wire::Unanswered;
use crate::words::refusal_words;

/// What came of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// The server says that the token is good no more. Whether that is true shows only when the token is used.
    Revoked,
    /// The server does not know this token: there is nothing left to revoke.
    NotKnown,
    /// The server does not revoke tokens of this kind.
    UnsupportedTokenType,
    /// The server said no, or cannot now. The token is as good as before.
    Refused,
    /// No answer, or none that says anything. The token may be revoked or not.
    Unknown,
}

/// Revokes a token. A server that says 503 and when to come back is asked once more, which RFC 7009 §2.2.1 allows.
///
/// # Errors
/// See [`GrantError`].
pub async fn revoke(
    plan: &GrantPlan,
    token: &Secret,
    kind: TokenKind,
    ports: &Ports,
    cancel: &CancellationToken,
) -> Result<GrantEnd<RevocationOutcome>, GrantError> {
    let mut errand = Errand::begin(plan, StepKind::Revocation, ports, cancel)?;
    let (method, mut request) = errand.revocation_request(token, kind)?;
    let mut has_waited = false;
    loop {
        let response = match errand.send(ExchangePurpose::Revocation, &request).await {
            Ok(response) => response,
            Err(unanswered) => {
                let sentence = format!("{}; the token may be revoked or not", unanswered_words(&unanswered));
                return Ok(errand.fail(&sentence, RevocationOutcome::Unknown));
            }
        };
        match RevocationResponse::read(&response, method) {
            RevocationResponse::TryAgain(after) if !has_waited => match errand.wait(after.as_ref()).await {
                Ok(true) => {
                    has_waited = true;
                    // An assertion is good for one request.
                    (_, request) = errand.revocation_request(token, kind)?;
                }
                Ok(false) => return Ok(errand.unavailable()),
                Err(_) => {
                    return Ok(errand.fail("You stopped it while the server was busy", RevocationOutcome::Refused));
                }
            },
            judged => return Ok(errand.conclude(judged)),
        }
    }
}

impl Errand<'_> {
    fn revocation_request(
        &mut self,
        token: &Secret,
        kind: TokenKind,
    ) -> Result<(RevocationMethod, HttpRequest), GrantError> {
        let reference = self.wire.secrets.reference_for(reference_kind(kind), token.expose());
        let endpoint = self.client.address(Endpoint::Revocation)?;
        match self.client.provider.dialect.tokens.revocation.value {
            RevocationWay::DeleteWithToken => {
                Ok((RevocationMethod::Delete, revocation::delete(&endpoint, token, reference)))
            }
            RevocationWay::Rfc7009 => {
                let audience = self.client.address(Endpoint::Token)?;
                let proof = self.client.proof::<GrantError>(&audience, &self.wire)?;
                Ok((RevocationMethod::Post, revocation::post(&endpoint, &proof, token, reference, hint(kind))))
            }
            RevocationWay::None => {
                let provider = self.client.provider.name.clone();
                Err(PlanError::NoEndpoint { provider, endpoint: Endpoint::Revocation.name() }.into())
            }
        }
    }

    /// Waits as long as the server wants to be left alone, if that is not too long.
    async fn wait(&self, after: Option<&RetryAfter>) -> Result<bool, Unanswered> {
        let Some(wait) = after.and_then(|after| after.wait(self.wire.now())) else { return Ok(false) };
        tokio::select! {
            biased;
            () = self.wire.cancel.cancelled() => Err(Unanswered::Stopped),
            () = self.wire.ports.clock.sleep(wait) => Ok(true),
        }
    }

    fn unavailable(mut self) -> GrantEnd<RevocationOutcome> {
        let refusal = Refusal { status: 503, error: ErrorResponse::default(), retry_after: None };
        self.step.finding(finding::refused("revocation_refused", &refusal));
        self.fail("The server cannot revoke now; the token is as good as before", RevocationOutcome::Refused)
    }

    fn conclude(mut self, judged: RevocationResponse) -> GrantEnd<RevocationOutcome> {
        match judged {
            RevocationResponse::Revoked { said } => {
                if let Some(error) = said {
                    let refusal = Refusal { status: 200, error, retry_after: None };
                    self.step.finding(finding::refused("revocation_error_in_success", &refusal));
                }
                self.pass("The server says that the token is good no more", RevocationOutcome::Revoked)
            }
            RevocationResponse::NotKnown => {
                self.pass("The server does not know this token", RevocationOutcome::NotKnown)
            }
            RevocationResponse::TryAgain(_) => self.unavailable(),
            RevocationResponse::UnsupportedTokenType(refusal) => {
                self.step.finding(finding::refused("revocation_refused", &refusal));
                self.fail("The server does not revoke tokens of this kind", RevocationOutcome::UnsupportedTokenType)
            }
            RevocationResponse::Refused(refusal) => {
                self.step.finding(finding::refused("revocation_refused", &refusal));
                let sentence = format!("The token was not revoked: {}", refusal_words(&refusal));
                self.fail(&sentence, RevocationOutcome::Refused)
            }
            RevocationResponse::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                let sentence = format!("The token may be revoked or not: {defect}");
                self.fail(&sentence, RevocationOutcome::Unknown)
            }
        }
    }
}
