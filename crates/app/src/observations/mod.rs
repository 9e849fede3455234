//! Documents against the wire: each run is compared with what its provider's profile states, and what it shows is kept.

mod report;

use std::path::Path;

use gatewright_contract::client::Environment as WireEnvironment;
use gatewright_contract::observation::{
    ObservationPlace, ObservationReport, ObservationReportSave, Observations, ObservedStatement, Sighting,
    StatementAgreement,
};
use gatewright_contract::path::KnownPlace;
use gatewright_contract::provider::StatementDetail;
use gatewright_contract::report::ExchangePlace;
use gatewright_contract::{Event, Failure};
use gatewright_model::observation::{Agreement, Observation, Stated, observe};
use gatewright_model::{Environment, Outcome, Provider, ProviderId, Run, RunId, Step};
use gatewright_store::observation::{self, Observed, Witness};
use gatewright_store::run::{self, RunQuery};
use gatewright_store::{Connection, StoreError, Transaction};

use crate::show::provider::statements;
use crate::{App, audit, failure, registry};

/// How many of a provider's runs are looked through again at most, the newest.
const RUNS_LOOKED_THROUGH: u32 = 1_000;

/// What a run has shown: each observation with what its statement says.
struct Seen(Vec<(Observation, String)>);

impl Seen {
    /// Compares a run with the profile of its provider; a provider that is gone has none.
    fn of(provider: Option<&Provider>, steps: &[Step]) -> Self {
        let Some(provider) = provider else { return Self(Vec::new()) };
        let stated = Stated::by(provider);
        let with_value = |seen: Observation| stated.value(seen.statement).map(|value| (seen, value));
        Self(observe(provider, steps).into_iter().filter_map(with_value).collect())
    }

    /// Keeps it.
    fn note(&self, tx: &Transaction<'_>, run: &Run) -> Result<(), StoreError> {
        self.0.iter().try_for_each(|(seen, stated)| observation::note(tx, &witness(run), seen, stated))
    }

    /// Keeps what a later run has not shown as well: that one's is `kept`, and has counted this run already.
    fn note_again(&self, tx: &Transaction<'_>, run: &Run, kept: &[Observed]) -> Result<(), StoreError> {
        let is_newer = |(seen, stated): &&(Observation, String)| {
            !kept.iter().any(|one| {
                (one.statement.as_str(), one.agreement) == (seen.statement, seen.agreement)
                    && one.stated == *stated
                    && one.seen_at >= run.started_at
            })
        };
        self.0.iter().filter(is_newer).try_for_each(|(seen, stated)| observation::note(tx, &witness(run), seen, stated))
    }
}

const fn witness(run: &Run) -> Witness<'_> {
    Witness { provider: &run.provider, environment: run.environment, run: &run.id, at: run.started_at }
}

/// A statement with what is known of it.
struct Known {
    statement: StatementDetail,
    confirmed: Option<Observed>,
    contradicted: Option<Observed>,
}

impl Known {
    /// What the newest observation says; none when there is none.
    fn agreement(&self) -> Option<Agreement> {
        let at = |observed: &Option<Observed>| observed.as_ref().map(|observed| observed.seen_at);
        match (at(&self.confirmed), at(&self.contradicted)) {
            (None, None) => None,
            (confirmed, contradicted) if contradicted > confirmed => Some(Agreement::Contradicts),
            _ => Some(Agreement::Confirms),
        }
    }
}

impl App {
    /// What runs have shown of a provider's statements.
    pub(crate) async fn observations(&self, place: &ObservationPlace) -> Result<Observations, Failure> {
        let known = self.0.registry.known();
        let provider = known.get(&place.provider)?;
        Ok(show(&self.known_of(&provider, environment(place.environment)).await?))
    }

