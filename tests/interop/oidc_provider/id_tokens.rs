//! ID tokens as somebody else signs them.

use gatewright_protocol::id_token::NonceRule;
use gatewright_protocol::jose::{AlgorithmPolicy, SigningAlgorithm};
use gatewright_protocol::jwt_view::JwtView;
use gatewright_protocol::nonce::Nonce;
use gatewright_protocol::token::IssuedTokens;

use crate::answers::{granted, issued};
use crate::by_hand::{ByHand, nonce};
use crate::stage::Stage;

fn registered(algorithm: SigningAlgorithm) -> AlgorithmPolicy {
    AlgorithmPolicy { registered: Some(algorithm), advertised: None }
}

/// §1: RS256 unless a client is registered otherwise; `aud` is a text, there is no `at_hash` and no claim about the person but `sub`.
#[tokio::test]
async fn an_id_token_is_verified_with_the_published_key() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let tokens = hand.log_in(&["openid", "profile", "email"]).await;
    let judgement = hand.judge(&tokens, hand.advertised(), false);
    assert_eq!(judgement.discrepancies(), []);
    assert_eq!(judgement.notices, []);
    let verified = judgement.verified().unwrap();
    assert_eq!((verified.subject.as_str(), verified.algorithm), ("ada", SigningAlgorithm::Rs256));
    assert_eq!(verified.claims["aud"], "basic");
    for absent in ["at_hash", "name", "email"] {
        assert!(!verified.claims.contains_key(absent), "{absent}");
    }
    assert_eq!(JwtView::of(tokens.access_token.expose()), JwtView::Opaque, "access tokens say nothing");
}

/// Our configuration: each of these clients is registered for an algorithm of its own.
#[tokio::test]
async fn an_id_token_is_verified_by_the_algorithm_its_client_is_registered_for() {
    let stage = Stage::oidc_provider().await;
    let algorithms =
        [SigningAlgorithm::Ps256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Hs256];
    for algorithm in algorithms {
        let hand = ByHand::client(&stage, &format!("signed_{}", algorithm.name())).await;
        let tokens = hand.log_in(&["openid"]).await;
        let judgement = hand.judge(&tokens, registered(algorithm), false);
        assert_eq!(judgement.verified().map(|verified| verified.algorithm), Some(algorithm), "{judgement:?}");
        let other = hand.judge(&tokens, registered(SigningAlgorithm::Rs256), false);
        assert_eq!(codes(&other.discrepancies()), ["jws_alg"], "well signed, but not as registered");
    }
}

/// V-20: `auth_time` comes where `max_age` asks for it, and is demanded only then.
#[tokio::test]
async fn the_time_of_the_sign_in_is_told_and_judged_where_it_was_asked_for() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let nonce = nonce();
    let judged = |tokens: &IssuedTokens, max_age: Option<u64>| {
        hand.judge_by(tokens, hand.advertised(), NonceRule::Sent(&nonce), max_age)
    };
    let code = granted(hand.visit(&hand.challenged(&["openid"]).max_age(600).url()).await);
    let asked = issued(hand.exchange(&code).await);
    assert_eq!(judged(&asked, Some(600)).discrepancies(), []);

    stage.until_the_peers_clock_is_past(1).await;
    let unasked = hand.log_in(&["openid"]).await;
    assert_eq!(judged(&unasked, None).discrepancies(), []);
    let missing = judged(&unasked, Some(600));
    let fields: Vec<_> = missing.claim_defects.iter().map(|defect| defect.field.as_str()).collect();
    assert_eq!(fields, ["auth_time"]);

    // Longer ago than asked for: the server lets the person sign in again.
    let code = granted(hand.visit(&hand.challenged(&["openid"]).max_age(1).url()).await);
    let again = issued(hand.exchange(&code).await);
    assert_eq!(judged(&again, Some(1)).discrepancies(), []);
    assert_eq!(hand.person.passwords_typed(), 2);
}

/// V-18: the nonce that was sent comes back.
#[tokio::test]
async fn an_id_token_without_the_nonce_of_its_login_is_refused() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let tokens = hand.log_in(&["openid"]).await;
    let other = Nonce::from_random([9; 32]);
    for rule in [NonceRule::Sent(&other), NonceRule::NotSent] {
        let judgement = hand.judge_by(&tokens, hand.advertised(), rule, None);
        let fields: Vec<_> = judgement.claim_defects.iter().map(|defect| defect.field.as_str()).collect();
        assert_eq!(fields, ["nonce"], "{rule:?}");
    }
}

/// V-13: HMAC with the client secret counts only where the client is registered for it, whatever the metadata list.
#[tokio::test]
async fn a_list_in_the_metadata_does_not_make_the_secret_a_key() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "signed_HS256").await;
    let tokens = hand.log_in(&["openid"]).await;
    assert!(hand.advertised().advertised.unwrap().contains(&"HS256".to_owned()));
    assert!(!hand.judge(&tokens, hand.advertised(), false).is_valid());
}

/// Keys are new at every start: a server that was started again has none that fits, and asking anew might help.
#[tokio::test]
async fn the_keys_of_another_server_verify_nothing() {
    let stage = Stage::oidc_provider().await;
    let mut hand = ByHand::client(&stage, "basic").await;
    let tokens = hand.log_in(&["openid"]).await;
    let other = Stage::oidc_provider().await;
    hand.discovered.keys = crate::discovered::Discovered::of(&other).await.keys;
    let judgement = hand.judge(&tokens, hand.advertised(), false);
    assert!(!judgement.signature.is_valid() && judgement.claim_defects.is_empty(), "{judgement:?}");
}

fn codes(found: &[gatewright_protocol::discrepancy::Discrepancy]) -> Vec<&'static str> {
    found.iter().map(|discrepancy| discrepancy.code).collect()
}
