//! A callback's issuer (RFC 9207), and the mix-up it is there against.

use gatewright_model::run::EndReason;
use gatewright_protocol::RedirectUri;
use gatewright_sandbox::Twin::{self, Chaster, Chattr, Chattz, ContentDb, Gitter};

use super::delivery::callbacks;
use crate::proof::{outlives, refuses_the_callback};
use crate::stage::Stage;

/// Proves: V-05 by AZ-07.
#[tokio::test]
async fn a_callback_without_the_promised_issuer_is_refused() {
    refuses_the_callback(Chaster, "AZ-07", "issuer_missing").await;
}

/// Proves: V-05 by AZ-08:suffix.
#[tokio::test]
async fn an_issuer_with_something_behind_it_is_refused() {
    refuses_the_callback(Chaster, "AZ-08:suffix", "issuer_mismatch").await;
}

/// Proves: V-05 by AZ-08:slash.
#[tokio::test]
async fn an_issuer_with_a_slash_behind_it_is_refused() {
    refuses_the_callback(Chaster, "AZ-08:slash", "issuer_mismatch").await;
}

/// Proves: V-05 by AZ-08:case.
#[tokio::test]
async fn an_issuer_in_other_letter_case_is_refused() {
    refuses_the_callback(Chaster, "AZ-08:case", "issuer_mismatch").await;
}

/// Proves: V-05 by AZ-08:other_provider.
#[tokio::test]
async fn the_issuer_of_another_provider_is_refused() {
    refuses_the_callback(Chaster, "AZ-08:other_provider", "issuer_mismatch").await;
}

/// Proves: V-02 by AZ-09:right_wrong.
#[tokio::test]
async fn the_right_issuer_before_a_wrong_one_is_refused() {
    refuses_the_callback(Chaster, "AZ-09:right_wrong", "parameter_twice").await;
}

/// Proves: V-02 by AZ-09:wrong_right.
#[tokio::test]
async fn the_right_issuer_after_a_wrong_one_is_refused() {
    refuses_the_callback(Chaster, "AZ-09:wrong_right", "parameter_twice").await;
}

/// Proves: V-02 by AZ-09:same.
#[tokio::test]
async fn the_right_issuer_twice_is_refused() {
    refuses_the_callback(Chaster, "AZ-09:same", "parameter_twice").await;
}

/// Proves: V-05 by AZ-10:own.
#[tokio::test]
async fn an_issuer_that_nothing_promised_may_come_when_it_is_the_right_one() {
    outlives(Chattz, "AZ-10:own", &[]).await;
}

/// Proves: V-05 by AZ-10:other_provider.
#[tokio::test]
async fn an_issuer_that_nothing_promised_is_refused_when_it_is_another() {
    refuses_the_callback(Chattz, "AZ-10:other_provider", "issuer_mismatch").await;
}

/// Proves: V-05 by AZ-32:any.
#[tokio::test]
async fn a_code_of_whatever_provider_the_request_was_passed_on_to_goes_nowhere() {
    a_mix_up(Gitter, "AZ-32:any").await;
}

/// Proves: V-05 by AZ-32:chattr.
#[tokio::test]
async fn a_code_of_chattr_is_never_sent_to_chaster() {
    a_mix_up(Chattr, "AZ-32:chattr").await;
}

/// Proves: V-05 by AZ-32:chattz.
#[tokio::test]
async fn a_code_of_chattz_is_never_sent_to_chaster() {
    a_mix_up(Chattz, "AZ-32:chattz").await;
}

/// Proves: V-05 by AZ-32:gitter.
#[tokio::test]
async fn a_code_of_gitter_is_never_sent_to_chaster() {
    a_mix_up(Gitter, "AZ-32:gitter").await;
}

/// Proves: V-05 by AZ-32:contentdb.
#[tokio::test]
async fn a_code_of_contentdb_is_never_sent_to_chaster() {
    a_mix_up(ContentDb, "AZ-32:contentdb").await;
}

/// Proves: V-05 by AZ-32:chaster.
#[tokio::test]
async fn a_code_of_chaster_is_never_sent_to_a_provider_that_names_no_issuer() {
    let stage = Stage::at(Chattz).await.fault("AZ-32:chaster");
    stage.register_an_app_at(Chaster).await;
    let proof = stage.log_in().await;
    proof.ends_with("issuer_mismatch").ends_as(EndReason::CallbackRejected).without_request("token");
    proof.fired("AZ-32:chaster").leaks_nothing().next_login_works().await;
}

/// Neither provider names itself. An address of its own for each tells them apart (RFC 9700 §4.4.2): the code comes to the other one's.
///
/// Proves: V-01, V-05 by AZ-32:gitter.
#[tokio::test]
async fn a_code_that_comes_to_another_providers_address_goes_nowhere() {
    let stage = Stage::listening_at(Chattz).await.fault("AZ-32:gitter");
    let other = RedirectUri::parse(&format!("{}/gitter", stage.plan.redirect_uri)).unwrap();
    stage.register_an_app_with(Gitter, other).await;
    let proof = stage.log_in().await;
    proof.ends_as(EndReason::TimedOut).without_request("token").fired("AZ-32:gitter").leaks_nothing();
    assert_eq!(callbacks(&stage), [404]);
    proof.next_login_works().await;
}

/// A login at Chaster that another provider answers.
async fn a_mix_up(other: Twin, fault: &str) {
    let stage = Stage::at(Chaster).await.fault(fault);
    stage.register_an_app_at(other).await;
    let proof = stage.log_in().await;
    proof.ends_with("issuer_missing").ends_as(EndReason::CallbackRejected).without_request("token");
    proof.fired(fault).leaks_nothing().next_login_works().await;
}
