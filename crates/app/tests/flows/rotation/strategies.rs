//! Each strategy from its first step to its last: logins work at every step, and only the right secret is left.

use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::rotation::{
    DeploymentTick, RotationActionKind, RotationDriver, RotationState, RotationStepKind as Step, RotationStrategy,
    SecretStanding,
};
use gatewright_contract::run::Browser;
use gatewright_contract::secret_version::DeploymentAdd;
use gatewright_contract::{FailureCode, Handler};

use super::{CALLBACK, Walk, value_in_use, versions};
use crate::bound::until;
use crate::person::Decision;
use crate::stage::Stage;

#[tokio::test]
async fn by_overlap_nothing_stops_working_and_the_old_secret_is_seen_refused() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let before = value_in_use(&stage, &client.row.id).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    assert_eq!(walk.next(), Some(Step::ProveOld));
    walk.prove_old().await;
    assert_eq!(walk.now.secrets[0].proof.as_ref().unwrap().standing, SecretStanding::Accepted);
    assert_eq!(walk.next(), Some(Step::ObtainNew));
    walk.obtain().await;
    assert_eq!(walk.next(), Some(Step::MoveDeployments));
    assert_eq!(walk.versions().await, versions(&[(2, "staged"), (1, "active")]));
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
    walk.pass_over().await;
    walk.probe_new().await;
    assert_eq!(walk.now.secrets[1].proof.as_ref().unwrap().standing, SecretStanding::Accepted);
    assert_eq!(walk.next(), Some(Step::ProveNew), "a probe alone is no login");
    assert_eq!(walk.log_in().await.row.outcome, "logged_in");
    assert_eq!(walk.next(), Some(Step::Promote));
    walk.promote().await;
    assert_eq!(walk.versions().await, versions(&[(2, "active"), (1, "retiring")]));
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
    assert!(walk.offers(RotationActionKind::RollBack));
    walk.retire().await;
    assert_eq!(walk.now.state, RotationState::Completed, "{}", walk.now.sentence);
    assert_eq!(walk.now.secrets[0].proof.as_ref().unwrap().standing, SecretStanding::Refused);
    assert_eq!(walk.versions().await, versions(&[(2, "active"), (1, "retired")]));
    assert_ne!(value_in_use(&stage, &client.row.id).await, before);
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
    assert!(walk.now.actions.is_empty());
}

#[tokio::test]
async fn where_a_secret_cannot_change_a_second_client_takes_over_under_its_own_id() {
    let stage = Stage::new().await;
    for twin in ["gitter", "contentdb"] {
        stage.person("olivia", Decision::Approve);
        let client = stage.register(twin, CALLBACK).await;
        let former = client.row.client_id.clone();
        let mut walk = Walk::start(&stage, &client, RotationStrategy::ReplaceClient, RotationDriver::Sandbox).await;
        walk.prove_old().await;
        walk.obtain().await;
        let new_id = walk.now.secrets[1].client_id.clone();
        assert_ne!(new_id, former, "{twin}");
        assert_eq!(walk.client().await.row.client_id, former, "{twin}: the old client is in use until then");
        assert!(is_bound_as_stored(&stage, &client.row.id).await, "{twin}: the new secret belongs to another ID");
        walk.pass_over().await;
        let run = walk.log_in().await;
        assert_eq!(run.row.outcome, "logged_in", "{twin}: {:?}", run.sentence);
        walk.promote().await;
        assert_eq!(walk.client().await.row.client_id, new_id, "{twin}");
        assert!(is_bound_as_stored(&stage, &client.row.id).await, "{twin}: the old secret belongs to the old ID");
        walk.retire().await;
        assert_eq!(walk.now.state, RotationState::Completed, "{twin}: {}", walk.now.sentence);
        assert_eq!(walk.now.secrets[0].client_id, former, "{twin}: the old ID stays known");
        assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "{twin}");
    }
}

