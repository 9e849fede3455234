//! What an interruption left of rotations: finished where the keyring has what is needed, undone or said where it has not.

use gatewright_model::Outcome;
use gatewright_model::rotation::{Keeping, Kept, RotationChange};
use gatewright_model::secret_version::{SecretPlace, SecretVersionState};
use gatewright_model::{Client, Rotation, RotationId, SecretVersion};
use gatewright_protocol::Secret;
use gatewright_store::audit::Actor;
use gatewright_store::{StoreError, client, run, secret_rotation, secret_version};
use gatewright_vault::{EntryName, KeyringState, VaultError};

use super::hold::{Hold, nothing_else};
use super::keep::{Identified, give_up, make_active, owner_of, pending_version, settle_intents_of};
use super::prove::note_login;
use crate::App;

/// What the keyring has of a secret that was being stored.
enum Found {
    /// The secret.
    Value(Secret),
    /// Nothing.
    Nothing,
    /// It does not say: it is locked, or does not answer.
    Silent,
    /// There is no keyring to look into. One may come back.
    NoKeyring,
    /// An entry that is not to be used as it stands. It may be the only place of the secret, so it stays, and is looked at again.
    Withheld(VaultError),
}

impl App {
    /// Settles what was on its way when Gatewright last ended, or when the keyring went away. Runs before keyring entries that no row
    /// knows are cleared away, because one of them may be the only place of a new secret.
    pub(crate) async fn recover_rotations(&self) {
        let Ok(store) = self.store() else { return };
        let open = match store.read(secret_rotation::list_under_way).await {
            Ok(open) => open,
            Err(cause) => {
                tracing::error!(%cause, "rotations that were cut off are settled at the next start");
                return;
            }
        };
        for kept in open {
            self.recover(&kept.rotation.id).await;
        }
    }

    async fn recover(&self, id: &RotationId) {
        // Somebody who works on it settles it.
        let Ok(mut hold) = self.hold(id.as_str()).await else { return };
        self.settle_what_was_on_its_way(&mut hold).await;
        self.let_go(&hold).await;
    }

    async fn settle_what_was_on_its_way(&self, hold: &mut Hold) {
        let before = hold.rotation.step();
        let settled = if hold.rotation.is_obtaining().is_some() {
            self.settle_obtaining(hold).await
        } else if hold.rotation.pending.as_ref().is_some_and(|pending| !pending.is_cut_off) {
            self.write(hold, RotationChange::CutOff, nothing_else).await.map(|()| self.tell_cut_off(hold))
        } else {
            self.settle_new(hold).await
        };
        if let Err(cause) = settled {
            tracing::error!(message = cause.message, "a rotation that was cut off is settled at the next start");
        }
        if hold.rotation.step() != before {
            self.tell(gatewright_contract::Event::RotationsChanged);
            self.tell(gatewright_contract::Event::ClientsChanged);
        }
    }

    /// The new secret was asked for, and no row knows it: it is in the keyring, or lost.
    async fn settle_obtaining(&self, hold: &mut Hold) -> Result<(), gatewright_contract::Failure> {
        if self.0.unstored_secrets.has(&hold.rotation.id) {
            // The keyring may have come back.
            let is_ready = self.0.vault.state() == KeyringState::Ready;
            return if is_ready { self.keep_unstored(hold, Actor::Gatewright).await } else { Ok(()) };
        }
        let Some(version) = pending_version(&hold.rotation) else { return Ok(()) };
        let found = self.find_in_keyring(hold, version).await;
        match &found {
            Found::Silent => Ok(()),
            Found::Value(value) => {
                let row = self.row_of_found(hold, version, value)?;
                self.record_new(hold, row, Identified::default(), Actor::Gatewright).await?;
                self.notice(
                    format!(
                        "The rotation of “{}” was cut off after its new secret had been stored; it goes on from there.",
                        hold.client.name
                    ),
                    Some("Open it under Rotation.".into()),
                );
                Ok(())
            }
            Found::Nothing | Found::NoKeyring | Found::Withheld(_) => {
                self.settle_not_found(hold, version, &found).await
            }
        }
    }

    /// The new secret is nowhere, or cannot be had now: whoever waits for it is told, and an entry that may be there stays.
    async fn settle_not_found(
        &self,
        hold: &mut Hold,
        version: u32,
        found: &Found,
    ) -> Result<(), gatewright_contract::Failure> {
        let is_gone = matches!(found, Found::Nothing).then_some(version);
        let was_told = hold.rotation.is_obtaining() == Some(true);
        let id = hold.client.id.clone();
        self.write(hold, RotationChange::CutOff, move |tx, _| settle_intents_of(tx, &id, is_gone)).await?;
        match found {
            Found::Withheld(cause) => self.tell_withheld(hold, cause),
            _ if !was_told => self.tell_cut_off(hold),
            _ => {}
        }
        Ok(())
    }

    fn tell_cut_off(&self, hold: &Hold) {
        self.notice(
            format!("The rotation of “{}” was cut off while the provider was being asked.", hold.client.name),
            Some("Open it under Rotation: it says what is known and what to do.".into()),
        );
    }

    /// Tells it once for each start, however often the keyring is looked into.
    fn tell_withheld(&self, hold: &Hold, cause: &VaultError) {
        let message =
            format!("The new secret of “{}” is in the keyring and was not taken from there.", hold.client.name);
        self.forget_notice(&message);
        self.notice(message, Some(cause.to_string()));
    }

