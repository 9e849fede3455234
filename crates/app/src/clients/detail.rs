//! One client with everything the detail pane shows.

use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_contract::client::ClientRow as WireRow;
use gatewright_contract::client::{ClientDetail, Fix, LastRun, Obstacle};
use gatewright_model::{Client, ClientRecordId, Environment, Provider, SecretVersion, SecretVersionState};
use gatewright_store::client::rotation_policy;
use gatewright_store::{client, deployment, run, secret_version};

use crate::registry::Known;
use crate::show::{client as show, outcome};
use crate::{App, failure, runs};

/// How many of a client's runs its detail shows.
const RUNS_SHOWN: u32 = 10;

impl App {
    /// A client that is not deleted, with its provider.
    pub(crate) async fn client_with_provider(&self, id: &str) -> Result<(Client, Arc<Provider>), Failure> {
        let id = ClientRecordId::new(id);
        let client = self.store()?.read(move |db| client::find(db, &id)).await.map_err(failure::of_store)?;
        let provider = self.0.registry.known().get(client.provider.as_str())?;
        Ok((client, provider))
    }

    /// One client with its provider and the version of its secret that logins use; none for a public client.
    pub(crate) async fn client_with_version(
        &self,
        id: &str,
    ) -> Result<(Client, Arc<Provider>, Option<SecretVersion>), Failure> {
        let id = ClientRecordId::new(id);
        let read =
            move |db: &gatewright_store::Connection| Ok((client::find(db, &id)?, secret_version::active(db, &id)?));
        let (client, version) = self.store()?.read(read).await.map_err(failure::of_store)?;
        let provider = self.0.registry.known().get(client.provider.as_str())?;
        Ok((client, provider, version))
    }

    /// One client with everything the detail pane shows.
    pub(crate) async fn client_detail(&self, id: &ClientRecordId) -> Result<ClientDetail, Failure> {
        let (client, provider) = self.client_with_provider(id.as_str()).await?;
        let wanted = client.id.clone();
        let (versions, policy, deployments, runs) = self
            .store()?
            .read(move |db| {
                let query =
                    run::RunQuery { client: Some(wanted.clone()), limit: Some(RUNS_SHOWN), ..Default::default() };
                Ok((
                    secret_version::list(db, &wanted)?,
                    rotation_policy::find(db, &wanted)?,
                    deployment::list(db, &wanted)?,
                    run::list(db, &query)?,
                ))
            })
            .await
            .map_err(failure::of_store)?;
        let known = self.0.registry.known();
        let active = versions.iter().find(|version| version.state == SecretVersionState::Active);
        let last_run = runs.first().map(|run| LastRun {
            run: run.id.to_string(),
            verdict: outcome::verdict(&run.outcome),
            started_at: run.started_at.to_string(),
        });
        Ok(ClientDetail {
            row: WireRow { last_run, ..self.row_of(&client, active, &known) },
            redirect_uris: client.redirect_uris.iter().map(|uri| show::redirect_uri(uri)).collect(),
            owner: client.owner.clone(),
            notes: client.notes.clone(),
            protocol: crate::show::protocol::wire(&client.protocol_settings),
            response_mode: crate::show::protocol::response_mode_of(&client, &provider),
            secret: active.map(show::secret),
            sends: show::sends(&provider),
            gets: show::gets(&provider),
            obstacles: self.obstacles(&client, &provider, &known, &versions),
            secret_versions: versions.iter().map(show::secret).collect(),
            rotate_after_days: policy.days().map(u32::from),
            deployments: deployments.iter().map(show::deployment).collect(),
            base_url: self.base_url(&client, &provider, &known),
            noun: provider.client_form.noun.value.clone(),
            runs: runs.iter().map(|row| runs::wire_row(row, &known)).collect(),
            created_at: client.created_at.to_string(),
            updated_at: client.updated_at.to_string(),
        })
    }

    fn row_of(&self, client: &Client, active: Option<&SecretVersion>, known: &Known) -> WireRow {
        let row = client::ClientRow {
            id: client.id.clone(),
            provider: client.provider.clone(),
            environment: client.environment,
            name: client.name.clone(),
            client_id: client.client_id.clone(),
            ownership: client.ownership,
            tag: client.tag.clone(),
            secret: active.map(|version| client::ActiveSecret {
                version: version.version,
                created_at: version.created_at,
                due_at: version.due_at,
                last_proof: version.last_proof,
            }),
            last_run: None,
        };
        super::list::wire_row(&row, known, self.now())
    }

    /// Where logins of a client go; none while the sandbox is off or the base URL is a placeholder.
    pub(crate) fn base_url(&self, client: &Client, provider: &Provider, known: &Known) -> Option<String> {
        match client.environment {
            Environment::Sandbox => {
                let origin = self.0.sandbox.origin()?;
                Some(provider.bases(Environment::Sandbox, Some(&origin)).authorization)
            }
            Environment::Production if known.is_placeholder(provider, Environment::Production) => None,
            Environment::Production => {
                Some(known.with_base_url(provider).bases(Environment::Production, None).authorization)
            }
        }
    }

    fn obstacles(
        &self,
        client: &Client,
        provider: &Provider,
        known: &Known,
        versions: &[SecretVersion],
    ) -> Vec<Obstacle> {
        let mut all = Vec::new();
        let mut add =
            |message: String, hint: &str, fix| all.push(Obstacle { message, hint: hint.to_owned(), fix: Some(fix) });
        if client.environment == Environment::Sandbox && self.0.sandbox.origin().is_none() {
            add("The sandbox is not running.".to_owned(), "Start it to log in here.", Fix::StartSandbox);
        }
        if known.is_placeholder(provider, client.environment) {
            add(
                format!("{}'s document names no real host.", provider.name),
                "Fill in your server's base URL.",
                Fix::SetBaseUrl,
            );
        }
        let wants_secret = client.authentication(provider).needs_secret();
        let has_active = versions.iter().any(|version| version.state == SecretVersionState::Active);
        if wants_secret && !has_active {
            let message = if versions.iter().any(|version| version.state == SecretVersionState::Lost) {
                "This client's secret was only in memory and is gone."
            } else {
                "This client has no secret."
            };
            add(message.to_owned(), "Paste the secret; the provider's page shows it.", Fix::PasteSecret);
        }
        all
    }
}
