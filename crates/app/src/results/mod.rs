//! What is made of the runs there are: pictures of one, one beside another, tags, filters with names, days, and an end of their age.

mod age;
mod comparing;
mod diagrams;
mod filters;
mod tags;
mod trends;

use gatewright_contract::Failure;
use gatewright_model::{Run, RunId, Step};
use gatewright_store::run;

use crate::{App, failure};

impl App {
    /// A run with its steps: as it stands right now when it is going on, else as it was recorded.
    async fn run_with_steps(&self, id: &RunId) -> Result<(Run, Vec<Step>), Failure> {
        if let Some(live) = self.0.live.get(id) {
            return Ok((live.run, live.steps));
        }
        let wanted = id.clone();
        let opened = self.store()?.read(move |db| run::open(db, &wanted)).await.map_err(failure::of_store)?;
        Ok((opened.run, opened.steps))
    }
}
