//! Registering a client at its provider and looking after it there (RFC 7591, RFC 7592).
//!
//! Whatever a server issues goes to a [`CredentialKeeper`] before the answer that brought it is judged: some never repeat it, and some
//! replace the registration access token with every update. Once a request may have left, nothing stops the rest: neither cancelling nor
//! dropping the future.

mod findings;
mod keep;
mod plan;

use std::sync::Arc;

use gatewright_model::run::StepKind;
use gatewright_protocol::answer::Refusal;
use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::registration::{
    ClientMetadata, ClientUpdateRequest, DeletionResponse, IssuedCredentials, ManagementAddress,
    ManagementAddressDefect, Registration, RegistrationResponse, RegistrationStep, delete_request, read_request,
    registration_request,
};
use tokio_util::sync::CancellationToken;
use url::Url;

pub(crate) use findings::of_defect;
pub use keep::CredentialKeeper;
pub(crate) use keep::{Keeping, Sent};
pub use plan::{ManagementPlan, RegistrationPlan};

use crate::errand::{Errand, ErrandEnd, undropped};
use crate::finding;
pub use crate::grant::NotStored;
use crate::ports::Ports;
use crate::registered::PlanError;
use crate::words::refusal_words;

/// What came of registering, reading or updating a client.
#[derive(Clone, Debug)]
pub struct RegistrationAnswer {
    /// How it ended.
    pub outcome: RegistrationOutcome,
    /// Where the client is looked after from now on, as far as the answer says so; or why nothing will be sent there.
    pub address: Option<Result<ManagementAddress, ManagementAddressDefect>>,
    /// What was issued and could not be put away. It is in memory only, and must be kept there until it can be.
    pub unkept: Option<IssuedCredentials>,
}

/// How registering, reading or updating a client ended.
#[derive(Clone, Debug)]
pub enum RegistrationOutcome {
    /// The client as the provider has it now.
    Registered(Box<Registration>),
    /// The provider said no.
    Refused(Refusal),
    /// Nothing was sent.
    Untouched,
    /// Something was sent, and nobody knows what became of it.
    Unknown,
}

/// How ending a registration ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeletionOutcome {
    /// The provider says that the client is gone.
    Deleted,
    /// The provider deletes no clients this way.
    NotOffered,
    /// The provider does not know this client, or does not take the token: it may be gone already.
    NotKnown,
    /// The provider said no.
    Refused,
    /// Nothing was sent.
    Untouched,
    /// Something was sent, and nobody knows what became of it.
    Unknown,
}

/// Registers a client (RFC 7591 §3).
///
/// # Errors
/// See [`PlanError`]; nothing was sent then.
pub async fn register(
    plan: RegistrationPlan,
    ports: Ports,
    keeper: Arc<dyn CredentialKeeper>,
    cancel: CancellationToken,
) -> Result<ErrandEnd<RegistrationAnswer>, PlanError> {
    let endpoint = plan.endpoint()?;
    Ok(undropped(async move {
        let mut errand = Errand::new((), StepKind::ClientManagement, &ports, &cancel);
        let token = plan.initial_access_token.as_ref();
        let token = token.map(|token| errand.bearer("initial_access", token));
        let request = registration_request(&endpoint, &plan.metadata, token.as_ref());
        let known = IssuedCredentials::default();
        let asked = Asked { step: RegistrationStep::Register, client_id: None, wanted: &plan.metadata };
        errand.register(&request, &known, &*keeper, &asked, &endpoint).await
    })
    .await)
}

/// Reads a registration (RFC 7592 §2.1).
pub async fn read_registration(
    plan: ManagementPlan,
    ports: Ports,
    keeper: Arc<dyn CredentialKeeper>,
    cancel: CancellationToken,
) -> ErrandEnd<RegistrationAnswer> {
    undropped(async move {
        let mut errand = Errand::managing(&plan, &ports, &cancel);
        let request = read_request(&plan.address, &errand.registration_token());
        let nothing = ClientMetadata::default();
        let asked = Asked { step: RegistrationStep::Read, client_id: plan.expected(), wanted: &nothing };
        errand.register(&request, &plan.known(), &*keeper, &asked, plan.address.url()).await
    })
    .await
}

/// Replaces everything that the client says of itself by `metadata` (RFC 7592 §2.2): start from what was read last, or what they leave out
/// is gone.
pub async fn update_registration(
    plan: ManagementPlan,
    metadata: ClientMetadata,
    ports: Ports,
    keeper: Arc<dyn CredentialKeeper>,
    cancel: CancellationToken,
) -> ErrandEnd<RegistrationAnswer> {
    undropped(async move {
        let mut errand = Errand::managing(&plan, &ports, &cancel);
        let request = errand.update_request(&metadata);
        let asked = Asked { step: RegistrationStep::Update, client_id: plan.expected(), wanted: &metadata };
        errand.register(&request, &plan.known(), &*keeper, &asked, plan.address.url()).await
    })
    .await
}

/// Ends a registration (RFC 7592 §2.3): the client is gone for good.
pub async fn delete_registration(
    plan: ManagementPlan,
    ports: Ports,
    keeper: Arc<dyn CredentialKeeper>,
    cancel: CancellationToken,
) -> ErrandEnd<DeletionOutcome> {
    undropped(async move {
        let mut errand = Errand::managing(&plan, &ports, &cancel);
        let request = delete_request(&plan.address, &errand.registration_token());
        let keeping = Keeping { known: &plan.known(), keeper: &*keeper, find: IssuedCredentials::find };
        match errand.send_and_keep(&request, &keeping).await {
            Sent::Answered { response, .. } => errand.judge_deletion(&DeletionResponse::read(&response)),
            Sent::Not(sentence) => errand.fail(&sentence, DeletionOutcome::Untouched),
            Sent::Perhaps(sentence) => {
                errand.fail(&format!("{sentence}; the client may be gone or not"), DeletionOutcome::Unknown)
            }
        }
    })
    .await
}

