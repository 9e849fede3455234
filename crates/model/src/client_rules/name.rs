//! Rules for the name.

use super::{ClientDraft, DraftField, Finding, FindingCode, limit_level, limit_words};
use crate::Provider;

/// What is wrong with the name.
pub(super) fn check(provider: &Provider, draft: &ClientDraft) -> Vec<Finding> {
    let name = draft.name.trim();
    if name.is_empty() {
        let finding = Finding::error(DraftField::Name, FindingCode::NameEmpty, "The name is empty.");
        return vec![finding.hint("Give a name by which you will recognise this client.")];
    }
    let mut findings = Vec::new();
    if name.len() < draft.name.len() {
        findings.push(
            Finding::warning(DraftField::Name, FindingCode::NameEdgeSpace, "The name begins or ends with a space.")
                .hint("It is hard to see and hard to search for.")
                .fix(name),
        );
    }
    let limit = &provider.client_form.name;
    let length = name.chars().count();
    let noun = &provider.client_form.noun.value;
    let bound = if length < limit.value.min as usize {
        Some((FindingCode::NameTooShort, format!("{} wants at least {}", provider.name, limit.value.min)))
    } else if length > limit.value.max as usize {
        Some((FindingCode::NameTooLong, format!("{} takes at most {}", provider.name, limit.value.max)))
    } else {
        None
    };
    if let Some((code, wanted)) = bound {
        findings.push(
            Finding::error(DraftField::Name, code, format!("The name has {length} characters; {wanted}."))
                .at(limit_level(limit.mark, draft))
                .hint(format!("It is the name of the {noun} at {}.{}", provider.name, limit_words(limit.mark))),
        );
    }
    findings
}
