//! How a client can be made at a provider: by its API, or by a person on its own page.

use gatewright_contract::Failure;
use gatewright_contract::registration::{CreationOffer, ProviderPlace};
use gatewright_model::provider::{CreateRule, Endpoint, LogInRule};
use gatewright_model::{Environment, Provider};
use gatewright_sandbox::Twin;
use url::Url;

use crate::clients::model_environment;
use crate::{App, failure};

impl App {
    /// How a client can be made at a provider.
    pub(crate) fn offer_creation(&self, request: &ProviderPlace) -> Result<CreationOffer, Failure> {
        let provider = self.0.registry.known().get(&request.provider)?;
        let environment = model_environment(request.environment);
        let page = self.creation_page(&provider, environment);
        let has_endpoint = provider.endpoints.get(Endpoint::Registration).is_some();
        let place = self.confirmed_endpoint(environment, &provider).ok().filter(|_| has_endpoint);
        Ok(CreationOffer {
            registration: place.map(|url| url.origin().ascii_serialization()),
            noun: provider.client_form.noun.value.clone(),
            page: provider.client_form.page.value.clone(),
            address: page.as_ref().ok().map(Url::to_string),
            rules: rules(&provider),
        })
    }

    /// Opens the page on which a client is made, in the person's own browser.
    pub(crate) fn open_creation_page(&self, request: &ProviderPlace) -> Result<(), Failure> {
        let provider = self.0.registry.known().get(&request.provider)?;
        let page = self.creation_page(&provider, model_environment(request.environment))?;
        self.0.options.desktop.open_in_browser(&page).map_err(|cause| failure::of_desktop(&cause))
    }

    /// The page itself at a twin; at a real provider, whose documents name no address, its front door.
    fn creation_page(&self, provider: &std::sync::Arc<Provider>, environment: Environment) -> Result<Url, Failure> {
        let unknown = || failure::base_url_missing(&provider.name);
        match environment {
            Environment::Sandbox => {
                let origin = self.0.sandbox.origin().ok_or_else(failure::sandbox_off)?;
                let twin = Twin::from_id(provider.id.as_str()).ok_or_else(unknown)?;
                Url::parse(&format!("{}{}", origin.trim_end_matches('/'), twin.apps_path())).map_err(|_| unknown())
            }
            Environment::Production => {
                let base = self.confirmed_endpoint(environment, provider)?;
                base.join("/").map_err(|_| unknown())
            }
        }
    }
}

/// What the provider's page asks and limits.
fn rules(provider: &Provider) -> Vec<String> {
    let form = &provider.client_form;
    let unique = if form.name_unique.value { ", which no other has" } else { "" };
    let mut all = vec![format!("The name has {} to {} characters{unique}.", form.name.value.min, form.name.value.max)];
    all.push(match form.redirect_uris.value {
        1 => format!("There is one redirect URI, of at most {} characters.", form.redirect_uri.value.max),
        count => format!("There are up to {count} redirect URIs."),
    });
    all.push(
        match provider.ownership.create.value {
            CreateRule::AnyAccount => "Anybody with an account may make one.",
            CreateRule::PhoneVerified => "Your account there needs a verified phone number.",
            CreateRule::RankedMember => "Your account there needs the first rank of a member.",
        }
        .to_owned(),
    );
    if provider.ownership.log_in.value == LogInRule::OwnerUntilApproved {
        all.push("Until the provider approves it, only you can log in with it.".to_owned());
    }
    if !form.rotation.value {
        all.push("Its secret can never be changed there: only a new client has another one.".to_owned());
    }
    all
}
