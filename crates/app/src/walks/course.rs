//! The course of a scenario: which login comes when, with what done to it, and what follows when one has ended.

use std::pin::Pin;
use std::time::Duration;

use gatewright_contract::login::LoginStart;
use gatewright_contract::run::TokenRef;
use gatewright_contract::walk::{WalkDetail, WalkScenarioRef};
use gatewright_contract::{Failure, FailureCode};
use gatewright_model::walk::{Account, Part, Preparation, Scenario, ScenarioRun, Stage, TokenName, Walk, WalkStatus};
use gatewright_model::{RunId, WalkId};
use gatewright_store::{Connection, run};
use jiff::Timestamp;

use super::queue::QueueNumber;
use super::steer::progress_of;
use super::twin::bends_twin;
use super::twist::Network;
use super::{ScenarioKey, Twist};
use crate::show::run::browser;
use crate::{App, failure};

/// How far back a login is looked for whose tokens can be revoked.
const RUNS_LOOKED_AT: u32 = 50;

/// How a scenario starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Starts {
    /// The person has asked for it.
    ByHand,
    /// It is its turn in this queue, unless that was ended meanwhile.
    ByItself(QueueNumber),
}

/// A scenario that has been begun.
struct Begun {
    /// The walk as it stood before.
    before: Walk,
    /// What the scenario asks for.
    scenario: Scenario,
    /// When: what was started for an attempt that began at another moment has no part in this one.
    at: Timestamp,
}

impl App {
    /// Starts a scenario, also again. Returns when its first login has begun.
    pub(crate) async fn start_scenario(&self, request: WalkScenarioRef) -> Result<WalkDetail, Failure> {
        let key = ScenarioKey { walk: WalkId::new(request.walk), scenario: request.scenario };
        self.start_as(&key, Starts::ByHand).await?;
        let walk = self.find_walk(&key.walk).await?;
        self.shown_walk(&walk).await
    }

    /// Starts a scenario, by hand or by itself.
    pub(super) async fn start_as(&self, key: &ScenarioKey, starts: Starts) -> Result<(), Failure> {
        let begun = self.begin_scenario(key, starts).await?;
        if let Some(token) = begun.scenario.revoke_first {
            self.revoke_earlier(&begun.before, token).await;
        }
        let part = match begun.scenario.preparation {
            Some(Preparation::LogInBefore | Preparation::RevokeBefore { .. }) => Part::Before,
            Some(Preparation::SecondLogin) => Part::First,
            _ => Part::Only,
        };
        if let Err(failure) = self.start_part(key, part, begun.at).await {
            self.take_back(key, begun).await?;
            return Err(failure);
        }
        Ok(())
    }

    /// Takes back that a scenario was begun: what an earlier attempt found is there again.
    async fn take_back(&self, key: &ScenarioKey, begun: Begun) -> Result<(), Failure> {
        let Begun { before, at, .. } = begun;
        let take_back = |walk: &mut Walk| {
            let progress = progress_of(walk, &key.scenario)?;
            if let Some(earlier) = before.progress_of(&key.scenario).filter(|_| progress.goes_on_since(at)) {
                progress.take_back(earlier.clone());
                (walk.status, walk.ended_at) = (before.status, before.ended_at);
            }
            Ok(())
        };
        self.change_walk(&key.walk, take_back).await.map(drop)
    }

    /// Marks a scenario as begun, if it can be.
    async fn begin_scenario(&self, key: &ScenarioKey, starts: Starts) -> Result<Begun, Failure> {
        let _turn = self.0.walks.turn.lock().await;
        if let Starts::ByItself(queue) = starts
            && !self.0.walks.is_starting(&key.walk, queue)
        {
            return Err(Failure::new(
                FailureCode::ChangedMeanwhile,
                "Scenarios of this walk do not start by themselves any more.",
            ));
        }
        let before = self.find_walk(&key.walk).await?;
        let scenario = before.scenario(&key.scenario).cloned();
        let scenario = scenario.ok_or_else(|| failure::not_found("This walk has no such scenario."))?;
        if let Some(reason) = &scenario.not_applicable {
            return Err(failure::invalid("scenario", reason.clone()));
        }
        if let Some(other) = before.progress.iter().find(|progress| progress.stage == Stage::GoingOn) {
            if let Starts::ByItself(queue) = starts {
                self.0.walks.put_back(key, queue);
            }
            let title = before.scenario(&other.scenario).map_or("", |scenario| scenario.title.as_str());
            return Err(Failure::new(FailureCode::InUse, format!("“{title}” is still going on."))
                .hint("Finish it, or pause the walk."));
        }
        self.refuse_unmet(&before, &scenario).await?;
        let (mut after, now) = (before.clone(), self.now());
        // As the database keeps it: compared with what is read from there.
        let at = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        progress_of(&mut after, &key.scenario)?.begin(at);
        after.status = WalkStatus::GoingOn;
        self.keep_walk(&before, after).await?;
        self.0.walks.has_begun(&key.walk, &key.scenario);
        Ok(Begun { before, scenario, at })
    }

