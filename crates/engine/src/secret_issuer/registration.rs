//! A server that changes the secret when the registration is updated.

use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::registration::{
    ClientMetadata, IssuedCredentials, RegistrationResponse, RegistrationStep, read_request,
};

use super::{IssuanceOutcome, SecretIssuance, ToldSecret};
use crate::errand::{Errand, ErrandEnd};
use crate::finding;
use crate::registration::{CredentialKeeper, Keeping, ManagementPlan, Sent};
use crate::words::refusal_words;

impl Errand<'_, &ManagementPlan> {
    /// Updates the registration with what it is already.
    pub(super) async fn issue_by_update(
        mut self,
        metadata: &ClientMetadata,
        keeper: &dyn CredentialKeeper,
    ) -> ErrandEnd<SecretIssuance> {
        let request = self.update_request(metadata);
        self.secret_of_registration(&request, RegistrationStep::Update, keeper).await
    }

    pub(super) async fn read_back_registration(mut self, keeper: &dyn CredentialKeeper) -> ErrandEnd<SecretIssuance> {
        let request = read_request(&self.client.address, &self.registration_token());
        self.secret_of_registration(&request, RegistrationStep::Read, keeper).await
    }

    async fn secret_of_registration(
        mut self,
        request: &HttpRequest,
        step: RegistrationStep,
        keeper: &dyn CredentialKeeper,
    ) -> ErrandEnd<SecretIssuance> {
        let known = self.client.known();
        let keeping = Keeping { known: &known, keeper, find: IssuedCredentials::find };
        let (response, unkept) = match self.send_and_keep(request, &keeping).await {
            Sent::Answered { response, unkept } => (response, unkept),
            other => return self.not_issued(other),
        };
        let issuance = |outcome| SecretIssuance { outcome, unkept };
        match RegistrationResponse::read(&response, step, self.client.expected()) {
            RegistrationResponse::Registered(registration) => {
                let new = registration.issued.clone().beyond(&known).client_secret;
                match (new, registration.issued.client_secret.is_some()) {
                    (Some(value), _) => {
                        let told = ToldSecret { value, id: None };
                        self.pass("The provider has issued a new secret", issuance(IssuanceOutcome::Issued(told)))
                    }
                    (None, true) => {
                        let sentence = "The provider took the update and kept the secret";
                        self.pass(sentence, issuance(IssuanceOutcome::Unchanged))
                    }
                    (None, false) => {
                        let sentence = "The provider does not tell the secret";
                        self.fail(sentence, issuance(IssuanceOutcome::NotTold(Vec::new())))
                    }
                }
            }
            RegistrationResponse::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                let sentence = format!("The provider said no: {}", refusal_words(&refusal));
                self.fail(&sentence, issuance(IssuanceOutcome::Refused(refusal)))
            }
            RegistrationResponse::Malformed(defect) => {
                self.step.finding(crate::registration::of_defect(&defect));
                let sentence = format!("There may be a new secret or not: {defect}");
                self.fail(&sentence, issuance(IssuanceOutcome::Unknown))
            }
        }
    }
}
