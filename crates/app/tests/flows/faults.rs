//! Faults of the sandbox, from the window.

use gatewright_contract::app::Nothing;
use gatewright_contract::discovery::{Discovery, IssuerText};
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::run::{Browser, RunDetail};
use gatewright_contract::sandbox::SandboxStart;
use gatewright_contract::{FailureCode, Handler};
use tokio::net::{TcpListener, TcpStream};

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

/// Each way to be bad has its own words, because the app trusts the authority of the sandbox that runs, and it alone.
#[tokio::test]
async fn a_bad_certificate_ends_a_login_before_the_secret_is_sent_and_is_told_for_what_it_is() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    for (place, (variant, words)) in BAD_CERTIFICATES.into_iter().enumerate() {
        set(&stage, vec![certificate(variant)]).await;
        is_refused(&stage.log_in(&client, Browser::Embedded).await, words);
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

#[tokio::test]
async fn a_certificate_that_changes_is_good_for_one_login_and_ends_the_next() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    set(&stage, vec![certificate("changing")]).await;
    let first = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(first.row.outcome, "logged_in", "{:?}", first.sentence);
    is_refused(&stage.log_in(&client, Browser::Embedded).await, BY_NOBODY);
}

/// A sandbox that is started anew has another authority, whose word counts as the earlier one's did.
#[tokio::test]
async fn a_bad_certificate_is_told_for_what_it_is_after_the_sandbox_was_started_anew() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", "https://app.example.org/callback").await;
    stage.app.sandbox_stop(Nothing {}).await.unwrap();
    let again = SandboxStart { port: None, auto_approve: None, gitter_as_engine: false };
    stage.app.sandbox_start(again).await.unwrap();
    set(&stage, vec![certificate("expired")]).await;
    is_refused(&stage.log_in(&client, Browser::Embedded).await, "has expired");
}

/// The certificate is the sandbox's own and as it should be; only the address is another one of this computer.
#[tokio::test]
async fn the_authority_of_the_sandbox_counts_at_no_other_address() {
    let stage = Stage::new().await;
    // A rule whose turn never comes: TLS is spoken, and nothing about the certificate is wrong.
    set(&stage, vec![FaultRule { when: FaultTiming::Nth(vec![1000]), ..certificate("expired") }]).await;
    let sandbox = stage.app.sandbox_state(Nothing {}).await.unwrap().origin.unwrap();
    let port = sandbox.rsplit(':').next().unwrap().parse().unwrap();
    let own = look(&stage, port).await;
    assert_eq!(own.documents[0].status, Some(200), "{:?}", own.documents);
    let elsewhere = look(&stage, passing_on_to(port).await).await;
    assert!(elsewhere.documents.iter().all(|document| document.status.is_none()), "{:?}", elsewhere.documents);
    assert!(elsewhere.documents[0].outcome.contains(BY_NOBODY), "{:?}", elsewhere.documents);
}

const BY_NOBODY: &str = "signed by nobody this computer trusts";

/// The ways in which a certificate is bad from the beginning, and what is told of each.
const BAD_CERTIFICATES: [(&str, &str); 3] =
    [("self_signed", BY_NOBODY), ("expired", "has expired"), ("wrong_name", "is for another name")];

fn certificate(variant: &str) -> FaultRule {
    FaultRule { variant: Some(variant.to_owned()), ..rule("TK-40") }
}

/// The login ended at the certificate, in these words and with a finding that has them too.
fn is_refused(run: &RunDetail, words: &str) {
    assert_eq!(run.row.outcome, "certificate_refused", "{:?}", run.sentence);
    assert!(run.sentence.as_deref().unwrap_or_default().contains(words), "{:?}", run.sentence);
    let finding = run.steps.iter().flat_map(|step| &step.findings).find(|it| it.code == "provider_unreachable");
    let received: String = finding.unwrap().received.iter().map(|part| part.text.as_str()).collect();
    assert!(received.contains(words), "{received}");
}

/// Looks at Chaster's twin by https, at this port of this computer.
async fn look(stage: &Stage, port: u16) -> Discovery {
    let issuer = format!("https://127.0.0.1:{port}/chaster/auth/realms/app");
    stage.app.provider_discover(IssuerText { issuer, nearby: false }).await.unwrap()
}

/// Another port of this computer, behind which there is the same server.
async fn passing_on_to(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let beside = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
                tokio::io::copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    beside
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
