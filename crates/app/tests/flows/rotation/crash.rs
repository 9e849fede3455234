//! The failpoint matrix: every place between two things that cannot be done in one piece × what happens there. After a restart exactly
//! one working secret is in use, nothing is left over, and the runbook goes on to its end. That is so for creating, registering, importing,
//! deleting and every kind of rotation.
//!
//! What happens at a place happens to a process of its own (this binary, started again) with a real keyring and a real database. A
//! second process, one for each keyring, starts Gatewright again on what is left, and looks.

/// Says a line to the first process.
macro_rules! say {
    ($($what:tt)+) => { crate::rotation::crash::say_line(&format!($($what)+)) };
}

mod after;
mod child;
mod scenario;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread;

use gatewright_testkit::keyring::KeyringStage;
use tempfile::TempDir;

use self::scenario::{SCENARIOS, Scenario};

const TASK: &str = "GATEWRIGHT_TEST_CRASH";
/// What the twins answer to good and to wrong secrets, learnt once.
const LEARNT: &str = "GATEWRIGHT_TEST_LEARNT";

/// How many cells are tried at the same time. On two cores, one of three waits for the disk or the keyring.
const WORKERS: usize = 3;

/// What happens at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The process is killed (SIGKILL).
    Killed,
    /// The keyring is locked; the process goes on, and is killed when it has come to an end with that.
    KeyringLocked,
    /// The disk is full; the same.
    DiskFull,
}

const FAULTS: [Fault; 3] = [Fault::Killed, Fault::KeyringLocked, Fault::DiskFull];

/// A line of its own, whatever the test runner has begun to write before it.
fn say_line(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{line}").and_then(|()| out.flush()).unwrap();
}

/// One cell of the matrix.
#[derive(Clone, Debug)]
struct Cell {
    scenario: Scenario,
    place: String,
    fault: Fault,
}

/// What the other process does. In an ordinary run of the tests nothing is asked of it.
#[test]
fn the_other_process() {
    let Ok(task) = std::env::var(TASK) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match task.split_once(' ') {
        Some(("run", rest)) => runtime.block_on(child::run(rest)),
        _ if task == "count" => runtime.block_on(child::count()),
        _ if task == "learn" => runtime.block_on(child::learn()),
        _ => runtime.block_on(after::look_at_what_is_left()),
    }
}

#[test]
fn whatever_happens_wherever_one_working_secret_is_known_and_the_runbook_goes_on() {
    let mut workers: Vec<Worker> = (0..WORKERS).map(|_| Worker::start()).collect();
    let learnt = workers[0].learn();
    for worker in &mut workers {
        worker.learnt.clone_from(&learnt);
    }
    // Which places there are is asked of the scenarios themselves: a new place is in the matrix from the moment it is written.
    let cells: Mutex<Vec<Cell>> = Mutex::new(Vec::new());
    together(&mut workers, SCENARIOS, |worker, scenario| {
        let places = worker.places_of(scenario);
        assert!(!places.is_empty(), "{scenario:?} has no place to stop at");
        let of_scenario =
            places.iter().flat_map(|place| FAULTS.map(|fault| Cell { scenario, place: place.clone(), fault }));
        cells.lock().unwrap().extend(of_scenario);
    });
    let cells = cells.into_inner().unwrap();
    let size = cells.len();
    let red: Mutex<Vec<String>> = Mutex::new(Vec::new());
    together(&mut workers, cells, |worker, cell| {
        if let Err(why) = worker.try_cell(&cell) {
            red.lock().unwrap().push(format!("{cell:?}: {why}"));
        }
    });
    let red = red.into_inner().unwrap();
    assert!(red.is_empty(), "{} of {size} cells are red:\n{}", red.len(), red.join("\n"));
    // Past the capture of the test runner: how large the matrix is belongs to its result.
    writeln!(std::io::stderr(), "failpoint matrix: {size} cells green").unwrap();
}

/// Has the workers do all of it, each the next when it is done with one.
fn together<Job: Send>(
    workers: &mut [Worker],
    jobs: impl IntoIterator<Item = Job>,
    act: impl Fn(&mut Worker, Job) + Sync,
) {
    let left: Mutex<Vec<Job>> = Mutex::new(jobs.into_iter().collect());
    thread::scope(|scope| {
        for worker in workers {
            let (left, act) = (&left, &act);
            scope.spawn(move || {
                while let Some(job) = { left.lock().unwrap().pop() } {
                    act(worker, job);
                }
            });
        }
    });
}

/// A provider tells a new secret once. If the keyring is locked at that moment, it waits in memory for the keyring.
#[test]
fn a_new_secret_that_the_keyring_did_not_take_can_be_stored_again() {
    let mut stage = KeyringStage::unlocked();
    let folder = TempDir::new().unwrap();
    let task = format!("run {}|obtain: answered|{}", Scenario::Overlap.name(), folder.path().display());
    let mut child = Talk::start(&stage, &task, "");
    child.hear("AT");
    stage.lock();
    child.say("go");
    assert!(child.hear("RESULT").starts_with("RESULT KeyringLocked"));
    stage.stop_keyring();
    stage.start_keyring();
    child.say("store again");
    assert!(child.hear("STORED").contains("Step 3 of 6"));
}

