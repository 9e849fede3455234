//! The ways to providers. What one provider's requests may reach, another's may not: else a profile that a stranger wrote could send
//! requests into the network at hand as soon as any other provider is there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatewright_engine::ports::Transport;
use gatewright_engine::transport::{HttpTransport, NearbyHosts};
use gatewright_model::ProviderId;

/// Builds a transport for which these hosts may be near.
type Build = dyn Fn(NearbyHosts) -> HttpTransport + Send + Sync;

/// One transport for all providers whose hosts are far, and one of its own for each with a host that may be near.
pub(crate) struct Transports {
    build: Box<Build>,
    far: Arc<HttpTransport>,
    near: Mutex<BTreeMap<ProviderId, Near>>,
}

/// The way to a provider with a host that may be near.
struct Near {
    hosts: NearbyHosts,
    transport: Arc<HttpTransport>,
}

impl Transports {
    /// Without a host that may be near.
    pub(crate) fn new(build: impl Fn(NearbyHosts) -> HttpTransport + Send + Sync + 'static) -> Self {
        Self { far: Arc::new(build(NearbyHosts::default())), build: Box::new(build), near: Mutex::default() }
    }

    /// The way to one provider.
    pub(crate) fn to(&self, provider: &ProviderId) -> Arc<dyn Transport> {
        let near = self.near();
        let transport = near.get(provider).map_or(&self.far, |near| &near.transport);
        Arc::clone(transport) as Arc<dyn Transport>
    }

    /// The way to a server that is no provider yet, whose host may be near if it is the one named here.
    pub(crate) fn for_once(&self, host: Option<&str>) -> Arc<dyn Transport> {
        let Some(host) = host else { return Arc::clone(&self.far) as Arc<dyn Transport> };
        let hosts = NearbyHosts::default();
        hosts.confirm(host);
        Arc::new((self.build)(hosts))
    }

    /// From now on a host of this provider may be near.
    pub(crate) fn confirm(&self, provider: &ProviderId, host: &str) {
        let mut near = self.near();
        let near = near.entry(provider.clone()).or_insert_with(|| {
            let hosts = NearbyHosts::default();
            Near { transport: Arc::new((self.build)(hosts.clone())), hosts }
        });
        near.hosts.confirm(host);
    }

    /// From now on it may not, also for what is under way and not sent yet.
    pub(crate) fn withdraw(&self, provider: &ProviderId, host: &str) {
        if let Some(near) = self.near().get_mut(provider) {
            near.hosts.withdraw(host);
            // A connection that was kept would still lead there.
            near.transport = Arc::new((self.build)(near.hosts.clone()));
        }
    }

    /// Forgets what was confirmed for a provider that is gone.
    pub(crate) fn forget(&self, provider: &ProviderId) {
        self.near().remove(provider);
    }

    fn near(&self) -> MutexGuard<'_, BTreeMap<ProviderId, Near>> {
        self.near.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::{IpAddr, Ipv4Addr};

    use gatewright_engine::ports::{PortFuture, SendError};
    use gatewright_engine::transport::Limits;
    use gatewright_protocol::http::{HttpRequest, Method};
    use url::Url;

    use super::*;

    /// Every name leads to this computer.
    fn transports() -> Transports {
        Transports::new(|nearby| {
            let here = |_| -> PortFuture<'static, io::Result<Vec<IpAddr>>> {
                Box::pin(std::future::ready(Ok(vec![Ipv4Addr::LOCALHOST.into()])))
            };
            HttpTransport::looking_up(Limits::default(), nearby, Arc::new(here))
        })
    }

    /// Whether a request would go out. Nothing listens where it goes, which is found out only by trying.
    async fn goes_out(transport: Arc<dyn Transport>, host: &str) -> bool {
        let url = Url::parse(&format!("https://{host}:9/")).unwrap();
        let request = HttpRequest { method: Method::Get, url, headers: Vec::new(), body: None };
        !matches!(transport.send(&request).await, Err(SendError::TooNear { .. }))
    }

    #[tokio::test]
    async fn a_confirmed_host_is_reached_by_its_provider_and_by_no_other() {
        let (transports, mine, other) = (transports(), ProviderId::new("mine"), ProviderId::new("other"));
        assert!(!goes_out(transports.to(&mine), "id.corp.example").await);
        transports.confirm(&mine, "id.corp.example");
        assert!(goes_out(transports.to(&mine), "id.corp.example").await);
        assert!(!goes_out(transports.to(&mine), "printer.corp.example").await);
        assert!(!goes_out(transports.to(&other), "id.corp.example").await);
        transports.confirm(&other, "sso.corp.example");
        assert!(!goes_out(transports.to(&other), "id.corp.example").await);
    }

    #[tokio::test]
    async fn a_host_that_is_taken_back_is_reached_no_more_also_by_what_is_under_way() {
        let (transports, mine) = (transports(), ProviderId::new("mine"));
        transports.confirm(&mine, "id.corp.example");
        let under_way = transports.to(&mine);
        transports.withdraw(&mine, "id.corp.example");
        assert!(!goes_out(under_way, "id.corp.example").await);
        transports.confirm(&mine, "id.corp.example");
        transports.forget(&mine);
        assert!(!goes_out(transports.to(&mine), "id.corp.example").await);
    }

    #[tokio::test]
    async fn a_look_at_a_new_issuer_reaches_its_host_and_leaves_nothing_confirmed() {
        let transports = transports();
        assert!(!goes_out(transports.for_once(None), "id.corp.example").await);
        assert!(goes_out(transports.for_once(Some("id.corp.example")), "id.corp.example").await);
        assert!(!goes_out(transports.for_once(Some("id.corp.example")), "printer.corp.example").await);
        assert!(!goes_out(transports.for_once(None), "id.corp.example").await);
    }
}