    async fn find_in_keyring(&self, hold: &Hold, version: u32) -> Found {
        let entry = EntryName::client_secret(&hold.client.id, version);
        let destination = self.destination(&Self::client_being_made(hold), &hold.provider);
        match self.0.vault.load(&entry, &destination).await {
            Ok(value) => Found::Value(value),
            Err(VaultError::NoSuchEntry) => Found::Nothing,
            Err(cause @ (VaultError::Unreadable | VaultError::ChangedOutside)) => Found::Withheld(cause),
            Err(VaultError::Absent(_)) => Found::NoKeyring,
            Err(cause) => {
                tracing::warn!(%cause, "whether a new secret was stored is looked up when the keyring answers");
                Found::Silent
            }
        }
    }

    fn client_being_made(hold: &Hold) -> Client {
        use gatewright_model::rotation::PendingWork;
        let known = hold.rotation.pending.as_ref().and_then(|pending| match &pending.what {
            PendingWork::Obtain { client_id, .. } => client_id.as_ref()?.read(),
            PendingWork::ChangeOver | PendingWork::EndOld => None,
        });
        owner_of(hold, known.as_ref())
    }

    fn row_of_found(
        &self,
        hold: &Hold,
        version: u32,
        value: &Secret,
    ) -> Result<SecretVersion, gatewright_contract::Failure> {
        let client = Self::client_being_made(hold);
        let fingerprint = self.0.vault.fingerprint(value).map_err(crate::failure::of_vault)?;
        Ok(SecretVersion {
            last_four: value.last_four(),
            destination: Some(self.destination(&client, &hold.provider)),
            ..SecretVersion::staged(client.id, version, SecretPlace::Keyring, fingerprint, self.now())
        })
    }

    /// The new secret was in memory only and is gone, or a login proved it and nobody was there to write that down.
    async fn settle_new(&self, hold: &mut Hold) -> Result<(), gatewright_contract::Failure> {
        let Some(new) = hold.rotation.new.clone() else { return Ok(()) };
        let kept = self.kept(&hold.rotation).await?;
        if kept.new == Keeping::Nowhere {
            self.drop_lost(hold, new.version).await?;
            self.notice(
                format!(
                    "The new secret of “{}” was only in memory and is gone; its rotation goes back a few steps.",
                    hold.client.name
                ),
                Some("Open it under Rotation.".into()),
            );
            return Ok(());
        }
        let Some(login) = hold.rotation.proofs.login.clone().filter(|login| login.logged_in_at.is_none()) else {
            return Ok(());
        };
        let (client, now) = (hold.client.id.clone(), self.now());
        let settle = move |tx: &gatewright_store::Transaction<'_>| match run::find(tx, &login.run) {
            Ok(run) if matches!(run.outcome, Outcome::LoggedIn { .. }) => {
                note_login(tx, &client, &login.run, None, now)
            }
            Ok(_) | Err(StoreError::NoSuchRun(_)) => Ok(false),
            Err(cause) => Err(cause),
        };
        self.store()?.write_durably(settle).await.map(drop).map_err(crate::failure::of_store)
    }

    /// Goes back to where a new secret is asked for. The old one is used again, if it is still there.
    async fn drop_lost(&self, hold: &mut Hold, version: u32) -> Result<(), gatewright_contract::Failure> {
        let (id, old, now) = (hold.client.id.clone(), hold.rotation.old.version, self.now());
        let was_in_use = hold.rotation.has_changed_over();
        let back = hold.client_of(&hold.rotation.old);
        self.write(hold, RotationChange::NewDropped, move |tx, _| {
            let old_is_there = secret_version::find(tx, &id, old)?.has_value();
            if was_in_use {
                client::update(tx, &back)?;
            }
            if was_in_use && old_is_there {
                make_active(tx, &id, old, now)?;
            }
            give_up(tx, &id, version, now)
        })
        .await
    }

    /// Where the values of a rotation's two secrets are.
    pub(super) async fn kept(&self, rotation: &Rotation) -> Result<Kept, gatewright_contract::Failure> {
        let client = rotation.client.clone();
        let rows = self.store()?.read(move |db| secret_version::list(db, &client)).await;
        let rows = rows.map_err(crate::failure::of_store)?;
        Ok(self.kept_of(rotation, &rows))
    }

    /// As [`App::kept`], from rows that were read already.
    pub(super) fn kept_of(&self, rotation: &Rotation, rows: &[SecretVersion]) -> Kept {
        let new = match &rotation.new {
            Some(new) => keeping(rows, new.version),
            None if self.0.unstored_secrets.is_in_keyring(&rotation.id) => Keeping::Keyring,
            None if self.0.unstored_secrets.has(&rotation.id) => Keeping::Memory,
            None => Keeping::Nowhere,
        };
        Kept { old: keeping(rows, rotation.old.version), new }
    }
}

fn keeping(rows: &[SecretVersion], version: u32) -> Keeping {
    match rows.iter().find(|row| row.version == version) {
        Some(row) if row.has_value() && row.state != SecretVersionState::Lost => match row.place {
            SecretPlace::Keyring => Keeping::Keyring,
            SecretPlace::Session => Keeping::Memory,
            SecretPlace::Moving => Keeping::Moving,
        },
        _ => Keeping::Nowhere,
    }
}
