//! Backup and restore, rehearsed: everything to a file, and back on a computer that has never seen any of it.
//!
//! A keyring is found by environment variables and a process has one environment, so each part is played by this binary, started again.

mod interrupted;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gatewright_app::ports::Moment;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::ClientRef;
use gatewright_contract::evidence::PictureRef;
use gatewright_contract::handover::{BackupMake, BackupRestore};
use gatewright_contract::run::{Browser, RunQuery, RunRef};
use gatewright_contract::secret::{SecretPaste, SecretRef};
use gatewright_contract::secret_search::SecretSought;
use gatewright_contract::walk::WalkPlanDuplicate;
use gatewright_contract::{FailureCode, Handler};
use gatewright_testkit::Canary;
use gatewright_testkit::keyring::KeyringStage;
use tempfile::TempDir;

use super::{CALLBACK, PASSPHRASE, enter};
use crate::evidence::{pixels, reasons};
use crate::stage::{Stage, everything};

const PART: &str = "GATEWRIGHT_TEST_BACKUP";
/// The folder of the person's own walk plans.
const PLANS: &str = "walk-plans";
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
            "begin" => interrupted::begin(&folder).await,
            "after" => interrupted::after(&folder).await,
            "stop" => interrupted::stop(&folder).await,
            "refuse" => interrupted::refuse(&folder).await,
            place => interrupted::restore_until(&folder, place).await,
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
    let changed = take_pictures(&stage).await;
    let other = enter(&stage, "My Website Login", "abc123", &Canary::new("first")).await;
    let paste = SecretPaste { client: other.row.id, secret: SECOND.to_owned() };
    stage.app.secret_paste(paste).await.unwrap();
    let plan = WalkPlanDuplicate { plan: "contentdb".to_owned(), title: "Friday's walk".to_owned(), text: None };
    stage.app.walk_plan_duplicate(plan).await.unwrap();
    std::fs::write(stage.database().with_file_name(PLANS).join("notes.toml"), [0xff]).unwrap();
    std::fs::write(changed, "something else").unwrap();
    let asked = asks_for_backup(folder);
    let unconfirmed = stage.app.backup_make(BackupMake { confirmed: false, ..asked.clone() }).await.unwrap_err();
    assert_eq!(unconfirmed.field.as_deref(), Some("confirmed"));
    let made = stage.app.backup_make(asked).await.unwrap();
    assert_eq!((made.clients, made.pictures), (2, 1));
    let expected = [
        "The walk plan notes.toml is not in the backup: it is not text.",
        "1 picture is not in the backup: something else has changed its file.",
    ];
    assert_eq!(made.left_out, expected);
    assert!(made.secrets >= 3, "two clients' secrets and the sealing key: {made:?}");
    let left: Vec<_> = std::fs::read_dir(stage.database().parent().unwrap()).unwrap().flatten().collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().contains("unfinished")), "{left:?}");
    stage.app.shut_down().await;
}

/// Two pictures of a login page, one of which the next page looks like too. Gives the file of the other.
async fn take_pictures(stage: &Stage) -> PathBuf {
    let login = stage.page("login");
    login.look(Moment::PageLoaded).unwrap().shows(pixels(1));
    stage.waits_for_files(1).await;
    let first = stage.picture_files();
    login.look(Moment::Decided).unwrap().shows(pixels(2));
    drop(login);
    stage.page("consent").look(Moment::PageLoaded).unwrap().shows(pixels(1));
    stage.waits_for_files(2).await;
    let run = stage.app.run_list(all_runs()).await.unwrap().rows[0].id.clone();
    stage.pages(&RunRef { run }, |list| list.pages.len() == 2).await;
    stage.picture_files().into_iter().find(|file| !first.contains(file)).unwrap()
}

