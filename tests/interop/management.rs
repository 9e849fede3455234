//! Registering and managing clients, and proving their secrets, with the engine.

use std::sync::{Arc, Mutex};

use gatewright_engine::grant::GrantPlan;
use gatewright_engine::login::ClientSecret;
use gatewright_engine::ports::PortFuture;
use gatewright_engine::probe::{ProbeOutcome, ProbePace, ProbePlan, calibrate, probe};
use gatewright_engine::registration::{
    CredentialKeeper, DeletionOutcome, ManagementPlan, NotStored, RegistrationAnswer, RegistrationOutcome,
    RegistrationPlan, delete_registration, read_registration, register, update_registration,
};
use gatewright_model::Environment;
use gatewright_protocol::probe::Calibration;
use gatewright_protocol::registration::{ClientMetadata, IssuedCredentials, ManagementAddress, Registration};
use gatewright_protocol::{RedirectUri, Secret};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::person::Decision;
use crate::stage::{REDIRECT_URI, Stage};

/// Keeps what was issued, one upon the other.
#[derive(Default)]
struct Safe(Mutex<IssuedCredentials>);

impl CredentialKeeper for Safe {
    fn keep<'a>(&'a self, new: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>> {
        let mut kept = self.0.lock().unwrap();
        *kept = std::mem::take(&mut *kept).merged_with(new.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A client that was registered at a peer, in the hands of its owner.
pub(crate) struct Owned<'stage> {
    stage: &'stage Stage,
    safe: Arc<Safe>,
    pub(crate) metadata: ClientMetadata,
    pub(crate) address: ManagementAddress,
}

/// What a client says of itself in these tests.
fn wanted(name: &str) -> ClientMetadata {
    let metadata = json!({
        "client_name": name, "redirect_uris": ["http://127.0.0.1/callback"], "application_type": "native",
        "grant_types": ["authorization_code"], "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
    });
    ClientMetadata::parse(&metadata.to_string()).unwrap()
}

impl<'stage> Owned<'stage> {
    /// Registers a client.
    pub(crate) async fn register(stage: &'stage Stage, name: &str) -> (Self, Registration, Vec<String>) {
        let plan = RegistrationPlan {
            provider: stage.provider.clone(),
            bases: stage.provider.bases(Environment::Production, None),
            metadata: wanted(name),
            initial_access_token: None,
        };
        let (ports, safe) = (stage.ports(stage.person(Decision::Decline)), Arc::new(Safe::default()));
        let end = register(plan, ports, Arc::clone(&safe) as _, CancellationToken::new()).await.unwrap();
        let codes = end.step.findings.iter().map(|finding| finding.code.clone()).collect();
        let address = end.outcome.address.clone().expect("no address").expect("an address elsewhere");
        let registration = registered(end.outcome);
        let owned = Self { stage, safe, metadata: registration.metadata.clone(), address };
        (owned, registration, codes)
    }

    /// What is known by now.
    pub(crate) fn known(&self) -> IssuedCredentials {
        self.safe.0.lock().unwrap().clone()
    }

    fn secret(&self) -> ClientSecret {
        ClientSecret { value: self.known().client_secret.expect("no secret"), version: 1 }
    }

    fn plan(&self) -> ManagementPlan {
        let known = self.known();
        ManagementPlan {
            address: self.address.clone(),
            client_id: known.client_id.unwrap(),
            registration_access_token: known.registration_access_token.unwrap(),
            client_secret: Some(self.secret()),
        }
    }

    fn keeper(&self) -> Arc<dyn CredentialKeeper> {
        Arc::clone(&self.safe) as _
    }

    /// Reads the registration.
    pub(crate) async fn read(&self) -> Registration {
        let ports = self.stage.ports(self.stage.person(Decision::Decline));
        registered(read_registration(self.plan(), ports, self.keeper(), CancellationToken::new()).await.outcome)
    }

    /// Gives the client another name, as the engine's plan says now or as it was said before.
    pub(crate) async fn rename(&self, plan: Option<ManagementPlan>, name: &str) -> RegistrationOutcome {
        let metadata = self.metadata.clone().with("client_name", name);
        let ports = self.stage.ports(self.stage.person(Decision::Decline));
        let plan = plan.unwrap_or_else(|| self.plan());
        update_registration(plan, metadata, ports, self.keeper(), CancellationToken::new()).await.outcome.outcome
    }

    /// The plan as it is now, for a request that comes too late.
    pub(crate) fn plan_of_today(&self) -> ManagementPlan {
        self.plan()
    }

    /// Ends the registration.
    pub(crate) async fn delete(&self) -> DeletionOutcome {
        let ports = self.stage.ports(self.stage.person(Decision::Decline));
        delete_registration(self.plan(), ports, self.keeper(), CancellationToken::new()).await.outcome
    }

    fn probe_plan(&self, secret: ClientSecret) -> ProbePlan {
        let known = self.known();
        let login = self.stage.plan_of(&known.client_id.unwrap(), Some(secret));
        ProbePlan { client: GrantPlan::from(&login), redirect_uri: RedirectUri::parse(REDIRECT_URI).unwrap() }
    }

    /// Learns what the peer says to a good secret and to a wrong one.
    pub(crate) async fn calibrate(&self, pace: &ProbePace) -> Calibration {
        let ports = self.stage.ports(self.stage.person(Decision::Decline));
        let plan = self.probe_plan(self.secret());
        calibrate(&plan, pace, &ports, &CancellationToken::new()).await.unwrap().outcome.unwrap()
    }

    /// Proves its own secret, or another one.
    pub(crate) async fn prove(
        &self,
        secret: Option<&str>,
        calibration: Option<&Calibration>,
        pace: &ProbePace,
    ) -> ProbeOutcome {
        let secret = secret.map_or_else(|| self.secret(), |text| ClientSecret { value: Secret::new(text), version: 2 });
        let ports = self.stage.ports(self.stage.person(Decision::Decline));
        let plan = self.probe_plan(secret);
        probe(&plan, calibration, pace, &ports, &CancellationToken::new()).await.unwrap().outcome.outcome
    }
}

#[track_caller]
fn registered(answer: RegistrationAnswer) -> Registration {
    match answer.outcome {
        RegistrationOutcome::Registered(registration) => *registration,
        other => panic!("{other:?}"),
    }
}

/// Whether the server has said no.
pub(crate) fn is_refused(outcome: &RegistrationOutcome) -> bool {
    matches!(outcome, RegistrationOutcome::Refused(refusal) if refusal.status == 401)
}
