//! Whether the provider's name leads somewhere, and not into the network at hand.

use gatewright_contract::preflight::PreflightFix;
use gatewright_engine::ports::SendError;
use gatewright_protocol::http::HttpResponse;
use url::Host;

use super::asks::Looked;
use super::item::Item;
use super::proxy::PROXY_WANTS_A_PASSWORD;

pub(super) fn judge(looked: &Looked, proxy: Option<&str>) -> Item {
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
        answer if was_reached(answer, proxy.is_some()) => Item::good(format!("{host} was found.")),
        _ => Item::skipped("No connection came about, so whether the name is right is not known."),
    }
}

/// Whether what came back came from the host itself. Through a proxy most of it may be the proxy's, which looks the name up itself.
fn was_reached(answer: &Result<HttpResponse, SendError>, by_proxy: bool) -> bool {
    match answer {
        Ok(answer) => !(by_proxy && answer.status == PROXY_WANTS_A_PASSWORD),
        Err(SendError::TlsRefused { .. }) => true,
        Err(SendError::Interrupted { .. } | SendError::NotHttp { .. } | SendError::ConnectionRefused { .. }) => {
            !by_proxy
        }
        Err(_) => false,
    }
}
