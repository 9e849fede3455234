//! Asking an issuer again: what differs is offered, and until a person accepts it the old endpoints count (N-04).

use gatewright_contract::discovery::{MetadataChange, OfferDecision, ProviderMetadata};
use gatewright_contract::provider::ProviderDetail;
use gatewright_contract::{Event, Failure};
use gatewright_model::{Client, Environment, Provider, ProviderId};
use gatewright_protocol::metadata::{DocumentKind, Issuer, Metadata, diff};
use gatewright_store::discovered_provider::{self, IssuerDocument};
use gatewright_store::{Connection, StoreError, client, provider};

use super::{profile_text, read_issuer, to_keep};
use crate::show::discovery as show;
use crate::{App, failure};

/// What is kept of an issuer's metadata.
struct Pinned {
    document: IssuerDocument,
    issuer: Issuer,
    metadata: Metadata,
}

impl App {
    /// Asks the issuer of a discovered provider again and offers what differs.
    pub(crate) async fn refresh_metadata(&self, id: &str) -> Result<MetadataChange, Failure> {
        let pinned = self.pinned(id).await?;
        let transport = self.0.transports.to(&pinned.document.provider);
        let found = self.ask_issuer(&pinned.issuer, transport).await;
        let mut offer = None;
        if let Ok(discovered) = &found.result {
            let changes = diff(&pinned.metadata, &discovered.metadata);
            let mut fresh = to_keep(&pinned.document.provider, &discovered.metadata, self.now());
            if changes.is_empty() {
                // Another order of members, say, is nothing to decide about.
                fresh = IssuerDocument { fetched_at: fresh.fetched_at, ..pinned.document };
            } else {
                offer = Some(show::offer(&fresh, changes));
            }
            self.store()?
                .write_durably(move |tx| discovered_provider::offer(tx, &fresh).map(drop))
                .await
                .map_err(failure::of_store)?;
            self.tell(Event::ProvidersChanged);
        }
        Ok(show::change(id, &pinned.issuer, &found, offer))
    }

    /// Accepts an offer exactly as it was shown. That is the person's word that the secrets of the provider's clients may go there.
    pub(crate) async fn accept_offer(&self, decision: OfferDecision) -> Result<ProviderDetail, Failure> {
        let pinned = self.pinned(&decision.provider).await?;
        let before = self.0.registry.known().get(&decision.provider)?;
        let (id, wanted) = (before.id.clone(), before.id.clone());
        let offered = self.store()?.read(move |db| discovered_provider::offered(db, &wanted)).await;
        let offered = offered.map_err(failure::of_store)?.filter(|offer| offer.sha256 == decision.digest);
        let offered = read(offered.ok_or_else(failure::changed_meanwhile)?)?;
        let after = renewed(&before, &pinned.metadata, &offered.metadata);
        let text = profile_text(&after)?;
        let clients = self.clients_of(&id).await?;
        self.rebind_all(&clients, &before, &after).await?;
        let (digest, now) = (decision.digest, self.now());
        let written = self
            .store()?
            .write_durably(move |tx| {
                discovered_provider::accept_offer(tx, &id, &digest, now)?;
                provider::put(tx, &id, &text, now)
            })
            .await;
        if let Err(cause) = written {
            self.rebind_all(&clients, &after, &before).await?;
            return Err(failure::of_store(cause));
        }
        self.0.registry.put(after);
        self.0.issuers.forget(offered.issuer.as_str());
        self.tell(Event::ProvidersChanged);
        self.tell(Event::ClientsChanged);
        self.provider_detail(&decision.provider).await
    }

    /// Drops an offer.
    pub(crate) async fn decline_offer(&self, decision: OfferDecision) -> Result<ProviderDetail, Failure> {
        let id = self.0.registry.known().get(&decision.provider)?.id.clone();
        let drop_it = move |tx: &gatewright_store::Transaction<'_>| {
            let offer = discovered_provider::offered(tx, &id)?.filter(|offer| offer.sha256 == decision.digest);
            offer.ok_or_else(|| StoreError::NoSuchOffer(id.clone()))?;
            discovered_provider::decline(tx, &id)
        };
        self.store()?.write_durably(drop_it).await.map_err(failure::of_store)?;
        self.tell(Event::ProvidersChanged);
        self.provider_detail(&decision.provider).await
    }

    /// What is kept of a provider's metadata, for the window; none for one that was not discovered.
    pub(crate) async fn metadata_of(&self, id: &ProviderId) -> Result<Option<ProviderMetadata>, Failure> {
        let Ok(store) = self.store() else { return Ok(None) };
        let wanted = id.clone();
        let both = move |db: &Connection| {
            Ok((discovered_provider::accepted(db, &wanted)?, discovered_provider::offered(db, &wanted)?))
        };
        let (Some(accepted), offered) = store.read(both).await.map_err(failure::of_store)? else { return Ok(None) };
        let pinned = read(accepted)?;
        let offered = offered.map(read).transpose()?;
        let offer = offered.map(|offered| show::offer(&offered.document, diff(&pinned.metadata, &offered.metadata)));
        Ok(Some(show::metadata(&pinned.document, offer)))
    }

    async fn pinned(&self, id: &str) -> Result<Pinned, Failure> {
        let wanted = self.0.registry.known().get(id)?.id.clone();
        let accepted = self.store()?.read(move |db| discovered_provider::accepted(db, &wanted)).await;
        read(accepted.map_err(failure::of_store)?.ok_or_else(|| {
            failure::invalid("provider", "This provider was not found by its issuer, so there is nobody to ask.")
                .hint("Edit its profile instead.")
        })?)
    }

    async fn clients_of(&self, id: &ProviderId) -> Result<Vec<Client>, Failure> {
        let query = client::ClientQuery { provider: Some(id.clone()), ..Default::default() };
        let all = move |db: &Connection| {
            client::list(db, &query)?.iter().map(|row| client::find(db, &row.id)).collect::<Result<Vec<_>, _>>()
        };
        let clients = self.store()?.read(all).await.map_err(failure::of_store)?;
        Ok(clients.into_iter().filter(|client| client.environment == Environment::Production).collect())
    }

    async fn rebind_all(&self, clients: &[Client], before: &Provider, after: &Provider) -> Result<(), Failure> {
        for client in clients {
            let (from, to) = (self.destination(client, before), self.destination(client, after));
            self.rebind_secrets(&client.id, &from, &to).await?;
        }
        Ok(())
    }
}

fn read(document: IssuerDocument) -> Result<Pinned, Failure> {
    let issuer = read_issuer(&document.issuer)?;
    // It was both documents together, of which only what both have is sure to be there.
    let metadata = Metadata::parse(&document.document, &issuer, DocumentKind::OAuth)
        .map_err(|cause| failure::internal("What is kept of the issuer's metadata cannot be read", &cause))?;
    Ok(Pinned { document, issuer, metadata })
}

/// The provider with what its issuer says now. What a person has changed in the profile since stays, but for where things are.
fn renewed(before: &Provider, old: &Metadata, new: &Metadata) -> Provider {
    let fresh = Provider::discovered(before.id.clone(), &before.name, new);
    if *before == Provider::discovered(before.id.clone(), &before.name, old) {
        return fresh;
    }
    Provider { environments: fresh.environments, endpoints: fresh.endpoints, openid: fresh.openid, ..before.clone() }
}
