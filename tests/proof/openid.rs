//! OpenID Connect on the stage: how the app is registered at Chaster's twin, and what an ID token or an identity came to.

use std::pin::Pin;
use std::time::Duration;

use gatewright_model::run::{EndReason, StepKind};
use gatewright_protocol::jose::SigningAlgorithm;
use gatewright_sandbox::{OpenIdSettings, SignatureAlgorithm, Twin};

use crate::always::spares_the_attacker;
use crate::proof::Proof;
use crate::stage::Stage;

/// Longer than metadata and keys are ever remembered.
pub(crate) const UNTIL_FORGOTTEN: Duration = Duration::from_mins(61);

/// A stage that is being prepared; in a box, because it is large and every test would hold it several times.
type Prepared = Pin<Box<dyn Future<Output = Stage>>>;

impl Stage {
    /// Registers the app otherwise, as the realm's administrator would.
    pub(crate) fn registered(self, settings: OpenIdSettings) -> Prepared {
        Box::pin(async move {
            let client_id = self.plan.client_id.to_string();
            self.sandbox.set_openid_settings(&client_id, settings).await.unwrap();
            self
        })
    }

    /// Registers the app for ID tokens by this algorithm, on both sides.
    pub(crate) fn with_id_tokens_by(mut self, algorithm: SignatureAlgorithm) -> Prepared {
        self.plan.settings.id_token_signed_response_alg = SigningAlgorithm::named(algorithm.name());
        self.plan.settings.hmac_allowed = algorithm.is_keyed_by_secret();
        let settings = OpenIdSettings { id_token_signed_response_alg: algorithm, ..OpenIdSettings::default() };
        self.registered(settings)
    }

    /// Registers the app for userinfo answers by this algorithm, on both sides.
    pub(crate) fn with_userinfo_by(mut self, algorithm: SignatureAlgorithm) -> Prepared {
        self.plan.settings.userinfo_signed_response_alg = SigningAlgorithm::named(algorithm.name());
        let settings = OpenIdSettings { userinfo_signed_response_alg: Some(algorithm), ..OpenIdSettings::default() };
        self.registered(settings)
    }
}

impl Proof<'_> {
    /// The codes of one step's findings, in order.
    #[track_caller]
    pub(crate) fn findings_of(&self, kind: StepKind) -> Vec<&str> {
        self.step(kind).findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    /// The login ended in this step, with these findings and nobody logged in.
    #[track_caller]
    pub(crate) fn stops_at(&self, kind: StepKind, reason: EndReason, codes: &[&str]) -> &Self {
        self.ends_as(reason);
        assert_eq!(self.end.steps.last().map(|step| step.kind), Some(kind));
        assert_eq!(self.findings_of(kind), codes, "{:#?}", self.step(kind).findings);
        assert!(self.end.identity.is_none());
        self.spares_the_attacker()
    }

    /// The ID token was not believed for these reasons: no request was made with the tokens that came along.
    #[track_caller]
    pub(crate) fn refuses_the_id_token(&self, codes: &[&str]) -> &Self {
        self.stops_at(StepKind::IdToken, EndReason::IdTokenRejected, codes);
        self.requests_of("token", 1).without_request("identity")
    }

    /// The metadata were not believed for these reasons: nothing was sent that is worth stealing, nor was the person sent anywhere.
    #[track_caller]
    pub(crate) fn refuses_the_metadata(&self, codes: &[&str]) -> &Self {
        self.stops_at(StepKind::Discovery, EndReason::MetadataRejected, codes);
        self.without_request("authorization").without_request("token").without_request("keys")
    }

    /// Nobody went where an attacker wanted to have somebody.
    #[track_caller]
    pub(crate) fn spares_the_attacker(&self) -> &Self {
        spares_the_attacker(self.requests.iter().map(AsRef::as_ref));
        self
    }

    /// What the person of this login is told to be.
    #[track_caller]
    pub(crate) fn subject(&self) -> &str {
        &self.end.identity.as_ref().unwrap_or_else(|| panic!("nobody: {:?}", self.end.outcome)).subject
    }

    /// One of the person's claims, as it would be shown.
    #[track_caller]
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        let identity = self.end.identity.as_ref().unwrap_or_else(|| panic!("nobody: {:?}", self.end.outcome));
        identity.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// An ID token that is not believed, for these reasons; the next login works.
pub(crate) async fn refuses_the_id_token(fault: &str, codes: &[&str]) {
    let stage = Stage::at(Twin::Chaster).await.fault(fault);
    stage.refuses_the_id_token(fault, codes).await;
}

impl Stage {
    /// The same on a stage that is prepared otherwise.
    pub(crate) async fn refuses_the_id_token(&self, fault: &str, codes: &[&str]) {
        let proof = self.log_in().await;
        proof.refuses_the_id_token(codes).fired(fault).leaks_nothing();
        proof.next_login_works().await;
    }
}

/// An identity that is not believed: nothing of it is shown, it was asked for once, and the next login works.
pub(crate) async fn refuses_the_identity(twin: Twin, fault: &str, reason: EndReason, codes: &[&str]) {
    let stage = Stage::at(twin).await.fault(fault);
    stage.refuses_the_identity(fault, reason, codes).await;
}

impl Stage {
    /// The same on a stage that is prepared otherwise.
    pub(crate) async fn refuses_the_identity(&self, fault: &str, reason: EndReason, codes: &[&str]) {
        let proof = self.log_in().await;
        proof.stops_at(StepKind::Identity, reason, codes).requests_of("token", 1).requests_of("identity", 1);
        proof.fired(fault).leaks_nothing();
        proof.next_login_works().await;
    }
}

/// Metadata that are not believed, for these reasons: nothing else was sent, and the next login works.
pub(crate) async fn refuses_the_metadata(fault: &str, codes: &[&str]) {
    let stage = Stage::at(Twin::Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.refuses_the_metadata(codes).fired(fault).leaks_nothing();
    proof.next_login_works().await;
}
