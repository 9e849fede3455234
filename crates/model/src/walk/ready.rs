//! The plans that come with Gatewright, and the scenarios that any plan can use.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::plan_text::{self, ScenarioText};
use super::{Plan, ProfileProblem};
use crate::ProviderId;

/// The scenarios that plans name with `use`.
const SHARED: &str = include_str!("../../plans/shared.toml");

/// The ready plans, in the order they are shown; the last one is for any provider.
const READY: [&str; 6] = [
    include_str!("../../plans/chattr.toml"),
    include_str!("../../plans/chattz.toml"),
    include_str!("../../plans/chaster.toml"),
    include_str!("../../plans/gitter.toml"),
    include_str!("../../plans/contentdb.toml"),
    include_str!("../../plans/any.toml"),
];

static SHARED_READ: LazyLock<Vec<ScenarioText>> = LazyLock::new(|| {
    // A test reads them: a broken one cannot be delivered.
    plan_text::read_shared(SHARED).unwrap_or_else(|cause| panic!("the shared scenarios are broken: {cause}"))
});

static SHARED_TEXTS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| SHARED_READ.iter().flat_map(ScenarioText::texts).collect());

static READY_READ: LazyLock<Vec<Plan>> = LazyLock::new(|| {
    let parse = |text| Plan::from_toml(text).unwrap_or_else(|problems| panic!("a ready plan is broken: {problems:?}"));
    READY.into_iter().map(parse).collect()
});

/// The shared scenario of that name.
pub(super) fn shared(name: &str) -> Option<&'static ScenarioText> {
    SHARED_READ.iter().find(|scenario| scenario.id.as_deref() == Some(name))
}

/// The names of the shared scenarios.
pub(super) fn shared_names() -> Vec<String> {
    SHARED_READ.iter().filter_map(|scenario| scenario.id.clone()).collect()
}

impl Plan {
    /// The plans that come with Gatewright.
    pub fn ready() -> &'static [Self] {
        &READY_READ
    }

    /// The ready plan with that id.
    pub fn find_ready(id: &str) -> Option<&'static Self> {
        READY_READ.iter().find(|plan| plan.id == id)
    }

    /// The text of a ready plan.
    pub fn ready_text(id: &str) -> Option<&'static str> {
        READY_READ.iter().position(|plan| plan.id == id).and_then(|place| READY.get(place).copied())
    }

    /// The ready plan for a provider: its own, or the one for any.
    pub fn ready_for(provider: &ProviderId) -> Option<&'static Self> {
        let own = READY_READ.iter().find(|plan| plan.provider.as_ref() == Some(provider));
        own.or_else(|| READY_READ.iter().find(|plan| plan.provider.is_none()))
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// Every mistake that could be found, in the order of the text.
    pub fn from_toml(text: &str) -> Result<Self, Vec<ProfileProblem>> {
        plan_text::read(text)
    }

    /// Whether a text of a plan is that of a scenario which any plan can use: then it stands in no plan's own file.
    pub fn is_shared_text(text: &str) -> bool {
        SHARED_TEXTS.contains(text)
    }

    /// The text of a plan with its texts in other words: in another language. Everything else, comments too, stays as it was written; so does
    /// all of it where there is a mistake in it.
    pub fn text_in_words(text: &str, say: impl Fn(&str) -> String) -> String {
        plan_text::in_words(text, &say)
    }

    /// The text of a plan under another id and title; everything else, comments too, stays as it was written.
    pub fn text_renamed(text: &str, id: &str, title: &str) -> String {
        plan_text::renamed(text, id, title)
    }
}
