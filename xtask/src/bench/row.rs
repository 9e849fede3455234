//! From samples to rows, and from rows to a table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::statistics::{median, percentile};

/// What a measuring program prints: one JSON object a line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measurement {
    /// What was measured, starting with the producer's prefix.
    name: String,
    /// The unit of every sample, such as `ms`, `MB` or `1/s`.
    unit: String,
    /// Our samples.
    ours: Samples,
    /// The floor's or the peer's samples, taken in turns with ours. Empty where there is none.
    #[serde(default)]
    floor: Samples,
    goal: Goal,
    /// Which points of the samples become rows; the median alone when left out.
    #[serde(default = "median_alone")]
    points: Vec<Point>,
}

/// Samples, or the one number a program has made of them itself.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Samples {
    One(f64),
    Many(Vec<f64>),
}

/// What a row must reach.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(from = "GoalAsWritten")]
enum Goal {
    /// Ours divided by the floor is at most this: for times and sizes.
    RatioAtMost(f64),
    /// Ours divided by the floor is at least this: for rates.
    RatioAtLeast(f64),
    /// Ours alone is at most this, in the row's unit.
    AtMost(f64),
}

/// A goal in JSON: `{"ratio_at_least": 5}`; a bare number is the usual kind, a ratio not to exceed.
#[derive(Deserialize)]
#[serde(untagged)]
enum GoalAsWritten {
    Bare(f64),
    RatioAtMost { ratio_at_most: f64 },
    RatioAtLeast { ratio_at_least: f64 },
    AtMost { at_most: f64 },
}

/// One number taken from many samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Point {
    Median,
    P50,
    P95,
    P99,
}

/// One line of the table, as `target/bench.json` has it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) ours: f64,
    pub(super) floor: Option<f64>,
    pub(super) unit: String,
    pub(super) ratio: Option<f64>,
    pub(super) goal: String,
    pub(super) holds: bool,
}

fn median_alone() -> Vec<Point> {
    vec![Point::Median]
}

impl Default for Samples {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Samples {
    fn as_slice(&self) -> &[f64] {
        match self {
            Self::One(sample) => std::slice::from_ref(sample),
            Self::Many(samples) => samples,
        }
    }
}

impl From<GoalAsWritten> for Goal {
    fn from(written: GoalAsWritten) -> Self {
        match written {
            GoalAsWritten::Bare(limit) | GoalAsWritten::RatioAtMost { ratio_at_most: limit } => {
                Self::RatioAtMost(limit)
            }
            GoalAsWritten::RatioAtLeast { ratio_at_least } => Self::RatioAtLeast(ratio_at_least),
            GoalAsWritten::AtMost { at_most } => Self::AtMost(at_most),
        }
    }
}

impl Point {
    fn of(self, samples: &[f64]) -> Option<f64> {
        match self {
            Self::Median => median(samples),
            Self::P50 => percentile(samples, 50),
            Self::P95 => percentile(samples, 95),
            Self::P99 => percentile(samples, 99),
        }
    }

    /// What a row's name says about the point; a median is the usual thing and needs no word.
    fn suffix(self) -> &'static str {
        match self {
            Self::Median => "",
            Self::P50 => " p50",
            Self::P95 => " p95",
            Self::P99 => " p99",
        }
    }
}

impl Goal {
    /// A goal about a ratio is missed where there is nothing to compare with.
    fn holds(self, ours: f64, ratio: Option<f64>) -> bool {
        match self {
            Self::RatioAtMost(limit) => ratio.is_some_and(|ratio| ratio <= limit),
            Self::RatioAtLeast(limit) => ratio.is_some_and(|ratio| ratio >= limit),
            Self::AtMost(limit) => ours <= limit,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RatioAtMost(limit) => write!(f, "ratio ≤ {limit}"),
            Self::RatioAtLeast(limit) => write!(f, "ratio ≥ {limit}"),
            Self::AtMost(limit) => write!(f, "ours ≤ {limit}"),
        }
    }
}

impl Row {
    /// The rows of a measurement: one for each point. A measurement without samples is a missed
    /// row, not an absent one.
    pub(super) fn of(measurement: &Measurement) -> Vec<Self> {
        measurement.points.iter().map(|point| Self::at(measurement, *point)).collect()
    }

