//! What was off about a token answer that could be used all the same.

use gatewright_model::Redacted;
use gatewright_model::dialect::AnswerEncoding;
use gatewright_model::run::Finding;
use gatewright_protocol::answer::Oddity;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::token::IssuedTokens;

use super::finding::plain;
use super::plan::LoginPlan;

/// Everything off about issued tokens, most telling first.
pub(super) fn of_tokens(plan: &LoginPlan, tokens: &IssuedTokens, response: &HttpResponse) -> Vec<Finding> {
    let lifetime = lifetime(plan, tokens);
    let id_token = (plan.asks_for_id_token() && tokens.id_token.is_none()).then(|| {
        plain(
            "id_token_missing",
            "id_token",
            "There is no ID token although openid was asked.",
            "Without an ID token only the identity endpoint says who logged in. Ask the provider whether openid is enabled for this client.",
            "a signed token (OpenID Connect Core §3.1.3.3)",
            "nothing",
        )
    });
    let found = [lifetime, refresh(plan, tokens), id_token, scope(plan, tokens), caching(response)];
    found.into_iter().flatten().chain(of_form(plan, &tokens.oddities)).collect()
}

/// Everything off about the form of an answer.
pub(super) fn of_form(plan: &LoginPlan, oddities: &[Oddity]) -> Vec<Finding> {
    oddities.iter().filter_map(|oddity| of_oddity(plan, oddity)).collect()
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

fn refresh(plan: &LoginPlan, tokens: &IssuedTokens) -> Option<Finding> {
    let said = &plan.provider.dialect.tokens.refresh;
    (said.value && tokens.refresh_token.is_none()).then(|| {
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

/// Oddities of the whole answer here, those of single fields in [`of_field`].
fn of_oddity(plan: &LoginPlan, oddity: &Oddity) -> Option<Finding> {
    let label = |label: &str| if label.is_empty() { "no Content-Type".to_owned() } else { label.to_owned() };
    Some(match oddity {
        Oddity::FormEncoded if plan.provider.dialect.token_response.encoding.value == AnswerEncoding::FormOrJson => {
            return None;
        }
        Oddity::FormEncoded => plain(
            "answer_form_encoded",
            "content-type",
            "The answer is form-encoded.",
            "It was understood, but most libraries read JSON only and would find no token.",
            "a JSON object (RFC 6749 §5.1)",
            "name=value pairs",
        ),
        Oddity::Mislabelled(received) => plain(
            "content_type_odd",
            "content-type",
            "The answer's label does not fit what it holds.",
            "It was understood by its content. Strict libraries refuse it.",
            "a Content-Type that names the form of the body",
            &label(received),
        ),
        Oddity::ByteOrderMark => plain(
            "byte_order_mark",
            "body",
            "The answer begins with a byte order mark.",
            "It was skipped. JSON must not begin with one (RFC 8259 §8.1), and many parsers fail on it.",
            "{",
            "U+FEFF {",
        ),
        other => return of_field(other),
    })
}

fn place(place: Option<&str>) -> String {
    place.map(|place| format!(" ({place})")).unwrap_or_default()
}

fn of_field(oddity: &Oddity) -> Option<Finding> {
    Some(match oddity {
        Oddity::TokenTypeMissing => plain(
            "token_type_missing",
            "token_type",
            "The answer does not say what kind of token this is.",
            "It is used as a bearer token. Strict libraries refuse an answer without token_type.",
            "Bearer (required, RFC 6749 §5.1)",
            "nothing",
        ),
        Oddity::LifetimeAsText(received) => plain(
            "lifetime_as_text",
            "expires_in",
            "The lifetime is written as text.",
            "It was understood. Typed languages fail on it unless told.",
            "a number",
            &format!("\"{received}\""),
        ),
        Oddity::LifetimeIgnored(name, received) => plain(
            "lifetime_ignored",
            name,
            "The lifetime makes no sense and was ignored.",
            "Treat the token as one that may end at any time.",
            "a whole number of seconds",
            received,
        ),
        Oddity::ScopeNotText => plain(
            "scope_not_text",
            "scope",
            "The scope is not written as text and was ignored.",
            "What was granted is therefore unknown.",
            "names separated by a space (RFC 6749 §3.3)",
            "another JSON type",
        ),
        Oddity::TokenIgnored(name) => plain(
            "token_ignored",
            name,
            "A token of the answer cannot be used and was ignored.",
            "It is empty, is no text, or holds characters that a token may not hold.",
            "text of printable ASCII characters",
            "something else",
        ),
        Oddity::FormEncoded | Oddity::Mislabelled(_) | Oddity::ByteOrderMark => return None,
    })
}
