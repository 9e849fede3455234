//! The sandbox's own way: a second secret beside the first, or one that is staged and activated later.

use gatewright_protocol::Secret;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::registration::IssuedCredentials;
use gatewright_protocol::secret_issuer::sandbox::{
    self, ActivationResponse, ListedSecret, SandboxClient, SecretList, SecretStart, activate_request, list_request,
    new_secret_request, retire_request,
};

use super::{ActivationOutcome, IssuanceOutcome, RetirementOutcome, Retiring, SecretIssuance, known};
use crate::errand::{Errand, ErrandEnd};
use crate::finding;
use crate::login::ClientSecret;
use crate::registration::{CredentialKeeper, Keeping, Sent};
use crate::words::refusal_words;

/// What the list of secrets came to.
enum Listed {
    Secrets(Vec<ListedSecret>),
    Refused(gatewright_protocol::answer::Refusal),
    /// It could not be had; why, in words. Reading changes nothing.
    Not(String),
}

impl Errand<'_, &SandboxClient> {
    pub(super) async fn issue_at_sandbox(
        mut self,
        key: &Secret,
        start: SecretStart,
        current: Option<&ClientSecret>,
        keeper: &dyn CredentialKeeper,
    ) -> ErrandEnd<SecretIssuance> {
        let request = new_secret_request(self.client, start, &self.bearer("management", key));
        let keeping = Keeping { known: &known(current), keeper, find: IssuedCredentials::find };
        self.ask_for_secret(&request, &keeping, sandbox::read_secret).await
    }

    /// The sandbox tells a secret once. What is there can be listed all the same, and what nobody knows retired.
    pub(super) async fn list_at_sandbox(mut self, key: &Secret) -> ErrandEnd<SecretIssuance> {
        let issuance = |outcome| SecretIssuance { outcome, unkept: None };
        match self.list(key).await {
            Listed::Secrets(secrets) => {
                let sentence =
                    format!("This client has {} secrets; the sandbox tells none of them again", secrets.len());
                self.pass(&sentence, issuance(IssuanceOutcome::NotTold(secrets)))
            }
            Listed::Refused(refusal) => {
                let sentence = format!("The sandbox said no: {}", refusal_words(&refusal));
                self.fail(&sentence, issuance(IssuanceOutcome::Refused(refusal)))
            }
            Listed::Not(sentence) => self.fail(&sentence, issuance(IssuanceOutcome::Unknown)),
        }
    }

    pub(super) async fn retire_at_sandbox(mut self, key: &Secret, which: &Retiring) -> ErrandEnd<RetirementOutcome> {
        let id = match which {
            Retiring::Named(id) => Some(id.clone()),
            Retiring::AllButTheNewest => match self.list(key).await {
                // Two work at once at the most; one that is staged is newer than both.
                Listed::Secrets(secrets) => {
                    let older = secrets.into_iter().find(|secret| !secret.is_newest && !secret.is_staged);
                    older.map(|secret| secret.id)
                }
                Listed::Refused(refusal) => {
                    let sentence = format!("The sandbox said no: {}", refusal_words(&refusal));
                    return self.fail(&sentence, RetirementOutcome::Refused);
                }
                Listed::Not(sentence) => return self.fail(&sentence, RetirementOutcome::Untouched),
            },
        };
        let Some(id) = id else {
            return self.pass("There is no older secret that still works", RetirementOutcome::NotThere);
        };
        let request = retire_request(self.client, &id, &self.bearer("management", key));
        self.end_secret(&request).await
    }

    pub(super) async fn activate_at_sandbox(
        mut self,
        key: &Secret,
        meant: Option<&str>,
    ) -> ErrandEnd<ActivationOutcome> {
        let staged = match self.list(key).await {
            Listed::Secrets(secrets) => secrets.into_iter().find(|secret| secret.is_staged),
            Listed::Refused(refusal) => {
                let sentence = format!("The sandbox said no: {}", refusal_words(&refusal));
                return self.fail(&sentence, ActivationOutcome::Refused);
            }
            Listed::Not(sentence) => return self.fail(&sentence, ActivationOutcome::Untouched),
        };
        let Some(staged) = staged else {
            return self.fail("The sandbox has no staged secret of this client", ActivationOutcome::NotStaged);
        };
        if meant.is_some_and(|meant| staged.id != meant) {
            let sentence = "At the sandbox another secret is staged than the one that is stored here";
            return self.fail(sentence, ActivationOutcome::AnotherStaged);
        }
        let request = activate_request(self.client, &staged.id, &self.bearer("management", key));
        let nothing = IssuedCredentials::default();
        let keeping =
            Keeping { known: &nothing, keeper: &super::NothingToKeep, find: |_| IssuedCredentials::default() };
        let response = match self.send_and_keep(&request, &keeping).await {
            Sent::Answered { response, .. } => response,
            Sent::Not(sentence) => return self.fail(&sentence, ActivationOutcome::Untouched),
            Sent::Perhaps(sentence) => {
                let sentence = format!("{sentence}; the staged secret may be activated or not");
                return self.fail(&sentence, ActivationOutcome::Unknown);
            }
        };
        self.judge_activation(&response)
    }

    fn judge_activation(mut self, response: &HttpResponse) -> ErrandEnd<ActivationOutcome> {
        match ActivationResponse::read(response) {
            ActivationResponse::Activated => {
                let sentence = "The sandbox takes the staged secret from now on, and no other";
                self.pass(sentence, ActivationOutcome::Activated)
            }
            ActivationResponse::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                let sentence = format!("Everything is as it was: {}", refusal_words(&refusal));
                self.fail(&sentence, ActivationOutcome::Refused)
            }
            ActivationResponse::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                let sentence = format!("The staged secret may be activated or not: {defect}");
                self.fail(&sentence, ActivationOutcome::Unknown)
            }
        }
    }

    async fn list(&mut self, key: &Secret) -> Listed {
        let request = list_request(self.client, &self.bearer("management", key));
        let nothing = IssuedCredentials::default();
        let keeping =
            Keeping { known: &nothing, keeper: &super::NothingToKeep, find: |_| IssuedCredentials::default() };
        let response = match self.send_and_keep(&request, &keeping).await {
            Sent::Answered { response, .. } => response,
            Sent::Not(sentence) | Sent::Perhaps(sentence) => return Listed::Not(sentence),
        };
        match SecretList::read(&response) {
            SecretList::Listed(secrets) => Listed::Secrets(secrets),
            SecretList::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                Listed::Refused(refusal)
            }
            SecretList::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                Listed::Not(format!("The list of secrets cannot be used: {defect}"))
            }
        }
    }
}
