//! Providers found by their issuer: looked at, adopted, and looked at again.

mod change;
mod shown;

use std::sync::Arc;

use gatewright_contract::discovery::{Discovery as WireDiscovery, DiscoveryAdopt, IssuerText};
use gatewright_contract::provider::ProviderDetail;
use gatewright_contract::{Event, Failure};
use gatewright_engine::discovery::{Discovery, discover};
use gatewright_engine::ports::{Ports, Transport};
use gatewright_model::{Environment, Provider, ProviderId};
use gatewright_protocol::metadata::{Issuer, Metadata};
use gatewright_store::discovered_provider::{self, IssuerDocument};
use gatewright_store::provider;
use jiff::Timestamp;
use url::Url;

pub(crate) use self::shown::Shown;
use crate::login::NoBrowser;
use crate::nearby::{self, confirmed};
use crate::show::discovery as show;
use crate::{App, failure};

impl App {
    /// Asks an issuer what it says of itself. What is shown is remembered until it is adopted, and nothing of it is kept.
    pub(crate) async fn discover_issuer(&self, request: IssuerText) -> Result<WireDiscovery, Failure> {
        let issuer = read_issuer(&request.issuer)?;
        let near = request.nearby.then(|| nearby::host_name(&host_of(&issuer))).transpose()?;
        let found = self.ask_issuer(&issuer, self.0.transports.for_once(near.as_deref())).await;
        let proposal = found.result.as_ref().ok().map(|discovered| {
            let digest = shown::digest(&document_of(&discovered.metadata));
            self.0.shown.remember(digest.clone(), discovered.metadata.clone());
            let provider = Provider::discovered(ProviderId::new("found"), &host_of(&issuer), &discovered.metadata);
            show::proposal(&provider, discovered, digest, self.known_as(&issuer))
        });
        Ok(show::discovery(&issuer, &found, proposal))
    }

    async fn ask_issuer(&self, issuer: &Issuer, transport: Arc<dyn Transport>) -> Discovery {
        let ports = Ports { transport, ..self.ports(Arc::new(NoBrowser)) };
        discover(issuer, &ports, &self.0.ending).await
    }

    /// Keeps the provider that was shown, exactly as it was shown.
    pub(crate) async fn adopt_issuer(&self, request: DiscoveryAdopt) -> Result<ProviderDetail, Failure> {
        let issuer = read_issuer(&request.issuer)?;
        let name = request.name.trim();
        let metadata = self.0.shown.of(&request.digest).filter(|metadata| metadata.issuer() == issuer.as_str());
        let metadata = metadata.ok_or_else(failure::changed_meanwhile)?;
        let provider = Provider::discovered(self.free_id(name, &issuer)?, name, &metadata);
        let text = profile_text(&provider)?;
        let (id, now) = (provider.id.clone(), self.now());
        let document = to_keep(&id, &metadata, now);
        let near = request.nearby.then(|| nearby::host_name(&host_of(&issuer))).transpose()?;
        let near = near.map(|host| confirmed(&id, host, now));
        let kept = near.clone();
        self.store()?
            .write_durably(move |tx| {
                provider::put(tx, &id, &text, now)?;
                discovered_provider::accept(tx, &document, now)?;
                kept.map_or(Ok(()), |host| nearby::record_confirmed(tx, &host))
            })
            .await
            .map_err(failure::of_store)?;
        if let Some(near) = &near {
            self.0.transports.confirm(&near.provider, &near.host);
        }
        let id = provider.id.clone();
        self.0.registry.put(provider);
        self.0.registry.set_discovered(&id);
        self.tell(Event::ProvidersChanged);
        self.provider_detail(id.as_str()).await
    }

    /// A short name that no provider has yet: of the name's letters, else of the issuer's host.
    fn free_id(&self, name: &str, issuer: &Issuer) -> Result<ProviderId, Failure> {
        if name.is_empty() {
            return Err(failure::invalid("name", "The provider needs a name.").hint("Give it the name people use."));
        }
        let known = self.0.registry.known();
        let base = [slug(name), slug(&host_of(issuer))].into_iter().find(|text| !text.is_empty());
        let base = base.unwrap_or_else(|| "provider".to_owned());
        let candidates = std::iter::once(base.clone()).chain((2..100).map(|number| format!("{base}-{number}")));
        let free = candidates.map(ProviderId::new).find(|id| known.find(id).is_none());
        free.ok_or_else(|| failure::invalid("name", "There are too many providers of this name already."))
    }

    /// The provider that has this issuer already.
    fn known_as(&self, issuer: &Issuer) -> Option<String> {
        let known = self.0.registry.known();
        let has_it = |provider: &&Arc<Provider>| {
            known.with_base_url(provider).bases(Environment::Production, None).issuer() == issuer.as_str()
        };
        known.all().iter().find(has_it).map(|provider| provider.name.clone())
    }
}

/// The profile as text, if it is one that would also be taken from a person.
fn profile_text(provider: &Provider) -> Result<String, Failure> {
    let text = provider.to_toml().map_err(|cause| failure::internal("The profile could not be written", &cause))?;
    match Provider::from_toml(&text) {
        Ok(_) => Ok(text),
        Err(problems) => {
            let first = problems.first();
            let field = if first.is_some_and(|problem| problem.path == "name") { "name" } else { "issuer" };
            let what = first.map(|problem| format!("{} is {}, not {}", problem.path, problem.found, problem.expected));
            Err(failure::invalid(field, format!("No profile can be made of this: {}.", what.unwrap_or_default())))
        }
    }
}

fn read_issuer(text: &str) -> Result<Issuer, Failure> {
    Issuer::parse(text.trim()).map_err(|cause| {
        failure::invalid("issuer", failure::sentence(&cause))
            .hint("Write it as the provider does, as https://login.example.org, without anything behind it.")
    })
}

fn host_of(issuer: &Issuer) -> String {
    Url::parse(issuer.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// What is kept of an issuer's metadata: both documents together.
fn document_of(metadata: &Metadata) -> String {
    serde_json::Value::Object(metadata.members().clone()).to_string()
}

fn to_keep(provider: &ProviderId, metadata: &Metadata, now: Timestamp) -> IssuerDocument {
    let document = document_of(metadata);
    IssuerDocument {
        provider: provider.clone(),
        issuer: metadata.issuer().to_owned(),
        sha256: shown::digest(&document),
        document,
        fetched_at: now,
        accepted_at: None,
    }
}

/// Lower-case letters, digits and hyphens, at most forty of them.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.chars().take(40).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_short_name_is_made_of_what_can_be_in_one() {
        assert_eq!(slug("Acme Login (staging)"), "acme-login-staging");
        assert_eq!(slug("127.0.0.1"), "127-0-0-1");
        assert_eq!(slug("über"), "ber");
        assert_eq!(slug("日本"), "");
    }
}
