//! Redirect URIs (RFC 6749 §3.1.2): what may be registered, and which address is the callback to one.

use std::fmt;

use url::{Host, Url};

/// A redirect URI, kept exactly as registered: providers compare it as a string (RFC 9700 §4.1.3), so no character is ever tidied up.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    /// As registered.
    text: String,
    /// As a browser reads it.
    url: Url,
}

/// Why a text is no redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// Nothing was given.
    #[error("the redirect URI is empty")]
    Empty,
    /// A space, tab, newline or another control character; browsers drop some of them silently.
    #[error("the redirect URI holds a space, a newline or a control character")]
    Whitespace,
    /// No scheme, or no `://host` after `http` or `https`.
    #[error("the redirect URI is not absolute: it has to start with a scheme, as in https:// (RFC 6749 §3.1.2)")]
    NotAbsolute,
    /// The scheme belongs to documents and scripts, not to a place that can receive a callback.
    #[error("no callback can arrive at an address of this scheme")]
    UnusableScheme,
    /// A part after `#`.
    #[error("the redirect URI has a fragment, the part from # on (RFC 6749 §3.1.2)")]
    Fragment,
    /// `http` to another machine.
    #[error("http is allowed to this machine only: 127.0.0.1, [::1] or localhost (RFC 8252 §7.3)")]
    PlainHttp,
    /// A user name or password before the host.
    #[error("the redirect URI holds a user name or password before the host")]
    UserInfo,
    /// A backslash, which browsers turn into a slash.
    #[error("the redirect URI holds a backslash")]
    Backslash,
    /// Anything else that is no URL.
    #[error("the redirect URI cannot be read: {0}")]
    Malformed(#[source] url::ParseError),
}

/// Schemes that name documents, scripts or other protocols.
const UNUSABLE_SCHEMES: [&str; 10] =
    ["about", "blob", "data", "file", "filesystem", "ftp", "javascript", "vbscript", "ws", "wss"];

impl RedirectUri {
    /// Reads a redirect URI as a person registers it.
    ///
    /// # Errors
    /// See [`RedirectUriError`]; the first that applies.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        if text.is_empty() {
            return Err(RedirectUriError::Empty);
        }
        if text.chars().any(|character| character.is_whitespace() || character.is_control()) {
            return Err(RedirectUriError::Whitespace);
        }
        let (scheme, rest) = text.split_once(':').ok_or(RedirectUriError::NotAbsolute)?;
        if !is_scheme(scheme) || looks_like_a_port(rest) {
            return Err(RedirectUriError::NotAbsolute);
        }
        let scheme = scheme.to_ascii_lowercase();
        if UNUSABLE_SCHEMES.contains(&scheme.as_str()) {
            return Err(RedirectUriError::UnusableScheme);
        }
        let is_web = scheme == "http" || scheme == "https";
        // Browsers forgive `https:/host` and `https:///host`; a provider that compares strings does not.
        if is_web && !rest.strip_prefix("//").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
            return Err(RedirectUriError::NotAbsolute);
        }
        if text.contains('\\') {
            return Err(RedirectUriError::Backslash);
        }
        let url = Url::parse(text).map_err(RedirectUriError::Malformed)?;
        if url.fragment().is_some() {
            return Err(RedirectUriError::Fragment);
        }
        // By the text as well: `https://@host/` leaves no trace in the parsed address.
        if has_user_info(&url) || (is_web && authority(rest).contains('@')) {
            return Err(RedirectUriError::UserInfo);
        }
        if scheme == "http" && !has_loopback_host(&url) {
            return Err(RedirectUriError::PlainHttp);
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// The redirect URI exactly as registered: what goes into requests.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The redirect URI as a browser reads it.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether going to `url` is the callback to this redirect URI (RFC 9700 §4.1): scheme, host, port and path are the same and the
    /// query holds what was registered. Never a comparison of beginnings.
    ///
    /// A default port may be written or not, and the host's letter case does not matter, because a browser treats these as the same
    /// address. The path is compared byte by byte, a trailing slash and percent-encoding included.
    pub fn caught_by(&self, url: &Url) -> bool {
        self.url.scheme() == url.scheme()
            && !has_user_info(url)
            && same_host(self.url.host_str(), url.host_str())
            && self.url.port_or_known_default() == url.port_or_known_default()
            && self.url.path() == url.path()
            && self.registered_query_is_in(url)
    }

    /// Whether the callback comes back to this machine (RFC 8252 §7.3): `http` to 127.0.0.1, `[::1]` or localhost.
    pub fn is_loopback(&self) -> bool {
        self.url.scheme() == "http" && has_loopback_host(&self.url)
    }

    /// The port a loopback listener has to open; 80 when none is written. `None` when this is not a loopback address.
    pub fn loopback_port(&self) -> Option<u16> {
        if self.is_loopback() { self.url.port_or_known_default() } else { None }
    }

    /// Whether the scheme is an app's own (RFC 8252 §7.1), neither `https` nor `http`.
    pub fn has_private_scheme(&self) -> bool {
        !matches!(self.url.scheme(), "https" | "http")
    }

    /// Whether an own scheme is a domain name in reverse order, `com.example.app`, as RFC 8252 §7.1 demands. True for `https`.
    pub fn has_owned_scheme(&self) -> bool {
        !self.has_private_scheme() || self.url.scheme().contains('.')
    }

    /// Compared as decoded pairs: servers write a registered query anew before they add to it, `%20` as `+` for one. Pairs without a
    /// value may be gone, because ContentDB drops them.
    fn registered_query_is_in(&self, url: &Url) -> bool {
        self.url
            .query_pairs()
            .filter(|(_, value)| !value.is_empty())
            .all(|registered| url.query_pairs().any(|pair| pair == registered))
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedirectUri").field(&self.text).finish()
    }
}

/// The form of RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// `localhost:8080/callback` has the form of a URI with the scheme `localhost`; nobody means that.
fn looks_like_a_port(rest: &str) -> bool {
    let digits = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The part between `//` and the path.
fn authority(rest: &str) -> &str {
    rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default()
}

fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn has_loopback_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Hosts know no letter case; those of own schemes are not lowered by the parser.
fn same_host(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
