//! Measuring in turn: one of ours, one of the floor's, and the other way round, so that a busy moment hits both.

use std::time::Instant;

use gatewright_model::Run;
use gatewright_model::run::{Outcome, StepKind};
use gatewright_store::client::ClientQuery;
use gatewright_store::run::RunQuery;
use gatewright_store::seed;

use crate::floor::{Floor, StepJson, run_id};
use crate::ours::Ours;

/// Repeats, of which the median counts.
const REPEATS: usize = 11;
/// Runs that are begun and ended in each of them: fewer, and the slowest one alone would be the 99th percentile.
const ENDED: u32 = 200;
/// Rows on a page.
const PAGE: u32 = 100;
/// Words people look for, from everywhere in the rows; the most common of them is in every run.
const RUN_SEARCHES: [&str; 5] = ["guild", "user-41", "muller", "invalid_grant", "cancelled forum"];
const CLIENT_SEARCHES: [&str; 5] = ["guild", "app412", "127.0.0.1:2041", "gitter", "Staging 77"];

/// One row of the table: a quantile of both sides, in milliseconds.
pub(crate) struct Row {
    name: String,
    ours: f64,
    floor: f64,
}

impl Row {
    /// The row as one line of JSON.
    pub(crate) fn to_json(&self, goal: f64) -> serde_json::Value {
        let round = |milliseconds: f64| (milliseconds * 10_000.0).round() / 10_000.0;
        serde_json::json!({
            "name": self.name, "ours": round(self.ours), "floor": round(self.floor), "unit": "ms", "goal": goal
        })
    }
}

/// Samples of both sides, in milliseconds.
#[derive(Default)]
struct Samples {
    ours: Vec<f64>,
    floor: Vec<f64>,
}

/// Measures everything.
pub(crate) fn all(ours: &Ours, floor: &mut Floor, clients: u32, runs: u32) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    rows.extend(interleaved("store.list-clients", 400, |number, mine| {
        let query = ClientQuery { offset: spread(number, clients), limit: Some(PAGE), ..ClientQuery::default() };
        if mine { Ok(ours.list_clients(&query)?) } else { Ok(floor.list_clients(&query)?) }
    })?);
    rows.extend(interleaved("store.list-runs", 400, |number, mine| {
        let query = RunQuery { offset: spread(number, runs), limit: Some(PAGE), ..RunQuery::default() };
        if mine { Ok(ours.list_runs(&query)?) } else { Ok(floor.list_runs(&query)?) }
    })?);
    rows.extend(interleaved("store.search-clients", 300, |number, mine| {
        let search = CLIENT_SEARCHES[number as usize % CLIENT_SEARCHES.len()].to_owned();
        let query = ClientQuery { search, limit: Some(PAGE), ..ClientQuery::default() };
        if mine { Ok(ours.list_clients(&query)?) } else { Ok(floor.list_clients(&query)?) }
    })?);
    rows.extend(interleaved("store.search-runs", 300, |number, mine| {
        let search = RUN_SEARCHES[number as usize % RUN_SEARCHES.len()].to_owned();
        let query = RunQuery { search, limit: Some(PAGE), ..RunQuery::default() };
        if mine { Ok(ours.list_runs(&query)?) } else { Ok(floor.list_runs(&query)?) }
    })?);
    rows.extend(interleaved("store.open", 1_000, |number, mine| {
        let run = spread(number, runs);
        if mine { Ok(ours.open_run(&seed::run_id(run))?) } else { Ok(floor.open_run(&run_id(run))?) }
    })?);
    rows.extend(writes(ours, floor, runs)?);
    rows.extend(hand_over(ours)?);
    Ok(rows)
}

/// Appending a step while a run goes on, and finishing the run durably.
fn writes(ours: &Ours, floor: &mut Floor, runs: u32) -> anyhow::Result<Vec<Row>> {
    let new = |number: u32| seed::run(runs + number * 10, 1);
    let running = |run: Run| Run { outcome: Outcome::Running, identity: None, tokens: None, ..run };
    let step = seed::steps(&Outcome::Running).remove(3);
    debug_assert_eq!(step.kind, StepKind::TokenRequest);
    let json = StepJson::of(&step)?;
    let (count, each) = (ENDED, 5_u32);
    let total = count * u32::try_from(REPEATS)?;
    for number in 0..total {
        ours.start(&running(new(number)))?;
        floor.start(&running(new(number)))?;
    }
    let mut rows = interleaved("store.append", count * each, |number, mine| {
        let run = new(number / each % total);
        if mine {
            ours.append(&run.id, number % each, &step)?;
        } else {
            floor.append(run.id.as_str(), number % each, &json)?;
        }
        Ok(1)
    })?;
    let ended: Vec<(Run, String, String)> =
        (0..total).map(|number| with_json(new(number))).collect::<Result<_, _>>()?;
    rows.extend(interleaved("store.finish", count, |number, mine| {
        let (run, fields, tokens) = &ended[number as usize];
        if mine {
            ours.finish(run)?;
        } else {
            floor.finish(run, fields, tokens)?;
        }
        Ok(1)
    })?);
    Ok(rows)
}

/// Handing work to the thread pool and waiting for it, against the runtime's own way of doing so.
fn hand_over(ours: &Ours) -> anyhow::Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    interleaved("store.hand-over", 1_000, |_, mine| {
        if mine {
            ours.hand_over(&runtime)?;
        } else {
            runtime.block_on(async { tokio::task::spawn_blocking(|| ()).await })?;
        }
        Ok(1)
    })
}

/// A run with the JSON of its identity and tokens, as the floor binds them.
fn with_json(run: Run) -> anyhow::Result<(Run, String, String)> {
    let fields = serde_json::to_string(&run.identity.as_ref().map(|identity| &identity.fields))?;
    let tokens = serde_json::to_string(&run.tokens)?;
    Ok((run, fields, tokens))
}

/// Runs both sides in turn, `count` times a repeat, and gives the median over the repeats of p50 and p99. Both have to find the same.
fn interleaved(
    name: &str,
    count: u32,
    mut once: impl FnMut(u32, bool) -> anyhow::Result<usize>,
) -> anyhow::Result<Vec<Row>> {
    let mut repeats = Vec::new();
    for repeat in 0..u32::try_from(REPEATS)? {
        let mut samples = Samples::default();
        for index in 0..count {
            let number = repeat * count + index;
            let mut found = [0; 2];
            let first = number.is_multiple_of(2);
            for mine in [first, !first] {
                let start = Instant::now();
                found[usize::from(mine)] = once(number, mine)?;
                let milliseconds = start.elapsed().as_secs_f64() * 1e3;
                if mine { &mut samples.ours } else { &mut samples.floor }.push(milliseconds);
            }
            anyhow::ensure!(found[0] == found[1], "{name}: the two sides have found {found:?}");
        }
        repeats.push(samples);
    }
    let row = |quantile: f64, label: &str| Row {
        name: format!("{name}.{label}"),
        ours: median(&repeats.iter().map(|samples| at(&samples.ours, quantile)).collect::<Vec<_>>()),
        floor: median(&repeats.iter().map(|samples| at(&samples.floor, quantile)).collect::<Vec<_>>()),
    };
    Ok(vec![row(0.5, "p50"), row(0.99, "p99")])
}

/// The value below which a share of the samples lies.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few hundred samples"
)]
fn at(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

fn median(values: &[f64]) -> f64 {
    at(values, 0.5)
}

/// Numbers all over the range, the same in every run of the benchmark.
fn spread(number: u32, range: u32) -> u32 {
    number.wrapping_mul(2_654_435_761) % range.max(1)
}
