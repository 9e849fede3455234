//! Scenarios that start by themselves, each as soon as the one before has its verdict.
//!
//! A queue is in memory, apart from any window. After Gatewright has ended, the walk is paused, and no login opens that nobody has just
//! asked for.
//!
//! Each queue has a number. A start that is under way while its queue ends, or gives way to another, has no part in what comes after it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::Ordering;

use gatewright_contract::walk::{WalkDetail, WalkRef, WalkScenariosStart};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::WalkId;
use gatewright_model::walk::{Stage, Walk};

use super::course::Starts;
use super::{ScenarioKey, Walks, lock};
use crate::{App, failure};

/// Which queue: no two have the same number, of one walk neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QueueNumber(u64);

/// What starts by itself in a walk.
pub(super) struct Queue {
    number: QueueNumber,
    /// Ids of scenarios, in the order in which they start.
    scenarios: VecDeque<String>,
    /// The scenario that was begun last, by itself or by hand. Its questions are answered before the next one starts.
    begun: Option<String>,
    /// Somebody is starting a scenario right now.
    is_starting: bool,
}

impl Walks {
    /// Lines scenarios up, in the place of those that waited.
    fn line_up(&self, walk: &Walk, scenarios: Vec<String>) -> QueueNumber {
        let number = QueueNumber(self.lined_up.fetch_add(1, Ordering::Relaxed));
        // Who wants to walk it again does not want to be asked about the last time.
        let begun = last_begun(walk).filter(|begun| !scenarios.contains(begun));
        let queue = Queue { number, scenarios: scenarios.into(), begun, is_starting: false };
        lock(&self.queues).insert(walk.id.clone(), queue);
        number
    }

    /// The queue of a walk.
    fn queue_of(&self, walk: &WalkId) -> Option<QueueNumber> {
        lock(&self.queues).get(walk).map(|queue| queue.number)
    }

    /// Ids of the scenarios that start by themselves, in order.
    pub(super) fn queued(&self, walk: &WalkId) -> Vec<String> {
        lock(&self.queues).get(walk).map(|queue| queue.scenarios.iter().cloned().collect()).unwrap_or_default()
    }

    /// No further scenario starts by itself.
    pub(super) fn clear_queue(&self, walk: &WalkId) {
        lock(&self.queues).remove(walk);
    }

    /// Ends a queue, unless it has given way to another already.
    fn end(&self, walk: &WalkId, number: QueueNumber) {
        lock(&self.queues).retain(|id, queue| id != walk || queue.number != number);
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

    /// The scenario of a queue to start now, for one caller at a time: [`Walks::has_started`] lets the next one in.
    fn start_next(&self, walk: &Walk, number: QueueNumber) -> Option<String> {
        let mut queues = lock(&self.queues);
        let queue = queues.get_mut(&walk.id).filter(|queue| queue.number == number)?;
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
    pub(super) fn is_starting(&self, walk: &WalkId, number: QueueNumber) -> bool {
        lock(&self.queues).get(walk).is_some_and(|queue| queue.is_starting && queue.number == number)
    }

    /// The scenario that was to start gives way to one that somebody has begun by hand, unless that is the same. It comes next.
    pub(super) fn put_back(&self, key: &ScenarioKey, number: QueueNumber) {
        let mut queues = lock(&self.queues);
        if let Some(queue) = queues.get_mut(&key.walk).filter(|queue| queue.number == number)
            && queue.begun.as_ref() != Some(&key.scenario)
        {
            queue.scenarios.push_front(key.scenario.clone());
        }
    }

    fn has_started(&self, walk: &WalkId, number: QueueNumber) {
        if let Some(queue) = lock(&self.queues).get_mut(walk).filter(|queue| queue.number == number) {
            queue.is_starting = false;
        }
    }
}

impl App {
    /// Walks scenarios one after the other. Where none is going on the first one starts now.
    pub(crate) async fn start_scenarios(&self, request: WalkScenariosStart) -> Result<WalkDetail, Failure> {
        let id = WalkId::new(request.walk);
        let number = {
            // Nobody begins a scenario between the look at the walk and the queue that is made of it.
            let _turn = self.0.walks.turn.lock().await;
            let walk = self.find_walk(&id).await?;
            self.0.walks.line_up(&walk, wanted(&walk, request.scenarios)?)
        };
        self.start_queued(&id, number).await?;
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
        let Some(number) = self.0.walks.queue_of(walk).filter(|_| !self.0.walks.queued(walk).is_empty()) else {
            return;
        };
        let (app, id) = (self.clone(), walk.clone());
        self.0.tasks.spawn(async move {
            if let Err(failure) = app.start_queued(&id, number).await {
                app.tell(Event::WalksChanged(Some(id.to_string())));
                app.notice("The next scenario could not be started.", Some(failure.message));
            }
        });
    }

    /// Starts what a queue has to start now. One that fails ends. What follows a start may be another: hence the future behind a pointer.
    fn start_queued<'a>(
        &'a self,
        id: &'a WalkId,
        number: QueueNumber,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            let started = self.start_until_one_goes_on(id, number).await;
            if started.is_err() {
                self.0.walks.end(id, number);
            }
            started
        })
    }

    /// Starts scenarios for as long as one comes to its end at once. A scenario that lacks something stays open, and the next one has its
    /// turn; where that is so of all of them the failure says what the first one lacks.
    async fn start_until_one_goes_on(&self, id: &WalkId, number: QueueNumber) -> Result<(), Failure> {
        let (mut has_started, mut lacks) = (false, None);
        while !self.0.ending.is_cancelled() {
            let walk = self.find_walk(id).await?;
            let Some(scenario) = self.0.walks.start_next(&walk, number) else { break };
            let key = ScenarioKey { walk: id.clone(), scenario };
            let started = self.start_as(&key, Starts::ByItself(number)).await;
            self.0.walks.has_started(id, number);
            match started {
                Ok(()) => has_started = true,
                Err(failure) if failure.code == FailureCode::ChangedMeanwhile => break,
                // It gave way. What goes on may have ended by now, while nobody else could start anything.
                Err(failure) if failure.code == FailureCode::InUse => {}
                Err(failure) if failure.code == FailureCode::Invalid => lacks = lacks.or(Some(failure)),
                Err(failure) => return Err(failure),
            }
        }
        // Whatever is left in the queue waits for another scenario, and is not over.
        let is_over = self.0.walks.queue_of(id) != Some(number);
        lacks.filter(|_| !has_started && is_over).map_or(Ok(()), Err)
    }
}

/// The scenario that was begun last.
fn last_begun(walk: &Walk) -> Option<String> {
    let begun = walk.progress.iter().filter(|one| one.stage != Stage::Open && one.started_at.is_some());
    begun.max_by_key(|one| one.started_at).map(|one| one.scenario.clone())
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

#[cfg(test)]
mod tests;
