//! Who a token is for.

use gatewright_protocol::Secret;
use gatewright_protocol::jose::{AlgorithmPolicy, SigningAlgorithm};
use gatewright_protocol::userinfo::{
    SignedUserinfoRules, TokenPlacement, UserinfoDefect, UserinfoResponse, UserinfoRules, verify,
};

use crate::answers::said;
use crate::by_hand::ByHand;
use crate::stage::Stage;

fn about(subject: &str) -> UserinfoRules<'_> {
    UserinfoRules { subject: Some(subject), must_be_signed: false }
}

/// §1: the claims of the scopes come here and not in the ID token; the token is taken in the header and in the body.
#[tokio::test]
async fn the_claims_are_those_of_the_scopes_and_of_the_right_person() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let token = hand.log_in(&["openid", "profile", "email"]).await.access_token;
    for placement in [TokenPlacement::Header, TokenPlacement::Body] {
        let response = hand.userinfo(&token, placement).await;
        match UserinfoResponse::read(&response, &about("ada")) {
            UserinfoResponse::Claims(claims, oddities) => {
                assert_eq!(oddities, [], "{placement:?}");
                let names: Vec<_> = claims.members.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(names, ["sub", "name", "email", "email_verified"]);
            }
            other => panic!("{placement:?}: {other:?}"),
        }
        let somebody_else = UserinfoResponse::read(&response, &about("grace"));
        let expected = UserinfoDefect::OtherSubject { expected: "grace".to_owned(), received: "ada".to_owned() };
        assert!(matches!(&somebody_else, UserinfoResponse::Rejected(found) if *found == expected), "{somebody_else:?}");
    }
}

/// Our configuration: these clients are registered for signed answers, each by an algorithm of its own.
#[tokio::test]
async fn a_signed_answer_is_verified_like_an_id_token() {
    let stage = Stage::oidc_provider().await;
    let algorithms =
        [SigningAlgorithm::Ps256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa, SigningAlgorithm::Hs256];
    for algorithm in algorithms {
        let hand = ByHand::client(&stage, &format!("signed_{}", algorithm.name())).await;
        let token = hand.log_in(&["openid", "email"]).await.access_token;
        let response = hand.userinfo(&token, TokenPlacement::Header).await;
        let rules = UserinfoRules { subject: Some("ada"), must_be_signed: true };
        let UserinfoResponse::Signed(jwt) = UserinfoResponse::read(&response, &rules) else {
            panic!("not signed by {}", algorithm.name());
        };
        let id = hand.id.to_string();
        let rules = SignedUserinfoRules {
            issuer: stage.peer.issuer(),
            client_id: &id,
            subject: Some("ada"),
            algorithms: AlgorithmPolicy { registered: Some(algorithm), advertised: None },
        };
        assert_eq!(verify(&jwt, &rules, &hand.keys()).unwrap().subject, "ada");
        let other = AlgorithmPolicy { registered: Some(SigningAlgorithm::Rs256), advertised: None };
        let refused = verify(&jwt, &SignedUserinfoRules { algorithms: other, ..rules }, &hand.keys());
        assert!(matches!(refused, Err(UserinfoDefect::Signature(_))), "{refused:?}");
    }
}

/// §1 (RFC 6750 §3.1): a token nobody has issued is refused with 401, and the header says why.
#[tokio::test]
async fn an_unknown_token_is_refused() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let response = hand.userinfo(&Secret::new("a-token-nobody-has-issued"), TokenPlacement::Header).await;
    assert!(response.header("www-authenticate").unwrap().starts_with("Bearer "));
    match UserinfoResponse::read(&response, &about("ada")) {
        UserinfoResponse::Refused(refusal) => assert_eq!(said(refusal), (401, "invalid_token".to_owned())),
        other => panic!("{other:?}"),
    }
}
