//! Two faults at once, drawn by lot: what the engine does about one must not let the other through.
//!
//! The pairs are the same in every run, so that what fails can be looked at again. `GATEWRIGHT_PAIRS=2000` draws that many; the first
//! of them are those of every run.

use std::time::Duration;

use gatewright_engine::grant::{BETWEEN_REFRESHES, RefreshOutcome};
use gatewright_engine::login::{TIME_LIMIT, TokenKind};
use gatewright_engine::transport::Limits;
use gatewright_model::run::{EndReason, StepKind, StepStatus};
use gatewright_model::{Outcome, Step};
use gatewright_sandbox::{FaultDefinition, FaultRule, FaultTiming, Twin, fault_catalogue};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::errand::Tokens;
use crate::proof::{Proof, kind_of};
use crate::stage::Stage;

/// How many pairs every run tries.
const PAIRS: u32 = 120;

/// How long the engine waits for a server that takes its time.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long a server takes that waits on purpose, in milliseconds: longer than the engine's patience.
const DELAY: u32 = 400;

/// How long a login takes at most that waits for nothing but the engine's patience.
const LONGEST_LOGIN: Duration = Duration::from_secs(2);

/// Longer than any pair takes on a slow machine.
const LONGEST: Duration = Duration::from_secs(20);

/// Proves: V-08.
#[test]
fn no_two_faults_together_send_a_code_twice_or_bring_a_secret_out() {
    let cases = std::env::var("GATEWRIGHT_PAIRS").ok().and_then(|number| number.parse().ok()).unwrap_or(PAIRS);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tried = runner.run(&pairs(), |rules| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let shown = format!("{rules:?}");
        let held = runtime.block_on(async { tokio::time::timeout(LONGEST, holds_under(rules)).await });
        held.unwrap_or_else(|_| panic!("no end after {LONGEST:?} of {shown}"));
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Two rules at one twin.
fn pairs() -> impl Strategy<Value = [FaultRule; 2]> {
    select(Twin::ALL.to_vec()).prop_flat_map(|twin| {
        let rule = (select(rules_at(twin)), select(vec![FaultTiming::Always, FaultTiming::First(1)]));
        let rule = rule.prop_map(|(rule, when)| FaultRule { when, ..rule });
        [rule.clone(), rule]
    })
}

/// Every way in which a twin can misbehave.
fn rules_at(twin: Twin) -> Vec<FaultRule> {
    let possible = fault_catalogue().filter(|definition| definition.twins.contains(&twin));
    possible.flat_map(|definition| variants(definition, twin)).collect()
}

fn variants(definition: &FaultDefinition, twin: Twin) -> Vec<FaultRule> {
    let rule = FaultRule { delay_ms: definition.delay_ms.map(|_| DELAY), ..FaultRule::always(definition.id, twin) };
    let with_variants: Vec<_> = definition.variants.iter().map(|variant| rule.clone().with_variant(*variant)).collect();
    if with_variants.is_empty() { vec![rule] } else { with_variants }
}

async fn holds_under(rules: [FaultRule; 2]) {
    let mut stage = Stage::at(rules[0].twin).await.patience(PATIENCE);
    stage.sandbox.set_faults(rules.into()).unwrap();
    let proof = log_in_or_give_up(&stage).await;
    sends_its_code_once_at_most(&proof);
    proof.leaks_nothing();
    if can_be_refreshed(&proof) {
        sends_its_refresh_token_once_at_most(&proof.tokens()).await;
    }
    drop(proof);
    stage.sandbox.clear_faults();
    stage.limits = Limits::default();
    stage.log_in().await.logs_in().leaks_nothing();
}

/// A page that never comes is not waited for longer than the login's own time.
async fn log_in_or_give_up(stage: &Stage) -> Proof<'_> {
    let login = stage.log_in();
    tokio::pin!(login);
    tokio::select! {
        proof = &mut login => return proof,
        () = tokio::time::sleep(LONGEST_LOGIN) => stage.clock.advance(TIME_LIMIT),
    }
    login.await
}

/// No token request without a callback that is believed, and none twice.
fn sends_its_code_once_at_most(proof: &Proof<'_>) {
    let sent = token_requests(proof.stage);
    assert!(sent <= 1, "{sent} token requests");
    let passed =
        |step: &Step| step.kind == StepKind::Callback && matches!(step.status, StepStatus::Passed | StepStatus::Warned);
    assert!(sent == 0 || proof.end.steps.iter().any(passed), "a token request after {:?}", proof.end.steps);
    if let Outcome::Ended(ending) = proof.outcome() {
        assert!(ending.reason != EndReason::CallbackRejected || sent == 0);
        assert!(proof.end.identity.is_none() && !ending.sentence.is_empty() && !ending.next.is_empty());
    }
}

fn can_be_refreshed(proof: &Proof<'_>) -> bool {
    let has = |wanted| proof.end.to_seal.iter().any(|(kind, _)| *kind == wanted);
    matches!(proof.outcome(), Outcome::LoggedIn { .. }) && has(TokenKind::Access) && has(TokenKind::Refresh)
}

/// A refresh sends its token once, and nothing is sent a second time before a person decided, where its fate is unknown.
async fn sends_its_refresh_token_once_at_most(tokens: &Tokens<'_>) {
    let mut may_send = 1;
    for attempt in ["first", "second"] {
        tokens.stage.clock.advance(BETWEEN_REFRESHES);
        let before = token_requests(tokens.stage);
        let done = tokens.refresh_with(tokens.book().attempt(attempt)).await;
        let sent = token_requests(tokens.stage) - before;
        assert!(sent <= may_send, "{sent} requests by the {attempt} refresh, which ended {:?}", done.outcome());
        done.leaks_nothing();
        may_send = match done.outcome() {
            RefreshOutcome::Renewed(_) | RefreshOutcome::Untouched => 1,
            _ => 0,
        };
    }
}

fn token_requests(stage: &Stage) -> usize {
    stage.sandbox.recent_requests().iter().filter(|entry| kind_of(&entry.path) == "token").count()
}
