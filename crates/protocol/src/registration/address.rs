//! Where a client is looked after (RFC 7592 §3): an address that came in an answer, to which a token will be sent.

use url::Url;

use crate::inert::inert;
use crate::metadata::{AddressDefect, Reach, check_address};

/// An address that may get a registration access token: `https`, or `http` on this computer, at a place that somebody has confirmed.
///
/// A `registration_client_uri` comes in an answer, and whoever gets its token can change the client. So there are two ways to make one
/// and no third: it stands where the provider's own endpoint stands, or a person was shown its host and agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagementAddress(Url);

/// Why nothing is sent to an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManagementAddressDefect {
    /// The address itself.
    #[error("the management address cannot be used: {0}")]
    Address(#[from] AddressDefect),
    /// Another host, port or scheme than anybody has confirmed.
    #[error("the management address is at {found}, and only {confirmed} is confirmed")]
    Elsewhere {
        /// Scheme, host and port that it names.
        found: String,
        /// Those that are confirmed.
        confirmed: String,
    },
}

impl ManagementAddress {
    /// An address at the same scheme, host and port as `confirmed`, an endpoint of the provider that was confirmed before.
    ///
    /// # Errors
    /// See [`ManagementAddressDefect`].
    pub fn beside(confirmed: &Url, text: &str) -> Result<Self, ManagementAddressDefect> {
        let url = checked(text, Reach::of(confirmed))?;
        if url.origin() == confirmed.origin() {
            return Ok(Self(url));
        }
        Err(ManagementAddressDefect::Elsewhere { found: place(&url), confirmed: place(confirmed) })
    }

    /// An address of which a person was shown [`ManagementAddressDefect::Elsewhere::found`] and agreed to exactly that.
    ///
    /// # Errors
    /// See [`ManagementAddressDefect`]: it is somewhere else than what was agreed to.
    pub fn agreed_to(agreed: &str, text: &str) -> Result<Self, ManagementAddressDefect> {
        let url = checked(text, Reach::ThisComputer)?;
        if place(&url) == agreed {
            return Ok(Self(url));
        }
        Err(ManagementAddressDefect::Elsewhere { found: place(&url), confirmed: inert(agreed) })
    }

    /// The address.
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// Scheme, host and port: what a person agrees to.
    pub fn place(&self) -> String {
        place(&self.0)
    }
}

fn checked(text: &str, nearest: Reach) -> Result<Url, ManagementAddressDefect> {
    Ok(check_address(text, nearest)?)
}

fn place(url: &Url) -> String {
    inert(&url.origin().ascii_serialization())
}
