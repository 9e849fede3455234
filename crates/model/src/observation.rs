//! A recorded run beside what its provider's profile states: which statements it confirms, which it contradicts. What a run says nothing
//! of is left out, so that a statement which is only ever left out is known to have never been observed.
//!
//! A statement is named by its field in a profile: `dialect.token_response.token_type`. What we send proves little: that a provider took
//! a parameter does not show that it asks for it. So "required" is never confirmed by a login; "not sent" is, by one that worked without.

mod answer;
mod authorization;
mod identity;
mod token;

use gatewright_protocol::inert::inert;

use crate::exchange::{Exchange, ExchangePurpose, Piece, RecordedField, Redacted};
use crate::run::StepKind;
use crate::{Provider, Step};

/// Longest value that is quoted in what was seen, in characters.
const QUOTED: usize = 60;

/// Whether the wire agrees with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Agreement {
    /// What was seen is what the statement says.
    Confirms,
    /// Something else was seen.
    Contradicts,
}

/// What one exchange of a run says of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The statement's field in a profile.
    pub statement: &'static str,
    /// Whether they agree.
    pub agreement: Agreement,
    /// What was seen, in a sentence; no secret is in it, because none is in a record.
    pub saw: String,
    /// The position of the step in its run, from 0.
    pub step: u32,
    /// The position of the exchange in its step, from 0.
    pub exchange: u32,
}

/// Compares a run's steps with a profile. Of several exchanges that say something of the same statement, the last counts.
pub fn observe(provider: &Provider, steps: &[Step]) -> Vec<Observation> {
    let mut notes = Notes::default();
    for (position, step) in steps.iter().enumerate() {
        for (number, exchange) in step.exchanges.iter().enumerate() {
            notes.step = u32::try_from(position).unwrap_or(u32::MAX);
            notes.exchange = u32::try_from(number).unwrap_or(u32::MAX);
            match exchange.purpose {
                ExchangePurpose::Authorization if step.kind == StepKind::Callback => {
                    authorization::callback(provider, exchange, &mut notes);
                }
                ExchangePurpose::Token => token::exchange(provider, steps, exchange, &mut notes),
                ExchangePurpose::Identity => identity::exchange(provider, exchange, &mut notes),
                other => neighbour(provider, other, exchange, &mut notes),
            }
        }
    }
    notes.made
}

/// What the statements of a profile say now.
#[derive(Clone, Debug)]
pub struct Stated(serde_json::Value);

impl Stated {
    /// Reads the statements of a profile.
    pub fn by(provider: &Provider) -> Self {
        Self(serde_json::to_value(provider).unwrap_or_default())
    }

    /// The value of a statement, as JSON, by its field; none for a field that the profile does not have. What was observed of another
    /// value says nothing of this one.
    pub fn value(&self, statement: &str) -> Option<String> {
        let stated = self.0.pointer(&format!("/{}", statement.replace('.', "/")))?;
        stated.get("value").map(ToString::to_string)
    }
}

/// The endpoints beside the login itself: that they answer shows that they are there.
fn neighbour(provider: &Provider, purpose: ExchangePurpose, exchange: &Exchange, notes: &mut Notes) {
    let Some(status) = exchange.response.as_ref().map(|response| response.status) else { return };
    let endpoints = &provider.endpoints;
    let (statement, stated) = match purpose {
        ExchangePurpose::Revocation => ("endpoints.revocation", endpoints.revocation.as_ref()),
        ExchangePurpose::Introspection => ("endpoints.introspection", endpoints.introspection.as_ref()),
        ExchangePurpose::Metadata => match &endpoints.jwks {
            Some(keys) if exchange.request.url.ends_with(&keys.value) => ("endpoints.jwks", Some(keys)),
            _ => {
                let found = endpoints.discovery.as_ref();
                ("endpoints.discovery", found.filter(|path| exchange.request.url.ends_with(&path.value)))
            }
        },
        ExchangePurpose::Refresh if provider.dialect.tokens.refresh.value => {
            if status == 200 {
                notes.confirm("dialect.tokens.refresh", "New tokens came for a refresh token.");
            }
            return;
        }
        _ => return,
    };
    if stated.is_some() {
        notes.answered(statement, status);
    }
    if purpose == ExchangePurpose::Revocation && (200..300).contains(&status) {
        notes.confirm("dialect.tokens.revocation", "A token was revoked so.");
    }
}

/// What has been observed so far, and where we are.
#[derive(Default)]
struct Notes {
    made: Vec<Observation>,
    step: u32,
    exchange: u32,
}

impl Notes {
    fn confirm(&mut self, statement: &'static str, saw: impl Into<String>) {
        self.note(statement, Agreement::Confirms, saw.into());
    }

    fn contradict(&mut self, statement: &'static str, saw: impl Into<String>) {
        self.note(statement, Agreement::Contradicts, saw.into());
    }

    /// Whichever of both it is.
    fn judge(&mut self, statement: &'static str, agrees: bool, saw: impl Into<String>) {
        let agreement = if agrees { Agreement::Confirms } else { Agreement::Contradicts };
        self.note(statement, agreement, saw.into());
    }

    /// An endpoint is where it is said to be when it answers as one: with success or a refusal of the request.
    fn answered(&mut self, statement: &'static str, status: u16) {
        match status {
            200..300 | 400..404 => self.confirm(statement, format!("It answered there, with status {status}.")),
            300..400 | 404 | 405 | 410 => {
                self.contradict(statement, format!("There is nothing of the kind: the answer was {status}."));
            }
            // A server in trouble says nothing of its addresses.
            _ => {}
        }
    }

    fn note(&mut self, statement: &'static str, agreement: Agreement, saw: String) {
        self.made.retain(|earlier| earlier.statement != statement);
        self.made.push(Observation { statement, agreement, saw, step: self.step, exchange: self.exchange });
    }
}

/// A value of the wire, short and harmless.
fn quoted(text: &str) -> String {
    let shown: String = inert(text).chars().take(QUOTED + 1).collect();
    if shown.chars().count() > QUOTED {
        format!("“{}…”", shown.chars().take(QUOTED).collect::<String>())
    } else {
        format!("“{shown}”")
    }
}

fn value<'a>(fields: &'a [RecordedField], name: &str) -> Option<&'a Redacted> {
    fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| &field.value)
}

/// Whether a recorded value is the same as another; references stand for what they hide.
fn is_text(value: &Redacted, text: &str) -> bool {
    matches!(value.0.as_slice(), [Piece::Text(shown)] if shown == text)
}

#[cfg(test)]
mod tests;
