//! What is done with the tokens of a login that is over.

use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientChange, ClientDetail};
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::run::{Browser, RunDetail, RunRef, StepStatus, TokenRef};
use gatewright_contract::token::{GrantState, JwtForm, SignatureStanding, TokenActionKind, TokenRefresh};
use gatewright_contract::{Failure, FailureCode, Handler};

use crate::stage::{PATIENCE, Stage};

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn a_login_with_openid_records_the_id_token_and_shows_what_stands_in_it() {
    let (stage, _, run) = logged_in_at_chaster().await;
    let judged = run.steps.iter().find(|step| step.kind == "id_token").expect("the ID token was judged");
    assert_eq!(judged.status, StepStatus::Passed, "{} {:?}", judged.sentence, judged.findings);
    let shown = stage.app.token_decode(token(&run, "id_token")).await.unwrap();
    assert_eq!(shown.form, JwtForm::Signed);
    assert_eq!(shown.signature, SignatureStanding::Verified);
    let subject = &run.identity.unwrap().subject;
    assert!(shown.claims.iter().any(|claim| claim.name == "sub" && claim.text == *subject), "{:?}", shown.claims);
    assert!(shown.times.iter().any(|time| time.claim == "exp"));
}

#[tokio::test]
async fn no_token_is_kept_that_came_with_a_forged_id_token() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    inject(&stage, "ID-01", None).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "id_token_rejected", "{:?}", run.sentence);
    assert_eq!(stage.counted("sealed_token"), 0);
    assert!(run.grant.is_none() && run.actions.is_empty(), "{:?} {:?}", run.grant, run.actions);
    let refused = stage.app.token_copy(token(&run, "access_token")).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::NotFound);
    inject_nothing(&stage).await;
    stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(stage.counted("sealed_token"), 3, "those of a login that is believed are kept");
}

#[tokio::test]
async fn what_a_provider_has_not_is_not_offered() {
    let stage = Stage::new().await;
    let kinds = |run: &RunDetail| run.actions.iter().map(|action| action.kind).collect::<Vec<_>>();
    let client = stage.register("chattr", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(kinds(&run), [], "Chattr has no token at all");
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(kinds(&run), [TokenActionKind::Userinfo, TokenActionKind::Decode]);
    assert!(run.grant.is_none());
    let refused = stage.app.token_introspect(token(&run, "access_token")).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Invalid);
}

#[tokio::test]
async fn a_refresh_brings_new_tokens_that_are_there_after_the_next_look() {
    let (stage, _, run) = logged_in_at_chaster().await;
    let before = copied(&stage, &run, "access_token").await;
    let run = refreshed(&stage, &run, false).await.unwrap();
    let step = run.steps.last().unwrap();
    assert_eq!((step.kind.as_str(), step.status, step.after_login), ("refresh", StepStatus::Passed, true));
    let grant = run.grant.clone().unwrap();
    assert_eq!((grant.state, grant.refreshes), (GrantState::Live, 1));
    assert!(grant.refreshed_at.is_some());
    assert_ne!(copied(&stage, &run, "access_token").await, before);
    let again = refreshed(&stage, &run, false).await.unwrap();
    assert_eq!(again.grant.unwrap().refreshes, 2);
    assert_eq!(again.row.outcome, "logged_in", "what the login came to stays as it is");
}

