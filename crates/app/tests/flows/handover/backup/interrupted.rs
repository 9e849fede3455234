//! Backups and restores that do not come to their end, or are not begun.

use std::path::Path;
use std::sync::Mutex;

use gatewright_app::App;
use gatewright_contract::app::Nothing;
use gatewright_contract::handover::{BackupMake, BackupRestore, BackupState, BackupWork};
use gatewright_contract::secret::SecretRef;
use gatewright_contract::{Failure, FailureCode, Handler};
use gatewright_testkit::Canary;
use gatewright_testkit::keyring::KeyringStage;
use tempfile::TempDir;

use super::{asks_for_backup, asks_to_restore, part, play};
use crate::handover::enter;
use crate::stage::{PATIENCE, Stage, everything};

/// The places at which a restore is ended, and whether what was restored is there at the next start.
const PLACES: [(&str, bool); 4] = [
    ("restore: database unpacked", false),
    ("restore: an entry put back", false),
    ("restore: ready", true),
    ("restore: another taken back", false),
];

#[test]
fn a_restore_that_is_killed_leaves_what_was_here_or_what_was_restored_and_nothing_between() {
    let folder = TempDir::new().unwrap();
    play(&KeyringStage::unlocked(), "make", folder.path());
    for (place, is_restored) in PLACES {
        let there = KeyringStage::unlocked();
        let _gone = std::fs::remove_dir_all(folder.path().join("there"));
        play(&there, "begin", folder.path());
        let before = there.item_count();
        let ended = part(&there, place, folder.path());
        assert!(!ended.status.success(), "it was to be killed at {place:?}");
        play(&there, "after", folder.path());
        let names = std::fs::read_to_string(folder.path().join("names")).unwrap();
        let expected = if is_restored { "Forum login chattz, My Website Login" } else { "Was here before" };
        assert_eq!(names, expected, "killed at {place:?}");
        assert!(!folder.path().join("there/restore").exists(), "nothing is left over after {place:?}");
        assert!(is_restored || there.item_count() == before, "no entry is left over after {place:?}");
    }
}

#[test]
fn a_backup_or_a_restore_that_is_stopped_leaves_nothing_and_another_can_be_begun() {
    let folder = TempDir::new().unwrap();
    play(&KeyringStage::unlocked(), "make", folder.path());
    let there = KeyringStage::unlocked();
    play(&there, "begin", folder.path());
    let before = there.item_count();
    play(&there, "stop", folder.path());
    assert_eq!(there.item_count(), before, "no entry is left over");
}

#[test]
fn a_backup_that_is_ready_stays_so_when_another_restore_is_refused_and_no_longer_when_one_begins() {
    let folder = TempDir::new().unwrap();
    play(&KeyringStage::unlocked(), "make", folder.path());
    play(&KeyringStage::unlocked(), "refuse", folder.path());
}

/// A backup that the person stops after the database was copied, and two restores, the one among the keyring's entries and the other at
/// the last of them.
pub(super) async fn stop(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    let places = ["backup: database copied", "restore: an entry put back", "restore: every entry put back"];
    stop_once_at(&stage, &places);
    let made = BackupMake { file: folder.join("stopped.age").display().to_string(), ..asks_for_backup(folder) };
    is_stopped(&stage.app.backup_make(made.clone()).await.unwrap_err());
    let left = std::fs::read_dir(folder).unwrap().chain(std::fs::read_dir(folder.join("there")).unwrap());
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains("stopped") && !name.contains("unfinished")), "{left:?}");
    for _stopped in &places[1..] {
        is_stopped(&stage.app.backup_restore(asks_to_restore(folder)).await.unwrap_err());
        assert!(!folder.join("there/restore").exists());
    }
    stage.app.backup_make(made).await.unwrap();
    stage.app.shut_down().await;
}

