//! Asking again who a token speaks of (OpenID Connect Core §5.3, or the provider's own identity endpoint).

use gatewright_model::dialect::TokenPlacement as DialectPlacement;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::provider::Endpoint;
use gatewright_model::run::{Identity, StepKind};
use gatewright_protocol::Secret;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::identity::{IdentityResponse, Person};
use gatewright_protocol::userinfo::{self as wire_format, TokenPlacement};
use tokio_util::sync::CancellationToken;

use super::{Errand, GrantEnd, GrantError, GrantPlan, unanswered_words};
use crate::finding;
use crate::login::rules;
use crate::oddities::of_form;
use crate::ports::Ports;
use crate::registered::PlanError;
use crate::userinfo_answer::{Refetch, Userinfo, UserinfoEnd, person_of};
use crate::words::refusal_words;

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserinfoOutcome {
    /// Who it is.
    Known(Identity),
    /// The server answered that nobody is signed in: the token is good no more.
    NotSignedIn,
    /// The server refused the token.
    Refused,
    /// The answer is not believed; nothing of it is shown.
    Rejected,
    /// No answer.
    Unknown,
}

/// Who the login said it was, for the answer to be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginSubject<'a> {
    /// `sub` of the login's ID token: an answer about anybody else is not believed (OpenID Connect Core §5.3.2).
    OfIdToken(&'a str),
    /// What the identity endpoint said at the login, where no ID token came. RFC 6749 promises nothing about it: another answer is told.
    OfIdentity(&'a str),
    /// The login did not say.
    NotTold,
}

/// Asks the identity endpoint with an access token, and compares the answer with who the login said it was.
///
/// # Errors
/// See [`GrantError`].
pub async fn userinfo(
    plan: &GrantPlan,
    access_token: &Secret,
    subject: LoginSubject<'_>,
    ports: &Ports,
    cancel: &CancellationToken,
) -> Result<GrantEnd<UserinfoOutcome>, GrantError> {
    let mut errand = Errand::begin(plan, StepKind::Identity, ports, cancel)?;
    let endpoint = errand.client.address(Endpoint::Identity)?;
    let reference = errand.wire.secrets.reference_for("token", access_token.expose());
    let request = wire_format::request(&endpoint, access_token, reference, placement(plan));
    let response = match errand.send(ExchangePurpose::Identity, &request).await {
        Ok(response) => response,
        Err(unanswered) => return Ok(errand.fail(&unanswered_words(&unanswered), UserinfoOutcome::Unknown)),
    };
    match subject {
        LoginSubject::OfIdToken(subject) => Ok(errand.judge_claims(&response, subject).await?),
        LoginSubject::OfIdentity(subject) => Ok(errand.judge_person(&response, Some(subject))),
        LoginSubject::NotTold => Ok(errand.judge_person(&response, None)),
    }
}

/// Where the dialect wants the access token.
fn placement(plan: &GrantPlan) -> TokenPlacement {
    match &plan.provider.dialect.identity.userinfo_token_placement {
        Some(placement) if placement.value == DialectPlacement::Body => TokenPlacement::Body,
        _ => TokenPlacement::Header,
    }
}

impl Errand<'_> {
    async fn judge_claims(
        mut self,
        response: &HttpResponse,
        subject: &str,
    ) -> Result<GrantEnd<UserinfoOutcome>, PlanError> {
        let trust = self.wire.trust(&mut self.step, &self.client).await?;
        let rules = Userinfo {
            registered: self.client,
            subject: Some(subject),
            metadata: trust.metadata.as_deref(),
            keys: trust.address.clone(),
            refetch: Refetch::OncePerMinute,
        };
        let display_name = self.client.provider.dialect.identity.display_name.as_ref();
        Ok(match self.wire.judge_userinfo(&mut self.step, response, &rules).await {
            UserinfoEnd::Claims(claims) => {
                let person = person_of(claims, display_name.map(|pointer| pointer.value.as_str()));
                let identity = self.identity_of(person);
                self.known(identity)
            }
            UserinfoEnd::Refused(refusal) => {
                self.fail(&format!("The token was refused: {}", refusal_words(&refusal)), UserinfoOutcome::Refused)
            }
            UserinfoEnd::Rejected(defect) => {
                self.fail(&format!("The answer is not to be believed: {defect}"), UserinfoOutcome::Rejected)
            }
            UserinfoEnd::Stopped => self.fail("You stopped it", UserinfoOutcome::Unknown),
        })
    }

    fn judge_person(mut self, response: &HttpResponse, at_login: Option<&str>) -> GrantEnd<UserinfoOutcome> {
        let dialect = &self.client.provider.dialect;
        match IdentityResponse::read(response, &rules::identity_rules(dialect)) {
            IdentityResponse::Known(person, oddities) => {
                self.step.findings(of_form(dialect, &oddities));
                let identity = self.identity_of(person);
                if let Some(other) = at_login.filter(|subject| *subject != identity.subject) {
                    self.step.finding(finding::identity_changed(other, &identity.subject));
                }
                self.known(identity)
            }
            IdentityResponse::NotSignedIn => {
                self.step.finding(finding::nobody_signed_in());
                self.fail("The server says that nobody is signed in", UserinfoOutcome::NotSignedIn)
            }
            IdentityResponse::Refused(refusal) => {
                self.step.finding(finding::refused("userinfo_refused", &refusal));
                self.fail(&format!("The token was refused: {}", refusal_words(&refusal)), UserinfoOutcome::Refused)
            }
            IdentityResponse::Malformed(defect) => {
                self.step.finding(finding::of_answer(&defect));
                self.fail(&format!("The answer cannot be used: {defect}"), UserinfoOutcome::Rejected)
            }
        }
    }

    /// A person as they may be shown: a server may repeat a token as somebody's name.
    fn identity_of(&self, person: Person) -> Identity {
        let secrets = &self.wire.secrets;
        Identity {
            subject: secrets.plain(&person.subject),
            display_name: person.display_name.map(|name| secrets.plain(&name)),
            fields: person.fields.iter().map(|(name, value)| (secrets.plain(name), secrets.plain(value))).collect(),
        }
    }

    fn known(self, identity: Identity) -> GrantEnd<UserinfoOutcome> {
        self.pass(&format!("The token speaks of {}", identity.subject), UserinfoOutcome::Known(identity))
    }
}
