//! Whether the provider's name leads somewhere, and not into the network at hand.

use gatewright_contract::preflight::PreflightFix;
use gatewright_engine::ports::SendError;
use url::Host;

use super::asks::Looked;
use super::item::Item;

pub(super) fn judge(looked: &Looked) -> Item {
    let look = match looked {
        Looked::Answered(look) => look,
        Looked::NotAsked(why) => return Item::skipped(why.clone()),
    };
    let host = look.endpoint.host_str().unwrap_or_default();
    match &look.answer {
        _ if !matches!(look.endpoint.host(), Some(Host::Domain(_))) => {
            Item::good(format!("{host} is an address; there is no name to look up."))
        }
        Err(SendError::DnsFailed { host }) => {
            Item::problem(format!("The name {host} could not be found. Compare it letter by letter, and is the network up?"))
                .fix(PreflightFix::SetBaseUrl)
        }
        Err(SendError::TooNear { host, address }) => Item::problem(format!(
            "{host} leads to {address}, which is on this computer or in the network at hand. Allow it only if the server is your own."
        ))
        .expecting("an address on the internet", address.to_string())
        .fix(PreflightFix::AllowHost(host.clone())),
        Err(SendError::Unreachable { .. }) => {
            Item::skipped("No connection came about, so whether the name is right is not known.")
        }
        Ok(_) | Err(_) => Item::good(format!("{host} was found.")),
    }
}
