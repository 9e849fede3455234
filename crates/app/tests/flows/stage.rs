//! Gatewright without a window.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatewright_app::desktop::{Desktop, DesktopError, PathChoice, Showing, ViewStorage, ViewTitle};
use gatewright_app::ports::{Pictures, Secret, UserAgent};
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientQuery, ClientRegister};
use gatewright_contract::login::LoginStart;
use gatewright_contract::path::PathQuestion;
use gatewright_contract::run::{Browser, RunDetail, RunRef};
use gatewright_contract::{Event, Handler, Spoken};
use tempfile::TempDir;
use url::Url;

use crate::person::{Decision, Person};

/// How long a test waits for something that should happen soon.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who opens login views, each with the storage it is given.
pub(crate) type Walker = Box<dyn Fn(ViewStorage) -> Arc<dyn UserAgent> + Send>;

/// A desktop whose login view is a person made of plain HTTP.
pub(crate) struct Headless {
    person: Mutex<Person>,
    pub(crate) clipboard: Mutex<Option<String>>,
    /// The title and the storage of each login view.
    pub(crate) views: Mutex<Vec<(String, ViewStorage)>>,
    /// Opens the login views in the person's place, where a test has a tester of its own.
    pub(crate) walker: Mutex<Option<Walker>>,
    /// What was shown in a folder. Without, this desktop has no program for folders.
    pub(crate) shown: Mutex<Option<Vec<PathBuf>>>,
    /// The titles of the desktop's notifications.
    pub(crate) notified: Mutex<Vec<String>>,
    /// Where the login view that was opened last tells what its pages look like.
    pub(crate) pictures: Mutex<Option<Pictures>>,
    /// Everything the window was told, as it would cross the bridge.
    pub(crate) told: Mutex<String>,
    /// What this desktop is set to, whatever the machine is set to on which the tests run.
    locale: &'static str,
}

/// The locale of the desktop where a test does not say otherwise.
const LOCALE: &str = "en-GB";

impl Desktop for Headless {
    fn login_view(&self, _: &str, title: &ViewTitle, storage: ViewStorage, pictures: Pictures) -> Arc<dyn UserAgent> {
        *self.pictures.lock().unwrap() = Some(pictures);
        self.views.lock().unwrap().push((title.login.clone(), storage.clone()));
        if let Some(walker) = &*self.walker.lock().unwrap() {
            return walker(storage);
        }
        Arc::new(self.person.lock().unwrap().clone())
    }

    fn focus_login_view(&self, _run: &str) -> bool {
        false
    }

    fn open_in_browser(&self, address: &Url) -> Result<(), DesktopError> {
        let (person, address) = (self.person.lock().unwrap().clone(), address.clone());
        tokio::spawn(async move { person.walk_to_the_end(address).await });
        Ok(())
    }

    fn copy_concealed(&self, secret: &Secret) -> Result<(), DesktopError> {
        *self.clipboard.lock().unwrap() = Some(secret.expose().to_owned());
        Ok(())
    }

    fn clear_clipboard_of(&self, secret: &Secret) {
        let mut held = self.clipboard.lock().unwrap();
        if held.as_deref() == Some(secret.expose()) {
            *held = None;
        }
    }

    fn choose_path(&self, _question: PathQuestion) -> PathChoice {
        Box::pin(std::future::ready(None))
    }

    fn show_in_folder(&self, path: PathBuf) -> Showing {
        let cause = "no program for folders".to_owned();
        let shown = match &mut *self.shown.lock().unwrap() {
            Some(shown) => {
                shown.push(path);
                Ok(())
            }
            None => Err(DesktopError::Folder { path, cause }),
        };
        Box::pin(std::future::ready(shown))
    }

    fn locale(&self) -> Option<String> {
        Some(self.locale.to_owned())
    }

    fn restart(&self) {}

    fn notify(&self, title: &str, _body: &str) {
        self.notified.lock().unwrap().push(title.to_owned());
    }

