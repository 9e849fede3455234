//! What is left when Gatewright is killed, and what a user without permission can do. Both need a process of their own: this test
//! binary, started again.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use gatewright_model::run::{EndReason, Ending, Outcome, StepKind, StepStatus};
use gatewright_model::{Run, Step};

use super::{Fixture, database};
use crate::{OpenError, Options, Store, client, run, seed, step};

const PATH: &str = "GATEWRIGHT_TEST_DATABASE";
const TASK: &str = "GATEWRIGHT_TEST_TASK";

/// What the second process does. In an ordinary run of the tests nothing is asked of it.
#[test]
fn the_other_process() {
    let (Ok(path), Ok(task)) = (std::env::var(PATH), std::env::var(TASK)) else { return };
    let store = match Store::open(Path::new(&path), &Options::default()) {
        Ok(store) => store,
        Err(error) => return println!("\nREFUSED {error}"),
    };
    match task.as_str() {
        "login" => log_in_halfway(&store),
        "none" => {}
        runs => log_in_for_ever(&store, runs.parse().unwrap()),
    }
    println!("\nREADY");
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn running(number: u32) -> Run {
    Run {
        outcome: Outcome::Running,
        identity: None,
        tokens: None,
        duration_ms: None,
        person_ms: None,
        ..seed::run(number, 1)
    }
}

/// A login up to the moment when the code is on its way.
fn log_in_halfway(store: &Store) {
    let run = running(1);
    store.write_blocking(|tx| run::start(tx, &run)).unwrap();
    for (position, step) in (0..).zip(seed::steps(&Outcome::Running).into_iter().take(4)) {
        let step = if step.kind == StepKind::TokenRequest {
            Step { status: StepStatus::Running, sentence: "The code is being exchanged.".to_owned(), ..step }
        } else {
            step
        };
        store.write_blocking(|tx| step::put(tx, &run.id, position, &step)).unwrap();
    }
}

/// Logs in again and again, and says after a number of runs that it may be killed.
fn log_in_for_ever(store: &Store, ready_after: u32) {
    for number in 0.. {
        if number == ready_after {
            println!("\nREADY");
        }
        let ended = seed::run(number, 1);
        store.write_blocking(|tx| run::start(tx, &running(number))).unwrap();
        for (position, step) in (0..).zip(seed::steps(&ended.outcome)) {
            store.write_blocking(|tx| step::put(tx, &ended.id, position, &step)).unwrap();
        }
        store.write_durably_blocking(|tx| run::finish(tx, &ended)).unwrap();
        store.write_blocking(|tx| run::transcribe(tx, &ended.id)).unwrap();
    }
}

fn command(binary: &Path, path: &Path, task: &str) -> Command {
    let mut command = Command::new(binary);
    command
        .args(["--exact", "tests::crash::the_other_process", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .env(TASK, task)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// Reads what the other process says until it says how it went.
fn word(lines: impl Iterator<Item = std::io::Result<String>>) -> String {
    let word = lines.map(Result::unwrap).find(|line| line.starts_with("READY") || line.starts_with("REFUSED"));
    word.expect("the other process says how it went")
}

/// Starts the other process and kills it (SIGKILL) when it says that it is ready.
fn killed(path: &Path, task: &str) {
    let mut child = command(&std::env::current_exe().unwrap(), path, task).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(word(&mut lines), "READY");
    assert!(matches!(Store::open(path, &Options::default()), Err(OpenError::Locked)), "it still has the database");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_login_that_was_killed_is_found_interrupted_with_every_step_it_had_come_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    killed(&path, "login");

    let store = Store::open(&path, &Options::default()).unwrap();
    assert_eq!(store.opening().interrupted, [seed::run_id(1)]);
    let opened = store.read_blocking(|db| run::open(db, &seed::run_id(1))).unwrap();
    assert_eq!(
        opened.run.outcome,
        Outcome::Ended(Ending {
            reason: EndReason::Interrupted,
            sentence:
                "Gatewright ended while the code was being exchanged: whether the provider issued tokens is not known."
                    .to_owned(),
            next: "Start a new login.".to_owned(),
        })
    );
    assert_eq!(opened.run.duration_ms, None, "nobody knows how long it took");
    let before = seed::steps(&Outcome::Running);
    assert_eq!(opened.steps.len(), 4);
    assert_eq!(opened.steps[..3], before[..3], "what had happened is as it was recorded");
    assert_eq!(opened.steps[3].status, StepStatus::Failed);
    assert_eq!(opened.steps[3].sentence, "The code is being exchanged. Cut off here, because Gatewright ended.");
}

#[test]
fn whenever_it_is_killed_the_database_opens_and_each_run_is_whole_or_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    for runs in ["0", "3", "11", "20"] {
        killed(&path, runs);
        let store = Store::open(&path, &Options::default()).unwrap();
        assert!(store.opening().interrupted.len() <= 1);
        let rows = store.read_blocking(|db| run::list(db, &run::RunQuery::default())).unwrap();
        for row in &rows {
            let opened = store.read_blocking(|db| run::open(db, &row.id)).unwrap();
            let interrupted = matches!(&opened.run.outcome, Outcome::Ended(e) if e.reason == EndReason::Interrupted);
            assert!(interrupted || opened.steps == seed::steps(&opened.run.outcome), "{}", row.id);
        }
        let check: String =
            store.read_blocking(|db| Ok(db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?)).unwrap();
        assert_eq!(check, "ok");
        store
            .write_blocking(|tx| {
                rows.iter().try_for_each(|row| run::delete(tx, &row.id, seed::minute(0)))?;
                run::purge_deleted_before(tx, seed::minute(0))
            })
            .unwrap();
    }
}

/// File modes do not stop root, so the other process gives its rights up when this one has them.
#[cfg(unix)]
#[test]
fn a_database_without_permission_to_write_is_said_to_be_read_only() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let fixture = Fixture::new();
    fixture.store.write_durably_blocking(|tx| client::insert(tx, &seed::client(1))).unwrap();
    let path = fixture.path();
    let Fixture { store, folder } = fixture;
    drop(store);
    // The binary is copied to where nobody may run it; the folder may be written to, the database may not.
    let binary = folder.path().join("other-process");
    std::fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(&binary, 0o755);
    mode(&path, 0o444);
    mode(folder.path(), 0o777);
    mode(&crate::lock::beside(&path, ".lock"), 0o666);

    let mut command = command(&binary, &path, "none");
    if folder.path().metadata().unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(word(output.stdout.lines()), format!("REFUSED {}", OpenError::ReadOnly));
}
