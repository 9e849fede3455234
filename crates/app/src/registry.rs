//! Every provider Gatewright knows: the built-in five, the user's own, and the base URLs the user filled in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use gatewright_contract::Failure;
use gatewright_model::{Environment, Provider, ProviderId};

use crate::failure;

/// Every provider, as it stands now.
#[derive(Debug)]
pub(crate) struct Registry(RwLock<Arc<Known>>);

/// The providers at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    providers: Vec<Arc<Provider>>,
    built_in: usize,
    base_urls: BTreeMap<ProviderId, String>,
    discovered: BTreeSet<ProviderId>,
}

impl Registry {
    /// The built-in ones only.
    pub(crate) fn built_in() -> Self {
        let providers: Vec<_> = Provider::built_in().into_iter().map(Arc::new).collect();
        let built_in = providers.len();
        Self(RwLock::new(Arc::new(Known {
            providers,
            built_in,
            base_urls: BTreeMap::new(),
            discovered: BTreeSet::new(),
        })))
    }

    /// The providers as they stand now.
    pub(crate) fn known(&self) -> Arc<Known> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the user's own profiles and base URLs over from the database.
    pub(crate) fn load(&self, own: Vec<Provider>, base_urls: BTreeMap<ProviderId, String>) {
        self.change(|known| {
            known.providers.truncate(known.built_in);
            known.providers.extend(own.into_iter().map(Arc::new));
            known.base_urls = base_urls;
        });
    }

    /// Adds a profile of the user's own, or puts it in the place of the one with its id.
    pub(crate) fn put(&self, provider: Provider) {
        self.change(|known| {
            known.providers.retain(|other| other.id != provider.id);
            known.providers.push(Arc::new(provider));
        });
    }

    /// Takes a profile of the user's own away.
    pub(crate) fn remove(&self, id: &ProviderId) {
        self.change(|known| {
            known.providers.retain(|other| &other.id != id);
            known.base_urls.remove(id);
            known.discovered.remove(id);
        });
    }

    /// Remembers that a provider was found by its issuer.
    pub(crate) fn set_discovered(&self, id: &ProviderId) {
        self.change(|known| {
            known.discovered.insert(id.clone());
        });
    }

    /// Sets or clears the base URL the user filled in.
    pub(crate) fn set_base_url(&self, id: &ProviderId, base_url: Option<String>) {
        self.change(|known| {
            match base_url {
                Some(base_url) => known.base_urls.insert(id.clone(), base_url),
                None => known.base_urls.remove(id),
            };
        });
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut held));
    }
}

impl Known {
    /// All of them, the built-in ones first.
    pub(crate) fn all(&self) -> &[Arc<Provider>] {
        &self.providers
    }

    /// The one with that id.
    pub(crate) fn find(&self, id: &ProviderId) -> Option<Arc<Provider>> {
        self.providers.iter().find(|provider| &provider.id == id).cloned()
    }

    /// The one with that id, or the failure that says it is gone.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<Provider>, Failure> {
        self.find(&ProviderId::new(id)).ok_or_else(|| failure::not_found(format!("There is no provider called {id}.")))
    }

    /// The name of a provider, also of one that is gone.
    pub(crate) fn name(&self, id: &ProviderId) -> String {
        self.find(id).map_or_else(|| id.to_string(), |provider| provider.name.clone())
    }

    /// Whether it comes with Gatewright.
    pub(crate) fn is_built_in(&self, id: &ProviderId) -> bool {
        self.providers[..self.built_in].iter().any(|provider| &provider.id == id)
    }

    /// Whether it was found by its issuer.
    pub(crate) fn is_discovered(&self, id: &ProviderId) -> bool {
        self.discovered.contains(id)
    }

    /// The base URL the user filled in.
    pub(crate) fn base_url(&self, id: &ProviderId) -> Option<&str> {
        self.base_urls.get(id).map(String::as_str)
    }

    /// The provider with the user's base URL in the place of the profile's.
    pub(crate) fn with_base_url<'a>(&self, provider: &'a Provider) -> Cow<'a, Provider> {
        let Some(base_url) = self.base_url(&provider.id) else { return Cow::Borrowed(provider) };
        let mut provider = provider.clone();
        let production = &mut provider.environments.production;
        if production.api.as_deref() == Some(production.authorization.as_str()) {
            production.api = None;
        }
        base_url.clone_into(&mut production.authorization);
        production.issuer = None;
        production.placeholder = false;
        Cow::Owned(provider)
    }

    /// Whether logins in that environment have somewhere to go.
    pub(crate) fn is_placeholder(&self, provider: &Provider, environment: Environment) -> bool {
        provider.bases(environment, None).placeholder && self.base_url(&provider.id).is_none()
    }
}
