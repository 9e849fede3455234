//! ID tokens: judged in a step of their own, and nothing believed that is not right.

use gatewright_engine::login::LoginError;
use gatewright_model::Outcome;
use gatewright_model::dialect::{ClientAuthentication, IdentitySource};
use gatewright_model::run::{EndReason, StepKind, StepStatus};
use gatewright_protocol::Secret;
use gatewright_protocol::jose::{SigningAlgorithm, SigningKey, sign};
use serde_json::{Value, json};

use crate::issuer::*;
use crate::stage::*;

/// A login is refused for this reason: userinfo is not asked, and no token is kept.
#[track_caller]
fn refused(stage: &Stage, walked: &Walked, code: &str) {
    assert_eq!(walked.ending().reason, EndReason::IdTokenRejected, "{}", walked.ending().sentence);
    assert!(walked.findings().contains(&code), "{:?} without {code}", walked.findings());
    assert!(walked.end.identity.is_none());
    assert!(!asked(stage).contains(&"userinfo".to_owned()), "no claim of such a login is asked for");
    assert!(walked.end.to_seal.is_empty(), "tokens of a refused login would be kept");
    assert_eq!(walked.end.tokens.as_ref().map(|tokens| tokens.issued.len()), Some(0), "they are said to be there");
}

#[tokio::test]
async fn a_login_with_a_right_id_token_goes_through_every_step() {
    let provider = OpenIdProvider::new();
    let (stage, walked) = provider.log_in().await;
    assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 0 }, "{:?}", walked.findings());
    assert_eq!(walked.subject(), "5f0c");
    let kinds: Vec<_> = walked.end.steps.iter().map(|step| (step.kind, step.status)).collect();
    let all = [
        StepKind::Discovery,
        StepKind::AuthorizationRequest,
        StepKind::Pages,
        StepKind::Callback,
        StepKind::TokenRequest,
        StepKind::IdToken,
        StepKind::Identity,
    ];
    assert_eq!(kinds, all.map(|kind| (kind, StepStatus::Passed)));
    assert_eq!(asked(&stage), ["openid-configuration", "token", "certs", "userinfo"]);
    assert_eq!(walked.step(StepKind::IdToken).sentence, "Signed with ES256, every claim as it should be");
}

#[tokio::test]
async fn a_wrong_claim_ends_the_login_with_its_own_code() {
    for (claims, code) in [
        (json!({ "iss": "https://other.example" }), "claim_issuer"),
        (json!({ "sub": null }), "claim_subject"),
        (json!({ "aud": "8" }), "claim_audience"),
        (json!({ "aud": ["7", "8"], "azp": "7" }), "claim_audience"),
        (json!({ "azp": "8" }), "claim_authorized_party"),
        (json!({ "iat": null }), "claim_issued_at"),
        (json!({ "exp": NOW - 360 }), "claim_expiry"),
        (json!({ "nbf": NOW + 120 }), "claim_not_before"),
        (json!({ "nonce": "other" }), "claim_nonce"),
        (json!({ "nonce": null }), "claim_nonce"),
        (json!({ "at_hash": "b3RoZXI" }), "claim_access_token_hash"),
    ] {
        let (stage, walked) = OpenIdProvider::with(|script| script.claims = claims).log_in().await;
        refused(&stage, &walked, code);
    }
}

#[tokio::test]
async fn a_wrong_signature_is_told_apart_from_wrong_claims() {
    let stranger = Key::new("k1");
    let (stage, walked) = OpenIdProvider::with(|script| {
        script.keys = vec![stranger.published()];
        script.claims = json!({ "aud": "8" });
    })
    .log_in()
    .await;
    refused(&stage, &walked, "jws_signature");
    assert_eq!(walked.findings(), ["jws_signature", "claim_audience"]);
    assert!(walked.ending().sentence.contains("the signature is not valid, and claims are wrong"));
    assert_eq!(asked(&stage).iter().filter(|path| *path == "certs").count(), 1, "a named key is not fetched twice");
}

#[tokio::test]
async fn an_id_token_that_is_none_is_refused() {
    let unsigned = "eyJhbGciOiJub25lIn0.e30.";
    for (token, code) in [
        (json!(unsigned), "jws_alg"),
        (json!("aa.bb"), "jws_parts"),
        (json!("a.b.c.d.e"), "jwe_unsupported"),
        (Value::Null, "id_token_missing"),
    ] {
        let (stage, walked) = OpenIdProvider::with(|script| script.id_token = Some(token)).log_in().await;
        refused(&stage, &walked, code);
    }
}

