//! Writing a run down as it goes, and telling the window.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use gatewright_contract::{Event, Failure};
use gatewright_engine::login::LoginEnd;
use gatewright_engine::progress::{Event as Progress, Report};
use gatewright_model::client::SecretDestination;
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_model::{Outcome, Run, RunId, Step};
use gatewright_store::{StoreError, run, step};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::show::run::{self as show, Holdings, LiveStanding};
use crate::tokens::LoginTokens;
use crate::{App, failure, test_users};

/// How many reports are taken at once at most.
const REPORTS_AT_ONCE: usize = 16;
/// How long a report waits at most until it is written.
const WRITTEN_WITHIN: Duration = Duration::from_millis(50);

/// The steps of a run that the database does not know as they are now.
#[derive(Default)]
struct Unwritten {
    /// Since when there are any.
    since: Option<Instant>,
    /// The first of them.
    first: usize,
}

impl Unwritten {
    fn from(&mut self, first: usize) {
        self.first = if self.since.is_some() { self.first.min(first) } else { first };
        self.since.get_or_insert_with(Instant::now);
    }
}

impl App {
    /// Records a run that starts, so that a crash from here on leaves a truthful partial run.
    pub(crate) async fn record_start(&self, run: &Run) -> Result<(), Failure> {
        let row = run.clone();
        self.store()?.write(move |tx| run::start(tx, &row)).await.map_err(failure::of_store)
    }

    /// Records every report of a run until there are no more. The window is told as soon as the run itself waits for something, and the
    /// database a moment later, with what has come until then, unless the run waits for it. When Gatewright ends in that moment, the
    /// record is truthful and a step shorter.
    pub(crate) async fn record_progress(self, id: RunId, mut reports: mpsc::Receiver<Report>) {
        let mut unwritten = Unwritten::default();
        loop {
            let mut batch = Vec::new();
            let came = reports.recv_many(&mut batch, REPORTS_AT_ONCE);
            let is_due = match unwritten.since {
                None => came.await == 0,
                Some(since) => {
                    tokio::time::timeout_at(since + WRITTEN_WITHIN, came).await.map_or(true, |count| count == 0)
                }
            };
            // Once the login has ended, everything is written with its end.
            if batch.is_empty() && reports.is_closed() {
                return;
            }
            self.take_reports(&id, &batch, &mut unwritten);
            if (is_due || batch.iter().any(Report::is_awaited))
                && let Err(cause) = self.write_steps(&id, &mut unwritten).await
            {
                // A report that is not acknowledged ends the run: nothing more is sent unrecorded.
                tracing::error!(run = %id, message = cause.message, "the run's progress was not recorded");
                return;
            }
            let is_news = !batch.is_empty();
            batch.into_iter().for_each(Report::acknowledge);
            // The run goes first: the window is told while its next request is on its way.
            stand_back().await;
            if is_news && !reports.is_closed() {
                self.tell_progress(&id);
            }
        }
    }

    /// Brings what the window shows up to date, and remembers which steps the database does not know yet.
    fn take_reports(&self, id: &RunId, reports: &[Report], unwritten: &mut Unwritten) {
        if reports.is_empty() {
            return;
        }
        self.0.live.change(id, |live| {
            // Only the last step can still be running; those before it stay as they are.
            let first = live.steps.len().saturating_sub(1);
            for report in reports {
                apply(&mut live.steps, &report.event);
            }
            if !reports.iter().all(|report| matches!(report.event, Progress::PageSeen(_))) {
                unwritten.from(first);
            }
        });
    }

    /// Writes the steps that the database does not know. The disk is not waited for: what is written survives the end of Gatewright,
    /// however it comes; a power failure may take the last of it, and no code is sent a second time after that either.
    async fn write_steps(&self, id: &RunId, unwritten: &mut Unwritten) -> Result<(), Failure> {
        let Unwritten { since: Some(_), first } = std::mem::take(unwritten) else { return Ok(()) };
        let unknown = self.0.live.change(id, |live| live.steps.get(first..).map(<[Step]>::to_vec));
        let Some(steps) = unknown.flatten() else { return Ok(()) };
        let ended = first + steps.iter().take_while(|step| step.status != StepStatus::Running).count();
        let run = id.clone();
        let write = move |tx: &gatewright_store::Transaction<'_>| step::put_from(tx, &run, position(first), &steps);
        self.store()?.write(write).await.map_err(failure::of_store)?;
        self.0.live.change(id, |live| live.recorded = ended);
        Ok(())
    }

    /// Records how a run ended, with its tokens sealed and what was granted, in one transaction that survives a power failure.
    pub(crate) async fn record_end(
        &self,
        id: &RunId,
        end: LoginEnd,
        destination: &SecretDestination,
    ) -> Result<(), Failure> {
        let Some(live) = self.0.live.get(id) else { return Ok(()) };
        let mut run = live.run;
        run.outcome = end.outcome;
        run.identity = end.identity;
        run.tokens = end.tokens;
        run.duration_ms = u64::try_from(end.duration.as_millis()).ok();
        run.person_ms = u64::try_from(end.person.as_millis()).ok();
        let tokens = self.login_tokens(&run, end.to_seal, destination)?;
        self.finish_run(run, end.steps, tokens).await
    }

