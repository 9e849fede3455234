//! Whether the redirect URI is one that comes back as it was sent: no space, no stand-in, no spelling that browsers change.

use gatewright_contract::preflight::PreflightFix;
use gatewright_model::client_rules::{DraftField, FindingCode};

use super::item::Item;
use super::subject::Subject;

pub(super) fn judge(subject: &Subject) -> Item {
    let Ok(chosen) = &subject.redirect_uri else {
        let all = subject.findings.iter().filter(|finding| matches!(finding.field, DraftField::RedirectUri(_)));
        return Item::of_findings(all, "The client's redirect URIs can be read.", PreflightFix::EditClient);
    };
    let index = subject.client.redirect_uris.iter().position(|uri| uri == chosen.as_str());
    let found = subject.findings.iter().filter(|finding| {
        // Whose it is has a question of its own; a list that is too long has none to do with this one.
        let is_other = matches!(
            finding.code,
            FindingCode::ProviderMixUp | FindingCode::RedirectUriAtProvider | FindingCode::RedirectUriTooMany
        );
        !is_other && index.is_some_and(|index| finding.field == DraftField::RedirectUri(index))
    });
    let good = format!("{chosen} comes back as it is sent.");
    let item = Item::of_findings(found, &good, PreflightFix::EditClient);
    match item.fix {
        Some(_) => Item { received: Some(chosen.to_string()), ..item },
        None => item,
    }
}
