//! What was off about a token answer that could be used all the same.

use gatewright_model::run::Finding;
use gatewright_model::{Mark, Redacted};
use gatewright_protocol::answer::clock_skew;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::token::IssuedTokens;

use super::plan::{LoginPlan, OFFLINE_ACCESS};
use crate::finding::{id_token_unverified, plain};
use crate::oddities::of_form;

/// Seconds two clocks may differ before it is worth a word.
const WORTH_A_WORD: u64 = 60;

/// Everything off about issued tokens, most telling first.
pub(super) fn of_tokens(plan: &LoginPlan, tokens: &IssuedTokens, response: &HttpResponse, now: i64) -> Vec<Finding> {
    let lifetime = lifetime(plan, tokens);
    let id_token = id_token(plan, tokens);
    let found =
        [lifetime, refresh(plan, tokens), id_token, scope(plan, tokens), caching(response), clock(response, now)];
    found.into_iter().flatten().chain(of_form(&plan.provider.dialect, &tokens.oddities)).collect()
}

/// Where an ID token cannot be judged. Otherwise that has a step of its own.
fn id_token(plan: &LoginPlan, tokens: &IssuedTokens) -> Option<Finding> {
    match &tokens.id_token {
        _ if plan.provider.openid.is_some() => None,
        Some(_) => Some(id_token_unverified()),
        None => plan.asks_for_id_token().then(|| {
            plain(
                "id_token_missing",
                "id_token",
                "There is no ID token although openid was asked.",
                "Without an ID token only the identity endpoint says who logged in. Ask the provider whether openid is enabled for this client.",
                "a signed token (OpenID Connect Core §3.1.3.3)",
                "nothing",
            )
        }),
    }
}

fn lifetime(plan: &LoginPlan, tokens: &IssuedTokens) -> Option<Finding> {
    let name = &plan.provider.name;
    let documented = plan.provider.dialect.tokens.access_token_seconds.as_ref();
    match (tokens.expires_in, documented) {
        (None, _) => Some(Finding {
            code: "token_never_expires".to_owned(),
            title: "The access token has no lifetime.".to_owned(),
            advice: format!(
                "{name} sends no expires_in: the token may stay valid until it is revoked. Treat a leak as permanent."
            ),
            field: "expires_in".to_owned(),
            expected: Redacted::text("a number of seconds (recommended, RFC 6749 §5.1)"),
            received: Redacted::text("nothing"),
        }),
        (Some(seconds), Some(said)) if seconds != u64::from(said.value) => Some(plain(
            "lifetime_differs",
            "expires_in",
            "The access token lives for another time than the document says.",
            "Do not build on the documented time: read expires_in each time.",
            &format!("{} seconds{}", said.value, place(said.place.as_deref())),
            &format!("{seconds} seconds"),
        )),
        _ => None,
    }
}

/// A provider that knows `offline_access` gives a refresh token for that scope alone (OpenID Connect Core §11), unless its own document
/// promises one for every login.
fn refresh(plan: &LoginPlan, tokens: &IssuedTokens) -> Option<Finding> {
    let said = &plan.provider.dialect.tokens.refresh;
    let lists_offline_access =
        plan.provider.dialect.authorization.scopes.value.iter().any(|name| name == OFFLINE_ACCESS);
    let is_promised = said.mark == Mark::Documented || plan.asks_for_offline_access() || !lists_offline_access;
    (said.value && is_promised && tokens.refresh_token.is_none()).then(|| {
        plain(
            "refresh_token_missing",
            "refresh_token",
            "There is no refresh token.",
            "When the access token has expired, only a new login helps.",
            &format!("a refresh token{}", place(said.place.as_deref())),
            "nothing",
        )
    })
}

fn scope(plan: &LoginPlan, tokens: &IssuedTokens) -> Option<Finding> {
    let granted = tokens.scope.as_deref()?;
    if plan.scopes.is_empty() {
        return None;
    }
    let mut received: Vec<&str> = granted.split([' ', ',']).filter(|name| !name.is_empty()).collect();
    let mut asked: Vec<&str> = plan.scopes.iter().map(String::as_str).collect();
    received.sort_unstable();
    asked.sort_unstable();
    // Keycloak adds its default scopes; only what is missing takes something from the app.
    let missing: Vec<&str> = asked.iter().copied().filter(|name| !received.contains(name)).collect();
    (!missing.is_empty()).then(|| {
        plain(
            "scope_differs",
            "scope",
            "Not every scope that was asked for was granted.",
            &format!("Missing: {}. Calls that need it will be refused.", missing.join(", ")),
            &asked.join(" "),
            granted,
        )
    })
}

/// A clock that is off explains why a token seems to come from the future. Tolerances do not grow by it.
fn clock(response: &HttpResponse, now: i64) -> Option<Finding> {
    let skew = clock_skew(response, now).filter(|skew| skew.unsigned_abs() > WORTH_A_WORD)?;
    let side = if skew > 0 { "ahead" } else { "behind" };
    Some(plain(
        "clock_differs",
        "date",
        "The server's clock differs from this computer's.",
        "Find out which of the two is wrong: signed tokens are refused when they seem too old or not valid yet.",
        "the same time, give or take a minute",
        &format!("{} s {side}", skew.unsigned_abs()),
    ))
}

fn caching(response: &HttpResponse) -> Option<Finding> {
    let header = response.header("cache-control");
    let forbidden = header.is_some_and(|value| value.to_ascii_lowercase().contains("no-store"));
    (!forbidden).then(|| {
        plain(
            "cache_allowed",
            "cache-control",
            "The answer with the tokens may be stored by caches.",
            "A proxy or browser on the way may keep the tokens. This is the provider's to fix.",
            "Cache-Control: no-store (RFC 6749 §5.1)",
            &header.map_or_else(|| "no Cache-Control header".to_owned(), |value| format!("Cache-Control: {value}")),
        )
    })
}

fn place(place: Option<&str>) -> String {
    place.map(|place| format!(" ({place})")).unwrap_or_default()
}
