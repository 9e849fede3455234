//! The preflights of a moment ago: what of each is answered already.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatewright_contract::preflight::Preflight;
use gatewright_model::ProviderId;

use super::Question;
use super::item::Item;
use super::recent::{Recent, RecentAnswers};
use super::subject::Subject;

/// How many are remembered; each change of the form starts another.
const MOST: usize = 8;

/// The last preflights, the newest last.
#[derive(Default)]
pub(crate) struct Preflights {
    kept: Mutex<VecDeque<(String, Arc<UnderWay>)>>,
    pub(super) answers: RecentAnswers,
}

/// One preflight.
pub(super) struct UnderWay {
    provider: ProviderId,
    provider_name: String,
    asks_endpoint: bool,
    /// How old the authorization endpoint's answer was at the beginning, where it was there already.
    answer_age: Option<Duration>,
    began: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By the place of the question; a question without an item waits.
    items: Vec<(Question, Item)>,
    ended: Option<Duration>,
}

impl Preflights {
    /// Remembers a preflight that starts.
    pub(super) fn begin(&self, id: String, preflight: UnderWay) -> Arc<UnderWay> {
        let preflight = Arc::new(preflight);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((id, Arc::clone(&preflight)));
        if kept.len() > MOST {
            kept.pop_front();
        }
        preflight
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<UnderWay>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == id).map(|(_, preflight)| Arc::clone(preflight))
    }
}

impl UnderWay {
    /// A preflight that begins at `now`, with the authorization endpoint's answer of a moment ago or without.
    pub(super) fn new(subject: &Subject, answer: Option<&Recent>, now: Duration) -> Self {
        Self {
            provider: subject.provider.id.clone(),
            provider_name: subject.provider.name.clone(),
            asks_endpoint: subject.asks_endpoint,
            answer_age: answer.map(|answer| answer.age),
            began: now,
            state: Mutex::default(),
        }
    }

    /// Keeps how questions came out. With the last of them the preflight has ended.
    pub(super) fn answer(&self, answers: impl IntoIterator<Item = (Question, Item)>, now: Duration) {
        let mut state = self.state();
        state.items.extend(answers);
        if state.items.len() == Question::ALL.len() {
            state.ended = Some(now);
        }
    }

    pub(super) fn shown(&self, now: Duration) -> Preflight {
        let state = self.state();
        let item = |question: &Question| {
            let answered = state.items.iter().find(|(answered, _)| answered == question);
            answered.map_or_else(Item::waiting, |(_, item)| item.clone()).wire(*question)
        };
        let took = state.ended.unwrap_or(now).saturating_sub(self.began);
        Preflight {
            provider: self.provider.to_string(),
            provider_name: self.provider_name.clone(),
            items: Question::ALL.iter().map(item).collect(),
            waiting: state.ended.is_none(),
            milliseconds: took.as_secs_f64() * 1e3,
            asks_endpoint: self.asks_endpoint,
            // What is half a second old is not of this very moment.
            answer_seconds: self.answer_age.map(|age| u32::try_from(age.as_secs() + 1).unwrap_or(u32::MAX)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
