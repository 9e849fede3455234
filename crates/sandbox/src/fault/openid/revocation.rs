//! RV: revocation and introspection.

use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::super::answer::Finished;
use super::super::inject::Context;
use super::super::token::Members;
use crate::Twin;

/// Bends the answer; says whether the fault really happened.
pub(super) fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    match (context.fault, context.variant) {
        ("RV-01", _) | ("RV-06", "ok") => done(context.occasion.twin, answer),
        ("RV-02", _) => {
            answer.replace(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "Busy");
            answer.set_header(RETRY_AFTER, "1");
        }
        ("RV-03", _) => {
            let description = "This server does not revoke tokens of this type";
            let refusal = json!({"error": "unsupported_token_type", "error_description": description});
            answer.replace(StatusCode::BAD_REQUEST, "application/json", refusal.to_string());
        }
        ("RV-04", "html") => answer.replace_by_page("<!doctype html><title>Done</title>".to_owned()),
        ("RV-04", _) => answer.set_body(""),
        ("RV-05", variant) => return activity(answer, variant),
        ("RV-07", _) => {
            let error = json!({"error": "invalid_request", "error_description": "The token was not revoked"});
            answer.replace(StatusCode::OK, "application/json", error.to_string());
        }
        ("RV-08", variant) => closed_to_this_client(answer, variant),
        _ => answer.replace(StatusCode::NOT_FOUND, "text/html; charset=utf-8", "<!doctype html><title>404</title>"),
    }
    true
}

/// What the twin says when a token has been revoked.
fn done(twin: Twin, answer: &mut Finished) {
    match twin {
        Twin::ContentDb => answer.replace(StatusCode::OK, "application/json", json!({"success": true}).to_string()),
        _ => answer.replace(StatusCode::OK, "text/plain; charset=utf-8", ""),
    }
}

/// RV-08: whoever may not ask is told so (RFC 7662 §2.3).
fn closed_to_this_client(answer: &mut Finished, variant: &str) {
    let (status, error) = match variant {
        "unauthorized" => (StatusCode::UNAUTHORIZED, "invalid_client"),
        _ => (StatusCode::FORBIDDEN, "access_denied"),
    };
    let refusal = json!({"error": error, "error_description": "This client may not ask about tokens"});
    answer.replace(status, "application/json", refusal.to_string());
    if status == StatusCode::UNAUTHORIZED {
        answer.set_header(WWW_AUTHENTICATE, "Basic realm=\"app\"");
    }
}

/// RV-05: `active` must be a boolean (RFC 7662 §2.2).
fn activity(answer: &mut Finished, variant: &str) -> bool {
    let Some(mut members) = Members::read(answer) else { return false };
    match variant {
        "text" => members.set("active", Value::from("true").to_string()),
        "missing" => members.remove("active"),
        _ => members.set("active", "1"),
    }
    members.write(answer);
    true
}