    /// Records a run that we could not carry out.
    pub(crate) async fn record_ending(&self, id: &RunId, outcome: Outcome) -> Result<(), Failure> {
        let Some(live) = self.0.live.get(id) else { return Ok(()) };
        let mut run = live.run;
        run.outcome = outcome;
        self.finish_run(run, live.steps, LoginTokens::default()).await
    }

    async fn finish_run(&self, run: Run, steps: Vec<Step>, tokens: LoginTokens) -> Result<(), Failure> {
        let id = run.id.clone();
        let (known, names) = (self.0.registry.known(), tokens.names());
        let holdings = Holdings::of(&run, &names, tokens.grant(), known.find(&run.provider).as_deref());
        let detail = show::detail(&run, &steps, &known.name(&run.provider), &holdings, &LiveStanding::default());
        let row = run.clone();
        let recorded = self.0.live.change(&id, |live| live.recorded).unwrap_or(0);
        let write = move |tx: &gatewright_store::Transaction<'_>| -> Result<(), StoreError> {
            step::put_from(tx, &row.id, position(recorded), steps.get(recorded..).unwrap_or_default())?;
            tokens.record(tx, &row)?;
            test_users::learn(tx, &row)?;
            run::finish(tx, &row)
        };
        let written = self.store()?.write_durably(write).await.map_err(failure::of_store);
        if written.is_ok() {
            self.0.live.take(&id);
            self.tell(Event::RunProgress(Box::new(detail)));
        } else {
            // It could not be kept, and is shown all the same for as long as Gatewright runs.
            self.0.live.change(&id, |live| live.run = run);
            self.tell_progress(&id);
        }
        self.tell(Event::RunsChanged);
        self.tell(Event::ClientsChanged);
        self.tell(Event::TestUsersChanged);
        // Nobody waits for it: who wants to find the run looks through it first.
        self.look_through_ended().await;
        written
    }

    /// Tells the window how a run that is going on stands.
    pub(crate) fn tell_progress(&self, id: &RunId) {
        let known = self.0.registry.known();
        let detail = self.0.live.change(id, |live| {
            let name = known.name(&live.run.provider);
            show::detail(&live.run, &live.steps, &name, &Holdings::default(), &live.standing)
        });
        if let Some(detail) = detail {
            self.tell(Event::RunProgress(Box::new(detail)));
        }
    }
}

/// Lets the other future of this task go on first.
pub(crate) async fn stand_back() {
    let mut has_stood_back = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_stood_back, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn position(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Brings the steps of a run up to date with one event.
fn apply(steps: &mut Vec<Step>, event: &Progress) {
    match event {
        Progress::StepStarted(kind) => steps.push(started(*kind)),
        Progress::PageSeen(address) => {
            if let Some(step) = steps.iter_mut().rev().find(|step| step.kind == StepKind::Pages) {
                step.pages.push(address.clone());
            }
        }
        Progress::BareCallbackSeen => {
            if let Some(step) = steps.last_mut() {
                "Somebody called the callback address without any parameter. The login goes on; stop it if that was you cancelling."
                    .clone_into(&mut step.sentence);
            }
        }
        Progress::StepFinished(finished) => match steps.iter_mut().rev().find(|step| step.kind == finished.kind) {
            Some(step) => step.clone_from(finished),
            None => steps.push(finished.clone()),
        },
    }
}

/// A step that has begun.
pub(crate) fn started(kind: StepKind) -> Step {
    let sentence = match kind {
        StepKind::Discovery => "Reading the issuer's metadata.",
        StepKind::AuthorizationRequest => "Building the authorization request.",
        StepKind::Pages => "Waiting for you on the provider's pages.",
        StepKind::Callback => "Reading the callback.",
        StepKind::TokenRequest => "Exchanging the code.",
        StepKind::IdToken => "Checking the ID token.",
        StepKind::Identity => "Asking who logged in.",
        StepKind::Refresh => "Asking for new tokens.",
        StepKind::Revocation => "Revoking a token.",
        StepKind::Introspection => "Asking what a token is worth.",
        StepKind::Logout => "Logging out at the provider.",
        StepKind::ClientManagement => "Managing the client at the provider.",
        StepKind::SecretProbe => "Proving the client's secret.",
    };
    Step {
        kind,
        status: StepStatus::Running,
        sentence: sentence.to_owned(),
        duration_us: None,
        waited_for_person: kind == StepKind::Pages,
        findings: Vec::new(),
        exchanges: Vec::new(),
        pages: Vec::new(),
    }
}
