//! RF: what a refresh brings goes wrong. A refresh token is sent once, and what came back is stored before it is used.

use std::time::Duration;

use gatewright_engine::grant::{BETWEEN_REFRESHES, BeginRefusal, RefreshOutcome, RenewedTokens, UserinfoOutcome};
use gatewright_model::dialect::IdentitySource;
use gatewright_model::{GrantState, Outcome};
use gatewright_protocol::token::Rotation;
use gatewright_sandbox::FaultRule;
use gatewright_sandbox::Twin::Chaster;

use crate::errand::{Errand, Tokens};
use crate::stage::{Stage, rule};

/// How long an answer of a few hundred bytes takes byte by byte, on a machine with other things to do.
const UNTIL_STORED: Duration = Duration::from_secs(30);

/// Proves: V-24 by RF-01.
#[tokio::test]
async fn a_new_pair_of_tokens_is_stored_before_it_is_used() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RF-01");
    let sent = tokens.book().refresh_token();
    let done = tokens.refresh().await;
    let renewed = renewed(&done);
    done.finds(&[]).requests_of("token", 1).fired("RF-01").leaks_nothing();
    assert_eq!(renewed.rotation, Rotation::Rotated);
    assert_eq!((tokens.book().grant().state, tokens.book().grant().version), (GrantState::Live, 2));
    assert!(tokens.book().refresh_token().matches(renewed.refresh_token.expose()));
    assert!(!tokens.book().refresh_token().matches(sent.expose()));
    assert!(matches!(
        tokens.userinfo_with(&renewed.access_token).await.outcome(),
        UserinfoOutcome::Known(identity) if !identity.subject.is_empty()
    ));
}

/// Proves: V-24 by RF-02.
#[tokio::test]
async fn the_same_refresh_token_is_kept() {
    keeps_the_refresh_token("RF-02", Rotation::Same).await;
}

/// Proves: V-24 by RF-03.
#[tokio::test]
async fn the_old_refresh_token_is_kept_where_none_comes_back() {
    keeps_the_refresh_token("RF-03", Rotation::NotReturned).await;
}

/// Proves: V-24 by RF-04:reset.
#[tokio::test]
async fn a_refresh_whose_answer_is_lost_to_a_reset_is_not_tried_again() {
    leaves_the_grant_in_doubt("RF-04:reset", "provider_unreachable").await;
}

/// Proves: V-24 by RF-04:closed.
#[tokio::test]
async fn a_refresh_whose_answer_is_lost_to_a_closed_connection_is_not_tried_again() {
    leaves_the_grant_in_doubt("RF-04:closed", "provider_unreachable").await;
}

/// Proves: V-24 by RF-05.
#[tokio::test]
async fn a_refused_refresh_token_ends_the_grant() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RF-05");
    let done = tokens.refresh().await;
    done.finds(&["refresh_refused"]).requests_of("token", 1).fired("RF-05").leaks_nothing();
    assert!(matches!(done.end.outcome, RefreshOutcome::Lost));
    assert!(done.end.step.sentence.contains("Log in again"), "{}", done.end.step.sentence);
    assert_eq!(tokens.book().grant().state, GrantState::Lost);
    is_not_begun(&tokens, &BeginRefusal::NotLive).await;
}

/// Proves: V-24 by RF-06.
#[tokio::test]
async fn a_wider_scope_is_told() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RF-06");
    let done = tokens.refresh().await;
    done.finds(&["refresh_scope_wider"]).requests_of("token", 1).fired("RF-06").leaks_nothing();
    assert!(renewed(&done).scopes.contains(&"admin".to_owned()));
    assert_eq!(tokens.book().grant().version, 2);
}

/// Proves: V-21 by RF-07:sub.
#[tokio::test]
async fn tokens_of_another_person_are_not_kept() {
    leaves_the_grant_in_doubt("RF-07:sub", "refreshed_subject").await;
}

/// Proves: V-21 by RF-07:iss.
#[tokio::test]
async fn tokens_of_another_issuer_are_not_kept() {
    leaves_the_grant_in_doubt("RF-07:iss", "claim_issuer").await;
}

/// Proves: V-21 by ID-28:iss.
#[tokio::test]
async fn a_refreshed_id_token_of_another_issuer_is_refused() {
    leaves_the_grant_in_doubt("ID-28:iss", "claim_issuer").await;
}

/// Proves: V-21 by ID-28:sub.
#[tokio::test]
async fn a_refreshed_id_token_about_another_person_is_refused() {
    leaves_the_grant_in_doubt("ID-28:sub", "refreshed_subject").await;
}

/// Proves: V-21 by ID-28:aud.
#[tokio::test]
async fn a_refreshed_id_token_for_another_client_is_refused() {
    leaves_the_grant_in_doubt("ID-28:aud", "claim_audience").await;
}

