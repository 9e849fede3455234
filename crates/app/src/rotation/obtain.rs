//! The new secret: from the provider, or pasted by a person.

use gatewright_contract::rotation::{RotationConfirm, RotationDetail, RotationPaste};
use gatewright_contract::{Event, Failure, FailureCode};
use gatewright_model::rotation::{Driver, RotationChange, Strategy};
use gatewright_protocol::{ClientId, Secret};
use gatewright_store::audit::Actor;
use gatewright_store::secret_version;

use super::driver::{DriverFailure, by_hand};
use super::hold::Hold;
use super::keep::{NewSecret, give_up, make_active};
use crate::failpoint::reached;
use crate::{App, failure};

impl App {
    /// Gets the new secret from the provider and stores it.
    pub(crate) async fn obtain_new_secret(&self, request: &RotationConfirm) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.obtain(&mut hold, request).await;
        self.done(hold, result).await
    }

    async fn obtain(&self, hold: &mut Hold, request: &RotationConfirm) -> Result<(), Failure> {
        if hold.rotation.driver == Driver::ByHand {
            return Err(by_hand());
        }
        if hold.rotation.strategy.has_downtime() && !request.confirmed {
            return Err(super::not_confirmed());
        }
        self.refuse_without_keyring()?;
        let is_again = hold.rotation.pending.is_some();
        self.begin_obtaining(hold, None).await?;
        let token = request.access_token.clone().map(Secret::new);
        let answer = self.ask_for_new(hold, token, is_again).await;
        reached("obtain: answered");
        match answer {
            Ok(new) => {
                let kept = self.keep_new(hold, new, Actor::User).await;
                kept.map_err(|cause| self.not_stored(hold, &cause))
            }
            // The answer was odd, but there was a secret in it.
            Err(_) if self.0.unstored_secrets.has(&hold.rotation.id) => {
                let kept = self.keep_unstored(hold, Actor::User).await;
                kept.map_err(|cause| self.not_stored(hold, &cause))
            }
            Err(DriverFailure { failure, change }) => {
                self.forget_obtaining(hold, change).await;
                Err(failure)
            }
        }
    }

    /// Takes the new secret from a person who has got it on the provider's page.
    pub(crate) async fn paste_new_secret(&self, request: RotationPaste) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(&request.rotation).await?;
        let result = self.paste(&mut hold, request).await;
        self.tell(Event::ClientsChanged);
        self.done(hold, result).await
    }

    async fn paste(&self, hold: &mut Hold, request: RotationPaste) -> Result<(), Failure> {
        let value = Secret::new(request.secret);
        let client_id = pasted_client_id(hold, request.client_id.as_deref())?;
        let client = super::keep::owner_of(hold, client_id.as_ref());
        Self::refuse_bad_secret(&client, &hold.provider, &value)?;
        self.refuse_known_value(hold, &value).await?;
        if hold.rotation.new.is_some() {
            self.drop_new(hold).await?;
        }
        self.begin_obtaining(hold, client_id.as_ref()).await?;
        match self.keep_new(hold, NewSecret { value, client_id, issued_as: None }, Actor::User).await {
            Err(cause) if cause.code == FailureCode::Invalid => {
                self.forget_obtaining(hold, RotationChange::NotDone).await;
                Err(cause)
            }
            kept => kept.map_err(|cause| self.not_stored(hold, &cause)),
        }
    }

    /// Stores a new secret that is in memory because keyring or disk did not take it.
    pub(crate) async fn store_new_secret_again(&self, id: &str) -> Result<RotationDetail, Failure> {
        let mut hold = self.hold(id).await?;
        let kept = self.keep_unstored(&mut hold, Actor::User).await;
        let result = kept.map_err(|cause| self.not_stored(&hold, &cause));
        self.tell(Event::ClientsChanged);
        self.done(hold, result).await
    }

    /// Gives up a new secret that turned out wrong, for another one: logins use the old one again until then.
    async fn drop_new(&self, hold: &mut Hold) -> Result<(), Failure> {
        let new = hold.new_secret()?;
        let (client, old, now) = (hold.client.id.clone(), hold.rotation.old.version, self.now());
        let was_in_use = hold.rotation.has_changed_over();
        let version = new.version;
        let restored = hold.client_of(&hold.rotation.old);
        self.write(hold, RotationChange::NewGivenUp, move |tx, _| {
            if was_in_use {
                make_active(tx, &client, old, now)?;
                gatewright_store::client::update(tx, &restored)?;
            }
            give_up(tx, &client, version, now)
        })
        .await?;
        self.forget_value(&hold.client.id.clone(), version).await;
        Ok(())
    }

    /// A secret that this client has had before is no new one.
    async fn refuse_known_value(&self, hold: &Hold, value: &Secret) -> Result<(), Failure> {
        match self.version_with(hold, value).await? {
            Some(version) => Err(failure::invalid(
                "secret",
                format!("This is version {version} of the secret, which is known already."),
            )
            .hint("Paste the new one.")),
            None => Ok(()),
        }
    }

    /// The version of the client's secret that has this value.
    pub(super) async fn version_with(&self, hold: &Hold, value: &Secret) -> Result<Option<u32>, Failure> {
        let fingerprint = self.0.vault.fingerprint(value).map_err(failure::of_vault)?;
        let client = hold.client.id.clone();
        let versions = self.store()?.read(move |db| secret_version::list(db, &client)).await;
        let versions = versions.map_err(failure::of_store)?;
        let known = versions.iter().find(|version| version.fingerprint == fingerprint);
        Ok(known.map(|known| known.version))
    }

    /// A provider that changes a secret is not asked while there is no place to keep the answer.
    fn refuse_without_keyring(&self) -> Result<(), Failure> {
        use gatewright_vault::{KeyringState, VaultError};
        match self.0.vault.state() {
            KeyringState::Locked => Err(failure::of_vault(VaultError::Locked)),
            KeyringState::Unanswered => Err(failure::of_vault(VaultError::TimedOut)),
            KeyringState::NotProbed | KeyringState::Ready | KeyringState::Absent(_) => Ok(()),
        }
    }
}

/// The client ID that was pasted with a secret: needed where the client is replaced, of no use elsewhere.
fn pasted_client_id(hold: &Hold, text: Option<&str>) -> Result<Option<ClientId>, Failure> {
    if hold.rotation.strategy != Strategy::ReplaceClient {
        return Ok(None);
    }
    let text = text.map(str::trim).unwrap_or_default();
    let kind = hold.provider.client_form.client_id.value;
    let client_id =
        ClientId::parse(text, kind).map_err(|cause| failure::invalid("clientId", failure::sentence(&cause)))?;
    if client_id == hold.rotation.old.client_id {
        return Err(failure::invalid("clientId", "This is the ID of the old client.")
            .hint("The new client has an ID of its own."));
    }
    Ok(Some(client_id))
}
