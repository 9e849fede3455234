//! Backup and restore, rehearsed: everything to a file, and back on a computer that has never seen any of it.
//!
//! A keyring is found by environment variables and a process has one environment, so each part is played by this binary, started again.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::handover::{BackupMake, BackupRestore};
use gatewright_contract::run::{Browser, RunQuery};
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::secret_search::SecretSought;
use gatewright_contract::walk::WalkPlanDuplicate;
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::Canary;
use gatewright_testkit::keyring::KeyringStage;
use tempfile::TempDir;

use super::{CALLBACK, PASSPHRASE, enter};
use crate::stage::{PATIENCE, Stage, everything};

const PART: &str = "GATEWRIGHT_TEST_BACKUP";
const SECOND: &str = "a-second-secret-of-the-client-77aa";

/// What the other process does. In an ordinary run of the tests nothing is asked of it.
#[test]
fn the_part_that_is_played() {
    let Ok(part) = std::env::var(PART) else { return };
    let Some((what, folder)) = part.split_once('|') else { return };
    let folder = PathBuf::from(folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        match what {
            "make" => make(&folder).await,
            "restore" => restore(&folder).await,
            "look" => look(&folder).await,
            "begin" => begin(&folder).await,
            "after" => after(&folder).await,
            place => restore_until(&folder, place).await,
        }
    });
}

#[test]
fn a_restore_on_another_computer_brings_back_clients_versions_runs_and_secrets_that_work() {
    let folder = TempDir::new().unwrap();
    let (here, there) = (KeyringStage::unlocked(), KeyringStage::unlocked());
    play(&here, "make", folder.path());
    play(&there, "restore", folder.path());
    play(&there, "look", folder.path());
    let backup = std::fs::read(file(folder.path())).unwrap();
    assert!(Canary::of(SECOND).traces_in(&backup).is_empty(), "the backup is encrypted");
}

/// The places at which a restore is ended, and whether what was restored is there at the next start.
const PLACES: [(&str, bool); 3] =
    [("restore: database unpacked", false), ("restore: an entry put back", false), ("restore: ready", true)];

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

fn play(stage: &KeyringStage, what: &str, folder: &Path) {
    let output = part(stage, what, folder);
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{what}: {said}\n{complained}");
}

fn part(stage: &KeyringStage, what: &str, folder: &Path) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["handover::backup::the_part_that_is_played", "--exact", "--nocapture"])
        .envs(stage.environment())
        .env(PART, format!("{what}|{}", folder.display()))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn file(folder: &Path) -> PathBuf {
    folder.join("everything.age")
}

/// The first computer: two clients, one with history and a login, in a backup.
async fn make(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("here")).await;
    let client = stage.register("chattz", CALLBACK).await;
    stage.log_in(&client, Browser::Embedded).await;
    let other = enter(&stage, "My Website Login", "abc123", &Canary::new("first")).await;
    let paste = SecretPaste { client: other.row.id, secret: SECOND.to_owned() };
    stage.app.secret_paste(paste).await.unwrap();
    let plan = WalkPlanDuplicate { plan: "contentdb".to_owned(), title: "Friday's walk".to_owned() };
    stage.app.walk_plan_duplicate(plan).await.unwrap();
    let asked =
        BackupMake { file: file(folder).display().to_string(), passphrase: PASSPHRASE.to_owned(), confirmed: true };
    let unconfirmed = stage.app.backup_make(BackupMake { confirmed: false, ..asked.clone() }).await.unwrap_err();
    assert_eq!(unconfirmed.field.as_deref(), Some("confirmed"));
    let made = stage.app.backup_make(asked).await.unwrap();
    assert_eq!(made.clients, 2);
    assert!(made.secrets >= 3, "two clients' secrets and the sealing key: {made:?}");
    let left: Vec<_> = std::fs::read_dir(stage.database().parent().unwrap()).unwrap().flatten().collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().contains("unfinished")), "{left:?}");
    stage.app.shut_down().await;
}