#[tokio::test]
async fn two_refreshes_at_once_are_one_request() {
    let (stage, _, run) = logged_in_at_chaster().await;
    inject(&stage, "TK-31", Some("hang")).await;
    let (app, request) = (stage.app.clone(), asks(&run, false));
    let first = tokio::spawn(async move { app.token_refresh(request).await });
    happened(&stage, 1).await;
    assert_eq!(refreshed(&stage, &run, false).await.unwrap_err().code, FailureCode::InUse);
    assert_eq!(refreshed(&stage, &run, true).await.unwrap_err().code, FailureCode::InUse, "also when a person insists");
    assert_eq!(stage.app.sandbox_faults(Nothing {}).await.unwrap().injections.len(), 1);
    first.abort();
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_is_not_tried_again_before_a_person_decides() {
    let (stage, _, run) = logged_in_at_chaster().await;
    inject(&stage, "RF-04", Some("closed")).await;
    let run = refreshed(&stage, &run, false).await.unwrap();
    assert_eq!(run.steps.last().unwrap().status, StepStatus::Failed);
    let grant = run.grant.clone().unwrap();
    assert_eq!(grant.state, GrantState::Ambiguous);
    assert!(grant.sentence.unwrap().contains("may be used up"));
    assert!(offers(&run, TokenActionKind::TryOnceMore) && !offers(&run, TokenActionKind::Refresh));
    inject_nothing(&stage).await;
    let steps = run.steps.len();
    assert_eq!(refreshed(&stage, &run, false).await.unwrap_err().code, FailureCode::GrantAmbiguous);
    assert_eq!(shown(&stage, &run).await.steps.len(), steps, "nothing was sent");
    // The twin has used the refresh token up: the person was warned.
    let run = refreshed(&stage, &run, true).await.unwrap();
    assert_eq!(run.grant.clone().unwrap().state, GrantState::Lost);
    assert_eq!(refreshed(&stage, &run, true).await.unwrap_err().code, FailureCode::GrantOver);
}

#[tokio::test]
async fn gatewright_that_is_killed_during_a_refresh_finds_the_grant_in_doubt() {
    let (stage, _, run) = logged_in_at_chaster().await;
    inject(&stage, "TK-31", Some("hang")).await;
    let (app, request) = (stage.app.clone(), asks(&run, false));
    let going_on = tokio::spawn(async move { app.token_refresh(request).await });
    happened(&stage, 1).await;
    let killed = Stage::at(stage.folder_as_it_is()).await;
    let run = shown(&killed, &run).await;
    assert_eq!(run.grant.clone().unwrap().state, GrantState::Ambiguous);
    let notices = killed.app.app_state(Nothing {}).await.unwrap().notices;
    assert!(notices.iter().any(|notice| notice.message.contains("being refreshed")), "{notices:?}");
    assert_eq!(refreshed(&killed, &run, false).await.unwrap_err().code, FailureCode::GrantAmbiguous);
    going_on.abort();
}

#[tokio::test]
async fn gatewright_that_is_killed_after_a_refresh_has_the_new_tokens() {
    let (stage, _, run) = logged_in_at_chaster().await;
    refreshed(&stage, &run, false).await.unwrap();
    let killed = Stage::at(stage.folder_as_it_is()).await;
    let grant = shown(&killed, &run).await.grant.unwrap();
    assert_eq!((grant.state, grant.refreshes), (GrantState::Live, 1));
}

#[tokio::test]
async fn a_refused_refresh_token_is_lost_and_says_so() {
    let (stage, _, run) = logged_in_at_chaster().await;
    inject(&stage, "RF-05", None).await;
    let run = refreshed(&stage, &run, false).await.unwrap();
    assert_eq!(run.grant.clone().unwrap().state, GrantState::Lost);
    assert!(run.steps.last().unwrap().findings.iter().any(|finding| finding.code == "refresh_refused"));
    assert_eq!(refreshed(&stage, &run, false).await.unwrap_err().code, FailureCode::GrantOver);
}

#[tokio::test]
async fn revoking_the_refresh_token_ends_the_grant() {
    let (stage, _, run) = logged_in_at_chaster().await;
    let run = stage.app.token_revoke(token(&run, "refresh_token")).await.unwrap();
    assert_eq!(run.steps.last().unwrap().kind, "revocation");
    assert_eq!(run.grant.clone().unwrap().state, GrantState::Ended);
    assert_eq!(refreshed(&stage, &run, false).await.unwrap_err().code, FailureCode::GrantOver);
    let run = stage.app.token_introspect(token(&run, "refresh_token")).await.unwrap();
    assert_eq!(run.steps.last().unwrap().sentence, "The token is not active");
}

#[tokio::test]
async fn a_living_token_is_active_and_speaks_of_its_person() {
    let (stage, _, run) = logged_in_at_chaster().await;
    let run = stage.app.token_introspect(token(&run, "access_token")).await.unwrap();
    assert_eq!(run.steps.last().unwrap().sentence, "The token is active");
    let run = stage.app.token_userinfo(RunRef { run: run.row.id }).await.unwrap();
    let step = run.steps.last().unwrap();
    assert_eq!((step.kind.as_str(), step.status, step.after_login), ("identity", StepStatus::Passed, true));
    assert!(step.sentence.contains(&run.identity.unwrap().subject), "{}", step.sentence);
}

#[tokio::test]
async fn a_token_without_openid_that_speaks_of_somebody_else_later_is_told() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    let ask = || stage.app.token_userinfo(RunRef { run: run.row.id.clone() });
    assert_eq!(ask().await.unwrap().steps.last().unwrap().status, StepStatus::Passed);
    let rule = FaultRule {
        fault: "UI-11".to_owned(),
        variant: None,
        twin: "chattz".to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    };
    stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
    let asked = ask().await.unwrap();
    let step = asked.steps.last().unwrap();
    let codes: Vec<_> = step.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!((step.status, codes), (StepStatus::Warned, vec!["identity_changed"]));
    assert_eq!(asked.identity, run.identity, "who logged in is not forgotten");
}

