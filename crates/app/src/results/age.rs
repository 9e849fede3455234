//! Runs that go because of their age, and what would go.

use gatewright_contract::result::{RunStock, RunStockQuery};
use gatewright_contract::{Event, Failure};
use gatewright_store::audit::{self, Action, Actor, Entry};
use gatewright_store::run::{self, RunQuery};
use jiff::{SignedDuration, Timestamp};

use crate::{App, failure};

impl App {
    /// How many runs there are, and how many would go if they were kept so many days. Changes nothing.
    pub(crate) async fn stock_of_runs(&self, query: RunStockQuery) -> Result<RunStock, Failure> {
        let before = self.kept_since(query.days);
        let read = move |db: &gatewright_store::Connection| {
            let going = before.map(|before| run::count_started_before(db, before)).transpose()?;
            let walks = before.map(|before| run::count_walks_started_before(db, before)).transpose()?;
            Ok((run::count(db, &RunQuery::default())?, going.unwrap_or_default(), walks.unwrap_or_default()))
        };
        let (runs, going, walks) = self.store()?.read(read).await.map_err(failure::of_store)?;
        Ok(RunStock { runs, going, walks, before: before.map(|before| before.to_string()) })
    }

    /// Removes the runs that are older than runs are kept, and writes down that it did. Of a database that is from an earlier
    /// day, or may be, nothing is removed: nobody has looked at it yet.
    pub(crate) async fn remove_old_runs(&self) {
        let Some(before) = self.kept_since(self.0.settings.get().run_days) else { return };
        let Ok(store) = self.store() else { return };
        if !self.knows_what_it_forgot() {
            return;
        }
        let line = Entry::general(self.now(), Actor::Gatewright, Action::RunsRemoved);
        let removed = store
            .write_durably(move |tx| {
                let removed = run::remove_started_before(tx, before)?;
                if removed > 0 {
                    audit::append(tx, &line.detail(format!("{removed} from before {}", before.strftime("%Y-%m-%d"))))?;
                }
                Ok(removed)
            })
            .await;
        match removed {
            Ok(0) => {}
            Ok(_) => {
                self.sweep_pictures().await;
                self.tell(Event::RunsChanged);
            }
            Err(cause) => tracing::warn!(%cause, "old runs stay; tried again later"),
        }
    }

    /// Since when a run has to be to be kept for so many days; none when runs are kept for ever.
    fn kept_since(&self, days: u32) -> Option<Timestamp> {
        let age = SignedDuration::from_hours(i64::from(days) * 24);
        (days > 0).then(|| self.now().checked_sub(age).ok()).flatten()
    }
}
