//! Answers instead of the endpoint's own: the server is broken, busy, in the way, or says no in its own manner. Nothing is exchanged.

use axum::http::StatusCode;
use axum::http::header::{HeaderName, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use jiff::SignedDuration;

use super::http_date;
use crate::fault::answer::Finished;
use crate::fault::inject::Context;

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";
/// What `Retry-After` asks, in seconds.
const RETRY_SECONDS: i64 = 2;

pub(super) fn write(context: &Context<'_>, answer: &mut Finished) {
    let refuse = |answer: &mut Finished, status: u16, body: &'static str| {
        answer.replace(StatusCode::from_u16(status).unwrap_or_default(), JSON, body);
    };
    match context.fault {
        "TK-01" => broken(context.variant, answer),
        "TK-02" => {
            refuse(answer, 429, "{\"error\":\"temporarily_unavailable\"}");
            answer.set_header(RETRY_AFTER, retry_after(context));
        }
        "TK-03" if context.variant == "login_page" => answer.replace(
            StatusCode::OK,
            HTML,
            "<!doctype html><title>Sign in</title><form method=\"post\"><input name=\"password\" type=\"password\"></form>\n",
        ),
        "TK-03" => answer.replace(
            StatusCode::OK,
            HTML,
            "<!doctype html><title>Request blocked</title><h1>Access denied by the firewall</h1><script>alert(1)</script>\n",
        ),
        "TK-04" => answer.replace(
            StatusCode::INTERNAL_SERVER_ERROR,
            HTML,
            "<!doctype html><title>500</title><h1>Internal Server Error</h1><script>alert(1)</script>\n",
        ),
        "TK-20" => refuse(
            answer,
            200,
            "{\"error\":\"bad_verification_code\",\"error_description\":\"The code passed is incorrect or expired.\"}",
        ),
        "TK-21" => refuse(answer, 400, "{\"success\":false,\"error\":\"The code is wrong. Ask for another one.\"}"),
        "TK-22" => answer.set_status(StatusCode::BAD_REQUEST),
        "TK-23" => challenge(context.variant, answer),
        "TK-24" => redirect(context, answer),
        _ => {
            refuse(
                answer,
                400,
                "{\"error\":\"use_dpop_nonce\",\"error_description\":\"The authorization server demands a nonce.\"}",
            );
            answer.set_header(HeaderName::from_static("dpop-nonce"), context.server.entropy.hex32());
        }
    }
}

fn broken(variant: &str, answer: &mut Finished) {
    let body = "{\"error\":\"server_error\"}";
    match variant {
        "500" => answer.replace(StatusCode::INTERNAL_SERVER_ERROR, JSON, body),
        "502" => {
            answer.replace(StatusCode::BAD_GATEWAY, HTML, "<!doctype html><title>502</title><h1>Bad Gateway</h1>\n");
        }
        _ => {
            answer.replace(StatusCode::SERVICE_UNAVAILABLE, JSON, body);
            answer.set_header(RETRY_AFTER, RETRY_SECONDS.to_string());
        }
    }
}

/// RFC 9110 §10.2.3: seconds or a date.
fn retry_after(context: &Context<'_>) -> String {
    match context.variant {
        "seconds" => RETRY_SECONDS.to_string(),
        "date" => {
            let now = context.server.now();
            http_date(now.checked_add(SignedDuration::from_secs(RETRY_SECONDS)).unwrap_or(now))
        }
        _ => "soon, or -1".to_owned(),
    }
}

/// TK-23 (RFC 9110 §11.6.1).
fn challenge(variant: &str, answer: &mut Finished) {
    answer.replace(StatusCode::UNAUTHORIZED, JSON, "{\"error\":\"invalid_client\"}");
    match variant {
        "one" => answer.add_header(WWW_AUTHENTICATE, "Basic realm=\"sandbox\", charset=\"UTF-8\""),
        "several" => {
            answer
                .add_header(WWW_AUTHENTICATE, "Basic realm=\"sandbox, with a comma\", Bearer error=\"invalid_client\"");
            answer.add_header(WWW_AUTHENTICATE, "DPoP algs=\"ES256\"");
        }
        _ => answer.add_header(WWW_AUTHENTICATE, "Basic realm=\"never closed, =, , Bearer ==\\"),
    }
}

/// TK-24. The targets are paths of this server, so that its log shows whether anybody followed.
fn redirect(context: &Context<'_>, answer: &mut Finished) {
    let path = format!("{}/sandbox-fault/elsewhere", context.occasion.twin.prefix());
    let status = match context.variant {
        "301" => 301,
        "302" => 302,
        "303" => 303,
        "308" => 308,
        _ => 307,
    };
    let location = match context.variant {
        // The same server under its other name is another origin.
        "other_origin" => format!("{}{path}", context.server.origin.replace("127.0.0.1", "localhost")),
        "other_host" => format!("http://elsewhere.sandbox.invalid{path}"),
        "loop" => context.occasion.target.clone(),
        _ => path,
    };
    answer.set_status(StatusCode::from_u16(status).unwrap_or_default());
    answer.set_header(LOCATION, location);
}
