//! Plans and walks for the window and for reports, in the language of whoever reads them.

mod words;

use std::collections::BTreeMap;

use gatewright_contract::provider::ProfileProblem as WireProblem;
use gatewright_contract::walk::{
    MachineVerdict as WireMachine, PersonVerdict as WirePerson, Scenario as WireScenario, ScenarioDuration,
    ScenarioRun as WireRun, ScenarioStatus, WaitsFor as WireWaitsFor, WalkAnswer, WalkComparison, WalkCounts,
    WalkDetail, WalkQuestion, WalkRow, WalkScenario, WalkStatus as WireStatus, WalkVerdict,
};
use gatewright_language::Language;
use gatewright_model::profile::ProfileProblem;
use gatewright_model::walk::{
    Comparison, MachineVerdict, Names as InstructionNames, Part, Scenario, ScenarioProgress, Stage, VerdictWord,
    Waiting, WaitsFor, Walk, WalkStatus,
};
use gatewright_model::{Outcome, RunId};
use jiff::{SignedDuration, Timestamp};

pub(crate) use self::words::PlanWords;
use crate::show::outcome;
use crate::show::run::{browser, environment};

/// The names a walk is shown with, and the language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// The reader's.
    pub(crate) language: Language,
    /// The provider's.
    pub(crate) provider: String,
    /// The test user's who walks.
    pub(crate) person: Option<String>,
    /// The test user's to sign in as where a wrong account is asked for.
    pub(crate) other: Option<String>,
}

/// The runs of a walk, as far as they are shown.
#[derive(Default)]
pub(crate) struct RunsOfWalk {
    /// Each of them.
    pub(crate) shown: Vec<ShownRun>,
    /// Ids of the scenarios that start by themselves.
    pub(crate) queued: Vec<String>,
    /// Where those of the scenario are that is going on.
    pub(crate) waiting: Option<Waiting>,
    /// Until when one of them is held back.
    pub(crate) until: Option<Timestamp>,
}

/// A run of a walk.
pub(crate) struct ShownRun {
    /// Its id.
    pub(crate) id: RunId,
    /// How it ended; none when it is not recorded any more.
    pub(crate) outcome: Option<Outcome>,
}

/// A walk in the list.
pub(crate) fn row(walk: &Walk, names: &Names, runs: &RunsOfWalk) -> WalkRow {
    let words = PlanWords::of(&walk.plan.id, names.language);
    let (waits_for, waiting) = match walk.current() {
        Some(current) => waits(walk, current, names, runs),
        None => (WaitsFor::Nobody, words.says("Every scenario has its verdict.")),
    };
    WalkRow {
        id: walk.id.to_string(),
        plan: walk.plan.id.clone(),
        plan_title: words.shown(&walk.plan.title),
        client: walk.client.to_string(),
        client_name: walk.client_name.clone(),
        provider: walk.provider.to_string(),
        provider_name: names.provider.clone(),
        environment: environment(walk.environment),
        started_at: walk.started_at.to_string(),
        ended_at: walk.ended_at.map(|time| time.to_string()),
        status: match walk.status {
            WalkStatus::GoingOn => WireStatus::GoingOn,
            WalkStatus::Paused => WireStatus::Paused,
            WalkStatus::Ended => WireStatus::Ended,
        },
        waits_for: whom(waits_for),
        waiting,
        counts: counts(walk),
    }
}

/// A walk with its scenarios.
pub(crate) fn detail(walk: &Walk, names: &Names, runs: &RunsOfWalk) -> WalkDetail {
    let scenarios = walk.plan.scenarios.iter().zip(&walk.progress);
    WalkDetail {
        row: row(walk, names, runs),
        test_user: walk.test_user.as_ref().map(ToString::to_string),
        other_test_user: walk.other_test_user.as_ref().map(ToString::to_string),
        browser: browser(walk.browser),
        current: walk.current().map(|current| current.scenario.clone()),
        queued: runs.queued.clone(),
        scenarios: scenarios.map(|(asked, progress)| of_walk(walk, asked, progress, names, runs)).collect(),
    }
}

