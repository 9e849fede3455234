//! A walk in a report: what was asked of the person, and what came of it, as the window shows it too, in the language of the report.

use gatewright_contract::Failure;
use gatewright_contract::walk::{MachineVerdict, ScenarioStatus, WalkDetail, WalkRef, WalkScenario, WalkVerdict};
use gatewright_language::Language;
use gatewright_model::{Environment, RunId, WalkId};
use gatewright_report::{Answer, Comparison, Cover, Entry, RecordedRun, Verdict, WalkCover, WalkedScenario};
use gatewright_store::{Connection, test_user, walk};
use jiff::{SignedDuration, Timestamp};

use super::subject::PartPlace;
use crate::clients::model_environment;
use crate::show::walk::PlanWords;
use crate::{App, failure};

/// A scenario of a walk, its runs not read yet.
pub(super) struct WalkedPart {
    scenario: WalkedScenario,
    pub(super) runs: Vec<RunId>,
    /// What each run is in the scenario.
    parts: Vec<String>,
}

impl WalkedPart {
    /// The scenario with its runs; none stands for one that was deleted.
    pub(super) fn with(&self, runs: Vec<Option<RecordedRun>>) -> WalkedScenario {
        let labelled = self.parts.len() > 1;
        let runs = self
            .parts
            .iter()
            .zip(runs)
            .filter_map(|(part, run)| Some(RecordedRun { part: labelled.then(|| part.clone()), ..run? }));
        WalkedScenario { runs: runs.collect(), ..self.scenario.clone() }
    }
}

impl App {
    pub(super) async fn chosen_walk(
        &self,
        walk: String,
        language: Language,
    ) -> Result<(Cover, Vec<PartPlace>), Failure> {
        let (about, test_user) = self.about_walk(WalkId::new(&walk)).await?;
        let walk = self.walk_detail_in(language, &WalkRef { walk }).await?;
        let about = PlanWords::of(&walk.row.plan, language).shown(&about);
        let environment = model_environment(walk.row.environment);
        let walked: Vec<WalkedPart> = walk.scenarios.iter().map(|one| part(&walk, one, environment)).collect();
        let contents = walked.iter().map(|part| part.scenario.entry.clone()).collect();
        let row = &walk.row;
        let cover = WalkCover {
            plan: row.plan_title.clone(),
            about,
            client: row.client_name.clone(),
            provider: row.provider_name.clone(),
            environment,
            started_at: time(Some(&row.started_at)).unwrap_or_else(|| self.now()),
            ended_at: time(row.ended_at.as_ref()),
            test_user,
        };
        let title = format!("{}: {}", row.plan_title, row.client_name);
        let cover = self.cover(title, Some(cover), contents);
        Ok((cover, walked.into_iter().map(|part| PartPlace::Scenario(Box::new(part))).collect()))
    }

    /// What the window's form of a walk does not have: what its plan is about, and the name of who walks.
    async fn about_walk(&self, id: WalkId) -> Result<(String, Option<String>), Failure> {
        let read = move |db: &Connection| {
            let walk = walk::find(db, &id)?;
            let people = test_user::list_even_deleted(db)?;
            let named = |id| people.iter().find(|person| person.id == id).map(|person| person.name.clone());
            Ok((walk.plan.about, walk.test_user.and_then(named)))
        };
        self.store()?.read(read).await.map_err(failure::of_store)
    }
}

fn part(walk: &WalkDetail, walked: &WalkScenario, environment: Environment) -> WalkedPart {
    let asked = &walked.scenario;
    let (started_at, ended_at) = (time(walked.started_at.as_ref()), time(walked.ended_at.as_ref()));
    let took = started_at.zip(ended_at).map(|(from, until)| until.duration_since(from).max(SignedDuration::ZERO));
    let verdict = walked.machine.as_ref().map_or(Verdict::Running, |machine| verdict(machine.verdict));
    let entry = Entry {
        key: asked.id.clone(),
        title: asked.title.clone(),
        verdict,
        words: words(walked),
        provider: walk.row.provider_name.clone(),
        environment,
        started_at,
        duration_ms: took.and_then(|took| u64::try_from(took.as_millis()).ok()),
    };
    let scenario = WalkedScenario {
        entry,
        instruction: asked.instruction.clone(),
        expected: asked.expected.clone(),
        sentence: walked.machine.as_ref().map(|machine| machine.sentence.clone()).unwrap_or_default(),
        comparisons: walked.machine.as_ref().map(comparisons).unwrap_or_default(),
        answers: answers(walked),
        person: walked.person.as_ref().map(|person| self::verdict(person.verdict)),
        notes: walked.notes.clone(),
        runs: Vec::new(),
    };
    let recorded = || walked.runs.iter().filter(|run| run.recorded);
    WalkedPart {
        scenario,
        runs: recorded().map(|run| RunId::new(&run.run)).collect(),
        parts: recorded().map(|run| run.part.clone()).collect(),
    }
}

/// What came of a scenario, in a few words.
fn words(walked: &WalkScenario) -> String {
    let last = walked.runs.last().filter(|run| run.recorded);
    match walked.status {
        ScenarioStatus::Open => "Not walked yet".to_owned(),
        ScenarioStatus::GoingOn => "Going on".to_owned(),
        ScenarioStatus::Asking => "Not judged yet".to_owned(),
        ScenarioStatus::Done => match (&walked.machine, last) {
            (_, Some(run)) => run.outcome_text.clone(),
            (Some(machine), None) => self::verdict(machine.verdict).words().to_owned(),
            (None, None) => String::new(),
        },
    }
}

fn comparisons(machine: &MachineVerdict) -> Vec<Comparison> {
    let comparison = |one: &gatewright_contract::walk::WalkComparison| Comparison {
        about: one.about.clone(),
        expected: one.expected.clone(),
        received: one.received.clone(),
        verdict: verdict(one.verdict),
    };
    machine.comparisons.iter().map(comparison).collect()
}

/// Every question of the scenario that was walked, answered or not.
fn answers(walked: &WalkScenario) -> Vec<Answer> {
    if walked.runs.is_empty() && walked.answers.is_empty() {
        return Vec::new();
    }
    let answer = |id: &str| walked.answers.iter().find(|answer| answer.question == id).map(|answer| answer.yes);
    let questions = walked.scenario.questions.iter();
    questions.map(|one| Answer { question: one.text.clone(), yes: answer(&one.id) }).collect()
}

const fn verdict(word: WalkVerdict) -> Verdict {
    match word {
        WalkVerdict::Pass => Verdict::Passed,
        WalkVerdict::Warn => Verdict::Warned,
        WalkVerdict::Fail => Verdict::Failed,
        WalkVerdict::Inconclusive => Verdict::Inconclusive,
        WalkVerdict::NotApplicable => Verdict::NotApplicable,
        WalkVerdict::Skipped => Verdict::Skipped,
    }
}

/// A time of the wire.
fn time(text: Option<&String>) -> Option<Timestamp> {
    text?.parse().ok()
}
