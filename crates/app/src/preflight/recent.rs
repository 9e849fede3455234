//! What authorization endpoints answered a moment ago. Whoever opens the form of a login again, or changes something in it of which the
//! endpoint is not told, is shown that again: a provider is not asked for every form that is opened.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatewright_contract::preflight::PreflightStanding;
use gatewright_model::provider::Bases;
use gatewright_model::{Environment, ProtocolSettings, Provider};
use gatewright_protocol::ClientId;

use super::Question;
use super::item::Item;
use super::subject::Subject;

/// How long an answer may be shown again.
const LASTS: Duration = Duration::from_secs(30);

/// How many are remembered.
const MOST: usize = 8;

/// Everything that the authorization endpoint is told, but for what is random each time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    // As large as all the rest together, and it is handed about.
    provider: Box<Provider>,
    bases: Bases,
    client_id: ClientId,
    settings: ProtocolSettings,
    redirect_uri: String,
    scopes: Vec<String>,
}

/// An answer of a moment ago.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recent {
    /// What came of it.
    pub(super) items: Vec<(Question, Item)>,
    /// How old it is.
    pub(super) age: Duration,
}

/// The last answers, the newest last.
#[derive(Default)]
pub(super) struct RecentAnswers(Mutex<VecDeque<Kept>>);

struct Kept {
    told: Told,
    items: Vec<(Question, Item)>,
    /// When it was there, since the start.
    at: Duration,
}

impl Told {
    /// What the endpoint is told by this login. None where it is not asked; and none for the sandbox, which nobody is to be spared, and
    /// which changes with a switch.
    pub(super) fn by(subject: &Subject) -> Option<Self> {
        if subject.asks_not.is_some() || subject.client.environment == Environment::Sandbox {
            return None;
        }
        Some(Self {
            provider: Box::new(subject.provider.clone()),
            bases: subject.bases.clone()?,
            client_id: subject.client.client_id.clone(),
            settings: subject.client.protocol_settings.clone(),
            redirect_uri: subject.redirect_uri.as_ref().ok()?.as_str().to_owned(),
            scopes: subject.scopes.clone(),
        })
    }
}

impl RecentAnswers {
    /// Keeps an answer that was there at `now`, if nothing is wrong with it: whoever mends something wants to see whether it is mended.
    pub(super) fn keep(&self, told: Told, items: &[(Question, Item)], now: Duration) {
        let mut kept = self.kept();
        kept.retain(|other| other.told != told);
        let is_answered = items
            .iter()
            .any(|(question, item)| *question == Question::FirstAnswer && item.standing == PreflightStanding::Good);
        let is_fine = |item: &Item| matches!(item.standing, PreflightStanding::Good | PreflightStanding::Skipped);
        if is_answered && items.iter().all(|(_, item)| is_fine(item)) {
            kept.push_back(Kept { told, items: items.to_vec(), at: now });
        }
        if kept.len() > MOST {
            kept.pop_front();
        }
    }

    /// The answer to whoever told the endpoint the same, if it is recent at `now`.
    pub(super) fn find(&self, told: &Told, now: Duration) -> Option<Recent> {
        let kept = self.kept();
        let answer = kept.iter().find(|other| other.told == *told)?;
        let age = now.saturating_sub(answer.at);
        (age < LASTS).then(|| Recent { items: answer.items.clone(), age })
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
