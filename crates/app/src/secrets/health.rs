//! The daily health check: asking providers, without a login, whether they still accept the secrets of owned clients.

use gatewright_contract::Failure;
use gatewright_model::secret_version::Proof;
use gatewright_store::secret_version::{self, KeptVersion, due};
use jiff::SignedDuration;

use crate::{App, failure};

/// How long an answer about a secret is good for.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Asks about every secret in use that nobody has asked about for a day, one after the other and no provider faster than it may be
    /// asked. Only where it is known what the provider says to a good secret and to a wrong one: to find that out, wrong ones have to be
    /// sent, and those are for a person to send.
    pub(crate) async fn check_health(&self) {
        let (Ok(store), now) = (self.store(), self.now()) else { return };
        if !self.0.settings.get().daily_health_check || self.is_older_database() {
            return;
        }
        let before = now.saturating_sub(GOOD_FOR).unwrap_or(now);
        let waiting = match store.read(move |db| due::not_proved_since(db, before)).await {
            Ok(waiting) => waiting,
            Err(cause) => return tracing::warn!(%cause, "the health of secrets was not checked"),
        };
        let mut asked = false;
        for kept in waiting {
            if self.0.ending.is_cancelled() {
                break;
            }
            match self.check_one(&kept).await {
                Ok(was_asked) => asked |= was_asked,
                Err(cause) => {
                    tracing::info!(client = %kept.client, message = cause.message, "not asked about a secret");
                }
            }
        }
        if asked {
            self.secrets_changed();
        }
    }

    /// Asks about one secret; says whether anybody was asked.
    async fn check_one(&self, kept: &KeptVersion) -> Result<bool, Failure> {
        let (client, provider) = self.client_with_provider(kept.client.as_str()).await?;
        if !self.is_calibrated(&client).await {
            return Ok(false);
        }
        let verdict = self.probe(&client, &provider, kept.version).await?;
        let (id, version, proof) = (kept.client.clone(), kept.version, Proof { verdict, at: self.now() });
        let write = move |tx: &gatewright_store::Transaction<'_>| secret_version::prove(tx, &id, version, proof);
        self.store()?.write(write).await.map_err(failure::of_store)?;
        Ok(true)
    }
}