#[tokio::test]
async fn keys_that_were_changed_just_before_signing_are_fetched_once_more() {
    let provider = OpenIdProvider::with(|script| script.cache = "max-age=300");
    let stage = provider.stage().await;
    assert_eq!(stage.walk(provider.person()).await.subject(), "5f0c");
    provider.change(|script| script.key = Key::new("k2"));
    assert_eq!(stage.walk(provider.person()).await.subject(), "5f0c");
    let paths = asked(&stage);
    assert_eq!(
        paths,
        ["openid-configuration", "token", "certs", "userinfo", "token", "openid-configuration", "certs", "userinfo"]
    );
}

#[tokio::test]
async fn keys_may_have_moved_since_the_metadata_were_read() {
    let provider = OpenIdProvider::with(|script| script.cache = "max-age=300");
    let stage = provider.stage().await;
    stage.walk(provider.person()).await;
    let moved = format!("{}/keys", provider.issuer());
    provider.change(|script| {
        script.key = Key::new("k2");
        script.metadata = json!({ "jwks_uri": moved });
    });
    assert_eq!(stage.walk(provider.person()).await.subject(), "5f0c");
    assert!(asked(&stage).contains(&"keys".to_owned()));
}

#[tokio::test]
async fn keys_that_change_at_every_fetch_are_fetched_once_more_and_then_the_login_ends() {
    let provider = OpenIdProvider::with(|script| script.keys = vec![Key::new("other").published()]);
    let (stage, walked) = provider.log_in().await;
    refused(&stage, &walked, "key_unknown");
    assert_eq!(asked(&stage).iter().filter(|path| *path == "certs").count(), 2);
}

#[tokio::test]
async fn a_token_without_a_key_name_is_fine_with_one_key_and_ambiguous_with_two() {
    let one = OpenIdProvider::with(|script| script.key = Key::unnamed());
    assert_eq!(one.log_in().await.1.subject(), "5f0c");
    let two = OpenIdProvider::with(|script| {
        script.key = Key::unnamed();
        script.keys = vec![script.key.published(), Key::unnamed().published()];
    });
    let (stage, walked) = two.log_in().await;
    refused(&stage, &walked, "key_ambiguous");
}

#[tokio::test]
async fn keys_that_cannot_be_had_leave_the_token_unbelieved() {
    let (stage, walked) =
        OpenIdProvider::with(|script| script.keys = vec![json!({ "kty": "oct", "k": "AA" })]).log_in().await;
    refused(&stage, &walked, "key_unknown");
    let gone = OpenIdProvider::new();
    let stage = gone.stage().await;
    let nowhere = format!("{}/gone", gone.issuer());
    gone.change(|script| script.metadata = json!({ "jwks_uri": nowhere }));
    let walked = stage.walk(gone.person()).await;
    refused(&stage, &walked, "jwks_unusable");
    assert!(walked.findings().contains(&"key_set_missing"));
}

#[tokio::test]
async fn a_published_private_key_is_told_and_the_login_goes_on() {
    let (_, walked) = OpenIdProvider::with(|script| {
        let mut key = script.key.published();
        key["d"] = "c2VjcmV0".into();
        script.keys = vec![key];
    })
    .log_in()
    .await;
    assert_eq!(walked.subject(), "5f0c");
    assert_eq!(walked.findings(), ["jwks_private_members"]);
    assert!(walked.step(StepKind::IdToken).sentence.contains("the login goes on"));
    assert!(!walked.record().contains("c2VjcmV0"), "a private key is not recorded");
}

#[tokio::test]
async fn max_age_and_an_essential_acr_are_asked_for_and_demanded() {
    let provider = OpenIdProvider::with(|script| script.claims = json!({ "auth_time": NOW - 20, "acr": "1" }));
    let mut stage = provider.stage().await;
    stage.plan.settings.max_age = Some(60);
    stage.plan.settings.acr_values = vec!["1".to_owned()];
    stage.plan.settings.acr_essential = true;
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.subject(), "5f0c", "{:?}", walked.findings());
    let request = &walked.step(StepKind::AuthorizationRequest).exchanges[0].request;
    let parameter = |name: &str| request.query.iter().find(|field| field.name == name).unwrap().value.to_plain();
    assert_eq!(parameter("max_age"), "60");
    assert_eq!(parameter("claims"), r#"{"id_token":{"acr":{"essential":true,"values":["1"]}}}"#);
    assert_eq!(parameter("nonce"), "‹nonce#1›");

    provider.change(|script| script.claims = json!({ "auth_time": NOW - 600, "acr": "0" }));
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.findings(), ["claim_authentication_context", "claim_authentication_time"]);
}

