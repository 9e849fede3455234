//! Scenarios that start by themselves, each as soon as the one before has its verdict.
//!
//! A queue is in memory, apart from any window. After Gatewright has ended, the walk is paused, and no login opens that nobody has just
//! asked for.

use std::collections::VecDeque;
use std::pin::Pin;

use gatewright_contract::walk::{WalkDetail, WalkRef, WalkScenariosStart};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::WalkId;
use gatewright_model::walk::{Stage, Walk};

use super::course::Starts;
use super::{ScenarioKey, Walks, lock};
use crate::{App, failure};

/// What starts by itself in a walk.
#[derive(Default)]
pub(super) struct Queue {
    /// Ids of scenarios, in the order in which they start.
    scenarios: VecDeque<String>,
    /// The scenario that was begun last. Its questions are answered before the next one starts.
    begun: Option<String>,
    /// Somebody is starting a scenario right now.
    is_starting: bool,
}

impl Walks {
    /// Lines scenarios up, in the place of those that waited.
    fn line_up(&self, walk: &WalkId, scenarios: Vec<String>) {
        lock(&self.queues).entry(walk.clone()).or_default().scenarios = scenarios.into();
    }

    /// Ids of the scenarios that start by themselves, in order.
    pub(super) fn queued(&self, walk: &WalkId) -> Vec<String> {
        lock(&self.queues).get(walk).map(|queue| queue.scenarios.iter().cloned().collect()).unwrap_or_default()
    }

    /// No further scenario starts by itself.
    pub(super) fn clear_queue(&self, walk: &WalkId) {
        lock(&self.queues).remove(walk);
    }

    /// A scenario need not start by itself any more.
    pub(super) fn unqueue(&self, walk: &WalkId, scenario: &str) {
        if let Some(queue) = lock(&self.queues).get_mut(walk) {
            queue.scenarios.retain(|one| one != scenario);
        }
    }

    /// A scenario has begun, by itself or not.
    pub(super) fn has_begun(&self, walk: &WalkId, scenario: &str) {
        self.unqueue(walk, scenario);
        if let Some(queue) = lock(&self.queues).get_mut(walk) {
            queue.begun = Some(scenario.to_owned());
        }
    }

    /// The scenario to start now, for one caller at a time: [`Walks::has_started`] lets the next one in.
    fn start_next(&self, walk: &Walk) -> Option<String> {
        let mut queues = lock(&self.queues);
        let queue = queues.get_mut(&walk.id)?;
        let is_busy = walk.progress.iter().any(|one| match one.stage {
            Stage::GoingOn => true,
            Stage::Asking => queue.begun.as_ref() == Some(&one.scenario),
            Stage::Open | Stage::Done => false,
        });
        if is_busy || queue.is_starting {
            return None;
        }
        let next = queue.scenarios.pop_front();
        queue.is_starting = next.is_some();
        if next.is_none() {
            queues.remove(&walk.id);
        }
        next
    }

    /// Whether the queue that a scenario is started from is still there.
    pub(super) fn is_starting(&self, walk: &WalkId) -> bool {
        lock(&self.queues).get(walk).is_some_and(|queue| queue.is_starting)
    }

    fn has_started(&self, walk: &WalkId) {
        if let Some(queue) = lock(&self.queues).get_mut(walk) {
            queue.is_starting = false;
        }
    }
}

impl App {
    /// Walks scenarios one after the other. Where none is going on the first one starts now.
    pub(crate) async fn start_scenarios(&self, request: WalkScenariosStart) -> Result<WalkDetail, Failure> {
        let id = WalkId::new(request.walk);
        let walk = self.find_walk(&id).await?;
        self.0.walks.line_up(&id, wanted(&walk, request.scenarios)?);
        if let Err(failure) = self.start_queued(&id).await {
            self.0.walks.clear_queue(&id);
            return Err(failure);
        }
        self.tell(Event::WalksChanged(Some(id.to_string())));
        self.walk_detail(&WalkRef { walk: id.to_string() }).await
    }

    /// Lets no further scenario start by itself. The one that goes on comes to its end.
    pub(crate) async fn end_queue(&self, request: &WalkRef) -> Result<WalkDetail, Failure> {
        self.0.walks.clear_queue(&WalkId::new(&request.walk));
        self.tell(Event::WalksChanged(Some(request.walk.clone())));
        self.walk_detail(request).await
    }

    /// Starts the next scenario when a walk may have come so far, without keeping anybody waiting.
    pub(super) fn go_on_with_queue(&self, walk: &WalkId) {
        if self.0.walks.queued(walk).is_empty() {
            return;
        }
        let (app, id) = (self.clone(), walk.clone());
        self.0.tasks.spawn(async move {
            if let Err(failure) = app.start_queued(&id).await {
                app.0.walks.clear_queue(&id);
                app.tell(Event::WalksChanged(Some(id.to_string())));
                app.notice("The next scenario could not be started.", Some(failure.message));
            }
        });
    }

    /// Starts scenarios for as long as one comes to its end at once. A scenario that lacks something stays open, and the next one has its
    /// turn; where that is so of all of them the failure says what the first one lacks. What follows a start may be another: hence the future
    /// behind a pointer.
    fn start_queued<'a>(&'a self, id: &'a WalkId) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            let (mut has_started, mut lacks) = (false, None);
            while !self.0.ending.is_cancelled() {
                let walk = self.find_walk(id).await?;
                let Some(scenario) = self.0.walks.start_next(&walk) else { break };
                let key = ScenarioKey { walk: id.clone(), scenario };
                let started = self.start_as(&key, Starts::ByItself).await;
                self.0.walks.has_started(id);
                match started {
                    Ok(()) => has_started = true,
                    Err(failure) if failure.code == FailureCode::ChangedMeanwhile => break,
                    Err(failure) if failure.code == FailureCode::Invalid => lacks = lacks.or(Some(failure)),
                    Err(failure) => return Err(failure),
                }
            }
            lacks.filter(|_| !has_started).map_or(Ok(()), Err)
        })
    }
}

/// The scenarios to walk: those that were named, or every one that nobody has begun.
fn wanted(walk: &Walk, named: Option<Vec<String>>) -> Result<Vec<String>, Failure> {
    let Some(named) = named else {
        let open = walk.progress.iter().filter(|one| one.stage == Stage::Open);
        let open: Vec<String> = open.map(|one| one.scenario.clone()).collect();
        return if open.is_empty() { Err(nothing("Every scenario of this walk has been begun.")) } else { Ok(open) };
    };
    if named.is_empty() {
        return Err(nothing("Say which scenarios are to be walked."));
    }
    for id in &named {
        match walk.scenario(id) {
            None => return Err(failure::not_found("This walk has no such scenario.")),
            Some(scenario) if scenario.not_applicable.is_some() => {
                return Err(nothing("A scenario that does not apply to this provider cannot be walked."));
            }
            Some(_) => {}
        }
    }
    Ok(named)
}

fn nothing(message: &str) -> Failure {
    failure::invalid("scenarios", message)
}