fn of_walk(
    walk: &Walk,
    asked: &Scenario,
    progress: &ScenarioProgress,
    names: &Names,
    runs: &RunsOfWalk,
) -> WalkScenario {
    let (waits_for, waiting) = waits(walk, progress, names, runs);
    let words = PlanWords::of(&walk.plan.id, names.language);
    WalkScenario {
        scenario: scenario(asked, &instruction_names(names, Some(&walk.client_name)), words),
        status: match progress.stage {
            Stage::Open => ScenarioStatus::Open,
            Stage::GoingOn => ScenarioStatus::GoingOn,
            Stage::Asking => ScenarioStatus::Asking,
            Stage::Done => ScenarioStatus::Done,
        },
        waits_for: whom(waits_for),
        waiting,
        waits_until: runs.until.filter(|_| progress.stage == Stage::GoingOn).map(|time| time.to_string()),
        runs: progress.runs.iter().map(|run| of_run(&run.run, run.part, &runs.shown, words)).collect(),
        machine: progress.machine.as_ref().map(|found| machine(asked, found, words)),
        person: progress
            .person
            .map(|person| WirePerson { verdict: verdict(person.verdict), at: person.at.to_string() }),
        notes: progress.notes.clone(),
        answers: progress
            .answers
            .iter()
            .map(|(question, yes)| WalkAnswer { question: question.clone(), yes: *yes })
            .collect(),
        started_at: progress.started_at.map(|time| time.to_string()),
        ended_at: progress.ended_at.map(|time| time.to_string()),
    }
}

/// A scenario as it is asked for.
pub(crate) fn scenario(asked: &Scenario, names: &InstructionNames<'_>, words: PlanWords) -> WireScenario {
    let question = |one: &gatewright_model::walk::Question| WalkQuestion {
        id: one.id.clone(),
        text: words.shown(&one.text),
        expected: one.expected,
    };
    WireScenario {
        id: asked.id.clone(),
        title: words.shown(&asked.title),
        instruction: words.instruction(asked, names),
        preparation: asked.preparation_in_words().map(|sentence| words.says(&sentence)),
        expected: words.expected(asked),
        recorded: asked.recorded_in_words().into_iter().map(|part| words.says(part)).collect(),
        browser: asked.browser.map(browser),
        test_users: if asked.needs_other_account() { 2 } else { 1 },
        questions: asked.questions.iter().map(question).collect(),
        not_applicable: asked.not_applicable.as_deref().map(|reason| words.shown(reason)),
    }
}

/// How long each scenario takes: the median, because an answer that was given the next morning says little.
pub(crate) fn durations(taken: Vec<(String, SignedDuration)>) -> Vec<ScenarioDuration> {
    let mut by_scenario: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (scenario, duration) in taken {
        by_scenario.entry(scenario).or_default().push(duration.as_secs());
    }
    let median = |(scenario, mut seconds): (String, Vec<i64>)| {
        seconds.sort_unstable();
        let middle = seconds.get(seconds.len() / 2).copied().unwrap_or_default();
        ScenarioDuration { scenario, seconds: u32::try_from(middle).unwrap_or_default() }
    };
    by_scenario.into_iter().map(median).collect()
}

/// One mistake in the text of a plan.
pub(crate) fn problem(problem: &ProfileProblem) -> WireProblem {
    WireProblem {
        field: problem.path.clone(),
        message: format!("Found {}; expected {}.", problem.found, problem.expected),
        hint: problem.hint.clone(),
        line: problem.line,
    }
}

/// A person's verdict from the window; none for the word that only Gatewright gives.
pub(crate) const fn model_verdict(wire: WalkVerdict) -> Option<VerdictWord> {
    match wire {
        WalkVerdict::Pass => Some(VerdictWord::Pass),
        WalkVerdict::Warn => Some(VerdictWord::Warn),
        WalkVerdict::Fail => Some(VerdictWord::Fail),
        WalkVerdict::Inconclusive => Some(VerdictWord::Inconclusive),
        WalkVerdict::NotApplicable => Some(VerdictWord::NotApplicable),
        WalkVerdict::Skipped => None,
    }
}

