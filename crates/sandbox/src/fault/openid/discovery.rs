//! DI: the metadata.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::answer::{Finished, Pause};
use super::super::inject::Context;
use super::super::token::Members;
use super::super::wire::repeating;
use super::attacker;
use crate::endpoint::chaster::Endpoint;

/// The members that are addresses a client sends something to.
const ENDPOINTS: [&str; 8] = [
    "authorization_endpoint",
    "token_endpoint",
    "introspection_endpoint",
    "userinfo_endpoint",
    "end_session_endpoint",
    "jwks_uri",
    "registration_endpoint",
    "revocation_endpoint",
];

/// Bends the metadata; says whether the fault really happened.
pub(super) fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    match (context.fault, context.variant) {
        ("DI-05", _) => {
            answer.redirect(StatusCode::FOUND, &attacker::address(context.server, "metadata"));
            true
        }
        ("DI-06", variant @ ("oauth_only" | "openid_only" | "neither")) => absent(context, answer, variant),
        ("DI-07", variant) => unreadable(context, answer, variant),
        _ => {
            let Some(mut document) = Members::read(answer) else { return false };
            if !alter(context, &mut document) {
                return false;
            }
            answer.set_body(document.to_json());
            true
        }
    }
}

fn is_openid(context: &Context<'_>) -> bool {
    context.occasion.target.split('?').next() == Some(Endpoint::OpenIdMetadata.path())
}

/// DI-06: one of the two addresses, or both, know nothing.
fn absent(context: &Context<'_>, answer: &mut Finished, variant: &str) -> bool {
    let gone = match variant {
        "oauth_only" => is_openid(context),
        "openid_only" => !is_openid(context),
        _ => true,
    };
    if gone {
        answer.replace(StatusCode::NOT_FOUND, "text/plain", "Not Found");
    }
    gone
}

/// DI-07.
fn unreadable(context: &Context<'_>, answer: &mut Finished, variant: &str) -> bool {
    match variant {
        "html" => answer.replace_by_page("<!doctype html><title>Sign in</title>".to_owned()),
        "truncated" => {
            let half = answer.body.slice(..answer.body.len() / 2);
            answer.set_body(half);
        }
        "many_bytes" => {
            let rest = String::from_utf8_lossy(&answer.body[1..]).into_owned();
            answer.stream(repeating("{\"filler\":\"", "x".repeat(1024), 10 * 1024, format!("\",{rest}")));
        }
        _ => answer.pause(Pause::For(Duration::from_millis(context.delay_ms.into()))),
    }
    true
}

fn put(document: &mut Members, name: &str, value: impl Into<Value>) -> bool {
    document.set(name, value.into().to_string());
    true
}

fn alter(context: &Context<'_>, document: &mut Members) -> bool {
    let server = context.server;
    let text = |document: &Members, name| document.text(name).unwrap_or_default();
    match (context.fault, context.variant) {
        ("DI-01", variant) => put(document, "issuer", other_issuer(&text(document, "issuer"), variant)),
        ("DI-02", _) => elsewhere(document, &server.origin, "http://sso.chaster.example"),
        ("DI-03", variant) => put(document, "token_endpoint", forbidden(&server.origin, variant)),
        ("DI-04", variant) => incomplete(document, variant),
        ("DI-06", _) => !is_openid(context) && put(document, "token_endpoint", attacker::address(server, "token")),
        ("DI-08", _) => {
            let address = format!("{}?version={}", text(document, "token_endpoint"), server.entropy.six_digits());
            put(document, "token_endpoint", address)
        }
        ("DI-09", _) => {
            document.add("token_endpoint", Value::from(attacker::address(server, "token")).to_string());
            true
        }
        ("DI-10", _) => {
            let aliases = json!({
                "token_endpoint": attacker::address(server, "token"),
                "userinfo_endpoint": attacker::address(server, "userinfo"),
            });
            put(document, "mtls_endpoint_aliases", aliases)
        }
        ("DI-11", _) => {
            let address = format!("{}?run={}", text(document, "jwks_uri"), server.entropy.six_digits());
            put(document, "jwks_uri", address)
        }
        // DI-13: the second letter is Cyrillic.
        _ => elsewhere(document, &server.origin, "https://c\u{4bb}aster.app"),
    }
}

/// DI-01: nearly the issuer.
fn other_issuer(issuer: &str, variant: &str) -> String {
    match variant {
        "slash" => format!("{issuer}/"),
        "case" => issuer.replace("/realms/", "/Realms/"),
        _ => format!("{issuer}INVALID"),
    }
}

/// Moves every endpoint to another origin; the issuer stays.
fn elsewhere(document: &mut Members, here: &str, there: &str) -> bool {
    for name in ENDPOINTS {
        if let Some(address) = document.text(name) {
            put(document, name, address.replacen(here, there, 1));
        }
    }
    true
}

/// DI-03: addresses to which a client must not be talked into sending its secret.
fn forbidden(origin: &str, variant: &str) -> String {
    let path = Endpoint::Token.path();
    match variant {
        "loopback" => format!("https://127.0.0.1:9{path}"),
        "link_local" => "http://169.254.169.254/latest/meta-data/".to_owned(),
        "loopback_v6" => format!("http://[::1]:9{path}"),
        "file" => "file:///etc/passwd".to_owned(),
        "userinfo" => format!("{}{path}", origin.replacen("://", "://sandbox:secret@", 1)),
        "port_0" => format!("http://127.0.0.1:0{path}"),
        _ => "https://token.attacker.example/token".to_owned(),
    }
}

/// DI-04: what RFC 8414 §2 and OpenID Connect Discovery §3 call REQUIRED.
fn incomplete(document: &mut Members, variant: &str) -> bool {
    match variant {
        "number" => put(document, "token_endpoint", 7),
        "array" => put(document, "issuer", json!(["https://sso.chaster.example"])),
        "text" => put(document, "response_types_supported", "code"),
        _ => {
            document.remove(variant.trim_start_matches("no_"));
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::forbidden;

    #[test]
    fn the_address_with_a_password_is_still_the_sandbox() {
        assert!(forbidden("http://127.0.0.1:7000", "userinfo").starts_with("http://sandbox:secret@127.0.0.1:7000/"));
    }
}
