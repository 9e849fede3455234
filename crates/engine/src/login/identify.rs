//! The last step of a login: who logged in?

use gatewright_model::dialect::{IdentitySource, TokenPlacement as DialectPlacement};
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Ending, Identity, StepKind};
use gatewright_protocol::Secret;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::id_token::VerifiedIdToken;
use gatewright_protocol::identity::{IdentityResponse, Person};
use gatewright_protocol::userinfo::{self, TokenPlacement};

use super::course::{Course, Stop};
use super::judge_id_token::Evidence;
use super::{ending, rules};
use crate::finding;
use crate::oddities::of_form;
use crate::step::OpenStep;
use crate::userinfo_answer::{Refetch, Userinfo, UserinfoEnd, person_of, person_of_id_token};

impl Course<'_> {
    /// Finds out who logged in: from the identity endpoint, from the ID token where there is no endpoint, or from nowhere.
    pub(super) async fn identify(
        &mut self,
        token: &Secret,
        verified: Option<&VerifiedIdToken>,
        evidence: &Evidence<'_>,
    ) -> Result<(), Stop> {
        let source = self.plan.provider.dialect.identity.source.value;
        match (source, evidence.addresses.identity.is_some(), verified) {
            (IdentitySource::Endpoint, true, _) => self.ask_who(token, verified, evidence).await,
            (IdentitySource::Endpoint | IdentitySource::IdToken, _, Some(verified)) => {
                let step = self.begin(StepKind::Identity).await?;
                let person = person_of_id_token(verified, self.display_name());
                self.known(step, person).await
            }
            _ => self.nobody_told().await,
        }
    }

    async fn ask_who(
        &mut self,
        token: &Secret,
        verified: Option<&VerifiedIdToken>,
        evidence: &Evidence<'_>,
    ) -> Result<(), Stop> {
        let mut step = self.begin(StepKind::Identity).await?;
        let url = evidence.addresses.identity.as_ref().unwrap_or(&evidence.addresses.token);
        let reference = self.wire.secrets.reference_for("token", token.expose());
        let placement = match &self.plan.provider.dialect.identity.userinfo_token_placement {
            Some(placement) if placement.value == DialectPlacement::Body => TokenPlacement::Body,
            _ => TokenPlacement::Header,
        };
        let request = userinfo::request(url, token, reference, placement);
        let answer = self.send(&mut step, ExchangePurpose::Identity, &request, ending::identity_unreachable).await;
        let read = match answer {
            Err(ending) => Err(ending),
            Ok(response) if verified.is_some() => self.read_claims(&mut step, &response, verified, evidence).await,
            Ok(response) => self.read_person(&mut step, &response),
        };
        match read {
            Ok(person) => self.known(step, person).await,
            Err(ending) => Err(self.fail(step, ending).await),
        }
    }

    /// Claims that have to be about the person of the ID token (V-22).
    async fn read_claims(
        &mut self,
        step: &mut OpenStep,
        response: &HttpResponse,
        verified: Option<&VerifiedIdToken>,
        evidence: &Evidence<'_>,
    ) -> Result<Person, Ending> {
        let rules = Userinfo {
            registered: self.plan.registered(),
            subject: verified.map(|verified| verified.subject.as_str()),
            metadata: evidence.metadata.as_deref(),
            keys: evidence.keys(),
            refetch: Refetch::UnlessDone(self.has_refetched),
        };
        match self.wire.judge_userinfo(step, response, &rules).await {
            UserinfoEnd::Claims(claims) => Ok(person_of(claims, self.display_name())),
            UserinfoEnd::Refused(refusal) => Err(ending::identity_refused(&refusal, self.plan)),
            UserinfoEnd::Rejected(defect) => Err(ending::userinfo_rejected(&defect, self.plan)),
            UserinfoEnd::Stopped => Err(ending::stopped(StepKind::Identity, self.plan)),
        }
    }

    /// Where the dialect says that the name to show is.
    fn display_name(&self) -> Option<&str> {
        self.plan.provider.dialect.identity.display_name.as_ref().map(|pointer| pointer.value.as_str())
    }

    fn read_person(&self, step: &mut OpenStep, response: &HttpResponse) -> Result<Person, Ending> {
        match IdentityResponse::read(response, &rules::identity_rules(&self.plan.provider.dialect)) {
            IdentityResponse::Known(person, oddities) => {
                step.findings(of_form(&self.plan.provider.dialect, &oddities));
                Ok(person)
            }
            IdentityResponse::NotSignedIn => {
                step.finding(finding::nobody_signed_in());
                Err(ending::nobody_signed_in(self.plan))
            }
            IdentityResponse::Refused(refusal) => {
                step.finding(finding::refused("userinfo_refused", &refusal));
                Err(ending::identity_refused(&refusal, self.plan))
            }
            IdentityResponse::Malformed(defect) => {
                step.finding(finding::of_answer(&defect));
                Err(ending::identity_malformed(&defect, self.plan))
            }
        }
    }

    /// The identity that came with the token response: a step without a request.
    pub(super) async fn take_identity(&mut self, person: Person) -> Result<(), Stop> {
        debug_assert_eq!(self.plan.provider.dialect.identity.source.value, IdentitySource::TokenResponse);
        let step = self.begin(StepKind::Identity).await?;
        self.known(step, person).await
    }

    /// Who logged in is known. It may be somebody else than was meant: then the login ends here.
    async fn known(&mut self, mut step: OpenStep, person: Person) -> Result<(), Stop> {
        let plan = self.plan;
        let pointer = &plan.provider.dialect.identity.subject.value;
        let sentence = format!("{} = {}", pointer.rsplit('/').next().unwrap_or_default(), person.subject);
        // A server may repeat a token as somebody's name; nobody shall read it there.
        let secrets = &self.wire.secrets;
        let identity = self.identity.insert(Identity {
            subject: secrets.plain(&person.subject),
            display_name: person.display_name.map(|name| secrets.plain(&name)),
            fields: person.fields.iter().map(|(name, value)| (secrets.plain(name), secrets.plain(value))).collect(),
        });
        match &plan.expected_person {
            Some(expected) if expected.subject != person.subject => {
                let pointer = pointer.trim_start_matches('/');
                step.finding(finding::wrong_person(expected, &identity.subject, pointer));
                let ending = ending::wrong_person(expected, &identity.subject, plan);
                Err(self.fail(step, ending).await)
            }
            _ => self.pass(step, &sentence).await,
        }
    }

    /// The provider does not say who logged in. Where somebody was meant, that is worth a word.
    async fn nobody_told(&mut self) -> Result<(), Stop> {
        let plan = self.plan;
        let Some(expected) = &plan.expected_person else { return Ok(()) };
        let mut step = self.begin(StepKind::Identity).await?;
        step.finding(finding::person_not_told(expected));
        let sentence = format!(
            "Whether it was {} is not known: {} does not say who logged in.",
            expected.name, plan.provider.name
        );
        self.pass(step, &sentence).await
    }
}
