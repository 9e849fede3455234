//! The process that starts Gatewright again on what is left, and looks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gatewright_contract::FailureCode;
use gatewright_contract::Handler as _;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientRef};
use gatewright_contract::rotation::{
    RotationActionKind, RotationConfirm, RotationDetail, RotationPaste, RotationRef, RotationState, RotationStepKind,
    RotationStepState, SecretStanding,
};
use gatewright_contract::run::Browser;
use gatewright_model::ClientRecordId;
use gatewright_model::secret_version::SecretVersionState;
use gatewright_store::{Options, Store, intent, meta, secret_rotation, secret_version};

use super::child::database;
use super::scenario::{Scenario, value_is_the_pasted_one};
use crate::stage::{PATIENCE, Stage, everything};

/// Looks at one folder after the other, as it is told.
pub(super) async fn look_at_what_is_left() {
    loop {
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line).unwrap() == 0 {
            return;
        }
        let (name, folder) = line.trim_end().split_once(' ').unwrap();
        let (scenario, folder) = (Scenario::named(name), PathBuf::from(folder));
        // A task of its own, so that what it finds wrong does not end this process.
        let looked = tokio::spawn(async move { Box::pin(look(scenario, &folder)).await }).await;
        match looked {
            Ok(Ok(claims)) => say!("GREEN {}", claims.join(" ")),
            Ok(Err(why)) => say!("RED {}", why.replace('\n', " ")),
            Err(panic) => say!("RED {}", panic.to_string().replace('\n', " ")),
        }
    }
}

/// Starts again, looks, walks the runbook to its end, and says what has to be in the keyring then, and what must not.
async fn look(scenario: Scenario, folder: &Path) -> Result<Vec<String>, String> {
    let clients = clients_of(folder);
    let stage = Stage::with_keyring(folder).await;
    stage.app.keyring_probe(Nothing {}).await.map_err(|failure| failure.message)?;
    stage.app.shut_down().await;
    drop(stage);
    rows_agree(folder)?;
    let stage = Stage::with_keyring(folder).await;
    let list = stage.app.client_list(everything()).await.map_err(|failure| failure.message)?;
    for row in &list.rows {
        let client = stage.app.client_show(ClientRef { client: row.id.clone() }).await.unwrap();
        let rotation = open_rotation(&stage, &client).await;
        match &rotation {
            // Nobody here can know which of the two the provider takes.
            Some(rotation) if is_change_over_unknown(rotation) => one_of_two_works(&stage, &client, rotation).await?,
            _ => one_secret_works(scenario, &stage, &client).await?,
        }
        if let Some(rotation) = rotation {
            walk_to_the_end(scenario, &stage, &rotation).await?;
        }
    }
    if scenario == Scenario::Delete && !list.rows.is_empty() {
        return Err("the deleted client is back".to_owned());
    }
    stage.app.shut_down().await;
    drop(stage);
    rows_agree(folder)?;
    Ok(claims(folder, &clients))
}

/// The clients whose secrets may be in the keyring: those with rows, and those that were about to have one.
fn clients_of(folder: &Path) -> BTreeSet<ClientRecordId> {
    let store = Store::open(&database(folder), &Options::default()).unwrap();
    let (kept, intents) = store.read_blocking(|db| Ok((secret_version::kept(db)?, intent::list(db)?))).unwrap();
    kept.into_iter().map(|kept| kept.client).chain(intents.into_iter().map(|intent| intent.client)).collect()
}

