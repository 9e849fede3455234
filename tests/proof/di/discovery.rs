//! Metadata that are wrong when somebody asks an issuer what it is, to make a provider of it or to look for changes.

use std::sync::Arc;

use gatewright_engine::discovery::{Discovered, Discovery, compare, discover};
use gatewright_model::run::StepStatus;
use gatewright_protocol::metadata::{DocumentKind, Endpoint, Issuer, Weight};
use gatewright_sandbox::Twin::Chaster;

use crate::person::LoginView;
use crate::stage::Stage;

/// Proves: V-23 by DI-06:openid_only.
#[tokio::test]
async fn an_issuer_with_the_openid_document_alone_is_known_by_that() {
    is_known_by("DI-06:openid_only", DocumentKind::OpenId).await;
}

/// Proves: V-23 by DI-06:oauth_only.
#[tokio::test]
async fn an_issuer_with_the_oauth_document_alone_is_known_by_that() {
    is_known_by("DI-06:oauth_only", DocumentKind::OAuth).await;
}

/// Proves: V-23 by DI-06:neither.
#[tokio::test]
async fn an_issuer_without_any_document_is_not_known() {
    is_not_believed("DI-06:neither", &["metadata_absent"]).await;
}

/// Proves: V-23 by DI-06:conflicting.
#[tokio::test]
async fn where_the_documents_disagree_the_openid_document_counts_and_it_is_told() {
    let stage = Stage::at(Chaster).await.fault("DI-06:conflicting");
    let asked = ask(&stage).await;
    let found = believed(&asked);
    assert_eq!((found.documents.len(), found.conflicts.len()), (2, 1));
    assert_eq!((found.conflicts[0].member.as_str(), found.conflicts[0].weight), ("token_endpoint", Weight::Secret));
    let token_endpoint = found.metadata.endpoint(Endpoint::Token).unwrap();
    assert!(token_endpoint.as_str().starts_with(stage.sandbox.origin()), "{token_endpoint}");
    assert_eq!(codes(&asked), ["metadata_conflict"]);
}

/// Proves: V-23 by DI-01:suffix.
#[tokio::test]
async fn a_document_of_another_issuer_is_not_believed() {
    is_not_believed("DI-01:suffix", &["metadata_issuer_mismatch"]).await;
}

/// Proves: V-23 by DI-02.
#[tokio::test]
async fn a_document_with_endpoints_without_tls_is_not_believed() {
    is_not_believed("DI-02", &["metadata_endpoint"; 8]).await;
}

/// Proves: V-23 by DI-03:file.
#[tokio::test]
async fn a_document_with_a_file_as_token_endpoint_is_not_believed() {
    is_not_believed("DI-03:file", &["metadata_endpoint"]).await;
}

/// Proves: V-23 by DI-03:other_host.
#[tokio::test]
async fn a_token_endpoint_at_another_host_is_shown_to_whoever_accepts_it() {
    let stage = Stage::at(Chaster).await.fault("DI-03:other_host");
    let asked = ask(&stage).await;
    let foreign: Vec<_> =
        believed(&asked).hosts.iter().filter(|host| host.is_foreign).map(|host| &*host.host).collect();
    assert_eq!((foreign, codes(&asked)), (vec!["token.attacker.example"], vec!["endpoint_host_foreign"]));
}

/// A login needs no list of response types, and a standard requires one.
///
/// Proves: V-23 by DI-04:no_response_types_supported.
#[tokio::test]
async fn a_member_that_only_a_standard_requires_is_told() {
    let stage = Stage::at(Chaster).await.fault("DI-04:no_response_types_supported");
    let asked = ask(&stage).await;
    assert!(believed(&asked).metadata.endpoint(Endpoint::Token).is_some());
    assert_eq!(codes(&asked), ["metadata_member_absent"; 2], "both documents lack it");
    assert_eq!(asked.step.findings[0].field, "response_types_supported");
}

/// Proves: V-23 by DI-05.
#[tokio::test]
async fn a_redirect_to_another_document_is_not_followed() {
    is_not_believed("DI-05", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-08.
#[tokio::test]
async fn what_changed_between_two_answers_is_shown_and_what_hangs_on_it() {
    let stage = Stage::at(Chaster).await.fault("DI-08");
    let (before, after) = (ask(&stage).await, ask(&stage).await);
    let changes = compare(&believed(&before).metadata, &believed(&after).metadata);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!((changes[0].member.as_str(), changes[0].weight), ("token_endpoint", Weight::Secret));
    assert!(changes[0].before != changes[0].after);
    assert_eq!(codes(&before), ["metadata_conflict"], "the two documents of one look differ as well");
}

/// Proves: V-23 by DI-09.
#[tokio::test]
async fn a_document_with_a_member_twice_is_not_believed() {
    is_not_believed("DI-09", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-13.
#[tokio::test]
async fn a_host_that_looks_like_another_is_shown_in_punycode_to_whoever_accepts_it() {
    let stage = Stage::at(Chaster).await.fault("DI-13");
    let asked = ask(&stage).await;
    let hosts = &believed(&asked).hosts;
    assert!(!hosts.is_empty());
    assert!(hosts.iter().all(|host| host.is_internationalised && host.host.starts_with("xn--")), "{hosts:?}");
    assert!(codes(&asked).contains(&"endpoint_host_international"));
}

/// Asks Chaster's issuer; whatever comes of it, no secret is sent and nobody goes to the attacker.
async fn ask(stage: &Stage) -> Discovery {
    let ports = stage.ports(Arc::new(LoginView(Arc::clone(&stage.browser))));
    let issuer = Issuer::parse(stage.plan.bases.issuer()).unwrap();
    let asked = discover(&issuer, &ports, &stage.cancel()).await;
    let requests = stage.sandbox.recent_requests();
    assert!(requests.iter().all(|entry| entry.path.contains("/.well-known/")), "{requests:?}");
    let injections = stage.sandbox.injections();
    assert!(!injections.is_empty(), "no fault has happened");
    let record = serde_json::to_string(&asked.step).unwrap();
    assert!(stage.secrets.traces_in(&record).is_empty() && stage.secrets.traces_in(&stage.log()).is_empty());
    asked
}

fn believed(asked: &Discovery) -> &Discovered {
    asked.result.as_ref().unwrap_or_else(|reason| panic!("not believed: {reason}"))
}

fn codes(asked: &Discovery) -> Vec<&str> {
    asked.step.findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// Nothing of this issuer is believed until the fault is over.
async fn is_not_believed(fault: &str, expected: &[&str]) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let asked = ask(&stage).await;
    assert!(asked.result.is_err() && asked.step.status == StepStatus::Failed);
    assert_eq!(codes(&asked), expected);
    stage.sandbox.clear_faults();
    believed(&ask(&stage).await);
}

async fn is_known_by(fault: &str, kind: DocumentKind) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let asked = ask(&stage).await;
    let kinds: Vec<_> = believed(&asked).documents.iter().map(|document| document.kind).collect();
    assert_eq!((kinds, codes(&asked)), (vec![kind], Vec::new()));
}
