//! Metadata that are wrong when a person logs in: nothing is sent anywhere before they are believed.

use gatewright_model::run::StepKind;
use gatewright_sandbox::Twin::Chaster;

use crate::openid::refuses_the_metadata;
use crate::proof::outlives;
use crate::stage::{LITTLE_PATIENCE, Stage};

/// Proves: V-23 by DI-01:suffix.
#[tokio::test]
async fn an_issuer_with_something_behind_it_is_refused() {
    refuses_the_metadata("DI-01:suffix", &["metadata_issuer_mismatch"]).await;
}

/// Proves: V-23 by DI-01:slash.
#[tokio::test]
async fn an_issuer_with_a_slash_behind_it_is_refused() {
    refuses_the_metadata("DI-01:slash", &["metadata_issuer_mismatch"]).await;
}

/// Proves: V-23 by DI-01:case.
#[tokio::test]
async fn an_issuer_in_other_letter_case_is_refused() {
    refuses_the_metadata("DI-01:case", &["metadata_issuer_mismatch"]).await;
}

/// Proves: V-23 by DI-02.
#[tokio::test]
async fn endpoints_without_tls_away_from_this_computer_are_refused() {
    refuses_the_metadata("DI-02", &["metadata_endpoint"; 8]).await;
}

/// Proves: V-23 by DI-03:other_host.
#[tokio::test]
async fn a_token_endpoint_at_another_host_gets_no_secret() {
    moves_nothing("DI-03:other_host", 1).await;
}

/// Proves: V-23 by DI-03:loopback.
#[tokio::test]
async fn a_token_endpoint_elsewhere_on_this_computer_gets_no_secret() {
    moves_nothing("DI-03:loopback", 1).await;
}

/// Proves: V-23 by DI-03:link_local.
#[tokio::test]
async fn a_token_endpoint_in_the_network_at_hand_gets_no_secret() {
    refuses_the_metadata("DI-03:link_local", &["metadata_endpoint"]).await;
}

/// Proves: V-23 by DI-03:loopback_v6.
#[tokio::test]
async fn a_token_endpoint_at_the_other_loopback_address_gets_no_secret() {
    moves_nothing("DI-03:loopback_v6", 1).await;
}

/// Proves: V-23 by DI-03:file.
#[tokio::test]
async fn a_token_endpoint_that_is_a_file_is_refused() {
    refuses_the_metadata("DI-03:file", &["metadata_endpoint"]).await;
}

/// Proves: V-23 by DI-03:userinfo.
#[tokio::test]
async fn a_token_endpoint_with_a_password_in_its_address_is_refused() {
    refuses_the_metadata("DI-03:userinfo", &["metadata_endpoint"]).await;
}

/// Proves: V-23 by DI-03:port_0.
#[tokio::test]
async fn a_token_endpoint_at_port_0_is_refused() {
    refuses_the_metadata("DI-03:port_0", &["metadata_endpoint"]).await;
}

/// Proves: V-23 by DI-04:no_issuer.
#[tokio::test]
async fn metadata_without_an_issuer_are_refused() {
    names_the_member("DI-04:no_issuer", "metadata_issuer_mismatch", "issuer").await;
}

/// Proves: V-23 by DI-04:no_authorization_endpoint.
#[tokio::test]
async fn metadata_without_an_authorization_endpoint_are_refused() {
    names_the_member("DI-04:no_authorization_endpoint", "metadata_member_missing", "authorization_endpoint").await;
}

/// Proves: V-23 by DI-04:no_token_endpoint.
#[tokio::test]
async fn metadata_without_a_token_endpoint_are_refused() {
    names_the_member("DI-04:no_token_endpoint", "metadata_member_missing", "token_endpoint").await;
}

/// Proves: V-23 by DI-04:no_jwks_uri.
#[tokio::test]
async fn metadata_without_keys_are_refused() {
    names_the_member("DI-04:no_jwks_uri", "metadata_member_missing", "jwks_uri").await;
}

/// Proves: V-23 by DI-04:number.
#[tokio::test]
async fn a_token_endpoint_that_is_a_number_is_refused() {
    names_the_member("DI-04:number", "metadata_member_type", "token_endpoint").await;
}

/// Proves: V-23 by DI-04:array.
#[tokio::test]
async fn an_issuer_that_is_a_list_is_refused() {
    names_the_member("DI-04:array", "metadata_issuer_mismatch", "issuer").await;
}

/// Proves: V-23 by DI-04:text.
#[tokio::test]
async fn a_list_that_is_a_text_is_refused() {
    names_the_member("DI-04:text", "metadata_member_type", "response_types_supported").await;
}