    /// Starts a login of a scenario that goes on. One that was stopped meanwhile, or begun anew, stays as it is.
    async fn start_part(&self, key: &ScenarioKey, part: Part, begun: Timestamp) -> Result<(), Failure> {
        let _turn = self.0.walks.turn.lock().await;
        let before = self.find_walk(&key.walk).await?;
        let Some(scenario) = before.scenario(&key.scenario) else { return Ok(()) };
        if !before.progress_of(&key.scenario).is_some_and(|progress| progress.goes_on_since(begun)) {
            return Ok(());
        }
        let mut twist = self.twist_for(&before, scenario, key).await;
        twist.starts_second = (part == Part::First).then_some(begun);
        let started = self.start_login_of(&before, scenario, part, twist).await;
        if started.is_err() && bends_twin(scenario) {
            // No login will end that lifts it.
            self.straighten_twin(&before).await;
        }
        started
    }

    /// Starts a login of a scenario and writes it down. The caller has the turn.
    async fn start_login_of(
        &self,
        before: &Walk,
        scenario: &Scenario,
        part: Part,
        twist: Twist,
    ) -> Result<(), Failure> {
        let scopes = match &scenario.preparation {
            Some(Preparation::FewerScopes { scopes }) => Some(scopes.clone()),
            _ => None,
        };
        let request = LoginStart {
            client: before.client.to_string(),
            browser: browser(scenario.browser.unwrap_or(before.browser)),
            redirect_uri: None,
            scopes,
            test_user: before.test_user.as_ref().map(ToString::to_string),
        };
        let started = Box::pin(self.start_twisted_login(request, twist)).await?;
        let mut after = before.clone();
        let progress = progress_of(&mut after, &scenario.id)?;
        progress.runs.push(ScenarioRun { run: RunId::new(started.run), part });
        self.keep_walk(before, after).await.map(drop)
    }

    /// What is done to a login.
    async fn twist_for(&self, walk: &Walk, scenario: &Scenario, key: &ScenarioKey) -> Twist {
        let mut twist =
            Twist { scenario: Some(key.clone()), forgets: scenario.account == Account::Other, ..Twist::default() };
        match &scenario.preparation {
            Some(Preparation::TamperState) => twist.changes_state = true,
            Some(Preparation::HoldCode { seconds }) => twist.hold = self.hold_for(walk, *seconds).await,
            Some(Preparation::SlowNetwork { delay_ms }) => {
                self.slow_twin(walk, *delay_ms).await;
                twist.network = Network::Slow(Duration::from_millis((*delay_ms).into()));
            }
            Some(Preparation::ProviderDown) => twist.network = Network::DownAfterCallback,
            _ => {}
        }
        twist
    }

    /// Starts the second of two logins that are to be open at once.
    pub(super) async fn start_second_login(&self, key: &ScenarioKey, begun: Timestamp) {
        self.start_or_give_up(key, Part::Second, begun).await;
    }

    /// Starts a further login of a scenario. Where that fails nobody waits for an answer: the scenario says so.
    async fn start_or_give_up(&self, key: &ScenarioKey, part: Part, begun: Timestamp) {
        let Err(failure) = self.start_part(key, part, begun).await else { return };
        let why = format!("A further login could not be started: {}", failure.message);
        self.told_in_log(self.give_up(key, begun, why).await);
    }

