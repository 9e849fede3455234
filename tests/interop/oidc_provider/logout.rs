//! Ending the session at the server.

use gatewright_protocol::Secret;
use gatewright_protocol::logout::LogoutCallback;

use crate::by_hand::ByHand;
use crate::person::{Decision, Page};
use crate::stage::Stage;

/// §1: the server asks, the person says yes, the state comes back, and the next login asks for the password again.
#[tokio::test]
async fn a_person_who_logs_out_has_to_sign_in_again() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let id_token = hand.log_in(&["openid"]).await.id_token.unwrap();
    hand.code(&["openid"]).await;
    assert_eq!(hand.person.passwords_typed(), 1, "the session was still there");

    assert_eq!(hand.log_out(&id_token).await.unwrap(), LogoutCallback::Confirmed);
    hand.code(&["openid"]).await;
    assert_eq!(hand.person.passwords_typed(), 2, "the session was over");
}

/// §1: a person may stay signed in and comes back all the same: the callback says nothing about the session at the server.
#[tokio::test]
async fn a_person_who_stays_signed_in_comes_back_as_well() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let id_token = hand.log_in(&["openid"]).await.id_token.unwrap();
    hand.person.decide(Decision::Decline);
    assert_eq!(hand.log_out(&id_token).await.unwrap(), LogoutCallback::Confirmed);
    hand.person.decide(Decision::Approve);
    hand.code(&["openid"]).await;
    assert_eq!(hand.person.passwords_typed(), 1, "the session goes on");
}

/// §1: a hint that the server has not signed, and an address that is not registered, end on the server's own page.
#[tokio::test]
async fn a_forged_hint_ends_on_the_servers_own_page() {
    let stage = Stage::oidc_provider().await;
    let hand = ByHand::client(&stage, "basic").await;
    let id_token = hand.log_in(&["openid"]).await.id_token.unwrap();
    let (head, _) = id_token.expose().rsplit_once('.').unwrap();
    let Err(Page { status, text, .. }) = hand.log_out(&Secret::new(format!("{head}.AAAA"))).await else {
        panic!("a forged hint was taken");
    };
    assert!(status == 400 && text.contains("id_token_hint"), "{status} {text}");
}
