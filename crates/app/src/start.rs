//! Opening everything: the database at once, keyring and sandbox behind the window's back.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use gatewright_contract::app::{AppState, Notice};
use gatewright_contract::sandbox::SandboxStart;
use gatewright_contract::{Event, Failure};
use gatewright_engine::ports::Entropy;
use gatewright_engine::probe::ProbePace;
use gatewright_engine::system::{SystemClock, SystemEntropy};
use gatewright_engine::transport::{HttpTransport, Limits};
use gatewright_model::Provider;
use gatewright_model::id::{ID_BYTES, encode_id};
use gatewright_store::{
    Opening, Options, Store, StoreError, client, discovered_provider, meta, nearby_host, provider,
    rotation as token_rotation, run, setting, token_version,
};
use gatewright_vault::{Namespace, RandomBytes, Vault, VaultPlace};

use crate::{
    App, AppOptions, Inner, KeyringChoice, discovery, failure, handover, keyring, live, nearby, older_database,
    registry, rotation, sandbox, secret_search, settings, tokens, walks,
};

/// The database's file name.
pub(crate) const DATABASE: &str = "gatewright.sqlite";

/// Opens everything.
pub(crate) async fn start(options: AppOptions) -> App {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let store = open_store(&options.data_dir).await;
    let vault = Vault::open(vault_place(&entropy, store.as_ref().ok(), options.keyring).await);
    let sandbox = sandbox::Keeper::new(&options.data_dir);
    let authority = sandbox.authority();
    let transport = move |nearby| HttpTransport::new(Limits::default(), nearby).trusting(authority.clone());
    let app = App(Arc::new(Inner {
        sandbox,
        store,
        vault,
        keyring: keyring::Opening::default(),
        moving: tokio::sync::Mutex::default(),
        left_intents: crate::interrupted::LeftIntents::default(),
        registry: registry::Registry::built_in(),
        live: live::LiveRuns::default(),
        settings: settings::Kept::default(),
        system_language: crate::language::of_desktop(&*options.desktop),
        album: crate::evidence::Album::in_data_dir(&options.data_dir),
        experiments: crate::labs::Experiments::default(),
        preflights: crate::preflight::Preflights::default(),
        walks: walks::Walks::default(),
        places: crate::places::Places::default(),
        reports: crate::reports::Reports::default(),
        searches: secret_search::Searches::default(),
        looks: handover::Looks::default(),
        imports: handover::Imports::default(),
        backups: handover::Backups::default(),
        notices: Mutex::default(),
        clock: Arc::new(SystemClock::default()),
        entropy: Arc::clone(&entropy),
        transports: nearby::Transports::new(transport),
        issuers: Arc::default(),
        spent_states: Arc::default(),
        shown: discovery::Shown::default(),
        unstored: tokens::Unstored::default(),
        unstored_secrets: rotation::Unstored::default(),
        unkept: crate::registration::Unkept::default(),
        relabelling: tokio::sync::Mutex::default(),
        registration_turns: crate::registration::Turns::default(),
        probe_pace: ProbePace::default(),
        age: older_database::Age::default(),
        instance: instance(&entropy),
        tasks: tokio_util::task::TaskTracker::new(),
        ending: tokio_util::sync::CancellationToken::new(),
        options,
    }));
    app.load().await;
    app.notice_due().await;
    app.recall_left_intents().await;
    app.go_on_in_background();
    app
}

/// A name for this start. Without randomness no token is refreshed anyway, so then it need not be one of a kind.
fn instance(entropy: &Arc<dyn Entropy>) -> String {
    let mut random = [0; ID_BYTES];
    match entropy.fill(&mut random) {
        Ok(()) => encode_id(random),
        Err(_) => String::new(),
    }
}

async fn open_store(data_dir: &Path) -> Result<Store, Notice> {
    let path = data_dir.join(DATABASE);
    let folder = data_dir.to_owned();
    let file = path.clone();
    let opening = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder).map_err(gatewright_store::OpenError::from)?;
        handover::finish_restore(&folder)?;
        let store = Store::open(&file, &Options::default())?;
        // Nobody else has this database open, so a copy of it is one that a crash has left.
        handover::remove_copy(&folder);
        Ok(store)
    });
    let opened = opening.await.unwrap_or_else(|cause| Err(std::io::Error::other(cause).into()));
    opened.map_err(|cause| {
        let (message, hint) = failure::of_open(&cause, &path);
        Notice { message, hint: Some(hint) }
    })
}

/// The system's keyring, with the entries of this database apart from others'. Without a database there is nothing to keep.
async fn vault_place(entropy: &Arc<dyn Entropy>, store: Option<&Store>, choice: KeyringChoice) -> VaultPlace {
    let random = random_bytes(entropy);
    let (Some(store), KeyringChoice::System) = (store, choice) else { return VaultPlace::session_only(random) };
    let place = VaultPlace::system(Arc::clone(&random));
    match namespace(store, &random).await {
        Ok(text) => match Namespace::new(text) {
            Ok(namespace) => place.with_namespace(namespace),
            Err(_) => place,
        },
        Err(cause) => {
            tracing::error!(%cause, "the database has no namespace in the keyring");
            VaultPlace::session_only(random)
        }
    }
}

/// Randomness for the vault.
pub(crate) fn random_bytes(entropy: &Arc<dyn Entropy>) -> RandomBytes {
    let source = Arc::clone(entropy);
    Arc::new(move |bytes| {
        if source.fill(bytes).is_err() {
            // A key of zeros would be worse than no program.
            tracing::error!("the operating system gives no random numbers");
            std::process::abort();
        }
    })
}

