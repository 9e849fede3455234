//! Providers: listing, showing, base URLs, and the user's own profiles.

use gatewright_contract::provider::{
    BaseUrlChange, ProfileCheck, ProfileFindings, ProfileProblem as WireProblem, ProfileText, ProviderDetail,
    ProviderList,
};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::client_rules::{FindingLevel, check_base_url};
use gatewright_model::profile::ProfileProblem;
use gatewright_model::{Provider, ProviderId};
use gatewright_store::{client, provider};

use crate::show::provider::{self as show, ProviderStanding};
use crate::{App, failure};

impl App {
    /// Every provider, the built-in ones first.
    pub(crate) async fn providers(&self) -> Result<ProviderList, Failure> {
        let counts = self.clients_by_provider().await?;
        let known = self.0.registry.known();
        let origin = self.0.sandbox.origin();
        let providers = known
            .all()
            .iter()
            .map(|provider| {
                let clients = count(&counts, &provider.id);
                show::row(provider, &standing(&known, &provider.id, clients, origin.as_deref()))
            })
            .collect();
        Ok(ProviderList { providers })
    }

    /// What one profile says.
    pub(crate) async fn provider_detail(&self, id: &str) -> Result<ProviderDetail, Failure> {
        let known = self.0.registry.known();
        let provider = known.get(id)?;
        let clients = count(&self.clients_by_provider().await?, &provider.id);
        let origin = self.0.sandbox.origin();
        let metadata = self.metadata_of(&provider.id).await?;
        let detail = show::detail(&provider, &standing(&known, &provider.id, clients, origin.as_deref()));
        let nearby_hosts = self.nearby_hosts_of(&provider.id).await?;
        Ok(ProviderDetail { metadata, nearby_hosts, ..detail })
    }

    /// Sets the real base URL of a provider, or goes back to the profile's. Secrets kept for the old one are not sent to the new one
    /// before they are pasted again.
    pub(crate) async fn set_base_url(&self, change: BaseUrlChange) -> Result<ProviderDetail, Failure> {
        let known = self.0.registry.known();
        let provider = known.get(&change.provider)?;
        if known.is_discovered(&provider.id) {
            let message = "Where this provider is, its issuer says, and you have confirmed it.";
            return Err(failure::invalid("baseUrl", message)
                .hint("Ask the issuer again, or make a new provider from this one and change that."));
        }
        let text = change.base_url.trim().to_owned();
        let base_url = (!text.is_empty()).then_some(text);
        if let Some(text) = &base_url {
            let error =
                check_base_url(&provider, text).into_iter().find(|finding| finding.level == FindingLevel::Error);
            if let Some(finding) = error {
                return Err(failure::invalid("baseUrl", finding.message).hint(finding.hint));
            }
        }
        let (id, kept, now) = (provider.id.clone(), base_url.clone(), self.now());
        self.store()?
            .write_durably(move |tx| provider::set_base_url(tx, &id, kept.as_deref(), now))
            .await
            .map_err(failure::of_store)?;
        self.0.registry.set_base_url(&provider.id, base_url);
        self.tell(Event::ProvidersChanged);
        self.tell(Event::ClientsChanged);
        self.provider_detail(&change.provider).await
    }

    /// A profile as text: the user's own as it was written, a built-in one as it is.
    pub(crate) async fn profile_text(&self, id: &str) -> Result<ProfileText, Failure> {
        let known = self.0.registry.known();
        let profile = known.get(id)?;
        if known.is_built_in(&profile.id) {
            let text =
                profile.to_toml().map_err(|cause| failure::internal("The profile could not be written", &cause))?;
            return Ok(ProfileText { text });
        }
        let id = profile.id.clone();
        let stored = self.store()?.read(move |db| provider::find(db, &id)).await.map_err(failure::of_store)?;
        Ok(ProfileText { text: stored.text })
    }

    /// Judges the text of a profile.
    pub(crate) fn check_profile(&self, check: &ProfileCheck) -> ProfileFindings {
        let mut problems = match Provider::from_toml(&check.text) {
            Ok(provider) => self.name_taken(&provider.id).into_iter().collect(),
            Err(problems) => problems.iter().map(wire_problem).collect::<Vec<_>>(),
        };
        problems.sort_by_key(|problem| problem.line.unwrap_or(0));
        ProfileFindings { problems }
    }

    /// Keeps a profile of the user's own.
    pub(crate) async fn save_profile(&self, check: ProfileCheck) -> Result<ProviderDetail, Failure> {
        let profile = Provider::from_toml(&check.text).map_err(|problems| {
            let first = problems.first().map(wire_problem);
            let (field, message) = first.map_or_else(Default::default, |problem| (problem.field, problem.message));
            failure::invalid(&field, message)
        })?;
        if let Some(problem) = self.name_taken(&profile.id) {
            return Err(failure::invalid(&problem.field, problem.message));
        }
        let (id, now) = (profile.id.clone(), self.now());
        self.store()?
            .write_durably(move |tx| provider::put(tx, &id, &check.text, now))
            .await
            .map_err(failure::of_store)?;
        let id = profile.id.to_string();
        self.0.registry.put(profile);
        self.tell(Event::ProvidersChanged);
        self.provider_detail(&id).await
    }

    /// Deletes a profile of the user's own that no client uses.
    pub(crate) async fn delete_profile(&self, id: &str) -> Result<(), Failure> {
        let known = self.0.registry.known();
        let profile = known.get(id)?;
        if known.is_built_in(&profile.id) {
            return Err(failure::invalid("provider", "This profile comes with Gatewright and stays."));
        }
        let clients = count(&self.clients_by_provider().await?, &profile.id);
        if clients > 0 {
            return Err(Failure::new(
                FailureCode::InUse,
                format!("{clients} of your clients are registered at {}.", profile.name),
            )
            .hint("Delete those clients first."));
        }
        let wanted = profile.id.clone();
        self.store()?.write_durably(move |tx| provider::remove(tx, &wanted)).await.map_err(failure::of_store)?;
        self.0.registry.remove(&profile.id);
        self.0.transports.forget(&profile.id);
        self.tell(Event::ProvidersChanged);
        Ok(())
    }

    fn name_taken(&self, id: &ProviderId) -> Option<WireProblem> {
        self.0.registry.known().is_built_in(id).then(|| WireProblem {
            field: "id".to_owned(),
            message: format!("{id} is one of the providers Gatewright comes with."),
            hint: Some("Give your own profile another id.".to_owned()),
            line: None,
        })
    }

    async fn clients_by_provider(&self) -> Result<Vec<(ProviderId, u32)>, Failure> {
        match self.store() {
            Ok(store) => store.read(client::count_by_provider).await.map_err(failure::of_store),
            Err(_) => Ok(Vec::new()),
        }
    }
}

fn count(counts: &[(ProviderId, u32)], id: &ProviderId) -> u32 {
    counts.iter().find(|(provider, _)| provider == id).map_or(0, |(_, count)| *count)
}

fn standing<'a>(
    known: &'a crate::registry::Known,
    id: &ProviderId,
    clients: u32,
    sandbox_origin: Option<&'a str>,
) -> ProviderStanding<'a> {
    ProviderStanding {
        built_in: known.is_built_in(id),
        discovered: known.is_discovered(id),
        base_url: known.base_url(id),
        clients,
        sandbox_origin,
    }
}

fn wire_problem(problem: &ProfileProblem) -> WireProblem {
    WireProblem {
        field: problem.path.clone(),
        message: format!("Found {}; expected {}.", problem.found, problem.expected),
        hint: problem.hint.clone(),
        line: problem.line,
    }
}
