//! Samples, and how they are handed over to whoever makes the table.

use std::time::Instant;

use serde::Serialize;

/// Samples of one thing beside the least it could cost, or beside what somebody else makes of it.
#[derive(Debug, Serialize)]
pub struct Measurement {
    /// What was measured; the part before the first dot names the group.
    pub name: &'static str,
    /// The unit of every sample.
    pub unit: &'static str,
    /// Our samples.
    pub ours: Vec<f64>,
    /// The floor's or the peer's, taken in turns with ours.
    pub floor: Vec<f64>,
    /// What has to be reached.
    pub goal: Goal,
    /// Which points of the samples are compared.
    pub points: &'static [Point],
}

/// What a comparison has to reach.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Ours divided by the floor is at most this: for times and sizes.
    RatioAtMost(f64),
    /// Ours divided by the floor is at least this: for rates, where more is better.
    RatioAtLeast(f64),
    /// Ours alone is at most this, in the unit of the samples.
    AtMost(f64),
}

/// One number taken from many samples.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// The middle sample.
    Median,
    /// The sample that 95 of 100 do not exceed.
    P95,
    /// The sample that 99 of 100 do not exceed.
    P99,
}

impl Measurement {
    /// Samples of which the median counts.
    pub fn of_medians(name: &'static str, unit: &'static str, goal: Goal, (ours, floor): (Vec<f64>, Vec<f64>)) -> Self {
        Self { name, unit, ours, floor, goal, points: &[Point::Median] }
    }

    /// Hands the samples over: one line of JSON on standard output.
    #[expect(clippy::print_stdout, reason = "standard output is where the samples are read from")]
    pub fn print(&self) -> anyhow::Result<()> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

/// Takes `count` samples of ours and of the floor in turns, the order changing each time: `true` asks for ours.
pub async fn in_turns(
    count: usize,
    mut sample: impl AsyncFnMut(bool) -> anyhow::Result<f64>,
) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let (mut ours, mut floor) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for round in 0..count {
        let first = round.is_multiple_of(2);
        for is_ours in [first, !first] {
            let taken = sample(is_ours).await?;
            if is_ours { &mut ours } else { &mut floor }.push(taken);
        }
    }
    Ok((ours, floor))
}

/// Milliseconds since a moment.
pub fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_sides_are_sampled_equally_often_and_neither_always_first() {
        let mut order = Vec::new();
        let taken = in_turns(4, async |is_ours| {
            order.push(is_ours);
            Ok(if is_ours { 1.0 } else { 2.0 })
        });
        assert_eq!(taken.await.unwrap(), (vec![1.0; 4], vec![2.0; 4]));
        assert_eq!(order, [true, false, false, true, true, false, false, true]);
    }

    #[test]
    fn a_goal_is_written_as_the_table_reads_it() {
        let samples = Measurement::of_medians("login", "ms", Goal::RatioAtMost(1.5), (vec![3.0], vec![2.0]));
        assert_eq!(
            serde_json::to_string(&samples).unwrap(),
            r#"{"name":"login","unit":"ms","ours":[3.0],"floor":[2.0],"goal":{"ratio_at_most":1.5},"points":["median"]}"#
        );
    }
}
