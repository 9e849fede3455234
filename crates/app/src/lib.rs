//! Use cases: implements the contract's Handler, owns the wiring, maps every error to a Failure.
//!
//! The shell makes one [`App`] and hands it every command; the whole of it starts and is tested without a window.

mod audit;
mod clients;
mod daily;
mod deployments;
pub mod desktop;
mod discovery;
mod evidence;
pub mod failpoint;
mod failure;
mod faults;
mod handler;
mod handover;
mod interrupted;
mod keyring;
mod labs;
mod language;
mod live;
mod login;
mod nearby;
mod observations;
mod older_database;
mod places;
mod plan;
pub mod ports;
mod preflight;
mod probe;
mod providers;
mod recorder;
mod registration;
mod registry;
mod reports;
mod results;
mod rotation;
mod runs;
mod sandbox;
mod secret_search;
mod secrets;
mod settings;
mod show;
mod snippets;
mod start;
mod test_users;
mod tokens;
mod undo;
mod walks;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use gatewright_contract::app::Notice;
use gatewright_contract::{Event, Failure};
use gatewright_engine::issuers::IssuerDirectory;
use gatewright_engine::ports::{Clock, Entropy, NoEntropy};
use gatewright_engine::probe::ProbePace;
use gatewright_engine::spent_states::SpentStates;
use gatewright_language::Language;
use gatewright_model::id::{ID_BYTES, encode_id};
use gatewright_store::Store;
use gatewright_vault::Vault;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::desktop::Desktop;

/// What an application is started with.
#[derive(Clone)]
pub struct AppOptions {
    /// The folder for everything Gatewright keeps on disk.
    pub data_dir: PathBuf,
    /// The desktop it runs on.
    pub desktop: Arc<dyn Desktop>,
    /// Start the sandbox whatever the settings say.
    pub sandbox: bool,
    /// Where client secrets are kept.
    pub keyring: KeyringChoice,
}

/// Where client secrets are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyringChoice {
    /// The operating system's keyring.
    #[default]
    System,
    /// Memory: a test must not write into the keyring of the person who runs it.
    Session,
}

/// The whole of Gatewright behind its window. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    options: AppOptions,
    /// The database, or why it cannot be used.
    store: Result<Store, Notice>,
    vault: Vault,
    keyring: keyring::Opening,
    /// One at a time moves secrets from memory into the keyring, or finds out what became of them.
    moving: tokio::sync::Mutex<()>,
    /// What the last session left half done in the keyring.
    left_intents: interrupted::LeftIntents,
    registry: registry::Registry,
    sandbox: sandbox::Keeper,
    live: live::LiveRuns,
    settings: settings::Kept,
    /// The language the system speaks.
    system_language: Language,
    /// The pictures of login pages.
    album: evidence::Album,
    /// The runs in which a person was asked to cancel.
    experiments: labs::Experiments,
    /// What was looked at before logins.
    preflights: preflight::Preflights,
    /// Which runs belong to consent walks.
    walks: walks::Walks,
    /// Where files were written.
    places: places::Places,
    /// The report that is being written, or was the last.
    reports: reports::Reports,
    /// The search for known secrets.
    searches: secret_search::Searches,
    /// What of files was shown and not taken yet.
    looks: handover::Looks,
    /// What was taken in and can be taken back.
    imports: handover::Imports,
    /// The backup or the restore that is under way.
    backups: handover::Backups,
    notices: Mutex<Vec<Notice>>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// The ways to providers, each with the nearby hosts that were confirmed for it.
    transports: nearby::Transports,
    issuers: Arc<IssuerDirectory>,
    spent_states: Arc<SpentStates>,
    /// What issuers have said and was shown.
    shown: discovery::Shown,
    /// What refreshes brought and the disk did not take.
    unstored: tokens::Unstored,
    /// New secrets that keyring or disk did not take.
    unstored_secrets: rotation::Unstored,
    /// What providers have issued and keyring or disk did not take.
    unkept: registration::Unkept,
    /// Held by whoever renames entries of the keyring: of two, the second reads the newer name.
    relabelling: tokio::sync::Mutex<()>,
    /// Who looks after which client at its provider right now.
    registration_turns: registration::Turns,
    /// How often providers are asked about secrets.
    probe_pace: ProbePace,
    /// Whether the database is from an earlier day.
    age: older_database::Age,
    /// This start of Gatewright, as against those before and after it.
    instance: String,
    /// Everything that goes on behind the commands.
    tasks: TaskTracker,
    /// Fires when Gatewright ends.
    ending: CancellationToken,
}

impl App {
    /// Opens everything. Never fails: a database that cannot be used is shown in the window, with what to do.
    pub async fn start(options: AppOptions) -> Self {
        start::start(options).await
    }

    /// Stops what is going on and waits until it is recorded.
    pub async fn shut_down(&self) {
        self.0.ending.cancel();
        self.0.live.stop_all();
        self.0.sandbox.stop().await;
        self.0.tasks.close();
        if tokio::time::timeout(std::time::Duration::from_secs(5), self.0.tasks.wait()).await.is_err() {
            tracing::warn!("something was still going on at the end");
        }
        self.store_all_unstored().await;
        self.keep_all_unkept().await;
        self.keep_all_unstored_secrets().await;
        self.remember_clean_end().await;
        if let Ok(store) = &self.0.store
            && let Err(cause) = store.empty_log().await
        {
            tracing::warn!(%cause, "the database's log was not emptied");
        }
    }

    /// The database, or the failure that says why there is none.
    fn store(&self) -> Result<&Store, Failure> {
        self.0.store.as_ref().map_err(|notice| {
            let failure = Failure::new(gatewright_contract::FailureCode::ReadOnly, notice.message.clone());
            Failure { hint: notice.hint.clone(), ..failure }
        })
    }

    /// Lets the disk be full from now on, or have room again; for tests of what happens then.
    #[cfg(feature = "failpoints")]
    pub fn let_disk_be_full(&self, is_full: bool) {
        if let Ok(store) = &self.0.store
            && let Err(cause) = store.let_disk_be_full(is_full)
        {
            tracing::error!(%cause, "the disk is as it was");
        }
    }

    /// Keeps secrets for the session only until the keyring is checked; for tests of what happens then.
    #[cfg(feature = "failpoints")]
    pub fn go_on_without_keyring(&self) {
        self.0.vault.continue_without_keyring();
    }

    /// How many secrets are in memory only; for tests of what is left there.
    #[cfg(feature = "failpoints")]
    pub fn secrets_in_memory(&self) -> usize {
        self.0.vault.session_secrets()
    }

    /// How often the keyring was asked for something so far. For measurements.
    pub fn keyring_round_trips(&self) -> u64 {
        self.0.vault.round_trips()
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A new record id.
    fn new_id(&self) -> Result<String, Failure> {
        let mut random = [0; ID_BYTES];
        self.0.entropy.fill(&mut random).map_err(|cause: NoEntropy| failure::internal("No random numbers", &cause))?;
        Ok(encode_id(random))
    }

    fn tell(&self, event: Event) {
        self.0.options.desktop.tell(self.spoken(event));
    }

    /// Adds something the person should know. The window shows what was there when it asked for its first state.
    pub fn notice(&self, message: impl Into<String>, hint: Option<String>) {
        let notice = Notice { message: message.into(), hint };
        self.0.notices.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
    }

    /// Takes back something the person need not know any more.
    fn forget_notice(&self, message: &str) {
        self.0.notices.lock().unwrap_or_else(PoisonError::into_inner).retain(|notice| notice.message != message);
    }
}