#[tokio::test]
async fn an_id_token_is_the_identity_where_there_is_no_endpoint() {
    let provider = OpenIdProvider::new();
    let mut stage = provider.stage().await;
    stage.plan.provider.endpoints.identity = None;
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.subject(), "5f0c");
    let identity = walked.end.identity.as_ref().unwrap();
    assert_eq!(identity.display_name.as_deref(), Some("ada"));
    let names: Vec<_> = identity.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["sub", "preferred_username"], "claims about the token are none about the person");
    assert!(!asked(&stage).contains(&"userinfo".to_owned()));
    stage.plan.provider.dialect.identity.source.value = IdentitySource::Nowhere;
    let walked = stage.walk(provider.person()).await;
    assert!(walked.end.identity.is_none());
    assert_eq!(walked.end.outcome, Outcome::LoggedIn { findings: 0 });
}

#[tokio::test]
async fn an_id_token_that_nobody_asked_for_is_judged_and_not_used() {
    let provider = OpenIdProvider::new();
    let mut stage = provider.stage().await;
    stage.plan.scopes = vec!["profile".to_owned()];
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.findings(), ["id_token_unasked"]);
    provider.change(|script| script.claims = json!({ "aud": "8" }));
    let walked = stage.walk(provider.person()).await;
    assert_eq!(walked.findings(), ["claim_audience", "id_token_unasked"]);
    assert_eq!(walked.subject(), "5f0c");
}

#[tokio::test]
async fn a_secret_signs_id_tokens_only_where_the_client_allows_it() {
    let provider = OpenIdProvider::new();
    let mut stage = provider.stage().await;
    let signed = |provider: &OpenIdProvider, secret: Secret| {
        let key = SigningKey::secret(secret);
        let claims = json!({ "iss": provider.issuer(), "sub": "5f0c", "aud": "7", "exp": NOW + 300, "iat": NOW });
        sign(SigningAlgorithm::Hs256, &key, None, &claims).unwrap()
    };
    let token = signed(&provider, stage.secret.secret());
    provider.change(|script| script.id_token = Some(token.into()));
    stage.plan.provider.openid.as_mut().unwrap().nonce.value = gatewright_model::dialect::Presence::Absent;
    stage.plan.settings.id_token_signed_response_alg = Some(SigningAlgorithm::Hs256);
    let walked = stage.walk(provider.person()).await;
    refused(&stage, &walked, "jws_alg");

    stage.plan.settings.hmac_allowed = true;
    let walked = stage.walk(provider.person()).await;
    refused(&stage, &walked, "jws_secret_short");

    let long = Secret::new("a client secret of thirty-two bytes and more");
    let token = signed(&provider, long.clone());
    provider.change(|script| script.id_token = Some(token.into()));
    stage.plan.client_secret.as_mut().unwrap().value = long;
    assert_eq!(stage.walk(provider.person()).await.subject(), "5f0c");
    assert!(!asked(&stage).contains(&"certs".to_owned()), "HMAC needs no published key");
}

#[tokio::test]
async fn a_client_proves_itself_by_assertion_and_sends_no_secret() {
    let provider = OpenIdProvider::new();
    let mut stage = provider.stage().await;
    stage.plan.settings.client_authentication = Some(ClientAuthentication::ClientSecretJwt);
    assert_eq!(stage.walk(provider.person()).await.subject(), "5f0c");
    let request = stage.server.requests().into_iter().find(|request| request.method == "POST").unwrap();
    assert_eq!(
        field(&request, "client_assertion_type").unwrap(),
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert!(field(&request, "client_assertion").unwrap().starts_with("eyJ"));
    assert!(!request.body.contains(stage.secret.as_str()));

    stage.plan.settings.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
    let error = stage.try_walk(provider.person(), |_| {}).await.err().unwrap();
    assert!(matches!(error, LoginError::Plan(_)), "{error}");
}
