//! Writing a run down as it goes, and telling the window.

use gatewright_contract::{Event, Failure};
use gatewright_engine::login::LoginEnd;
use gatewright_engine::progress::{Event as Progress, Report};
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_model::{Outcome, Run, RunId, Step};
use gatewright_store::{StoreError, run, sealed_token, step};
use tokio::sync::mpsc;

use crate::show::run::LiveStanding;
use crate::{App, failure, runs};

/// How many reports go into one transaction at most.
const REPORTS_AT_ONCE: usize = 16;

impl App {
    /// Records a run that starts, so that a crash from here on leaves a truthful partial run.
    pub(crate) async fn record_start(&self, run: &Run) -> Result<(), Failure> {
        let row = run.clone();
        self.store()?.write(move |tx| run::start(tx, &row)).await.map_err(failure::of_store)
    }

    /// Records every report of a run until there are no more. What has come while the last was written goes into one transaction.
    pub(crate) async fn record_progress(self, id: RunId, mut reports: mpsc::Receiver<Report>) {
        let mut waiting = Vec::new();
        while reports.recv_many(&mut waiting, REPORTS_AT_ONCE).await > 0 {
            let batch = std::mem::take(&mut waiting);
            // Once the login has ended, everything is written with its end.
            let has_ended = reports.is_closed() && !batch.iter().any(Report::is_awaited);
            match self.record_reports(&id, &batch, has_ended).await {
                Ok(()) => batch.into_iter().for_each(Report::acknowledge),
                // A report that is not acknowledged ends the run: nothing more is sent unrecorded.
                Err(cause) => {
                    tracing::error!(run = %id, message = cause.message, "the run's progress was not recorded");
                    return;
                }
            }
        }
    }

    async fn record_reports(&self, id: &RunId, reports: &[Report], has_ended: bool) -> Result<(), Failure> {
        let mut first = 0;
        let changed = self.0.live.change(id, |live| {
            // Only the last step can still be running; those before it stay as they are.
            first = live.steps.len().saturating_sub(1);
            for report in reports {
                apply(&mut live.steps, &report.event);
            }
        });
        let Some(live) = changed else { return Ok(()) };
        let pages_only = reports.iter().all(|report| matches!(report.event, Progress::PageSeen(_)));
        if !pages_only && !has_ended {
            let run = id.clone();
            // The disk is not waited for. What is written survives the end of Gatewright, however it comes; a power failure may take the
            // last of it, and no code is sent a second time after that either.
            let write = move |tx: &gatewright_store::Transaction<'_>| {
                (0..).zip(&live.steps).skip(first).try_for_each(|(position, one)| step::put(tx, &run, position, one))
            };
            self.store()?.write(write).await.map_err(failure::of_store)?;
        }
        self.tell_progress(id);
        Ok(())
    }

    /// Records how a run ended, with its tokens sealed, in one transaction that survives a power failure.
    pub(crate) async fn record_end(&self, id: &RunId, end: LoginEnd) -> Result<(), Failure> {
        let Some(live) = self.0.live.get(id) else { return Ok(()) };
        let mut run = live.run;
        run.outcome = end.outcome;
        run.identity = end.identity;
        run.tokens = end.tokens;
        run.duration_ms = u64::try_from(end.duration.as_millis()).ok();
        run.person_ms = u64::try_from(end.person.as_millis()).ok();
        let mut sealed = Vec::new();
        for (kind, token) in end.to_seal {
            let name = kind.as_str();
            match self.0.vault.seal(&token, &runs::seal_context(id.as_str(), name, run.client.as_str())) {
                Ok(bytes) => sealed.push(sealed_token::SealedToken {
                    name: name.to_owned(),
                    sealing_key: String::new(),
                    sealed: bytes,
                }),
                Err(cause) => tracing::warn!(run = %id, %cause, "a token was not kept"),
            }
        }
        let steps = end.steps;
        self.finish_run(run, steps, sealed).await
    }

    /// Records a run that we could not carry out.
    pub(crate) async fn record_ending(&self, id: &RunId, outcome: Outcome) -> Result<(), Failure> {
        let Some(live) = self.0.live.get(id) else { return Ok(()) };
        let mut run = live.run;
        run.outcome = outcome;
        self.finish_run(run, live.steps, Vec::new()).await
    }

    async fn finish_run(
        &self,
        run: Run,
        steps: Vec<Step>,
        sealed: Vec<sealed_token::SealedToken>,
    ) -> Result<(), Failure> {
        let id = run.id.clone();
        let name = self.0.registry.known().name(&run.provider);
        let names: Vec<String> = sealed.iter().map(|token| token.name.clone()).collect();
        let detail = crate::show::run::detail(&run, &steps, &name, &names, &LiveStanding::default());
        let row = run.clone();
        let write = move |tx: &gatewright_store::Transaction<'_>| -> Result<(), StoreError> {
            (0..).zip(&steps).try_for_each(|(position, one)| step::put(tx, &row.id, position, one))?;
            sealed.iter().try_for_each(|token| sealed_token::put(tx, &row.id, token))?;
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
        written
    }

    /// Tells the window how a run that is going on stands.
    pub(crate) fn tell_progress(&self, id: &RunId) {
        if let Some(live) = self.0.live.get(id) {
            let name = self.0.registry.known().name(&live.run.provider);
            let detail = crate::show::run::detail(&live.run, &live.steps, &name, &[], &live.standing);
            self.tell(Event::RunProgress(Box::new(detail)));
        }
    }
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

fn started(kind: StepKind) -> Step {
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
