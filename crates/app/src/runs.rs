//! Runs: listing, opening, deleting, and copying a token of one.

use gatewright_contract::client::{Deleted, Verdict};
use gatewright_contract::run::{
    Browser as WireBrowser, RunDetail, RunList, RunQuery, RunRef, RunRefs, RunRow, TokenRef,
};
use gatewright_contract::secret::Copied;
use gatewright_contract::{Event, Failure};
use gatewright_model::run::Browser;
use gatewright_model::{ClientRecordId, ProviderId, RunId, TestUserId};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::run::{self, RunStanding};
use gatewright_store::{client, grant, run_tag};
use jiff::SignedDuration;

use crate::clients::model_environment;
use crate::registry::Known;
use crate::show::run as show;
use crate::show::{outcome, run::milliseconds, test_user};
use crate::{App, failure, tokens, undo};

impl App {
    /// One page of runs, newest first.
    pub(crate) async fn runs(&self, query: RunQuery) -> Result<RunList, Failure> {
        if !query.search.is_empty() {
            self.look_through_ended().await;
        }
        let (offset, limit) = (query.offset, Some(query.limit.clamp(1, crate::clients::PAGE)));
        let wanted = run::RunQuery { offset, limit, ..wanted(query) };
        let read = move |db: &gatewright_store::Connection| Ok((run::list(db, &wanted)?, run::count(db, &wanted)?));
        let (rows, total) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let known = self.0.registry.known();
        Ok(RunList { rows: rows.iter().map(|row| wire_row(row, &known)).collect(), total })
    }

    /// One run: as it stands right now when it is going on, else as it was recorded.
    pub(crate) async fn run_detail(&self, request: &RunRef) -> Result<RunDetail, Failure> {
        let id = RunId::new(&request.run);
        let known = self.0.registry.known();
        if let Some(live) = self.0.live.get(&id) {
            let name = known.name(&live.run.provider);
            return Ok(show::detail(&live.run, &live.steps, &name, &show::Holdings::default(), &live.standing));
        }
        let read = move |db: &gatewright_store::Connection| {
            let opened = run::open(db, &id)?;
            let grant = grant::find_by_run(db, &id)?;
            let names = tokens::names(db, &id, grant.as_ref())?;
            let client = client::find_even_deleted(db, &opened.run.client)?;
            let has_client = client.is_some_and(|client| client.deleted_at.is_none());
            Ok((opened, grant, names, has_client, run_tag::of_run(db, &id)?))
        };
        let (opened, grant, names, has_client, tags) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let run = &opened.run;
        let provider = known.find(&run.provider).filter(|_| has_client);
        let holdings = show::Holdings::of(run, &names, grant.as_ref(), provider.as_deref());
        let standing = show::LiveStanding::default();
        let mut detail = show::detail(run, &opened.steps, &known.name(&run.provider), &holdings, &standing);
        detail.row.tags = tags;
        Ok(detail)
    }

    /// Hides runs at once; after the undo time they are gone.
    pub(crate) async fn delete_runs(&self, request: RunRefs) -> Result<Deleted, Failure> {
        let now = self.now();
        let ids: Vec<RunId> = request.runs.into_iter().map(RunId::new).collect();
        let number = ids.len();
        self.store()?
            .write_durably(move |tx| ids.iter().try_for_each(|id| run::delete(tx, id, now)))
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::RunsChanged);
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.wait_for_undo().await;
            app.purge_runs().await;
        });
        let what = if number == 1 { "1 run".to_owned() } else { format!("{number} runs") };
        Ok(undo::deleted(self.in_words(&what), now))
    }

    /// Takes a deletion back.
    pub(crate) async fn restore_runs(&self, request: RunRefs) -> Result<(), Failure> {
        let ids: Vec<RunId> = request.runs.into_iter().map(RunId::new).collect();
        self.store()?
            .write_durably(move |tx| ids.iter().try_for_each(|id| run::restore(tx, id)))
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::RunsChanged);
        Ok(())
    }

    /// Finishes deletions of runs whose undo time is over.
    pub(crate) async fn purge_runs(&self) {
        let undo = SignedDuration::try_from(undo::UNDO).unwrap_or_default();
        let (Ok(before), Ok(store)) = (self.now().checked_sub(undo), self.store()) else { return };
        match store.write_durably(move |tx| run::purge_deleted_before(tx, before)).await {
            Ok(0) => {}
            // The rows are gone, and so is what named the pictures.
            Ok(_) => self.sweep_pictures().await,
            Err(cause) => tracing::warn!(%cause, "deleted runs are removed at the next start"),
        }
    }

    /// Copies a token of a run: recorded, concealed, for thirty seconds.
    pub(crate) async fn copy_token(&self, request: TokenRef) -> Result<Copied, Failure> {
        let id = RunId::new(&request.run);
        let token = self.token_of_run(&id, &request.token).await?;
        let wanted = id.clone();
        let run = self.store()?.read(move |db| run::find(db, &wanted)).await.map_err(failure::of_store)?;
        let mut entry =
            audit::Entry::about(self.now(), Actor::User, Action::TokenCopied, &run.client, &run.client_name);
        entry.run = Some(id);
        self.store()?.write_durably(move |tx| audit::append(tx, &entry)).await.map_err(failure::of_store)?;
        self.copy(token)
    }
}

/// What the window asks for, on all pages.
pub(crate) fn wanted(query: RunQuery) -> run::RunQuery {
    run::RunQuery {
        search: query.search,
        client: query.client.map(ClientRecordId::new),
        provider: query.provider.map(ProviderId::new),
        environment: query.environment.map(model_environment),
        standing: query.verdict.map(standing),
        browser: query.browser.map(model_browser),
        test_user: query.test_user.map(TestUserId::new),
        tag: query.tag,
        ..run::RunQuery::default()
    }
}

/// A row of the list for the window.
pub(crate) fn wire_row(row: &run::RunRow, known: &Known) -> RunRow {
    RunRow {
        id: row.id.to_string(),
        client: row.client.to_string(),
        client_name: row.client_name.clone(),
        provider: row.provider.to_string(),
        provider_name: known.name(&row.provider),
        environment: show::environment(row.environment),
        browser: show::browser(row.browser),
        meant: row.meant.as_ref().map(test_user::meant),
        started_at: row.started_at.to_string(),
        duration_ms: row.duration_ms.map(|ms| milliseconds(ms.saturating_mul(1000))),
        verdict: outcome::verdict(&row.outcome),
        outcome: outcome::code(&row.outcome).to_owned(),
        outcome_text: outcome::words(&row.outcome),
        identity: row.display_name.clone().or_else(|| row.subject.clone()),
        tags: row.tags.clone(),
    }
}

fn standing(verdict: Verdict) -> RunStanding {
    match verdict {
        Verdict::Running => RunStanding::Running,
        Verdict::Passed => RunStanding::Passed,
        Verdict::Warned => RunStanding::Warned,
        Verdict::Failed => RunStanding::Failed,
    }
}

pub(crate) fn model_browser(browser: WireBrowser) -> Browser {
    match browser {
        WireBrowser::Embedded => Browser::Embedded,
        WireBrowser::System => Browser::System,
        WireBrowser::Paste => Browser::Paste,
    }
}