/// What goes over the network is read from the keyring each time it is sent; that is not the rotation's own part.
#[test]
fn the_local_part_of_a_rotation_asks_the_keyring_three_times() {
    let stage = KeyringStage::unlocked();
    let said = Talk::start(&stage, "count", "").hear("COUNTED");
    assert_eq!(said, "COUNTED obtain 2 promote 0 retire 1");
    writeln!(std::io::stderr(), "rotation.keyring_round_trips 3").unwrap();
}

/// A keyring, and the process that looks at what is left.
struct Worker {
    stage: KeyringStage,
    looker: Talk,
    learnt: String,
}

impl Worker {
    fn start() -> Self {
        let stage = KeyringStage::unlocked();
        let looker = Talk::start(&stage, "look", "");
        Self { stage, looker, learnt: String::new() }
    }

    fn learn(&self) -> String {
        let said = Talk::start(&self.stage, "learn", "").hear("LEARNT");
        said.trim_start_matches("LEARNT ").to_owned()
    }

    /// The places a scenario comes past, in order.
    fn places_of(&mut self, scenario: Scenario) -> Vec<String> {
        let folder = TempDir::new().unwrap();
        let mut child = self.child(folder.path(), scenario, "-");
        child.hear("ARMED");
        let said = child.hear("RESULT");
        let places = said.split_whitespace().skip(2).collect::<Vec<_>>().join(" ");
        child.kill();
        let mut unique: Vec<String> = Vec::new();
        for place in places.split('|').filter(|place| !place.is_empty()) {
            if !unique.iter().any(|known| known == place) {
                unique.push(place.to_owned());
            }
        }
        unique
    }

    fn try_cell(&mut self, cell: &Cell) -> Result<(), String> {
        let folder = TempDir::new().unwrap();
        let mut child = self.child(folder.path(), cell.scenario, &cell.place);
        child.hear("ARMED");
        child.hear("AT");
        match cell.fault {
            Fault::Killed => {}
            Fault::KeyringLocked => {
                self.stage.lock();
                child.say("go");
                child.hear("RESULT");
            }
            Fault::DiskFull => {
                child.say("full");
                child.hear("RESULT");
            }
        }
        child.kill();
        if cell.fault == Fault::KeyringLocked {
            self.stage.stop_keyring();
            self.stage.start_keyring();
        }
        self.looker.say(&format!("{} {}", cell.scenario.name(), folder.path().display()));
        let verdict = self.looker.hear_any(&["GREEN", "RED"]);
        if verdict.starts_with("RED") {
            return Err(verdict);
        }
        // After the first place the keyring has it.
        if cell.scenario == Scenario::Move && cell.place != "move: intended" && verdict.contains("/v1-") {
            return Err("what was in the keyring is called lost".to_owned());
        }
        // "GREEN a/client/b/v1+ a/client/b/v2-": what has to be in the keyring, and what must not.
        let claims = verdict.split_whitespace().skip(1);
        let wrong: Vec<&str> = claims.filter(|claim| !self.is_true(claim)).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("rows and keyring disagree: {wrong:?}")) }
    }

    fn is_true(&self, claim: &str) -> bool {
        let (entry, is_kept) = claim.split_at(claim.len() - 1);
        self.stage.has_item(entry) == (is_kept == "+")
    }

    fn child(&self, folder: &Path, scenario: Scenario, place: &str) -> Talk {
        let task = format!("run {}|{place}|{}", scenario.name(), folder.display());
        Talk::start(&self.stage, &task, &self.learnt)
    }
}

/// A second process and what it says.
struct Talk {
    process: Child,
    says: BufReader<ChildStdout>,
    hears: ChildStdin,
}

impl Talk {
    fn start(stage: &KeyringStage, task: &str, learnt: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "rotation::crash::the_other_process", "--nocapture", "--test-threads=1"])
            .envs(stage.environment())
            .env(TASK, task)
            .env(LEARNT, if learnt.is_empty() { "{}" } else { learnt })
            .env("RUST_BACKTRACE", "0")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (says, hears) = (BufReader::new(process.stdout.take().unwrap()), process.stdin.take().unwrap());
        Self { process, says, hears }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.hears, "{line}").unwrap();
        self.hears.flush().unwrap();
    }

    fn hear(&mut self, word: &str) -> String {
        self.hear_any(&[word])
    }

    /// Reads until a line begins with one of the words.
    fn hear_any(&mut self, words: &[&str]) -> String {
        let mut heard = String::new();
        loop {
            let mut line = String::new();
            let length = self.says.read_line(&mut line).unwrap();
            assert!(length > 0, "the other process ended before it said {words:?}; it said:\n{heard}");
            if words.iter().any(|word| line.starts_with(word)) {
                return line.trim_end().to_owned();
            }
            heard.push_str(&line);
        }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
