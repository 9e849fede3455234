//! Rows about a login as a whole, and how the client proves who it is.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_model::exchange::{Exchange, ExchangePurpose};
use gatewright_model::run::{EndReason, StepKind};
use gatewright_model::{Mark, Statement};
use gatewright_protocol::authorization::ResponseMode;
use gatewright_sandbox::Twin::{Chaster, Chattz};
use gatewright_sandbox::{ClientAuthMethod, OpenIdSettings};

use crate::az::form::works_again;
use crate::page::{Fetch, Move};
use crate::proof::Proof;
use crate::stage::Stage;

/// Proves: V-08, rp/happy.
#[tokio::test]
async fn happy() {
    let stage = Stage::at(Chaster).await;
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("token", 1).requests_of("identity", 1).leaks_nothing();
    assert_eq!(proof.claim("preferred_username"), Some("olivia"));
    let asked = &proof.step(StepKind::AuthorizationRequest).exchanges[0].request.query;
    let value = |name: &str| asked.iter().find(|field| field.name == name).unwrap().value.to_plain();
    assert!(value("scope").split(' ').any(|scope| scope == "openid"));
    assert!(value("redirect_uri").starts_with("http://127.0.0.1:"));
    for exchange in exchanges(&proof).filter(|exchange| exchange.purpose != ExchangePurpose::Authorization) {
        assert!(exchange.request.query.is_empty(), "no token in an address: {:?}", exchange.request);
    }
}

/// Proves: V-22, rp/scope-userinfo-claims.
#[tokio::test]
async fn scope_userinfo_claims() {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.scopes = ["openid", "profile", "email", "phone", "address"].map(str::to_owned).to_vec();
    let proof = stage.log_in().await;
    proof.logs_in().leaks_nothing();
    for claim in ["name", "email", "phone_number", "address"] {
        assert!(proof.claim(claim).is_some_and(|value| !value.is_empty()), "{claim}: {:?}", proof.end.identity);
    }
}

/// The error comes as a form to the listener, with the state of this login, and ends it. Chaster would have to name its issuer, too.
///
/// Proves: V-04, rp/form-post-error by AZ-25:error.
#[tokio::test]
async fn form_post_error() {
    let mut stage = Stage::listening_at(Chattz).await.fault("AZ-25:error");
    let mode = Statement { value: ResponseMode::FormPost, mark: Mark::Documented, place: None, note: None };
    stage.plan.provider.dialect.authorization.response_mode = Some(mode);
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::Denied).without_request("token").fired("AZ-25:error").leaks_nothing();
    drop(proof);
    works_again(stage).await;
}

/// Proves: V-08, rp/client-secret-basic.
#[tokio::test]
async fn client_secret_basic() {
    let only_basic = || OpenIdSettings {
        token_endpoint_auth_method: Some(ClientAuthMethod::ClientSecretBasic),
        ..OpenIdSettings::default()
    };
    let mut stage = Stage::at(Chaster).await.registered(only_basic()).await;
    stage.log_in().await.ends_with("token_refused").ends_as(EndReason::TokenRefused).leaks_nothing();
    stage.plan.settings.client_authentication = Some(ClientAuthentication::Basic);
    stage.log_in().await.logs_in().requests_of("token", 1).leaks_nothing();
}

/// A request object has to be fetched from the client, which no program on a desk can offer: none is ever named.
///
/// Proves: V-08, rp/request-uri-signed-rs256.
#[tokio::test]
async fn request_uri_signed_rs256() {
    never_refers_to_a_request_object().await;
}

/// The same without a signature.
///
/// Proves: V-08, rp/request-uri-signed-none.
#[tokio::test]
async fn request_uri_signed_none() {
    never_refers_to_a_request_object().await;
}

/// A frame at the provider cannot end a session on this computer: the listener knows its redirect URI alone.
///
/// Proves: V-01, rp/rp-frontchannel-rpinitlogout by LO-12.
#[tokio::test]
async fn rp_frontchannel_rpinitlogout() {
    knows_no_front_channel().await;
}

/// The same, begun by the provider.
///
/// Proves: V-01, rp/rp-frontchannel-opinitlogout by LO-12.
#[tokio::test]
async fn rp_frontchannel_opinitlogout() {
    knows_no_front_channel().await;
}

/// Nobody else can begin a login on this computer: the listener knows its redirect URI alone.
///
/// Proves: V-01, rp/3rd-party-init-login.
#[tokio::test]
async fn third_party_init_login() {
    knows_nothing_but_its_callback("/initiate-login?iss=x&target_link_uri=y").await;
}

/// The state of a session comes with the callback and is passed over; no frame of the provider is ever asked for it.
///
/// Proves: V-02, rp/session-management by LO-11.
#[tokio::test]
async fn session_management() {
    let stage = Stage::at(Chaster).await;
    let proof = stage.log_in().await;
    let callback = &proof.logs_in().step(StepKind::Callback).exchanges[0];
    assert!(format!("{callback:?}").contains("session_state"), "{callback:?}");
    assert_eq!(proof.findings_of(StepKind::Callback), [""; 0]);
}

fn exchanges<'a>(proof: &'a Proof<'_>) -> impl Iterator<Item = &'a Exchange> {
    proof.end.steps.iter().flat_map(|step| &step.exchanges)
}

async fn never_refers_to_a_request_object() {
    let stage = Stage::at(Chaster).await;
    let proof = stage.log_in().await;
    for exchange in exchanges(proof.logs_in()) {
        let fields = exchange.request.query.iter().chain(&exchange.request.fields);
        assert!(fields.into_iter().all(|field| field.name != "request_uri" && field.name != "request"));
    }
}

async fn knows_no_front_channel() {
    knows_nothing_but_its_callback("/frontchannel-logout?iss=x&sid=y").await;
}

/// Whoever calls another path of the listener during a login finds nothing there, and the login goes on.
async fn knows_nothing_but_its_callback(path: &str) {
    let stage = Stage::listening_at(Chaster).await;
    let address = stage.plan.redirect_uri.as_str().replace("/callback", path);
    let call = Move { url: address.parse().unwrap(), fetch: Fetch::Frame, form: None };
    let (proof, seen) = tokio::join!(stage.log_in(), stage.browser.load(&call));
    proof.logs_in().leaks_nothing();
    assert_eq!(seen.unwrap().status, 404);
}
