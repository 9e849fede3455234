//! Finding the addresses of a name, and refusing those that are nearer than the name promises (N-03).
//!
//! A name that means a server on the internet and leads to this computer or the network at hand is how a page makes a program talk to
//! machines it cannot reach itself. The address that was checked is the one that is connected to: who answers differently the second
//! time (DNS rebinding) gains nothing.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use gatewright_protocol::metadata::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::ports::PortFuture;

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> PortFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Hosts of which a person has said that they are on this computer or in the network at hand, as a company's own server is. Clones share
/// one list. How a name is written is no matter: neither capitals nor a dot at its end.
#[derive(Clone, Debug, Default)]
pub struct NearbyHosts(Arc<RwLock<HashSet<String>>>);

impl NearbyHosts {
    /// Takes a host in. `host` is a name as a URL writes it.
    pub fn confirm(&self, host: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(plain(host));
    }

    /// Takes a host out again.
    pub fn withdraw(&self, host: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&plain(host));
    }

    fn contains(&self, host: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&plain(host))
    }
}

/// A name as it is compared.
fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// A name led nearer than it may.
#[derive(Debug)]
pub(super) struct TooNear {
    pub(super) address: IpAddr,
}

impl fmt::Display for TooNear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name leads to {}", self.address)
    }
}

impl std::error::Error for TooNear {}

/// reqwest's resolver: looks up, checks, and hands over only what passed.
pub(super) struct CheckedLookup {
    lookup: Lookup,
    confirmed: NearbyHosts,
    /// Proxies of the environment, which are the person's own and often in the network at hand. Behind one, the proxy looks names up.
    proxies: Vec<String>,
}

impl CheckedLookup {
    pub(super) fn new(lookup: Lookup, confirmed: NearbyHosts) -> Self {
        Self { lookup, confirmed, proxies: proxies() }
    }
}

impl Resolve for CheckedLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let host = plain(name.as_str());
        let may_be_near = self.confirmed.contains(&host) || self.proxies.contains(&host);
        let looking = if host == "localhost" { None } else { Some((self.lookup)(host)) };
        Box::pin(async move {
            let found = match looking {
                // Never asked of anybody (RFC 6761 §6.3).
                None => return Ok(addresses(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])),
                Some(looking) => looking.await?,
            };
            let (far, near): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|address| may_be_near || reach_of(*address) == Reach::Internet);
            match (far.is_empty(), near.first()) {
                (true, Some(address)) => Err(TooNear { address: *address }.into()),
                _ => Ok(addresses(far)),
            }
        })
    }
}

fn addresses(found: Vec<IpAddr>) -> Addrs {
    // The port is the one of the URL.
    Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)))
}

/// How far away an address is.
fn reach_of(address: IpAddr) -> Reach {
    let host: Host<&str> = match address {
        IpAddr::V4(address) => Host::Ipv4(address),
        IpAddr::V6(address) => Host::Ipv6(address),
    };
    // An address always makes a URL; what does not is not connected to.
    Url::parse(&format!("https://{host}")).map_or(Reach::ThisComputer, |url| Reach::of(&url))
}

/// Asks the operating system.
pub(super) fn system() -> Lookup {
    Arc::new(|host| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

fn proxies() -> Vec<String> {
    let variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let host = |text: String| {
        let url = if text.contains("://") { Url::parse(&text) } else { Url::parse(&format!("http://{text}")) };
        url.ok()?.host_str().map(str::to_ascii_lowercase)
    };
    variables.iter().filter_map(|name| std::env::var(name).ok()).filter_map(host).collect()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn looking_up(answers: Vec<Vec<&'static str>>) -> CheckedLookup {
        let asked = Arc::new(AtomicUsize::new(0));
        let lookup: Lookup = Arc::new(move |_| {
            let turn = asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
            let found = answers[turn].iter().map(|text| text.parse().unwrap()).collect();
            Box::pin(std::future::ready(Ok(found)))
        });
        CheckedLookup { lookup, confirmed: NearbyHosts::default(), proxies: Vec::new() }
    }

    async fn resolved(checked: &CheckedLookup, name: &str) -> Result<Vec<String>, String> {
        let found = checked.resolve(Name::from_str(name).unwrap()).await;
        found.map(|found| found.map(|address| address.ip().to_string()).collect()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_name_that_leads_into_the_network_at_hand_is_refused() {
        for near in [
            "127.0.0.1",
            "10.0.0.5",
            "169.254.169.254",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
        ] {
            let error = resolved(&looking_up(vec![vec![near]]), "id.example").await.unwrap_err();
            assert_eq!(error, format!("the name leads to {near}"));
        }
    }

    #[tokio::test]
    async fn of_several_addresses_only_the_far_ones_are_used() {
        let checked = looking_up(vec![vec!["127.0.0.1", "192.0.2.1", "2001:db8::1"]]);
        assert_eq!(resolved(&checked, "id.example").await.unwrap(), ["192.0.2.1", "2001:db8::1"]);
    }

    #[tokio::test]
    async fn a_name_that_answers_differently_the_second_time_gains_nothing() {
        let checked = looking_up(vec![vec!["192.0.2.1"], vec!["127.0.0.1"]]);
        assert_eq!(resolved(&checked, "id.example").await.unwrap(), ["192.0.2.1"]);
        assert!(resolved(&checked, "id.example").await.is_err());
    }

    #[tokio::test]
    async fn a_host_that_a_person_has_confirmed_may_be_near() {
        let checked = looking_up(vec![vec!["10.0.0.5"]]);
        checked.confirmed.confirm("SSO.corp.example.");
        assert_eq!(resolved(&checked, "sso.corp.example").await.unwrap(), ["10.0.0.5"]);
        checked.confirmed.withdraw("sso.corp.example");
        assert!(resolved(&checked, "sso.corp.example").await.is_err());
    }

    #[tokio::test]
    async fn localhost_is_this_computer_whatever_a_server_of_names_says() {
        let checked = looking_up(vec![vec!["192.0.2.1"]]);
        assert_eq!(resolved(&checked, "localhost").await.unwrap(), ["127.0.0.1", "::1"]);
    }
}
