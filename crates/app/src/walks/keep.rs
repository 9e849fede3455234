//! Walks in the database: listing, showing, changing, deleting.

use gatewright_contract::client::Deleted;
use gatewright_contract::run::RunRef;
use gatewright_contract::walk::{RunWalk, RunWalkScenario, WalkDetail, WalkList, WalkQuery, WalkRef};
use gatewright_contract::{Event, Failure};
use gatewright_language::Language;
use gatewright_model::run::StepKind;
use gatewright_model::walk::{ScenarioProgress, Waiting, Walk, WalkStatus};
use gatewright_model::{ClientRecordId, ProviderId, RunId, TestUserId, WalkId};
use gatewright_store::{Connection, StoreError, Transaction, run, test_user, walk};
use jiff::SignedDuration;

use crate::show::walk::{self as show, Names, PlanWords, RunsOfWalk, ShownRun};
use crate::{App, failure, undo};

impl App {
    /// One page of walks, newest first.
    pub(crate) async fn walk_page(&self, query: WalkQuery) -> Result<WalkList, Failure> {
        let wanted = walk::WalkQuery {
            client: query.client.map(ClientRecordId::new),
            provider: query.provider.map(ProviderId::new),
            plan: query.plan,
            offset: query.offset,
            limit: Some(query.limit.clamp(1, crate::clients::PAGE)),
        };
        let read = move |db: &Connection| Ok((walk::list(db, &wanted)?, walk::count(db, &wanted)?));
        let (walks, total) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let (known, language) = (self.0.registry.known(), self.speaks());
        let row = |walk: &Walk| {
            let names = Names { language, provider: known.name(&walk.provider), ..Names::default() };
            let runs = RunsOfWalk {
                waiting: walk.current().and_then(|current| self.waiting(current)),
                ..RunsOfWalk::default()
            };
            show::row(walk, &names, &runs)
        };
        Ok(WalkList { rows: walks.iter().map(row).collect(), total })
    }

    /// One walk with its scenarios.
    pub(crate) async fn walk_detail(&self, request: &WalkRef) -> Result<WalkDetail, Failure> {
        self.walk_detail_in(self.speaks(), request).await
    }

    /// The same for readers of a language: what is written for a program is in English, whatever the window speaks.
    pub(crate) async fn walk_detail_in(&self, language: Language, request: &WalkRef) -> Result<WalkDetail, Failure> {
        let walk = self.find_walk(&WalkId::new(&request.walk)).await?;
        self.walk_shown_in(language, &walk).await
    }

    /// Which scenario of which walk started a run.
    pub(crate) async fn walk_of_run(&self, request: RunRef) -> Result<RunWalk, Failure> {
        let id = RunId::new(request.run);
        let read = move |db: &Connection| {
            let Some(part) = walk::part_of(db, &id)? else { return Ok(None) };
            let walk = walk::find(db, &part.walk)?;
            Ok(Some((part, walk)))
        };
        let found = self.store()?.read(read).await.map_err(failure::of_store)?;
        let part_of = found.map(|(part, walk)| {
            let words = PlanWords::of(&walk.plan.id, self.speaks());
            RunWalkScenario {
                walk: part.walk.to_string(),
                title: walk.scenario(&part.scenario).map_or_else(String::new, |one| words.shown(&one.title)),
                plan_title: words.shown(&walk.plan.title),
                scenario: part.scenario,
            }
        });
        Ok(RunWalk { part_of })
    }

