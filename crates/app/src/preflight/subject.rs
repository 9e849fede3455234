//! What a preflight is about: one login that could be started now, with everything our own records say of it.

use gatewright_contract::Failure;
use gatewright_contract::login::LoginStart;
use gatewright_engine::login::{LoginPlan, TIME_LIMIT};
use gatewright_model::client_rules::{ClientDraft, Finding, ProviderHost, check_draft};
use gatewright_model::provider::{Bases, LogInRule};
use gatewright_model::run::Browser;
use gatewright_model::{Client, Environment, Outcome, Provider, ProviderId, SecretVersion, SecretVersionState};
use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::redirect_uri::RedirectUri;
use gatewright_sandbox::{RegisteredApp, SandboxHandle, Twin};
use gatewright_store::{Connection, StoreError, registration, run, secret_version, setting};

use crate::login::redirect_uri;
use crate::runs::model_browser;
use crate::{App, failure};

/// How many of a client's last logins are looked at for somebody else than its owner.
const LOGINS_LOOKED_AT: u32 = 50;

/// One login that could be started now.
pub(crate) struct Subject {
    pub(crate) client: Client,
    /// With the base URL that the user filled in.
    pub(super) provider: Provider,
    /// None while there is no server: the sandbox is off, or the profile holds only a stand-in.
    pub(super) bases: Option<Bases>,
    pub(super) browser: Browser,
    /// How the provider is asked to answer.
    pub(crate) mode: ResponseMode,
    /// Where the login would come back, or why it cannot.
    pub(super) redirect_uri: Result<RedirectUri, Failure>,
    pub(super) scopes: Vec<String>,
    /// What the rules for clients find, the secret aside.
    pub(super) findings: Vec<Finding>,
    /// Hosts of the user's own providers.
    pub(super) other_provider_hosts: Vec<ProviderHost>,
    pub(crate) at_provider: AtProvider,
    pub(super) approval: Approval,
    pub(super) versions: Vec<SecretVersion>,
    /// Whether the person lets the authorization endpoint be asked.
    pub(super) asks_endpoint: bool,
    /// Why the authorization endpoint is left alone, if it is.
    pub(super) asks_not: Option<String>,
}

/// What the provider has of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AtProvider {
    /// Only the provider's page tells.
    Unknown,
    /// It has no such client.
    Missing,
    /// It has these redirect URIs.
    Known {
        /// Letter by letter.
        redirect_uris: Vec<String>,
        /// How we know: "its sandbox twin", "its registration as it was read last".
        source: &'static str,
    },
}

/// Whether others than the owner can log in, where the provider wants to approve a client first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Approval {
    /// They can.
    Approved,
    /// They cannot yet.
    NotApproved {
        /// Who can.
        owner: String,
    },
    /// Two people have, of whom one at most is the owner.
    OtherLoggedIn {
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// Nobody knows.
    Unknown,
}

/// What the database has that bears on a login.
struct Recorded {
    versions: Vec<SecretVersion>,
    registration: Option<registration::RegistrationRow>,
    last_logins: Vec<run::RunRow>,
    asks_endpoint: bool,
}

impl App {
    /// Everything our own records say of a login. Asks nobody.
    pub(crate) async fn preflight_subject(&self, request: &LoginStart) -> Result<Subject, Failure> {
        let (client, provider) = self.client_with_provider(&request.client).await?;
        let recorded = self.login_records(&client).await?;
        let known = self.0.registry.known();
        let bases = self.bases_of(&client, &provider);
        let other_provider_hosts = self.other_hosts(&provider);
        let provider = known.with_base_url(&provider).into_owned();
        let app = self.app_at_twin(&client).await;
        let approves_by_itself =
            client.environment == Environment::Sandbox && self.0.sandbox.approves_by_itself().await;
        let browser = model_browser(request.browser);
        let mode = client.protocol_settings.asked_response_mode(&provider).unwrap_or_default();
        let mut subject = Subject {
            redirect_uri: redirect_uri(&client, browser, mode, request.redirect_uri.as_deref()),
            scopes: request
                .scopes
                .clone()
                .unwrap_or_else(|| provider.dialect.authorization.default_scopes.value.clone()),
            at_provider: at_provider(&client, app.as_ref(), recorded.registration.as_ref(), bases.is_some()),
            approval: approval(&provider, app.as_ref(), &recorded.last_logins),
            asks_not: asks_not(&provider, recorded.asks_endpoint, approves_by_itself),
            asks_endpoint: recorded.asks_endpoint,
            versions: recorded.versions,
            findings: Vec::new(),
            other_provider_hosts,
            client,
            provider,
            bases,
            browser,
            mode,
        };
        subject.findings = check_draft(&subject.provider, &subject.draft());
        Ok(subject)
    }

    async fn login_records(&self, client: &Client) -> Result<Recorded, Failure> {
        let (id, key) = (client.id.clone(), asking_key(&client.provider));
        let read = move |db: &Connection| -> Result<Recorded, StoreError> {
            let logins =
                run::RunQuery { client: Some(id.clone()), limit: Some(LOGINS_LOOKED_AT), ..Default::default() };
            Ok(Recorded {
                versions: secret_version::list(db, &id)?,
                registration: registration::find(db, &id)?,
                last_logins: run::list(db, &logins)?,
                asks_endpoint: setting::find(db, &key)?.unwrap_or(true),
            })
        };
        self.store()?.read(read).await.map_err(failure::of_store)
    }