async fn namespace(store: &Store, random: &RandomBytes) -> Result<String, StoreError> {
    if let Some(text) = store.read(meta::namespace).await? {
        return Ok(text);
    }
    let mut bytes = [0; ID_BYTES];
    random(&mut bytes);
    let text = encode_id(bytes);
    let made = text.clone();
    store.write_durably(move |tx| meta::set_namespace(tx, &made)).await?;
    Ok(text)
}

impl App {
    /// Takes over from the database what is held in memory.
    async fn load(&self) {
        let Ok(store) = self.store() else { return };
        let loaded = store
            .read(|db| {
                Ok((
                    setting::find(db, settings::KEY)?,
                    provider::list(db)?,
                    provider::base_urls(db)?,
                    discovered_provider::list(db)?,
                    nearby_host::list(db)?,
                ))
            })
            .await;
        match loaded {
            Err(cause) => {
                tracing::error!(%cause, "settings and profiles were not read");
                self.notice(
                    "Your settings and profiles could not be read.",
                    Some("The defaults are in force. The log says more.".into()),
                );
            }
            Ok((settings, profiles, base_urls, discovered, nearby)) => {
                if let Some(settings) = settings {
                    self.0.settings.set(settings);
                }
                let own = profiles.iter().filter_map(|profile| self.read_own(&profile.text, profile.provider.as_str()));
                self.0.registry.load(own.collect(), base_urls.into_iter().collect::<BTreeMap<_, _>>());
                for document in &discovered {
                    self.0.registry.set_discovered(&document.provider);
                }
                for host in &nearby {
                    self.0.transports.confirm(&host.provider, &host.host);
                }
            }
        }
        self.notice_opening(store.opening());
        self.look_through_ended().await;
        // Before anybody can delete a plan, which is to come back when that is taken back.
        self.sweep_walk_plans().await;
    }

    /// Tells what the last session has left, and what was done to the database before it could be used.
    fn notice_opening(&self, opening: &Opening) {
        if !opening.ambiguous_grants.is_empty() {
            self.notice(
                format!(
                    "Gatewright ended while tokens were being refreshed: of {} logins nobody knows whether the refresh token is used up.",
                    opening.ambiguous_grants.len()
                ),
                Some("Nothing is refreshed by itself. Open the login under Results to decide.".into()),
            );
        }
        if opening.lost_secrets > 0 {
            self.notice_lost(opening.lost_secrets);
        }
        if let Some(backup) = &opening.backup {
            self.notice(
                "Your data was brought up to date.",
                Some(format!("The old form is kept in {}.", backup.display())),
            );
        }
    }

    /// A kept profile was valid when it was kept; a newer Gatewright may ask for more.
    fn read_own(&self, text: &str, id: &str) -> Option<Provider> {
        match Provider::from_toml(text) {
            Ok(provider) => Some(provider),
            Err(problems) => {
                let first = problems.first().map(|problem| problem.path.clone()).unwrap_or_default();
                self.notice(
                    format!("Your profile {id} has a mistake and is not used ({first})."),
                    Some("Mend it under Providers.".into()),
                );
                None
            }
        }
    }

    fn go_on_in_background(&self) {
        let app = self.clone();
        let sandbox = self.0.tasks.spawn(async move {
            if app.0.options.sandbox || app.0.settings.get().sandbox_on_start {
                let request = SandboxStart { port: None, auto_approve: None, gitter_as_engine: false };
                if let Err(failure) = app.start_sandbox(request).await {
                    app.notice(failure.message, failure.hint);
                }
            }
        });
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.keyring_settled().await;
            app.follow_keyring().await;
        });
        let app = self.clone();
        self.0.tasks.spawn(async move {
            app.open_keyring().await;
            app.tidy_unfinished_restore().await;
            app.recover_rotations().await;
            app.recover_registrations().await;
            app.finish_intents().await;
            app.tidy_grants().await;
            app.purge_runs().await;
            app.purge_walks().await;
            app.forget_deleted_pictures().await;
            app.sweep_pictures().await;
            app.purge_clients().await;
            app.purge_deployments().await;
            app.purge_test_users().await;
            // The twins are asked about their secrets too.
            let _started = sandbox.await;
            app.do_daily().await;
        });
    }

    /// Marks the grants that nobody will settle any more, and forgets tokens that newer ones took the place of a day ago.
    async fn tidy_grants(&self) {
        let (now, Ok(store)) = (self.now(), self.store()) else { return };
        let tidy = move |tx: &gatewright_store::Transaction<'_>| {
            token_rotation::interrupt_expired(tx, now)?;
            token_version::sweep(tx, now.saturating_sub(token_version::SUPERSEDED_KEPT).unwrap_or(now))
        };
        if let Err(cause) = store.write_durably(tidy).await {
            tracing::warn!(%cause, "superseded tokens stay until the next start");
        }
    }

    /// What the window needs to paint its frame.
    pub(crate) async fn state(&self) -> Result<AppState, Failure> {
        let fatal = self.0.store.as_ref().err().cloned();
        let first_start = match self.store() {
            Ok(store) => store.read(is_empty).await.map_err(failure::of_store)?,
            Err(_) => false,
        };
        Ok(AppState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            first_start,
            keyring: self.keyring_state().await?,
            sandbox: self.sandbox_now().await,
            settings: self.0.settings.get(),
            language: self.language(),
            fatal,
            notices: self.0.notices.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            older_database: self.is_older_database(),
            active_runs: self.0.live.ids(),
        })
    }

    /// Another instance was started and sent here.
    pub fn came_to_front(&self) {
        self.tell(Event::Focused);
    }
}

fn is_empty(db: &gatewright_store::Connection) -> Result<bool, StoreError> {
    let counts = client::counts(db)?;
    Ok(counts.owned + counts.shared == 0 && run::count(db, &run::RunQuery::default())? == 0)
}
