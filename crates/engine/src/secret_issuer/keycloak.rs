//! Keycloak's admin REST.

use gatewright_protocol::Secret;
use gatewright_protocol::answer::Refusal;
use gatewright_protocol::http::HttpRequest;
use gatewright_protocol::registration::{BearerToken, IssuedCredentials, ManagementAddress};
use gatewright_protocol::secret_issuer::keycloak::{
    self, FoundClient, find_client_request, retire_rotated_secret_request,
};

use super::{IssuanceOutcome, RetirementOutcome, Retiring, SecretIssuance, known};
use crate::errand::{Errand, ErrandEnd};
use crate::finding;
use crate::login::ClientSecret;
use crate::registration::{CredentialKeeper, Keeping, Sent};
use crate::words::refusal_words;

/// Makes a request about the secret of the client with this UUID.
pub(super) type SecretRequest = fn(&ManagementAddress, &str, &BearerToken) -> HttpRequest;

/// Why the client was not found.
enum Missing {
    NotThere,
    Refused(Refusal),
    /// The answer could not be had or not be used; why, in words. Reading changes nothing.
    Unanswered(String),
}

impl Errand<'_, &ManagementAddress> {
    /// Asks for a new secret, or for the newest there is, as `request` says.
    pub(super) async fn secret_at_keycloak(
        mut self,
        request: SecretRequest,
        client_id: &str,
        admin_token: &Secret,
        current: Option<&ClientSecret>,
        keeper: &dyn CredentialKeeper,
    ) -> ErrandEnd<SecretIssuance> {
        let token = self.bearer("admin", admin_token);
        let uuid = match self.find(client_id, &token).await {
            Ok(uuid) => uuid,
            Err(missing) => return self.no_secret(missing),
        };
        let request = request(self.client, &uuid, &token);
        let keeping = Keeping { known: &known(current), keeper, find: keycloak::find_issued };
        self.ask_for_secret(&request, &keeping, keycloak::read_secret).await
    }

    pub(super) async fn retire_at_keycloak(
        mut self,
        client_id: &str,
        admin_token: &Secret,
        which: &Retiring,
    ) -> ErrandEnd<RetirementOutcome> {
        if matches!(which, Retiring::Named(_)) {
            let sentence = "Keycloak has no names for secrets: it ends the one before the newest";
            return self.fail(sentence, RetirementOutcome::NotOffered);
        }
        let token = self.bearer("admin", admin_token);
        match self.find(client_id, &token).await {
            Ok(uuid) => {
                let request = retire_rotated_secret_request(self.client, &uuid, &token);
                self.end_secret(&request).await
            }
            Err(Missing::NotThere) => {
                self.fail("There is no such client, or this token does not see it", RetirementOutcome::Refused)
            }
            Err(Missing::Refused(refusal)) => {
                let sentence = format!("The old secret works as before: {}", refusal_words(&refusal));
                self.fail(&sentence, RetirementOutcome::Refused)
            }
            Err(Missing::Unanswered(sentence)) => self.fail(&sentence, RetirementOutcome::Untouched),
        }
    }

    /// Keycloak's own identifier of a client.
    async fn find(&mut self, client_id: &str, token: &BearerToken) -> Result<String, Missing> {
        let request = find_client_request(self.client, client_id, token);
        // Found is asked for its identifier alone: a secret in this answer is the one before the change, and known.
        let nothing = IssuedCredentials::default();
        let keeping =
            Keeping { known: &nothing, keeper: &super::NothingToKeep, find: |_| IssuedCredentials::default() };
        let response = match self.send_and_keep(&request, &keeping).await {
            Sent::Answered { response, .. } => response,
            Sent::Not(sentence) | Sent::Perhaps(sentence) => return Err(Missing::Unanswered(sentence)),
        };
        match FoundClient::read(&response, client_id) {
            FoundClient::Found(uuid) => Ok(uuid),
            FoundClient::NotThere => Err(Missing::NotThere),
            FoundClient::Refused(refusal) => {
                self.step.finding(finding::refused("registration_refused", &refusal));
                Err(Missing::Refused(refusal))
            }
            FoundClient::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                Err(Missing::Unanswered(format!("The list of clients cannot be used: {defect}")))
            }
        }
    }

    fn no_secret(self, missing: Missing) -> ErrandEnd<SecretIssuance> {
        let (sentence, outcome) = match missing {
            Missing::NotThere => {
                ("There is no such client, or this token does not see it".to_owned(), IssuanceOutcome::NoSuchClient)
            }
            Missing::Refused(refusal) => {
                (format!("Keycloak said no: {}", refusal_words(&refusal)), IssuanceOutcome::Refused(refusal))
            }
            Missing::Unanswered(sentence) => (sentence, IssuanceOutcome::Untouched),
        };
        self.fail(&sentence, SecretIssuance { outcome, unkept: None })
    }
}
