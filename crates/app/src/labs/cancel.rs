//! The cancel lab: a login in which the person cancels on the provider's page, and what came of it.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use gatewright_contract::lab::{CancelCorrection, CancelLab, CancelLabQuery};
use gatewright_contract::login::LoginStart;
use gatewright_contract::run::RunRef;
use gatewright_contract::{Event, Failure};
use gatewright_model::cancel::{CancelSeen, CancelSignal};
use gatewright_model::dialect::RefusalSignal;
use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::{Provider, RunId, Step};
use gatewright_store::cancel_observation::{self, CancelObservation};
use gatewright_store::run::{self, OpenedRun};
use url::Url;

use super::{handling::handling, show};
use crate::clients::model_environment;
use crate::{App, failure};

/// How many observations are shown.
const SHOWN: u32 = 10;

/// The runs in which a person was asked to cancel, until they end.
#[derive(Default)]
pub(crate) struct Experiments(Mutex<HashSet<RunId>>);

impl Experiments {
    fn begin(&self, run: RunId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(run);
    }

    fn end(&self, run: &RunId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(run)
    }
}

impl App {
    /// Starts a login in which the person is going to cancel.
    pub(crate) async fn start_cancel_lab(&self, request: LoginStart) -> Result<RunRef, Failure> {
        let started = self.start_login(request).await?;
        let run = RunId::new(&started.run);
        self.0.experiments.begin(run.clone());
        // It may have been over before anybody knew that it was an experiment.
        if self.0.live.get(&run).is_none() {
            self.settle_experiment(&run).await;
        }
        Ok(started)
    }

    /// Keeps what a run says of its provider's cancel, if it was started for that.
    pub(crate) async fn settle_experiment(&self, run: &RunId) {
        if !self.0.experiments.end(run) {
            return;
        }
        match self.observe_cancel(run).await {
            Ok(true) => self.tell(Event::RunsChanged),
            Ok(false) => {}
            Err(cause) => tracing::warn!(message = cause.message, "what came of a cancel was not kept"),
        }
    }

    async fn observe_cancel(&self, run: &RunId) -> Result<bool, Failure> {
        let id = run.clone();
        let OpenedRun { run, steps, .. } =
            self.store()?.read(move |db| run::open(db, &id)).await.map_err(failure::of_store)?;
        let Some(seen) = endpoint_of(&steps).and_then(|endpoint| CancelSeen::of(&run.outcome, &steps, &endpoint))
        else {
            return Ok(false);
        };
        let observation = CancelObservation {
            run: run.id,
            provider: run.provider,
            environment: run.environment,
            client_name: run.client_name,
            seen,
            by_person: false,
            seen_at: self.now(),
        };
        self.keep_observation(observation).await.map(|()| true)
    }

    /// Takes the person's word where the machine could not tell.
    pub(crate) async fn correct_cancel(&self, request: CancelCorrection) -> Result<(), Failure> {
        let id = RunId::new(&request.run);
        let found = self.store()?.read(move |db| cancel_observation::find(db, &id)).await.map_err(failure::of_store)?;
        let found = found.ok_or_else(|| failure::not_found("Nothing was seen of a cancel in this run.".to_owned()))?;
        let signal = show::model_signal(request.signal);
        // What came is on record; the person knows better only where nothing did.
        if found.seen.signal.comes_back() || signal.comes_back() {
            return Err(failure::invalid("signal", "What came back is on record and needs no correction."));
        }
        let seen = CancelSeen { signal, ..found.seen };
        self.keep_observation(CancelObservation { seen, by_person: true, ..found }).await?;
        self.tell(Event::RunsChanged);
        Ok(())
    }

    async fn keep_observation(&self, observation: CancelObservation) -> Result<(), Failure> {
        let put = move |tx: &gatewright_store::Transaction<'_>| cancel_observation::put(tx, &observation);
        self.store()?.write_durably(put).await.map_err(failure::of_store)
    }

    /// What is known of a provider's cancel at one of its servers.
    pub(crate) async fn cancel_lab(&self, request: CancelLabQuery) -> Result<CancelLab, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?;
        let (id, environment) = (provider.id.clone(), model_environment(request.environment));
        let newest = move |db: &gatewright_store::Connection| cancel_observation::newest(db, &id, environment, SHOWN);
        let observed = self.store()?.read(newest).await.map_err(failure::of_store)?;
        let said = &provider.dialect.authorization.cancel;
        let last = observed.iter().map(|one| one.seen.signal).find(|signal| signal.is_of_provider());
        Ok(CancelLab {
            says: show::says(said.value).to_owned(),
            mark: crate::show::provider::mark(said.mark),
            place: said.place.clone(),
            observations: observed.iter().map(|observed| show::observation(observed, said.value)).collect(),
            handling: handling(last.unwrap_or_else(|| expected(&provider))),
        })
    }
}

/// What to be prepared for as long as nobody has seen it: what the profile says, else what RFC 6749 asks for.
fn expected(provider: &Provider) -> CancelSignal {
    match provider.dialect.authorization.cancel.value {
        RefusalSignal::BareRedirect => CancelSignal::BareRedirect,
        RefusalSignal::AccessDenied | RefusalSignal::Unknown => CancelSignal::AccessDenied,
    }
}

/// Where the browser was sent.
fn endpoint_of(steps: &[Step]) -> Option<Url> {
    let mut exchanges = steps.iter().flat_map(|step| &step.exchanges);
    let sent = exchanges.find(|exchange| exchange.purpose == ExchangePurpose::Authorization)?;
    Url::parse(&sent.request.url).ok()
}
