//! The runs that are going on: how to stop them, hand them a callback, and what they look like right now.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatewright_model::{Run, RunId, Step, TestUserId};
use tokio_util::sync::CancellationToken;

use crate::login::PasteAgent;
use crate::show::run::LiveStanding;

/// The runs that are going on.
#[derive(Clone, Default)]
pub(crate) struct LiveRuns(Arc<Mutex<HashMap<RunId, LiveRun>>>);

/// One run that is going on.
#[derive(Clone)]
pub(crate) struct LiveRun {
    /// Stops it.
    pub(crate) cancel: CancellationToken,
    /// Takes a pasted callback, when the person brings it that way.
    pub(crate) paste: Option<PasteAgent>,
    /// Where the browser was sent, once it was.
    pub(crate) address: Option<String>,
    /// What the window shows beside the record.
    pub(crate) standing: LiveStanding,
    /// The record so far.
    pub(crate) run: Run,
    /// Its steps so far; the last one may be running.
    pub(crate) steps: Vec<Step>,
    /// How many of them the database knows as they ended.
    pub(crate) recorded: usize,
}

impl LiveRuns {
    /// Adds a run that starts now.
    pub(crate) fn put(&self, live: LiveRun) {
        self.held().insert(live.run.id.clone(), live);
    }

    /// A copy of how a run stands.
    pub(crate) fn get(&self, id: &RunId) -> Option<LiveRun> {
        self.held().get(id).cloned()
    }

    /// Changes how a run stands, or only looks at it.
    pub(crate) fn change<T>(&self, id: &RunId, change: impl FnOnce(&mut LiveRun) -> T) -> Option<T> {
        self.held().get_mut(id).map(change)
    }

    /// Takes a run out that has ended.
    pub(crate) fn take(&self, id: &RunId) -> Option<LiveRun> {
        self.held().remove(id)
    }

    /// The ids of all, newest first.
    pub(crate) fn ids(&self) -> Vec<String> {
        let held = self.held();
        let mut all: Vec<_> = held.values().map(|live| (live.run.started_at, live.run.id.to_string())).collect();
        all.sort_by(|one, other| other.cmp(one));
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// Whether one of them was started for this test user.
    pub(crate) fn is_logging_in(&self, user: &TestUserId) -> bool {
        self.held().values().any(|live| live.run.meant.as_ref().is_some_and(|meant| meant.id == *user))
    }

    /// Stops all of them.
    pub(crate) fn stop_all(&self) {
        for live in self.held().values() {
            live.cancel.cancel();
        }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<RunId, LiveRun>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
