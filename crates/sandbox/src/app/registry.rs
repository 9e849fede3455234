//! Who registered which app where: created, edited and deleted by its owner only.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use gatewright_protocol::{ClientId, Secret};
use jiff::Timestamp;

use super::file::{self, AppsFileError};
use super::rules;
use super::{
    App, AppForm, AppRefusal, AppRefusalCode, ClientSecret, ClientSecrets, CreatedApp, OpenIdSettings, RegisteredApp,
};
use crate::Twin;
use crate::entropy::Entropy;
use crate::user::{self, Rank, SandboxUser};

/// The apps of one twin by client identifier, and in the order they were created.
#[derive(Clone, Default)]
struct Table {
    apps: Vec<Arc<App>>,
    by_key: HashMap<(Twin, Arc<str>), Arc<App>>,
}

/// All registered apps.
///
/// Logins read `table` and never wait for the disk: a change is made on a copy under `writer`, saved, and only then put in place.
pub(crate) struct AppRegistry {
    table: RwLock<Arc<Table>>,
    writer: Mutex<Writer>,
    path: Option<PathBuf>,
    moved_aside: Option<PathBuf>,
}

struct Writer {
    next_chattr_id: i64,
    /// Apps deleted since the start, for undo.
    deleted: HashMap<(Twin, Arc<str>), Arc<App>>,
}

impl Table {
    fn of(apps: Vec<Arc<App>>) -> Self {
        let by_key = apps.iter().map(|app| ((app.twin, Arc::clone(&app.key)), Arc::clone(app))).collect();
        Self { apps, by_key }
    }
}

impl AppRegistry {
    /// Opens the registry kept at `path`, or an empty one in memory.
    pub(crate) fn open(path: Option<PathBuf>, now: Timestamp) -> Result<Self, AppsFileError> {
        let loaded = path.as_deref().map(|path| file::load(path, now)).transpose()?.unwrap_or_default();
        let highest = loaded.apps.iter().filter_map(|app| match app.client_id {
            ClientId::Integer(number) => Some(number + 1),
            ClientId::Text(_) => None,
        });
        // Ids count on even after a deletion: an id that meant one app never comes to mean another.
        let next_chattr_id = highest.chain(loaded.next_chattr_id).max().unwrap_or(7);
        Ok(Self {
            table: RwLock::new(Arc::new(Table::of(loaded.apps.into_iter().map(Arc::new).collect()))),
            writer: Mutex::new(Writer { next_chattr_id, deleted: HashMap::new() }),
            path,
            moved_aside: loaded.moved_aside,
        })
    }

    /// Where a broken apps file was moved to when the registry was opened.
    pub(crate) fn moved_aside(&self) -> Option<&PathBuf> {
        self.moved_aside.as_ref()
    }

    /// The app with this client identifier at this twin.
    pub(crate) fn find(&self, twin: Twin, client_id: &str) -> Option<Arc<App>> {
        self.table().by_key.get(&(twin, client_id.into())).cloned()
    }

    /// The app with this client identifier, when it is the acting user's.
    /// Somebody else's app and no app at all get the same answer.
    pub(crate) fn find_owned(&self, twin: Twin, acting_user: &str, client_id: &str) -> Result<Arc<App>, AppRefusal> {
        let user = acting(acting_user)?;
        self.find(twin, client_id).filter(|app| app.owner == user.username).ok_or_else(|| not_found(twin))
    }

    /// All apps of a twin, oldest first.
    pub(crate) fn list(&self, twin: Twin) -> Vec<RegisteredApp> {
        self.table().apps.iter().filter(|app| app.twin == twin).map(|app| app.shown()).collect()
    }

    /// The apps of a twin that this person owns, oldest first.
    pub(crate) fn list_owned(&self, twin: Twin, owner: &str) -> Vec<RegisteredApp> {
        self.list(twin).into_iter().filter(|app| app.owner == owner).collect()
    }

