//! Proving a client's secret without a login: a token request with a made-up code, and the answer judged by what the server says to a
//! good secret and to a wrong one.
//!
//! Nothing is bought with it, so nothing can be lost; but a server may lock out who sends wrong secrets. [`ProbePace`] sees to it that a
//! provider is asked once a second at most, is left alone when it says so, and gets no more than three wrong secrets in a row.

mod pace;
mod wrong;

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::provider::Endpoint;
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_protocol::probe::{AnswerFingerprint, Calibration, Doubt, SecretProof, judge_first, look_at};
use gatewright_protocol::{RedirectUri, Secret};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use pace::ProbePace;

use crate::errand::{Errand, ErrandEnd};
use crate::grant::GrantPlan;
use crate::login::{ClientSecret, rules};
use crate::ports::{NoEntropy, Ports, SendError};
use crate::registered::{PlanError, Registered};
use crate::wire::Unanswered;

/// Everything one proof is about.
#[derive(Clone, Debug)]
pub struct ProbePlan {
    /// The client, with the secret to prove.
    pub client: GrantPlan,
    /// One of its redirect URIs: many servers look at it before they look at anything else.
    pub redirect_uri: RedirectUri,
}

/// What came of a proof.
#[derive(Clone, Debug)]
pub struct Probed {
    /// What the provider thinks of the secret.
    pub outcome: ProbeOutcome,
    /// The calibration that was made on the way, to be kept for the next time.
    pub calibration: Option<Calibration>,
}

/// What a provider thinks of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// It takes it.
    Accepted,
    /// It refuses it.
    Refused,
    /// Nobody can tell.
    CannotTell(ProbeDoubt),
}

/// Why nobody can tell what a provider thinks of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeDoubt {
    /// The answer does not say.
    #[error(transparent)]
    Answer(#[from] Doubt),
    /// There is no answer.
    #[error("no answer came: {0}")]
    Unanswered(#[from] SendError),
    /// It was stopped.
    #[error("it was stopped")]
    Stopped,
    /// The provider has asked to be left alone; nothing was sent.
    #[error("the provider has asked to be left alone for {seconds} more seconds; nothing was sent")]
    LeftAlone {
        /// For how long still.
        seconds: u64,
    },
    /// Three wrong secrets in a row were sent for this client; nothing more is sent for a while, or the provider might lock it out.
    #[error("three wrong secrets in a row were sent for this client, and a fourth might lock it out; nothing was sent")]
    TooManyWrong,
}

/// Why *we* could not prove a secret. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// The plan cannot be carried out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// There is no secret that the provider has as well: the client is public, or proves itself with a private key.
    #[error("this client has no secret that could be proved like this")]
    NoSharedSecret,
}

/// Finds out what a provider says to a good secret and to a wrong one. The plan's secret has to be known to be good: a login worked with
/// it a moment ago.
///
/// # Errors
/// See [`ProbeError`].
pub async fn calibrate(
    plan: &ProbePlan,
    pace: &ProbePace,
    ports: &Ports,
    cancel: &CancellationToken,
) -> Result<ErrandEnd<Result<Calibration, ProbeDoubt>>, ProbeError> {
    let mut probe = Probe::begin(plan, pace, ports, cancel)?;
    let found = probe.calibrate().await?;
    Ok(match found {
        Ok(calibration) => probe.errand.pass("A good and a wrong secret get different answers", Ok(calibration)),
        Err(doubt) => {
            let sentence = format!("Secrets cannot be proved without a login here: {doubt}");
            probe.errand.end(StepStatus::Warned, &sentence, Err(doubt))
        }
    })
}

/// Proves a secret. Without a calibration two wrong secrets are sent as well, and the proof is one only if the answers differ.
///
/// # Errors
/// See [`ProbeError`].
pub async fn probe(
    plan: &ProbePlan,
    calibration: Option<&Calibration>,
    pace: &ProbePace,
    ports: &Ports,
    cancel: &CancellationToken,
) -> Result<ErrandEnd<Probed>, ProbeError> {
    let mut probe = Probe::begin(plan, pace, ports, cancel)?;
    let (outcome, calibration) = match calibration {
        Some(calibration) => (probe.by_calibration(calibration).await?, None),
        None => probe.first().await?,
    };
    probe.pace.note(&probe.place(), &plan.client.client_id, &outcome, probe.errand.wire.ports.clock.elapsed());
    Ok(probe.conclude(outcome, calibration))
}

/// A proof that is going on.
struct Probe<'a> {
    errand: Errand<'a, Registered<'a>>,
    plan: &'a ProbePlan,
    secret: &'a ClientSecret,
    pace: &'a ProbePace,
    endpoint: Url,
}

/// What one request came to: an answer to compare, or why there is none.
type Seen = Result<AnswerFingerprint, ProbeDoubt>;

