//! The machine's verdict on a scenario, as soon as there is enough to judge by.

use gatewright_contract::Failure;
use gatewright_model::walk::{
    Evidence, Login, MachineVerdict, Part, Preparation, Scenario, ScenarioProgress, Stage, VerdictWord, Walk,
    awaits_answers, judge,
};
use gatewright_model::{Outcome, Run, Step, WalkId};
use gatewright_store::{Connection, StoreError, run};
use jiff::Timestamp;

use super::ScenarioKey;
use super::steer::progress_of;
use crate::{App, failure};

/// A login of a scenario as it is recorded.
pub(super) struct RecordedLogin {
    part: Part,
    run: Run,
    steps: Vec<Step>,
}

impl RecordedLogin {
    /// Whether it goes on.
    pub(super) fn is_going_on(&self) -> bool {
        self.run.outcome == Outcome::Running
    }

    /// Whether it is the login before, and did what it was to do.
    pub(super) fn is_ground(&self) -> bool {
        self.part == Part::Before && matches!(self.run.outcome, Outcome::LoggedIn { .. })
    }

    /// The run.
    pub(super) const fn run(&self) -> &Run {
        &self.run
    }
}

impl App {
    /// Judges a scenario whose logins have ended; asks the person first where an answer is all that is missing.
    pub(super) async fn settle_scenario(&self, id: &WalkId, scenario: &str) -> Result<Walk, Failure> {
        let _turn = self.0.walks.turn.lock().await;
        let before = self.find_walk(id).await?;
        let (Some(asked), Some(progress)) = (before.scenario(scenario), before.progress_of(scenario)) else {
            return Ok(before);
        };
        let logins = self.logins_of(progress).await?;
        if !can_be_judged(asked, progress, &logins) {
            return Ok(before);
        }
        let (waits, verdict) = self.verdict_of(&before, asked, progress, &logins).await?;
        let mut after = before.clone();
        let (progress, now) = (progress_of(&mut after, scenario)?, self.now());
        if waits {
            progress.stage = Stage::Asking;
            progress.machine = None;
        } else if progress.machine.as_ref() != Some(&verdict) {
            progress.conclude(verdict, now);
        }
        self.keep_walk(&before, after).await
    }

    /// Whether a scenario waits for answers alone, and its verdict as it stands.
    async fn verdict_of(
        &self,
        walk: &Walk,
        asked: &Scenario,
        progress: &ScenarioProgress,
        logins: &[RecordedLogin],
    ) -> Result<(bool, MachineVerdict), Failure> {
        let user = self.walker(walk).await?;
        let default_scopes = || {
            let provider = self.0.registry.known().find(&walk.provider);
            provider.map(|provider| provider.dialect.authorization.default_scopes.value.clone()).unwrap_or_default()
        };
        let asked_scopes = match &asked.preparation {
            Some(Preparation::FewerScopes { scopes }) => scopes.clone(),
            _ => default_scopes(),
        };
        let logins: Vec<Login<'_>> =
            logins.iter().map(|login| Login { part: login.part, run: &login.run, steps: &login.steps }).collect();
        let evidence = Evidence {
            logins: &logins,
            expected_subject: user.as_ref().and_then(|user| user.expected.subject()),
            asked_scopes: &asked_scopes,
            answers: &progress.answers,
        };
        Ok((awaits_answers(asked, &evidence), judge(asked, &evidence)))
    }

    /// Ends a scenario that cannot be gone on with, unless it was begun anew since.
    pub(super) async fn give_up(&self, key: &ScenarioKey, begun: Timestamp, why: String) -> Result<(), Failure> {
        let now = self.now();
        let conclude = |walk: &mut Walk| {
            let progress = progress_of(walk, &key.scenario)?;
            if progress.goes_on_since(begun) {
                progress.conclude(MachineVerdict::inconclusive(why), now);
            }
            Ok(())
        };
        self.change_walk(&key.walk, conclude).await.map(drop)
    }

    /// The logins of a scenario that are still recorded.
    pub(super) async fn logins_of(&self, progress: &ScenarioProgress) -> Result<Vec<RecordedLogin>, Failure> {
        let runs = progress.runs.clone();
        let read = move |db: &Connection| {
            let mut logins = Vec::with_capacity(runs.len());
            for one in runs {
                match run::open(db, &one.run) {
                    Ok(opened) => logins.push(RecordedLogin { part: one.part, run: opened.run, steps: opened.steps }),
                    Err(StoreError::NoSuchRun(_)) => {}
                    Err(cause) => return Err(cause),
                }
            }
            Ok(logins)
        };
        self.store()?.read(read).await.map_err(failure::of_store)
    }
}

/// Whether there is anything new to judge by. A verdict that has been given stays when its runs were deleted since, and when the login
/// that it would be judged by was never started: then it says why not.
fn can_be_judged(asked: &Scenario, progress: &ScenarioProgress, logins: &[RecordedLogin]) -> bool {
    let are_over = !logins.iter().any(RecordedLogin::is_going_on);
    match progress.stage {
        Stage::Open => false,
        // After the login before comes the one that counts, even where a revocation takes its time in between.
        Stage::GoingOn => are_over && !progress.runs.is_empty() && !logins.last().is_some_and(RecordedLogin::is_ground),
        Stage::Asking => are_over,
        Stage::Done => {
            let word = progress.machine.as_ref().map(|machine| machine.verdict.word());
            let was_judged = !matches!(word, Some(VerdictWord::Skipped | VerdictWord::NotApplicable));
            let came_to_its_end = logins.iter().any(|login| matches!(login.part, Part::Only | Part::Second));
            was_judged && !asked.questions.is_empty() && logins.len() == progress.runs.len() && came_to_its_end
        }
    }
}
