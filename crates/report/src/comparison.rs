//! A run beside another: what changed, and what only looks like a change.
//!
//! Two logins are never alike: codes, states and times are new in each. Such differences are folded away with the reason why they mean
//! nothing, so that what is left is what somebody looks for: a parameter that is gone, a scope that became smaller, a claim with
//! another type.

mod noise;
mod parts;

#[cfg(test)]
mod tests;

use gatewright_model::{Run, Step};

use crate::comparison::parts::{exchanges, run_facts, times};

/// A run with its steps.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The run.
    pub run: &'a Run,
    /// Its steps with their exchanges, in order.
    pub steps: &'a [Step],
}

/// Differences that belong together: "Token request", "Identity".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they are about.
    pub title: String,
    /// The differences, in the order of the recording; none of them twice.
    pub differences: Vec<Difference>,
}

/// One value that is not the same in both runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is the value of: "Parameter scope", "Answer: expires_in".
    pub name: String,
    /// In the earlier run; none where it was not there.
    pub before: Option<String>,
    /// In the later run; none where it is not there.
    pub now: Option<String>,
    /// Why it means nothing, in a sentence; none when it may mean something.
    pub folded: Option<&'static str>,
}

/// Compares a run with an earlier one. Groups without a difference are left out.
pub fn compare(before: Compared<'_>, now: Compared<'_>) -> Vec<Group> {
    let mut groups = vec![run_facts(before.run, now.run)];
    groups.extend(exchanges(before.steps, now.steps));
    groups.push(times(before, now));
    groups.retain(|group| !group.differences.is_empty());
    groups
}

impl Group {
    fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), differences: Vec::new() }
    }

    /// Notes a difference, if it is one.
    fn note(
        &mut self,
        name: impl Into<String>,
        before: Option<String>,
        now: Option<String>,
        folded: Option<&'static str>,
    ) {
        if before != now {
            self.differences.push(Difference { name: name.into(), before, now, folded });
        }
    }
}
