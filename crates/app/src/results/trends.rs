//! What became of runs day by day.

use std::collections::BTreeMap;

use gatewright_contract::Failure;
use gatewright_contract::result::{RunTrend, RunTrendQuery, TrendDay};
use gatewright_model::{ClientRecordId, ProviderId};
use gatewright_report::diagram::{self, Day};
use gatewright_store::run::{self, TrendQuery};
use jiff::{SignedDuration, Timestamp};

use super::diagrams::{drawing, theme};
use crate::show::run::milliseconds;
use crate::{App, failure};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// More days than this are no chart any more.
const MOST_DAYS: u32 = 366;

impl App {
    /// What became of the runs of the last days, as a chart and as numbers.
    pub(crate) async fn run_trend_of(&self, query: RunTrendQuery) -> Result<RunTrend, Failure> {
        let today = self.now().as_second().div_euclid(DAY);
        let first = today - i64::from(query.days.clamp(1, MOST_DAYS)) + 1;
        let wanted = TrendQuery {
            client: query.client.map(ClientRecordId::new),
            provider: query.provider.map(ProviderId::new),
            from: Timestamp::from_second(first * DAY).unwrap_or(Timestamp::UNIX_EPOCH),
        };
        let read = move |db: &gatewright_store::Connection| run::trend(db, &wanted);
        let found = self.store()?.read(read).await.map_err(failure::of_store)?;
        let by_day: BTreeMap<i64, run::TrendDay> = found.into_iter().map(|day| (day.day, day)).collect();
        let days: Vec<Day> = (first..=today).map(|day| drawn(day, by_day.get(&day))).collect();
        let all: u64 =
            days.iter().map(|day| u64::from(day.passed) + u64::from(day.warned) + u64::from(day.failed)).sum();
        let passed: u64 = days.iter().map(|day| u64::from(day.passed)).sum();
        Ok(RunTrend {
            drawing: drawing(diagram::trend(&days, theme(query.theme), self.speaks())),
            pass_rate: (all > 0).then(|| milliseconds(passed * 100_000 / all)),
            days: days.into_iter().filter(|day| day.passed + day.warned + day.failed > 0).map(shown).collect(),
        })
    }
}

/// A day as it is drawn, with or without runs.
fn drawn(day: i64, found: Option<&run::TrendDay>) -> Day {
    let date = Timestamp::UNIX_EPOCH
        .checked_add(SignedDuration::from_secs(day * DAY))
        .map(|time| time.strftime("%Y-%m-%d").to_string())
        .unwrap_or_default();
    let found = found.cloned().unwrap_or_default();
    Day { date, passed: found.passed, warned: found.warned, failed: found.failed, average_ms: found.average_ms }
}

fn shown(day: Day) -> TrendDay {
    TrendDay {
        date: day.date,
        passed: day.passed,
        warned: day.warned,
        failed: day.failed,
        average_ms: day.average_ms.map(|ms| milliseconds(ms.saturating_mul(1000))),
    }
}
