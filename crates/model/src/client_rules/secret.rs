//! Rules for a pasted secret. No sentence here quotes it, and none offers a corrected one.

use gatewright_protocol::Secret;

use super::{ClientDraft, DraftField, Finding, FindingCode, placeholder::holds_placeholder, private_key};
use crate::{Provider, dialect::ClientAuthentication};

const FIELD: DraftField = DraftField::Secret;
const AGAIN: &str = "Copy the secret again, without anything around it.";

/// What is wrong with the secret, when one was given.
pub(super) fn check(provider: &Provider, draft: &ClientDraft) -> Vec<Finding> {
    let Some(secret) = draft.secret.as_ref() else { return Vec::new() };
    if secret.expose().trim().is_empty() {
        let finding = Finding::error(FIELD, FindingCode::SecretEmpty, "The secret is empty.");
        return vec![finding.hint("Paste the client secret the provider shows.")];
    }
    let usual = provider.dialect.token_request.client_authentication.value;
    if draft.client_authentication.unwrap_or(usual) == ClientAuthentication::PrivateKeyJwt {
        return private_key::check(secret).into_iter().collect();
    }
    let mut findings: Vec<Finding> = characters(secret).into_iter().collect();
    findings.extend(not_a_secret(secret, draft.client_id.as_deref()));
    findings
}

/// Characters that a clipboard adds. The first that applies: they come together.
fn characters(secret: &Secret) -> Option<Finding> {
    let text = secret.expose();
    let inner = text.trim();
    if text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let message = "The secret holds a line break.";
        return Some(Finding::error(FIELD, FindingCode::SecretLineBreak, message).hint(AGAIN));
    }
    if inner.len() < text.len() {
        let message = "The secret begins or ends with a space.";
        return Some(Finding::error(FIELD, FindingCode::SecretEdgeWhitespace, message).hint(AGAIN));
    }
    if is_masked(text) {
        return Some(
            Finding::error(FIELD, FindingCode::SecretMasked, "These are the dots a page shows in place of the secret.")
                .hint("Let the provider's page show the secret, then copy it, or use its copy button."),
        );
    }
    if !text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        return Some(
            Finding::error(
                FIELD,
                FindingCode::SecretNotPrintable,
                "The secret holds a character outside printable ASCII.",
            )
            .hint("Client secrets do not (RFC 6749 Appendix A.2). Copy it again; such a character can be invisible."),
        );
    }
    if text.contains(' ') {
        return Some(
            Finding::warning(FIELD, FindingCode::SecretInnerSpace, "The secret holds a space.")
                .hint("That is allowed and rare. Check that nothing was copied along."),
        );
    }
    is_quoted(text).then(|| {
        Finding::warning(FIELD, FindingCode::SecretQuoted, "The secret stands in quotes.")
            .hint("They probably belong to the code it was copied from. Paste it without them.")
    })
}

/// Something else that was pasted into this field.
fn not_a_secret(secret: &Secret, client_id: Option<&str>) -> Option<Finding> {
    let text = secret.expose().trim();
    if client_id.is_some_and(|id| secret.matches(id) || id.trim() == text) {
        return Some(
            Finding::error(FIELD, FindingCode::SecretIsClientId, "This is the client ID once more.")
                .hint("The secret is the other value on the client's page, usually the longer one."),
        );
    }
    if holds_placeholder(text) {
        return Some(
            Finding::error(FIELD, FindingCode::SecretPlaceholder, "This is the stand-in of a document, not a secret.")
                .hint("Paste the client secret the provider shows."),
        );
    }
    if looks_like_a_token(text) {
        return Some(
            Finding::warning(
                FIELD,
                FindingCode::SecretLooksLikeToken,
                "This looks like a token, not like a client secret.",
            )
            .hint("A token belongs to a person and a login. The secret stands on the client's page."),
        );
    }
    (text.contains("://")).then(|| {
        Finding::warning(
            FIELD,
            FindingCode::SecretLooksLikeUrl,
            "This looks like an address, not like a client secret.",
        )
        .hint("Check that the right thing was on the clipboard.")
    })
}

fn is_quoted(text: &str) -> bool {
    text.len() >= 2 && ['"', '\'', '`'].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

/// Nothing but the characters that pages hide a secret behind.
fn is_masked(text: &str) -> bool {
    text.chars().all(|character| matches!(character, '•' | '●' | '∙' | '·' | '*' | '…'))
}

/// A JWT (RFC 7519: a base64url part that begins as `{"` does, and dots), a whole `Authorization` value, or a well-known token prefix.
fn looks_like_a_token(text: &str) -> bool {
    const PREFIXES: [&str; 9] = ["gho_", "ghp_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "ya29."];
    let lower = text.to_ascii_lowercase();
    let is_jwt = text.starts_with("eyJ") && (2..=4).contains(&text.matches('.').count());
    is_jwt || lower.starts_with("bearer ") || PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
}
