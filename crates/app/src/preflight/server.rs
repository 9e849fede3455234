//! Whether there is a server to log in at: the sandbox is on, and a base URL is no stand-in of a document.

use gatewright_contract::preflight::PreflightFix;
use gatewright_model::Environment;
use gatewright_model::client_rules::{FindingCode, FindingLevel, check_base_url};

use super::item::Item;
use super::subject::Subject;

pub(super) fn judge(subject: &Subject) -> Item {
    let name = &subject.provider.name;
    if subject.client.environment == Environment::Sandbox {
        return match &subject.bases {
            Some(bases) => Item::good(format!("{name}'s twin is at {}.", bases.authorization)),
            None => Item::problem("The sandbox is not running. Start it to log in here.")
                .fix(PreflightFix::StartSandbox)
                .stops(),
        };
    }
    let Some(bases) = &subject.bases else {
        return Item::problem(format!(
            "{name}'s document names only a stand-in for its host. Fill in your server's base URL."
        ))
        .expecting("the address of your server", subject.provider.environments.production.authorization.clone())
        .fix(PreflightFix::SetBaseUrl)
        .stops();
    };
    // Plain http and a mix-up of providers have questions of their own.
    let findings: Vec<_> = check_base_url(&subject.provider, &bases.authorization)
        .into_iter()
        .filter(|finding| !matches!(finding.code, FindingCode::BaseUrlPlainHttp | FindingCode::ProviderMixUp))
        .collect();
    let good = format!("Logins go to {}.", bases.authorization);
    let item = Item::of_findings(findings.iter(), &good, PreflightFix::SetBaseUrl);
    if findings.iter().any(|finding| finding.level == FindingLevel::Error) {
        item.expecting("the base URL of a server", bases.authorization.clone())
    } else {
        item
    }
}
