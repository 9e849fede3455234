//! Hosts in the network at hand that a person has confirmed for a provider.

use gatewright_contract::audit::AuditQuery;
use gatewright_contract::discovery::{DiscoveryAdopt, IssuerText};
use gatewright_contract::provider::{NearbyHostRef, ProviderDetail, ProviderRef};
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::{Answer, RawServer, ReceivedRequest};
use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn a_confirmed_host_stays_confirmed_for_its_provider_alone_until_it_is_withdrawn() {
    let stage = Stage::new().await;
    let shown = stage.app.nearby_host_confirm(at("chattz", " SSO.Corp.Example. ")).await.unwrap();
    assert_eq!(hosts(&shown), ["sso.corp.example"]);
    stage.app.nearby_host_confirm(at("chattz", "sso.corp.example")).await.unwrap();
    let stage = stage.restart().await;
    assert_eq!(hosts(&show(&stage, "chattz").await), ["sso.corp.example"]);
    assert!(show(&stage, "chaster").await.nearby_hosts.is_empty());
    let shown = stage.app.nearby_host_withdraw(at("chattz", "sso.corp.example")).await.unwrap();
    assert!(shown.nearby_hosts.is_empty());
    stage.app.nearby_host_withdraw(at("chattz", "sso.corp.example")).await.unwrap();
    let stage = stage.restart().await;
    assert!(show(&stage, "chattz").await.nearby_hosts.is_empty());
    let about = Some("sso.corp.example for the provider chattz".to_owned());
    let trail = [("nearby_host_withdrawn".to_owned(), about.clone()), ("nearby_host_confirmed".to_owned(), about)];
    assert_eq!(audited(&stage).await, trail, "each once, the newest first");
}

#[tokio::test]
async fn what_is_no_name_of_a_host_is_refused_beside_its_field() {
    let stage = Stage::new().await;
    for wrong in ["", "10.0.0.5", "https://sso.corp.example", "sso.corp.example:8443"] {
        let refused = stage.app.nearby_host_confirm(at("chattz", wrong)).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("host")), "{wrong}");
    }
    let refused = stage.app.nearby_host_confirm(at("nobody", "sso.corp.example")).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::NotFound);
    assert!(audited(&stage).await.is_empty());
}

#[tokio::test]
async fn a_host_that_was_confirmed_for_the_look_is_kept_with_the_provider() {
    let stage = Stage::new().await;
    let server = RawServer::start(describes_itself).await;
    let issuer = server.origin().replace("127.0.0.1", "localhost");
    let look = IssuerText { issuer: issuer.clone(), nearby: true };
    let found = stage.app.provider_discover(look).await.unwrap();
    let proposal = found.proposal.unwrap_or_else(|| panic!("{} {:?}", found.sentence, found.findings));
    assert!(audited(&stage).await.is_empty(), "a look keeps nothing");
    let adopt = DiscoveryAdopt { issuer, name: "Acme".to_owned(), digest: proposal.digest, nearby: true };
    let kept = stage.app.provider_adopt(adopt).await.unwrap();
    assert_eq!(hosts(&kept), ["localhost"]);
    assert_eq!(audited(&stage).await.len(), 1);
    stage.app.provider_delete(ProviderRef { provider: kept.row.id }).await.unwrap();
    assert_eq!(stage.counted("nearby_host"), 0);
}

fn describes_itself(request: &ReceivedRequest) -> Answer {
    let issuer = format!("http://{}", request.header("host").unwrap_or_default());
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    Answer::json(200, document.to_string())
}

fn at(provider: &str, host: &str) -> NearbyHostRef {
    NearbyHostRef { provider: provider.to_owned(), host: host.to_owned() }
}

fn hosts(provider: &ProviderDetail) -> Vec<&str> {
    provider.nearby_hosts.iter().map(|host| host.host.as_str()).collect()
}

async fn show(stage: &Stage, provider: &str) -> ProviderDetail {
    stage.app.provider_show(ProviderRef { provider: provider.to_owned() }).await.unwrap()
}

/// What the trail has about hosts: what was done, and the host.
async fn audited(stage: &Stage) -> Vec<(String, Option<String>)> {
    let query = AuditQuery { client: None, offset: 0, limit: 100 };
    let rows = stage.app.audit_list(query).await.unwrap().rows.into_iter();
    rows.filter(|row| row.action.starts_with("nearby_host")).map(|row| (row.action, row.detail)).collect()
}
