//! Whether every address that a login uses is encrypted. http is for this computer alone; the engine sends nothing else over it.

use gatewright_contract::preflight::PreflightFix;
use gatewright_model::provider::Endpoint;
use gatewright_protocol::metadata::Reach;
use url::Url;

use super::item::Item;
use super::subject::Subject;

/// The endpoints of a login.
const OF_A_LOGIN: [Endpoint; 3] = [Endpoint::Authorization, Endpoint::Token, Endpoint::Identity];

pub(super) fn judge(subject: &Subject) -> Item {
    let Some(bases) = &subject.bases else { return Item::skipped("There is no server yet.") };
    let plain = OF_A_LOGIN.into_iter().find_map(|endpoint| {
        let address = subject.provider.address(endpoint, bases)?;
        let url = Url::parse(&address).ok()?;
        (url.scheme() == "http" && Reach::of(&url) != Reach::ThisComputer).then_some((endpoint, address))
    });
    match plain {
        None => Item::good("Every address of this login is encrypted, or on this computer."),
        Some((endpoint, address)) => Item::problem(format!(
            "The {} endpoint begins with http: whoever is on the way reads the code and the secret. Nothing is sent there.",
            endpoint.name()
        ))
        .expecting("https://…", address)
        .fix(PreflightFix::OpenProvider)
        .stops(),
    }
}