#[tokio::test]
async fn contentdb_deletes_a_token_that_is_then_refused() {
    let stage = Stage::new().await;
    stage.person("olivia", crate::person::Decision::Approve);
    let client = stage.register("contentdb", "https://app.example.org/callback/").await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    let run = stage.app.token_revoke(token(&run, "access_token")).await.unwrap();
    assert_eq!(run.steps.last().unwrap().status, StepStatus::Passed, "{}", run.steps.last().unwrap().sentence);
    let run = stage.app.token_userinfo(RunRef { run: run.row.id }).await.unwrap();
    assert_eq!(run.steps.last().unwrap().status, StepStatus::Failed);
}

#[tokio::test]
async fn a_logout_comes_back_and_ends_the_grant() {
    let (stage, client, run) = logged_in_at_chaster().await;
    let request = RunRef { run: run.row.id.clone() };
    let refused = stage.app.login_end(request.clone()).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("protocol.postLogoutRedirectUri"), "{refused:?}");
    come_back_to(&stage, &client, CALLBACK).await;
    let going_on = stage.app.login_end(request).await.unwrap();
    assert_eq!(going_on.steps.last().unwrap().kind, "logout");
    let run = logged_out(&stage, &run).await;
    let step = run.steps.last().unwrap();
    assert_eq!((step.kind.as_str(), step.status), ("logout", StepStatus::Passed), "{}", step.sentence);
    assert_eq!(run.grant.clone().unwrap().state, GrantState::Ended);
    let run = stage.app.token_introspect(token(&run, "refresh_token")).await.unwrap();
    assert_eq!(run.steps.last().unwrap().sentence, "The token is not active", "the twin has ended the session too");
}

#[tokio::test]
async fn a_refreshed_grant_is_there_after_a_restart_and_its_steps_too() {
    let (stage, _, run) = logged_in_at_chaster().await;
    let run = refreshed(&stage, &run, false).await.unwrap();
    let stage = stage.restart().await;
    let again = shown(&stage, &run).await;
    assert_eq!(again.steps, run.steps);
    assert_eq!(again.grant, run.grant);
}

async fn logged_in_at_chaster() -> (Stage, ClientDetail, RunDetail) {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "{:?}", run.sentence);
    assert_eq!(run.grant.as_ref().map(|grant| grant.state), Some(GrantState::Live));
    (stage, client, run)
}

fn token(run: &RunDetail, name: &str) -> TokenRef {
    TokenRef { run: run.row.id.clone(), token: name.to_owned() }
}

fn asks(run: &RunDetail, try_once_more: bool) -> TokenRefresh {
    TokenRefresh { run: run.row.id.clone(), try_once_more }
}

async fn refreshed(stage: &Stage, run: &RunDetail, try_once_more: bool) -> Result<RunDetail, Failure> {
    stage.app.token_refresh(asks(run, try_once_more)).await
}

async fn shown(stage: &Stage, run: &RunDetail) -> RunDetail {
    stage.app.run_show(RunRef { run: run.row.id.clone() }).await.unwrap()
}

async fn copied(stage: &Stage, run: &RunDetail, name: &str) -> String {
    stage.app.token_copy(token(run, name)).await.unwrap();
    stage.desktop.clipboard.lock().unwrap().clone().unwrap()
}

fn offers(run: &RunDetail, kind: TokenActionKind) -> bool {
    run.actions.iter().any(|action| action.kind == kind)
}

async fn inject(stage: &Stage, fault: &str, variant: Option<&str>) {
    let rule = FaultRule {
        fault: fault.to_owned(),
        variant: variant.map(str::to_owned),
        twin: "chaster".to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    };
    stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
}

async fn inject_nothing(stage: &Stage) {
    stage.app.sandbox_faults_set(FaultRules { rules: Vec::new() }).await.unwrap();
}

/// Waits until the sandbox has injected that many faults.
async fn happened(stage: &Stage, count: usize) {
    let seen = async {
        while stage.app.sandbox_faults(Nothing {}).await.unwrap().injections.len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("the fault happens");
}

async fn come_back_to(stage: &Stage, client: &ClientDetail, address: &str) {
    let mut protocol = client.protocol.clone();
    protocol.post_logout_redirect_uri = Some(address.to_owned());
    let change = ClientChange {
        client: client.row.id.clone(),
        name: client.row.name.clone(),
        client_id: client.row.client_id.clone(),
        redirect_uris: client.redirect_uris.iter().map(|uri| uri.uri.clone()).collect(),
        owner: client.owner.clone(),
        tag: client.row.tag.clone(),
        notes: client.notes.clone(),
        protocol: Some(protocol),
    };
    stage.app.client_change(change).await.unwrap();
}

async fn logged_out(stage: &Stage, run: &RunDetail) -> RunDetail {
    let over = async {
        loop {
            let run = shown(stage, run).await;
            if run.steps.last().is_some_and(|step| step.kind == "logout" && step.status != StepStatus::Running) {
                return run;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, over).await.expect("the logout ends")
}