    fn tell(&self, event: Spoken<Event>) {
        self.told.lock().unwrap().push_str(&serde_json::to_string(&event).unwrap());
    }
}

/// Gatewright with a data folder of its own.
pub(crate) struct Stage {
    pub(crate) app: App,
    pub(crate) desktop: Arc<Headless>,
    folder: PathBuf,
    /// Removes the folder at the end, where it is ours.
    temporary: Option<TempDir>,
    keyring: KeyringChoice,
}

/// What a stage is set up with.
struct Setting {
    folder: PathBuf,
    /// Removes the folder at the end, where it is ours.
    temporary: Option<TempDir>,
    keyring: KeyringChoice,
    locale: &'static str,
}

impl Setting {
    /// A folder of the stage's own.
    fn of_its_own(folder: TempDir, keyring: KeyringChoice) -> Self {
        Self { folder: folder.path().to_owned(), temporary: Some(folder), keyring, locale: LOCALE }
    }
}

impl Stage {
    /// Starts Gatewright for the first time, with its sandbox.
    pub(crate) async fn new() -> Self {
        Self::at(TempDir::new().unwrap()).await
    }

    /// Starts Gatewright on a folder.
    pub(crate) async fn at(folder: TempDir) -> Self {
        Self::at_with(folder, KeyringChoice::Session).await
    }

    /// Starts Gatewright on a folder of somebody else's, with the keyring of this process's desktop.
    pub(crate) async fn with_keyring(folder: &Path) -> Self {
        Self::with_keyring_and(folder, |_| {}).await
    }

    /// As [`Stage::with_keyring`]; the app is shown as soon as there is one, while it still works on its start.
    pub(crate) async fn with_keyring_and(folder: &Path, show: impl FnOnce(&App)) -> Self {
        let keyring = KeyringChoice::System;
        Self::open(Setting { folder: folder.to_owned(), temporary: None, keyring, locale: LOCALE }, show).await
    }

    /// Starts Gatewright for the first time, with the keyring of this process's desktop.
    pub(crate) async fn new_with_keyring() -> Self {
        Self::at_with(TempDir::new().unwrap(), KeyringChoice::System).await
    }

    /// Starts Gatewright on a folder, with the keyring this stage has.
    pub(crate) async fn at_same_keyring(&self, folder: TempDir) -> Self {
        Self::at_with(folder, self.keyring).await
    }

    /// Starts Gatewright for the first time on a desktop that is set to a locale.
    pub(crate) async fn on_desktop_in(locale: &'static str) -> Self {
        let setting = Setting::of_its_own(TempDir::new().unwrap(), KeyringChoice::Session);
        Self::open(Setting { locale, ..setting }, |_| {}).await
    }

    async fn at_with(folder: TempDir, keyring: KeyringChoice) -> Self {
        Self::open(Setting::of_its_own(folder, keyring), |_| {}).await
    }

    async fn open(setting: Setting, show: impl FnOnce(&App)) -> Self {
        let Setting { folder, temporary, keyring, locale } = setting;
        let desktop = Arc::new(Headless {
            person: Mutex::new(Person::as_user("theo")),
            clipboard: Mutex::default(),
            views: Mutex::default(),
            walker: Mutex::default(),
            shown: Mutex::new(Some(Vec::new())),
            notified: Mutex::default(),
            pictures: Mutex::default(),
            told: Mutex::default(),
            locale,
        });
        let app = App::start(AppOptions {
            data_dir: folder.clone(),
            desktop: Arc::clone(&desktop) as Arc<dyn Desktop>,
            sandbox: true,
            keyring,
        })
        .await;
        show(&app);
        let stage = Self { app, desktop, folder, temporary, keyring };
        stage.sandbox_is_on().await;
        stage
    }

