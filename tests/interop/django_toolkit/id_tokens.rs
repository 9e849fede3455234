//! ID tokens as somebody else signs them.

use gatewright_protocol::jose::{AlgorithmPolicy, SigningAlgorithm};

use crate::by_hand::ByHand;
use crate::stage::Stage;

/// §2: RS256 with the one published key; `at_hash` is there and fits the access token of the same answer.
#[tokio::test]
async fn an_id_token_is_verified_with_the_published_key() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let mut tokens = hand.log_in(&["openid", "profile"]).await;
    let judgement = hand.judge(&tokens, hand.advertised(), false);
    assert_eq!(judgement.discrepancies(), []);
    let verified = judgement.verified().unwrap();
    assert_eq!((verified.subject.as_str(), verified.algorithm), ("1", SigningAlgorithm::Rs256));
    assert!(verified.claims.contains_key("at_hash"), "{:?}", verified.claims);

    tokens.access_token = hand.log_in(&["openid"]).await.access_token;
    let swapped = hand.judge(&tokens, hand.advertised(), false);
    let codes: Vec<_> = swapped.claim_defects.iter().map(|defect| (defect.code, defect.field.as_str())).collect();
    assert!(swapped.signature.is_valid() && codes.len() == 1 && codes[0].1 == "at_hash", "{codes:?}");
}

/// Our configuration: this client's secret is kept as it is and signs its ID tokens (OpenID Connect Core §10.1).
#[tokio::test]
async fn an_id_token_signed_with_the_client_secret_is_verified_where_the_client_is_registered_so() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "signed_HS256").await;
    let tokens = hand.log_in(&["openid"]).await;
    let registered = AlgorithmPolicy { registered: Some(SigningAlgorithm::Hs256), advertised: None };
    let judgement = hand.judge(&tokens, registered, false);
    assert_eq!(judgement.discrepancies(), []);
    assert!(!hand.judge(&tokens, hand.advertised(), false).is_valid(), "a list in the metadata is no registration");
}