    /// Hides a walk at once; after the undo time it is gone. Its runs stay among the results.
    pub(crate) async fn delete_walk(&self, request: &WalkRef) -> Result<Deleted, Failure> {
        let id = WalkId::new(&request.walk);
        let (mut going_on, now) = (Vec::new(), self.now());
        let put_back = |walk: &mut Walk| {
            going_on = walk.progress.iter().flat_map(|one| one.runs.clone()).collect();
            walk.progress.iter_mut().for_each(ScenarioProgress::put_back);
            Ok(())
        };
        self.0.walks.clear_queue(&id);
        let walk = self.change_walk(&id, put_back).await?;
        self.store()?.write_durably(move |tx| walk::delete(tx, &id, now)).await.map_err(failure::of_store)?;
        self.stop_runs(&going_on);
        self.straighten_twin(&walk).await;
        self.tell(Event::WalksChanged(None));
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            app.purge_walks().await;
        });
        Ok(undo::deleted(PlanWords::of(&walk.plan.id, self.speaks()).shown(&walk.plan.title), now))
    }

    /// Takes a deletion back. What was going on in the walk can be begun again.
    pub(crate) async fn restore_walk(&self, request: &WalkRef) -> Result<WalkDetail, Failure> {
        let id = WalkId::new(&request.walk);
        self.store()?.write_durably(move |tx| walk::restore(tx, &id)).await.map_err(failure::of_store)?;
        self.tell(Event::WalksChanged(None));
        self.walk_detail(request).await
    }

    /// Finishes deletions of walks whose undo time is over.
    pub(crate) async fn purge_walks(&self) {
        let undo = SignedDuration::try_from(undo::UNDO).unwrap_or_default();
        let (Ok(before), Ok(store)) = (self.now().checked_sub(undo), self.store()) else { return };
        if let Err(cause) = store.write_durably(move |tx| walk::purge_deleted_before(tx, before)).await {
            tracing::warn!(%cause, "deleted walks are removed at the next start");
        }
    }

    pub(super) async fn find_walk(&self, id: &WalkId) -> Result<Walk, Failure> {
        let id = id.clone();
        self.store()?.read(move |db| walk::find(db, &id)).await.map_err(failure::of_store)
    }

    /// Changes a walk in its turn, and keeps what has changed.
    pub(super) async fn change_walk(
        &self,
        id: &WalkId,
        change: impl FnOnce(&mut Walk) -> Result<(), Failure>,
    ) -> Result<Walk, Failure> {
        let _turn = self.0.walks.turn.lock().await;
        let before = self.find_walk(id).await?;
        let mut after = before.clone();
        change(&mut after)?;
        self.keep_walk(&before, after).await
    }

    /// Keeps what has changed of a walk; whether it has ended follows from its scenarios. The caller has the turn.
    pub(super) async fn keep_walk(&self, before: &Walk, mut after: Walk) -> Result<Walk, Failure> {
        if after.is_complete() {
            after.status = WalkStatus::Ended;
            after.ended_at = after.ended_at.or_else(|| Some(self.now()));
        } else {
            after.ended_at = None;
            if after.status == WalkStatus::Ended {
                after.status = WalkStatus::GoingOn;
            }
        }
        let differs = |(old, new): &(&ScenarioProgress, &ScenarioProgress)| old != new;
        let changed: Vec<ScenarioProgress> =
            before.progress.iter().zip(&after.progress).filter(differs).map(|(_, new)| new.clone()).collect();
        let (id, status, ended_at) = (after.id.clone(), after.status, after.ended_at);
        let write = move |tx: &Transaction<'_>| -> Result<(), StoreError> {
            walk::set_status(tx, &id, status, ended_at)?;
            changed.iter().try_for_each(|progress| walk::put_scenario(tx, &id, progress))
        };
        self.store()?.write_durably(write).await.map_err(failure::of_store)?;
        self.tell(Event::WalksChanged(Some(after.id.to_string())));
        self.go_on_with_queue(&after.id);
        Ok(after)
    }

    /// A walk as the window shows it.
    pub(super) async fn shown_walk(&self, walk: &Walk) -> Result<WalkDetail, Failure> {
        self.walk_shown_in(self.speaks(), walk).await
    }

    async fn walk_shown_in(&self, language: Language, walk: &Walk) -> Result<WalkDetail, Failure> {
        let ids: Vec<RunId> = walk.progress.iter().flat_map(|one| &one.runs).map(|run| run.run.clone()).collect();
        let users = (walk.test_user.clone(), walk.other_test_user.clone());
        let read = move |db: &Connection| {
            let name = |id: Option<TestUserId>| match id.map(|id| test_user::find(db, &id)) {
                None | Some(Err(StoreError::NoSuchTestUser(_))) => Ok(None),
                Some(found) => found.map(|user| Some(user.name)),
            };
            let mut runs = Vec::with_capacity(ids.len());
            for id in ids {
                match run::find(db, &id) {
                    Ok(run) => runs.push(ShownRun { id, outcome: Some(run.outcome) }),
                    Err(StoreError::NoSuchRun(_)) => runs.push(ShownRun { id, outcome: None }),
                    Err(cause) => return Err(cause),
                }
            }
            Ok((name(users.0)?, name(users.1)?, runs))
        };
        let (person, other, shown) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let names = Names { language, provider: self.0.registry.known().name(&walk.provider), person, other };
        let current = walk.current();
        let runs = RunsOfWalk {
            shown,
            queued: self.0.walks.queued(&walk.id),
            waiting: current.and_then(|current| self.waiting(current)),
            until: current.and_then(|current| current.runs.iter().find_map(|run| self.0.walks.held_until(&run.run))),
        };
        Ok(show::detail(walk, &names, &runs))
    }

    /// Where the logins of a scenario are, as far as it matters for whom it waits.
    fn waiting(&self, progress: &ScenarioProgress) -> Option<Waiting> {
        let of = |run: &RunId| {
            if self.0.walks.held_until(run).is_some() {
                return Some(Waiting::HoldingCode);
            }
            let step = self.0.live.get(run)?.steps.last().map(|step| step.kind);
            Some(if step == Some(StepKind::Pages) { Waiting::OnPages } else { Waiting::AtWork })
        };
        let all: Vec<Waiting> = progress.runs.iter().filter_map(|run| of(&run.run)).collect();
        [Waiting::OnPages, Waiting::HoldingCode, Waiting::AtWork].into_iter().find(|one| all.contains(one))
    }
}
