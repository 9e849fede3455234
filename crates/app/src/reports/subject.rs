//! What a report is about: its cover, made before anything is written, and its parts, read when they are.

use gatewright_contract::Failure;
use gatewright_contract::report::ReportSubject;
use gatewright_contract::run::RunQuery;
use gatewright_language::Language;
use gatewright_model::{Run, RunId};
use gatewright_report::{Cover, Entry, Include, Maker, Part, RecordedRun, Verdict, WalkCover, wording};
use gatewright_store::run::{self, OpenedRun, RunRow};
use gatewright_store::{Connection, StoreError};

use super::walk::WalkedPart;
use crate::{App, failure};

/// What was chosen for a report.
pub(super) struct Chosen {
    pub(super) cover: Cover,
    pub(super) parts: Vec<PartPlace>,
}

/// Where a part comes from.
pub(super) enum PartPlace {
    Run(RunId),
    Scenario(Box<WalkedPart>),
}

impl App {
    /// Everything that a cover says to readers of a language, and where the parts are.
    pub(super) async fn chosen(
        &self,
        subject: ReportSubject,
        title: &str,
        language: Language,
    ) -> Result<Chosen, Failure> {
        let (mut cover, parts) = match subject {
            ReportSubject::Runs(runs) => self.chosen_runs(runs, language).await?,
            ReportSubject::Query(query) => self.found_runs(query, language).await?,
            ReportSubject::Walk(walk) => self.chosen_walk(walk, language).await?,
        };
        if parts.is_empty() {
            return Err(failure::invalid("subject", "There is nothing to report.").hint("Choose at least one run."));
        }
        if !title.trim().is_empty() {
            title.trim().clone_into(&mut cover.title);
        }
        Ok(Chosen { cover, parts })
    }

    async fn chosen_runs(&self, runs: Vec<String>, language: Language) -> Result<(Cover, Vec<PartPlace>), Failure> {
        let ids: Vec<RunId> = runs.into_iter().map(RunId::new).collect();
        let wanted = ids.clone();
        let read = move |db: &Connection| wanted.iter().map(|id| run::find(db, id)).collect::<Result<Vec<Run>, _>>();
        let runs = self.store()?.read(read).await.map_err(failure::of_store)?;
        let known = self.0.registry.known();
        let contents = runs.iter().map(|run| Entry::of_run(run, &known.name(&run.provider))).collect();
        Ok((self.cover_of_runs(contents, language), ids.into_iter().map(PartPlace::Run).collect()))
    }

    async fn found_runs(&self, query: RunQuery, language: Language) -> Result<(Cover, Vec<PartPlace>), Failure> {
        if !query.search.is_empty() {
            self.look_through_ended().await;
        }
        let wanted = crate::runs::wanted(query);
        let rows = self.store()?.read(move |db| run::list(db, &wanted)).await.map_err(failure::of_store)?;
        let known = self.0.registry.known();
        let contents = rows.iter().map(|row| entry_of_row(row, known.name(&row.provider))).collect();
        Ok((self.cover_of_runs(contents, language), rows.into_iter().map(|row| PartPlace::Run(row.id)).collect()))
    }

    fn cover_of_runs(&self, contents: Vec<Entry>, language: Language) -> Cover {
        let title = match contents.as_slice() {
            [only] => language.fill("{client} at {provider}", &[("client", &only.title), ("provider", &only.provider)]),
            several => language.fill("{number} logins", &[("number", &several.len().to_string())]),
        };
        self.cover(title, None, contents)
    }

    /// The cover of a report that is made now, here.
    pub(super) fn cover(&self, title: String, walk: Option<WalkCover>, contents: Vec<Entry>) -> Cover {
        let system = match std::env::consts::OS {
            "linux" => "Linux",
            "macos" => "macOS",
            "windows" => "Windows",
            other => other,
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let maker = Maker { version, system: format!("{system}, {}", std::env::consts::ARCH) };
        Cover { title, made_at: self.now(), maker, walk, contents }
    }

    /// Reads parts, in order.
    pub(super) async fn read_parts(&self, places: &[PartPlace], include: Include) -> Result<Vec<Part>, Failure> {
        let ids: Vec<RunId> = places.iter().flat_map(PartPlace::runs).cloned().collect();
        let read = move |db: &Connection| ids.iter().map(|id| opened(db, id)).collect::<Result<Vec<_>, _>>();
        let mut runs = self.store()?.read(read).await.map_err(failure::of_store)?.into_iter();
        let mut parts = Vec::new();
        for place in places {
            let opened: Vec<Option<OpenedRun>> = runs.by_ref().take(place.runs().len()).collect();
            let mut recorded = Vec::new();
            for one in opened.into_iter().map(|one| one.map(|one| self.with_provider(one))) {
                recorded.push(match one {
                    Some(run) if include.pictures => {
                        Some(RecordedRun { pictures: self.report_pictures(&run.run.id).await?, ..run })
                    }
                    other => other,
                });
            }
            parts.push(place.part(recorded)?);
        }
        Ok(parts)
    }

    fn with_provider(&self, opened: OpenedRun) -> RecordedRun {
        let provider = self.0.registry.known().name(&opened.run.provider);
        RecordedRun { part: None, run: opened.run, provider, steps: opened.steps, pictures: Vec::new() }
    }
}

impl PartPlace {
    /// The runs of a part.
    fn runs(&self) -> &[RunId] {
        match self {
            Self::Run(id) => std::slice::from_ref(id),
            Self::Scenario(scenario) => &scenario.runs,
        }
    }

    /// The part with its runs; none stands for a run that was deleted. Of a scenario the rest can still be told, of a run nothing.
    fn part(&self, runs: Vec<Option<RecordedRun>>) -> Result<Part, Failure> {
        match self {
            Self::Scenario(scenario) => Ok(Part::Scenario(Box::new(scenario.with(runs)))),
            Self::Run(id) => {
                let run = runs.into_iter().next().flatten();
                let run = run.ok_or_else(|| failure::of_store(StoreError::NoSuchRun(id.clone())))?;
                Ok(Part::Run(Box::new(run)))
            }
        }
    }
}

fn opened(db: &Connection, id: &RunId) -> Result<Option<OpenedRun>, StoreError> {
    match run::open(db, id) {
        Err(StoreError::NoSuchRun(_)) => Ok(None),
        other => other.map(Some),
    }
}

fn entry_of_row(row: &RunRow, provider: String) -> Entry {
    Entry {
        key: row.id.to_string(),
        title: row.client_name.clone(),
        verdict: Verdict::of_outcome(&row.outcome),
        words: wording::outcome_words(&row.outcome),
        provider,
        environment: row.environment,
        started_at: Some(row.started_at),
        duration_ms: row.duration_ms,
    }
}