    /// Registers an app for the acting user. Waits for the disk.
    pub(crate) fn create(
        &self,
        twin: Twin,
        acting_user: &str,
        form: AppForm,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<CreatedApp, AppRefusal> {
        let user = acting(acting_user)?;
        rules::may_create(twin, user)?;
        let form = rules::check(twin, form)?;
        let mut writer = self.writer();
        let table = self.table();
        check_name_is_free(&table, twin, &form.name, None)?;
        let client_id = self.unused_client_id(twin, &form.name, writer.next_chattr_id, entropy);
        let secret = new_secret(twin, entropy);
        let app = Arc::new(App {
            twin,
            key: client_id.to_string().into(),
            client_id,
            name: form.name,
            redirect_uris: form.redirect_uris,
            owner: user.username.to_owned(),
            approved: twin != Twin::ContentDb || user.rank == Rank::Trusted,
            created_at: now,
            secrets: ClientSecrets::of(vec![ClientSecret::new(&entropy.hex24(), &secret, now)]),
            openid: OpenIdSettings::default(),
            registration: None,
        });
        let mut apps = table.apps.clone();
        apps.push(Arc::clone(&app));
        let next = writer.next_chattr_id + i64::from(twin == Twin::Chattr);
        self.put_in_place(apps, next)?;
        writer.next_chattr_id = next;
        Ok(CreatedApp { app: app.shown(), secret: Secret::new(secret) })
    }

    /// Adds an app of a twin that does not number its apps. Waits for the disk.
    pub(super) fn add(&self, app: App) -> Result<Arc<App>, AppRefusal> {
        let writer = self.writer();
        let app = Arc::new(app);
        let mut apps = self.table().apps.clone();
        apps.push(Arc::clone(&app));
        self.put_in_place(apps, writer.next_chattr_id)?;
        Ok(app)
    }

    /// Changes name and redirect URIs. The secret and tokens already issued stay as they are. Waits for the disk.
    pub(crate) fn update(
        &self,
        twin: Twin,
        acting_user: &str,
        client_id: &str,
        form: AppForm,
    ) -> Result<RegisteredApp, AppRefusal> {
        let changed = self.change_owned(twin, acting_user, client_id, |app| {
            let form = rules::check(twin, form)?;
            check_name_is_free(&self.table(), twin, &form.name, Some(&app.key))?;
            Ok(App { name: form.name, redirect_uris: form.redirect_uris, ..app.clone() })
        })?;
        Ok(changed.shown())
    }

    /// Approves an app or takes approval back, as the provider's staff would. Waits for the disk.
    pub(crate) fn set_approved(
        &self,
        twin: Twin,
        client_id: &str,
        approved: bool,
    ) -> Result<RegisteredApp, AppRefusal> {
        let find = || self.find(twin, client_id).ok_or_else(|| not_found(twin));
        Ok(self.change(find, |app| Ok(App { approved, ..app.clone() }))?.shown())
    }

    /// Changes how an app is registered for OpenID Connect. Waits for the disk.
    pub(crate) fn set_openid(
        &self,
        twin: Twin,
        client_id: &str,
        settings: OpenIdSettings,
    ) -> Result<RegisteredApp, AppRefusal> {
        let openid = settings.checked()?;
        let find = || self.find(twin, client_id).ok_or_else(|| not_found(twin));
        Ok(self.change(find, |app| Ok(App { openid, ..app.clone() }))?.shown())
    }

    /// Deletes an app. Until the sandbox stops it can be restored. Waits for the disk.
    pub(crate) fn delete(&self, twin: Twin, acting_user: &str, client_id: &str) -> Result<(), AppRefusal> {
        self.remove(|| self.find_owned(twin, acting_user, client_id))
    }

    /// Brings back an app deleted since the start, with the same id and secret. Waits for the disk.
    pub(crate) fn restore(&self, twin: Twin, acting_user: &str, client_id: &str) -> Result<RegisteredApp, AppRefusal> {
        let user = acting(acting_user)?;
        let mut writer = self.writer();
        let key = (twin, Arc::from(client_id));
        let app = writer.deleted.get(&key).filter(|app| app.owner == user.username).cloned();
        let app = app.ok_or_else(|| not_found(twin))?;
        let table = self.table();
        check_name_is_free(&table, twin, &app.name, None)?;
        let mut apps = table.apps.clone();
        apps.push(Arc::clone(&app));
        self.put_in_place(apps, writer.next_chattr_id)?;
        writer.deleted.remove(&key);
        Ok(app.shown())
    }

    /// Changes an app that the acting user owns. Waits for the disk.
    pub(super) fn change_owned(
        &self,
        twin: Twin,
        acting_user: &str,
        client_id: &str,
        change: impl FnOnce(&App) -> Result<App, AppRefusal>,
    ) -> Result<Arc<App>, AppRefusal> {
        self.change(|| self.find_owned(twin, acting_user, client_id), change)
    }

    /// Changes the app that `find` finds; nobody else changes it in between. Waits for the disk.
    pub(super) fn change<E: From<AppRefusal>>(
        &self,
        find: impl FnOnce() -> Result<Arc<App>, E>,
        change: impl FnOnce(&App) -> Result<App, E>,
    ) -> Result<Arc<App>, E> {
        let writer = self.writer();
        let changed = Arc::new(change(&*find()?)?);
        let is_same = |app: &Arc<App>| app.twin == changed.twin && app.key == changed.key;
        let table = self.table();
        let apps = table.apps.iter().map(|app| Arc::clone(if is_same(app) { &changed } else { app })).collect();
        self.put_in_place(apps, writer.next_chattr_id)?;
        Ok(changed)
    }

    /// Takes the app that `find` finds away. Waits for the disk.
    pub(super) fn remove<E: From<AppRefusal>>(&self, find: impl FnOnce() -> Result<Arc<App>, E>) -> Result<(), E> {
        let mut writer = self.writer();
        let app = find()?;
        let table = self.table();
        let apps = table.apps.iter().filter(|other| !Arc::ptr_eq(other, &app)).cloned().collect();
        self.put_in_place(apps, writer.next_chattr_id)?;
        writer.deleted.insert((app.twin, Arc::clone(&app.key)), app);
        Ok(())
    }

    /// An identifier that no app of the twin has.
    pub(super) fn unused_client_id(&self, twin: Twin, name: &str, next_chattr_id: i64, entropy: &Entropy) -> ClientId {
        loop {
            let client_id = new_client_id(twin, name, next_chattr_id, entropy);
            // Only Chaster's six digits can meet by chance.
            if self.find(twin, &client_id.to_string()).is_none() {
                return client_id;
            }
        }
    }

    /// Saves, then lets logins see the change. Called under `writer`.
    fn put_in_place(&self, apps: Vec<Arc<App>>, next_chattr_id: i64) -> Result<(), AppRefusal> {
        if let Some(path) = &self.path {
            file::save(path, &apps, next_chattr_id).map_err(|error| {
                tracing::error!(error = &error as &dyn std::error::Error, "apps not saved");
                let sentence = "The sandbox could not write its apps file, so nothing was changed. Check that the disk is not full.";
                AppRefusal::new(AppRefusalCode::NotSaved, sentence)
            })?;
        }
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Table::of(apps));
        Ok(())
    }

    fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn acting(username: &str) -> Result<&'static SandboxUser, AppRefusal> {
    user::find(username).ok_or_else(|| {
        AppRefusal::new(AppRefusalCode::UnknownUser, "There is no such user in the sandbox. Choose one of its users.")
    })
}

fn not_found(twin: Twin) -> AppRefusal {
    let sentence =
        format!("You have no app with this ID at {}. Only the owner of an app can edit or delete it.", twin.name());
    AppRefusal::new(AppRefusalCode::NotFound, sentence)
}

fn check_name_is_free(table: &Table, twin: Twin, name: &str, except: Option<&str>) -> Result<(), AppRefusal> {
    let folded = name.to_lowercase();
    let others = table.apps.iter().filter(|app| app.twin == twin && except != Some(&*app.key));
    if twin.form_rules().name_unique && others.into_iter().any(|app| app.name.to_lowercase() == folded) {
        let sentence =
            format!("The name is taken: no two apps at {} share one, whatever the letter case.", twin.name());
        return Err(AppRefusal::of_field(AppRefusalCode::NameTaken, "name", sentence));
    }
    Ok(())
}

fn new_client_id(twin: Twin, name: &str, next_chattr_id: i64, entropy: &Entropy) -> ClientId {
    match twin {
        Twin::Chattr => ClientId::Integer(next_chattr_id),
        Twin::Chattz | Twin::ContentDb => ClientId::Text(entropy.hex24()),
        Twin::Chaster => ClientId::Text(format!("{}-{}", slug(name), entropy.six_digits())),
        Twin::Gitter => ClientId::Text(entropy.hex40()),
    }
}

/// A secret as long as the provider's own.
pub(super) fn new_secret(twin: Twin, entropy: &Entropy) -> String {
    match twin {
        Twin::ContentDb | Twin::Chaster => entropy.hex32(),
        Twin::Chattr | Twin::Chattz | Twin::Gitter => entropy.hex40(),
    }
}

/// A name as the first half of a Chaster id: lower-case letters and digits of ASCII.
fn slug(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
    if letters.is_empty() { "app".to_owned() } else { letters.to_ascii_lowercase() }
}