/// Each of the two tokens may be believed for itself, and the second is for somebody whom the first was not for.
///
/// Proves: V-21 by ID-11:array_with_other.
#[tokio::test]
async fn a_refreshed_id_token_for_somebody_trusted_as_well_is_refused() {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.settings.trusted_audiences = vec!["another-client".to_owned()];
    is_left_in_doubt(&stage, "ID-11:array_with_other", "refreshed_audience").await;
}

/// Proves: V-21 by ID-28:azp.
#[tokio::test]
async fn a_refreshed_id_token_that_no_longer_says_to_whom_it_was_issued_is_refused() {
    leaves_the_grant_in_doubt("ID-28:azp", "refreshed_authorized_party").await;
}

/// Proves: V-21 by ID-28:auth_time.
#[tokio::test]
async fn a_refreshed_id_token_that_tells_another_time_of_the_login_is_refused() {
    leaves_the_grant_in_doubt("ID-28:auth_time", "refreshed_authentication_time").await;
}

/// Proves: V-21 by ID-28:nonce.
#[tokio::test]
async fn a_refreshed_id_token_of_another_login_is_refused() {
    leaves_the_grant_in_doubt("ID-28:nonce", "refreshed_nonce").await;
}

/// Proves: V-24 by RF-08.
#[tokio::test]
async fn a_refresh_that_ends_in_an_error_500_is_not_tried_again() {
    leaves_the_grant_in_doubt("RF-08", "server_failed").await;
}

/// The answer takes its time, and the person stops waiting for it.
///
/// Proves: V-24 by RF-09, TK-31:slow_body.
#[tokio::test]
async fn a_refresh_that_was_stopped_after_it_was_sent_is_finished_and_stored() {
    let stage = without_openid().await;
    let tokens = without_identity(&stage).await;
    answer_slowly(&stage, "TK-31:slow_body");
    let stop = async {
        stage.until_fired().await;
        stage.stop();
    };
    let (done, ()) = tokio::join!(tokens.refresh(), stop);
    renewed(&done);
    done.requests_of("token", 1).fired("TK-31:slow_body").leaks_nothing();
    assert_eq!((tokens.book().grant().state, tokens.book().grant().version), (GrantState::Live, 2));
}

/// Nobody is there any more who waits for the answer.
///
/// Proves: V-24 by RF-09, TK-31:slow_body.
#[tokio::test]
async fn a_refresh_that_nobody_waits_for_is_finished_and_stored() {
    let stage = without_openid().await;
    let tokens = without_identity(&stage).await;
    answer_slowly(&stage, "TK-31:slow_body");
    tokio::select! {
        _ = tokens.refresh() => panic!("the answer was to take longer"),
        () = stage.until_fired() => {}
    }
    let storing = tokio::time::timeout(UNTIL_STORED, async {
        while tokens.book().grant().version == 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    storing.await.expect("nobody finished the refresh");
    assert_eq!(tokens.book().grant().state, GrantState::Live);
    stage.sandbox.clear_faults();
    stage.clock.advance(BETWEEN_REFRESHES);
    let next = tokens.refresh_with(tokens.book().attempt("next")).await;
    renewed(&next);
    next.finds(&[]).requests_of("token", 1).leaks_nothing();
}

/// The second has to wait for the first and look again.
///
/// Proves: V-24 by RF-10, RF-01.
#[tokio::test]
async fn of_two_refreshes_at_once_one_is_sent() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RF-01");
    let (one, other) = (tokens.book().attempt("one"), tokens.book().attempt("other"));
    let (one, other) = tokio::join!(tokens.refresh_with(one), tokens.refresh_with(other));
    one.requests_of("token", 1).fired("RF-01").leaks_nothing();
    let not_begun = [one.outcome(), other.outcome()].into_iter().filter_map(|outcome| match outcome {
        RefreshOutcome::NotBegun(refusal) => Some(refusal),
        _ => None,
    });
    let not_begun: Vec<_> = not_begun.collect();
    assert!(matches!(not_begun[..], [BeginRefusal::UnderWay | BeginRefusal::Superseded]), "{not_begun:?}");
    assert_eq!(tokens.book().grant().version, 2);
}

/// Proves: V-24 by RF-11:zero.
#[tokio::test]
async fn tokens_that_expire_at_once_are_not_refreshed_at_once() {
    waits_half_a_minute("RF-11:zero").await;
}

/// Proves: V-24 by RF-11:one.
#[tokio::test]
async fn tokens_that_live_for_a_second_are_not_refreshed_every_second() {
    waits_half_a_minute("RF-11:one").await;
}

/// What was sent and not stored leaves the grant in doubt, and nothing is sent unasked.
///
/// Proves: V-24 by RF-12, RF-01.
#[tokio::test]
async fn a_program_that_is_killed_before_it_stored_the_answer_does_not_send_the_token_again() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RF-01");
    let done = tokens.refresh_with(tokens.book().attempt("killed").killed_before_commit()).await;
    assert!(matches!(done.outcome(), RefreshOutcome::NotStored(_)));
    done.requests_of("token", 1).fired("RF-01");
    tokens.book().restart();
    assert_eq!((tokens.book().grant().state, tokens.book().grant().version), (GrantState::Ambiguous, 1));
    is_not_begun(&tokens, &BeginRefusal::Ambiguous).await;
}

