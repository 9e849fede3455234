//! Other ways to bring the browser to the callback, and to bring it there more than once.

use std::fmt::Write as _;

use axum::http::StatusCode;

use super::callback::Callback;
use crate::fault::answer::Finished;
use crate::fault::inject::Context;

/// AZ-26.
pub(super) fn otherwise(variant: &str, callback: &Callback, answer: &mut Finished) {
    let location = callback.location();
    let (html, script) = (escaped(&location), as_script_text(&location));
    let body = match variant {
        "303" => return answer.redirect(StatusCode::SEE_OTHER, &location),
        "307" => return answer.redirect(StatusCode::TEMPORARY_REDIRECT, &location),
        "308" => return answer.redirect(StatusCode::PERMANENT_REDIRECT, &location),
        "meta_refresh" => format!("<meta http-equiv=\"refresh\" content=\"0;url={html}\">"),
        "script" => format!("<script>location.replace({script})</script>"),
        "form_submit" => {
            let fields = fields(&callback.decoded());
            let action = escaped(&callback.address);
            format!("<form id=\"f\" method=\"get\" action=\"{action}\">{fields}</form><script>f.submit()</script>")
        }
        "window_open" => format!("<script>window.open({script})</script>"),
        "target_blank" => {
            format!("<a id=\"a\" target=\"_blank\" href=\"{html}\">Continue</a><script>a.click()</script>")
        }
        _ => format!("<iframe src=\"{html}\"></iframe>"),
    };
    answer.replace_by_page(page(&body));
}

/// AZ-23: pictures are loaded before the page is left, so the first request is the picture's.
pub(super) fn repeatedly(context: &Context<'_>, callback: &Callback, answer: &mut Finished) {
    let mut last = callback.clone();
    let pictures = match context.variant {
        "twice" => 1,
        "thrice" => 2,
        _ => {
            last.set("code", &context.server.entropy.hex40());
            1
        }
    };
    let picture = format!("<img alt=\"\" src=\"{}\">", escaped(&callback.location()));
    let leave = format!("<meta http-equiv=\"refresh\" content=\"1;url={}\">", escaped(&last.location()));
    answer.replace_by_page(page(&(picture.repeat(pictures) + &leave)));
}

/// AZ-25: OAuth 2.0 Form Post Response Mode, rightly and wrongly.
pub(super) fn form_post(variant: &str, callback: &Callback, answer: &mut Finished) {
    let mut sent = callback.clone();
    let mut action = callback.address.clone();
    let (mut encoding, mut more) = ("", String::new());
    match variant {
        "error" => sent.turn_into_error("access_denied"),
        "code_in_query_too" => action = callback.location(),
        "wrong_content_type" => encoding = " enctype=\"text/plain\"",
        "huge_body" => more = field("sandbox_filler", &"x".repeat(1 << 20)),
        "duplicates" => more = fields(&callback.decoded()),
        _ => {}
    }
    let (action, fields) = (escaped(&action), fields(&sent.decoded()));
    answer.replace_by_page(page(&format!(
        "<form id=\"f\" method=\"post\"{encoding} action=\"{action}\">{fields}{more}</form><script>f.submit()</script>"
    )));
}

fn page(body: &str) -> String {
    format!("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sandbox fault</title>{body}</html>\n")
}

fn fields(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| field(name, value)).collect()
}

fn field(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
}

/// Text as it stands in HTML, in quotes or not.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' => {
                // Writing to a String cannot fail.
                let _ = write!(html, "&#{};", u32::from(character));
            }
            _ => html.push(character),
        }
    }
    html
}

/// Text as a script writes it; `<` cannot end the script element there.
fn as_script_text(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}
