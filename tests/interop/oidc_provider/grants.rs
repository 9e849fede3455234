//! What becomes of tokens: refreshed, revoked, asked about.

use gatewright_protocol::Secret;
use gatewright_protocol::id_token::compare_refreshed;
use gatewright_protocol::introspection::IntrospectionResponse;
use gatewright_protocol::revocation::RevocationResponse;
use gatewright_protocol::token::{RefreshResponse, Rotation};

use crate::answers::{known, renewed, said};
use crate::by_hand::{ByHand, Proof};
use crate::stage::Stage;

const OFFLINE: [&str; 2] = ["openid", "offline_access"];

/// §1: a refresh token comes only with `offline_access` and `prompt=consent`.
#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    assert!(hand.log_in(&["openid"]).await.refresh_token.is_none());
    assert!(hand.log_in(&OFFLINE).await.refresh_token.is_some());
}

/// §1: a confidential client's refresh token is not rotated: it stays good, and so does what was got with it before.
#[tokio::test]
async fn a_confidential_client_keeps_its_refresh_token() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let login = hand.log_in(&OFFLINE).await;
    let original = hand.judge(&login, hand.advertised(), false).verified().unwrap();
    let refresh_token = login.refresh_token.unwrap();
    for _time in 0..2 {
        let renewed = renewed(hand.refresh(&refresh_token, &OFFLINE).await);
        assert_eq!(renewed.rotation, Rotation::Same);
        assert_eq!(renewed.wider, [""; 0]);
        assert!(hand.takes(&renewed.tokens.access_token).await);
        let judgement = hand.judge(&renewed.tokens, hand.advertised(), true);
        assert_eq!(judgement.discrepancies(), []);
        assert_eq!(compare_refreshed(&original.claims, &judgement.claims.unwrap()), []);
    }
}

/// §1: a public client's refresh token is rotated, and using the old one again revokes the whole grant.
#[tokio::test]
async fn a_refresh_token_of_a_public_client_is_good_once() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "native").await;
    let old = hand.log_in(&OFFLINE).await.refresh_token.unwrap();
    let renewed = renewed(hand.refresh(&old, &OFFLINE).await);
    assert_eq!(renewed.rotation, Rotation::Rotated);
    assert!(hand.takes(&renewed.tokens.access_token).await);

    assert!(hand.refresh(&old, &OFFLINE).await.ends_the_grant());
    assert!(!hand.takes(&renewed.tokens.access_token).await, "what the thief or we have got is dead as well");
    assert!(hand.refresh(&renewed.refresh_token, &OFFLINE).await.ends_the_grant());
}

/// RFC 6749 §6: a refresh may ask for less than was granted, and not for more.
#[tokio::test]
async fn a_refresh_may_narrow_the_scopes_and_not_widen_them() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let scopes = ["openid", "email", "offline_access"];
    let token = hand.log_in(&scopes).await.refresh_token.unwrap();
    let asking = |names: &[&str]| {
        hand.refresh_request(&token).scope(&names.iter().map(|name| (*name).into()).collect::<Vec<_>>())
    };

    let narrowed = renewed(hand.ask_for_refresh(asking(&["openid"]), &token, &scopes).await);
    assert_eq!((narrowed.scopes, narrowed.wider), (vec!["openid".to_owned()], Vec::new()));
    match hand.ask_for_refresh(asking(&["openid", "profile"]), &token, &scopes).await {
        RefreshResponse::Refused(refusal) => assert_eq!(said(refusal), (400, "invalid_scope".to_owned())),
        other => panic!("{other:?}"),
    }
}

/// RFC 6749 §6: a refresh token is bound to its client.
#[tokio::test]
async fn a_refresh_token_of_another_client_is_refused() {
    let stage = Stage::oidc_provider().await;
    let token = ByHand::client(&stage, "basic").await.log_in(&OFFLINE).await.refresh_token.unwrap();
    let other = ByHand::client(&stage, "post").await.proving_by(Proof::Body);
    match other.refresh(&token, &OFFLINE).await {
        RefreshResponse::Refused(refusal) => assert_eq!(said(refusal), (400, "invalid_grant".to_owned())),
        other => panic!("{other:?}"),
    }
}

/// §1 (RFC 7009): a revoked token is dead at once; of one it never knew the server says the same.
#[tokio::test]
async fn a_revoked_access_token_is_dead() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let token = hand.log_in(&["openid"]).await.access_token;
    assert!(hand.takes(&token).await && hand.is_active(&token).await);
    for token in [&token, &Secret::new("a-token-nobody-has-issued")] {
        let response = hand.revoke(token).await;
        assert!(matches!(response, RevocationResponse::Revoked { said: None }), "{response:?}");
    }
    assert!(!hand.takes(&token).await && !hand.is_active(&token).await);
}

/// §1: revoking the refresh token ends the grant with every token of it.
#[tokio::test]
async fn a_revoked_refresh_token_takes_the_access_token_along() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let tokens = hand.log_in(&OFFLINE).await;
    let refresh_token = tokens.refresh_token.unwrap();
    hand.revoke(&refresh_token).await;
    assert!(hand.refresh(&refresh_token, &OFFLINE).await.ends_the_grant());
    assert!(!hand.takes(&tokens.access_token).await);
}

/// §1 (RFC 7662): what the server knows of a good token, of a bad one, and that it tells nothing to whom it does not know.
#[tokio::test]
async fn the_server_tells_a_client_about_its_token() {
    let stage = Stage::oidc_provider().await;
    let mut hand = ByHand::client(&stage, "basic").await;
    let token = hand.log_in(&["openid", "email"]).await.access_token;
    let about = known(hand.introspect(&token).await.1);
    assert!(about.active && about.oddities.is_empty(), "{about:?}");
    let expected = [("client_id", "basic"), ("scope", "openid email"), ("sub", "ada"), ("iss", stage.peer.issuer())];
    for (name, text) in expected {
        assert!(about.members.contains(&(name.to_owned(), text.to_owned())), "{name}: {:?}", about.members);
    }
    assert!(!hand.is_active(&Secret::new("a-token-nobody-has-issued")).await);

    hand.secret = Some(Secret::new("not-the-secret-of-this-client"));
    match hand.introspect(&token).await.1 {
        IntrospectionResponse::Refused(refusal) => assert_eq!(said(refusal), (401, "invalid_client".to_owned())),
        other => panic!("{other:?}"),
    }
}