/// A restore that is ready, another one during a backup, one with the wrong passphrase, and one that is stopped after it has begun.
pub(super) async fn refuse(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    let standing = async || stage.app.backup_state(Nothing {}).await.unwrap();
    assert_eq!(standing().await, BackupState { under_way: None, ready: None });
    let ask = asks_to_restore(folder);
    let ready = stage.app.backup_restore(ask.clone()).await.unwrap();
    assert_eq!(standing().await, BackupState { under_way: None, ready: Some(ready.clone()) });

    let another = ask.clone();
    once_at(&stage, &["backup: database copied", "restore: another taken back"], move |app| {
        let another = another.clone();
        async move {
            assert_eq!(app.backup_restore(another).await.unwrap_err().code, FailureCode::InUse);
            let under_way = app.backup_state(Nothing {}).await.unwrap().under_way.unwrap();
            if under_way.work == BackupWork::Restoring {
                app.backup_stop(Nothing {}).await.unwrap();
            }
        }
    });
    let made = BackupMake { file: folder.join("beside.age").display().to_string(), ..asks_for_backup(folder) };
    stage.app.backup_make(made).await.unwrap();
    let wrong = BackupRestore { passphrase: "wrong horse battery staple".to_owned(), ..ask.clone() };
    stage.app.backup_restore(wrong).await.unwrap_err();
    assert_eq!(standing().await.ready, Some(ready));
    assert!(folder.join("there/restore/ready").exists(), "and it is as it was");

    is_stopped(&stage.app.backup_restore(ask).await.unwrap_err());
    assert_eq!(standing().await.ready, None);
    assert!(!folder.join("there/restore").exists(), "the new one had begun in its place");
    stage.app.shut_down().await;
}

fn is_stopped(failure: &Failure) {
    assert_eq!(failure.code, FailureCode::FileNotWritten, "{failure:?}");
    assert_eq!(failure.message, "It was stopped, and nothing of it is left.");
}

/// Presses “Stop” at each of these places when it is reached for the first time, and waits until that is heard.
fn stop_once_at(stage: &Stage, places: &[&'static str]) {
    once_at(stage, places, |app| async move {
        let another = app.backup_make(asks_for_backup(Path::new("/nowhere"))).await.unwrap_err();
        assert_eq!(another.code, FailureCode::InUse);
        let progress = app.backup_stop(Nothing {}).await.unwrap().under_way.unwrap();
        assert!(progress.done <= progress.total, "{progress:?}");
    });
}

/// Acts at each of these places when it is reached for the first time, and goes on when that is done.
fn once_at<F>(stage: &Stage, places: &[&'static str], act: impl Fn(App) -> F + Send + Sync + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (app, runtime) = (stage.app.clone(), tokio::runtime::Handle::current());
    let left = Mutex::new(places.to_vec());
    gatewright_app::failpoint::set_hook(Box::new(move |reached| {
        let mut left = left.lock().unwrap();
        let Some(place) = left.iter().position(|place| *place == reached) else { return };
        left.remove(place);
        let (acting, (done, heard)) = (act(app.clone()), std::sync::mpsc::channel());
        runtime.spawn(async move {
            acting.await;
            done.send(()).unwrap();
        });
        heard.recv().unwrap();
    }));
}

/// The second computer before a restore, with something of its own.
pub(super) async fn begin(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    enter(&stage, "Was here before", "zzz", &Canary::new("before")).await;
    stage.app.shut_down().await;
}

/// A restore that is killed as soon as it reaches a place, or the one after it, which begins by taking the first one back.
pub(super) async fn restore_until(folder: &Path, place: &str) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    let place = place.to_owned();
    gatewright_app::failpoint::set_hook(Box::new(move |reached| {
        if reached == place {
            // As `kill -9` does: nothing is said or put in order.
            std::process::abort();
        }
    }));
    for _restore in ["the first", "the second"] {
        let _killed = stage.app.backup_restore(asks_to_restore(folder)).await;
    }
}

/// The start after that, until what was interrupted is taken back.
pub(super) async fn after(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    let tidied = async {
        while folder.join("there/restore").exists() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, tidied).await.expect("what was begun is taken back");
    let list = stage.app.client_list(everything()).await.unwrap();
    for row in &list.rows {
        let asked = SecretRef { client: row.id.clone(), confirmed: true };
        assert!(!stage.app.secret_reveal(asked).await.unwrap().value.is_empty(), "{} has its secret", row.name);
    }
    let names: Vec<_> = list.rows.into_iter().map(|row| row.name).collect();
    std::fs::write(folder.join("names"), names.join(", ")).unwrap();
    stage.app.shut_down().await;
}
