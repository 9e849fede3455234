//! How a client's secret could be rotated, and the start of a rotation.

use gatewright_contract::rotation::{RotationDetail, RotationOptions, RotationStart, RotationWay};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::rotation::{RotatedSecret, Strategy};
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, Provider, Rotation, RotationId, SecretVersion};
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::{client, deployment, registration, secret_rotation, secret_version};

use super::driver::drivers_for;
use super::words;
use crate::{App, failure};

impl App {
    /// How a client's secret could be rotated.
    pub(crate) async fn rotation_ways(&self, id: &str) -> Result<RotationOptions, Failure> {
        let id = ClientRecordId::new(id);
        let rows = self
            .store()?
            .read(move |db| {
                let open = secret_rotation::under_way(db, &id)?;
                let registered = registration::find(db, &id)?.is_some_and(|row| row.gone_at.is_none());
                let client = client::find(db, &id)?;
                Ok((client, secret_version::active(db, &id)?, open, deployment::list(db, &id)?, registered))
            })
            .await;
        let (client, active, open, deployments, is_managed) = rows.map_err(failure::of_store)?;
        let provider = self.0.registry.known().get(client.provider.as_str())?;
        Ok(RotationOptions {
            client: client.id.to_string(),
            obstacle: self.obstacle_to_rotation(&client, &provider, active.as_ref()),
            under_way: open.map(|kept| kept.rotation.id.to_string()),
            ways: Self::ways(&client, &provider, is_managed),
            deployments: deployments.into_iter().map(|one| one.name).collect(),
        })
    }

    /// Starts a rotation.
    pub(crate) async fn start_rotation(&self, request: RotationStart) -> Result<RotationDetail, Failure> {
        self.refuse_older_database().await?;
        // An update that is on its way to the provider may bring a new secret.
        let _turn = self.registration_turn(&ClientRecordId::new(&request.client)).await;
        let (client, provider, active) = self.client_with_version(&request.client).await?;
        if let Some(obstacle) = self.obstacle_to_rotation(&client, &provider, active.as_ref()) {
            let code = if client.ownership == Ownership::Shared { FailureCode::NotOwned } else { FailureCode::Invalid };
            return Err(Failure::new(code, obstacle));
        }
        let Some(active) = active else { return Err(failure::not_found("This client has no secret.")) };
        let (strategy, driver) = (words::model_strategy(request.strategy), words::model_driver(request.driver));
        let is_managed = self.is_managed(&client.id).await?;
        if !Self::strategies_for(&client, &provider, is_managed).contains(&strategy) {
            return Err(failure::invalid("strategy", format!("{} does not allow this way.", provider.name)));
        }
        if !drivers_for(&client, &provider, strategy, is_managed).contains(&driver) {
            return Err(failure::invalid("driver", "Nobody can do it this way here."));
        }
        let id = RotationId::new(self.new_id()?);
        let old = RotatedSecret { version: active.version, client_id: client.client_id.clone() };
        let rotation = Rotation::start(id.clone(), client.id.clone(), strategy, driver, old, self.now());
        let entry = audit::Entry::about(self.now(), Actor::User, Action::RotationStarted, &client.id, &client.name);
        let entry = audit::Entry { version: Some(active.version), ..entry }.detail(words::manner(strategy));
        self.store()?
            .write_durably(move |tx| {
                secret_rotation::start(tx, &rotation)?;
                audit::append(tx, &entry)
            })
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::RotationsChanged);
        self.rotation_detail(id.as_str()).await
    }

    /// Why no rotation can be started, if that is so.
    fn obstacle_to_rotation(
        &self,
        client: &Client,
        provider: &Provider,
        active: Option<&SecretVersion>,
    ) -> Option<String> {
        let name = &provider.name;
        if client.ownership == Ownership::Shared {
            return Some("This client is shared with you: only its owner can rotate its secret.".to_owned());
        }
        if !client.authentication(provider).needs_secret() {
            return Some(format!("This client proves itself to {name} without a secret."));
        }
        if active.is_none() {
            return Some("This client has no secret in use. Paste one first.".to_owned());
        }
        if self.0.registry.known().is_placeholder(provider, client.environment) {
            return Some(format!("{name}'s document names no real host. Fill in your server's base URL first."));
        }
        None
    }

    /// How a client's secret can be rotated, the best way first. A twin can do what the sandbox can, and the real provider may not.
    fn strategies_for(client: &Client, provider: &Provider, is_managed: bool) -> Vec<Strategy> {
        let mut all = provider.client_form.strategies().value;
        let is_twin = client.environment == Environment::Sandbox;
        for (place, strategy) in [Strategy::Overlap, Strategy::Staged].into_iter().enumerate() {
            let can_be_driven = drivers_for(client, provider, strategy, is_managed).len() > 1;
            if is_twin && can_be_driven && !all.contains(&strategy) {
                all.insert(place.min(all.len()), strategy);
            }
        }
        if is_managed && !all.contains(&Strategy::CutOver) {
            all.push(Strategy::CutOver);
        }
        all
    }

    fn ways(client: &Client, provider: &Provider, is_managed: bool) -> Vec<RotationWay> {
        let known = provider.client_form.strategies();
        let way = |strategy: Strategy| {
            let is_said = known.value.contains(&strategy);
            RotationWay {
                strategy: words::wire_strategy(strategy),
                drivers: drivers_for(client, provider, strategy, is_managed)
                    .into_iter()
                    .map(words::wire_driver)
                    .collect(),
                sentence: words::what_happens(strategy).to_owned(),
                mark: if is_said { words::mark(known.mark) } else { "observed" }.to_owned(),
                note: if is_said { known.note.clone() } else { Some(unsaid(strategy).to_owned()) },
                downtime: strategy.has_downtime(),
                steps: strategy.steps().iter().map(|step| words::title(*step, strategy).to_owned()).collect(),
            }
        };
        Self::strategies_for(client, provider, is_managed).into_iter().map(way).collect()
    }
}

/// Why a strategy is offered that the provider's profile does not name.
const fn unsaid(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::CutOver => {
            "The client is managed by the provider's API, and some providers change the secret with an update."
        }
        _ => "The sandbox's twin can do this.",
    }
}