/// What an answer has to be the answer to.
struct Asked<'a> {
    step: RegistrationStep,
    client_id: Option<&'a str>,
    wanted: &'a ClientMetadata,
}

impl<'a> Errand<'a, &'a ManagementPlan> {
    pub(crate) fn managing(plan: &'a ManagementPlan, ports: &'a Ports, cancel: &'a CancellationToken) -> Self {
        let mut errand = Self::new(plan, StepKind::ClientManagement, ports, cancel);
        if let Some(secret) = &plan.client_secret {
            errand.wire.secrets.learn(&secret.value, &secret.reference());
        }
        errand
    }

    pub(crate) fn registration_token(&mut self) -> gatewright_protocol::registration::BearerToken {
        let token = &self.client.registration_access_token;
        self.bearer("registration", token)
    }

    pub(crate) fn update_request(&mut self, metadata: &ClientMetadata) -> HttpRequest {
        let plan = self.client;
        let token = self.registration_token();
        let mut request = ClientUpdateRequest::new(&plan.client_id, metadata);
        if let Some(secret) = &plan.client_secret {
            request = request.client_secret(&secret.value, secret.reference());
        }
        request.into_http(&plan.address, &token)
    }

    fn judge_deletion(mut self, judged: &DeletionResponse) -> ErrandEnd<DeletionOutcome> {
        let refused = |mut errand: Self, refusal: &Refusal, outcome: DeletionOutcome, words: &str| {
            errand.step.finding(finding::refused("registration_refused", refusal));
            errand.fail(&format!("{words}: {}", refusal_words(refusal)), outcome)
        };
        match judged {
            DeletionResponse::Deleted => {
                self.pass("The provider says that the client is gone", DeletionOutcome::Deleted)
            }
            DeletionResponse::NotOffered => {
                self.fail("The provider deletes no clients this way", DeletionOutcome::NotOffered)
            }
            DeletionResponse::NotKnown(refusal) => refused(
                self,
                refusal,
                DeletionOutcome::NotKnown,
                "The provider knows no such client, or takes the registration access token no more",
            ),
            DeletionResponse::Refused(refusal) => {
                refused(self, refusal, DeletionOutcome::Refused, "The client was not deleted")
            }
            DeletionResponse::Malformed(defect) => {
                self.step.finding(finding::of_answer(defect));
                self.fail(&format!("The client may be gone or not: {defect}"), DeletionOutcome::Unknown)
            }
        }
    }
}

impl<C> Errand<'_, C> {
    async fn register(
        mut self,
        request: &HttpRequest,
        known: &IssuedCredentials,
        keeper: &dyn CredentialKeeper,
        asked: &Asked<'_>,
        confirmed: &Url,
    ) -> ErrandEnd<RegistrationAnswer> {
        let keeping = Keeping { known, keeper, find: IssuedCredentials::find };
        let (response, unkept) = match self.send_and_keep(request, &keeping).await {
            Sent::Answered { response, unkept } => (response, unkept),
            Sent::Not(sentence) => return self.fail(&sentence, RegistrationAnswer::of(RegistrationOutcome::Untouched)),
            Sent::Perhaps(sentence) => {
                let sentence = format!("{sentence}; {}", asked.step.doubt());
                return self.fail(&sentence, RegistrationAnswer::of(RegistrationOutcome::Unknown));
            }
        };
        match RegistrationResponse::read(&response, asked.step, asked.client_id) {
            RegistrationResponse::Registered(registration) => {
                let uri = registration.issued.registration_client_uri.as_deref();
                let address = uri.map(|uri| ManagementAddress::beside(confirmed, uri));
                self.step.findings(findings::of_registration(&registration, asked.wanted, address.as_ref()));
                let sentence = asked.step.done(&registration);
                let outcome = RegistrationOutcome::Registered(registration);
                self.pass(&sentence, RegistrationAnswer { outcome, address, unkept })
            }
            RegistrationResponse::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                let sentence = format!("The provider said no: {}", refusal_words(&refusal));
                let outcome = RegistrationOutcome::Refused(refusal);
                self.fail(&sentence, RegistrationAnswer { outcome, address: None, unkept })
            }
            RegistrationResponse::Malformed(defect) => {
                self.step.finding(findings::of_defect(&defect));
                let sentence = format!("The answer cannot be used: {defect}; {}", asked.step.doubt());
                let outcome = RegistrationOutcome::Unknown;
                self.fail(&sentence, RegistrationAnswer { outcome, address: None, unkept })
            }
        }
    }
}

impl RegistrationAnswer {
    const fn of(outcome: RegistrationOutcome) -> Self {
        Self { outcome, address: None, unkept: None }
    }
}

/// Sentences about a step.
trait Words {
    fn done(self, registration: &Registration) -> String;
    fn doubt(self) -> &'static str;
}

impl Words for RegistrationStep {
    fn done(self, registration: &Registration) -> String {
        match self {
            Self::Register => format!("The client is registered; its ID is {}", registration.client_id),
            Self::Read => "The provider has told what it knows of the client".to_owned(),
            Self::Update => "The provider has taken the change".to_owned(),
        }
    }

    fn doubt(self) -> &'static str {
        match self {
            Self::Register => "there may be a new client at the provider now or not",
            Self::Read => "the client itself is as it was",
            Self::Update => "the provider may have taken the change or not",
        }
    }
}
