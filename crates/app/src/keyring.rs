//! Opening the keyring in the background, so that the window does not wait for it, saying how it stands, and finding it again.

use std::time::Duration;

use gatewright_contract::settings::{KeyringState as WireState, KeyringStatus};
use gatewright_contract::{Event, Failure};
use gatewright_store::meta;
use gatewright_store::secret_version::{self, OutsideKeyring};
use gatewright_vault::{KeyringState, SealingKeyRecord, SealingKeyState, VaultError};
use tokio::sync::watch;

use crate::{App, failure};

/// How long after a keyring has left it is looked for first; each time after that it takes twice as long.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// How long it takes at most until it is looked for again.
const LATER_LOOKS: Duration = Duration::from_secs(10);

/// Whether the keyring was looked at yet.
#[derive(Debug)]
pub(crate) struct Opening(watch::Sender<bool>);

impl Default for Opening {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Opening {
    /// Waits until the keyring was looked at, well or not.
    async fn settled(&self) {
        // The sender lives as long as this does, so waiting cannot fail.
        let mut seen = self.0.subscribe();
        let _settled = seen.wait_for(|settled| *settled).await;
    }
}

impl App {
    /// Looks at the keyring and opens the sealing key. Runs once at start, in the background.
    pub(crate) async fn open_keyring(&self) {
        self.recall_keyring().await;
        self.0.vault.probe().await;
        if let Err(cause) = self.open_sealing_key().await {
            tracing::warn!(%cause, "the sealing key was not opened");
        }
        self.finish_moves().await;
        self.compare_generations().await;
        self.0.keyring.0.send_replace(true);
        self.tell(Event::KeyringChanged);
    }

    /// Waits until the keyring was looked at.
    pub(crate) async fn keyring_settled(&self) {
        self.0.keyring.settled().await;
    }

    /// Writes a probe, moves what was kept for the session into a keyring that has come back, and says how it stands.
    pub(crate) async fn probe_keyring(&self) -> Result<WireState, Failure> {
        self.keyring_settled().await;
        let mut kept = Ok(());
        if self.0.vault.probe().await == KeyringState::Ready {
            self.open_sealing_key().await.map_err(failure::of_vault)?;
            self.finish_moves().await;
            kept = self.keep_session_secrets().await;
            // Who was just told that the keyring is locked is not asked for its password again and again.
            if self.0.vault.state() == KeyringState::Ready {
                self.compare_generations().await;
                Box::pin(self.catch_up()).await;
            }
        }
        self.tell(Event::KeyringChanged);
        kept?;
        self.keyring_state().await
    }

    /// Tells the window when the keyring turns out to stand otherwise than it was said, and looks for one that has left until it is back:
    /// a program that is updated ends and starts again. What was kept for the session meanwhile waits until somebody checks the keyring.
    /// Ends with Gatewright.
    pub(crate) async fn follow_keyring(&self) {
        let mut states = self.0.vault.states();
        let (mut was_used, mut patience) = (false, FIRST_LOOK);
        loop {
            let state = states.borrow_and_update().clone();
            was_used |= state == KeyringState::Ready;
            let has_left = was_used && state.has_left();
            if !has_left {
                patience = FIRST_LOOK;
            }
            let look = async {
                self.0.clock.sleep(patience).await;
                self.0.vault.look_again().await;
            };
            tokio::select! {
                biased;
                () = self.0.ending.cancelled() => return,
                _changed = states.changed() => {
                    // Who met a locked keyring was told so; to show everything anew would ask for its password once more.
                    if has_left || !states.borrow().waits_for_person() {
                        self.tell(Event::KeyringChanged);
                    }
                }
                () = look, if has_left => patience = LATER_LOOKS.min(patience * 2),
            }
        }
    }

    /// Does what the start had to leave while nobody knew the database's age, or while it was older and nobody had confirmed it.
    pub(crate) async fn catch_up(&self) {
        self.recover_rotations().await;
        self.finish_intents().await;
        self.sweep_pictures().await;
        self.sweep_storage().await;
        self.purge_clients().await;
        self.remove_old_values().await;
    }

    /// How the keyring stands.
    pub(crate) async fn keyring_state(&self) -> Result<WireState, Failure> {
        let state = self.0.vault.state();
        let status = match &state {
            KeyringState::NotProbed => KeyringStatus::Checking,
            KeyringState::Ready => KeyringStatus::Unlocked,
            KeyringState::Locked | KeyringState::Unanswered => KeyringStatus::Locked,
            KeyringState::Absent(_) => KeyringStatus::Absent,
        };
        let outside = match self.store() {
            Ok(store) => store.read(secret_version::outside_keyring).await.map_err(failure::of_store)?,
            Err(_) => OutsideKeyring::default(),
        };
        Ok(WireState {
            status,
            message: state.sentence(),
            hint: state.next_step().map(str::to_owned),
            session_secrets: outside.session,
            moving_secrets: outside.moving,
        })
    }

    async fn open_sealing_key(&self) -> Result<(), VaultError> {
        let Ok(store) = self.store() else { return Ok(()) };
        let records: Vec<SealingKeyRecord> = match store.read(meta::sealing_key).await {
            Ok(record) => record
                .map(|key| SealingKeyRecord { key_id: key.id, check: String::from_utf8_lossy(&key.check).into_owned() })
                .into_iter()
                .collect(),
            Err(cause) => {
                tracing::error!(%cause, "the database does not say which sealing key is its own");
                return Ok(());
            }
        };
        if let SealingKeyState::Created(record) = self.0.vault.open_sealing_key(&records).await? {
            let key = meta::SealingKeyFacts { id: record.key_id, check: record.check.into_bytes() };
            if let Err(cause) = store.write_durably(move |tx| meta::set_sealing_key(tx, &key)).await {
                tracing::error!(%cause, "the sealing key was not recorded");
            }
        }
        Ok(())
    }
}
