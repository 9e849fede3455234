//! Proving a secret without a login: the probe, with what was learnt about each provider's answers.

use std::sync::Arc;

use gatewright_contract::Failure;
use gatewright_engine::probe::{ProbeError, ProbeOutcome, ProbePlan, probe};
use gatewright_model::secret_version::ProofVerdict;
use gatewright_model::{Client, Environment, Provider};
use gatewright_protocol::probe::Calibration;
use gatewright_protocol::redirect_uri::RedirectUri;
use gatewright_store::setting;
use tokio_util::sync::CancellationToken;

use crate::login::NoBrowser;
use crate::{App, failure};

impl App {
    /// What the provider of a client says to a version of its secret, asked with a nonsense code. No answer, or one that does not tell,
    /// is a verdict too; a failure is what kept us from asking.
    pub(crate) async fn probe(
        &self,
        client: &Client,
        provider: &Arc<Provider>,
        version: u32,
    ) -> Result<ProofVerdict, Failure> {
        let plan = ProbePlan {
            client: self.grant_plan(client, provider, Some(version)).await?,
            redirect_uri: first_redirect_uri(client)?,
        };
        let key = calibration_key(client);
        let calibration = self.calibration(&key).await;
        let ports = self.ports_to(&provider.id, Arc::new(NoBrowser));
        let cancel = CancellationToken::new();
        // Boxed: every command that proves something would carry all of it.
        let end = Box::pin(probe(&plan, calibration.as_ref(), &self.0.probe_pace, &ports, &cancel)).await;
        let probed = end.map_err(|cause| of_probe(&cause))?.outcome;
        if let Some(learnt) = probed.calibration {
            self.learn(key, learnt).await;
        }
        Ok(match probed.outcome {
            ProbeOutcome::Accepted => ProofVerdict::Accepted,
            ProbeOutcome::Refused => ProofVerdict::Refused,
            ProbeOutcome::CannotTell(doubt) => {
                tracing::info!(%doubt, "a probe could not tell");
                ProofVerdict::CannotTell
            }
        })
    }

    /// Whether it is known what the provider of a client says to a good secret and to a wrong one.
    pub(crate) async fn is_calibrated(&self, client: &Client) -> bool {
        self.calibration(&calibration_key(client)).await.is_some()
    }

    async fn calibration(&self, key: &str) -> Option<Calibration> {
        let key = key.to_owned();
        let found = self.store().ok()?.read(move |db| setting::find(db, &key)).await;
        found.inspect_err(|cause| tracing::warn!(%cause, "what a provider answers has to be learnt again")).ok()?
    }

    async fn learn(&self, key: String, calibration: Calibration) {
        let Ok(store) = self.store() else { return };
        if let Err(cause) = store.write(move |tx| setting::put(tx, &key, &calibration)).await {
            tracing::warn!(%cause, "what a provider answers is learnt again the next time");
        }
    }
}

/// One calibration for each server and way of authenticating: a server answers otherwise to a secret in a header.
fn calibration_key(client: &Client) -> String {
    let environment = match client.environment {
        Environment::Production => "production",
        Environment::Sandbox => "sandbox",
    };
    let way = client.protocol_settings.client_authentication.map(|way| format!("/{way:?}").to_lowercase());
    format!("probe_calibration/{}/{environment}{}", client.provider, way.unwrap_or_default())
}

fn first_redirect_uri(client: &Client) -> Result<RedirectUri, Failure> {
    client
        .redirect_uris
        .iter()
        .find_map(|uri| RedirectUri::parse(uri).ok())
        .ok_or_else(|| failure::invalid("redirectUris", "This client has no redirect URI that could be sent."))
}

fn of_probe(error: &ProbeError) -> Failure {
    match error {
        ProbeError::Entropy(cause) => failure::internal("No random numbers", cause),
        ProbeError::Plan(_) | ProbeError::NoSharedSecret => {
            failure::invalid("client", failure::sentence(error)).hint("Nothing was sent.")
        }
    }
}