/// The second computer, with something of its own that is put aside.
async fn restore(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    enter(&stage, "Was here before", "zzz", &Canary::new("before")).await;
    let ask =
        BackupRestore { file: file(folder).display().to_string(), passphrase: PASSPHRASE.to_owned(), confirmed: true };
    let wrong = BackupRestore { passphrase: "wrong horse battery staple".to_owned(), ..ask.clone() };
    assert_eq!(stage.app.backup_restore(wrong).await.unwrap_err().field.as_deref(), Some("passphrase"));
    assert!(!folder.join("there/restore").exists(), "what was begun is gone");
    let ready = stage.app.backup_restore(ask).await.unwrap();
    assert_eq!((ready.clients, ready.runs), (2, 1));
    let list = stage.app.client_list(everything()).await.unwrap();
    assert_eq!(list.rows[0].name, "Was here before", "until the next start everything is as it was");
    stage.app.shut_down().await;
    let cookies = folder.join("there/test-users/abc-1/cookies");
    std::fs::create_dir_all(cookies.parent().unwrap()).unwrap();
    std::fs::write(cookies, "session=1").unwrap();
}

/// The second computer, started again.
async fn look(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    let list = stage.app.client_list(everything()).await.unwrap();
    let names: Vec<_> = list.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Forum login chattz", "My Website Login"]);
    let website = ClientRef { client: list.rows[1].id.clone() };
    let versions = stage.app.client_show(website.clone()).await.unwrap().secret_versions;
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1]);
    let revealed = stage.app.secret_reveal(SecretRef { client: website.client, confirmed: true }).await.unwrap();
    assert_eq!(revealed.value, SECOND);
    let told =
        stage.app.secret_recognise(SecretSought { text: Canary::new("first").as_str().to_owned() }).await.unwrap();
    assert_eq!(told.secrets.len(), 1, "fingerprints of retired versions came along");

    let forum = stage.app.client_show(ClientRef { client: list.rows[0].id.clone() }).await.unwrap();
    let run = stage.log_in(&forum, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in", "the secret works at the twin, whose apps came along: {:?}", run.sentence);
    let query = RunQuery {
        search: String::new(),
        client: None,
        provider: None,
        environment: None,
        verdict: None,
        browser: None,
        test_user: None,
        tag: None,
        offset: 0,
        limit: 10,
    };
    assert_eq!(stage.app.run_list(query).await.unwrap().total, 2, "the run of the backup and the one just now");
    let plans = stage.app.walk_plans(Nothing {}).await.unwrap().plans;
    assert!(plans.iter().any(|plan| plan.title == "Friday's walk"), "the person's own plan came along: {plans:?}");
    let there = std::fs::read_dir(folder.join("there")).unwrap().flatten().map(|entry| entry.path());
    let aside: Vec<_> = there.filter(|path| path.to_string_lossy().contains(".before-restore")).collect();
    assert_eq!(aside.iter().filter(|path| path.to_string_lossy().contains(".sqlite.before-restore")).count(), 1);
    let cookies = aside.iter().map(|path| path.join("abc-1/cookies"));
    assert_eq!(cookies.filter(|cookies| cookies.exists()).count(), 1, "what login views kept is put aside, not swept");
    let _state = stage.app.app_state(Nothing {}).await.unwrap();
    stage.app.shut_down().await;
}

/// The second computer before a restore, with something of its own.
async fn begin(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    enter(&stage, "Was here before", "zzz", &Canary::new("before")).await;
    stage.app.shut_down().await;
}

/// A restore that is killed as soon as it reaches a place.
async fn restore_until(folder: &Path, place: &str) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    let place = place.to_owned();
    gatewright_app::failpoint::set_hook(Box::new(move |reached| {
        if reached == place {
            // As `kill -9` does: nothing is said or put in order.
            std::process::abort();
        }
    }));
    let _killed = stage.app.backup_restore(asks_to_restore(folder)).await;
}

/// The start after that, until what was interrupted is taken back.
async fn after(folder: &Path) {
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

fn asks_to_restore(folder: &Path) -> BackupRestore {
    BackupRestore { file: file(folder).display().to_string(), passphrase: PASSPHRASE.to_owned(), confirmed: true }
}

#[tokio::test]
async fn without_a_keyring_there_is_neither_backup_nor_restore() {
    let (stage, folder) = (Stage::new().await, TempDir::new().unwrap());
    let asked = BackupMake {
        file: file(folder.path()).display().to_string(),
        passphrase: PASSPHRASE.to_owned(),
        confirmed: true,
    };
    assert_eq!(stage.app.backup_make(asked).await.unwrap_err().code, FailureCode::KeyringAbsent);
    let ask = BackupRestore {
        file: file(folder.path()).display().to_string(),
        passphrase: PASSPHRASE.to_owned(),
        confirmed: true,
    };
    assert_eq!(stage.app.backup_restore(ask).await.unwrap_err().code, FailureCode::KeyringAbsent);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
