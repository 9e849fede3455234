//! RV: revocation and introspection go wrong.

use std::time::Duration;

use gatewright_engine::grant::{IntrospectionOutcome, RevocationOutcome, UserinfoOutcome};
use gatewright_model::run::StepStatus;
use gatewright_sandbox::Twin::{Chaster, ContentDb};
use gatewright_sandbox::{FaultRule, FaultTiming, Twin};

use crate::errand::{Errand, Tokens};
use crate::stage::{Stage, rule};

/// That a token is revoked is the server's word: it shows only when the token is used.
///
/// Proves: RV by RV-01.
#[tokio::test]
async fn a_revocation_without_effect_is_no_more_than_the_word_of_the_server() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RV-01");
    let done = tokens.revoke().await;
    done.finds(&[]).requests_of("revocation", 1).fired("RV-01").leaks_nothing();
    assert_eq!(done.end.step.sentence, "The server says that the token is good no more");
    assert!(is_active(&tokens).await, "the word was wrong, and asking shows it");
}

/// Proves: RV by RV-01.
#[tokio::test]
async fn a_deletion_without_effect_is_no_more_than_the_word_of_the_server() {
    let stage = Stage::at(ContentDb).await;
    let tokens = logged_in(&stage).await.fault("RV-01");
    let done = tokens.revoke().await;
    done.finds(&[]).requests_of("revocation", 1).fired("RV-01").leaks_nothing();
    assert_eq!(done.end.step.sentence, "The server says that the token is good no more");
    assert!(matches!(tokens.userinfo().await.outcome(), UserinfoOutcome::Known(_)));
}

/// Proves: RV by RV-02.
#[tokio::test]
async fn a_busy_server_is_asked_once_more_when_it_wants_to_be() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await;
    let once = FaultRule { when: FaultTiming::First(1), ..rule(Chaster, "RV-02") };
    stage.put_in_force(once);
    let done = while_time_passes(&tokens).await;
    done.finds(&[]).requests_of("revocation", 2).fired("RV-02").leaks_nothing();
    assert_eq!(done.end.outcome, RevocationOutcome::Revoked);
    assert!(!is_active(&tokens).await);
}

/// Proves: RV by RV-02.
#[tokio::test]
async fn a_server_that_stays_busy_is_not_asked_a_third_time() {
    stays_busy(Chaster, "RV-02").await;
}

/// Proves: RV by RV-02.
#[tokio::test]
async fn a_busy_contentdb_is_not_asked_a_third_time() {
    stays_busy(ContentDb, "RV-02").await;
}

/// Proves: RV by RV-03.
#[tokio::test]
async fn a_type_of_token_that_cannot_be_revoked_is_told() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RV-03");
    let done = tokens.revoke().await;
    done.finds(&["revocation_refused"]).requests_of("revocation", 1).fired("RV-03").leaks_nothing();
    assert_eq!(done.end.outcome, RevocationOutcome::UnsupportedTokenType);
    assert!(is_active(&tokens).await);
}

/// Proves: RV by RV-04:html.
#[tokio::test]
async fn of_a_revocation_only_the_status_counts_and_not_the_page() {
    only_the_status_counts(Chaster, "RV-04:html").await;
    only_the_status_counts(ContentDb, "RV-04:html").await;
}

/// Proves: RV by RV-04:empty.
#[tokio::test]
async fn of_a_revocation_only_the_status_counts_and_not_the_missing_body() {
    only_the_status_counts(Chaster, "RV-04:empty").await;
    only_the_status_counts(ContentDb, "RV-04:empty").await;
}

/// Proves: RV by RV-05:text.
#[tokio::test]
async fn an_activity_written_as_text_is_believed_neither_way() {
    says_nothing_of_the_token("RV-05:text", "introspection_active_not_boolean").await;
}

/// Proves: RV by RV-05:number.
#[tokio::test]
async fn an_activity_written_as_a_number_is_believed_neither_way() {
    says_nothing_of_the_token("RV-05:number", "introspection_active_not_boolean").await;
}

/// Proves: RV by RV-05:missing.
#[tokio::test]
async fn an_answer_that_does_not_say_whether_the_token_is_active_is_not_used() {
    says_nothing_of_the_token("RV-05:missing", "introspection_active_missing").await;
}

/// Proves: RV by RV-06:ok.
#[tokio::test]
async fn a_deletion_with_status_200_is_a_revocation() {
    is_deleted("RV-06:ok", RevocationOutcome::Revoked).await;
}

/// Proves: RV by RV-06:not_found.
#[tokio::test]
async fn a_deletion_with_status_404_says_that_nobody_knows_the_token() {
    is_deleted("RV-06:not_found", RevocationOutcome::NotKnown).await;
}