fn waits(walk: &Walk, progress: &ScenarioProgress, names: &Names, runs: &RunsOfWalk) -> (WaitsFor, String) {
    let words = PlanWords::of(&walk.plan.id, names.language);
    let asked = walk.scenario(&progress.scenario);
    let instruction = asked
        .map_or_else(String::new, |asked| words.instruction(asked, &instruction_names(names, Some(&walk.client_name))));
    let (whom, waiting) = walk.waits_for(progress, runs.waiting, &instruction);
    let titles = walk.plan.scenarios.iter().map(|scenario| scenario.title.as_str());
    let waiting = if waiting == instruction { waiting } else { words.says_quoting(&waiting, titles) };
    (whom, waiting)
}

fn instruction_names<'a>(names: &'a Names, client: Option<&'a str>) -> InstructionNames<'a> {
    InstructionNames {
        provider: &names.provider,
        client,
        person: names.person.as_deref(),
        other: names.other.as_deref(),
    }
}

fn of_run(id: &RunId, part: Part, shown: &[ShownRun], words: PlanWords) -> WireRun {
    let outcome = shown.iter().find(|run| run.id == *id).and_then(|run| run.outcome.as_ref());
    WireRun {
        run: id.to_string(),
        part: words.says(match part {
            Part::Before => "The login before",
            Part::Only => "The login",
            Part::First => "The first login",
            Part::Second => "The second login",
        }),
        outcome_text: match outcome {
            None => words.says("Deleted from the results"),
            Some(Outcome::Running) => words.says("Going on"),
            Some(outcome) => words.says(&outcome::words(outcome)),
        },
        recorded: outcome.is_some(),
    }
}

fn machine(asked: &Scenario, found: &MachineVerdict, words: PlanWords) -> WireMachine {
    WireMachine {
        verdict: verdict(found.verdict.word()),
        sentence: words.verdict(asked, found),
        comparisons: found.comparisons.iter().map(|one| comparison(asked, one, words)).collect(),
    }
}

fn comparison(asked: &Scenario, one: &Comparison, words: PlanWords) -> WalkComparison {
    WalkComparison {
        about: words.about(asked, one),
        expected: words.says(&one.expected),
        received: words.says(&one.received),
        verdict: verdict(one.verdict),
    }
}

fn counts(walk: &Walk) -> WalkCounts {
    let mut counts = WalkCounts::default();
    for progress in &walk.progress {
        let counted = match progress.machine.as_ref().map(|machine| machine.verdict.word()) {
            None => &mut counts.open,
            Some(VerdictWord::Pass) => &mut counts.pass,
            Some(VerdictWord::Warn) => &mut counts.warn,
            Some(VerdictWord::Fail) => &mut counts.fail,
            Some(VerdictWord::Inconclusive) => &mut counts.inconclusive,
            Some(VerdictWord::NotApplicable) => &mut counts.not_applicable,
            Some(VerdictWord::Skipped) => &mut counts.skipped,
        };
        *counted += 1;
    }
    counts
}

const fn verdict(word: VerdictWord) -> WalkVerdict {
    match word {
        VerdictWord::Pass => WalkVerdict::Pass,
        VerdictWord::Warn => WalkVerdict::Warn,
        VerdictWord::Fail => WalkVerdict::Fail,
        VerdictWord::Inconclusive => WalkVerdict::Inconclusive,
        VerdictWord::NotApplicable => WalkVerdict::NotApplicable,
        VerdictWord::Skipped => WalkVerdict::Skipped,
    }
}

const fn whom(waits_for: WaitsFor) -> WireWaitsFor {
    match waits_for {
        WaitsFor::Person => WireWaitsFor::Person,
        WaitsFor::Machine => WireWaitsFor::Machine,
        WaitsFor::Nobody => WireWaitsFor::Nobody,
    }
}