    /// A second Gatewright on the same folder.
    pub(crate) async fn beside(first: &Self) -> App {
        App::start(AppOptions {
            data_dir: first.folder.clone(),
            desktop: Arc::clone(&first.desktop) as Arc<dyn Desktop>,
            sandbox: false,
            keyring: KeyringChoice::Session,
        })
        .await
    }

    /// Ends Gatewright and starts it again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.app.shut_down().await;
        drop(self.app);
        let locale = self.desktop.locale;
        let setting = Setting { folder: self.folder, temporary: self.temporary, keyring: self.keyring, locale };
        Self::open(setting, |_| {}).await
    }

    /// The data folder as it is right now: what a Gatewright that is killed at this moment leaves behind.
    pub(crate) fn folder_as_it_is(&self) -> TempDir {
        let copy = TempDir::new().unwrap();
        for entry in std::fs::read_dir(&self.folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        copy
    }

    /// Changes the database behind Gatewright's back.
    pub(crate) fn edit(&self, sql: &str) {
        let db = gatewright_store::Connection::open(self.database()).unwrap();
        db.execute_batch(sql).unwrap();
    }

    /// What the database keeps under the key of a setting, as JSON.
    pub(crate) fn setting(&self, key: &str) -> Option<String> {
        let db = gatewright_store::Connection::open(self.database()).unwrap();
        db.query_row("SELECT max(value) FROM setting WHERE key = ?", [key], |row| row.get(0)).unwrap()
    }

    /// How many rows a table of the database has.
    pub(crate) fn counted(&self, table: &str) -> u32 {
        let db = gatewright_store::Connection::open(self.database()).unwrap();
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    /// The file with the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("gatewright.sqlite")
    }

    /// From now on this person walks the pages.
    pub(crate) fn person(&self, user: &str, decision: Decision) {
        *self.desktop.person.lock().unwrap() = Person::as_user(user).who_decides(decision);
    }

    /// Registers a client at a twin as the sandbox's owner.
    pub(crate) async fn register(&self, provider: &str, redirect_uri: &str) -> ClientDetail {
        let request = ClientRegister {
            provider: provider.to_owned(),
            name: format!("Forum login {provider}"),
            redirect_uris: vec![redirect_uri.to_owned()],
            register_as: "olivia".to_owned(),
            tag: "test".to_owned(),
            notes: String::new(),
        };
        self.app.client_register(request).await.unwrap()
    }

    /// Logs in and waits for the end.
    pub(crate) async fn log_in(&self, client: &ClientDetail, browser: Browser) -> RunDetail {
        let run = self.start(client, browser).await;
        self.end_of(&run).await
    }

    /// Starts a login.
    pub(crate) async fn start(&self, client: &ClientDetail, browser: Browser) -> RunRef {
        let request =
            LoginStart { client: client.row.id.clone(), test_user: None, browser, redirect_uri: None, scopes: None };
        self.app.login_start(request).await.unwrap()
    }

    /// Where a run has sent the browser, as soon as it has.
    pub(crate) async fn address_of(&self, run: &RunRef) -> Url {
        let sent = async {
            loop {
                if let Ok(address) = self.app.login_address(run.clone()).await {
                    return address.url.parse().unwrap();
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, sent).await.expect("the browser is sent somewhere")
    }

    /// Waits until a run has ended.
    pub(crate) async fn end_of(&self, run: &RunRef) -> RunDetail {
        let ended = async {
            loop {
                let detail = self.app.run_show(run.clone()).await.unwrap();
                if detail.row.outcome != "running" {
                    return detail;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("the run ends")
    }

    async fn sandbox_is_on(&self) {
        let on = async {
            while !self.app.sandbox_state(Nothing {}).await.unwrap().running {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, on).await.expect("the sandbox starts");
    }
}

/// A query for all clients.
pub(crate) fn everything() -> ClientQuery {
    ClientQuery {
        search: String::new(),
        provider: None,
        environment: None,
        ownership: None,
        tag: None,
        offset: 0,
        limit: 100,
    }
}
