//! Faults of the sandbox, from the window.

use gatewright_contract::app::Nothing;
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::run::Browser;
use gatewright_contract::{FailureCode, Handler};

use crate::stage::Stage;

#[tokio::test]
async fn the_catalogue_is_there_also_while_the_sandbox_is_off() {
    let stage = Stage::new().await;
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    let faults = stage.app.sandbox_faults(Nothing {}).await.unwrap();
    assert!(faults.catalogue.iter().any(|fault| fault.id == "AZ-02"));
    assert!(faults.rules.is_empty());
    let refused = stage.app.sandbox_faults_set(FaultRules { rules: vec![rule("AZ-02")] }).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::SandboxOff);
}

#[tokio::test]
async fn a_rule_that_cannot_be_used_is_refused_beside_its_field_and_changes_nothing() {
    let stage = Stage::new().await;
    set(&stage, vec![rule("AZ-02")]).await;
    for (wrong, field) in [
        (rule("AZ-99"), "rules.1.fault"),
        (FaultRule { variant: Some("sideways".to_owned()), ..rule("TK-14") }, "rules.1.variant"),
        (FaultRule { twin: "nobody".to_owned(), ..rule("AZ-02") }, "rules.1.twin"),
        (FaultRule { when: FaultTiming::Nth(vec![0]), ..rule("AZ-02") }, "rules.1.when"),
        (FaultRule { when: FaultTiming::Probability(1.5), ..rule("AZ-02") }, "rules.1.when"),
        (FaultRule { delay_ms: Some(5), ..rule("AZ-02") }, "rules.1.delayMs"),
    ] {
        let request = FaultRules { rules: vec![rule("AZ-02"), wrong] };
        let refused = stage.app.sandbox_faults_set(request).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (FailureCode::Invalid, Some(field)));
    }
    assert_eq!(stage.app.sandbox_faults(Nothing {}).await.unwrap().rules, [rule("AZ-02")]);
}

#[tokio::test]
async fn a_fault_that_happened_stands_beside_the_request_it_happened_to() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    set(&stage, vec![rule("TK-22")]).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "token_refused", "{:?}", run.sentence);
    let faults = stage.app.sandbox_faults(Nothing {}).await.unwrap();
    let [happened] = faults.injections.as_slice() else { panic!("{:?}", faults.injections) };
    assert_eq!((happened.fault.as_str(), happened.endpoint.as_str()), ("TK-22", "token"));
    let log = stage.app.sandbox_log(Nothing {}).await.unwrap();
    let entry = log.entries.iter().find(|entry| entry.request_id == happened.request_id).unwrap();
    assert_eq!(entry.faults, ["TK-22"]);
    assert_eq!(log.entries.iter().filter(|entry| !entry.faults.is_empty()).count(), 1);
}

fn rule(fault: &str) -> FaultRule {
    FaultRule {
        fault: fault.to_owned(),
        variant: None,
        twin: "chattz".to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    }
}

async fn set(stage: &Stage, rules: Vec<FaultRule>) {
    stage.app.sandbox_faults_set(FaultRules { rules }).await.unwrap();
}
