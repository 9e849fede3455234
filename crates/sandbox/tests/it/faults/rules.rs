//! When a rule lets its fault happen, and what stays untouched.

use gatewright_sandbox::{FaultEndpoint, FaultRule, FaultRuleMistake, FaultTiming, Sandbox, SandboxOptions, Twin};

use super::stage::{STATE, Stage, location};
use crate::browser;

/// Whether each of some logins came back with its state.
async fn states_kept(stage: &Stage, logins: usize) -> Vec<bool> {
    let mut kept = Vec::new();
    for _ in 0..logins {
        kept.push(location(&stage.authorize().await).contains(STATE));
    }
    kept
}

#[tokio::test]
async fn without_rules_nothing_is_touched_and_nothing_is_written_down() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set("AZ-01", "");
    stage.login.sandbox.clear_faults();
    assert_eq!(states_kept(&stage, 2).await, [true, true]);
    let code = stage.code().await;
    let answer = stage.token_request(&code).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let members: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(members["token_type"], "Bearer");
    assert_eq!(stage.injected(), [""; 0]);
    assert!(stage.login.sandbox.recent_requests().iter().all(|entry| !entry.note.contains("fault")));
}

#[tokio::test]
async fn a_rule_can_choose_the_opportunities_by_number() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set_rule(FaultRule { when: FaultTiming::Nth(vec![2, 4]), ..stage.rule("AZ-01", "") });
    assert_eq!(states_kept(&stage, 5).await, [true, false, true, false, true]);
    stage.set_rule(FaultRule { when: FaultTiming::First(2), ..stage.rule("AZ-01", "") });
    assert_eq!(states_kept(&stage, 3).await, [false, false, true]);
    let sequences: Vec<_> = stage.login.sandbox.injections().iter().map(|it| it.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4]);
}

#[tokio::test]
async fn only_what_could_bear_the_fault_counts_as_an_opportunity() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set_rule(FaultRule { when: FaultTiming::Nth(vec![1]), ..stage.rule("TK-15", "null") });
    let refused = stage.token_request("wrong code").send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let code = browser::Callback(location(&stage.authorize().await).parse().unwrap()).code();
    let answer: serde_json::Value = stage.token_request(&code).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["access_token"], serde_json::Value::Null);
    assert_eq!(stage.injected(), ["TK-15:null"]);
}

#[tokio::test]
async fn a_rule_with_a_client_leaves_the_others_alone() {
    let stage = Stage::at(Twin::Chattz).await;
    stage.set_rule(FaultRule { client_id: Some("somebody-else".into()), ..stage.rule("AZ-01", "") });
    assert_eq!(states_kept(&stage, 1).await, [true]);
    stage.set_rule(FaultRule { client_id: Some(stage.login.id()), ..stage.rule("AZ-01", "") });
    assert_eq!(states_kept(&stage, 1).await, [false]);
    let rule = FaultRule { client_id: Some(stage.login.id()), ..stage.rule("TK-22", "") };
    stage.set_rule(rule);
    assert_eq!(stage.token_request("any").send().await.unwrap().status(), 400);
    assert_eq!(stage.injected(), ["AZ-01:", "TK-22:"]);
}

#[tokio::test]
async fn a_rule_for_one_twin_leaves_the_others_alone() {
    let stage = Stage::at(Twin::Gitter).await;
    stage.set_rule(FaultRule::always("AZ-01", Twin::Chattz));
    assert_eq!(states_kept(&stage, 1).await, [true]);
    assert_eq!(stage.injected(), [""; 0]);
}

#[tokio::test]
async fn a_probability_is_drawn_from_the_seed() {
    async fn drawn() -> Vec<bool> {
        let options = SandboxOptions { auto_approve: Some("theo".into()), seed: Some(7), ..SandboxOptions::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        let stage = Stage::of(browser::Login::at_sandbox(sandbox, Twin::Chattz).await);
        stage.set_rule(FaultRule { when: FaultTiming::Probability(0.5), ..stage.rule("AZ-01", "") });
        states_kept(&stage, 20).await
    }
    let first = drawn().await;
    assert!(first.contains(&true) && first.contains(&false), "{first:?}");
    assert_eq!(first, drawn().await);
}

#[tokio::test]
async fn several_faults_happen_to_one_answer() {
    let stage = Stage::at(Twin::Chattz).await;
    let rules = vec![stage.rule("AZ-01", ""), stage.rule("AZ-14", ""), stage.rule("AZ-26", "303")];
    stage.login.sandbox.set_faults(rules).unwrap();
    let response = stage.authorize().await;
    assert_eq!(response.status(), 303);
    assert!(!location(&response).contains("state=") && location(&response).contains("error="));
    let injections = stage.login.sandbox.injections();
    assert_eq!(injections.iter().map(|it| it.fault).collect::<Vec<_>>(), ["AZ-01", "AZ-14", "AZ-26"]);
    assert!(injections.iter().all(|it| it.endpoint == FaultEndpoint::Authorization && it.request_id == "r1"));
    let note = stage.login.sandbox.recent_requests()[0].note.clone();
    assert_eq!(note, "approved automatically, code issued; fault AZ-01, AZ-14, AZ-26:303");
}

#[tokio::test]
async fn a_rule_that_cannot_be_used_is_refused_and_changes_nothing() {
    let options = SandboxOptions { twins: vec![Twin::Chattz], ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let good = FaultRule::always("AZ-02", Twin::Chattz);
    sandbox.set_faults(vec![good.clone()]).unwrap();
    let timed = |when| FaultRule { when, ..good.clone() };
    for (rule, field) in [
        (FaultRule::always("AZ-99", Twin::Chattz), "fault"),
        (FaultRule::always("AZ-03", Twin::Chattz).with_variant("sideways"), "variant"),
        (FaultRule::always("AZ-02", Twin::Chattz).with_variant("any"), "variant"),
        (FaultRule::always("AZ-08", Twin::Chattz), "twin"),
        (FaultRule::always("AZ-02", Twin::Gitter), "twin"),
        (timed(FaultTiming::Nth(vec![])), "when"),
        (timed(FaultTiming::Nth(vec![0])), "when"),
        (timed(FaultTiming::First(0)), "when"),
        (timed(FaultTiming::Probability(1.5)), "when"),
        (timed(FaultTiming::Probability(f64::NAN)), "when"),
        (FaultRule { delay_ms: Some(1), ..good.clone() }, "delay_ms"),
    ] {
        let error = sandbox.set_faults(vec![good.clone(), rule]).unwrap_err();
        assert_eq!((error.place, error.mistake.field()), (1, field), "{error}");
    }
    assert_eq!(sandbox.faults(), [good]);
    let error = sandbox.set_faults(vec![FaultRule::always("AZ-99", Twin::Chattz)]).unwrap_err();
    assert_eq!(error.mistake, FaultRuleMistake::UnknownFault("AZ-99".into()));
}
