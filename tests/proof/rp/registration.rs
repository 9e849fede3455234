//! The row about a client that registers itself (RFC 7591, OpenID Connect Dynamic Client Registration 1.0).

use std::sync::{Arc, Mutex};

use gatewright_engine::login::ClientSecret;
use gatewright_engine::ports::PortFuture;
use gatewright_engine::registration::{
    CredentialKeeper, DeletionOutcome, ManagementPlan, NotStored, RegistrationOutcome, RegistrationPlan,
    delete_registration, register,
};
use gatewright_model::run::EndReason;
use gatewright_protocol::registration::{ClientMetadata, IssuedCredentials};
use gatewright_protocol::{ClientId, ClientIdKind};
use gatewright_sandbox::Twin::Chaster;
use serde_json::json;

use crate::person::LoginView;
use crate::stage::Stage;

/// Whose registration it is.
const OWNER: &str = "olivia";

/// The client that the provider has made logs in with the ID and the secret it was given, and no more once it is deleted. Until somebody
/// asks for it, a login registers nobody, whatever the document offers.
///
/// Proves: V-23, RG, rp/dynamic-registration.
#[tokio::test]
async fn dynamic_registration() {
    let mut stage = Stage::at(Chaster).await;
    let plan = a_new_client(&stage).await;
    let unasked = stage.log_in().await;
    unasked.logs_in().without_request("registration");
    drop(unasked);

    let secret = plan.client_secret.clone().expect("no secret");
    stage.plan.client_id = ClientId::parse(&plan.client_id, ClientIdKind::Text).unwrap();
    stage.plan.client_secret = Some(secret);
    stage.log_in().await.logs_in().requests_of("token", 1).requests_of("identity", 1).leaks_nothing();

    let (ports, keeper) = (stage.ports(Arc::new(LoginView(Arc::clone(&stage.browser)))), Arc::new(Safe::default()));
    let end = delete_registration(plan, ports, keeper, stage.cancel()).await;
    assert_eq!(end.outcome, DeletionOutcome::Deleted);
    let gone = stage.log_in().await;
    gone.ends_as(EndReason::WindowClosed).without_request("token").leaks_nothing();
    drop(gone);
    stage.registers_anew().await;
    stage.log_in().await.logs_in();
}

impl Stage {
    /// Another client in the place of one that is gone.
    async fn registers_anew(&mut self) {
        let plan = a_new_client(self).await;
        self.plan.client_id = ClientId::parse(&plan.client_id, ClientIdKind::Text).unwrap();
        self.plan.client_secret = plan.client_secret;
    }
}

/// Registers a client as a person with an initial access token does. What was issued stands in no record.
async fn a_new_client(stage: &Stage) -> ManagementPlan {
    let token = stage.sandbox.initial_access_token(OWNER).unwrap().clone();
    stage.secrets.add(token.expose());
    let redirect_uri = stage.plan.redirect_uri.as_str();
    let metadata = json!({
        "client_name": "Proof", "redirect_uris": [redirect_uri], "grant_types": ["authorization_code"],
        "response_types": ["code"], "token_endpoint_auth_method": "client_secret_post",
    });
    let plan = RegistrationPlan {
        provider: stage.plan.provider.clone(),
        bases: stage.plan.bases.clone(),
        metadata: ClientMetadata::parse(&metadata.to_string()).unwrap(),
        initial_access_token: Some(token),
    };
    let (ports, safe) = (stage.ports(Arc::new(LoginView(Arc::clone(&stage.browser)))), Arc::new(Safe::default()));
    let end = register(plan, ports, Arc::clone(&safe) as _, stage.cancel()).await.unwrap();
    let codes: Vec<_> = end.step.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, [""; 0]);
    assert!(matches!(end.outcome.outcome, RegistrationOutcome::Registered(_)), "{:?}", end.outcome.outcome);
    let kept = safe.0.lock().unwrap().clone();
    let record = format!("{} {end:?}", serde_json::to_string(&end.step).unwrap());
    for text in [record, stage.log()] {
        assert_eq!(stage.secrets.traces_in(&text), [""; 0]);
    }
    ManagementPlan {
        address: end.outcome.address.expect("no address").expect("an address elsewhere"),
        client_id: kept.client_id.expect("no client ID"),
        registration_access_token: kept.registration_access_token.expect("no token"),
        client_secret: kept.client_secret.map(|value| ClientSecret { value, version: 1 }),
    }
}

/// Keeps what was issued.
#[derive(Default)]
struct Safe(Mutex<IssuedCredentials>);

impl CredentialKeeper for Safe {
    fn keep<'a>(&'a self, new: &'a IssuedCredentials) -> PortFuture<'a, Result<(), NotStored>> {
        let mut kept = self.0.lock().unwrap();
        *kept = std::mem::take(&mut *kept).merged_with(new.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}
