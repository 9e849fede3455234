//! Getting a new client secret and ending an old one, where the provider has an API for it.
//!
//! There is no standard, so there are three ways and a closed list of them: an update by RFC 7592 at a server that changes the secret
//! with it, Keycloak's admin REST, and the sandbox's own. Like a registration, a new secret goes to a [`CredentialKeeper`] before its
//! answer is judged, and nothing stops a request that has left.

mod keycloak;
mod registration;
mod sandbox;

use std::sync::Arc;

use gatewright_model::run::StepKind;
use gatewright_protocol::Secret;
use gatewright_protocol::answer::{AnswerDefect, Refusal};
use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::registration::{ClientMetadata, IssuedCredentials, ManagementAddress};
use gatewright_protocol::secret_issuer::keycloak::{new_secret_request, read_secret_request};
use gatewright_protocol::secret_issuer::sandbox::{ListedSecret, SandboxClient, SecretStart};
use gatewright_protocol::secret_issuer::{RetirementResponse, SecretResponse, ToldSecret};
use tokio_util::sync::CancellationToken;

use crate::errand::{Errand, ErrandEnd, undropped};
use crate::finding;
use crate::login::ClientSecret;
use crate::ports::Ports;
use crate::registration::{CredentialKeeper, Keeping, ManagementPlan, Sent};
use crate::words::refusal_words;

/// Who issues new secrets for a client, and how it is asked.
#[derive(Clone, Debug)]
pub enum SecretIssuer {
    /// A server that changes the secret when the registration is updated (RFC 7592 §2.2). The old one ends as the server likes.
    RegistrationUpdate {
        /// How the client is looked after.
        plan: ManagementPlan,
        /// What it says of itself, as read last: an update replaces all of it.
        metadata: ClientMetadata,
    },
    /// The sandbox: a second secret beside the first, or one that is staged.
    Sandbox {
        /// The client there.
        client: SandboxClient,
        /// The management key of the person who owns it.
        management_key: Secret,
        /// From when on a new one is taken.
        start: SecretStart,
    },
    /// Keycloak: a new secret in place of the old, which works for a while where a policy says so.
    Keycloak {
        /// The admin REST of the realm: see [`gatewright_protocol::secret_issuer::keycloak::admin_base`].
        realm: ManagementAddress,
        /// The client's ID.
        client_id: String,
        /// An access token of somebody who may manage clients.
        admin_token: Secret,
    },
}

/// What came of asking for a secret.
#[derive(Clone, Debug)]
pub struct SecretIssuance {
    /// How it ended.
    pub outcome: IssuanceOutcome,
    /// What was issued and could not be put away. It is in memory only, and must be kept there until it can be.
    pub unkept: Option<IssuedCredentials>,
}

/// How asking for a secret ended.
#[derive(Clone, Debug)]
pub enum IssuanceOutcome {
    /// A secret that is not the current one; the keeper has it.
    Issued(ToldSecret),
    /// The provider answered well, and the secret is the current one.
    Unchanged,
    /// The provider tells no secret. Those that it says to have, where it says so: one that nobody here knows may be among them.
    NotTold(Vec<ListedSecret>),
    /// The provider said no. Nothing was changed.
    Refused(Refusal),
    /// There is no such client, or this token does not see it.
    NoSuchClient,
    /// Nothing was sent.
    Untouched,
    /// Something was sent, and nobody knows what became of it: there may be a new secret. See [`read_back_secret`].
    Unknown,
}

/// Which secret is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retiring {
    /// Those before the newest, by what the issuer says of each and never by its place in a list: Keycloak keeps one secret before the
    /// newest, under a name of its own, and the sandbox marks the newest.
    AllButTheNewest,
    /// The one by this name, as its issuer calls it.
    Named(String),
}

/// How ending a secret ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetirementOutcome {
    /// The provider says that it is refused from now on. Whether that is true shows a proof.
    Retired,
    /// There is no such secret any more.
    NotThere,
    /// The provider ends no secrets this way: the old one ends by itself.
    NotOffered,
    /// The provider said no. The secret works as before.
    Refused,
    /// Nothing was sent.
    Untouched,
    /// Something was sent, and nobody knows what became of it.
    Unknown,
}

/// How activating a staged secret ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivationOutcome {
    /// The provider says that it takes the staged secret from now on, and no other. Whether that is true shows a proof.
    Activated,
    /// No secret of this client is staged: it was activated before, or given up.
    NotStaged,
    /// Another secret is staged than the one that is meant, which was activated before, or given up. Everything is as it was.
    AnotherStaged,
    /// The provider stages no secrets.
    NotOffered,
    /// The provider said no. Everything is as it was.
    Refused,
    /// Nothing was sent.
    Untouched,
    /// Something was sent, and nobody knows what became of it.
    Unknown,
}