    /// Where a client's logins go, if anywhere.
    fn bases_of(&self, client: &Client, provider: &Provider) -> Option<Bases> {
        let known = self.0.registry.known();
        if known.is_placeholder(provider, client.environment) {
            return None;
        }
        let origin = match client.environment {
            Environment::Sandbox => Some(self.0.sandbox.origin()?),
            Environment::Production => None,
        };
        Some(known.with_base_url(provider).bases(client.environment, origin.as_deref()))
    }

    /// What the sandbox has of a client; none for clients of real servers.
    async fn app_at_twin(&self, client: &Client) -> Option<RegisteredApp> {
        let twin = Twin::from_id(client.provider.as_str()).filter(|_| client.environment == Environment::Sandbox)?;
        let apps = self.0.sandbox.with_handle(|handle: &SandboxHandle| handle.apps(twin)).await?;
        apps.into_iter().find(|app| app.client_id == client.client_id)
    }
}

impl Subject {
    /// The client as its own form would have it, without its secret.
    pub(super) fn draft(&self) -> ClientDraft {
        ClientDraft {
            name: self.client.name.clone(),
            client_id: Some(self.client.client_id.to_string()),
            client_authentication: self.client.protocol_settings.client_authentication,
            redirect_uris: self.client.redirect_uris.clone(),
            other_provider_hosts: self.other_provider_hosts.clone(),
            ..ClientDraft::new(self.client.environment)
        }
    }

    /// The version of the secret that the login would use.
    pub(super) fn active_version(&self) -> Option<u32> {
        let active = self.versions.iter().find(|version| version.state == SecretVersionState::Active);
        active.map(|version| version.version)
    }

    /// The login as a plan without a secret, for a look at the authorization endpoint. None where nothing could be sent.
    pub(super) fn plan(&self) -> Option<LoginPlan> {
        Some(LoginPlan {
            provider: self.provider.clone(),
            bases: self.bases.clone()?,
            client_id: self.client.client_id.clone(),
            client_secret: None,
            settings: self.client.protocol_settings.clone(),
            redirect_uri: self.redirect_uri.clone().ok()?,
            scopes: self.scopes.clone(),
            browser: self.browser,
            time_limit: TIME_LIMIT,
            expected_person: None,
        })
    }
}

/// The setting that says whether a provider's authorization endpoint is asked.
pub(super) fn asking_key(provider: &ProviderId) -> String {
    format!("preflight_asks/{provider}")
}

fn asks_not(provider: &Provider, asks_endpoint: bool, approves_by_itself: bool) -> Option<String> {
    if approves_by_itself {
        // Whoever begins a login there has finished it.
        return Some("Not asked: the sandbox approves every request by itself, so asking would be a login.".to_owned());
    }
    (!asks_endpoint).then(|| format!("Not asked: you have switched it off for {}.", provider.name))
}

fn at_provider(
    client: &Client,
    app: Option<&RegisteredApp>,
    registration: Option<&registration::RegistrationRow>,
    is_reachable: bool,
) -> AtProvider {
    if client.environment == Environment::Sandbox {
        return match app {
            Some(app) => AtProvider::Known { redirect_uris: app.redirect_uris.clone(), source: "its sandbox twin" },
            None if is_reachable => AtProvider::Missing,
            None => AtProvider::Unknown,
        };
    }
    let members = registration.and_then(|row| serde_json::from_str::<serde_json::Value>(&row.metadata).ok());
    let listed = members.as_ref().and_then(|members| members.get("redirect_uris")?.as_array());
    match listed {
        Some(listed) => AtProvider::Known {
            redirect_uris: listed.iter().filter_map(|uri| uri.as_str().map(str::to_owned)).collect(),
            source: "its registration as it was read last",
        },
        None => AtProvider::Unknown,
    }
}

fn approval(provider: &Provider, app: Option<&RegisteredApp>, logins: &[run::RunRow]) -> Approval {
    if let Some(app) = app {
        return if app.approved { Approval::Approved } else { Approval::NotApproved { owner: app.owner.clone() } };
    }
    if provider.ownership.log_in.value == LogInRule::AnyAccount {
        return Approval::Unknown;
    }
    let logged_in = logins.iter().filter(|login| matches!(login.outcome, Outcome::LoggedIn { .. }));
    approval_by(logged_in.filter_map(|login| Some((login.subject.as_deref()?, login.display_name.as_deref()))))
}

/// What those who have logged in, by subject and display name, tell of an approval. Which of them is the owner nobody knows: the client's
/// own record has whatever the user wrote there.
fn approval_by<'a>(mut people: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Approval {
    let named = |(subject, name): (&str, Option<&str>)| name.unwrap_or(subject).to_owned();
    let Some(one) = people.next() else { return Approval::Unknown };
    match people.find(|(subject, _)| *subject != one.0) {
        Some(other) => Approval::OtherLoggedIn { one: named(one), other: named(other) },
        None => Approval::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_different_people_show_that_somebody_else_than_the_owner_can_log_in() {
        let by = |people: &[(&'static str, Option<&'static str>)]| approval_by(people.iter().copied());
        assert_eq!(by(&[]), Approval::Unknown);
        assert_eq!(by(&[("olivia", None)]), Approval::Unknown, "it may be the owner");
        assert_eq!(by(&[("17", Some("Olivia")), ("17", Some("Olivia B.")), ("17", None)]), Approval::Unknown);
        let two = Approval::OtherLoggedIn { one: "Olivia".to_owned(), other: "theo".to_owned() };
        assert_eq!(by(&[("17", Some("Olivia")), ("17", None), ("theo", None)]), two);
    }
}