    fn at(measurement: &Measurement, point: Point) -> Self {
        let ours = point.of(measurement.ours.as_slice());
        let floor = point.of(measurement.floor.as_slice());
        let ratio = ours.zip(floor).filter(|(_, floor)| *floor > 0.0).map(|(ours, floor)| ours / floor);
        Self {
            name: format!("{}{}", measurement.name, point.suffix()),
            ours: ours.unwrap_or(0.0),
            floor,
            unit: measurement.unit.clone(),
            ratio,
            goal: measurement.goal.to_string(),
            holds: ours.is_some_and(|ours| measurement.goal.holds(ours, ratio)),
        }
    }

    fn cells(&self) -> [String; 7] {
        let or_dash = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), short);
        [
            self.name.clone(),
            short(self.ours),
            or_dash(self.floor),
            self.unit.clone(),
            or_dash(self.ratio),
            self.goal.clone(),
            if self.holds { "yes" } else { "MISSED" }.to_owned(),
        ]
    }
}

/// A number with about three telling digits.
fn short(number: f64) -> String {
    let digits = match number.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        small if small >= 0.1 || small == 0.0 => 2,
        _ => 4,
    };
    format!("{number:.digits$}")
}

/// The table, as Markdown so that it can go into the README as it is.
pub(super) fn table(rows: &[Row]) -> String {
    let head = ["name", "ours", "floor", "unit", "ratio", "goal", "holds"].map(str::to_owned);
    let lines: Vec<[String; 7]> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    let mut text: Vec<String> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push(format!("| {} |\n", cells.join(" | ")));
        if index == 0 {
            text.push(format!("| {} |\n", widths.map(|width| "-".repeat(width.max(3))).join(" | ")));
        }
    }
    text.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement(json: &str) -> Measurement {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_row_holds_while_its_ratio_stays_within_the_goal() {
        let fast = r#"{"name":"login","unit":"ms","ours":[3,1,2],"floor":[2,2,2],"goal":{"ratio_at_most":1.5}}"#;
        let rows = Row::of(&measurement(fast));
        assert_eq!((rows[0].ours, rows[0].floor, rows[0].ratio, rows[0].holds), (2.0, Some(2.0), Some(1.0), true));
        let slow = fast.replace("[3,1,2]", "[4,4,4]");
        assert!(!Row::of(&measurement(&slow))[0].holds);
    }

    #[test]
    fn a_rate_must_reach_its_ratio_and_a_limit_stands_alone() {
        let rate = r#"{"name":"sandbox","unit":"1/s","ours":[60],"floor":[10],"goal":{"ratio_at_least":5}}"#;
        assert!(Row::of(&measurement(rate))[0].holds);
        let start = r#"{"name":"sandbox start","unit":"ms","ours":[31],"goal":{"at_most":30}}"#;
        let rows = Row::of(&measurement(start));
        assert_eq!((rows[0].ratio, rows[0].holds), (None, false));
    }

    #[test]
    fn a_program_may_print_one_number_and_a_bare_goal() {
        let rows = Row::of(&measurement(r#"{"name":"store.open","unit":"ms","ours":3,"floor":2,"goal":1.5}"#));
        assert_eq!((rows[0].ratio, rows[0].goal.as_str(), rows[0].holds), (Some(1.5), "ratio ≤ 1.5", true));
    }

    #[test]
    fn each_point_asked_for_becomes_a_row_of_its_own() {
        let json = r#"{"name":"store page","unit":"ms","ours":[1,2],"floor":[1,2],"goal":{"ratio_at_most":1.5},"points":["p50","p99"]}"#;
        let rows = Row::of(&measurement(json));
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["store page p50", "store page p99"]);
    }

    #[test]
    fn a_measurement_without_samples_is_missed_and_not_hidden() {
        let json = r#"{"name":"start","unit":"ms","ours":[],"goal":{"at_most":30}}"#;
        assert!(!Row::of(&measurement(json))[0].holds);
    }

    #[test]
    fn the_file_has_the_agreed_fields_and_the_table_says_missed() {
        let json = r#"{"name":"start","unit":"ms","ours":[50],"floor":[40],"goal":{"ratio_at_most":1.1}}"#;
        let rows = Row::of(&measurement(json));
        assert_eq!(
            serde_json::to_string(&rows).unwrap(),
            r#"[{"name":"start","ours":50.0,"floor":40.0,"unit":"ms","ratio":1.25,"goal":"ratio ≤ 1.1","holds":false}]"#
        );
        assert!(
            table(&rows).ends_with("| start | 50.0 | 40.0  | ms   | 1.25  | ratio ≤ 1.1 | MISSED |\n"),
            "{}",
            table(&rows)
        );
    }
}