/// Asks for a new secret. `current` is the one that is known, so that it is not taken for a new one.
pub async fn issue_secret(
    issuer: SecretIssuer,
    current: Option<ClientSecret>,
    ports: Ports,
    keeper: Arc<dyn CredentialKeeper>,
    cancel: CancellationToken,
) -> ErrandEnd<SecretIssuance> {
    undropped(async move {
        match &issuer {
            SecretIssuer::RegistrationUpdate { plan, metadata } => {
                let errand = Errand::managing(plan, &ports, &cancel);
                errand.issue_by_update(metadata, &*keeper).await
            }
            SecretIssuer::Sandbox { client, management_key, start } => {
                let errand = Errand::of_secrets(client, current.as_ref(), &ports, &cancel);
                errand.issue_at_sandbox(management_key, *start, current.as_ref(), &*keeper).await
            }
            SecretIssuer::Keycloak { realm, client_id, admin_token } => {
                let errand = Errand::of_secrets(realm, current.as_ref(), &ports, &cancel);
                errand.secret_at_keycloak(new_secret_request, client_id, admin_token, current.as_ref(), &*keeper).await
            }
        }
    })
    .await
}

/// Finds out which secret is the newest, after an answer that may have told one was lost.
pub async fn read_back_secret(
    issuer: SecretIssuer,
    current: Option<ClientSecret>,
    ports: Ports,
    keeper: Arc<dyn CredentialKeeper>,
    cancel: CancellationToken,
) -> ErrandEnd<SecretIssuance> {
    undropped(async move {
        match &issuer {
            SecretIssuer::RegistrationUpdate { plan, .. } => {
                Errand::managing(plan, &ports, &cancel).read_back_registration(&*keeper).await
            }
            SecretIssuer::Sandbox { client, management_key, .. } => {
                let errand = Errand::of_secrets(client, current.as_ref(), &ports, &cancel);
                errand.list_at_sandbox(management_key).await
            }
            SecretIssuer::Keycloak { realm, client_id, admin_token } => {
                let errand = Errand::of_secrets(realm, current.as_ref(), &ports, &cancel);
                errand.secret_at_keycloak(read_secret_request, client_id, admin_token, current.as_ref(), &*keeper).await
            }
        }
    })
    .await
}

/// Puts the staged secret in the place of the others. `meant` is what the provider called the one that is stored here; where that is not
/// known, whichever is staged is activated.
pub async fn activate_secret(
    issuer: SecretIssuer,
    meant: Option<String>,
    ports: Ports,
    cancel: CancellationToken,
) -> ErrandEnd<ActivationOutcome> {
    let sentence = "The provider takes a new secret as soon as it has issued it";
    undropped(async move {
        match &issuer {
            SecretIssuer::RegistrationUpdate { plan, .. } => {
                Errand::managing(plan, &ports, &cancel).fail(sentence, ActivationOutcome::NotOffered)
            }
            SecretIssuer::Sandbox { client, management_key, .. } => {
                Errand::of_secrets(client, None, &ports, &cancel)
                    .activate_at_sandbox(management_key, meant.as_deref())
                    .await
            }
            SecretIssuer::Keycloak { realm, .. } => {
                Errand::of_secrets(realm, None, &ports, &cancel).fail(sentence, ActivationOutcome::NotOffered)
            }
        }
    })
    .await
}

/// Ends a secret.
pub async fn retire_secret(
    issuer: SecretIssuer,
    which: Retiring,
    ports: Ports,
    cancel: CancellationToken,
) -> ErrandEnd<RetirementOutcome> {
    undropped(async move {
        match &issuer {
            SecretIssuer::RegistrationUpdate { plan, .. } => {
                let sentence = "The provider ends an old secret by itself when it issues a new one";
                Errand::managing(plan, &ports, &cancel).pass(sentence, RetirementOutcome::NotOffered)
            }
            SecretIssuer::Sandbox { client, management_key, .. } => {
                Errand::of_secrets(client, None, &ports, &cancel).retire_at_sandbox(management_key, &which).await
            }
            SecretIssuer::Keycloak { realm, client_id, admin_token } => {
                let errand = Errand::of_secrets(realm, None, &ports, &cancel);
                errand.retire_at_keycloak(client_id, admin_token, &which).await
            }
        }
    })
    .await
}

