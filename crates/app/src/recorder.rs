//! Writing a run down as it goes, and telling the window.

use gatewright_contract::{Event, Failure};
use gatewright_engine::login::LoginEnd;
use gatewright_engine::progress::{Event as Progress, Report};
use gatewright_model::run::{StepKind, StepStatus};
use gatewright_model::{Outcome, Run, RunId, Step};
use gatewright_store::{StoreError, run, sealed_token, step};
use tokio::sync::mpsc;

use crate::{App, failure, runs};

impl App {
    /// Records a run that starts, so that a crash from here on leaves a truthful partial run.
    pub(crate) async fn record_start(&self, run: &Run) -> Result<(), Failure> {
        let row = run.clone();
        self.store()?.write(move |tx| run::start(tx, &row)).await.map_err(failure::of_store)
    }

    /// Records every report of a run until there are no more.
    pub(crate) async fn record_progress(self, id: RunId, mut reports: mpsc::Receiver<Report>) {
        while let Some(report) = reports.recv().await {
            match self.record_report(&id, &report).await {
                Ok(()) => report.acknowledge(),
                // A report that is not acknowledged ends the run: nothing more is sent unrecorded.
                Err(cause) => {
                    tracing::error!(run = %id, message = cause.message, "the run's progress was not recorded");
                    return;
                }
            }
        }
    }

    async fn record_report(&self, id: &RunId, report: &Report) -> Result<(), Failure> {
        let changed = self.0.live.change(id, |live| apply(&mut live.steps, &report.event));
        let Some(live) = changed else { return Ok(()) };
        if !matches!(report.event, Progress::PageSeen(_)) || report.is_awaited() {
            let position = live.steps.len().saturating_sub(1);
            if let (Some(step), Ok(position)) = (live.steps.last().cloned(), u32::try_from(position)) {
                let run = id.clone();
                let write = move |tx: &gatewright_store::Transaction<'_>| step::put(tx, &run, position, &step);
                let store = self.store()?;
                // A step that has to be known before the next request leaves must survive a power failure as well.
                let written =
                    if report.is_awaited() { store.write_durably(write).await } else { store.write(write).await };
                written.map_err(failure::of_store)?;
            }
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
        let row = run.clone();
        let write = move |tx: &gatewright_store::Transaction<'_>| -> Result<(), StoreError> {
            for (position, one) in steps.iter().enumerate() {
                step::put(tx, &row.id, u32::try_from(position).unwrap_or(u32::MAX), one)?;
            }
            for token in &sealed {
                sealed_token::put(tx, &row.id, token)?;
            }
            run::finish(tx, &row)
        };
        let written = self.store()?.write_durably(write).await.map_err(failure::of_store);
        if written.is_ok() {
            self.0.live.take(&id);
        } else {
            // It could not be kept, and is shown all the same for as long as Gatewright runs.
            self.0.live.change(&id, |live| live.run = run);
        }
        self.tell_recorded(&id).await;
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

    async fn tell_recorded(&self, id: &RunId) {
        let request = gatewright_contract::run::RunRef { run: id.to_string() };
        if let Ok(detail) = self.run_detail(&request).await {
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
        StepKind::AuthorizationRequest => "Building the authorization request.",
        StepKind::Pages => "Waiting for you on the provider's pages.",
        StepKind::Callback => "Reading the callback.",
        StepKind::TokenRequest => "Exchanging the code.",
        StepKind::Identity => "Asking who logged in.",
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
