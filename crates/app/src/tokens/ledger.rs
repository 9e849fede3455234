//! One refresh of one grant, written down as it goes.

use gatewright_engine::grant::{BeginRefusal, NotStored, RenewedTokens, RotationLedger};
use gatewright_engine::ports::PortFuture;
use gatewright_model::client::SecretDestination;
use gatewright_model::grant::{Abandonment, Consent};
use gatewright_model::{ClientRecordId, RotationIntent};
use gatewright_store::rotation::{self, Rotated, RotationRefusal};
use gatewright_store::versioned_token::TokenPlace;
use gatewright_store::{Store, StoreError};
use gatewright_vault::SealError;
use jiff::SignedDuration;

use crate::App;

/// How long an attempt has its grant for itself at most. A request lasts 30 seconds at most, and its answer is judged without another.
const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// Keeps account of one refresh in the database.
pub(super) struct GrantLedger {
    pub(super) app: App,
    /// What is written down before the refresh token is sent; when, is said then.
    pub(super) intent: RotationIntent,
    pub(super) consent: Consent,
    pub(super) client: ClientRecordId,
    pub(super) destination: SecretDestination,
}

impl RotationLedger for GrantLedger {
    fn begin(&self) -> PortFuture<'_, Result<(), BeginRefusal>> {
        Box::pin(async move {
            let now = self.app.now();
            let until = now.saturating_add(LEASE).unwrap_or(now);
            let (intent, consent) = (RotationIntent { started_at: now, ..self.intent.clone() }, self.consent);
            let store = self.store().map_err(|NotStored(why)| BeginRefusal::NotWritten(why))?;
            store.write_durably(move |tx| rotation::begin(tx, &intent, until, consent)).await.map_err(refusal)
        })
    }

    fn commit<'a>(&'a self, renewed: &'a RenewedTokens) -> PortFuture<'a, Result<(), NotStored>> {
        Box::pin(async move {
            let rotated = self.sealed(renewed).map_err(|cause| NotStored(cause.to_string()))?;
            let to_write = rotated.clone();
            let written = self.store()?.write_durably(move |tx| rotation::commit(tx, &to_write)).await;
            written.map(drop).map_err(|cause| {
                tracing::error!(error = &cause as &dyn std::error::Error, "refreshed tokens were not written down");
                self.app.0.unstored.keep(rotated);
                self.app.notice(
                    "Refreshed tokens could not be saved; they are in memory only.",
                    Some("Make room on the disk, then open the run and try again before you close Gatewright.".into()),
                );
                NotStored(cause.to_string())
            })
        })
    }

    fn abandon(&self, how: Abandonment) -> PortFuture<'_, Result<(), NotStored>> {
        Box::pin(async move {
            let (grant, attempt) = (self.intent.grant.clone(), self.intent.attempt.clone());
            let written = self.store()?.write_durably(move |tx| rotation::abandon(tx, &grant, &attempt, how)).await;
            written.map_err(|cause| NotStored(cause.to_string()))
        })
    }
}

impl GrantLedger {
    fn store(&self) -> Result<&Store, NotStored> {
        self.app.store().map_err(|failure| NotStored(failure.message))
    }

    /// The new tokens, sealed for the version after the one that was used.
    fn sealed(&self, renewed: &RenewedTokens) -> Result<Rotated, SealError> {
        let place = TokenPlace::of_version(&self.intent.grant, self.intent.version + 1);
        let tokens = [
            ("access_token", Some(&renewed.access_token)),
            ("refresh_token", Some(&renewed.refresh_token)),
            ("id_token", renewed.id_token.as_ref()),
        ];
        let seal = |(name, token): (&str, _)| self.app.seal_token(token, name, &place, &self.client, &self.destination);
        let present = tokens.into_iter().filter_map(|(name, token)| Some((name, token?)));
        Ok(Rotated {
            grant: self.intent.grant.clone(),
            attempt: self.intent.attempt.clone(),
            tokens: present.map(seal).collect::<Result<_, _>>()?,
            access_expires_at: renewed.access_expires_at,
            refresh_expires_at: renewed.refresh_expires_at,
            at: renewed.at,
        })
    }
}

fn refusal(error: StoreError) -> BeginRefusal {
    match error {
        StoreError::Rotation(RotationRefusal::Leased { .. }) => BeginRefusal::UnderWay,
        StoreError::Rotation(RotationRefusal::Ambiguous) => BeginRefusal::Ambiguous,
        StoreError::Rotation(RotationRefusal::NotLive(_)) => BeginRefusal::NotLive,
        StoreError::Rotation(RotationRefusal::Superseded { .. }) => BeginRefusal::Superseded,
        other => BeginRefusal::NotWritten(other.to_string()),
    }
}