/// What is known of a client's secrets before one is asked for.
fn known(current: Option<&ClientSecret>) -> IssuedCredentials {
    IssuedCredentials { client_secret: current.map(|secret| secret.value.clone()), ..IssuedCredentials::default() }
}

impl<'a, C> Errand<'a, C> {
    fn of_secrets(client: C, current: Option<&ClientSecret>, ports: &'a Ports, cancel: &'a CancellationToken) -> Self {
        let mut errand = Self::new(client, StepKind::ClientManagement, ports, cancel);
        if let Some(secret) = current {
            errand.wire.secrets.learn(&secret.value, &secret.reference());
        }
        errand
    }

    /// Sends a request that makes or tells a secret, puts it away, and judges the answer.
    async fn ask_for_secret(
        mut self,
        request: &HttpRequest,
        keeping: &Keeping<'_>,
        read: fn(&gatewright_protocol::http::HttpResponse) -> SecretResponse,
    ) -> ErrandEnd<SecretIssuance> {
        let (response, unkept) = match self.send_and_keep(request, keeping).await {
            Sent::Answered { response, unkept } => (response, unkept),
            other => return self.not_issued(other),
        };
        let issuance = |outcome| SecretIssuance { outcome, unkept };
        match read(&response) {
            SecretResponse::Told(told) => {
                let known = keeping.known.client_secret.as_ref();
                if known.is_some_and(|known| known.matches(told.value.expose())) {
                    return self.pass("The secret is the one that is known", issuance(IssuanceOutcome::Unchanged));
                }
                self.pass("The provider has issued a new secret", issuance(IssuanceOutcome::Issued(told)))
            }
            SecretResponse::NotTold => {
                let outcome = IssuanceOutcome::NotTold(Vec::new());
                self.fail("The provider does not tell the secret", issuance(outcome))
            }
            SecretResponse::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                let sentence = format!("The provider said no: {}", refusal_words(&refusal));
                self.fail(&sentence, issuance(IssuanceOutcome::Refused(refusal)))
            }
            SecretResponse::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                let sentence = format!("There may be a new secret or not: {defect}");
                self.fail(&sentence, issuance(IssuanceOutcome::Unknown))
            }
        }
    }

    /// A request for a secret that has no answer.
    fn not_issued(self, sent: Sent) -> ErrandEnd<SecretIssuance> {
        let (sentence, outcome) = match sent {
            Sent::Not(sentence) => (sentence, IssuanceOutcome::Untouched),
            Sent::Perhaps(sentence) => {
                (format!("{sentence}; there may be a new secret or not"), IssuanceOutcome::Unknown)
            }
            Sent::Answered { .. } => (String::new(), IssuanceOutcome::Unknown),
        };
        self.fail(&sentence, SecretIssuance { outcome, unkept: None })
    }

    /// Sends the request that ends a secret, and judges the answer.
    async fn end_secret(mut self, request: &HttpRequest) -> ErrandEnd<RetirementOutcome> {
        let known = IssuedCredentials::default();
        let keeping = Keeping { known: &known, keeper: &NothingToKeep, find: |_| IssuedCredentials::default() };
        let response = match self.send_and_keep(request, &keeping).await {
            Sent::Answered { response, .. } => response,
            Sent::Not(sentence) => return self.fail(&sentence, RetirementOutcome::Untouched),
            Sent::Perhaps(sentence) => {
                let sentence = format!("{sentence}; the old secret may be ended or not");
                return self.fail(&sentence, RetirementOutcome::Unknown);
            }
        };
        match RetirementResponse::read(&response) {
            RetirementResponse::Retired => {
                self.pass("The provider says that the old secret is refused from now on", RetirementOutcome::Retired)
            }
            RetirementResponse::NotThere(_) => {
                self.pass("There is no such secret at the provider any more", RetirementOutcome::NotThere)
            }
            RetirementResponse::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                let sentence = format!("The old secret works as before: {}", refusal_words(&refusal));
                self.fail(&sentence, RetirementOutcome::Refused)
            }
            RetirementResponse::Malformed(defect) => self.doubtful_retirement(&defect),
        }
    }

    fn doubtful_retirement(mut self, defect: &AnswerDefect) -> ErrandEnd<RetirementOutcome> {
        self.step.finding(finding::of_answer(defect));
        self.fail(&format!("The old secret may be ended or not: {defect}"), RetirementOutcome::Unknown)
    }
}

/// For requests whose answers issue nothing.
struct NothingToKeep;

impl CredentialKeeper for NothingToKeep {
    fn keep<'a>(
        &'a self,
        _: &'a IssuedCredentials,
    ) -> crate::ports::PortFuture<'a, Result<(), crate::registration::NotStored>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
