//! The token request and its answer.

use serde_json::Value;

use super::answer::Answer;
use super::authorization::presence;
use super::{Notes, quoted, value};
use crate::dialect::{AnswerEncoding, ClientAuthentication, ErrorShape, IdentitySource, ScopeSeparator, SuccessRule};
use crate::exchange::{Exchange, RecordedResponse};
use crate::{Provider, Step};

pub(super) fn exchange(provider: &Provider, steps: &[Step], exchange: &Exchange, notes: &mut Notes) {
    let Some(response) = &exchange.response else { return };
    notes.answered("endpoints.token", response.status);
    let Some(answer) = Answer::read(response) else { return };
    match response.status {
        200 if refuses(&answer) => {}
        200 => succeeded(provider, steps, exchange, response, &answer, notes),
        400..500 => refusal(provider, &answer, notes),
        _ => {}
    }
}

/// Whether an answer with status 200 says no.
fn refuses(answer: &Answer) -> bool {
    answer.at("/error").is_some() || answer.at("/success") == Some(&Value::Bool(false))
}

fn succeeded(
    provider: &Provider,
    steps: &[Step],
    exchange: &Exchange,
    response: &RecordedResponse,
    answer: &Answer,
    notes: &mut Notes,
) {
    let (holds, saw) = success(provider, answer);
    notes.judge("dialect.token_response.success", holds, saw);
    if holds {
        taken(provider, exchange, notes);
    }
    encoding(provider, exchange, response, answer, notes);
    token_type(provider, answer, notes);
    fields(provider, answer, notes);
    lifetimes(provider, answer, notes);
    issued(provider, steps, answer, notes);
}

/// Whether the sign of success is there, and what was seen instead.
fn success(provider: &Provider, answer: &Answer) -> (bool, String) {
    let missing = |name: &str| (false, format!("The answer was 200 and had no {name}."));
    match &provider.dialect.token_response.success.value {
        SuccessRule::FlagAndAccessToken(flag) if answer.at(flag) != Some(&Value::Bool(true)) => {
            missing(&format!("{} that is true", flag.trim_start_matches('/')))
        }
        SuccessRule::AccessToken | SuccessRule::FlagAndAccessToken(_) if answer.at("/access_token").is_none() => {
            missing("access_token")
        }
        SuccessRule::Present(pointer) if answer.at(pointer).is_none() => missing(pointer.trim_start_matches('/')),
        _ => (true, "The answer had this sign.".to_owned()),
    }
}

/// What the request had or did without, now that it has worked.
fn taken(provider: &Provider, exchange: &Exchange, notes: &mut Notes) {
    let dialect = &provider.dialect.token_request;
    let request = &exchange.request;
    let written = serde_json::to_value(dialect.encoding.value).ok();
    if written.as_ref().and_then(Value::as_str) == Some(&request.encoding) {
        notes.confirm("dialect.token_request.encoding", "A body written so was taken.");
    }
    presence("dialect.token_request.grant_type", dialect.grant_type.value, &request.fields, "grant_type", notes);
    presence("dialect.token_request.redirect_uri", dialect.redirect_uri.value, &request.fields, "redirect_uri", notes);
    let used = if value(&request.headers, "authorization").is_some() {
        ClientAuthentication::Basic
    } else if value(&request.fields, "client_secret").is_some() {
        ClientAuthentication::Body
    } else if value(&request.fields, "client_assertion").is_some() {
        // Which of both kinds of assertion it was is not in a record.
        return;
    } else {
        ClientAuthentication::None
    };
    // Another way than the usual one may be taken as well: that is no contradiction.
    if used == dialect.client_authentication.value {
        notes.confirm("dialect.token_request.client_authentication", "The client proved itself so.");
    }
}

fn encoding(provider: &Provider, exchange: &Exchange, response: &RecordedResponse, answer: &Answer, notes: &mut Notes) {
    let label = value(&response.headers, "content-type").map(crate::Redacted::to_plain).unwrap_or_default();
    let says_json = label.split(';').next().is_some_and(|kind| kind.trim().ends_with("json"));
    let saw = match (answer.is_form, says_json) {
        (false, true) => "JSON came.".to_owned(),
        (false, false) => format!("JSON came, labelled {}.", quoted(&label)),
        (true, _) => "A form-encoded answer came.".to_owned(),
    };
    let asked_for_json =
        value(&exchange.request.headers, "accept").is_some_and(|accept| accept.to_plain() == "application/json");
    let agrees = match provider.dialect.token_response.encoding.value {
        AnswerEncoding::Json => !answer.is_form && says_json,
        AnswerEncoding::FormOrJson => answer.is_form != asked_for_json,
    };
    notes.judge("dialect.token_response.encoding", agrees, saw);
    if provider.dialect.token_request.accept.is_some() && asked_for_json {
        notes.judge(
            "dialect.token_request.accept",
            !answer.is_form,
            if answer.is_form {
                "JSON was asked for, and a form-encoded answer came."
            } else {
                "JSON was asked for, and came."
            },
        );
    }
}

