//! Faults of a token answer's members.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::members::Members;
use crate::endpoint::chaster;
use crate::fault::answer::Finished;
use crate::fault::inject::Context;

/// Bends the answer; says whether the fault really happened.
pub(super) fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let Some(mut members) = Members::read(answer) else { return false };
    let variant = context.variant;
    let changed = match context.fault {
        "TK-10" => access_token_twice(context, &mut members),
        "TK-15" => access_token(variant, &mut members),
        "TK-16" => token_type(variant, &mut members),
        "TK-17" => expires_in(variant, &mut members),
        "TK-18" => scope(variant, &mut members),
        "TK-19" if variant == "missing" => take_out(&mut members, "refresh_token"),
        "TK-19" => {
            members.set("refresh_token", if variant == "empty" { "\"\"" } else { "42" });
            true
        }
        "TK-33" => take_out(&mut members, "id_token"),
        "TK-35" => {
            let person = json!({ "id": 42, "username": "olivia", "name": "Olivia Ortega" });
            answer.replace(StatusCode::OK, "application/json", person.to_string());
            return true;
        }
        "TK-36" => odd_characters(variant, &mut members),
        "TK-38" => {
            members.set("error", "\"server_error\"");
            true
        }
        _ => false,
    };
    members.write(answer);
    changed
}

/// TK-34: the ID token that openid would have brought.
pub(super) async fn add_id_token(context: &Context<'_>, answer: &mut Finished) -> bool {
    let Some(mut members) = Members::read(answer).filter(|members| !members.has("id_token")) else { return false };
    let Some(access_token) = members.text("access_token") else { return false };
    let Some(id_token) = chaster::unasked_id_token(context.server, &access_token).await else { return false };
    members.set("id_token", Value::from(id_token).to_string());
    members.write(answer);
    true
}

/// Takes a member out; says whether there was one.
fn take_out(members: &mut Members, name: &str) -> bool {
    let had = members.has(name);
    members.remove(name);
    had
}

/// TK-10.
fn access_token_twice(context: &Context<'_>, members: &mut Members) -> bool {
    let Some(token) = members.text("access_token") else { return false };
    let second = if context.variant == "same" { token } else { context.server.entropy.hex40() };
    members.add("access_token", Value::from(second).to_string());
    true
}

/// TK-15.
fn access_token(variant: &str, members: &mut Members) -> bool {
    let value = match variant {
        "missing" => return take_out(members, "access_token"),
        "empty" => "\"\"",
        "number" => "42",
        "object" => "{\"value\":\"x\"}",
        _ => "null",
    };
    members.set("access_token", value);
    true
}

/// TK-16.
fn token_type(variant: &str, members: &mut Members) -> bool {
    let value = match variant {
        "missing" => return take_out(members, "token_type"),
        "unknown" => "\"mac\"",
        "upper_case" => "\"BEARER\"",
        "mixed_case" => "\"bEaReR\"",
        _ => "42",
    };
    members.set("token_type", value);
    true
}

/// TK-17. A twin that gives no lifetime gives one all the same, except where it is to be missing.
fn expires_in(variant: &str, members: &mut Members) -> bool {
    let value = match variant {
        "missing" => return take_out(members, "expires_in"),
        "string" => "\"3600\"",
        "negative" => "-1",
        "zero" => "0",
        "fraction" => "1.5",
        "1e400" => "1e400",
        "null" => "null",
        _ => "9223372036854775808",
    };
    members.set("expires_in", value);
    true
}

/// TK-18.
fn scope(variant: &str, members: &mut Members) -> bool {
    let value = match variant {
        "missing" => return take_out(members, "scope"),
        "commas" => "\"public,profile\"",
        "array" => "[\"public\",\"profile\"]",
        _ => "42",
    };
    members.set("scope", value);
    true
}

/// TK-36: what RFC 6749 appendix A.12 does not allow.
fn odd_characters(variant: &str, members: &mut Members) -> bool {
    let Some(token) = members.text("access_token") else { return false };
    let (first, last) = token.split_at(token.floor_char_boundary(token.len() / 2));
    let between = match variant {
        "carriage_return" => "\r",
        "line_feed" => "\nX-Sandbox: 1\n",
        "space" => " ",
        _ => "\u{f6}\u{2713}",
    };
    members.set("access_token", Value::from(format!("{first}{between}{last}")).to_string());
    true
}