    /// Goes on with the walk that a run belongs to, when the run has ended and is recorded. What follows may be another login, whose end
    /// comes here again: hence the future behind a pointer.
    pub(crate) fn go_on_with_walk<'a>(&'a self, run: &RunId) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        let (key, run) = (self.0.walks.take(run), run.clone());
        Box::pin(async move {
            if let Some(key) = key {
                self.told_in_log(self.go_on(&key, &run).await);
            }
        })
    }

    async fn go_on(&self, key: &ScenarioKey, run: &RunId) -> Result<(), Failure> {
        // Whoever has started the run may not have written it down yet.
        drop(self.0.walks.turn.lock().await);
        // Whatever ends because Gatewright does says nothing; the next start puts the scenario back.
        if self.0.ending.is_cancelled() {
            return Ok(());
        }
        let walk = match self.find_walk(&key.walk).await {
            Err(failure) if failure.code == FailureCode::NotFound => return Ok(()),
            found => found?,
        };
        let Some((scenario, progress)) = walk.scenario(&key.scenario).zip(walk.progress_of(&key.scenario)) else {
            return Ok(());
        };
        let goes_on = progress.stage == Stage::GoingOn;
        // A login of an earlier attempt that ends late has no part in what goes on now.
        if goes_on && !progress.runs.iter().any(|one| one.run == *run) {
            return Ok(());
        }
        if bends_twin(scenario) {
            self.straighten_twin(&walk).await;
        }
        let Some(begun) = progress.started_at.filter(|_| goes_on) else { return Ok(()) };
        let logins = self.logins_of(progress).await?;
        match (logins.as_slice(), &scenario.preparation) {
            ([before], Some(Preparation::LogInBefore)) if before.is_ground() => {
                self.start_or_give_up(key, Part::Only, begun).await;
            }
            ([before], Some(Preparation::RevokeBefore { token })) if before.is_ground() => {
                self.revoke_and_go_on(key, token_of(&before.run().id, *token), begun).await?;
            }
            _ => _ = self.settle_scenario(&key.walk, &key.scenario).await?,
        }
        Ok(())
    }

    /// Revokes what the login before has granted, and starts the login that counts. Where nothing was revoked that one would show nothing.
    async fn revoke_and_go_on(&self, key: &ScenarioKey, token: TokenRef, begun: Timestamp) -> Result<(), Failure> {
        let doubt = match self.revocation_of(token).await {
            Ok(revocation) => revocation.doubt,
            Err(failure) => Some(failure.message),
        };
        match doubt {
            None => self.start_or_give_up(key, Part::Only, begun).await,
            Some(doubt) => {
                let why = format!("What was granted could not be revoked: {doubt}");
                self.give_up(key, begun, why).await?;
            }
        }
        Ok(())
    }

    /// Revokes what the last login of the walk's test user granted. There may be none, or its token may be gone: then the person sees
    /// whether consent is asked for.
    async fn revoke_earlier(&self, walk: &Walk, token: TokenName) {
        let wanted =
            run::RunQuery { client: Some(walk.client.clone()), limit: Some(RUNS_LOOKED_AT), ..Default::default() };
        let user = walk.test_user.clone();
        let read = move |db: &Connection| {
            for row in run::list(db, &wanted)? {
                let is_theirs = row.meant.as_ref().map(|meant| &meant.id) == user.as_ref();
                if is_theirs && run::open(db, &row.id)?.sealed_tokens.iter().any(|name| name == token.on_the_wire()) {
                    return Ok(Some(row.id));
                }
            }
            Ok(None)
        };
        let Ok(store) = self.store() else { return };
        match store.read(read).await {
            Ok(Some(run)) => {
                if let Err(failure) = self.revoke_token(token_of(&run, token)).await {
                    tracing::info!(message = failure.message, "an earlier login's token was not revoked");
                }
            }
            Ok(None) => {}
            Err(cause) => tracing::warn!(%cause, "no earlier login was looked for"),
        }
    }

    fn told_in_log(&self, done: Result<(), Failure>) {
        if let Err(failure) = done {
            tracing::error!(message = failure.message, "a walk could not be gone on with");
            self.notice("A walk could not be gone on with.", Some(failure.message));
        }
    }
}

fn token_of(run: &RunId, token: TokenName) -> TokenRef {
    TokenRef { run: run.to_string(), token: token.on_the_wire().to_owned() }
}
