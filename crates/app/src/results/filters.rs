//! Filters of the list of runs that have names.

use gatewright_contract::result::{RunFilter, SavedFilter, SavedFilterRef, SavedFilters};
use gatewright_contract::{Failure, FailureCode};
use gatewright_store::saved_filter;

use crate::{App, failure};

/// How long a name may be, in characters.
const LONGEST_NAME: usize = 60;

impl App {
    /// Every filter that has a name.
    pub(crate) async fn saved_filters(&self) -> Result<SavedFilters, Failure> {
        let kept = self.store()?.read(saved_filter::list::<RunFilter>).await.map_err(failure::of_store)?;
        let filters = kept.into_iter().map(|kept| SavedFilter { name: kept.name, filter: kept.filter }).collect();
        Ok(SavedFilters { filters })
    }

    /// Keeps a filter under its name.
    pub(crate) async fn save_filter(&self, request: SavedFilter) -> Result<SavedFilters, Failure> {
        let name = request.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            let message = "The name of a filter has 1 to 60 characters.";
            return Err(Failure::new(FailureCode::Invalid, message).field("name"));
        }
        let (saved, now) = (saved_filter::SavedFilter { name, filter: request.filter }, self.now());
        self.store()?.write_durably(move |tx| saved_filter::put(tx, &saved, now)).await.map_err(failure::of_store)?;
        self.saved_filters().await
    }

    /// Forgets a filter. The window takes that back by saving it again.
    pub(crate) async fn remove_filter(&self, request: SavedFilterRef) -> Result<SavedFilters, Failure> {
        self.store()?
            .write_durably(move |tx| saved_filter::remove(tx, &request.name))
            .await
            .map_err(failure::of_store)?;
        self.saved_filters().await
    }
}
