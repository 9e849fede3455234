//! Whether the server proves who it is.

use gatewright_contract::preflight::PreflightFix;
use gatewright_engine::ports::{SendError, TlsProblem};

use super::asks::Looked;
use super::item::Item;

pub(super) fn judge(looked: &Looked) -> Item {
    let look = match looked {
        Looked::Answered(look) => look,
        Looked::NotAsked(why) => return Item::skipped(why.clone()),
    };
    if look.endpoint.scheme() == "http" {
        return Item::good("None is needed: the server is on this computer.");
    }
    match &look.answer {
        Err(SendError::TlsRefused { problem: TlsProblem::Handshake, why, .. }) => Item::problem(format!(
            "No safe connection to the server comes about: {why}. Compare the host and the port in the base URL."
        ))
        .expecting("a server that speaks https", why.clone())
        .fix(PreflightFix::SetBaseUrl),
        Err(SendError::TlsRefused { why, .. }) => Item::problem(format!(
            "The server does not prove who it is: {why}. Type no password there; whoever runs it has to put the certificate right."
        ))
        .expecting("a certificate that this computer trusts, for this name and for today", why.clone()),
        Ok(_) => Item::good("This computer trusts the server's certificate."),
        Err(_) => Item::skipped("There is no connection whose certificate could be looked at."),
    }
}
