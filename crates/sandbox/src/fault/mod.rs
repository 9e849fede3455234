//! Faults: how the twins misbehave on request, so that a client can be seen to stand it.
//!
//! - [`catalogue`]: every fault there is, as data.
//! - [`rule`]: which fault, where, when; rules are checked against the catalogue.
//! - [`inject`]: the one place where a request meets the rules, around the router. The endpoints know nothing of faults.
//! - [`authorization`], [`token`], [`openid`]: how each fault bends an answer that its endpoint has finished.
//! - [`wire`]: answers that no HTTP library would send, written as bytes.
//! - [`certificate`]: the one fault that happens before there is a request.
//!
//! To add a fault: one row in a table of [`catalogue`], one arm in the `bend` of its family. A fault whose row says
//! [`Opportunity::Request`](catalogue::Opportunity::Request) answers instead of the endpoint, which then changes nothing;
//! one that says [`Opportunity::SignedInRequest`](catalogue::Opportunity::SignedInRequest) changes what the twin remembers before the
//! endpoint answers; every other fault lets the endpoint do its work first, so that a code is spent although its answer says otherwise.

mod answer;
mod authorization;
pub(crate) mod catalogue;
pub(crate) mod certificate;
pub(crate) mod inject;
mod occasion;
mod openid;
pub(crate) mod rule;
mod states;
mod token;
pub(crate) mod wire;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::Twin;
use catalogue::FaultEndpoint;
pub(crate) use openid::attacker_routes;
use rule::{ActiveRule, FaultRule, FaultRuleError};
use states::States;

/// How many injections are kept for somebody who asks later.
const KEPT: usize = 1000;

/// One fault that really happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Injection {
    /// Counts from 1, without gaps, since the sandbox was started.
    pub sequence: u64,
    /// The request it happened to: the `request_id` of the log and of the `x-request-id` header.
    pub request_id: String,
    /// The fault: "AZ-02".
    pub fault: &'static str,
    /// Which variant of it; none when the fault has only one.
    pub variant: Option<&'static str>,
    /// The twin that was asked.
    pub twin: Twin,
    /// The endpoint that was asked.
    pub endpoint: FaultEndpoint,
    /// The client that asked, where the request said so.
    pub client_id: Option<String>,
    /// When, by the sandbox's clock.
    pub time: Timestamp,
}

/// The rules in force and what they have done.
pub(crate) struct Faults {
    /// Whether there is any rule: all that a request costs as long as there is none.
    any: AtomicBool,
    rules: Mutex<Arc<[ActiveRule]>>,
    injections: Mutex<Injections>,
    /// What the authorization endpoints were asked lately, for faults that mix two logins up.
    states: States,
}

#[derive(Default)]
struct Injections {
    count: u64,
    kept: VecDeque<Injection>,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self {
            any: AtomicBool::new(false),
            rules: Mutex::new(Arc::new([])),
            injections: Mutex::default(),
            states: States::default(),
        }
    }

    /// Whether any rule is in force.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Replaces all rules, or none of them when one cannot be used. Every rule counts from the beginning.
    pub(crate) fn set(&self, rules: Vec<FaultRule>, twins: &[Twin]) -> Result<(), FaultRuleError> {
        let check = |(place, rule)| ActiveRule::check(rule, twins).map_err(|mistake| FaultRuleError { place, mistake });
        let active = rules.into_iter().enumerate().map(check).collect::<Result<Arc<[_]>, _>>()?;
        let any = !active.is_empty();
        *lock(&self.rules) = active;
        self.any.store(any, Ordering::Relaxed);
        Ok(())
    }

    /// Ends every rule. What they did stays known.
    pub(crate) fn clear(&self) {
        *lock(&self.rules) = Arc::new([]);
        self.any.store(false, Ordering::Relaxed);
    }

    /// The rules in force, as they were given.
    pub(crate) fn list(&self) -> Vec<FaultRule> {
        self.rules().iter().map(|active| active.rule.clone()).collect()
    }

    /// The last 1000 faults that happened, oldest first.
    pub(crate) fn injections(&self) -> Vec<Injection> {
        lock(&self.injections).kept.iter().cloned().collect()
    }

    fn rules(&self) -> Arc<[ActiveRule]> {
        Arc::clone(&lock(&self.rules))
    }

    /// Writes down that a fault happened; the sequence number is given here.
    fn record(&self, injection: Injection) {
        let mut injections = lock(&self.injections);
        injections.count += 1;
        let sequence = injections.count;
        if injections.kept.len() == KEPT {
            injections.kept.pop_front();
        }
        injections.kept.push_back(Injection { sequence, ..injection });
    }
}

/// A lock whose holder never panics half-way through a change.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
