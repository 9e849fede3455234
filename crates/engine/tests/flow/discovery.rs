//! What an issuer says of itself, asked before a provider is made of it.

use std::sync::Arc;

use gatewright_engine::discovery::{Discovery, NotDiscovered, compare, discover};
use gatewright_model::run::StepStatus;
use gatewright_protocol::metadata::{DocumentKind, Endpoint, Issuer, Weight};
use gatewright_testkit::{Answer, RawServer};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::stage::*;

const OPENID: &str = "/t/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server/t";

/// What an issuer would say at `origin`, in OpenID Connect's words or RFC 8414's.
fn metadata(origin: &str, more: &Value) -> Value {
    let mut metadata = json!({
        "issuer": format!("{origin}/t"), "authorization_endpoint": format!("{origin}/t/auth"),
        "token_endpoint": format!("{origin}/t/token"), "jwks_uri": format!("{origin}/t/keys"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    for (name, value) in more.as_object().unwrap() {
        metadata[name] = value.clone();
    }
    metadata
}

/// Asks an issuer whose two places answer like this; `{origin}` stands for where it is.
async fn asked(openid: Answer, oauth: Answer) -> (RawServer, Discovery) {
    let here = Arc::new(std::sync::Mutex::new(String::new()));
    let origin = Arc::clone(&here);
    let server = RawServer::start(move |request| {
        let answer = match request.target.as_str() {
            OPENID => openid.clone(),
            OAUTH => oauth.clone(),
            _ => Answer::labelled(404, "text/html", ""),
        };
        match answer {
            Answer::Http { status, headers, body } => {
                Answer::Http { status, headers, body: body.replace("{origin}", &origin.lock().unwrap()) }
            }
            other => other,
        }
    })
    .await;
    *here.lock().unwrap() = server.origin();
    let issuer = Issuer::parse(&format!("{}/t", server.origin())).unwrap();
    let stage = Stage::at("chaster", |_| Answer::Never).await;
    let ports = stage.ports(browser(|_| std::future::pending()));
    let discovery = discover(&issuer, &ports, &CancellationToken::new()).await;
    (server, discovery)
}

#[tokio::test]
async fn an_issuer_in_the_network_at_hand_is_not_asked_before_a_person_allows_it() {
    let mut stage = Stage::at("chaster", |_| Answer::Never).await;
    stage.lookup = Some(Arc::new(|_| Box::pin(std::future::ready(Ok(vec!["10.0.0.5".parse().unwrap()])))));
    let ports = stage.ports(browser(|_| std::future::pending()));
    let issuer = Issuer::parse("https://id.corp.example:8443").unwrap();
    let discovery = discover(&issuer, &ports, &CancellationToken::new()).await;
    let [finding] = discovery.step.findings.as_slice() else { panic!("{:?}", discovery.step.findings) };
    assert_eq!((finding.code.as_str(), finding.received.to_plain()), ("host_too_near", "id.corp.example".to_owned()));
}

fn document(more: &Value) -> Answer {
    Answer::json(200, metadata("{origin}", more).to_string())
}

fn nothing() -> Answer {
    Answer::labelled(404, "text/html", "<h1>Not found</h1>")
}

fn codes(discovery: &Discovery) -> Vec<&str> {
    discovery.step.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[tokio::test]
async fn both_documents_are_put_together_as_django_oauth_toolkit_needs_it() {
    let (server, discovery) =
        asked(document(&json!({})), document(&json!({ "revocation_endpoint": "{origin}/t/revoke" }))).await;
    let found = discovery.result.as_ref().unwrap();
    assert_eq!(codes(&discovery), [""; 0]);
    assert_eq!(discovery.step.status, StepStatus::Passed);
    assert!(found.metadata.endpoint(Endpoint::Revocation).unwrap().path().ends_with("/revoke"));
    assert!(found.conflicts.is_empty());
    let kinds: Vec<_> = found.documents.iter().map(|document| document.kind).collect();
    assert_eq!(kinds, [DocumentKind::OpenId, DocumentKind::OAuth]);
    assert!(found.documents.iter().all(|document| document.sha256.len() == 64));
    assert_ne!(found.documents[0].sha256, found.documents[1].sha256);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(discovery.step.exchanges.len(), 2);
}

#[tokio::test]
async fn a_conflict_is_told_and_openid_counts() {
    let (_, discovery) = asked(document(&json!({})), document(&json!({ "token_endpoint": "{origin}/t/other" }))).await;
    assert_eq!(codes(&discovery), ["metadata_conflict"]);
    let found = discovery.result.unwrap();
    assert_eq!((&*found.conflicts[0].member, found.conflicts[0].weight), ("token_endpoint", Weight::Secret));
    assert!(found.metadata.endpoint(Endpoint::Token).unwrap().path().ends_with("/token"));
}

#[tokio::test]
async fn one_document_of_the_two_is_enough() {
    let (_, openid) = asked(document(&json!({})), nothing()).await;
    assert_eq!(openid.result.as_ref().unwrap().documents.len(), 1);
    assert_eq!(codes(&openid), [""; 0], "that the other is not there is normal");
    let (_, oauth) = asked(nothing(), document(&json!({}))).await;
    assert_eq!(oauth.result.as_ref().unwrap().documents[0].kind, DocumentKind::OAuth);
    let (_, page) = asked(document(&json!({})), Answer::labelled(200, "text/html", "<p>single page app</p>")).await;
    assert!(page.result.is_ok());
    assert_eq!(codes(&page), ["metadata_unusable"]);
}

#[tokio::test]
async fn a_document_that_is_not_to_be_believed_makes_no_provider() {
    for (answer, code) in [
        (document(&json!({ "issuer": "{origin}/t/" })), "metadata_issuer_mismatch"),
        (document(&json!({ "token_endpoint": "http://169.254.169.254/" })), "metadata_endpoint"),
        (document(&json!({ "token_endpoint": 7 })), "metadata_member_type"),
        (Answer::json(200, r#"{"issuer":"a","issuer":"b"}"#), "metadata_unusable"),
        (Answer::labelled(302, "text/html", "").with("location", "https://evil.example/"), "metadata_unusable"),
        (nothing(), "metadata_absent"),
        (Answer::Huge(10 << 20), "metadata_unusable"),
    ] {
        let (_, discovery) = asked(answer, nothing()).await;
        assert!(matches!(discovery.result, Err(NotDiscovered::NotBelieved(_))), "{code}");
        assert_eq!(codes(&discovery), [code]);
        assert_eq!(discovery.step.status, StepStatus::Failed);
    }
}

#[tokio::test]
async fn a_person_is_told_of_foreign_and_international_hosts() {
    let (_, discovery) =
        asked(document(&json!({ "token_endpoint": "https://xn--e1afmkfd.example/token" })), nothing()).await;
    assert_eq!(codes(&discovery), ["endpoint_host_international", "endpoint_host_foreign"]);
    assert!(discovery.result.is_ok());
}

#[tokio::test]
async fn an_issuer_that_is_gone_is_told_as_unreachable() {
    let (_, discovery) = asked(Answer::Reset, Answer::Reset).await;
    assert!(matches!(discovery.result, Err(NotDiscovered::Unanswered(_))));
    assert_eq!(codes(&discovery), ["provider_unreachable"]);
    assert_eq!(discovery.step.exchanges.len(), 1, "it is not asked a second time");
}

#[tokio::test]
async fn what_has_changed_since_it_was_accepted_is_weighed() {
    let (_, before) = asked(document(&json!({})), nothing()).await;
    let (_, after) = asked(document(&json!({ "claims_supported": ["sub"] })), nothing()).await;
    let changes = compare(&before.result.unwrap().metadata, &after.result.unwrap().metadata);
    let heavy: Vec<_> =
        changes.iter().filter(|change| change.weight != Weight::Other).map(|change| &*change.member).collect();
    // Another server, so everything has moved.
    assert_eq!(heavy, ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"]);
    assert!(changes.iter().any(|change| change.member == "claims_supported" && change.before.is_none()));
}
