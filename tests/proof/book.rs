//! Keeping account of a grant in a real database, as the app does.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use gatewright_engine::grant::{BeginRefusal, NotStored, RenewedTokens, RotationLedger};
use gatewright_engine::ports::{Clock as _, PortFuture};
use gatewright_model::grant::{Abandonment, Consent};
use gatewright_model::{AttemptId, Grant, RotationIntent};
use gatewright_protocol::Secret;
use gatewright_store::rotation::{self, Rotated, RotationRefusal};
use gatewright_store::sealed_token::{self, SealedToken};
use gatewright_store::{Options, Store, StoreError, grant, seed, versioned_token};
use jiff::SignedDuration;
use tempfile::TempDir;

use crate::clock::SharedClock;

/// How long an attempt has the grant at most.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// The database of one grant. Clones share it.
#[derive(Clone)]
pub(crate) struct Book {
    /// None while the program is not running.
    store: Arc<Mutex<Option<Store>>>,
    path: PathBuf,
    /// Where the path is, as long as this or a clone of it is there; none where the folder is another process's.
    _folder: Option<Arc<TempDir>>,
    clock: SharedClock,
}

impl Book {
    /// A database with one login, whose refresh token is this.
    pub(crate) fn of(refresh_token: &Secret, clock: &SharedClock) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let store = Store::open(&database(folder.path()), &Options::default()).unwrap();
        let first = sealed("refresh_token", refresh_token);
        let began = store.write_durably_blocking(|tx| {
            seed::write_run(tx, &seed::run(1, 1))?;
            sealed_token::put(tx, &seed::run_id(1), &first)?;
            grant::start(tx, &seed::grant(1))
        });
        assert!(began.unwrap());
        let path = database(folder.path());
        Self { store: Arc::new(Mutex::new(Some(store))), path, _folder: Some(folder), clock: clock.clone() }
    }

    /// The database that another process has made and left.
    pub(crate) fn at(path: &Path, clock: &SharedClock) -> Self {
        let store = Store::open(path, &Options::default()).unwrap();
        Self { store: Arc::new(Mutex::new(Some(store))), path: path.to_owned(), _folder: None, clock: clock.clone() }
    }

    /// The file, for whoever may open it when the program does not run.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The program ends.
    pub(crate) fn stop(&self) {
        drop(self.store.lock().unwrap().take());
    }

    /// The ledger for one attempt.
    pub(crate) fn attempt(&self, name: &str) -> Attempt {
        let version = self.grant().version;
        Attempt { book: self.clone(), id: AttemptId::new(name), version, is_killed: false }
    }

    /// The program ends, however it comes, and starts again.
    pub(crate) fn restart(&self) {
        self.stop();
        *self.store.lock().unwrap() = Some(Store::open(&self.path, &Options::default()).unwrap());
    }

    /// How the grant stands.
    pub(crate) fn grant(&self) -> Grant {
        self.open().read_blocking(|db| grant::find(db, &seed::grant_id(1))).unwrap()
    }

    /// The refresh token to send next.
    pub(crate) fn refresh_token(&self) -> Secret {
        let kept = self.open().read_blocking(|db| versioned_token::current(db, &seed::grant_id(1), "refresh_token"));
        let masked = kept.unwrap().unwrap().token.sealed;
        Secret::new(String::from_utf8(masked.into_iter().map(mask).collect()).unwrap())
    }

    /// Every byte of the database.
    pub(crate) fn bytes(&self) -> String {
        let log = std::fs::read(self.path.with_extension("sqlite-wal")).unwrap_or_default();
        String::from_utf8_lossy(&[std::fs::read(&self.path).unwrap(), log].concat()).into_owned()
    }

    /// Whether the program runs.
    pub(crate) fn is_open(&self) -> bool {
        self.store.lock().unwrap().is_some()
    }

    fn open(&self) -> Store {
        self.store.lock().unwrap().clone().expect("the program is not running")
    }
}

/// One attempt to refresh.
pub(crate) struct Attempt {
    book: Book,
    id: AttemptId,
    version: u32,
    is_killed: bool,
}

impl Attempt {
    /// The same, and the program is killed when the answer is there and not yet stored.
    pub(crate) fn killed_before_commit(self) -> Self {
        Self { is_killed: true, ..self }
    }

    fn write_down_intent(&self) -> Result<(), StoreError> {
        let now = self.book.clock.now();
        let intent = RotationIntent {
            grant: seed::grant_id(1),
            version: self.version,
            fingerprint: "what the vault makes of it".to_owned(),
            attempt: self.id.clone(),
            instance: "proof".to_owned(),
            started_at: now,
        };
        self.book.open().write_durably_blocking(|tx| rotation::begin(tx, &intent, now + LEASE, Consent::NotAsked))
    }

    fn store(&self, renewed: &RenewedTokens) -> Result<(), NotStored> {
        if self.is_killed {
            self.book.stop();
            return Err(NotStored("the program was killed".to_owned()));
        }
        let rotated = Rotated {
            grant: seed::grant_id(1),
            attempt: self.id.clone(),
            tokens: vec![
                sealed("access_token", &renewed.access_token),
                sealed("refresh_token", &renewed.refresh_token),
            ],
            access_expires_at: renewed.access_expires_at,
            refresh_expires_at: renewed.refresh_expires_at,
            at: renewed.at,
        };
        let stored = self.book.open().write_durably_blocking(|tx| rotation::commit(tx, &rotated));
        stored.map(drop).map_err(|error| NotStored(error.to_string()))
    }
}

impl RotationLedger for Attempt {
    fn begin(&self) -> PortFuture<'_, Result<(), BeginRefusal>> {
        Box::pin(std::future::ready(self.write_down_intent().map_err(|error| match error {
            StoreError::Rotation(RotationRefusal::Leased { .. }) => BeginRefusal::UnderWay,
            StoreError::Rotation(RotationRefusal::Ambiguous) => BeginRefusal::Ambiguous,
            StoreError::Rotation(RotationRefusal::NotLive(_)) => BeginRefusal::NotLive,
            StoreError::Rotation(RotationRefusal::Superseded { .. }) => BeginRefusal::Superseded,
            other => BeginRefusal::NotWritten(other.to_string()),
        })))
    }

    fn commit<'a>(&'a self, renewed: &'a RenewedTokens) -> PortFuture<'a, Result<(), NotStored>> {
        Box::pin(std::future::ready(self.store(renewed)))
    }

    fn abandon(&self, how: Abandonment) -> PortFuture<'_, Result<(), NotStored>> {
        let done =
            self.book.open().write_durably_blocking(|tx| rotation::abandon(tx, &seed::grant_id(1), &self.id, how));
        Box::pin(std::future::ready(done.map_err(|error| NotStored(error.to_string()))))
    }
}

/// What stands in for the vault: unreadable, and no secret to anybody who looks here.
fn sealed(name: &str, token: &Secret) -> SealedToken {
    let sealed = token.expose().bytes().map(mask).collect();
    SealedToken { name: name.to_owned(), sealing_key: "mask".to_owned(), sealed }
}

const fn mask(byte: u8) -> u8 {
    byte ^ 0xA5
}

fn database(folder: &Path) -> PathBuf {
    folder.join("gatewright.sqlite")
}
