//! Which addresses a document may name (N-02, N-03), judged by the text alone.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::inert::inert;

/// How far away a host is, from the nearest to the farthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// A loopback address, `localhost` or a name under it.
    ThisComputer,
    /// An address that means something only in the network at hand: private, link-local, shared, not specified.
    NearbyNetwork,
    /// Everything else, and every name: where it leads is seen when it is looked up.
    Internet,
}

/// Why an address is not one to send anything to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressDefect {
    /// No absolute `http` or `https` address with a host.
    #[error("it is no absolute address")]
    NotAnAddress,
    /// White space, a control character or a backslash, which browsers read as something else.
    #[error("it holds a space, a control character or a backslash")]
    Unprintable,
    /// A scheme other than `https`.
    #[error("its scheme is {0}")]
    OtherScheme(String),
    /// `http` to another machine.
    #[error("it is http, which is for this computer alone")]
    PlainHttp,
    /// A user name or password before the host.
    #[error("it holds a user name or password")]
    UserInfo,
    /// A part after `#`.
    #[error("it has a fragment, the part from # on")]
    Fragment,
    /// Port 0, at which nothing can be reached.
    #[error("its port is 0")]
    PortZero,
    /// An address nearer than the issuer: a page on the internet would make this program talk to this computer or its network.
    #[error("it leads to {0}, nearer than the issuer itself")]
    TooNear(String),
}

impl Reach {
    /// How far away the host of an address is.
    pub fn of(url: &Url) -> Self {
        match url.host() {
            Some(Host::Ipv4(address)) => of_ipv4(address),
            Some(Host::Ipv6(address)) => of_ipv6(address),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                if name == "localhost" || name.ends_with(".localhost") { Self::ThisComputer } else { Self::Internet }
            }
            None => Self::Internet,
        }
    }
}

/// Checks an address in a document whose issuer is at `issuer`: `https`, or `http` on this computer if the issuer is there too.
///
/// # Errors
/// See [`AddressDefect`]; the first that applies.
pub fn check_address(text: &str, issuer: Reach) -> Result<Url, AddressDefect> {
    if text.chars().any(|character| character.is_whitespace() || character.is_control() || character == '\\') {
        return Err(AddressDefect::Unprintable);
    }
    let (scheme, rest) = text.split_once(':').ok_or(AddressDefect::NotAnAddress)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(AddressDefect::OtherScheme(inert(scheme)));
    }
    // Readers of addresses forgive `https:host` and `https:///host`; not every one reads the same out of it.
    let rest = rest.strip_prefix("//").filter(|rest| !rest.starts_with('/')).ok_or(AddressDefect::NotAnAddress)?;
    let url = Url::parse(text).map_err(|_| AddressDefect::NotAnAddress)?;
    // By the text: `https://@host/` leaves no trace in the parsed address.
    if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
        return Err(AddressDefect::UserInfo);
    }
    if url.fragment().is_some() {
        return Err(AddressDefect::Fragment);
    }
    if url.port() == Some(0) {
        return Err(AddressDefect::PortZero);
    }
    let reach = Reach::of(&url);
    if reach < issuer {
        return Err(AddressDefect::TooNear(inert(url.host_str().unwrap_or_default())));
    }
    if url.scheme() == "http" && reach != Reach::ThisComputer {
        return Err(AddressDefect::PlainHttp);
    }
    Ok(url)
}

fn of_ipv4(address: Ipv4Addr) -> Reach {
    let [first, second, ..] = address.octets();
    // 100.64.0.0/10 is shared by the customers of one network (RFC 6598).
    let is_shared = first == 100 && (64..128).contains(&second);
    if address.is_loopback() {
        Reach::ThisComputer
    } else if first == 0
        || is_shared
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
    {
        Reach::NearbyNetwork
    } else {
        Reach::Internet
    }
}

fn of_ipv6(address: Ipv6Addr) -> Reach {
    if let Some(inner) = address.to_ipv4_mapped() {
        return of_ipv4(inner);
    }
    if address.is_loopback() {
        Reach::ThisComputer
    } else if address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
    {
        Reach::NearbyNetwork
    } else {
        Reach::Internet
    }
}
