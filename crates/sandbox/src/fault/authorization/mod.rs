//! Faults of the authorization endpoint and of the redirect back to the app.

mod callback;
mod delivery;
mod memory;
mod parameters;
mod request;

pub(super) use callback::callback_of;

use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use url::Url;

use super::answer::{Finished, Pause};
use super::inject::Context;
use callback::Callback;

/// Bends a finished answer; says whether the fault really happened.
pub(super) fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let variant = context.variant;
    match context.fault {
        "AZ-27" => return request::circle(context, answer),
        "AZ-28" => return request::odd(variant, answer),
        "AZ-32" => return request::mix_up(context, answer),
        "AZ-35" => return memory::forget_consent(context),
        "AZ-36" => return memory::sign_out(context),
        _ => {}
    }
    let Some(callback) = callback_of(context.occasion, answer) else { return false };
    match context.fault {
        "AZ-11" => return moved(answer, context.occasion.query.text("redirect_uri").unwrap_or_default()),
        "AZ-21" => return elsewhere(variant, &callback, answer),
        "AZ-23" => delivery::repeatedly(context, &callback, answer),
        "AZ-25" => delivery::form_post(variant, &callback, answer),
        "AZ-26" => delivery::otherwise(variant, &callback, answer),
        "AZ-29" => answer.redirect(StatusCode::FOUND, &forbidden_target(variant, &callback)),
        "AZ-30" => return elsewhere("userinfo", &callback, answer),
        "AZ-34" => return memory::keep_code(context, &callback),
        "AZ-37" => return memory::give_to_owner(context, &callback),
        "AZ-33" => answer.pause(Pause::For(Duration::from_millis(context.delay_ms.into()))),
        _ => return parameters::bend(context, callback).is_some_and(|bent| moved(answer, &bent.location())),
    }
    true
}

/// Sends the browser to another address than the answer did; says whether it is another (a state of digits has no other letter case).
fn moved(answer: &mut Finished, location: &str) -> bool {
    let is_other = answer.header(LOCATION) != Some(location);
    answer.redirect(answer.status(), location);
    is_other
}

/// AZ-21, AZ-30: one part of the address is another.
fn elsewhere(variant: &str, callback: &Callback, answer: &mut Finished) -> bool {
    let Some(address) = other_address(variant, &callback.address) else { return false };
    moved(answer, &callback.at(address).location())
}

/// Nothing when the address has no such part: `app:/callback` has no port.
fn other_address(variant: &str, address: &str) -> Option<String> {
    if variant == "trailing_slash" {
        return Some(address.strip_suffix('/').map_or_else(|| format!("{address}/"), str::to_owned));
    }
    let mut url = Url::parse(address).ok()?;
    match variant {
        "path" => url.set_path(&format!("{}/other", url.path().trim_end_matches('/'))),
        // localhost reaches the same listener under another name.
        "host" if url.host_str() == Some("127.0.0.1") => url.set_host(Some("localhost")).ok()?,
        "host" => url.set_host(Some("callback.sandbox.invalid")).ok()?,
        "port" => {
            let port = url.port_or_known_default()?;
            url.set_port(Some(port.checked_add(1).unwrap_or(1))).ok()?;
        }
        "scheme" => {
            let other = if url.scheme() == "https" { "http" } else { "https" };
            url.set_scheme(other).ok()?;
        }
        _ => {
            url.set_username("sandbox").ok()?;
            url.set_password(Some("sandbox")).ok()?;
        }
    }
    Some(url.into())
}

/// AZ-29. The callback's parameters go along: whoever follows the redirect gives them away.
fn forbidden_target(variant: &str, callback: &Callback) -> String {
    let query = callback.query();
    match variant {
        "file" => format!("file:///tmp/sandbox-callback.html?{query}"),
        "data" => "data:text/html,<h1>sandbox</h1><script>document.title='reached'</script>".to_owned(),
        "javascript" => "javascript:document.title='reached'".to_owned(),
        "custom_scheme" => format!("sandbox-app://callback?{query}"),
        "app_origin" => format!("tauri://localhost/?{query}"),
        // Port 9 discards; what counts is that it is not the redirect URI's.
        _ => format!("http://127.0.0.1:9/?{query}"),
    }
}