#[tokio::test]
async fn by_hand_a_pasted_secret_of_a_second_client_goes_the_same_way() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    let other = stage.register("gitter", CALLBACK).await;
    let value = value_in_use(&stage, &other.row.id).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::ReplaceClient, RotationDriver::ByHand).await;
    walk.prove_old().await;
    assert!(walk.now.guide.iter().any(|line| line.copy.as_deref() == Some(CALLBACK)), "{:?}", walk.now.guide);
    walk.paste(Some(other.row.client_id.clone()), &value).await;
    walk.pass_over().await;
    assert_eq!(walk.log_in().await.row.outcome, "logged_in");
    walk.promote().await;
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
    walk.retire().await;
    assert_eq!(walk.now.state, RotationState::UnderWay, "nobody has deleted the old client");
    assert_eq!(walk.now.secrets[0].proof.as_ref().unwrap().standing, SecretStanding::Accepted);
    assert!(walk.now.steps.last().unwrap().sentence.contains("still takes"), "{:?}", walk.now.steps.last());
    walk.retire().await;
    assert_eq!(walk.now.state, RotationState::Completed, "the person has read it and goes on");
}

#[tokio::test]
async fn by_cut_over_logins_use_the_new_secret_from_the_moment_it_is_stored() {
    let stage = Stage::new().await;
    let client = stage.register("chaster", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::CutOver, RotationDriver::Keycloak).await;
    walk.prove_old().await;
    walk.obtain().await;
    assert_eq!(walk.versions().await, versions(&[(2, "active"), (1, "retiring")]));
    assert!(!walk.offers(RotationActionKind::RollBack), "there is no way back");
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
    assert_eq!(walk.log_in().await.row.outcome, "logged_in");
    assert_eq!(walk.next(), Some(Step::MoveDeployments));
    walk.pass_over().await;
    assert_eq!(walk.next(), Some(Step::RetireOld));
}

#[tokio::test]
async fn staged_the_new_secret_is_taken_from_the_moment_the_provider_is_told_to_change_over() {
    let stage = Stage::new().await;
    for twin in ["chattr", "chattz", "chaster"] {
        let client = stage.register(twin, CALLBACK).await;
        let mut walk = Walk::start(&stage, &client, RotationStrategy::Staged, RotationDriver::Sandbox).await;
        walk.prove_old().await;
        walk.obtain().await;
        assert_eq!(walk.versions().await, versions(&[(2, "staged"), (1, "active")]), "{twin}");
        walk.pass_over().await;
        assert_eq!(walk.next(), Some(Step::Promote), "{twin}");
        assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "{twin}: the old one is taken until then");
        assert!(walk.now.guide.is_empty(), "nobody has to do anything at the provider");
        walk.promote().await;
        assert_eq!(walk.versions().await, versions(&[(2, "active"), (1, "retiring")]), "{twin}");
        assert!(!walk.offers(RotationActionKind::RollBack), "{twin}: there is no way back");
        assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "{twin}");
        until(async || walk.shown().await.sentence.contains("Step 6 of 6")).await;
        walk.retire().await;
        assert_eq!(walk.now.state, RotationState::Completed, "{twin}: {}", walk.now.sentence);
        assert_eq!(walk.now.secrets[0].proof.as_ref().unwrap().standing, SecretStanding::Refused, "{twin}");
    }
}

#[tokio::test]
async fn a_secret_that_somebody_else_has_staged_is_neither_activated_nor_ended() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Staged, RotationDriver::Sandbox).await;
    walk.pass_over().await;
    walk.obtain().await;
    walk.pass_over().await;
    // As if what is staged there were not what was issued here.
    stage.edit("UPDATE secret_rotation SET facts = json_set(facts, '$.issued_as', 'another')");
    let refused = stage.app.rotation_promote(walk.confirmed()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Refused);
    let said = "At the sandbox another secret is staged than the one that is stored here.";
    assert_eq!((&*refused.message, refused.hint.is_some()), (said, true));
    assert_eq!(walk.versions().await, versions(&[(2, "staged"), (1, "active")]));
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "nothing was activated");
    walk.now = walk.shown().await;
    assert_eq!(walk.next(), Some(Step::Promote));
    walk.roll_back().await;

    let mut again = Walk::start(&stage, &client, RotationStrategy::Staged, RotationDriver::Sandbox).await;
    again.pass_over().await;
    let refused = stage.app.rotation_obtain(again.confirmed()).await.unwrap_err();
    assert!(refused.message.contains("staged already"), "theirs is still there: {}", refused.message);
}

