//! Issuers, and the addresses at which their metadata stand.

use std::fmt;

use url::Url;

use super::address::{AddressDefect, Reach, check_address};

/// An issuer identifier (RFC 8414 §2): an address without query and fragment, compared byte by byte and therefore never tidied up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: Url,
}

/// Why a text is no issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// It is no address that could be one.
    #[error("this is no issuer: {0}")]
    Address(#[from] AddressDefect),
    /// A part after `?`.
    #[error("an issuer has no query, the part from ? on (RFC 8414 §2)")]
    Query,
    /// The address of a document instead of the issuer.
    #[error("this is the address of the issuer's metadata; the issuer itself is probably {0}")]
    WellKnown(String),
}

/// Where an issuer's metadata stand, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WellKnown {
    /// OpenID Connect Discovery §4.1: behind the issuer's path.
    pub openid: Url,
    /// RFC 8414 §3.1: between the issuer's host and path.
    pub oauth: Url,
}

/// How an issuer that is not the expected one resembles it. A difference stays a difference; this is only for the sentence about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NearMiss {
    /// A slash at the end, letter case, a default port: the same address to a browser, another issuer to a client.
    Spelling,
    /// A part in braces, `{tenantid}`, which stands for the tenant: a document for several issuers.
    Template,
}

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

impl Issuer {
    /// Reads an issuer as a person enters it.
    ///
    /// # Errors
    /// See [`IssuerError`].
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        // An issuer may be anywhere: a person chose it.
        let url = check_address(text, Reach::ThisComputer)?;
        if url.query().is_some() {
            return Err(IssuerError::Query);
        }
        match text.split_once(OPENID).or_else(|| text.split_once(OAUTH)) {
            Some((before, behind)) => Err(IssuerError::WellKnown(format!("{before}{behind}"))),
            None => Ok(Self { text: text.to_owned(), url }),
        }
    }

    /// The issuer exactly as entered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How far away it is: its endpoints may not be nearer.
    pub fn reach(&self) -> Reach {
        Reach::of(&self.url)
    }

    /// Where its metadata stand. A slash at the end of the path is left out in both ways, as both specifications say.
    pub fn well_known(&self) -> WellKnown {
        let path = self.url.path().trim_end_matches('/');
        let at = |path: String| {
            let mut url = self.url.clone();
            url.set_path(&path);
            url
        };
        WellKnown { openid: at(format!("{path}{OPENID}")), oauth: at(format!("{OAUTH}{path}")) }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl NearMiss {
    /// How two different issuers resemble each other, if they do.
    pub fn between(expected: &str, received: &str) -> Option<Self> {
        let tidied = |text: &str| {
            let url = Url::parse(text).ok()?;
            Some(url.as_str().trim_end_matches('/').to_ascii_lowercase())
        };
        if received.contains('{') && received.contains('}') {
            return Some(Self::Template);
        }
        let same = expected != received && tidied(expected).is_some() && tidied(expected) == tidied(received);
        same.then_some(Self::Spelling)
    }

    /// Said behind the expected issuer.
    pub(crate) const fn hint(self) -> &'static str {
        match self {
            Self::Spelling => " (byte by byte: a slash at the end and letter case count)",
            Self::Template => {
                " (the document stands for several tenants: enter the address of yours instead of the shared one)"
            }
        }
    }
}
