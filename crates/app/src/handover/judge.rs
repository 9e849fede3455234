//! What would become of each client of a file: added, there already, or unusable, and why.

use std::collections::HashSet;
use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_contract::handover::{ImportClient, ImportStanding};
use gatewright_handover::HandedClient;
use gatewright_model::client_rules::{ClientDraft, FindingLevel, check_draft, check_protocol_settings};
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, Provider};
use gatewright_protocol::{ClientId, Secret};
use gatewright_store::client;
use url::Url;

use super::look::{Found, FoundClient, as_handed};
use crate::show::run::environment;
use crate::{App, failure};

/// A client of a file, judged.
pub(super) struct Candidate {
    /// As it would be kept; none when it cannot be.
    pub(super) client: Option<Client>,
    pub(super) provider: Option<Arc<Provider>>,
    pub(super) secret: Option<Secret>,
    pub(super) standing: ImportStanding,
    shown: ImportClient,
}

impl Candidate {
    /// For the window.
    pub(super) fn shown(&self, index: u32) -> ImportClient {
        ImportClient { index, ..self.shown.clone() }
    }
}

impl App {
    /// Judges every client of a file. `chosen` is the provider of those whose file does not say it.
    pub(super) async fn judge_candidates(
        &self,
        found: Vec<Found>,
        chosen: Option<&Arc<Provider>>,
    ) -> Result<Vec<Candidate>, Failure> {
        let mut seen = HashSet::new();
        let mut candidates = Vec::with_capacity(found.len());
        for found in found {
            let mut candidate = self.judge(found, chosen)?;
            if let Some(client) = &candidate.client {
                let is_again = !seen.insert((client.provider.clone(), client.environment, client.client_id.clone()));
                if let Some(why) = self
                    .kept_already_as(client)
                    .await?
                    .or_else(|| is_again.then(|| "It stands in the file twice.".to_owned()))
                {
                    candidate.standing = ImportStanding::Duplicate;
                    candidate.shown.standing = ImportStanding::Duplicate;
                    candidate.shown.why = Some(why);
                }
            }
            candidates.push(candidate);
        }
        Ok(candidates)
    }

    async fn kept_already_as(&self, client: &Client) -> Result<Option<String>, Failure> {
        let (provider, environment, client_id) =
            (client.provider.clone(), client.environment, client.client_id.clone());
        let read = move |db: &gatewright_store::Connection| {
            let id = client::find_by_identifier(db, &provider, environment, &client_id)?;
            id.map(|id| client::find(db, &id)).transpose()
        };
        let kept = self.store()?.read(read).await.map_err(failure::of_store)?;
        Ok(kept.map(|kept| format!("It is kept here already, as “{}”, and stays as it is.", kept.name)))
    }

    fn judge(&self, found: Found, chosen: Option<&Arc<Provider>>) -> Result<Candidate, Failure> {
        let Found { client, took, left } = found;
        let (handed, secret, provider) = match client {
            FoundClient::Ours(handed, secret) => {
                let handed = *handed;
                let provider = self.0.registry.known().find(&handed.provider);
                (handed, secret.map(|secret| (secret.value, Some((secret.issuer, secret.token_endpoint)))), provider)
            }
            FoundClient::Foreign(foreign) => {
                let Some(provider) = chosen.cloned().or_else(|| self.provider_at(&foreign.endpoints, &foreign.name))
                else {
                    return Ok(without_provider(foreign, took, left));
                };
                let (handed, secret) = as_handed(foreign, &provider);
                (handed, secret.map(|secret| (secret, None)), Some(provider))
            }
        };
        let mut shown = described(&handed, took, left);
        let Some(provider) = provider else {
            shown.why = Some(format!(
                "There is no provider “{}” here. Add its profile under Providers first.",
                handed.provider
            ));
            return Ok(Candidate {
                client: None,
                provider: None,
                secret: None,
                standing: ImportStanding::Unusable,
                shown,
            });
        };
        shown.provider_name = Some(provider.name.clone());
        let (value, destination) = secret.map_or((None, None), |(value, destination)| (Some(value), destination));
        match Self::usable(&handed, value.as_ref(), &provider) {
            Err(why) => {
                shown.why = Some(why);
                Ok(Candidate {
                    client: None,
                    provider: Some(provider),
                    secret: None,
                    standing: ImportStanding::Unusable,
                    shown,
                })
            }
            Ok(client_id) => {
                let client = self.kept_as(handed, client_id)?;
                let elsewhere =
                    destination.and_then(|destination| self.leads_elsewhere(&client, &provider, &destination));
                let secret = value.filter(|_| elsewhere.is_none());
                shown.has_secret = secret.is_some();
                shown.why = elsewhere;
                shown.standing = ImportStanding::New;
                Ok(Candidate {
                    client: Some(client),
                    provider: Some(provider),
                    secret,
                    standing: ImportStanding::New,
                    shown,
                })
            }
        }
    }