#[tokio::test]
async fn a_staged_secret_that_is_rolled_back_is_gone_at_the_twin_too() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    for _ in 0..2 {
        let mut walk = Walk::start(&stage, &client, RotationStrategy::Staged, RotationDriver::Sandbox).await;
        walk.pass_over().await;
        // A second one would be refused while the first is staged.
        walk.obtain().await;
        walk.roll_back().await;
        assert_eq!(walk.now.state, RotationState::RolledBack);
        assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
    }
    let notices = stage.app.app_state(Nothing {}).await.unwrap().notices;
    assert!(!notices.iter().any(|notice| notice.message.contains("rolled back")), "nothing is left there: {notices:?}");
}

#[tokio::test]
async fn an_ordinary_login_proves_the_secret_it_has_sent() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    assert!(client.row.secret_proof.is_none());
    stage.log_in(&client, Browser::Embedded).await;
    let proof = async || {
        let shown = stage.app.client_show(ClientRef { client: client.row.id.clone() }).await.unwrap();
        shown.row.secret_proof
    };
    until(async || proof().await.is_some()).await;
    assert_eq!(proof().await.unwrap().standing, SecretStanding::Accepted);
}

#[tokio::test]
async fn by_support_the_new_secret_is_proved_before_logins_use_it() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::AskSupport, RotationDriver::ByHand).await;
    walk.prove_old().await;
    walk.paste(None, "a-secret-that-support-has-sent-0001").await;
    assert_eq!(walk.versions().await, versions(&[(2, "staged"), (1, "active")]));
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "the old one is in use");
    walk.probe_new().await;
    assert_ne!(walk.now.secrets[1].proof.as_ref().unwrap().standing, SecretStanding::Accepted);
    assert_ne!(walk.log_in().await.row.outcome, "logged_in", "the twin has never heard of it");
    assert_eq!(walk.next(), Some(Step::ProveNew));
    walk.roll_back().await;
    assert_eq!(walk.now.state, RotationState::RolledBack);
    assert_eq!(walk.versions().await, versions(&[(2, "retired"), (1, "active")]));
    assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in");
}

#[tokio::test]
async fn after_a_promotion_there_is_a_way_back_to_the_old_secret() {
    let stage = Stage::new().await;
    for (twin, strategy) in [("chattz", RotationStrategy::Overlap), ("gitter", RotationStrategy::ReplaceClient)] {
        let client = stage.register(twin, CALLBACK).await;
        let before = value_in_use(&stage, &client.row.id).await;
        let mut walk = Walk::start(&stage, &client, strategy, RotationDriver::Sandbox).await;
        walk.prove_old().await;
        walk.obtain().await;
        walk.pass_over().await;
        walk.log_in().await;
        walk.promote().await;
        walk.roll_back().await;
        assert_eq!(walk.now.state, RotationState::RolledBack, "{twin}");
        assert_eq!(walk.versions().await, versions(&[(2, "retired"), (1, "active")]), "{twin}");
        assert_eq!(walk.client().await.row.client_id, client.row.client_id, "{twin}");
        assert_eq!(value_in_use(&stage, &client.row.id).await, before, "{twin}");
        assert_eq!(walk.ordinary_login().await.row.outcome, "logged_in", "{twin}");
    }
}

#[tokio::test]
async fn when_the_last_deployment_has_moved_the_rotation_goes_on() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    for name in ["web-1", "nightly export"] {
        let add = DeploymentAdd { client: client.row.id.clone(), name: name.to_owned(), place: String::new() };
        stage.app.deployment_add(add).await.unwrap();
    }
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    walk.pass_over().await;
    walk.obtain().await;
    let tick = |walk: &Walk<'_>, at: usize, moved| DeploymentTick {
        rotation: walk.now.id.clone(),
        deployment: walk.now.deployments[at].deployment.clone(),
        moved,
    };
    for (at, moved) in [(0, true), (0, false), (1, true)] {
        walk.now = stage.app.rotation_tick_deployment(tick(&walk, at, moved)).await.unwrap();
        assert_eq!(walk.next(), Some(Step::MoveDeployments));
    }
    let moved: Vec<_> = walk.now.deployments.iter().map(|one| (&*one.name, one.moved)).collect();
    assert_eq!(moved, [("web-1", false), ("nightly export", true)]);
    walk.now = stage.app.rotation_tick_deployment(tick(&walk, 0, true)).await.unwrap();
    assert_eq!(walk.next(), Some(Step::ProveNew));
}

/// Whether every secret of a client is bound to where it was stored for.
async fn is_bound_as_stored(stage: &Stage, client: &str) -> bool {
    stage.app.secret_binding(ClientRef { client: client.to_owned() }).await.unwrap().intact
}
