//! Tags on runs.

use gatewright_contract::result::{RunTag, RunTagging, RunTags};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::RunId;
use gatewright_store::run_tag;

use crate::{App, failure};

/// How long a tag may be, in characters.
const LONGEST_TAG: usize = 40;

impl App {
    /// Every tag that is in use.
    pub(crate) async fn run_tags_in_use(&self) -> Result<RunTags, Failure> {
        let counts = self.store()?.read(run_tag::counts).await.map_err(failure::of_store)?;
        Ok(RunTags { tags: counts.into_iter().map(|count| RunTag { tag: count.tag, runs: count.runs }).collect() })
    }

    /// Puts a tag on runs.
    pub(crate) async fn tag_runs(&self, request: RunTagging) -> Result<RunTags, Failure> {
        let tag = checked(&request.tag)?;
        self.change_tags(request.runs, move |tx, run| run_tag::add(tx, run, &tag)).await
    }

    /// Takes a tag off runs.
    pub(crate) async fn untag_runs(&self, request: RunTagging) -> Result<RunTags, Failure> {
        self.change_tags(request.runs, move |tx, run| run_tag::remove(tx, run, &request.tag)).await
    }

    async fn change_tags(
        &self,
        runs: Vec<String>,
        change: impl Fn(&gatewright_store::Transaction<'_>, &RunId) -> Result<(), gatewright_store::StoreError>
        + Send
        + 'static,
    ) -> Result<RunTags, Failure> {
        let runs: Vec<RunId> = runs.into_iter().map(RunId::new).collect();
        self.store()?
            .write_durably(move |tx| runs.iter().try_for_each(|run| change(tx, run)))
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::RunsChanged);
        self.run_tags_in_use().await
    }
}

/// A tag as it is kept: words with single spaces between them.
fn checked(typed: &str) -> Result<String, Failure> {
    let tag = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = |message: &str| Err(Failure::new(FailureCode::Invalid, message).field("tag"));
    if tag.is_empty() {
        refused("A tag is at least one character.")
    } else if tag.chars().count() > LONGEST_TAG {
        refused("A tag is at most 40 characters.")
    } else if tag.chars().any(char::is_control) {
        refused("A tag has no control characters.")
    } else {
        Ok(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn a_tag_is_a_few_words_and_nothing_hidden() {
        assert_eq!(checked("  release   4.2 ").unwrap(), "release 4.2");
        for refused in ["", " \t", "a\u{1b}b", "x".repeat(41).as_str()] {
            assert_eq!(checked(refused).unwrap_err().field.as_deref(), Some("tag"), "{refused:?}");
        }
    }
}
