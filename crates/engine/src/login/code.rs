//! The authorization code login (RFC 6749 §4.1): authorization request → pages → callback → token request → identity.

use std::sync::Arc;

use gatewright_model::exchange::Exchange;
use gatewright_model::run::{Browser, Identity, Outcome, StepKind};
use gatewright_protocol::Secret;
use gatewright_protocol::authorization::{AuthorizationResponse, Expected, Granted, ResponseMode};
use gatewright_protocol::pkce::{CodeVerifier, VERIFIER_BYTES};
use gatewright_protocol::state::{STATE_BYTES, State};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::course::{Begun, Course, Stop};
use super::plan::Addresses;
use super::redeem::Exchanged;
use super::{LoginEnd, LoginError, LoginPlan, ending, finding, rules};
use crate::exchange::{record_authorization, record_callback};
use crate::known_secrets::KnownSecrets;
use crate::ports::{NoEntropy, Ports};
use crate::progress::Progress;

/// Walks one login from the authorization request to the identity.
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
    let mut course = Course {
        plan,
        ports,
        progress,
        cancel,
        secrets: KnownSecrets::default(),
        steps: Vec::new(),
        person: std::time::Duration::ZERO,
        tokens: None,
        to_seal: Vec::new(),
    };
    let (outcome, identity) = match course.walk(&addresses).await {
        Ok(identity) => {
            let findings = course.steps.iter().map(|step| step.findings.len()).sum::<usize>();
            (Outcome::LoggedIn { findings: u32::try_from(findings).unwrap_or(u32::MAX) }, Some(identity))
        }
        Err(Stop::Ended(ending)) => (Outcome::Ended(ending), None),
        Err(Stop::Failed(error)) => return Err(error),
    };
    Ok(LoginEnd {
        outcome,
        identity,
        tokens: course.tokens,
        to_seal: course.to_seal,
        steps: course.steps,
        duration: ports.clock.elapsed().saturating_sub(since),
        person: course.person,
    })
}

/// What was asked for at the authorization endpoint.
struct Asked {
    address: Url,
    expected: Arc<Expected>,
    verifier: Option<CodeVerifier>,
    exchange: Exchange,
}

impl Course<'_> {
    async fn walk(&mut self, addresses: &Addresses) -> Result<Identity, Stop> {
        let asked = self.ask(addresses).await?;
        let (callback, strangers) = self.visit(asked.address.clone(), &asked.expected).await?;
        let code = self.believe(&asked, &callback, strangers).await?;
        match self.redeem(addresses, &code, asked.verifier.as_ref()).await? {
            Exchanged::Person(person) => self.take_identity(person).await,
            Exchanged::Token(token) => self.identify(addresses, &token).await,
        }
    }

    async fn ask(&mut self, addresses: &Addresses) -> Result<Asked, Stop> {
        let mut begun = self.begin(StepKind::AuthorizationRequest).await?;
        let dialect = &self.plan.provider.dialect;
        let state = if dialect.authorization.state.value.is_sent() { Some(self.new_state()?) } else { None };
        let verifier = if dialect.authorization.pkce.value.is_sent() { Some(self.new_verifier()?) } else { None };
        let request = rules::authorization_request(self.plan, addresses, state.as_ref(), verifier.as_ref());
        let exchange = record_authorization(&request, &mut self.secrets);
        begun.exchange(exchange.clone());
        let names: Vec<_> = request.parameters().iter().map(|(name, _)| &**name).collect();
        let expected = Expected {
            redirect_uri: self.plan.redirect_uri.clone(),
            response_mode: ResponseMode::Query,
            state,
            state_rule: rules::state_rule(dialect),
            spent_states: Vec::new(),
            issuer: self.plan.issuer(),
            issuer_advertised: false,
        };
        self.pass(begun, &names.join(" · ")).await?;
        Ok(Asked { address: request.url(), expected: Arc::new(expected), verifier, exchange })
    }

    fn new_state(&self) -> Result<State, NoEntropy> {
        let mut random = [0; STATE_BYTES];
        self.ports.entropy.fill(&mut random)?;
        Ok(State::from_random(random))
    }

    fn new_verifier(&self) -> Result<CodeVerifier, NoEntropy> {
        let mut random = [0; VERIFIER_BYTES];
        self.ports.entropy.fill(&mut random)?;
        Ok(CodeVerifier::from_random(random))
    }

    /// Judges the callback; only a code comes out.
    async fn believe(&mut self, asked: &Asked, callback: &Url, strangers: u64) -> Result<Secret, Stop> {
        let mut begun = self.begin(StepKind::Callback).await?;
        begun.exchange(record_callback(&asked.exchange, callback, &mut self.secrets));
        let ending = match AuthorizationResponse::read(callback, &asked.expected) {
            AuthorizationResponse::Code(granted) => return self.believed(begun, granted, strangers).await,
            AuthorizationResponse::Bare => ending::cancelled(self.plan),
            AuthorizationResponse::Refused(error, _) if error.is_access_denied() => ending::denied(self.plan, &error),
            AuthorizationResponse::Refused(error, _) => ending::authorization_refused(&error, self.plan),
            AuthorizationResponse::Rejected(defect) => {
                begun.finding(finding::of_callback(&defect));
                ending::callback_rejected(&defect, self.plan)
            }
        };
        Err(self.fail(begun, ending).await)
    }

    async fn believed(&mut self, mut begun: Begun, granted: Granted, strangers: u64) -> Result<Secret, Stop> {
        begun.findings(finding::of_state(granted.state).into_iter().collect());
        let mut sentence = match self.plan.browser {
            Browser::Embedded => "Caught before any request left this computer".to_owned(),
            Browser::System => "Caught by the listener on this computer".to_owned(),
            Browser::Paste => "Pasted by you".to_owned(),
        };
        sentence += &strangers_words(strangers);
        self.pass(begun, &sentence).await?;
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
