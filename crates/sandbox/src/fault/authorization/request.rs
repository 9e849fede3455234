//! Faults that answer the authorization request itself, instead of its endpoint.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, WWW_AUTHENTICATE};

use crate::Twin;
use crate::fault::answer::{Finished, Pause};
use crate::fault::inject::Context;
use crate::fault::occasion::Occasion;
use crate::server::Server;

/// How far AZ-27 leads on before it lets the request through.
const HOPS: u32 = 20;

/// AZ-27: redirects to the same request. Each hop is an opportunity, so "at the first 20" gives a chain that ends.
pub(super) fn circle(context: &Context<'_>, answer: &mut Finished) -> bool {
    let target = &context.occasion.target;
    let next = match context.variant {
        "itself" => target.clone(),
        "ping_pong" => match target.strip_suffix("&sandbox_turn=pong") {
            Some(ping) => ping.to_owned(),
            None => format!("{target}&sandbox_turn=pong"),
        },
        _ => {
            let (request, hop) = target.rsplit_once("&sandbox_hop=").unwrap_or((target, "0"));
            let hop = hop.parse().unwrap_or(HOPS);
            if hop >= HOPS {
                return false;
            }
            format!("{request}&sandbox_hop={}", hop + 1)
        }
    };
    answer.redirect(StatusCode::FOUND, &next);
    true
}

/// AZ-28.
pub(super) fn odd(variant: &str, answer: &mut Finished) -> bool {
    let failure = "<!doctype html><title>500</title><h1>Internal Server Error</h1>\n";
    match variant {
        "server_error" => answer.replace(StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=utf-8", failure),
        "hang" => answer.pause(Pause::Forever),
        "blank" => answer.set_header(CONTENT_TYPE, "text/html; charset=utf-8"),
        "no_content" => answer.set_status(StatusCode::NO_CONTENT),
        "download" => {
            answer.replace(StatusCode::OK, "application/octet-stream", "sandbox\n");
            answer.set_header(CONTENT_DISPOSITION, "attachment; filename=\"sandbox.bin\"");
        }
        _ => {
            answer.set_status(StatusCode::UNAUTHORIZED);
            answer.set_header(WWW_AUTHENTICATE, "Basic realm=\"Sandbox\"");
        }
    }
    true
}

/// AZ-32: the app believes to ask this twin, and is sent to another one with the same state, and with the same redirect URI where an app
/// there has it. The code that comes back is the other twin's (RFC 9700 §4.4).
pub(super) fn mix_up(context: &Context<'_>, answer: &mut Finished) -> bool {
    let Some((twin, client_id, redirect_uri)) = other_provider(context.server, context.occasion, context.variant)
    else {
        return false;
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("response_type", "code").append_pair("client_id", &client_id);
    query.append_pair("redirect_uri", &redirect_uri);
    for name in ["state", "nonce", "code_challenge", "code_challenge_method"] {
        if let Some(value) = context.occasion.query.text(name) {
            query.append_pair(name, value);
        }
    }
    answer.redirect(StatusCode::FOUND, &format!("{}?{}", twin.authorization_path(), query.finish()));
    answer.set_header(CACHE_CONTROL, "no-store");
    true
}

/// A twin, an app there, and where that is sent back to: to the same address if any app has it, else to its own.
fn other_provider(server: &Server, occasion: &Occasion, variant: &str) -> Option<(Twin, String, String)> {
    let redirect_uri = occasion.query.text("redirect_uri")?;
    let wanted = |twin: &Twin| *twin != occasion.twin && (variant == "any" || variant == twin.id());
    let twins: Vec<Twin> = server.twins.iter().copied().filter(wanted).collect();
    let app_at = |twin: Twin, is_sent_there: &dyn Fn(&str) -> bool| {
        let apps = server.apps.list(twin);
        let sent = apps.iter().flat_map(|app| app.redirect_uris.iter().map(move |uri| (app, uri)));
        let (app, uri) = sent.into_iter().find(|(_, uri)| is_sent_there(uri))?;
        Some((twin, app.client_id.to_string(), uri.clone()))
    };
    let same = twins.iter().find_map(|twin| app_at(*twin, &|uri| uri == redirect_uri));
    same.or_else(|| twins.iter().find_map(|twin| app_at(*twin, &|_| true)))
}
