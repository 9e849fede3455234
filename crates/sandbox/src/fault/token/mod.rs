//! Faults of the token endpoint's answers.

mod encoding;
mod members;
mod refusal;
mod tokens;

pub(super) use members::{Members, holds_access_token, holds_id_token};

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, DATE, SET_COOKIE};
use jiff::{SignedDuration, Timestamp};

use super::answer::Finished;
use super::inject::Context;
use super::wire::WireFault;

/// Bends a finished answer; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let variant = context.variant;
    match context.fault {
        "TK-01" | "TK-02" | "TK-03" | "TK-04" | "TK-20" | "TK-21" | "TK-22" | "TK-23" | "TK-24" | "TK-43" => {
            refusal::write(context, answer);
        }
        "TK-05" | "TK-06" | "TK-07" | "TK-08" | "TK-09" | "TK-11" | "TK-12" | "TK-13" | "TK-14" | "TK-39" => {
            return encoding::bend(context.fault, variant, answer);
        }
        "TK-25" | "TK-27" | "TK-28" | "TK-29" | "TK-30" | "TK-31" | "TK-32" | "TK-37" => {
            let pause = Duration::from_millis(context.delay_ms.into());
            answer.write_by(WireFault { fault: context.fault, variant, pause });
        }
        "TK-34" => return tokens::add_id_token(context, answer).await,
        "TK-26" => other_success(variant, answer),
        "TK-41" => {
            let day = SignedDuration::from_hours(if variant == "behind" { -24 } else { 24 });
            return wrong_date(context.server.now(), day, answer);
        }
        "TK-44" if variant == "no_header" => answer.remove_header(CACHE_CONTROL),
        "TK-44" => answer.set_header(CACHE_CONTROL, "private, max-age=3600"),
        "TK-42" => answer.add_header(SET_COOKIE, "sandbox_fault=1; Path=/; HttpOnly"),
        _ => return tokens::bend(context, answer),
    }
    true
}

/// TK-26.
fn other_success(variant: &str, answer: &mut Finished) {
    match variant {
        "201" => answer.set_status(StatusCode::CREATED),
        "202" => answer.set_status(StatusCode::ACCEPTED),
        "204" => answer.replace(StatusCode::NO_CONTENT, "application/json", ""),
        _ => answer.set_status(StatusCode::PARTIAL_CONTENT),
    }
}

/// TK-41 (RFC 9110 §6.6.1).
fn wrong_date(now: Timestamp, offset: SignedDuration, answer: &mut Finished) -> bool {
    let Ok(wrong) = now.checked_add(offset) else { return false };
    answer.set_header(DATE, http_date(wrong));
    true
}

/// A point in time as HTTP writes it (RFC 9110 §5.6.7).
fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