    /// Looks through the runs at one server of a provider again, the newest thousand: those from before there were observations count as
    /// well, and what was done with tokens after a login. What runs have shown that are gone, or older, stays as it is.
    pub(crate) async fn renew_observations(&self, place: &ObservationPlace) -> Result<Observations, Failure> {
        let known = self.0.registry.known();
        let provider = known.get(&place.provider)?;
        let environment = environment(place.environment);
        self.look_through_ended().await;
        let renew = move |tx: &Transaction<'_>| renew(tx, &provider, environment);
        self.store()?.write(renew).await.map_err(failure::of_store)?;
        self.tell(Event::RunsChanged);
        self.observations(place).await
    }

    /// Looks through the runs that have ended since this was last done. Each run's end calls it after it was told, so that nobody waits
    /// for it, whoever wants to find a run or what it has shown calls it before, and the next start makes up for a crash in between.
    pub(crate) async fn look_through_ended(&self) {
        let Ok(store) = self.store() else { return };
        let ended = store.read(run::not_transcribed).await.unwrap_or_else(|cause| {
            tracing::warn!(%cause, "which runs are to be looked through is not known");
            Vec::new()
        });
        for id in ended {
            let known = self.0.registry.known();
            let of_one = move |tx: &Transaction<'_>| look_through(tx, &id, &known);
            if let Err(cause) = store.write(of_one).await {
                tracing::warn!(%cause, "a run is looked through another time");
            }
        }
    }

    /// The report to send to the provider.
    pub(crate) async fn observation_report_of(&self, place: &ObservationPlace) -> Result<ObservationReport, Failure> {
        let known = self.0.registry.known();
        let provider = known.get(&place.provider)?;
        let statements = self.known_of(&provider, environment(place.environment)).await?;
        let mut evidence = Vec::new();
        for one in &statements {
            let shown = one.contradicted.as_ref().filter(|shown| shown.run_is_kept);
            evidence.push(match shown {
                Some(shown) => self.exchange_of(shown).await?,
                None => None,
            });
        }
        let is_sandbox = place.environment == WireEnvironment::Sandbox;
        Ok(ObservationReport {
            text: report::markdown(&provider, is_sandbox, self.now(), statements.iter().zip(&evidence)),
            file_name: format!("{}-documents-and-wire.md", provider.id),
        })
    }

    /// Saves that report as a file.
    pub(crate) async fn save_observation_report(
        &self,
        request: ObservationReportSave,
    ) -> Result<ObservationReport, Failure> {
        let place = ObservationPlace { provider: request.provider, environment: request.environment };
        let report = self.observation_report_of(&place).await?;
        audit::write(&request.path, report.text.clone().into_bytes()).await?;
        self.wrote(KnownPlace::ProviderReport, Path::new(&request.path));
        Ok(report)
    }

    /// The statements of a profile, each with what is known of what it says now.
    async fn known_of(&self, provider: &Provider, environment: Environment) -> Result<Vec<Known>, Failure> {
        self.look_through_ended().await;
        let id: ProviderId = provider.id.clone();
        let list = move |db: &Connection| observation::list(db, &id, environment);
        let mut observed = self.store()?.read(list).await.map_err(failure::of_store)?;
        let stated = Stated::by(provider);
        observed.retain(|one| stated.value(&one.statement).as_ref() == Some(&one.stated));
        let known = statements(provider).into_iter().map(|statement| {
            let of = |agreement| {
                let is_it = |one: &&Observed| one.statement == statement.field && one.agreement == agreement;
                observed.iter().find(is_it).cloned()
            };
            Known { confirmed: of(Agreement::Confirms), contradicted: of(Agreement::Contradicts), statement }
        });
        Ok(known.collect())
    }

    async fn exchange_of(&self, shown: &Observed) -> Result<Option<gatewright_model::Exchange>, Failure> {
        let id = shown.run.clone();
        let opened = self.store()?.read(move |db| run::open(db, &id)).await.map_err(failure::of_store)?;
        let step = usize::try_from(shown.step).ok().and_then(|step| opened.steps.into_iter().nth(step));
        let place = usize::try_from(shown.exchange).unwrap_or(usize::MAX);
        Ok(step.and_then(|step| step.exchanges.into_iter().nth(place)))
    }
}