/// Which entries the rows say there are, by the name the keyring has them under.
fn claims(folder: &Path, clients: &BTreeSet<ClientRecordId>) -> Vec<String> {
    let store = Store::open(&database(folder), &Options::default()).unwrap();
    let (kept, namespace) = store.read_blocking(|db| Ok((secret_version::kept(db)?, meta::namespace(db)?))).unwrap();
    let namespace = namespace.unwrap();
    let claim = |client: &ClientRecordId, version: u32| {
        let is_lost = || {
            store.read_blocking(|db| secret_version::find(db, client, version)).unwrap().state
                == SecretVersionState::Lost
        };
        let is_kept = kept.iter().any(|kept| kept.client == *client && kept.version == version) && !is_lost();
        format!("{namespace}/client/{client}/v{version}{}", if is_kept { "+" } else { "-" })
    };
    clients
        .iter()
        .flat_map(|client| (1..=4).map(move |version| (client, version)))
        .map(|(client, version)| claim(client, version))
        .collect()
}

/// What the tables say of each other.
fn rows_agree(folder: &Path) -> Result<(), String> {
    let store = Store::open(&database(folder), &Options::default()).map_err(|cause| cause.to_string())?;
    let (intents, open) =
        store.read_blocking(|db| Ok((intent::list(db)?, secret_rotation::list_under_way(db)?))).unwrap();
    if !intents.is_empty() {
        return Err(format!("intents are left: {intents:?}"));
    }
    for kept in open {
        let rotation = kept.rotation;
        let client = rotation.client.clone();
        let active = store.read_blocking(|db| secret_version::active(db, &client)).unwrap();
        let in_use = Some(rotation.in_use().version);
        if active.map(|active| active.version) != in_use {
            return Err(format!("logins use another version than the rotation says: {rotation:?}"));
        }
        if rotation.pending.as_ref().is_some_and(|pending| !pending.is_cut_off) {
            return Err(format!("something is pending and nobody works on it: {rotation:?}"));
        }
        if let Some(new) = &rotation.new {
            let row = store.read_blocking(|db| secret_version::find(db, &client, new.version));
            if !row.is_ok_and(|row| row.has_value()) {
                return Err(format!("the new secret is not there: {rotation:?}"));
            }
        }
    }
    Ok(())
}

/// Exactly one version is active, its value is in the keyring, and where a twin knows it, a login works with it.
async fn one_secret_works(scenario: Scenario, stage: &Stage, client: &ClientDetail) -> Result<(), String> {
    // What was only in memory when the process was killed is gone; the keyring must not have it then.
    if scenario == Scenario::Move && client.secret_versions[0].state == "lost" {
        return Ok(());
    }
    let active: Vec<_> = client.secret_versions.iter().filter(|version| version.state == "active").collect();
    if active.len() != 1 {
        return Err(format!("{} active versions: {:?}", active.len(), client.secret_versions));
    }
    if scenario.is_real() {
        let run = stage.log_in(client, Browser::Embedded).await;
        return if run.row.outcome == "logged_in" { Ok(()) } else { Err(format!("no login: {:?}", run.sentence)) };
    }
    let is_pasted = value_is_the_pasted_one(stage, &client.row.id).await;
    let should_be = scenario.makes_client() || active[0].version == 2;
    if is_pasted == should_be { Ok(()) } else { Err("the version in use has another version's value".to_owned()) }
}

/// Whether the answer to a change-over was lost.
fn is_change_over_unknown(rotation: &RotationDetail) -> bool {
    let is_it = |kind, state| kind == RotationStepKind::Promote && state == RotationStepState::Attention;
    rotation.steps.iter().any(|step| is_it(step.kind, step.state))
}

