//! The authorization request and what came back on the redirect URI.

use super::{Notes, is_text, value};
use crate::Provider;
use crate::dialect::{Presence, RefusalSignal, StateReturn};
use crate::exchange::{Exchange, Piece, RecordedField};

/// The parameters of a callback: names, and whether the value is the reference of what was sent.
struct Callback {
    parameters: Vec<(String, String)>,
}

impl Callback {
    /// Reads the address that was recorded; its values are written decoded, its secrets as references.
    fn read(exchange: &Exchange) -> Option<Self> {
        let body = exchange.response.as_ref()?.body.to_plain();
        let (_, parameters) = body.split_once(['?', '#', '\n']).unwrap_or((&body, ""));
        let pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
        Some(Self { parameters: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(super) fn callback(provider: &Provider, exchange: &Exchange, notes: &mut Notes) {
    let Some(callback) = Callback::read(exchange) else { return };
    let has_code = callback.get("code").is_some_and(|code| !code.is_empty());
    if has_code {
        notes.confirm("endpoints.authorization", "A code came from there.");
        sent(provider, exchange, notes);
        issuer(provider, &callback, notes);
    } else {
        refusal(provider, &callback, notes);
    }
    state(provider, exchange, &callback, has_code, notes);
}

/// What the request had or did without, now that it has worked.
fn sent(provider: &Provider, exchange: &Exchange, notes: &mut Notes) {
    let dialect = &provider.dialect.authorization;
    let query = &exchange.request.query;
    presence("dialect.authorization.response_type", dialect.response_type.value, query, "response_type", notes);
    presence("dialect.authorization.redirect_uri", dialect.redirect_uri.value, query, "redirect_uri", notes);
    presence("dialect.authorization.state", dialect.state.value, query, "state", notes);
    presence("dialect.authorization.pkce", dialect.pkce.value, query, "code_challenge", notes);
    let scopes = &dialect.default_scopes.value;
    let agrees = match value(query, "scope") {
        None => scopes.is_empty(),
        Some(asked) => !scopes.is_empty() && is_text(asked, &scopes.join(" ")),
    };
    if agrees {
        notes.confirm("dialect.authorization.default_scopes", "A login that asked for these worked.");
    }
}

/// A parameter that was left out, or that the provider does without, in a request that worked.
pub(super) fn presence(
    statement: &'static str,
    stated: Presence,
    fields: &[RecordedField],
    name: &str,
    notes: &mut Notes,
) {
    match (stated, value(fields, name).is_some()) {
        (Presence::Absent, false) => notes.confirm(statement, format!("It worked without {name}.")),
        (Presence::Optional, true) => notes.confirm(statement, format!("{name} was sent and taken.")),
        (Presence::Optional, false) => notes.confirm(statement, format!("It worked without {name}, too.")),
        (Presence::Required, false) => notes.contradict(statement, format!("It worked without {name}.")),
        // That it worked with the parameter does not show that it would not have without.
        (Presence::Required | Presence::Absent, true) => {}
    }
}

fn state(provider: &Provider, exchange: &Exchange, callback: &Callback, has_code: bool, notes: &mut Notes) {
    const STATEMENT: &str = "dialect.authorization.state_returned";
    let Some(sent) = value(&exchange.request.query, "state") else { return };
    let returned = callback.get("state");
    let came_back = returned.is_some_and(
        |returned| matches!(sent.0.as_slice(), [Piece::Reference(reference)] if returned == format!("‹{reference}›")),
    );
    let with = if has_code { "a code" } else { "no code" };
    match (provider.dialect.authorization.state_returned.value, has_code) {
        (StateReturn::Always, _) | (StateReturn::OnApproval, true) => notes.judge(
            STATEMENT,
            came_back,
            match returned {
                Some(_) if came_back => format!("It came back with {with}."),
                Some(_) => format!("Another state than the one that was sent came back with {with}."),
                None => format!("The callback had {with} and no state."),
            },
        ),
        (StateReturn::OnApproval, false) if returned.is_some() => {
            notes.contradict(STATEMENT, "It came back with a refusal, too.");
        }
        (StateReturn::OnApproval, false) | (StateReturn::Unknown, _) => {}
    }
}

fn issuer(provider: &Provider, callback: &Callback, notes: &mut Notes) {
    const STATEMENT: &str = "dialect.authorization.issuer_returned";
    let Some(stated) = &provider.dialect.authorization.issuer_returned else { return };
    match (stated.value, callback.get("iss").is_some()) {
        (true, true) => notes.confirm(STATEMENT, "The callback named an issuer."),
        (promised, false) => notes.judge(STATEMENT, !promised, "The callback named no issuer."),
        // Not every callback names one: this one did, which is allowed.
        (false, true) => {}
    }
}

/// Whoever says no comes back so. Where a refusal and a cancel look different, only a match tells which of both it was.
fn refusal(provider: &Provider, callback: &Callback, notes: &mut Notes) {
    let dialect = &provider.dialect.authorization;
    let seen = match callback.get("error") {
        Some("access_denied") => RefusalSignal::AccessDenied,
        None if callback.parameters.is_empty() => RefusalSignal::BareRedirect,
        _ => return,
    };
    let saw = match seen {
        RefusalSignal::AccessDenied => "error=access_denied came back.".to_owned(),
        _ => "The bare redirect URI came back, without any parameter.".to_owned(),
    };
    let is_one_way = dialect.refusal.value == dialect.cancel.value;
    for (statement, stated) in [
        ("dialect.authorization.refusal", dialect.refusal.value),
        ("dialect.authorization.cancel", dialect.cancel.value),
    ] {
        if stated != RefusalSignal::Unknown && (is_one_way || stated == seen) {
            notes.judge(statement, stated == seen, saw.clone());
        }
    }
}
