//! The process to which it happens.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use gatewright_app::{App, failpoint};
use gatewright_contract::Handler as _;
use gatewright_contract::app::Nothing;
use gatewright_contract::rotation::{RotationDriver, RotationStrategy};
use gatewright_store::{Options, Store, setting};

use super::scenario::{self, Scenario};
use crate::rotation::{CALLBACK, Walk};
use crate::stage::Stage;

/// Which place is meant, and what was passed on the way.
struct Watch {
    is_armed: AtomicBool,
    place: String,
    passed: Mutex<Vec<&'static str>>,
    app: OnceLock<App>,
}

impl Watch {
    /// Says at the place that it is reached, and waits for what is to happen there.
    fn reached(&self, place: &'static str) {
        if !self.is_armed.load(Ordering::SeqCst) {
            return;
        }
        self.passed.lock().unwrap().push(place);
        if place != self.place {
            return;
        }
        // Once: what happened has happened.
        self.is_armed.store(false, Ordering::SeqCst);
        say!("AT {place}");
        let mut word = String::new();
        std::io::stdin().read_line(&mut word).unwrap();
        if word.trim() == "full" {
            self.app.get().expect("the app is there by now").let_disk_be_full(true);
        }
    }
}

/// Prepares a scenario, and does it with the watch armed.
pub(super) async fn run(task: &str) {
    let [name, place, folder] = &*task.split('|').collect::<Vec<_>>() else { panic!("{task}") };
    let (scenario, folder) = (Scenario::named(name), PathBuf::from(folder));
    let watch = Arc::new(Watch {
        is_armed: AtomicBool::new(false),
        place: (*place).to_owned(),
        passed: Mutex::default(),
        app: OnceLock::new(),
    });
    let seen = Arc::clone(&watch);
    failpoint::set_hook(Box::new(move |place| seen.reached(place)));
    calibrate(&folder);
    let stage = Stage::with_keyring(&folder).await;
    // The start is over before anything happens.
    stage.app.keyring_probe(Nothing {}).await.unwrap();
    let ready = scenario::prepare(scenario, &stage).await;
    let rotation = ready.rotation.clone().unwrap_or_default();
    let (said, stage) = if scenario.is_done_at_start() {
        stage.app.shut_down().await;
        drop(stage);
        scenario::let_the_undo_be_over(&database(&folder), &ready);
        say!("ARMED");
        watch.is_armed.store(true, Ordering::SeqCst);
        // The disk can be full only in an app that is there: here it is made full from inside the start.
        let stage = Stage::with_keyring_and(&folder, |app| drop(watch.app.set(app.clone()))).await;
        stage.app.shut_down().await;
        ("ok".to_owned(), None)
    } else {
        let _ = watch.app.set(stage.app.clone());
        say!("ARMED");
        watch.is_armed.store(true, Ordering::SeqCst);
        (Box::pin(scenario::act(scenario, &stage, ready)).await, Some(stage))
    };
    say!("RESULT {said} {}", watch.passed.lock().unwrap().join("|"));
    let mut word = String::new();
    std::io::stdin().read_line(&mut word).unwrap();
    if let ("store again", Some(stage)) = (word.trim(), stage) {
        say!("STORED {}", scenario::store_again(&stage, rotation).await);
        let _ = std::io::stdin().read_line(&mut String::new());
    }
}

/// Finds out what the twins answer to good and to wrong secrets, once for all: asking costs seconds.
pub(super) async fn learn() {
    let folder = tempfile::TempDir::new().unwrap();
    let stage = Stage::with_keyring(folder.path()).await;
    for twin in ["chattz", "chaster", "gitter"] {
        let client = stage.register(twin, CALLBACK).await;
        let mut walk = Walk::start(&stage, &client, RotationStrategy::ReplaceClient, RotationDriver::ByHand).await;
        walk.prove_old().await;
    }
    stage.app.shut_down().await;
    drop(stage);
    let store = Store::open(&database(folder.path()), &Options::default()).unwrap();
    let learnt: BTreeMap<String, serde_json::Value> = store
        .read_blocking(|db| {
            let keys = ["chattz", "chaster", "gitter"].map(|twin| format!("probe_calibration/{twin}/sandbox"));
            let found = keys.into_iter().map(|key| Ok((key.clone(), setting::find(db, &key)?)));
            let found: Result<Vec<_>, gatewright_store::StoreError> = found.collect();
            Ok(found?.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
        })
        .unwrap();
    say!("LEARNT {}", serde_json::to_string(&learnt).unwrap());
}

/// Counts how often a rotation asks the keyring, without the reads of what is sent over the network: one for each probe.
pub(super) async fn count() {
    let folder = tempfile::TempDir::new().unwrap();
    let stage = Stage::with_keyring(folder.path()).await;
    let client = stage.register("chattz", CALLBACK).await;
    let mut walk = Walk::start(&stage, &client, RotationStrategy::Overlap, RotationDriver::Sandbox).await;
    walk.prove_old().await;
    let started = stage.app.keyring_round_trips();
    walk.obtain().await;
    let obtained = stage.app.keyring_round_trips();
    walk.pass_over().await;
    walk.pass_over().await;
    walk.promote().await;
    let promoted = stage.app.keyring_round_trips();
    walk.retire().await;
    let probes = 1;
    let retired = stage.app.keyring_round_trips() - probes;
    say!("COUNTED obtain {} promote {} retire {}", obtained - started, promoted - obtained, retired - promoted);
}

/// Puts what was learnt into a new database.
fn calibrate(folder: &Path) {
    let learnt: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&std::env::var(super::LEARNT).unwrap_or("{}".to_owned())).unwrap();
    let store = Store::open(&database(folder), &Options::default()).unwrap();
    store.write_blocking(|tx| learnt.iter().try_for_each(|(key, value)| setting::put(tx, key, value))).unwrap();
}

pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join("gatewright.sqlite")
}
