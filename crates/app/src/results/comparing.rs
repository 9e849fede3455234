//! A run beside another.

use gatewright_contract::Failure;
use gatewright_contract::result::{DifferenceDetail, DifferenceGroup, RunCompareQuery, RunComparison};
use gatewright_model::{Run, RunId};
use gatewright_protocol::inert::inert;
use gatewright_report::comparison::{Compared, Group, compare};
use gatewright_store::run::{self, RunQuery, RunStanding};

use crate::show::run as show;
use crate::{App, failure};

impl App {
    /// Compares a run with another: with the one asked for, or with the last of the same client that passed. The one that started first is
    /// the earlier one, whichever was asked for.
    pub(crate) async fn compare_runs(&self, query: RunCompareQuery) -> Result<RunComparison, Failure> {
        let asked = self.run_with_steps(&RunId::new(&query.run)).await?;
        let other = match query.other {
            Some(other) => Some(RunId::new(other)),
            None => self.last_passed(&asked.0).await?,
        };
        let known = self.0.registry.known();
        let row = |run: &Run| show::row(run, &known.name(&run.provider));
        let Some(other) = other else {
            return Ok(RunComparison { before: None, now: row(&asked.0), groups: vec![] });
        };
        let other = self.run_with_steps(&other).await?;
        let (before, now) = if other.0.started_at <= asked.0.started_at { (other, asked) } else { (asked, other) };
        let groups = compare(Compared { run: &before.0, steps: &before.1 }, Compared { run: &now.0, steps: &now.1 });
        Ok(RunComparison {
            before: Some(row(&before.0)),
            now: row(&now.0),
            groups: groups.into_iter().map(group).collect(),
        })
    }

    async fn last_passed(&self, run: &Run) -> Result<Option<RunId>, Failure> {
        let wanted = RunQuery {
            client: Some(run.client.clone()),
            standing: Some(RunStanding::Passed),
            // One may be the run itself.
            limit: Some(2),
            ..RunQuery::default()
        };
        let rows = self.store()?.read(move |db| run::list(db, &wanted)).await.map_err(failure::of_store)?;
        Ok(rows.into_iter().map(|row| row.id).find(|id| *id != run.id))
    }
}

fn group(group: Group) -> DifferenceGroup {
    let differences = group.differences.into_iter().map(|difference| DifferenceDetail {
        name: inert(&difference.name),
        before: difference.before.as_deref().map(inert),
        now: difference.now.as_deref().map(inert),
        folded: difference.folded.map(str::to_owned),
    });
    DifferenceGroup { title: group.title, differences: differences.collect() }
}