/// The secret that logins use is one of the two of which exactly one works, and the runbook stands at the step that finds out which, and says
/// just that. It does not lead back to a secret that may be dead.
async fn one_of_two_works(stage: &Stage, client: &ClientDetail, rotation: &RotationDetail) -> Result<(), String> {
    let states: Vec<_> = client.secret_versions.iter().map(|one| (one.version, one.state.as_str())).collect();
    if states != [(2, "staged"), (1, "active")] {
        return Err(format!("versions after a lost change-over: {states:?}"));
    }
    let step = rotation.steps.iter().find(|step| step.kind == RotationStepKind::Promote).unwrap();
    let kinds: Vec<_> = rotation.actions.iter().map(|action| action.kind).collect();
    let said =
        "Nobody has seen whether the provider takes v2 by now, or still v1. Promote again: Gatewright asks it first.";
    let if_stopped = "The provider takes v1, v2 or both: nobody has seen which.";
    if step.sentence != said
        || !rotation.if_stopped_now.starts_with(if_stopped)
        || kinds != [RotationActionKind::Promote]
    {
        return Err(format!("the runbook says something else: {rotation:?}"));
    }
    let old_works = stage.log_in(client, Browser::Embedded).await.row.outcome == "logged_in";
    let probed = stage.app.rotation_prove_new(RotationRef { rotation: rotation.id.clone() }).await;
    let probed = probed.map_err(|failure| failure.message)?;
    let new_works = match probed.secrets.last().and_then(|new| new.proof.as_ref()).map(|proof| proof.standing) {
        Some(SecretStanding::Accepted) => true,
        Some(SecretStanding::Refused) => false,
        other => return Err(format!("the provider does not say whether it takes the new secret: {other:?}")),
    };
    if old_works == new_works {
        return Err(format!("of the two {} work", if old_works { "both" } else { "none" }));
    }
    Ok(())
}

async fn open_rotation(stage: &Stage, client: &ClientDetail) -> Option<RotationDetail> {
    let ask = ClientRef { client: client.row.id.clone() };
    let rotation = stage.app.rotation_options(ask).await.unwrap().under_way?;
    Some(stage.app.rotation_show(RotationRef { rotation }).await.unwrap())
}

/// Goes on with what is offered until the rotation is over. What was pasted is no secret the twin knows: that one is rolled back.
async fn walk_to_the_end(scenario: Scenario, stage: &Stage, found: &RotationDetail) -> Result<(), String> {
    let app = &stage.app;
    // A login that has shown that the secret works since may have brought it on.
    let mut now = app.rotation_show(RotationRef { rotation: found.id.clone() }).await.unwrap();
    let patience = std::time::Instant::now();
    while patience.elapsed() < PATIENCE {
        let confirmed = RotationConfirm { rotation: now.id.clone(), confirmed: true, access_token: None };
        let itself = RotationRef { rotation: now.id.clone() };
        let offers = |kind| now.actions.iter().any(|action| action.kind == kind);
        let is_next = |state| matches!(state, RotationStepState::Next | RotationStepState::Attention);
        let Some(next) = now.steps.iter().find(|step| is_next(step.state)) else { break };
        let went = match next.kind {
            _ if scenario == Scenario::Paste && offers(RotationActionKind::RollBack) => {
                app.rotation_roll_back(confirmed).await
            }
            RotationStepKind::ObtainNew if offers(RotationActionKind::PasteNew) => {
                let secret = "another-pasted-secret-of-forty-letters-2".to_owned();
                app.rotation_paste_new(RotationPaste { rotation: now.id.clone(), client_id: None, secret }).await
            }
            RotationStepKind::ObtainNew => app.rotation_obtain(confirmed).await,
            RotationStepKind::ProveOld | RotationStepKind::MoveDeployments | RotationStepKind::ProveNew => {
                app.rotation_pass_over(confirmed).await
            }
            RotationStepKind::Promote => app.rotation_promote(confirmed).await,
            RotationStepKind::RetireOld => app.rotation_retire(confirmed).await,
        };
        match went {
            // The start still looks into the keyring for what may be there, or a login is only now written down as a proof.
            Err(failure) if matches!(failure.code, FailureCode::InUse | FailureCode::ChangedMeanwhile) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(_) => {}
            Err(failure) => return Err(format!("at {:?}: {} {:?}", next.kind, failure.message, failure.hint)),
        }
        now = app.rotation_show(itself).await.unwrap();
    }
    if now.state == RotationState::UnderWay {
        return Err(format!("the runbook does not end: {:?} {:?}", now.sentence, now.actions));
    }
    let client = app.client_show(ClientRef { client: now.client.clone() }).await.unwrap();
    one_secret_works(scenario, stage, &client).await
}
