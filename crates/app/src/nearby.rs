//! Hosts on this computer or in the network at hand: for which provider a person has said that its requests may go there (N-03).

mod transports;

use gatewright_contract::provider::{NearbyHost as WireNearbyHost, NearbyHostRef, ProviderDetail};
use gatewright_contract::{Event, Failure};
use gatewright_model::ProviderId;
use gatewright_store::audit::{self, Action, Actor, Entry};
use gatewright_store::nearby_host::{self, NearbyHost};
use gatewright_store::{StoreError, Transaction};
use jiff::Timestamp;
use url::Host;

pub(crate) use self::transports::Transports;
use crate::{App, failure};

impl App {
    /// Lets requests of a provider go to a host that is near.
    pub(crate) async fn confirm_nearby(&self, request: NearbyHostRef) -> Result<ProviderDetail, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?.id.clone();
        let host = confirmed(&provider, host_name(&request.host)?, self.now());
        let kept = host.clone();
        let written = self.store()?.write_durably(move |tx| record_confirmed(tx, &kept)).await;
        written.map_err(failure::of_store)?;
        self.0.transports.confirm(&provider, &host.host);
        self.tell(Event::ProvidersChanged);
        self.provider_detail(provider.as_str()).await
    }

    /// Takes that back. What is under way goes on.
    pub(crate) async fn withdraw_nearby(&self, request: &NearbyHostRef) -> Result<ProviderDetail, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?.id.clone();
        let host = host_name(&request.host)?;
        // First of all: nothing may go there any more, whatever becomes of the row.
        self.0.transports.withdraw(&provider, &host);
        let line = line(self.now(), Action::NearbyHostWithdrawn, &provider, &host);
        let whose = provider.clone();
        let withdraw = move |tx: &Transaction<'_>| {
            if nearby_host::withdraw(tx, &whose, &host)? { audit::append(tx, &line) } else { Ok(()) }
        };
        self.store()?.write_durably(withdraw).await.map_err(failure::of_store)?;
        self.tell(Event::ProvidersChanged);
        self.provider_detail(provider.as_str()).await
    }

    /// The confirmed hosts of a provider, for the window.
    pub(crate) async fn nearby_hosts_of(&self, provider: &ProviderId) -> Result<Vec<WireNearbyHost>, Failure> {
        let Ok(store) = self.store() else { return Ok(Vec::new()) };
        let wanted = provider.clone();
        let hosts = store.read(move |db| nearby_host::of_provider(db, &wanted)).await.map_err(failure::of_store)?;
        let shown = |host: NearbyHost| WireNearbyHost { host: host.host, confirmed_at: host.confirmed_at.to_string() };
        Ok(hosts.into_iter().map(shown).collect())
    }
}

/// A host as it is kept.
pub(crate) fn confirmed(provider: &ProviderId, host: String, now: Timestamp) -> NearbyHost {
    NearbyHost { provider: provider.clone(), host, confirmed_at: now }
}

/// Writes down that a host was confirmed; in the trail only the first time.
pub(crate) fn record_confirmed(tx: &Transaction<'_>, host: &NearbyHost) -> Result<(), StoreError> {
    if nearby_host::confirm(tx, host)? {
        audit::append(tx, &line(host.confirmed_at, Action::NearbyHostConfirmed, &host.provider, &host.host))?;
    }
    Ok(())
}

fn line(at: Timestamp, action: Action, provider: &ProviderId, host: &str) -> Entry {
    Entry::general(at, Actor::User, action).detail(format!("{host} for the provider {provider}"))
}

/// A host's name as it is looked up. Addresses need no confirmation: who writes one into a profile has said where it is.
pub(crate) fn host_name(text: &str) -> Result<String, Failure> {
    let text = text.trim().trim_end_matches('.');
    match Host::parse(text) {
        Ok(Host::Domain(name)) => Ok(name),
        _ => Err(failure::invalid("host", "This is not the name of a host.")
            .hint("Write the name alone, as id.example.org, without scheme, port or path.")),
    }
}

#[cfg(test)]
mod tests {
    use super::host_name;

    #[test]
    fn a_host_is_kept_as_it_is_looked_up() {
        assert_eq!(host_name(" ID.Corp.Example. ").unwrap(), "id.corp.example");
        assert_eq!(host_name("tøken.example").unwrap(), "xn--tken-gra.example");
        for wrong in ["", "10.0.0.5", "[::1]", "id.example:8443", "https://id.example", "id.example/path"] {
            assert_eq!(host_name(wrong).unwrap_err().field.as_deref(), Some("host"), "{wrong}");
        }
    }
}