/// Notes what a run has shown, and brings it into the search index, unless that is done. Of a deleted one nothing is noted.
fn look_through(tx: &Transaction<'_>, id: &RunId, known: &registry::Known) -> Result<(), StoreError> {
    if !run::awaits_transcript(tx, id)? {
        return Ok(());
    }
    match run::open(tx, id) {
        Ok(opened) => Seen::of(known.find(&opened.run.provider).as_deref(), &opened.steps).note(tx, &opened.run)?,
        Err(StoreError::NoSuchRun(_)) => {}
        Err(cause) => return Err(cause),
    }
    run::transcribe(tx, id)
}

/// Takes what the newest runs show in the place of what they have shown. One transaction: a run that ends meanwhile is not lost.
fn renew(tx: &Transaction<'_>, provider: &Provider, environment: Environment) -> Result<(), StoreError> {
    let before = observation::list(tx, &provider.id, environment)?;
    // One that ends right now counts when it is looked through itself.
    let to_come = run::not_transcribed(tx)?;
    let mut looked_through = newest(tx, provider, environment)?;
    looked_through.retain(|(run, _)| !to_come.contains(&run.id));
    looked_through.iter().try_for_each(|(run, _)| observation::forget_shown_by(tx, &witness(run)))?;
    let kept = observation::list(tx, &provider.id, environment)?;
    looked_through.iter().try_for_each(|(run, seen)| seen.note_again(tx, run, &kept))?;
    before.iter().try_for_each(|one| observation::keep_history(tx, &provider.id, environment, one))
}

/// What the newest runs at one server of a provider have shown, the oldest of them first.
fn newest(db: &Connection, provider: &Provider, environment: Environment) -> Result<Vec<(Run, Seen)>, StoreError> {
    let query = RunQuery {
        provider: Some(provider.id.clone()),
        environment: Some(environment),
        limit: Some(RUNS_LOOKED_THROUGH),
        ..RunQuery::default()
    };
    let rows = run::list(db, &query)?;
    let ended = rows.iter().rev().filter(|row| row.outcome != Outcome::Running);
    ended
        .map(|row| {
            let opened = run::open(db, &row.id)?;
            let seen = Seen::of(Some(provider), &opened.steps);
            Ok((opened.run, seen))
        })
        .collect()
}

fn show(known: &[Known]) -> Observations {
    let count = |wanted| {
        let count = known.iter().filter(|one| one.agreement() == wanted).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Observations {
        total: u32::try_from(known.len()).unwrap_or(u32::MAX),
        confirmed: count(Some(Agreement::Confirms)),
        contradicted: count(Some(Agreement::Contradicts)),
        silent: count(None),
        statements: known.iter().filter_map(show_one).collect(),
    }
}

fn show_one(known: &Known) -> Option<ObservedStatement> {
    let sighting = |observed: &Option<Observed>| {
        observed.as_ref().map(|observed| Sighting {
            saw: observed.saw.clone(),
            times: observed.times,
            first_at: observed.first_at.to_string(),
            seen_at: observed.seen_at.to_string(),
            exchange: observed.run_is_kept.then(|| ExchangePlace {
                run: observed.run.to_string(),
                step: observed.step,
                exchange: observed.exchange,
            }),
        })
    };
    Some(ObservedStatement {
        field: known.statement.field.clone(),
        agreement: match known.agreement()? {
            Agreement::Confirms => StatementAgreement::Confirmed,
            Agreement::Contradicts => StatementAgreement::Contradicted,
        },
        confirmed: sighting(&known.confirmed),
        contradicted: sighting(&known.contradicted),
    })
}

const fn environment(environment: WireEnvironment) -> Environment {
    match environment {
        WireEnvironment::Production => Environment::Production,
        WireEnvironment::Sandbox => Environment::Sandbox,
    }
}
