//! Refreshing tokens so that no crash and no impatience can use a refresh token twice unseen (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! The ledger writes down that the token is about to be sent, the request is sent once, the new tokens are stored, and only then handed
//! out. Once the request may have left, nothing stops the rest: neither cancelling nor dropping the future.

mod judge;
mod ledger;

use std::sync::Arc;
use std::time::Duration;

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::provider::Endpoint;
use gatewright_model::run::StepKind;
use gatewright_protocol::custom_parameter::RequestKind;
use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::token::RefreshRequest;
use tokio_util::sync::CancellationToken;

pub use ledger::{BeginRefusal, NotStored, RenewedTokens, RotationLedger};

use self::judge::Verdict;
use super::{Errand, GrantEnd, GrantError, RefreshPlan, unanswered_words};
use crate::errand::undropped;
use crate::key_supply::Trust;
use crate::login::rules;
use crate::ports::Ports;
use crate::wire::Unanswered;

/// The least time between two refreshes: a server whose tokens live for a second would be asked for ever.
pub const BETWEEN_REFRESHES: Duration = Duration::from_secs(30);

/// How a refresh ended.
#[derive(Clone, Debug)]
pub enum RefreshOutcome {
    /// New tokens, stored.
    Renewed(RenewedTokens),
    /// New tokens that could not be stored: they are in memory only and must be kept there until they can be.
    NotStored(RenewedTokens),
    /// The server refuses the refresh token: only a new login helps.
    Lost,
    /// The refresh token is as good as before: nothing was sent, or the server refused before it looked at the token.
    Untouched,
    /// The refresh token was sent, and nobody knows whether it is used up. It is not sent again without a person's decision.
    Unknown,
    /// New tokens came that are not believed, and the old refresh token may be used up: a person has to decide.
    NotBelieved,
    /// Nothing was sent: the tokens were refreshed a moment ago.
    TooSoon {
        /// How long to wait.
        wait: Duration,
    },
    /// Nothing was sent: the ledger said no.
    NotBegun(BeginRefusal),
}

/// Refreshes tokens. Stopping it works until the ledger has begun; from then on it goes on in the background and what comes back is
/// stored, even when the future is dropped.
///
/// # Errors
/// See [`GrantError`].
pub async fn refresh(
    plan: RefreshPlan,
    ports: Ports,
    ledger: Arc<dyn RotationLedger>,
    cancel: CancellationToken,
) -> Result<GrantEnd<RefreshOutcome>, GrantError> {
    undropped(async move { walk(&plan, &ports, &*ledger, &cancel).await }).await
}

async fn walk(
    plan: &RefreshPlan,
    ports: &Ports,
    ledger: &dyn RotationLedger,
    cancel: &CancellationToken,
) -> Result<GrantEnd<RefreshOutcome>, GrantError> {
    let mut errand = Errand::begin(&plan.client, StepKind::Refresh, ports, cancel)?;
    errand.client.check(&[RequestKind::Refresh])?;
    if let Some(wait) = too_soon(plan, ports) {
        let sentence = format!("Not sent: the tokens were refreshed a moment ago; wait {} s", wait.as_secs().max(1));
        return Ok(errand.fail(&sentence, RefreshOutcome::TooSoon { wait }));
    }
    let request = errand.refresh_request(plan)?;
    // Fetched before, so that nothing stands between an answer and its storing but the judgement.
    let trust = if plan.id_token.is_some() {
        errand.wire.trust(&mut errand.step, &errand.client).await?
    } else {
        Trust::default()
    };
    if cancel.is_cancelled() {
        return Ok(errand.fail("You stopped it before anything was sent", RefreshOutcome::Untouched));
    }
    if let Err(refusal) = ledger.begin().await {
        return Ok(errand.fail(&format!("Not sent: {refusal}"), RefreshOutcome::NotBegun(refusal)));
    }
    let never = CancellationToken::new();
    errand.wire.cancel = &never;
    let verdict = errand.send_once(plan, &request, &trust).await;
    Ok(errand.settle(verdict, ledger).await)
}

/// How long to wait when the last refresh was a moment ago.
fn too_soon(plan: &RefreshPlan, ports: &Ports) -> Option<Duration> {
    let passed = ports.clock.now().duration_since(plan.refreshed_at?);
    // A time that lies ahead says that somebody has set a clock, and nothing about how long ago it was.
    let passed = Duration::try_from(passed).ok()?;
    BETWEEN_REFRESHES.checked_sub(passed).filter(|wait| !wait.is_zero())
}

impl Errand<'_> {
    fn refresh_request(&mut self, plan: &RefreshPlan) -> Result<HttpRequest, GrantError> {
        let endpoint = self.client.address(Endpoint::Token)?;
        let dialect = &self.client.provider.dialect;
        let proof = self.client.proof::<GrantError>(&endpoint, &self.wire)?;
        let reference = self.wire.secrets.reference_for("refresh", plan.refresh_token.expose());
        let encoding = dialect.token_request.encoding.value;
        let mut request =
            RefreshRequest::new(encoding, &proof, &plan.refresh_token, reference).accept(rules::accept(dialect));
        if !plan.scopes.is_empty() {
            request = request.scope(&plan.scopes);
        }
        let parameters = self.client.settings.parameters(RequestKind::Refresh);
        Ok(request.custom(&parameters).map_err(crate::registered::PlanError::from)?.into_http(&endpoint))
    }

    async fn send_once(&mut self, plan: &RefreshPlan, request: &HttpRequest, trust: &Trust) -> Verdict {
        match self.send(ExchangePurpose::Refresh, request).await {
            Ok(response) => self.judge_refresh(plan, &response, trust).await,
            Err(Unanswered::Failed(error)) if !error.may_have_arrived() => {
                Verdict::untouched(format!("Nothing was sent: {error}"))
            }
            Err(unanswered) => Verdict::unknown(format!(
                "{}; the server may have used the refresh token up",
                unanswered_words(&unanswered)
            )),
        }
    }

    /// Stores what came back, and only then hands it out.
    async fn settle(self, verdict: Verdict, ledger: &dyn RotationLedger) -> GrantEnd<RefreshOutcome> {
        match verdict {
            Verdict::Renewed { tokens, sentence } => match ledger.commit(&tokens).await {
                Ok(()) => self.pass(&sentence, RefreshOutcome::Renewed(*tokens)),
                Err(error) => {
                    let sentence = format!("{sentence}, but they are in memory only: {error}");
                    self.fail(&sentence, RefreshOutcome::NotStored(*tokens))
                }
            },
            Verdict::Without { how, outcome, sentence } => {
                let sentence = match ledger.abandon(how).await {
                    Ok(()) => sentence,
                    // The intent stays, so that the grant is doubtful at the next start: safe, if more than is needed.
                    Err(error) => format!("{sentence} (not written down: {error})"),
                };
                self.fail(&sentence, *outcome)
            }
        }
    }
}
