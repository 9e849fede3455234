//! What the person does with a walk: starting, pausing, going on, leaving out, and saying what they found.

use gatewright_contract::walk::{WalkDetail, WalkJudge, WalkRef, WalkSkip, WalkStart};
use gatewright_contract::{Failure, FailureCode};
use gatewright_model::walk::{MachineVerdict, PersonVerdict, ScenarioProgress, ScenarioRun, Stage, Walk, WalkStatus};
use gatewright_model::{TestUserId, WalkId};
use gatewright_store::walk;

use crate::runs::model_browser;
use crate::show::walk as show;
use crate::{App, failure};

/// The most characters of notes or of a reason.
const LONGEST_TEXT: usize = 4_000;

impl App {
    /// Starts a walk. Nothing is sent yet: the person starts the first scenario when they are ready.
    pub(crate) async fn start_walk(&self, request: WalkStart) -> Result<WalkDetail, Failure> {
        let plan = self.plan_to_walk(&request.plan).await?;
        let (client, provider) = self.client_with_provider(&request.client).await?;
        if plan.provider.as_ref().is_some_and(|wanted| *wanted != provider.id) {
            return Err(failure::invalid("plan", format!("“{}” is not a plan for {}.", plan.title, provider.name))
                .hint("Choose a plan of that provider, or the one for any."));
        }
        for (user, field) in [(&request.test_user, "testUser"), (&request.other_test_user, "otherTestUser")] {
            if let Some(user) = user {
                self.refuse_foreign_test_user(&client, user, field).await?;
            }
        }
        let now = self.now();
        let is_wanted = |id: &str| request.scenarios.as_ref().is_none_or(|wanted| wanted.iter().any(|one| one == id));
        let progress: Vec<_> = plan
            .scenarios
            .iter()
            .map(|scenario| ScenarioProgress::beginning(scenario, is_wanted(&scenario.id), now))
            .collect();
        if progress.iter().all(|one| one.stage == Stage::Done) {
            return Err(failure::invalid("scenarios", "None of these scenarios can be walked.")
                .hint("Choose at least one that applies to this provider."));
        }
        let walk = Walk {
            id: WalkId::new(self.new_id()?),
            plan,
            client: client.id.clone(),
            client_name: client.name.clone(),
            provider: provider.id.clone(),
            environment: client.environment,
            test_user: request.test_user.map(TestUserId::new),
            other_test_user: request.other_test_user.map(TestUserId::new),
            browser: model_browser(request.browser),
            started_at: now,
            ended_at: None,
            status: WalkStatus::GoingOn,
            progress,
        };
        let new = walk.clone();
        self.store()?.write_durably(move |tx| walk::insert(tx, &new)).await.map_err(failure::of_store)?;
        self.tell(gatewright_contract::Event::WalksChanged(None));
        self.shown_walk(&walk).await
    }

    /// Puts a walk aside. A scenario that is going on is stopped and can be begun again.
    pub(crate) async fn pause_walk(&self, request: &WalkRef) -> Result<WalkDetail, Failure> {
        let id = WalkId::new(&request.walk);
        self.0.walks.clear_queue(&id);
        let mut going_on = Vec::new();
        let pause = |walk: &mut Walk| {
            going_on = walk.progress.iter().flat_map(|one| one.runs.clone()).collect();
            walk.progress.iter_mut().for_each(ScenarioProgress::put_back);
            walk.status = WalkStatus::Paused;
            Ok(())
        };
        let walk = self.change_walk(&id, pause).await?;
        // Only now: what ends first would be judged.
        self.stop_runs(&going_on);
        self.shown_walk(&walk).await
    }

    /// Goes on with a walk that was put aside.
    pub(crate) async fn resume_walk(&self, request: &WalkRef) -> Result<WalkDetail, Failure> {
        let resume = |walk: &mut Walk| {
            if walk.status == WalkStatus::Paused {
                walk.status = WalkStatus::GoingOn;
            }
            Ok(())
        };
        let walk = self.change_walk(&WalkId::new(&request.walk), resume).await?;
        self.shown_walk(&walk).await
    }

    /// Leaves a scenario out. One that is going on is stopped.
    pub(crate) async fn skip_scenario(&self, request: WalkSkip) -> Result<WalkDetail, Failure> {
        let reason = text(&request.reason, "reason")?;
        if reason.is_empty() {
            return Err(failure::invalid("reason", "Say why this scenario is left out.")
                .hint("Whoever reads the report will ask."));
        }
        let (id, now) = (WalkId::new(request.walk), self.now());
        self.0.walks.unqueue(&id, &request.scenario);
        let mut going_on = Vec::new();
        let skip = |walk: &mut Walk| {
            let progress = progress_of(walk, &request.scenario)?;
            if progress.stage == Stage::Done {
                return Err(Failure::new(FailureCode::ChangedMeanwhile, "This scenario has a verdict already.")
                    .hint("Say what you think of it beside the verdict, or walk it again."));
            }
            going_on.clone_from(&progress.runs);
            progress.put_back();
            progress.conclude(MachineVerdict::skipped(&reason), now);
            Ok(())
        };
        let walk = self.change_walk(&id, skip).await?;
        self.stop_runs(&going_on);
        self.shown_walk(&walk).await
    }

    /// Writes down what the person found. The machine's verdict stays beside it; answers can settle one that waits for them.
    pub(crate) async fn judge_scenario(&self, request: WalkJudge) -> Result<WalkDetail, Failure> {
        let notes = text(&request.notes, "notes")?;
        let said =
            match request.verdict {
                None => None,
                Some(word) => Some(show::model_verdict(word).ok_or_else(|| {
                    failure::invalid("verdict", "A scenario is left out by skipping it, with a reason.")
                })?),
            };
        let (id, now) = (WalkId::new(request.walk), self.now());
        let scenario = request.scenario;
        let judge = |walk: &mut Walk| {
            let asked = walk.scenario(&scenario).map(|asked| asked.questions.clone()).unwrap_or_default();
            let progress = progress_of(walk, &scenario)?;
            progress.notes = notes;
            if progress.person.map(|person| person.verdict) != said {
                progress.person = said.map(|verdict| PersonVerdict { verdict, at: now });
            }
            for answer in request.answers {
                if !asked.iter().any(|question| question.id == answer.question) {
                    return Err(failure::invalid("answers", "This scenario does not ask that."));
                }
                progress.answers.insert(answer.question, answer.yes);
            }
            Ok(())
        };
        self.change_walk(&id, judge).await?;
        let walk = self.settle_scenario(&id, &scenario).await?;
        self.shown_walk(&walk).await
    }

    /// Stops those runs that still go on.
    pub(super) fn stop_runs(&self, runs: &[ScenarioRun]) {
        for run in runs {
            if let Some(live) = self.0.live.get(&run.run) {
                live.cancel.cancel();
            }
        }
    }
}

/// A scenario of a walk, to be changed.
pub(super) fn progress_of<'a>(walk: &'a mut Walk, scenario: &str) -> Result<&'a mut ScenarioProgress, Failure> {
    let found = walk.progress.iter_mut().find(|progress| progress.scenario == scenario);
    found.ok_or_else(|| failure::not_found("This walk has no such scenario."))
}

fn text(written: &str, field: &str) -> Result<String, Failure> {
    let text = written.trim();
    if text.chars().count() > LONGEST_TEXT {
        return Err(failure::invalid(field, format!("This is longer than {LONGEST_TEXT} characters.")));
    }
    Ok(text.to_owned())
}
