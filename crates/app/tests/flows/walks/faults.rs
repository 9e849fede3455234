//! Every scenario of every ready plan fails at its twin with the fault that it is there to find: a scenario that nothing can break shows
//! nothing.

use gatewright_contract::Handler;
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::walk::{ScenarioStatus, WalkVerdict};

use super::troupe::Troupe;

/// What breaks a scenario.
#[derive(Clone, Copy)]
struct Breaker {
    scenario: &'static str,
    fault: &'static str,
    /// Its variant; empty for a fault that has none.
    variant: &'static str,
    /// At which of its opportunities it happens; 0 for each.
    opportunity: u32,
    /// What the verdict says was received.
    received: &'static str,
}

const fn breaker(
    scenario: &'static str,
    fault: &'static str,
    variant: &'static str,
    opportunity: u32,
    received: &'static str,
) -> Breaker {
    Breaker { scenario, fault, variant, opportunity, received }
}

/// One for each scenario there is.
const BREAKERS: [Breaker; 16] = [
    breaker("approve", "TK-22", "", 0, "the code was refused"),
    breaker("deny", "AZ-19", "", 0, "the authorization request was refused"),
    breaker("cancel", "AZ-19", "", 0, "the authorization request was refused"),
    breaker("close_window", "AZ-28", "server_error", 0, "a page could not be opened"),
    breaker("wrong_account", "AZ-37", "", 0, "logged in"),
    breaker("already_signed_in", "AZ-36", "", 2, "yes"),
    breaker("consent_remembered", "AZ-35", "", 0, "yes"),
    breaker("revoked_consent", "RV-01", "", 0, "no"),
    breaker("back_button", "AZ-28", "server_error", 3, "a page could not be opened"),
    breaker("double_click", "AZ-17", "with_state", 2, "consent denied"),
    breaker("slow_network", "TK-27", "before_headers", 0, "the provider could not be reached"),
    breaker("expired_code", "AZ-34", "", 0, "logged in"),
    breaker("tampered_state", "AZ-01", "", 0, "state_missing"),
    breaker("second_login", "AZ-06", "", 0, "the callback was not believed"),
    breaker("scope_reduced", "TK-18", "commas", 0, "public,profile"),
    breaker("provider_down", "AZ-28", "server_error", 0, "a page could not be opened"),
];

/// ContentDB's cancel says nothing at all, so there it is a word that breaks it.
const CONTENTDB_CANCEL: Breaker = breaker("cancel", "AZ-17", "", 0, "consent denied");

#[tokio::test]
async fn each_scenario_for_chattr_fails_with_its_fault() {
    fails("chattr", 13).await;
}

#[tokio::test]
async fn each_scenario_for_chattz_fails_with_its_fault() {
    fails("chattz", 13).await;
}

#[tokio::test]
async fn each_scenario_for_chaster_fails_with_its_fault() {
    fails("chaster", 16).await;
}

#[tokio::test]
async fn each_scenario_for_gitter_fails_with_its_fault() {
    fails("gitter", 12).await;
}

#[tokio::test]
async fn each_scenario_for_contentdb_fails_with_its_fault() {
    fails("contentdb", 13).await;
}

/// Walks each of so many scenarios by itself, while the twin does the one thing wrong that the scenario is about.
async fn fails(twin: &str, applying: usize) {
    let troupe = Troupe::at(twin).await;
    let plan = troupe.begin(None).await;
    let ids: Vec<_> = plan.scenarios.iter().filter(|one| one.status == ScenarioStatus::Open).collect();
    assert_eq!(ids.len(), applying);
    for one in ids {
        let id = one.scenario.id.as_str();
        let breaker = breaker_of(twin, id);
        troupe.forget_cookies();
        let walk = troupe.begin(Some(&[id])).await;
        put_in_force(&troupe, vec![rule(twin, breaker)]).await;
        let found = troupe.carry_out(&walk, id).await;
        put_in_force(&troupe, Vec::new()).await;
        let machine = found.machine.unwrap();
        assert_eq!(machine.verdict, WalkVerdict::Fail, "{twin} {id} with {}: {}", breaker.fault, machine.sentence);
        let received = format!("received {}.", breaker.received);
        assert!(machine.sentence.ends_with(&received), "{twin} {id} with {}: {}", breaker.fault, machine.sentence);
    }
}

fn breaker_of(twin: &str, scenario: &str) -> Breaker {
    if (twin, scenario) == ("contentdb", "cancel") {
        return CONTENTDB_CANCEL;
    }
    let known = BREAKERS.into_iter().find(|breaker| breaker.scenario == scenario);
    known.unwrap_or_else(|| panic!("{scenario}: no fault is known that this scenario finds"))
}

fn rule(twin: &str, breaker: Breaker) -> FaultRule {
    FaultRule {
        fault: breaker.fault.to_owned(),
        variant: (!breaker.variant.is_empty()).then(|| breaker.variant.to_owned()),
        twin: twin.to_owned(),
        client_id: None,
        when: if breaker.opportunity == 0 { FaultTiming::Always } else { FaultTiming::Nth(vec![breaker.opportunity]) },
        delay_ms: None,
    }
}

async fn put_in_force(troupe: &Troupe, rules: Vec<FaultRule>) {
    troupe.stage.app.sandbox_faults_set(FaultRules { rules }).await.unwrap();
}
