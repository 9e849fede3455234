//! Rules for the client identifier.

use gatewright_protocol::{ClientId, ClientIdKind};

use super::{ClientDraft, DraftField, Finding, FindingCode, placeholder::holds_placeholder};
use crate::Provider;

const FIELD: DraftField = DraftField::ClientId;

/// What is wrong with the client identifier.
pub(super) fn check(provider: &Provider, draft: &ClientDraft) -> Vec<Finding> {
    let Some(text) = draft.client_id.as_deref() else { return Vec::new() };
    pasted_wrongly(text).or_else(|| wrong_kind(provider, text)).into_iter().collect()
}

/// What a clipboard or a document added.
fn pasted_wrongly(text: &str) -> Option<Finding> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        let finding = Finding::error(FIELD, FindingCode::ClientIdEmpty, "The client ID is empty.");
        return Some(finding.hint("Copy it from the client's page at the provider."));
    }
    if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
        let finding =
            Finding::error(FIELD, FindingCode::ClientIdWhitespace, "The client ID holds a space or a line break.")
                .hint("It was probably copied along; a client ID is one word.");
        let has_inner = trimmed.chars().any(|character| character.is_whitespace() || character.is_control());
        return Some(if has_inner { finding } else { finding.fix(trimmed) });
    }
    let unquoted = text.trim_matches(['"', '\'', '`', '“', '”', '‘', '’', ',']);
    if unquoted.len() < text.len() {
        let finding =
            Finding::error(FIELD, FindingCode::ClientIdQuoted, "The client ID stands in quotes or ends in a comma.")
                .hint("They belong to the code sample it was copied from.");
        return Some(if unquoted.is_empty() { finding } else { finding.fix(unquoted) });
    }
    holds_placeholder(text).then(|| {
        Finding::error(FIELD, FindingCode::ClientIdPlaceholder, "This is the stand-in of a document, not a client ID.")
            .hint("Put the real client ID in its place.")
    })
}

/// The wrong type for this provider.
fn wrong_kind(provider: &Provider, text: &str) -> Option<Finding> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(
            Finding::error(
                FIELD,
                FindingCode::ClientIdNotPrintable,
                "The client ID holds a character outside printable ASCII.",
            )
            .hint("Client IDs do not (RFC 6749 Appendix A.1). Copy it again; such a character can be invisible."),
        );
    }
    match provider.client_form.client_id.value {
        ClientIdKind::Text => None,
        ClientIdKind::Integer => not_a_plain_number(&provider.name, text),
    }
}

/// Anything but the digits of a whole number: it goes into JSON as a number, where `07` and `+7` do not exist.
fn not_a_plain_number(provider: &str, text: &str) -> Option<Finding> {
    let number = ClientId::parse(text, ClientIdKind::Integer).ok().filter(|_| !text.starts_with('-'));
    let Some(number) = number else {
        return Some(
            Finding::error(
                FIELD,
                FindingCode::ClientIdNotANumber,
                format!("A client ID at {provider} is a whole number; this is not one."),
            )
            .hint("Check that it is the ID and not the name or the secret, and that it belongs to this provider."),
        );
    };
    let plain = number.to_string();
    (plain != text).then(|| {
        Finding::error(
            FIELD,
            FindingCode::ClientIdNotCanonical,
            "The number is written with a plus sign or a leading zero.",
        )
        .hint("JSON has no such numbers (RFC 8259 §6).")
        .fix(plain)
    })
}
