//! Faults of the callback's parameters.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::callback::{Callback, encoded};
use crate::Twin;
use crate::fault::inject::Context;
use crate::grants::CodeState;

/// A code of ours that this long works all the same.
const LONG_CODE: usize = 8 * 1024;
/// How long a code lives that was made longer, in seconds.
const CODE_SECONDS: u32 = 600;

/// The callback with the fault; nothing when it could not happen.
pub(super) fn bend(context: &Context<'_>, mut callback: Callback) -> Option<Callback> {
    let variant = context.variant;
    match context.fault {
        "AZ-01" => callback.remove("state"),
        "AZ-02" => callback.set("state", &context.server.entropy.hex32()),
        "AZ-03" => twice(context, &mut callback, "state")?,
        "AZ-04" => callback.set("state", &altered(variant, &callback.get("state")?)),
        "AZ-05" => callback.set("state", &context.server.faults.states.earlier(context.occasion)?),
        "AZ-06" => callback.set("state", &context.server.faults.states.swap(context.occasion)?),
        "AZ-07" => callback.remove("iss"),
        "AZ-08" => callback.set("iss", &wrong_issuer(context, &callback.get("iss")?)),
        "AZ-09" => twice(context, &mut callback, "iss")?,
        "AZ-10" => callback.set("iss", &unexpected_issuer(context)),
        "AZ-12" if variant == "missing" => callback.remove("code"),
        "AZ-12" => callback.set("code", if variant == "empty" { "" } else { "  " }),
        "AZ-13" => twice(context, &mut callback, "code")?,
        "AZ-14" => callback.set("error", "access_denied"),
        "AZ-15" => {
            callback.fragment = Some(callback.query());
            callback.clear();
        }
        "AZ-16" => bring_token(context, &mut callback),
        "AZ-17" => deny(variant, &mut callback),
        "AZ-18" => describe(variant, &mut callback),
        "AZ-19" => callback.turn_into_error(if variant == "empty" { "" } else { "../../x" }),
        "AZ-20" => odd_code(context, &mut callback)?,
        "AZ-22" if variant == "extra" => {
            callback.set("sandbox_extra", "1");
            callback.set("ui_locales", "tlh");
        }
        "AZ-22" => {
            callback.clear();
            callback.set("response", &unsigned_jwt(&json!({ "code": context.server.entropy.hex40() })));
        }
        "AZ-38" if callback.get("state").is_none() => callback.set("state", &context.server.entropy.hex32()),
        _ => return None,
    }
    Some(callback)
}

/// A parameter two times: the right value, and a wrong one or the same again.
fn twice(context: &Context<'_>, callback: &mut Callback, name: &str) -> Option<()> {
    let right = callback.get(name)?;
    let wrong = context.server.entropy.hex32();
    let values = match context.variant {
        "right_wrong" => [&right, &wrong],
        "wrong_right" => [&wrong, &right],
        _ => [&right, &right],
    };
    callback.repeat(name, &values.map(String::as_str));
    Some(())
}

/// AZ-04: what a careless program does to a state.
fn altered(variant: &str, state: &str) -> String {
    match variant {
        "case" => state.chars().map(other_case).collect(),
        "truncated" => {
            let mut shorter = state.to_owned();
            shorter.pop();
            shorter
        }
        "trailing_space" => format!("{state} "),
        // A text without anything to encode gets a dot's code, so that it differs whatever it is.
        _ => format!("{}%2E", encoded(state)),
    }
}

fn other_case(character: char) -> char {
    if character.is_ascii_lowercase() { character.to_ascii_uppercase() } else { character.to_ascii_lowercase() }
}

/// AZ-08.
fn wrong_issuer(context: &Context<'_>, issuer: &str) -> String {
    match context.variant {
        "suffix" => format!("{issuer}1"),
        "slash" => format!("{issuer}/"),
        "case" => issuer.to_ascii_uppercase(),
        _ => format!("{}{}", context.server.origin, Twin::Chattz.prefix()),
    }
}

/// AZ-10. A provider without metadata has no issuer; the base address is the nearest to one.
fn unexpected_issuer(context: &Context<'_>) -> String {
    match context.variant {
        "own" => format!("{}{}", context.server.origin, context.occasion.twin.prefix()),
        _ => "https://issuer.sandbox.invalid".to_owned(),
    }
}

/// AZ-16.
fn bring_token(context: &Context<'_>, callback: &mut Callback) {
    if context.variant == "access_token" {
        callback.set("access_token", &context.server.entropy.hex40());
        callback.set("token_type", "Bearer");
    } else {
        let claims = json!({ "iss": context.server.origin, "aud": context.occasion.client_id, "sub": "42" });
        callback.set("id_token", &unsigned_jwt(&claims));
    }
}

/// A JWT that nobody has signed (RFC 7519 §6).
fn unsigned_jwt(claims: &serde_json::Value) -> String {
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
}

/// AZ-17 (RFC 6749 §4.1.2.1).
fn deny(variant: &str, callback: &mut Callback) {
    callback.turn_into_error("access_denied");
    if variant == "without_state" {
        callback.remove("state");
    }
}

/// AZ-18: what a description must not do wherever it is shown.
fn describe(variant: &str, callback: &mut Callback) {
    callback.turn_into_error("access_denied");
    let description = match variant {
        "html" => "<img src=x onerror=\"alert(1)\"><script>alert(2)</script>".to_owned(),
        "ansi" => "\u{1b}[2J\u{1b}[31mred\u{1b}[0m".to_owned(),
        "osc8" => "\u{1b}]8;;https://sandbox.invalid\u{1b}\\click\u{1b}]8;;\u{1b}\\".to_owned(),
        "bidi" => "user \u{202e}gnp.exe\u{202c} \u{2066}hidden\u{2069}".to_owned(),
        "crlf" => "line\r\nSet-Cookie: sandbox=1\r\n\r\nbody".to_owned(),
        "nul" => "before\0after".to_owned(),
        "long" => "long ".repeat(64 * 1024 / 5 + 1),
        _ => {
            callback.set("error_uri", "javascript:alert(document.cookie)");
            "see the page".to_owned()
        }
    };
    callback.set("error_description", &description);
}

/// AZ-20.
fn odd_code(context: &Context<'_>, callback: &mut Callback) -> Option<()> {
    match context.variant {
        "8_kib" => {
            let code = callback.get("code")?;
            let long = format!("{code}{}", "x".repeat(LONG_CODE.saturating_sub(code.len())));
            also_known_as(context, &code, &long);
            callback.set("code", &long);
        }
        "100_kib" => callback.set("code", &"x".repeat(100 * 1024)),
        "non_ascii" => callback.set("code", "c\u{f6}de\u{2713}"),
        "bad_percent" => callback.set_encoded("code", "%zz"),
        _ => callback.set_encoded("code", "%ff"),
    }
    Some(())
}

/// Lets a code be exchanged under a longer name, too.
fn also_known_as(context: &Context<'_>, code: &str, long: &str) {
    let now = context.server.now();
    let mut grants = context.server.grants(context.occasion.twin);
    if let CodeState::Good(grant) = grants.code(code, now) {
        grants.add_code(long, grant, now, Some(CODE_SECONDS));
    }
}
