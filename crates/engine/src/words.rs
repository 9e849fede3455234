//! Words for people: refusals, durations, steps.

use std::time::Duration;

use gatewright_model::run::StepKind;
use gatewright_protocol::answer::Refusal;
use gatewright_protocol::authorization::ErrorResponse;

/// Characters of a server's words that a sentence quotes.
const WORDS_QUOTED: usize = 200;

/// A refusal on one line: status, code, sentence.
pub(crate) fn refusal_words(refusal: &Refusal) -> String {
    let code = refusal.error.error.as_ref().map(|code| format!(" {}", short(code))).unwrap_or_default();
    format!("{}{code}{}", refusal.status, in_its_words(&refusal.error))
}

pub(crate) fn in_its_words(error: &ErrorResponse) -> String {
    match error.description.as_deref().map(|words| words.trim_end_matches('.')) {
        Some(words) if !words.is_empty() => format!(", “{}”", short(words)),
        _ => String::new(),
    }
}

/// The beginning of a server's words; the whole of them stands in the exchange.
pub(crate) fn short(words: &str) -> String {
    match words.char_indices().nth(WORDS_QUOTED) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

/// A duration as people say it.
pub(crate) fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        60 => "1 minute".to_owned(),
        seconds if seconds >= 60 && seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}

pub(crate) fn step_words(step: StepKind) -> &'static str {
    match step {
        StepKind::Discovery => "discovery",
        StepKind::AuthorizationRequest => "authorization request",
        StepKind::Pages => "login and consent pages",
        StepKind::Callback => "callback",
        StepKind::TokenRequest => "token request",
        StepKind::IdToken => "check of the ID token",
        StepKind::Identity => "identity request",
        StepKind::Refresh => "refresh",
        StepKind::Revocation => "revocation",
        StepKind::Introspection => "introspection",
        StepKind::Logout => "logout",
        StepKind::ClientManagement => "management of the client",
        StepKind::SecretProbe => "proof of the secret",
    }
}

pub(crate) fn upper_first(text: &str) -> String {
    let mut characters = text.chars();
    // A host name at the beginning stays as it is written.
    let first_word = text.split(' ').next().unwrap_or_default();
    match characters.next() {
        Some(first) if !first_word.contains(['.', ':']) => first.to_uppercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}
