//! Whether profile, client and host belong to one provider. Chattr and Chattz share their paths and differ by one letter.

use gatewright_contract::preflight::PreflightFix;
use gatewright_model::Environment;
use gatewright_model::client_rules::{FindingCode, check_base_url};

use super::item::Item;
use super::subject::Subject;

pub(super) fn judge(subject: &Subject) -> Item {
    let is_mix_up = |code: FindingCode| matches!(code, FindingCode::ProviderMixUp | FindingCode::RedirectUriAtProvider);
    let base_url = match &subject.bases {
        Some(bases) if subject.client.environment == Environment::Production => {
            check_base_url(&subject.provider, &bases.authorization)
        }
        _ => Vec::new(),
    };
    let at_host: Vec<_> = base_url.into_iter().filter(|finding| is_mix_up(finding.code)).collect();
    let good = format!("Nothing points to another provider than {}.", subject.provider.name);
    if !at_host.is_empty() {
        return Item::of_findings(at_host.iter(), &good, PreflightFix::SetBaseUrl);
    }
    let of_client = subject.findings.iter().filter(|finding| is_mix_up(finding.code));
    Item::of_findings(of_client, &good, PreflightFix::EditClient)
}
