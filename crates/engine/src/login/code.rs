//! The authorization code login (RFC 6749 §4.1, OpenID Connect Core §3.1): discovery → authorization request → pages → callback → token
//! request → ID token → identity.

use std::sync::Arc;

use gatewright_model::exchange::Exchange;
use gatewright_model::run::{Browser, Outcome, StepKind};
use gatewright_protocol::Secret;
use gatewright_protocol::authorization::{AuthorizationResponse, Expected, Granted};
use gatewright_protocol::metadata::Metadata;
use gatewright_protocol::nonce::Nonce;
use gatewright_protocol::pkce::CodeVerifier;
use gatewright_protocol::state::State;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::course::{Course, Stop};
use super::judge_id_token::Evidence;
use super::plan::Addresses;
use super::redeem::Exchanged;
use super::{LoginEnd, LoginError, LoginPlan, ending, rules};
use crate::exchange::{record_authorization, record_callback};
use crate::finding;
use crate::ports::{Arrival, NoEntropy, Ports};
use crate::progress::Progress;
use crate::step::OpenStep;
use crate::wire::Wire;

/// Walks one login from the first request to the identity.
///
/// Every step is told through `progress`; the token request begins only when its beginning was acknowledged. `cancel` stops the login
/// at any time. A provider that refuses, a person who says no, a window that is closed: all are in the [`LoginEnd`].
///
/// # Errors
/// See [`LoginError`]: then nothing of the login is known to have happened but what was told through `progress`.
pub async fn log_in(
    plan: &LoginPlan,
    ports: &Ports,
    progress: &Progress,
    cancel: &CancellationToken,
) -> Result<LoginEnd, LoginError> {
    let addresses = plan.addresses()?;
    let since = ports.clock.elapsed();
    let mut wire = Wire::new(ports, cancel);
    // The provider has it, and may repeat it before this login has ever sent it.
    if let Some(secret) = &plan.client_secret {
        wire.secrets.learn(&secret.value, &secret.reference());
    }
    let mut course = Course {
        plan,
        wire,
        progress,
        steps: Vec::new(),
        person: std::time::Duration::ZERO,
        tokens: None,
        to_seal: Vec::new(),
        identity: None,
        has_refetched: false,
    };
    let outcome = match course.walk(&addresses).await {
        Ok(()) => {
            let findings = course.steps.iter().map(|step| step.findings.len()).sum::<usize>();
            Outcome::LoggedIn { findings: u32::try_from(findings).unwrap_or(u32::MAX) }
        }
        Err(Stop::Ended(ending)) => Outcome::Ended(ending),
        Err(Stop::Failed(error)) => return Err(error),
    };
    Ok(LoginEnd {
        outcome,
        identity: course.identity,
        tokens: course.tokens,
        to_seal: course.to_seal,
        steps: course.steps,
        duration: ports.clock.elapsed().saturating_sub(since),
        person: course.person,
    })
}

/// What was asked for at the authorization endpoint.
pub(super) struct Asked {
    address: Url,
    pub(super) expected: Arc<Expected>,
    verifier: Option<CodeVerifier>,
    pub(super) nonce: Option<Nonce>,
    exchange: Exchange,
}

/// The random values that bind what comes back to what was asked.
pub(super) struct Bindings {
    pub(super) state: Option<State>,
    pub(super) verifier: Option<CodeVerifier>,
    pub(super) nonce: Option<Nonce>,
}

impl Bindings {
    /// New ones, as far as the provider's dialect sends them.
    pub(super) fn random(plan: &LoginPlan, wire: &Wire<'_>) -> Result<Self, NoEntropy> {
        let dialect = &plan.provider.dialect.authorization;
        let state = dialect.state.value.is_sent().then(|| wire.random()).transpose()?;
        let verifier = dialect.pkce.value.is_sent().then(|| wire.random()).transpose()?;
        let nonce = plan.sends_nonce().then(|| wire.random()).transpose()?;
        Ok(Self {
            state: state.map(State::from_random),
            verifier: verifier.map(CodeVerifier::from_random),
            nonce: nonce.map(Nonce::from_random),
        })
    }
}