/// The status counts, and that it may be wrong is told.
///
/// Proves: RV by RV-07.
#[tokio::test]
async fn a_success_with_an_error_in_it_is_told_at_chaster() {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault("RV-07");
    is_revoked_with_an_error(&tokens).await;
    assert!(is_active(&tokens).await, "nothing was revoked");
}

/// Proves: RV by RV-07.
#[tokio::test]
async fn a_success_with_an_error_in_it_is_told_at_contentdb() {
    let stage = Stage::at(ContentDb).await;
    let tokens = logged_in(&stage).await.fault("RV-07");
    is_revoked_with_an_error(&tokens).await;
    stage.sandbox.clear_faults();
    assert!(matches!(tokens.userinfo().await.outcome(), UserinfoOutcome::Known(_)), "nothing was revoked");
}

/// Proves: V-10 by RV-08:unauthorized.
#[tokio::test]
async fn a_client_that_has_to_prove_itself_anew_learns_nothing_of_the_token() {
    is_told_nothing("RV-08:unauthorized").await;
}

/// Proves: V-10 by RV-08:forbidden.
#[tokio::test]
async fn a_client_that_may_not_ask_learns_nothing_of_the_token() {
    is_told_nothing("RV-08:forbidden").await;
}

async fn is_revoked_with_an_error(tokens: &Tokens<'_>) {
    let done = tokens.revoke().await;
    done.finds(&["revocation_error_in_success"]).requests_of("revocation", 1).fired("RV-07").leaks_nothing();
    assert_eq!((done.end.outcome, done.end.step.status), (RevocationOutcome::Revoked, StepStatus::Warned));
    assert_eq!(done.end.step.sentence, "The server says that the token is good no more");
}

async fn is_told_nothing(fault: &str) {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault(fault);
    let done = tokens.introspect().await;
    done.finds(&["introspection_refused"]).requests_of("introspection", 1).fired(fault).leaks_nothing();
    assert_eq!((&done.end.outcome, done.end.step.status), (&IntrospectionOutcome::Refused, StepStatus::Failed));
    assert!(is_active(&tokens).await);
}

async fn logged_in(stage: &Stage) -> Tokens<'_> {
    stage.log_in().await.logs_in().tokens()
}

/// What the server says of the access token once the fault is over.
async fn is_active(tokens: &Tokens<'_>) -> bool {
    tokens.stage.sandbox.clear_faults();
    match tokens.introspect().await.outcome() {
        IntrospectionOutcome::Known(known) => known.active,
        other => panic!("nothing is known: {other:?}"),
    }
}

/// Revokes while the clock goes on, once the server was busy.
async fn while_time_passes<'a>(tokens: &Tokens<'a>) -> Errand<'a, RevocationOutcome> {
    let clock = async {
        tokens.stage.until_fired().await;
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            tokens.stage.clock.advance(Duration::from_secs(1));
        }
    };
    tokio::select! {
        done = tokens.revoke() => done,
        () = clock => unreachable!("the clock does not stop"),
    }
}

async fn stays_busy(twin: Twin, fault: &str) {
    let stage = Stage::at(twin).await;
    let tokens = logged_in(&stage).await.fault(fault);
    let done = while_time_passes(&tokens).await;
    done.finds(&["revocation_refused"]).requests_of("revocation", 2).fired(fault).leaks_nothing();
    assert_eq!((done.end.outcome, done.end.step.status), (RevocationOutcome::Refused, StepStatus::Failed));
}

async fn only_the_status_counts(twin: Twin, fault: &str) {
    let stage = Stage::at(twin).await;
    let tokens = logged_in(&stage).await.fault(fault);
    let done = tokens.revoke().await;
    done.finds(&[]).requests_of("revocation", 1).fired(fault).leaks_nothing();
    assert_eq!(done.end.outcome, RevocationOutcome::Revoked);
    let after = tokens.userinfo().await;
    let refused = matches!(after.outcome(), UserinfoOutcome::Refused | UserinfoOutcome::NotSignedIn);
    assert!(refused, "{:?}", after.end);
}

async fn says_nothing_of_the_token(fault: &str, code: &str) {
    let stage = Stage::at(Chaster).await;
    let tokens = logged_in(&stage).await.fault(fault);
    let done = tokens.introspect().await;
    done.finds(&[code]).requests_of("introspection", 1).fired(fault).leaks_nothing();
    assert_eq!((&done.end.outcome, done.end.step.status), (&IntrospectionOutcome::Unknown, StepStatus::Failed));
    assert!(is_active(&tokens).await);
}

async fn is_deleted(fault: &str, outcome: RevocationOutcome) {
    let stage = Stage::at(ContentDb).await;
    let tokens = logged_in(&stage).await.fault(fault);
    let done = tokens.revoke().await;
    done.finds(&[]).requests_of("revocation", 1).fired(fault).leaks_nothing();
    assert_eq!(done.end.outcome, outcome);
}