    /// Whether a client of a file can be kept, by the same rules as one that is typed; the sentence of the first that it breaks.
    fn usable(handed: &HandedClient, secret: Option<&Secret>, provider: &Provider) -> Result<ClientId, String> {
        if handed.environment == Environment::Sandbox {
            return Err(
                "It is registered at the sandbox of another computer. Register one at the sandbox here.".to_owned()
            );
        }
        let draft = ClientDraft {
            name: handed.name.clone(),
            client_id: Some(handed.client_id.clone()),
            secret: secret.cloned(),
            redirect_uris: handed.redirect_uris.clone(),
            client_authentication: handed.protocol.client_authentication,
            ..ClientDraft::new(handed.environment)
        };
        let findings =
            check_draft(provider, &draft).into_iter().chain(check_protocol_settings(provider, &handed.protocol));
        match findings.into_iter().find(|finding| finding.level == FindingLevel::Error) {
            Some(finding) => Err(format!("{} {}", finding.message, finding.hint)),
            None => ClientId::parse(&handed.client_id, provider.client_form.client_id.value)
                .map_err(|cause| failure::sentence(&cause)),
        }
    }

    fn kept_as(&self, handed: HandedClient, client_id: ClientId) -> Result<Client, Failure> {
        let now = self.now();
        Ok(Client {
            id: ClientRecordId::new(self.new_id()?),
            provider: handed.provider,
            environment: handed.environment,
            name: handed.name,
            client_id,
            redirect_uris: handed.redirect_uris,
            ownership: Ownership::Shared,
            owner: handed.owner,
            tag: handed.tag,
            notes: handed.notes,
            protocol_settings: handed.protocol,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        })
    }

    /// A secret is for one server. Where the provider's profile here leads to another one, it must not be taken along.
    fn leads_elsewhere(&self, client: &Client, provider: &Provider, destination: &(String, String)) -> Option<String> {
        let here = self.destination(client, provider);
        let (issuer, token_endpoint) = destination;
        (here.issuer != *issuer || here.token_endpoint != *token_endpoint).then(|| {
            format!(
                "Its secret is for {token_endpoint}, and {} is at {} here: it comes without. Correct the base URL under Providers, then \
                 import again.",
                provider.name, here.token_endpoint
            )
        })
    }

    /// The provider whose host one of the addresses names, or whose name the client has.
    fn provider_at(&self, endpoints: &[String], name: &str) -> Option<Arc<Provider>> {
        let known = self.0.registry.known();
        let host = |address: &str| Url::parse(address).ok()?.host_str().map(str::to_owned);
        let hosts: Vec<String> = endpoints.iter().filter_map(|address| host(address)).collect();
        let is_at = |provider: &&Arc<Provider>| {
            host(&known.with_base_url(provider).environments.production.authorization)
                .is_some_and(|at| hosts.contains(&at))
        };
        let is_named = |provider: &&Arc<Provider>| {
            let first = name.split_whitespace().next().unwrap_or_default();
            hosts.is_empty() && provider.name.eq_ignore_ascii_case(first)
        };
        known.all().iter().find(is_at).or_else(|| known.all().iter().find(is_named)).cloned()
    }
}

fn without_provider(
    foreign: gatewright_handover::foreign::ForeignClient,
    took: Vec<String>,
    left: Vec<String>,
) -> Candidate {
    let shown = ImportClient {
        index: 0,
        name: foreign.name,
        client_id: foreign.client_id,
        provider_name: None,
        environment: environment(Environment::Production),
        redirect_uris: foreign.redirect_uris,
        has_secret: foreign.secret.is_some(),
        standing: ImportStanding::Unusable,
        why: Some("The file does not say which provider it is at. Choose one above.".to_owned()),
        took,
        left,
    };
    Candidate { client: None, provider: None, secret: None, standing: ImportStanding::Unusable, shown }
}

fn described(handed: &HandedClient, took: Vec<String>, left: Vec<String>) -> ImportClient {
    ImportClient {
        index: 0,
        name: handed.name.clone(),
        client_id: handed.client_id.clone(),
        provider_name: None,
        environment: environment(handed.environment),
        redirect_uris: handed.redirect_uris.clone(),
        has_secret: false,
        standing: ImportStanding::Unusable,
        why: None,
        took,
        left,
    }
}
