//! Our side: the store through its doors, with rows as our types.

use gatewright_model::{Run, RunId, Step};
use gatewright_store::client::{self, ClientQuery};
use gatewright_store::run::{self, RunQuery};
use gatewright_store::{Store, StoreError, step};
use tokio::runtime::Runtime;

/// The store. Its work is measured on the thread that asks, as the floor's is; what handing it to another thread costs has a row of
/// its own.
pub(crate) struct Ours(Store);

impl Ours {
    pub(crate) fn new(store: Store) -> Self {
        Self(store)
    }

    pub(crate) fn list_clients(&self, query: &ClientQuery) -> Result<usize, StoreError> {
        self.0.read_blocking(|db| client::list(db, query)).map(|rows| rows.len())
    }

    pub(crate) fn list_runs(&self, query: &RunQuery) -> Result<usize, StoreError> {
        self.0.read_blocking(|db| run::list(db, query)).map(|rows| rows.len())
    }

    pub(crate) fn open_run(&self, id: &RunId) -> Result<usize, StoreError> {
        self.0.read_blocking(|db| run::open(db, id)).map(|opened| opened.steps.len())
    }

    pub(crate) fn start(&self, run: &Run) -> Result<(), StoreError> {
        self.0.write_blocking(|tx| run::start(tx, run))
    }

    pub(crate) fn append(&self, run: &RunId, position: u32, step: &Step) -> Result<(), StoreError> {
        self.0.write_blocking(|tx| step::put(tx, run, position, step))
    }

    pub(crate) fn finish(&self, run: &Run) -> Result<(), StoreError> {
        self.0.write_durably_blocking(|tx| run::finish(tx, run))
    }

    /// The way through the asynchronous door and back, with nothing to do behind it.
    pub(crate) fn hand_over(&self, runtime: &Runtime) -> Result<(), StoreError> {
        runtime.block_on(self.0.read(|_| Ok(())))
    }
}