/// Proves: V-23 by DI-05.
#[tokio::test]
async fn a_redirect_to_metadata_elsewhere_is_not_followed() {
    refuses_the_metadata("DI-05", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-06:oauth_only.
#[tokio::test]
async fn metadata_at_the_place_of_rfc_8414_alone_are_found() {
    let stage = Stage::at(Chaster).await.fault("DI-06:oauth_only");
    let proof = stage.log_in().await;
    proof.logs_in().requests_of("metadata", 2).fired("DI-06:oauth_only").leaks_nothing();
}

/// The profile says where everything is, so that a login needs no metadata.
///
/// Proves: V-23 by DI-06:neither.
#[tokio::test]
async fn a_login_goes_by_its_profile_where_there_are_no_metadata() {
    outlives(Chaster, "DI-06:neither", &["metadata_absent"]).await;
}

/// Proves: V-23 by DI-07:html.
#[tokio::test]
async fn a_page_instead_of_metadata_is_refused() {
    refuses_the_metadata("DI-07:html", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-07:truncated.
#[tokio::test]
async fn metadata_that_break_off_are_refused() {
    refuses_the_metadata("DI-07:truncated", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-07:many_bytes.
#[tokio::test]
async fn metadata_of_ten_megabytes_are_not_read_to_their_end() {
    refuses_the_metadata("DI-07:many_bytes", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-07:slow.
#[tokio::test]
async fn slow_metadata_are_waited_for_no_longer_than_the_limit() {
    let stage = Stage::at(Chaster).await.fault("DI-07:slow").patience(LITTLE_PATIENCE);
    let proof = stage.log_in().await;
    proof.refuses_the_metadata(&["provider_unreachable"]).fired("DI-07:slow").leaks_nothing();
    proof.next_login_works().await;
}

/// Proves: V-23 by DI-08.
#[tokio::test]
async fn a_token_endpoint_that_changes_gets_no_secret_before_somebody_has_accepted_it() {
    moves_nothing("DI-08", 1).await;
}

/// Proves: V-23 by DI-09.
#[tokio::test]
async fn a_member_that_is_there_twice_is_refused() {
    refuses_the_metadata("DI-09", &["metadata_unusable"]).await;
}

/// Proves: V-23 by DI-10.
#[tokio::test]
async fn endpoints_for_clients_with_a_certificate_are_left_alone() {
    let stage = Stage::at(Chaster).await.fault("DI-10");
    let proof = stage.log_in().await;
    proof.logs_in().spares_the_attacker().requests_of("token", 1).requests_of("identity", 1);
    proof.fired("DI-10").leaks_nothing();
}

/// Proves: V-23 by DI-11.
#[tokio::test]
async fn keys_are_fetched_where_the_metadata_say_now() {
    let stage = Stage::at(Chaster).await.fault("DI-11");
    let mut runs = Vec::new();
    for _ in 0..2 {
        let proof = stage.log_in().await;
        proof.logs_in().requests_of("keys", 1).fired("DI-11").leaks_nothing();
        runs.push(proof.step(StepKind::IdToken).exchanges[0].request.query.clone());
        stage.issuers.forget(stage.plan.bases.issuer());
    }
    assert!(runs[0][0].name == "run" && runs[0] != runs[1], "{runs:?}");
}

/// The letters look alike; in Punycode they do not.
///
/// Proves: V-23 by DI-13.
#[tokio::test]
async fn endpoints_at_a_host_that_looks_like_the_right_one_are_shown_in_punycode() {
    let stage = Stage::at(Chaster).await.fault("DI-13");
    let proof = stage.log_in().await;
    proof.refuses_the_metadata(&["endpoint_changed"; 4]).fired("DI-13").leaks_nothing();
    for finding in &proof.step(StepKind::Discovery).findings {
        let received = finding.received.to_plain();
        assert!(received.starts_with("https://xn--"), "{received}");
    }
    proof.next_login_works().await;
}

/// Endpoints are elsewhere than in the profile: nothing is sent there, and logins work once the metadata are what they were.
async fn moves_nothing(fault: &str, endpoints: usize) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.refuses_the_metadata(&vec!["endpoint_changed"; endpoints]).fired(fault).leaks_nothing();
    proof.next_login_works().await;
}

/// One member is wrong, and it is told which one.
async fn names_the_member(fault: &str, code: &str, member: &str) {
    let stage = Stage::at(Chaster).await.fault(fault);
    let proof = stage.log_in().await;
    proof.refuses_the_metadata(&[code]).fired(fault).leaks_nothing();
    assert_eq!(proof.step(StepKind::Discovery).findings[0].field, member);
    proof.next_login_works().await;
}
