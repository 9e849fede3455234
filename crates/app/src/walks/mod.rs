//! Consent walks: plans, walks that are carried out, and what they find.
//!
//! A walk's scenarios are in the database; what is in memory is which run belongs to which scenario while it goes on. Every change of a
//! walk is made in turn ([`Walks::turn`]): the end of a login and a command of the person may come at the same moment.

mod course;
mod judging;
mod keep;
mod plan_files;
mod plans;
mod queue;
mod requirements;
mod steer;
mod twin;
mod twist;

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gatewright_model::{RunId, WalkId};
use jiff::Timestamp;

pub(crate) use self::plan_files::{ENDING, LARGEST_FILE};
pub(crate) use self::plans::FOLDER as PLANS;
pub(crate) use self::twist::Twist;

/// The scenario of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScenarioKey {
    /// The walk.
    pub(crate) walk: WalkId,
    /// The scenario's id in its plan.
    pub(crate) scenario: String,
}

/// What is remembered of walks while Gatewright runs.
#[derive(Default)]
pub(crate) struct Walks {
    /// Whoever changes a walk has it.
    turn: tokio::sync::Mutex<()>,
    /// Which scenario a run belongs to, while it goes on.
    runs: Mutex<HashMap<RunId, ScenarioKey>>,
    /// Until when callbacks are held back.
    held: Mutex<HashMap<RunId, Timestamp>>,
    /// What starts by itself.
    queues: Mutex<HashMap<WalkId, queue::Queue>>,
    /// How many queues there have been.
    lined_up: AtomicU64,
}

impl Walks {
    /// Notes that a run belongs to a scenario.
    pub(crate) fn note(&self, run: &RunId, key: ScenarioKey) {
        lock(&self.runs).insert(run.clone(), key);
    }

    /// The scenario of a run that has ended; it is forgotten with that.
    fn take(&self, run: &RunId) -> Option<ScenarioKey> {
        lock(&self.held).remove(run);
        lock(&self.runs).remove(run)
    }

    /// Forgets a run that never began.
    pub(crate) fn forget(&self, run: &RunId) {
        lock(&self.runs).remove(run);
    }

    /// Notes until when the callback of a run is held back.
    fn hold(&self, run: &RunId, until: Timestamp) {
        lock(&self.held).insert(run.clone(), until);
    }

    /// The callback of a run is held back no longer.
    fn let_go(&self, run: &RunId) {
        lock(&self.held).remove(run);
    }

    /// Until when the callback of a run is held back.
    fn held_until(&self, run: &RunId) -> Option<Timestamp> {
        lock(&self.held).get(run).copied()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
