//! Rows about refreshing and logging out.

use gatewright_engine::grant::{IntrospectionOutcome, LogoutOutcome, RefreshOutcome, UserinfoOutcome};
use gatewright_protocol::logout::LogoutDoubt;
use gatewright_sandbox::Twin::Chaster;

use crate::lo::is_over_but_not_confirmed;
use crate::rf::leaves_the_grant_in_doubt;
use crate::stage::Stage;

/// Proves: V-24, rp/refresh-token by RF-01.
#[tokio::test]
async fn refresh_token() {
    let stage = Stage::at(Chaster).await;
    let tokens = stage.log_in().await.logs_in().tokens().fault("RF-01");
    let done = tokens.refresh().await;
    done.finds(&[]).requests_of("token", 1).fired("RF-01").leaks_nothing();
    let RefreshOutcome::Renewed(renewed) = &done.end.outcome else { panic!("{:?}", done.end) };
    assert!(renewed.id_token.is_some(), "the new ID token was verified and kept");
    let asked = tokens.userinfo_with(&renewed.access_token).await;
    assert!(matches!(asked.outcome(), UserinfoOutcome::Known(_)), "{:?}", asked.end);
}

/// Proves: V-21, rp/refresh-token-invalid-issuer by RF-07:iss.
#[tokio::test]
async fn refresh_token_invalid_issuer() {
    leaves_the_grant_in_doubt("RF-07:iss", "claim_issuer").await;
}

/// Proves: V-21, rp/refresh-token-invalid-sub by RF-07:sub.
#[tokio::test]
async fn refresh_token_invalid_sub() {
    leaves_the_grant_in_doubt("RF-07:sub", "refreshed_subject").await;
}

/// Proves: LO, rp/rp-init-logout.
#[tokio::test]
async fn rp_init_logout() {
    let stage = Stage::at(Chaster).await;
    let tokens = stage.log_in().await.logs_in().tokens();
    let done = tokens.log_out().await;
    done.finds(&[]).requests_of("logout", 1).leaks_nothing();
    assert_eq!(done.end.outcome, LogoutOutcome::Confirmed);
    let names: Vec<_> = done.end.step.exchanges[0].request.query.iter().map(|field| field.name.as_str()).collect();
    for name in ["id_token_hint", "post_logout_redirect_uri", "state"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    let after = tokens.introspect().await;
    assert!(matches!(after.outcome(), IntrospectionOutcome::Known(known) if !known.active));
}

/// Proves: LO, rp/rp-init-logout-no-state by LO-01.
#[tokio::test]
async fn rp_init_logout_no_state() {
    Box::pin(is_over_but_not_confirmed("LO-01", LogoutDoubt::StateMissing, "logout_state_missing")).await;
}

/// Proves: LO, rp/rp-init-logout-other-state by LO-02:other.
#[tokio::test]
async fn rp_init_logout_other_state() {
    Box::pin(is_over_but_not_confirmed("LO-02:other", LogoutDoubt::StateMismatch, "logout_state_mismatch")).await;
}