impl<'a> Probe<'a> {
    fn begin(
        plan: &'a ProbePlan,
        pace: &'a ProbePace,
        ports: &'a Ports,
        cancel: &'a CancellationToken,
    ) -> Result<Self, ProbeError> {
        let client = plan.client.registered();
        client.check(&[])?;
        let is_shared =
            !matches!(client.authentication(), ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt);
        let secret = client.secret.filter(|_| is_shared).ok_or(ProbeError::NoSharedSecret)?;
        let endpoint = client.address(Endpoint::Token)?;
        Ok(Self { errand: Errand::new(client, StepKind::SecretProbe, ports, cancel), plan, secret, pace, endpoint })
    }

    async fn calibrate(&mut self) -> Result<Result<Calibration, ProbeDoubt>, ProbeError> {
        let good = match self.ask(self.secret).await? {
            Ok(good) => good,
            Err(doubt) => return Ok(Err(doubt)),
        };
        Ok(match self.ask_wrongly().await? {
            Ok(wrong) => Calibration::of(good, wrong).map_err(ProbeDoubt::from),
            Err(doubt) => Err(doubt),
        })
    }

    async fn by_calibration(&mut self, calibration: &Calibration) -> Result<ProbeOutcome, ProbeError> {
        Ok(match self.ask(self.secret).await? {
            Ok(answer) => ProbeOutcome::of(calibration.judge(&answer)),
            Err(doubt) => ProbeOutcome::CannotTell(doubt),
        })
    }

    async fn first(&mut self) -> Result<(ProbeOutcome, Option<Calibration>), ProbeError> {
        let doubtful = |doubt| Ok((ProbeOutcome::CannotTell(doubt), None));
        let answer = match self.ask(self.secret).await? {
            Ok(answer) => answer,
            Err(doubt) => return doubtful(doubt),
        };
        let (wrong, wrong_again) = match (self.ask_wrongly().await?, self.ask_wrongly().await?) {
            (Ok(wrong), Ok(again)) => (wrong, again),
            (Err(doubt), _) | (_, Err(doubt)) => return doubtful(doubt),
        };
        let (proof, calibration) = judge_first(&answer, &wrong, &wrong_again);
        Ok((ProbeOutcome::of(proof), calibration))
    }

    async fn ask_wrongly(&mut self) -> Result<Seen, ProbeError> {
        let wrong = ClientSecret::made_up(wrong::like(&self.secret.value, self.errand.wire.random()?));
        self.ask(&wrong).await
    }

    /// Sends one secret with a code that nobody has issued.
    async fn ask(&mut self, secret: &ClientSecret) -> Result<Seen, ProbeError> {
        let turn = self.pace.turn(&self.place(), &self.plan.client.client_id, &self.errand.wire).await;
        if let Err(doubt) = turn {
            return Ok(Err(doubt));
        }
        let client = Registered { secret: Some(secret), ..self.errand.client };
        let proof = client.proof::<ProbeError>(&self.endpoint, &self.errand.wire)?;
        let code = Secret::new(wrong::code(self.errand.wire.random()?));
        let request = client.code_request(&self.endpoint, &proof, &code, &self.plan.redirect_uri)?;
        let response = match self.errand.send(ExchangePurpose::SecretProbe, &request).await {
            Ok(response) => response,
            Err(Unanswered::Stopped) => return Ok(Err(ProbeDoubt::Stopped)),
            Err(Unanswered::Failed(error)) => return Ok(Err(error.into())),
        };
        let rules = rules::token_rules(&self.errand.client.provider.dialect);
        let seen = look_at(&response, &rules, &[secret.value.expose(), code.expose()]);
        if let Err(Doubt::RateLimited(after)) = &seen {
            self.pace.leave_alone(&self.place(), after.as_ref(), &self.errand.wire);
        }
        Ok(seen.map_err(ProbeDoubt::from))
    }

    /// Whom it is that must not be asked too often.
    fn place(&self) -> String {
        self.endpoint.origin().ascii_serialization()
    }

    fn conclude(self, outcome: ProbeOutcome, calibration: Option<Calibration>) -> ErrandEnd<Probed> {
        let (status, sentence) = match &outcome {
            ProbeOutcome::Accepted => {
                (StepStatus::Passed, "The provider takes this secret: it refused the made-up code alone".to_owned())
            }
            ProbeOutcome::Refused => (StepStatus::Failed, "The provider refuses this secret".to_owned()),
            ProbeOutcome::CannotTell(doubt) => (StepStatus::Warned, format!("This proves nothing: {doubt}")),
        };
        self.errand.end(status, &sentence, Probed { outcome, calibration })
    }
}

impl ProbeOutcome {
    fn of(proof: SecretProof) -> Self {
        match proof {
            SecretProof::Accepted => Self::Accepted,
            SecretProof::Refused => Self::Refused,
            SecretProof::CannotTell(doubt) => Self::CannotTell(doubt.into()),
        }
    }
}
