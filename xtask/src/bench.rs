//! `cargo xtask bench`: how fast we are, beside the least anybody could take.
//!
//! Each producer runs a release program that measures ours and the floor (or a peer) in turns and
//! prints its samples; this module makes rows of them, a table for people and a file for programs.

mod programs;
mod row;
mod statistics;

use std::process::{Command, ExitCode};

use anyhow::Context as _;

use crate::process::{cargo, read};
use crate::project::Project;
use row::{Measurement, Row};

/// A source of measurements, all of whose names start with its prefix.
struct Producer {
    prefix: &'static str,
    measure: fn(&Project) -> anyhow::Result<Vec<Measurement>>,
}

/// Everything that is measured, in the order of the table.
const PRODUCERS: &[Producer] = &[
    Producer { prefix: "start", measure: programs::start },
    Producer { prefix: "login", measure: programs::login },
    Producer { prefix: "clients", measure: programs::clients },
    Producer { prefix: "engine", measure: programs::engine },
    Producer { prefix: "evidence", measure: programs::evidence },
    Producer { prefix: "fingerprint", measure: programs::fingerprint },
    Producer { prefix: "preflight", measure: programs::preflight },
    Producer { prefix: "results.search", measure: programs::results },
    Producer { prefix: "results.open", measure: programs::run_with_many_exchanges },
    Producer { prefix: "report", measure: programs::report },
    Producer { prefix: "rotation", measure: programs::rotation },
    Producer { prefix: "sandbox", measure: programs::sandbox },
    Producer { prefix: "store", measure: |project| from_example(project, "gatewright-store", "store_bench") },
    Producer { prefix: "store.scroll", measure: programs::scroll },
];

/// Measures all rows, or those whose name starts with the argument, and writes `target/bench.json`.
pub(crate) fn bench(project: &Project, arguments: &[String]) -> anyhow::Result<ExitCode> {
    let prefix = arguments.first().map_or("", String::as_str);
    let mut rows: Vec<Row> = Vec::new();
    let mut failed = false;
    for producer in PRODUCERS.iter().filter(|producer| may_have(producer.prefix, prefix)) {
        println!("Measuring {}.", producer.prefix);
        // What cannot be measured does not keep the rest from it.
        match (producer.measure)(project) {
            Ok(measurements) => rows.extend(measurements.iter().flat_map(Row::of)),
            Err(error) => {
                failed = true;
                eprintln!("{} was not measured: {error:#}", producer.prefix);
            }
        }
    }
    rows.retain(|row| row.name.starts_with(prefix));
    let path = project.target().join("bench.json");
    std::fs::write(&path, serde_json::to_string_pretty(&rows)? + "\n").context("target/bench.json")?;
    println!("\n{}", row::table(&rows));
    let missed = rows.iter().filter(|row| !row.holds).count();
    println!("{} rows, {missed} missed; written to target/bench.json", rows.len());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Whether a producer can have rows that start with what was asked for: `store` has `store page`,
/// and `store page` is one of `store`.
fn may_have(producer: &str, asked: &str) -> bool {
    producer.starts_with(asked) || asked.starts_with(producer)
}

/// Runs a release example of one of our crates, which prints one [`Measurement`] a line.
fn from_example(project: &Project, package: &str, example: &str) -> anyhow::Result<Vec<Measurement>> {
    measurements(cargo(project).args(["run", "--release", "--quiet", "-p", package, "--example", example]))
}

/// Runs a program and reads what it prints.
fn measurements(program: &mut Command) -> anyhow::Result<Vec<Measurement>> {
    let printed = read(program)?;
    let lines = printed.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).with_context(|| format!("it printed `{line}`"))).collect()
}

#[cfg(test)]
mod tests {
    use super::may_have;

    #[test]
    fn a_prefix_selects_a_producer_from_either_side() {
        assert!(may_have("store", ""));
        assert!(may_have("store", "st"));
        assert!(may_have("store", "store page p99"));
        assert!(!may_have("store", "login"));
    }
}
