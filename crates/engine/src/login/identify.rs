//! The last step of a login: who logged in?

use gatewright_model::dialect::IdentitySource;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Identity, StepKind};
use gatewright_protocol::Secret;
use gatewright_protocol::identity::{IdentityResponse, Person};

use super::course::{Begun, Course, Stop};
use super::plan::Addresses;
use super::{ending, finding, rules, token_findings};

impl Course<'_> {
    /// Asks the identity endpoint who logged in.
    pub(super) async fn identify(&mut self, addresses: &Addresses, token: &Secret) -> Result<Identity, Stop> {
        let mut begun = self.begin(StepKind::Identity).await?;
        let url = addresses.identity.as_ref().unwrap_or(&addresses.token);
        let reference = self.secrets.reference_for("token", token.expose());
        let request = rules::identity_request(url, token, reference);
        let response = match self.send(&mut begun, ExchangePurpose::Identity, &request).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(self.fail(begun, ending::identity_unreachable(&error, self.plan)).await),
            Err(ending) => return Err(self.fail(begun, ending).await),
        };
        let ending = match IdentityResponse::read(&response, &rules::identity_rules(&self.plan.provider.dialect)) {
            IdentityResponse::Known(person, oddities) => {
                begun.findings(token_findings::of_form(self.plan, &oddities));
                return self.known(begun, person).await;
            }
            IdentityResponse::NotSignedIn => ending::nobody_signed_in(self.plan),
            IdentityResponse::Refused(refusal) => ending::identity_refused(&refusal, self.plan),
            IdentityResponse::Malformed(defect) => {
                begun.finding(finding::of_answer(&defect));
                ending::identity_malformed(&defect, self.plan)
            }
        };
        Err(self.fail(begun, ending).await)
    }

    /// The identity that came with the token response: a step without a request.
    pub(super) async fn take_identity(&mut self, person: Person) -> Result<Identity, Stop> {
        debug_assert_eq!(self.plan.provider.dialect.identity.source.value, IdentitySource::TokenResponse);
        let begun = self.begin(StepKind::Identity).await?;
        self.known(begun, person).await
    }

    async fn known(&mut self, begun: Begun, person: Person) -> Result<Identity, Stop> {
        let pointer = &self.plan.provider.dialect.identity.subject.value;
        let sentence = format!("{} = {}", pointer.rsplit('/').next().unwrap_or_default(), person.subject);
        self.pass(begun, &sentence).await?;
        // A server may repeat a token as somebody's name; nobody shall read it there.
        Ok(Identity {
            subject: self.secrets.plain(&person.subject),
            display_name: person.display_name.map(|name| self.secrets.plain(&name)),
            fields: person.fields.into_iter().map(|(name, value)| (name, self.secrets.plain(&value))).collect(),
        })
    }
}
