//! Opening the keyring in the background, so that the window does not wait for it, saying how it stands, and finding it again.

use std::time::Duration;

use gatewright_contract::settings::{KeyringState as WireState, KeyringStatus};
use gatewright_contract::{Event, Failure};
use gatewright_store::{meta, secret_version};
use gatewright_vault::{KeyringState, SealingKeyRecord, SealingKeyState, VaultError};
use tokio::sync::watch;

use crate::{App, failure};

/// How long after a keyring has gone it is looked for first; each time after that it takes twice as long.
const FIRST_LOOK: Duration = Duration::from_secs(1);
/// How long it takes at most until it is looked for again.
const LAST_LOOKS: Duration = Duration::from_secs(30);

/// Whether the keyring was looked at yet.
#[derive(Debug)]
pub(crate) struct Opening {
    settled: watch::Sender<bool>,
    /// One at a time moves in where a keyring can be used again.
    moving_in: tokio::sync::Mutex<()>,
}

impl Default for Opening {
    fn default() -> Self {
        Self { settled: watch::Sender::new(false), moving_in: tokio::sync::Mutex::default() }
    }
}

impl Opening {
    /// Waits until the keyring was looked at, well or not.
    async fn settled(&self) {
        // The sender lives as long as this does, so waiting cannot fail.
        let mut seen = self.settled.subscribe();
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
        self.compare_generations().await;
        self.0.keyring.settled.send_replace(true);
        self.tell(Event::KeyringChanged);
    }

    /// Waits until the keyring was looked at.
    pub(crate) async fn keyring_settled(&self) {
        self.0.keyring.settled().await;
    }

    /// Writes a probe, moves what was kept for the session into a keyring that has come back, and says how it stands.
    pub(crate) async fn probe_keyring(&self) -> Result<WireState, Failure> {
        self.keyring_settled().await;
        if self.0.vault.probe().await == KeyringState::Ready {
            self.move_in().await?;
        }
        self.tell(Event::KeyringChanged);
        self.keyring_state().await
    }

    /// Tells the window whenever the keyring turns out to stand otherwise than it was said, and looks for one that has left until it is
    /// back. Nobody is asked to do anything about a keyring that is only being updated. Ends with Gatewright.
    pub(crate) async fn follow_keyring(&self) {
        let mut states = self.0.vault.states();
        let mut patience = FIRST_LOOK;
        loop {
            let may_come_back = states.borrow_and_update().may_come_back();
            if !may_come_back {
                patience = FIRST_LOOK;
            }
            tokio::select! {
                () = self.0.ending.cancelled() => return,
                _changed = states.changed() => self.tell(Event::KeyringChanged),
                () = self.0.clock.sleep(patience), if may_come_back => {
                    patience = LAST_LOOKS.min(patience * 2);
                    self.find_keyring_again().await;
                }
            }
        }
    }

    async fn find_keyring_again(&self) {
        if self.0.vault.probe().await != KeyringState::Ready {
            return;
        }
        if let Err(failure) = self.move_in().await {
            tracing::warn!(message = failure.message, "the keyring is back and not everything was put into it");
        }
        self.tell(Event::KeyringChanged);
    }

    /// Does what waited for a keyring that can be used.
    async fn move_in(&self) -> Result<(), Failure> {
        let _alone = self.0.keyring.moving_in.lock().await;
        self.open_sealing_key().await.map_err(failure::of_vault)?;
        self.keep_session_secrets().await?;
        self.compare_generations().await;
        Box::pin(self.catch_up()).await;
        Ok(())
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
        let session_secrets = match self.store() {
            Ok(store) => store.read(secret_version::count_in_session).await.map_err(failure::of_store)?,
            Err(_) => 0,
        };
        Ok(WireState { status, message: state.sentence(), hint: state.next_step().map(str::to_owned), session_secrets })
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

    async fn keep_session_secrets(&self) -> Result<(), Failure> {
        if self.0.vault.session_secrets() == 0 {
            return Ok(());
        }
        let moved = self.0.vault.keep_session_secrets().await.map_err(failure::of_vault)?;
        self.record_kept(moved.kept).await?;
        self.tell(Event::ClientsChanged);
        moved.stopped_by.map_or(Ok(()), |cause| Err(failure::of_vault(cause)))
    }
}
