//! Whether the port of the redirect URI is free right now, where this browser needs one.

use gatewright_contract::preflight::PreflightFix;
use gatewright_contract::run::Browser as WireBrowser;
use gatewright_protocol::authorization::ResponseMode;

use super::item::Item;
use super::subject::Subject;

/// What came of opening the port and closing it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PortSeen {
    /// The callback is caught without one.
    NotNeeded,
    /// It could be opened.
    Free(u16),
    /// It could not; in words.
    Refused {
        /// What the operating system said, in a sentence's worth.
        why: String,
        /// Another of the client's redirect URIs whose port is free.
        other: Option<String>,
    },
}

pub(super) fn judge(subject: &Subject, seen: PortSeen) -> Item {
    match seen {
        PortSeen::NotNeeded => Item::good("This browser needs none."),
        PortSeen::Free(port) => Item::good(format!("Port {port} is free on this computer.")),
        PortSeen::Refused { why, other } => {
            let fix = match other {
                Some(other) => PreflightFix::ChooseRedirectUri(other),
                None if subject.mode == ResponseMode::FormPost => PreflightFix::EditClient,
                None => PreflightFix::ChooseBrowser(WireBrowser::Embedded),
            };
            Item::problem(format!(
                "The callback could not be caught: {why}. End the program that has the port, or come back another way."
            ))
            .fix(fix)
        }
    }
}
