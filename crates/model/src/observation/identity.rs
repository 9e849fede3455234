//! The identity request and its answer.

use serde_json::Value;

use super::answer::Answer;
use super::{Notes, value};
use crate::Provider;
use crate::dialect::{IdentitySource, TokenPlacement};
use crate::exchange::Exchange;

pub(super) fn exchange(provider: &Provider, exchange: &Exchange, notes: &mut Notes) {
    let Some(response) = &exchange.response else { return };
    if provider.endpoints.identity.is_some() {
        notes.answered("endpoints.identity", response.status);
    }
    let Some(answer) = Answer::read(response).filter(|_| response.status == 200) else { return };
    let dialect = &provider.dialect.identity;
    if dialect.source.value == IdentitySource::Endpoint {
        notes.confirm("dialect.identity.source", "The identity endpoint said who it was.");
    }
    if let Some(stated) = &dialect.userinfo_token_placement {
        let by_header = value(&exchange.request.headers, "authorization").is_some();
        let used = if by_header { TokenPlacement::Header } else { TokenPlacement::Body };
        if used == stated.value {
            notes.confirm("dialect.identity.userinfo_token_placement", "The token was taken there.");
        }
    }
    if let Some(stated) = &dialect.signed_in_flag {
        let name = stated.value.trim_start_matches('/');
        let (agrees, saw) = match answer.at(&stated.value) {
            Some(Value::Bool(true)) => (true, format!("{name} was true.")),
            // Nobody is signed in: that is what the flag is for.
            Some(Value::Bool(false)) => return,
            Some(_) => (false, format!("{name} was no boolean.")),
            None => (false, format!("{name} was missing.")),
        };
        notes.judge("dialect.identity.signed_in_flag", agrees, saw);
    }
    document(provider, &answer, notes);
}

/// What an answer that is a person says of the identity's statements.
pub(super) fn document(provider: &Provider, answer: &Answer, notes: &mut Notes) {
    let dialect = &provider.dialect.identity;
    let mut elsewhere = vec![dialect.subject.value.trim_start_matches('/')];
    let mut pointer = |statement, pointer: &str| {
        let name = pointer.trim_start_matches('/').to_owned();
        let there = answer.at(pointer).is_some();
        let saw = if there { format!("{name} was there.") } else { format!("{name} was missing.") };
        notes.judge(statement, there, saw);
    };
    pointer("dialect.identity.subject", &dialect.subject.value);
    if let Some(stated) = &dialect.display_name {
        elsewhere.push(stated.value.trim_start_matches('/'));
        let name = stated.value.trim_start_matches('/');
        let may_be_missing = dialect.fields.value.iter().any(|field| field.name == name && field.optional);
        if answer.at(&stated.value).is_some() || !may_be_missing {
            pointer("dialect.identity.display_name", &stated.value);
        }
    }
    elsewhere.extend(dialect.signed_in_flag.as_ref().map(|stated| stated.value.trim_start_matches('/')));
    match answer.differs_from(&dialect.fields.value, &[]) {
        // Those that have a statement of their own are missed there, once.
        Some(difference) if elsewhere.iter().any(|name| difference == format!("{name} is missing.")) => {}
        Some(difference) => notes.contradict("dialect.identity.fields", difference),
        None => notes.confirm("dialect.identity.fields", "All of them were there, each of its type."),
    }
}