/// The second computer, with something of its own that is put aside.
async fn restore(folder: &Path) {
    let stage = Stage::with_keyring(&folder.join("there")).await;
    enter(&stage, "Was here before", "zzz", &Canary::new("before")).await;
    let ask = asks_to_restore(folder);
    let wrong = BackupRestore { passphrase: "wrong horse battery staple".to_owned(), ..ask.clone() };
    assert_eq!(stage.app.backup_restore(wrong).await.unwrap_err().field.as_deref(), Some("passphrase"));
    assert!(!folder.join("there/restore").exists(), "what was begun is gone");
    let ready = stage.app.backup_restore(ask).await.unwrap();
    assert_eq!((ready.clients, ready.runs, ready.pictures), (2, 1, 1));
    assert!(ready.left_out.is_empty(), "what came along was restored: {:?}", ready.left_out);
    let list = stage.app.client_list(everything()).await.unwrap();
    assert_eq!(list.rows[0].name, "Was here before", "until the next start everything is as it was");
    stage.app.shut_down().await;
    let cookies = folder.join("there/test-users/abc-1/cookies");
    std::fs::create_dir_all(cookies.parent().unwrap()).unwrap();
    std::fs::write(cookies, "session=1").unwrap();
    let picture = folder.join("there/evidence/aa/of-before.png");
    std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
    std::fs::write(picture, "a picture").unwrap();
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
    let runs = stage.app.run_list(all_runs()).await.unwrap();
    assert_eq!(runs.total, 2, "the run of the backup and the one just now");
    has_its_pictures(&stage, runs.rows[1].id.clone()).await;
    let plans = stage.app.walk_plans(Nothing {}).await.unwrap().plans;
    assert!(plans.iter().any(|plan| plan.title == "Friday's walk"), "the person's own plan came along: {plans:?}");
    let there = std::fs::read_dir(folder.join("there")).unwrap().flatten().map(|entry| entry.path());
    let aside: Vec<_> = there.filter(|path| path.to_string_lossy().contains(".before-restore")).collect();
    assert_eq!(aside.iter().filter(|path| path.to_string_lossy().contains(".sqlite.before-restore")).count(), 1);
    let cookies = aside.iter().map(|path| path.join("abc-1/cookies"));
    assert_eq!(cookies.filter(|cookies| cookies.exists()).count(), 1, "what login views kept is put aside, not swept");
    let pictures = aside.iter().map(|path| path.join("aa/of-before.png"));
    assert_eq!(pictures.filter(|picture| picture.exists()).count(), 1, "so are the pictures of the runs put aside");
    let _state = stage.app.app_state(Nothing {}).await.unwrap();
    stage.app.shut_down().await;
}

/// The restored run shows its pictures again, and says of the one that was left out that it was.
async fn has_its_pictures(stage: &Stage, run: String) {
    let list = stage.app.evidence_list(RunRef { run }).await.unwrap();
    let left_out = Some("The picture was not in the backup that this is from.");
    assert_eq!(reasons(&list), [None, left_out, None]);
    for look in [&list.pages[0].looks[0], &list.pages[1].looks[0]] {
        let shown = stage.app.evidence_picture(PictureRef { picture: look.id.clone() }).await.unwrap();
        assert!(shown.source.starts_with("data:image/png;base64,iVBORw0KGgo"), "{}", shown.source);
    }
    assert_eq!(stage.picture_files().len(), 1);
}

fn asks_for_backup(folder: &Path) -> BackupMake {
    BackupMake {
        file: file(folder).display().to_string(),
        passphrase: PASSPHRASE.to_owned(),
        confirmed: true,
        with_pictures: true,
    }
}

fn all_runs() -> RunQuery {
    RunQuery { limit: 10, ..RunQuery::default() }
}

fn asks_to_restore(folder: &Path) -> BackupRestore {
    BackupRestore { file: file(folder).display().to_string(), passphrase: PASSPHRASE.to_owned(), confirmed: true }
}

#[tokio::test]
async fn without_a_keyring_there_is_neither_backup_nor_restore() {
    let (stage, folder) = (Stage::new().await, TempDir::new().unwrap());
    assert_eq!(
        stage.app.backup_make(asks_for_backup(folder.path())).await.unwrap_err().code,
        FailureCode::KeyringAbsent
    );
    assert_eq!(
        stage.app.backup_restore(asks_to_restore(folder.path())).await.unwrap_err().code,
        FailureCode::KeyringAbsent
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_copy_of_a_backup_that_was_killed_goes_at_the_next_start() {
    let stage = Stage::new().await;
    let left =
        ["backup.unfinished-copy", "backup.unfinished-copy-journal"].map(|name| stage.database().with_file_name(name));
    for file in &left {
        std::fs::write(file, "a copy of everything").unwrap();
    }
    let stage = stage.restart().await;
    assert!(left.iter().all(|file| !file.exists()));
    stage.app.shut_down().await;
}
