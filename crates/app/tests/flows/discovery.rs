//! Providers found by their issuer. The issuer is Chaster's twin, which to Gatewright is a server like any other.

use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientEnter, Environment, Ownership};
use gatewright_contract::discovery::{
    Discovery, DiscoveryAdopt, IssuerText, MetadataWeight, OfferDecision, ProviderProposal,
};
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::provider::{ProfileCheck, ProviderDetail, ProviderRef};
use gatewright_contract::run::{Browser, TokenRef};
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::token::TokenRefresh;
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::{Answer, RawServer};

use crate::stage::Stage;

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn an_issuer_is_shown_with_everything_that_would_be_kept_and_nothing_is() {
    let stage = Stage::new().await;
    let before = stage.app.provider_list(Nothing {}).await.unwrap();
    let found = discover(&stage).await;
    let proposal = proposed(&found);
    assert!(found.documents.iter().any(|document| document.believed && document.status == Some(200)));
    assert_eq!(found.documents.len(), 2, "both places are named");
    let token = proposal.endpoints.iter().find(|endpoint| endpoint.member == "token_endpoint").unwrap();
    assert_eq!(token.weight, MetadataWeight::Secret);
    assert!(token.address.starts_with(&found.issuer) && !token.foreign, "{token:?}");
    assert!(proposal.openid && !proposal.id_token_algorithms.is_empty());
    assert_eq!(stage.app.provider_list(Nothing {}).await.unwrap(), before);
}

#[tokio::test]
async fn what_is_no_issuer_is_refused_beside_its_field() {
    let stage = Stage::new().await;
    for text in ["", "login.example.org", "http://login.example.org", "https://login.example.org/?tenant=1"] {
        let refused =
            stage.app.provider_discover(IssuerText { issuer: text.to_owned(), nearby: false }).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some("issuer")), "{text}");
    }
}

#[tokio::test]
async fn an_issuer_that_names_another_is_not_proposed() {
    let stage = Stage::new().await;
    inject(&stage, "DI-01", None).await;
    let found = discover(&stage).await;
    assert!(found.proposal.is_none());
    assert!(found.findings.iter().any(|finding| finding.code == "metadata_issuer_mismatch"), "{:?}", found.findings);
}

#[tokio::test]
async fn documents_that_contradict_each_other_are_shown_member_by_member() {
    let stage = Stage::new().await;
    inject(&stage, "DI-06", Some("conflicting")).await;
    let found = discover(&stage).await;
    assert!(!found.conflicts.is_empty(), "{}", found.sentence);
    assert!(found.conflicts.iter().all(|conflict| conflict.openid != conflict.oauth));
}

#[tokio::test]
async fn only_what_was_shown_is_adopted() {
    let stage = Stage::new().await;
    let found = discover(&stage).await;
    let (issuer, digest) = (found.issuer, "0".repeat(64));
    let never_shown = DiscoveryAdopt { issuer, name: "Acme".to_owned(), digest, nearby: false };
    assert_eq!(stage.app.provider_adopt(never_shown).await.unwrap_err().code, FailureCode::ChangedMeanwhile);
}

#[tokio::test]
async fn a_person_logs_in_and_refreshes_at_an_adopted_issuer() {
    let stage = Stage::new().await;
    let provider = adopt(&stage).await;
    assert!(provider.row.discovered && !provider.row.built_in);
    assert_eq!(provider.metadata.as_ref().and_then(|metadata| metadata.offer.clone()), None);
    let client = entered(&stage, &provider).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?} {:?}", run.sentence, run.steps.last());
    let refresh = TokenRefresh { run: run.row.id.clone(), try_once_more: false };
    let run = stage.app.token_refresh(refresh).await.unwrap();
    assert_eq!(run.grant.unwrap().refreshes, 1);
    let revoke = TokenRef { run: run.row.id, token: "access_token".to_owned() };
    let run = stage.app.token_revoke(revoke).await.unwrap();
    assert_eq!(run.steps.last().unwrap().sentence, "The server says that the token is good no more");
}

#[tokio::test]
async fn an_issuer_that_says_the_same_again_has_nothing_to_offer() {
    let stage = Stage::new().await;
    let provider = adopt(&stage).await;
    let change = stage.app.provider_refresh(which(&provider)).await.unwrap();
    assert_eq!(change.offer, None, "{}", change.sentence);
}

#[tokio::test]
async fn a_moved_endpoint_is_offered_and_counts_only_when_it_is_accepted() {
    let stage = Stage::new().await;
    let provider = adopt(&stage).await;
    let client = entered(&stage, &provider).await;
    inject(&stage, "DI-13", None).await;
    let change = stage.app.provider_refresh(which(&provider)).await.unwrap();
    let offer = change.offer.expect("the endpoints differ");
    let moved = offer.changes.iter().find(|change| change.member == "token_endpoint").unwrap();
    assert_eq!(moved.weight, MetadataWeight::Secret);
    assert_ne!(moved.before, moved.after);
    assert_eq!(endpoints(&stage, &provider).await, endpoints_of(&provider), "the old ones count");

    let other = OfferDecision { provider: provider.row.id.clone(), digest: "0".repeat(64) };
    assert_eq!(stage.app.provider_accept_change(other).await.unwrap_err().code, FailureCode::ChangedMeanwhile);
    let decision = OfferDecision { provider: provider.row.id.clone(), digest: offer.digest };
    let accepted = stage.app.provider_accept_change(decision.clone()).await.unwrap();
    assert_ne!(endpoints_of(&accepted), endpoints_of(&provider));
    assert_eq!(accepted.metadata.unwrap().offer, None);
    assert_eq!(stage.app.provider_decline_change(decision).await.unwrap_err().code, FailureCode::ChangedMeanwhile);
    let secret = SecretRef { client: client.row.id, confirmed: true };
    assert!(stage.app.secret_reveal(secret).await.is_ok(), "the person's word lets the secret go to the new place");
}

