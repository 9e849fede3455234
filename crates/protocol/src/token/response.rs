//! Judging the answer to a token request.

use serde_json::Value;

use crate::Secret;
use crate::answer::{
    AnswerDefect, ErrorStyle, Oddity, Refusal, Understood, check_envelope, error_of, refusal, understand,
};
use crate::authorization::ErrorResponse;
use crate::document::Document;
use crate::http::HttpResponse;
use crate::inert::inert;

/// The longest lifetime we believe: fifty years in seconds. Beyond that somebody wrote milliseconds, or anything.
const LONGEST_LIFETIME: u64 = 50 * 365 * 86_400;

/// How a provider's token answers are read.
#[derive(Clone, Debug)]
pub struct TokenRules {
    /// How success is told from refusal.
    pub success: SuccessRule,
    /// How errors are named.
    pub errors: ErrorStyle,
}

/// How the success of a token request is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuccessRule {
    /// There is an `access_token`.
    AccessToken,
    /// The flag at this JSON pointer is `true` and there is an `access_token`.
    FlagAndAccessToken(String),
    /// There is something at this JSON pointer, and the answer is itself the identity.
    Present(String),
}

/// The answer to a token request, judged. A refusal is a result like the others.
#[derive(Clone, Debug)]
pub enum TokenResponse {
    /// Tokens.
    Issued(IssuedTokens),
    /// No token: the answer is the identity itself.
    Identity(Value, Vec<Oddity>),
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

/// Tokens as issued (RFC 6749 §5.1).
#[derive(Clone, Debug)]
pub struct IssuedTokens {
    /// The access token.
    pub access_token: Secret,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
    /// The ID token (OpenID Connect Core §3.1.3.3).
    pub id_token: Option<Secret>,
    /// As the server wrote it.
    pub token_type: Option<String>,
    /// Seconds the access token lives.
    pub expires_in: Option<u64>,
    /// Seconds the refresh token lives; 0 means for ever at Keycloak.
    pub refresh_expires_in: Option<u64>,
    /// As the server wrote it.
    pub scope: Option<String>,
    /// What was unusual.
    pub oddities: Vec<Oddity>,
}

impl TokenResponse {
    /// Judges an answer. Total: every response has a judgement.
    pub fn read(response: &HttpResponse, rules: &TokenRules) -> Self {
        judge(response, rules).unwrap_or_else(Self::Malformed)
    }
}

fn judge(response: &HttpResponse, rules: &TokenRules) -> Result<TokenResponse, AnswerDefect> {
    check_envelope(response)?;
    if response.status != 200 {
        return refusal(response, rules.errors).map(TokenResponse::Refused);
    }
    let understood = understand(response)?;
    let value = &understood.document.value;
    if !value.is_object() {
        return Err(AnswerDefect::NotAnObject);
    }
    let refused = |error| Ok(TokenResponse::Refused(Refusal::of(response, error)));
    // Some servers refuse with status 200.
    if let Some(error) = error_of(value, rules.errors) {
        return if value.get("access_token").is_some() { Err(AnswerDefect::TokenAndError) } else { refused(error) };
    }
    match &rules.success {
        SuccessRule::Present(pointer) if value.pointer(pointer).is_none_or(Value::is_null) => {
            Err(AnswerDefect::NoSuccessSign(pointer.clone()))
        }
        SuccessRule::Present(_) => Ok(TokenResponse::Identity(understood.document.value, understood.oddities)),
        SuccessRule::FlagAndAccessToken(pointer) => match value.pointer(pointer) {
            Some(Value::Bool(true)) => issued(&understood),
            Some(Value::Bool(false)) => refused(ErrorResponse::default()),
            _ => Err(AnswerDefect::NoSuccessSign(pointer.clone())),
        },
        SuccessRule::AccessToken => issued(&understood),
    }
}

fn issued(understood: &Understood) -> Result<TokenResponse, AnswerDefect> {
    let value = &understood.document.value;
    let mut oddities = understood.oddities.clone();
    let from_form = oddities.contains(&Oddity::FormEncoded);
    let access_token = match value.get("access_token") {
        Some(Value::String(text)) if !text.is_empty() => read_bearer(text)?,
        _ => return Err(AnswerDefect::NoAccessToken),
    };
    let token_type = read_token_type(value, &mut oddities)?;
    let mut optional = |name: &str| {
        let token = value.get(name)?;
        let read = read_token(token);
        if read.is_none() {
            oddities.push(Oddity::TokenIgnored(name.to_owned()));
        }
        read
    };
    let refresh_token = optional("refresh_token");
    let id_token = optional("id_token");
    let expires_in = read_lifetime(&understood.document, "expires_in", 1, from_form, &mut oddities);
    let refresh_expires_in = read_lifetime(&understood.document, "refresh_expires_in", 0, from_form, &mut oddities);
    let scope = match value.get("scope") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(inert(text)),
        Some(_) => {
            oddities.push(Oddity::ScopeNotText);
            None
        }
    };
    let tokens = IssuedTokens {
        access_token,
        refresh_token,
        id_token,
        token_type,
        expires_in,
        refresh_expires_in,
        scope,
        oddities,
    };
    Ok(TokenResponse::Issued(tokens))
}

