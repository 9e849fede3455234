//! The SQL of the functions whose speed is measured, so that the benchmark compares them with the same statements and nothing else.

use rusqlite::types::Value;

use crate::client::{self, ClientQuery};
use crate::run::{self, RunQuery};
use crate::{exchange, sealed_token, step};

/// What [`crate::run::open`] asks for, in order; the first by the run's id, the others by its number.
pub const OPEN: [&str; 4] = [run::FIND, step::LIST, exchange::LIST, sealed_token::NAMES];
/// What [`crate::run::start`] does.
pub const START: &str = run::START;
/// What [`crate::step::put`] does with a new step, with the last once for each exchange.
pub const PUT: [&str; 3] = [run::GOING_ON, step::ADD, exchange::INSERT];
/// What [`crate::run::finish`] does.
pub const FINISH: &str = run::FINISH;

/// What [`crate::client::list`] asks for, and with which values.
pub fn client_list(query: &ClientQuery) -> (String, Vec<Value>) {
    let (sql, filter) = client::page(query);
    (sql, filter.into_values())
}

/// What [`crate::run::list`] asks for, and with which values.
pub fn run_list(query: &RunQuery) -> (String, Vec<Value>) {
    let (sql, filter) = run::page(query);
    (sql, filter.into_values())
}