/// Letter by letter: a login goes on with another case (RFC 6749 §5.1), a document should still be right.
fn token_type(provider: &Provider, answer: &Answer, notes: &mut Notes) {
    let Some(stated) = &provider.dialect.token_response.token_type else { return };
    // One that is missing contradicts the list of fields.
    let Some(seen) = answer.at("/token_type") else { return };
    let text = seen.as_str().map_or_else(|| seen.to_string(), str::to_owned);
    notes.judge(
        "dialect.token_response.token_type",
        text == stated.value,
        format!("token_type was {}.", quoted(&text)),
    );
}

fn fields(provider: &Provider, answer: &Answer, notes: &mut Notes) {
    let success = match &provider.dialect.token_response.success.value {
        SuccessRule::AccessToken => vec!["access_token"],
        SuccessRule::FlagAndAccessToken(flag) => vec!["access_token", flag.trim_start_matches('/')],
        SuccessRule::Present(pointer) => vec![pointer.trim_start_matches('/')],
    };
    match answer.differs_from(&provider.dialect.token_response.fields.value, &success) {
        Some(difference) => notes.contradict("dialect.token_response.fields", difference),
        None => notes.confirm("dialect.token_response.fields", "All of them were there, each of its type."),
    }
    let Some(stated) = &provider.dialect.token_response.scope_separator else { return };
    let Some(scope) = answer.at("/scope").and_then(Value::as_str) else { return };
    let seen = match (scope.contains(','), scope.trim().contains(' ')) {
        (true, _) => ScopeSeparator::Comma,
        (false, true) => ScopeSeparator::Space,
        // One scope alone has nothing beside it.
        (false, false) => return,
    };
    notes.judge(
        "dialect.token_response.scope_separator",
        seen == stated.value,
        format!("scope was {}.", quoted(scope)),
    );
}

fn lifetimes(provider: &Provider, answer: &Answer, notes: &mut Notes) {
    let tokens = &provider.dialect.tokens;
    for (statement, stated, name) in [
        ("dialect.tokens.access_token_seconds", &tokens.access_token_seconds, "expires_in"),
        ("dialect.tokens.refresh_token_seconds", &tokens.refresh_token_seconds, "refresh_expires_in"),
    ] {
        // 0 means for ever at Keycloak, which a person asks for by a scope.
        let seen = answer.members.get(name).and_then(Value::as_u64).filter(|seconds| *seconds > 0);
        if let (Some(stated), Some(seen)) = (stated, seen) {
            notes.judge(statement, u64::from(stated.value) == seen, format!("{name} was {seen}."));
        }
    }
}

/// What else came with the tokens, or instead of them.
fn issued(provider: &Provider, steps: &[Step], answer: &Answer, notes: &mut Notes) {
    let dialect = &provider.dialect;
    let is_listed =
        |name: &str| dialect.token_response.fields.value.iter().any(|field| field.name == name && !field.optional);
    let has = |name: &str| answer.at(&format!("/{name}")).is_some();
    let saw =
        |there: bool, name: &str| format!("{} came.", if there { format!("A {name}") } else { format!("No {name}") });
    if has("refresh_token") || !dialect.tokens.refresh.value || !is_listed("refresh_token") {
        let there = has("refresh_token");
        notes.judge("dialect.tokens.refresh", there == dialect.tokens.refresh.value, saw(there, "refresh_token"));
    }
    let asked =
        steps.iter().flat_map(|step| &step.exchanges).find_map(|exchange| value(&exchange.request.query, "scope"));
    let asked_openid = asked.is_some_and(|scope| scope.to_plain().split(' ').any(|name| name == "openid"));
    if asked_openid || has("id_token") {
        let there = has("id_token");
        notes.judge(
            "dialect.authorization.openid",
            there == dialect.authorization.openid.value,
            saw(there, "id_token"),
        );
    }
    if dialect.identity.source.value == IdentitySource::TokenResponse {
        let is_token = has("access_token");
        let words = if is_token { "An access token came." } else { "The answer was the person, and no token." };
        notes.judge("dialect.identity.source", !is_token, words);
        super::identity::document(provider, answer, notes);
    }
}

fn refusal(provider: &Provider, answer: &Answer, notes: &mut Notes) {
    let error = answer.at("/error").and_then(Value::as_str).unwrap_or_default();
    let is_code = !error.is_empty() && !error.contains(' ') && answer.at("/success").is_none();
    let is_sentence = answer.at("/success") == Some(&Value::Bool(false)) && error.contains(' ');
    let agrees = match provider.dialect.token_response.error.value {
        ErrorShape::Rfc6749 => is_code,
        ErrorShape::Sentence => is_sentence,
        ErrorShape::Unknown => return,
    };
    let saw =
        if error.is_empty() { "The refusal had no error.".to_owned() } else { format!("error was {}.", quoted(error)) };
    notes.judge("dialect.token_response.error", agrees, saw);
}
