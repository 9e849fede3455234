//! Who a token is for.

use gatewright_protocol::Secret;
use gatewright_protocol::userinfo::{TokenPlacement, UserinfoResponse, UserinfoRules};

use crate::answers::said;
use crate::by_hand::ByHand;
use crate::stage::Stage;

const RULES: UserinfoRules<'static> = UserinfoRules { subject: Some("1"), must_be_signed: false };

/// §2: the claims of the scopes, in plain JSON.
#[tokio::test]
async fn the_claims_are_those_of_the_scopes_and_of_the_right_person() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let token = hand.log_in(&["openid", "email"]).await.access_token;
    match UserinfoResponse::read(&hand.userinfo(&token, TokenPlacement::Header).await, &RULES) {
        UserinfoResponse::Claims(claims, oddities) => {
            assert_eq!(oddities, []);
            let expected = [("sub", "1"), ("email", "ada@example.org")];
            let mut members = claims.members;
            members.sort_by(|one, other| other.0.cmp(&one.0));
            assert_eq!(members, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
        }
        other => panic!("{other:?}"),
    }
}

/// §2: a token nobody has issued is refused with 401 and JSON labelled text/html; the header says why.
#[tokio::test]
async fn an_unknown_token_is_refused_whatever_the_label_of_the_answer() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let response = hand.userinfo(&Secret::new("a-token-nobody-has-issued"), TokenPlacement::Header).await;
    assert_eq!(response.media_type().as_deref(), Some("text/html"));
    assert!(response.body.starts_with(b"{"), "{}", String::from_utf8_lossy(&response.body));
    match UserinfoResponse::read(&response, &RULES) {
        UserinfoResponse::Refused(refusal) => assert_eq!(said(refusal), (401, "invalid_token".to_owned())),
        other => panic!("{other:?}"),
    }
}
