//! A rotation as the window shows it.

use gatewright_contract::Failure;
use gatewright_contract::rotation::{
    RotationDeployment, RotationDetail, RotationProof, RotationSecret, RotationState, SecretStanding,
};
use gatewright_model::rotation::{Kept, Position, RotatedSecret, if_stopped_now};
use gatewright_model::secret_version::{Proof, ProofVerdict};
use gatewright_model::{Client, Deployment, Provider, Rotation, RotationId, SecretVersion};
use gatewright_store::{client, deployment, secret_rotation, secret_version};

use super::{actions, deployments, guide, steps, words};
use crate::show::client as client_words;
use crate::{App, failure};

/// Everything a rotation is shown from.
pub(super) struct Sight<'a> {
    pub(super) rotation: &'a Rotation,
    pub(super) client: &'a Client,
    pub(super) provider: &'a Provider,
    pub(super) versions: &'a [SecretVersion],
    pub(super) deployments: &'a [Deployment],
    pub(super) kept: Kept,
    /// Whether the new secret is in memory because keyring or disk did not take it.
    pub(super) is_unstored: bool,
}

impl App {
    /// One rotation with its runbook.
    pub(crate) async fn rotation_detail(&self, id: &str) -> Result<RotationDetail, Failure> {
        let id = RotationId::new(id);
        let rows = self
            .store()?
            .read(move |db| {
                let rotation = secret_rotation::find(db, &id)?.rotation;
                let client = client::find(db, &rotation.client)?;
                let versions = secret_version::list(db, &rotation.client)?;
                let deployments = deployment::list(db, &rotation.client)?;
                Ok((rotation, client, versions, deployments))
            })
            .await;
        let (rotation, client, versions, deployments) = rows.map_err(failure::of_store)?;
        let provider = self.0.registry.known().get(client.provider.as_str())?;
        Ok(detail(&Sight {
            rotation: &rotation,
            client: &client,
            provider: &provider,
            versions: &versions,
            deployments: &deployments,
            kept: self.kept_of(&rotation, &versions),
            is_unstored: self.0.unstored_secrets.has(&rotation.id),
        }))
    }
}

fn detail(sight: &Sight<'_>) -> RotationDetail {
    let Sight { rotation, client, provider, .. } = sight;
    RotationDetail {
        id: rotation.id.to_string(),
        client: client.id.to_string(),
        client_name: client.name.clone(),
        provider: provider.id.to_string(),
        provider_name: provider.name.clone(),
        environment: crate::show::run::environment(client.environment),
        strategy: words::wire_strategy(rotation.strategy),
        strategy_reason: words::reason(rotation.strategy, &provider.name),
        driver: words::wire_driver(rotation.driver),
        state: match rotation.position {
            Position::At(_) => RotationState::UnderWay,
            Position::Completed => RotationState::Completed,
            Position::RolledBack => RotationState::RolledBack,
            Position::Abandoned => RotationState::Abandoned,
        },
        sentence: words::standing(rotation),
        steps: steps::of(sight),
        secrets: secrets(sight),
        deployments: sight.deployments.iter().map(|one| shown(one, rotation)).collect(),
        if_stopped_now: if_stopped_now(rotation, sight.kept),
        actions: actions::of(sight),
        guide: guide::of(sight),
        login_run: rotation.proofs.login.as_ref().map(|login| login.run.to_string()),
        started_at: rotation.started_at.to_string(),
        ended_at: rotation.ended_at.map(|at| at.to_string()),
    }
}

fn shown(deployment: &Deployment, rotation: &Rotation) -> RotationDeployment {
    RotationDeployment {
        deployment: deployment.id.to_string(),
        name: deployment.name.clone(),
        moved: deployments::has_moved(deployment, rotation),
    }
}

fn secrets(sight: &Sight<'_>) -> Vec<RotationSecret> {
    let rotation = sight.rotation;
    let mut all = vec![secret(sight, &rotation.old, true)];
    all.extend(rotation.new.iter().map(|new| secret(sight, new, false)));
    all
}

fn secret(sight: &Sight<'_>, one: &RotatedSecret, is_old: bool) -> RotationSecret {
    let row = sight.versions.iter().find(|row| row.version == one.version);
    RotationSecret {
        version: one.version,
        is_old,
        client_id: one.client_id.to_string(),
        last_four: row.and_then(|row| row.last_four.clone()),
        state: row.map_or("lost", |row| client_words::state(row.state)).to_owned(),
        place: row.and_then(client_words::place),
        proof: proof(sight.rotation, is_old),
    }
}

/// What the provider last said to one of the two.
fn proof(rotation: &Rotation, is_old: bool) -> Option<RotationProof> {
    let proofs = &rotation.proofs;
    let login = proofs.login.as_ref().filter(|_| !is_old);
    if let Some((login, at)) = login.and_then(|login| Some((login, login.logged_in_at?))) {
        return Some(RotationProof {
            standing: SecretStanding::Accepted,
            at: at.to_string(),
            sentence: "Somebody logged in with it.".to_owned(),
            run: Some(login.run.to_string()),
        });
    }
    let said = if is_old { proofs.old_ended.or(proofs.old) } else { proofs.new };
    said.map(|Proof { verdict, at }| RotationProof {
        standing: standing(verdict),
        at: at.to_string(),
        sentence: words::probed(verdict).to_owned(),
        run: None,
    })
}

/// What a provider said, as the window calls it.
pub(super) fn standing(verdict: ProofVerdict) -> SecretStanding {
    match verdict {
        ProofVerdict::Accepted => SecretStanding::Accepted,
        ProofVerdict::Refused => SecretStanding::Refused,
        ProofVerdict::CannotTell => SecretStanding::CannotTell,
    }
}
