//! Whether the client ID is one: its type, and what a clipboard adds.

use gatewright_contract::preflight::PreflightFix;
use gatewright_model::client_rules::{DraftField, FindingCode};
use gatewright_protocol::ClientIdKind;

use super::item::Item;
use super::subject::Subject;

pub(super) fn judge(subject: &Subject) -> Item {
    let found = subject
        .findings
        .iter()
        .filter(|finding| finding.field == DraftField::ClientId && finding.code != FindingCode::ProviderMixUp);
    let (kind, good) = match subject.provider.client_form.client_id.value {
        ClientIdKind::Integer => ("a whole number", "It is a whole number, and is sent as one."),
        ClientIdKind::Text => ("one word", "It is one word without anything around it."),
    };
    let item = Item::of_findings(found, good, PreflightFix::EditClient);
    if item.fix.is_some() { item.expecting(kind, subject.client.client_id.to_string()) } else { item }
}
