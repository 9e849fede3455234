//! What becomes of tokens: refreshed, revoked, asked about.

use gatewright_protocol::Secret;
use gatewright_protocol::id_token::compare_refreshed;
use gatewright_protocol::introspection::IntrospectionResponse;
use gatewright_protocol::revocation::RevocationResponse;
use gatewright_protocol::token::{RefreshResponse, Rotation};

use crate::answers::{known, renewed, said};
use crate::by_hand::ByHand;
use crate::stage::Stage;

const SCOPES: [&str; 2] = ["openid", "read"];

/// §2: a refresh rotates, and the access token of before is dead at once.
#[tokio::test]
async fn a_refresh_brings_another_refresh_token_and_kills_the_old_access_token() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let login = hand.log_in(&SCOPES).await;
    let renewed = renewed(hand.refresh(login.refresh_token.as_ref().unwrap(), &SCOPES).await);
    assert_eq!(renewed.rotation, Rotation::Rotated);
    assert_eq!((renewed.scopes, renewed.wider), (SCOPES.map(str::to_owned).to_vec(), Vec::new()));
    assert!(hand.is_active(&renewed.tokens.access_token).await);
    assert!(!hand.is_active(&login.access_token).await);
}

/// OpenID Connect Core §12.2: the ID token of a refresh, when there is one, speaks of the same login.
#[tokio::test]
async fn a_refreshed_id_token_speaks_of_the_same_person() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let login = hand.log_in(&SCOPES).await;
    let original = hand.judge(&login, hand.advertised(), false).verified().unwrap();
    let renewed = renewed(hand.refresh(login.refresh_token.as_ref().unwrap(), &SCOPES).await);
    let judgement = hand.judge(&renewed.tokens, hand.advertised(), true);
    assert_eq!(judgement.discrepancies(), []);
    assert_eq!(compare_refreshed(&original.claims, &judgement.claims.unwrap()), []);
}

/// RFC 6749 §6: a refresh may ask for less than was granted, and not for more.
#[tokio::test]
async fn a_refresh_may_narrow_the_scopes_and_not_widen_them() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let asking = |token: &Secret, names: &[&str]| {
        hand.refresh_request(token).scope(&names.iter().map(|name| (*name).into()).collect::<Vec<_>>())
    };
    let token = hand.log_in(&SCOPES).await.refresh_token.unwrap();
    let narrowed = renewed(hand.ask_for_refresh(asking(&token, &["openid"]), &token, &SCOPES).await);
    assert_eq!((narrowed.scopes, narrowed.wider), (vec!["openid".to_owned()], Vec::new()));

    let token = hand.log_in(&SCOPES).await.refresh_token.unwrap();
    match hand.ask_for_refresh(asking(&token, &["openid", "email"]), &token, &SCOPES).await {
        RefreshResponse::Refused(refusal) => assert_eq!(said(refusal), (400, "invalid_scope".to_owned())),
        other => panic!("{other:?}"),
    }
}

/// §2: a refresh token that is used twice ends its whole family.
#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_family() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let old = hand.log_in(&SCOPES).await.refresh_token.unwrap();
    let renewed = renewed(hand.refresh(&old, &SCOPES).await);
    assert!(hand.refresh(&old, &SCOPES).await.ends_the_grant());
    assert!(hand.refresh(&renewed.refresh_token, &SCOPES).await.ends_the_grant());
    assert!(!hand.is_active(&renewed.tokens.access_token).await);
}

/// §2 (RFC 7009): a revoked token is dead at once; of one it never knew the server says the same.
#[tokio::test]
async fn a_revoked_token_is_dead() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let tokens = hand.log_in(&SCOPES).await;
    let refresh_token = tokens.refresh_token.unwrap();
    assert!(hand.is_active(&tokens.access_token).await);
    for token in [&refresh_token, &tokens.access_token, &Secret::new("a-token-nobody-has-issued")] {
        let response = hand.revoke(token).await;
        assert!(matches!(response, RevocationResponse::Revoked { said: None }), "{response:?}");
    }
    assert!(!hand.is_active(&tokens.access_token).await);
    assert!(hand.refresh(&refresh_token, &SCOPES).await.ends_the_grant());
}

/// §2: who does not prove himself may not revoke: 401.
#[tokio::test]
async fn a_client_with_another_secret_revokes_nothing() {
    let stage = Stage::django_toolkit().await;
    let mut hand = ByHand::client(&stage, "confidential").await;
    let token = hand.log_in(&SCOPES).await.access_token;
    let secret = hand.secret.replace(Secret::new("not-the-secret-of-this-client"));
    match hand.revoke(&token).await {
        RevocationResponse::Refused(refusal) => assert_eq!(said(refusal), (401, "invalid_client".to_owned())),
        other => panic!("{other:?}"),
    }
    hand.secret = secret;
    assert!(hand.is_active(&token).await);
}

/// §2: introspection tells a client what it knows. Who does not prove himself gets 403 and an empty body labelled text/html, which is
/// a refusal and no broken answer.
#[tokio::test]
async fn the_server_tells_a_client_about_its_token_and_a_stranger_nothing() {
    let stage = Stage::django_toolkit().await;
    let mut hand = ByHand::client(&stage, "confidential").await;
    let token = hand.log_in(&SCOPES).await.access_token;
    let about = known(hand.introspect(&token).await.1);
    assert!(about.active && about.oddities.is_empty(), "{about:?}");
    for (name, text) in [("client_id", "confidential"), ("scope", "openid read"), ("username", "ada")] {
        assert!(about.members.contains(&(name.to_owned(), text.to_owned())), "{name}: {:?}", about.members);
    }
    assert!(!hand.is_active(&Secret::new("a-token-nobody-has-issued")).await);

    hand.secret = Some(Secret::new("not-the-secret-of-this-client"));
    let (response, judged) = hand.introspect(&token).await;
    assert_eq!((response.status, response.body.len()), (403, 0));
    assert_eq!(response.media_type().as_deref(), Some("text/html"));
    match judged {
        IntrospectionResponse::Refused(refusal) => assert_eq!(said(refusal), (403, String::new())),
        other => panic!("{other:?}"),
    }
}
