//! Ending the session at the server.

use gatewright_protocol::Secret;
use gatewright_protocol::logout::LogoutCallback;

use crate::by_hand::ByHand;
use crate::person::{Decision, Page};
use crate::stage::Stage;

/// §2: the server asks, the person says yes, the state comes back; session and tokens are gone.
#[tokio::test]
async fn a_person_who_logs_out_has_to_sign_in_again() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let tokens = hand.log_in(&["openid"]).await;
    assert_eq!(hand.log_out(&tokens.id_token.unwrap()).await.unwrap(), LogoutCallback::Confirmed);
    assert!(!hand.takes(&tokens.access_token).await);
    hand.code(&["openid"]).await;
    assert_eq!(hand.person.passwords_typed(), 2);
}

/// §2: who says no stays on a page of the server, which never sends him back.
#[tokio::test]
async fn a_person_who_stays_signed_in_does_not_come_back() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let tokens = hand.log_in(&["openid"]).await;
    hand.person.decide(Decision::Decline);
    assert!(hand.log_out(&tokens.id_token.unwrap()).await.is_err());
    assert!(hand.takes(&tokens.access_token).await);
}

/// §2: a hint that the server has not signed ends on its own page.
#[tokio::test]
async fn a_forged_hint_ends_on_the_servers_own_page() {
    let stage = Stage::django_toolkit().await;
    let hand = ByHand::client(&stage, "confidential").await;
    let id_token = hand.log_in(&["openid"]).await.id_token.unwrap();
    let (head, _) = id_token.expose().rsplit_once('.').unwrap();
    let Err(Page { status, .. }) = hand.log_out(&Secret::new(format!("{head}.AAAA"))).await else {
        panic!("a forged hint was taken");
    };
    assert_eq!(status, 400);
}
