//! Proving the active secret of a client without a login.

use gatewright_contract::registration::{SecretProved, SecretVerdict};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::secret_version::{Proof, ProofVerdict};
use gatewright_store::secret_version;

use crate::{App, failure};

impl App {
    /// Asks the provider, with a made-up code, what it thinks of the secret that logins use, and writes its answer down.
    pub(crate) async fn prove_secret(&self, id: &str) -> Result<SecretProved, Failure> {
        let (client, provider, version) = self.client_with_version(id).await?;
        let version = version.ok_or_else(|| Failure::new(FailureCode::NotFound, "This client has no secret."))?.version;
        let verdict = self.probe(&client, &provider, version).await?;
        let (whose, at) = (client.id.clone(), self.now());
        let proof = Proof { at, verdict };
        self.store()?
            .write(move |tx| secret_version::prove(tx, &whose, version, proof))
            .await
            .map_err(failure::of_store)?;
        self.tell(Event::ClientsChanged);
        let verdict = match verdict {
            ProofVerdict::Accepted => SecretVerdict::Accepted,
            ProofVerdict::Refused => SecretVerdict::Refused,
            ProofVerdict::CannotTell => SecretVerdict::CannotTell,
        };
        Ok(SecretProved { verdict, at: at.to_string() })
    }
}