/// A bearer token is printable ASCII without spaces (RFC 6750 §2.1): anything else could break out of a header.
fn read_bearer(text: &str) -> Result<Secret, AnswerDefect> {
    let fits = text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(Secret::new(text)) } else { Err(AnswerDefect::AccessTokenMalformed) }
}

/// A token is text of printable ASCII (RFC 6749 Appendix A.17).
fn read_token(value: &Value) -> Option<Secret> {
    let text = value.as_str()?;
    let fits = !text.trim_matches(' ').is_empty() && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    fits.then(|| Secret::new(text))
}

fn read_token_type(value: &Value, oddities: &mut Vec<Oddity>) -> Result<Option<String>, AnswerDefect> {
    match value.get("token_type") {
        None | Some(Value::Null) => {
            oddities.push(Oddity::TokenTypeMissing);
            Ok(None)
        }
        // Letter case does not matter (RFC 6749 §5.1).
        Some(Value::String(text)) if text.eq_ignore_ascii_case("bearer") => Ok(Some(text.clone())),
        Some(Value::String(text)) => Err(AnswerDefect::UnknownTokenType(inert(text))),
        Some(other) => Err(AnswerDefect::UnknownTokenType(inert(&other.to_string()))),
    }
}

fn read_lifetime(
    document: &Document,
    name: &str,
    least: u64,
    from_form: bool,
    oddities: &mut Vec<Oddity>,
) -> Option<u64> {
    let found = document.value.get(name)?;
    let (seconds, as_text) = match found {
        Value::String(text) => (text.parse().ok(), true),
        other => (other.as_u64(), false),
    };
    let seconds = seconds.filter(|seconds| (least..=LONGEST_LIFETIME).contains(seconds));
    let shown = || inert(&document.text_at(&format!("/{name}")).unwrap_or_else(|| found.to_string()));
    match seconds {
        Some(_) if as_text && !from_form => oddities.push(Oddity::LifetimeAsText(shown())),
        Some(_) => {}
        None => oddities.push(Oddity::LifetimeIgnored(name.to_owned(), shown())),
    }
    seconds
}

impl IssuedTokens {
    /// The scopes that were granted: those of the answer, or all that were asked for when it names none (RFC 6749 §5.1).
    /// `separator` is what this provider writes between them, a space by RFC 6749 §3.3.
    pub fn granted_scopes(&self, separator: char, requested: &[String]) -> Vec<String> {
        let Some(scope) = &self.scope else {
            return requested.to_vec();
        };
        scope.split(separator).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests;