#[tokio::test]
async fn a_declined_offer_is_gone_and_the_old_endpoints_stay() {
    let stage = Stage::new().await;
    let provider = adopt(&stage).await;
    inject(&stage, "DI-13", None).await;
    let offer = stage.app.provider_refresh(which(&provider)).await.unwrap().offer.unwrap();
    let decision = OfferDecision { provider: provider.row.id.clone(), digest: offer.digest };
    let declined = stage.app.provider_decline_change(decision).await.unwrap();
    assert_eq!(declined.metadata.clone().unwrap().offer, None);
    assert_eq!(endpoints_of(&declined), endpoints_of(&provider));
}

#[tokio::test]
async fn a_token_is_not_sent_to_an_endpoint_that_was_not_there_when_it_came() {
    let stage = Stage::new().await;
    let collector = RawServer::start(|_| Answer::json(200, r#"{"active":true}"#)).await;
    let provider = adopt(&stage).await;
    let client = entered(&stage, &provider).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    let text = stage.app.provider_text(which(&provider)).await.unwrap().text;
    let written = endpoints_of(&provider).into_iter().find(|(title, _)| title == "Introspection endpoint").unwrap().1;
    let text = text.replace(&written, &format!("{}/introspect", collector.origin()));
    stage.app.provider_save(ProfileCheck { text }).await.unwrap();
    let introspect = TokenRef { run: run.row.id, token: "access_token".to_owned() };
    let refused = stage.app.token_introspect(introspect.clone()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::ChangedOutside, "the client's secret was kept for other endpoints");
    let paste = SecretPaste { client: client.row.id, secret: "pasted-again-for-the-new-place".to_owned() };
    stage.app.secret_paste(paste).await.unwrap();
    let refused = stage.app.token_introspect(introspect).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::ChangedOutside, "so was the token");
    assert!(collector.requests().is_empty(), "neither the token nor the client's secret went there");
}

async fn discover(stage: &Stage) -> Discovery {
    let chaster = ProviderRef { provider: "chaster".to_owned() };
    let issuer = stage.app.provider_show(chaster).await.unwrap().sandbox_base_url.expect("the sandbox runs");
    stage.app.provider_discover(IssuerText { issuer, nearby: false }).await.unwrap()
}

fn proposed(found: &Discovery) -> ProviderProposal {
    found.proposal.clone().unwrap_or_else(|| panic!("{} {:?}", found.sentence, found.findings))
}

async fn adopt(stage: &Stage) -> ProviderDetail {
    let found = discover(stage).await;
    let digest = proposed(&found).digest;
    let request = DiscoveryAdopt { issuer: found.issuer, name: "Acme Login".to_owned(), digest, nearby: false };
    stage.app.provider_adopt(request).await.unwrap()
}

/// A client that was registered at the twin, entered as one of a real provider.
async fn entered(stage: &Stage, provider: &ProviderDetail) -> ClientDetail {
    let registered = stage.register("chaster", CALLBACK).await;
    let secret = SecretRef { client: registered.row.id.clone(), confirmed: true };
    let request = ClientEnter {
        provider: provider.row.id.clone(),
        environment: Environment::Production,
        name: "Website at Acme".to_owned(),
        client_id: registered.row.client_id,
        secret: Some(stage.app.secret_reveal(secret).await.unwrap().value),
        redirect_uris: vec![CALLBACK.to_owned()],
        ownership: Ownership::Owned,
        owner: "Ada".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol: None,
    };
    stage.app.client_enter(request).await.unwrap()
}

fn which(provider: &ProviderDetail) -> ProviderRef {
    ProviderRef { provider: provider.row.id.clone() }
}

async fn endpoints(stage: &Stage, provider: &ProviderDetail) -> Vec<(String, String)> {
    endpoints_of(&stage.app.provider_show(which(provider)).await.unwrap())
}

fn endpoints_of(provider: &ProviderDetail) -> Vec<(String, String)> {
    let group = provider.groups.iter().find(|group| group.title == "Endpoints").unwrap();
    group.statements.iter().map(|statement| (statement.title.clone(), statement.value.clone())).collect()
}

async fn inject(stage: &Stage, fault: &str, variant: Option<&str>) {
    let rule = FaultRule {
        fault: fault.to_owned(),
        variant: variant.map(str::to_owned),
        twin: "chaster".to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    };
    stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
}