impl Course<'_> {
    async fn walk(&mut self, addresses: &Addresses) -> Result<(), Stop> {
        let metadata = self.discover(addresses).await?;
        let asked = self.ask(addresses, metadata.as_deref()).await?;
        let visited = self.visit(asked.address.clone(), &asked.expected).await;
        if let Some(state) = &asked.expected.state {
            // Whatever came of the visit, this state is good for no other callback.
            self.wire.ports.spent_states.remember(state.clone());
        }
        let (arrival, strangers) = visited?;
        let code = self.believe(&asked, &arrival, strangers).await?;
        match self.redeem(addresses, &code, asked.verifier.as_ref()).await? {
            Exchanged::Person(person) => self.take_identity(person).await,
            Exchanged::Tokens(tokens) => {
                let mut evidence = Evidence { addresses, metadata, asked: &asked, code: &code };
                let judged = self.judge_id_token(&tokens, &mut evidence).await;
                let verified = judged.inspect_err(|_| self.keep_no_token())?;
                self.identify(&tokens.access_token, verified.as_ref(), &evidence).await
            }
        }
    }

    async fn ask(&mut self, addresses: &Addresses, metadata: Option<&Metadata>) -> Result<Asked, Stop> {
        let mut step = self.begin(StepKind::AuthorizationRequest).await?;
        let bindings = Bindings::random(self.plan, &self.wire)?;
        let request = rules::authorization_request(self.plan, &addresses.authorization, &bindings)?;
        let exchange = record_authorization(&request, &mut self.wire.secrets);
        step.exchange(exchange.clone());
        let names: Vec<_> = request.parameters().iter().map(|(name, _)| &**name).collect();
        self.pass(step, &names.join(" · ")).await?;
        let spent = self.wire.ports.spent_states.all();
        let expected = rules::expected(self.plan, bindings.state, spent, metadata);
        Ok(Asked {
            address: request.url(),
            expected: Arc::new(expected),
            verifier: bindings.verifier,
            nonce: bindings.nonce,
            exchange,
        })
    }

    /// Judges the callback; only a code comes out.
    async fn believe(&mut self, asked: &Asked, arrival: &Arrival, strangers: u64) -> Result<Secret, Stop> {
        let mut step = self.begin(StepKind::Callback).await?;
        step.exchange(record_callback(&asked.exchange, arrival, &mut self.wire.secrets));
        let response = match &arrival.form {
            Some(form) => AuthorizationResponse::read_form(&arrival.callback, &form.as_form(), &asked.expected),
            None => AuthorizationResponse::read(&arrival.callback, &asked.expected),
        };
        let ending = match response {
            AuthorizationResponse::Code(granted) => return self.believed(step, granted, arrival, strangers).await,
            AuthorizationResponse::Bare => ending::cancelled(self.plan),
            AuthorizationResponse::Refused(error, _) if error.is_access_denied() => ending::denied(self.plan, &error),
            AuthorizationResponse::Refused(error, _) => {
                step.finding(finding::authorization_refused(&error));
                ending::authorization_refused(&error, self.plan)
            }
            AuthorizationResponse::Rejected(defect) => {
                step.finding(finding::of_callback(&defect));
                ending::callback_rejected(&defect, self.plan)
            }
        };
        Err(self.fail(step, ending).await)
    }

    async fn believed(
        &mut self,
        mut step: OpenStep,
        granted: Granted,
        arrival: &Arrival,
        strangers: u64,
    ) -> Result<Secret, Stop> {
        step.findings(finding::of_state(granted.state));
        let how = match self.plan.browser {
            // A form is posted somewhere, whatever browser it comes from.
            _ if arrival.form.is_some() => "Posted as a form to the listener on this computer",
            Browser::Embedded => "Caught before any request left this computer",
            Browser::System => "Caught by the listener on this computer",
            Browser::Paste => "Pasted by you",
        };
        let sentence = how.to_owned() + &strangers_words(strangers);
        self.pass(step, &sentence).await?;
        Ok(granted.code)
    }
}

fn strangers_words(strangers: u64) -> String {
    match strangers {
        0 => String::new(),
        1 => "; 1 callback with a foreign state was ignored".to_owned(),
        count => format!("; {count} callbacks with a foreign state were ignored"),
    }
}
