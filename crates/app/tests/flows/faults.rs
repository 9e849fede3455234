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
        (FaultRule { client_id: Some("7".to_owned()), ..rule("TK-40") }, "rules.1.clientId"),
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

/// Everything that the screen offers can be put in force together: each fault in each of its ways at each of its twins, each with another
/// choice of when.
#[tokio::test]
async fn every_fault_is_offered_and_can_be_put_in_force_with_all_others() {
    let stage = Stage::new().await;
    let offered = stage.app.sandbox_faults(Nothing {}).await.unwrap().catalogue;
    let known: Vec<_> = gatewright_sandbox::fault_catalogue().map(|fault| fault.id).collect();
    assert_eq!(offered.iter().map(|fault| fault.id.as_str()).collect::<Vec<_>>(), known);
    let timings =
        [FaultTiming::Always, FaultTiming::Nth(vec![1, 3]), FaultTiming::First(2), FaultTiming::Probability(0.5)];
    let mut rules = Vec::new();
    for fault in &offered {
        let ways = fault.variants.iter().map(Some);
        let ways: Vec<_> = if fault.variants.is_empty() { vec![None] } else { ways.collect() };
        for (variant, twin) in ways.iter().flat_map(|way| fault.twins.iter().map(move |twin| (*way, twin))) {
            rules.push(FaultRule {
                fault: fault.id.clone(),
                variant: variant.cloned(),
                twin: twin.clone(),
                client_id: (fault.id != "TK-40").then(|| "7".to_owned()),
                when: timings[rules.len() % timings.len()].clone(),
                delay_ms: fault.delay_ms.map(|_| 1),
            });
        }
    }
    let set = stage.app.sandbox_faults_set(FaultRules { rules: rules.clone() }).await.unwrap();
    assert_eq!(set.rules, rules);
}

#[tokio::test]
async fn a_bad_certificate_ends_a_login_before_the_secret_is_sent_and_stands_in_the_log() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    for (place, variant) in ["self_signed", "expired", "wrong_name"].into_iter().enumerate() {
        set(&stage, vec![FaultRule { variant: Some(variant.to_owned()), ..rule("TK-40") }]).await;
        let run = stage.log_in(&client, Browser::Embedded).await;
        assert_eq!(run.row.outcome, "certificate_refused", "{:?}", run.sentence);
        let faults = stage.app.sandbox_faults(Nothing {}).await.unwrap();
        let happened = &faults.injections[place];
        assert_eq!((happened.fault.as_str(), happened.variant.as_deref()), ("TK-40", Some(variant)));
        let log = stage.app.sandbox_log(Nothing {}).await.unwrap();
        let entry = log.entries.iter().find(|entry| entry.request_id == happened.request_id).unwrap();
        assert_eq!((entry.method.as_str(), entry.faults.as_slice()), ("TLS", &[format!("TK-40:{variant}")][..]));
        assert!(!log.entries.iter().any(|entry| entry.path.ends_with("/token")), "{:?}", log.entries);
    }
    set(&stage, Vec::new()).await;
    assert_eq!(stage.log_in(&client, Browser::Embedded).await.row.outcome, "logged_in");
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