async fn logged_in(stage: &Stage) -> Tokens<'_> {
    stage.log_in().await.logs_in().tokens()
}

/// Without an ID token the answer to a refresh is short, and takes less long byte by byte. Chaster names nobody then.
pub(crate) async fn without_openid() -> Stage {
    let mut stage = Stage::at(Chaster).await;
    stage.plan.scopes = vec!["profile".to_owned()];
    stage.plan.provider.dialect.identity.source.value = IdentitySource::IdToken;
    stage
}

/// The tokens of a login on such a stage.
pub(crate) async fn without_identity(stage: &Stage) -> Tokens<'_> {
    let proof = stage.log_in().await;
    assert!(matches!(proof.outcome(), Outcome::LoggedIn { .. }), "{:?}", proof.end.outcome);
    proof.tokens()
}

/// Lets the answer to the refresh come one byte at a time.
fn answer_slowly(stage: &Stage, fault: &str) {
    let slow = FaultRule { delay_ms: Some(1), ..rule(Chaster, fault) };
    stage.put_in_force(slow);
}

#[track_caller]
pub(crate) fn renewed<'a>(done: &'a Errand<'_, RefreshOutcome>) -> &'a RenewedTokens {
    match done.outcome() {
        RefreshOutcome::Renewed(renewed) => renewed,
        other => panic!("{other:?}: {}", done.end.step.sentence),
    }
}

/// A refresh that is not even sent.
pub(crate) async fn is_not_begun(tokens: &Tokens<'_>, refusal: &BeginRefusal) {
    let next = tokens.refresh_with(tokens.book().attempt("next")).await;
    assert!(matches!(next.outcome(), RefreshOutcome::NotBegun(found) if found == refusal), "{:?}", next.end);
    next.requests_of("token", 0).leaks_nothing();
}

async fn keeps_the_refresh_token(fault: &str, rotation: Rotation) {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault(fault);
    let sent = tokens.book().refresh_token();
    let done = tokens.refresh().await;
    done.finds(&[]).requests_of("token", 1).fired(fault).leaks_nothing();
    assert_eq!(renewed(&done).rotation, rotation);
    assert_eq!(tokens.book().grant().version, 2);
    assert!(tokens.book().refresh_token().matches(sent.expose()));
    stage.clock.advance(BETWEEN_REFRESHES);
    stage.sandbox.clear_faults();
    renewed(&tokens.refresh_with(tokens.book().attempt("next")).await);
}

/// Nothing of the answer is kept, nobody knows what became of the refresh token, and it is not sent again unasked.
pub(crate) async fn leaves_the_grant_in_doubt(fault: &str, code: &str) {
    is_left_in_doubt(&Stage::at(Chaster).await, fault, code).await;
}

/// The same for the grant of a login on this stage.
async fn is_left_in_doubt(stage: &Stage, fault: &str, code: &str) {
    let tokens = logged_in(stage).await.fault(fault);
    let done = tokens.refresh().await;
    done.finds(&[code]).requests_of("token", 1).requests_of("identity", 0).fired(fault).leaks_nothing();
    assert!(matches!(done.end.outcome, RefreshOutcome::Unknown | RefreshOutcome::NotBelieved), "{:?}", done.end);
    assert_eq!((tokens.book().grant().state, tokens.book().grant().version), (GrantState::Ambiguous, 1));
    stage.sandbox.clear_faults();
    is_not_begun(&tokens, &BeginRefusal::Ambiguous).await;
}

async fn waits_half_a_minute(fault: &str) {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault(fault);
    renewed(&tokens.refresh().await);
    let again = tokens.refresh_with(tokens.book().attempt("again")).await;
    assert!(matches!(again.outcome(), RefreshOutcome::TooSoon { .. }), "{:?}", again.end);
    again.requests_of("token", 0).fired(fault).leaks_nothing();
    stage.clock.advance(BETWEEN_REFRESHES);
    renewed(&tokens.refresh_with(tokens.book().attempt("later")).await);
}
