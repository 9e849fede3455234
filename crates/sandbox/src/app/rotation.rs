//! How an app's secret gives way to another.

use gatewright_protocol::Secret;
use jiff::Timestamp;

use super::registry::new_secret;
use super::secret::{Standing, after};
use super::{App, AppRefusal, AppRefusalCode, AppRegistry, ClientSecret, CreatedSecret, RegisteredSecret};
use crate::Twin;
use crate::entropy::Entropy;

/// How many secrets of one app work at once.
const SECRETS: usize = 2;

/// Whose app it is about, and where.
#[derive(Clone, Copy)]
pub(crate) struct OwnedApp<'a> {
    pub(crate) twin: Twin,
    pub(crate) acting_user: &'a str,
    pub(crate) client_id: &'a str,
}

impl AppRegistry {
    /// The secrets of an app that work, the newest first.
    pub(crate) fn secrets(&self, of: OwnedApp<'_>, now: Timestamp) -> Result<Vec<RegisteredSecret>, AppRefusal> {
        Ok(self.find_owned(of.twin, of.acting_user, of.client_id)?.secrets.shown(now))
    }

    /// Gives an app a second secret beside the first, which ends after `others_expire_in` seconds or stays. Waits for the disk.
    pub(crate) fn add_secret(
        &self,
        of: OwnedApp<'_>,
        others_expire_in: Option<u32>,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<CreatedSecret, AppRefusal> {
        self.change_secrets(of, entropy, now, |app, newest| {
            if app.secrets.working(now).count() >= SECRETS {
                let sentence = "Two secrets of this app work already. Retire one of them first.";
                return Err(AppRefusal::new(AppRefusalCode::TooManySecrets, sentence));
            }
            let others_end = others_expire_in.map(|seconds| after(now, seconds));
            Ok(App { secrets: app.secrets.with(newest, others_end, now), ..app.clone() })
        })
    }

    /// Gives an app a secret that is refused until it is activated ([`AppRegistry::activate_secret`]). Waits for the disk.
    pub(crate) fn stage_secret(
        &self,
        of: OwnedApp<'_>,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<CreatedSecret, AppRefusal> {
        let created = self.change_secrets(of, entropy, now, |app, staged| {
            if app.secrets.staged().is_some() {
                let sentence = "A secret of this app is staged already. Activate or retire it first.";
                return Err(AppRefusal::new(AppRefusalCode::TooManySecrets, sentence));
            }
            Ok(App { secrets: app.secrets.staging(Some(staged)), ..app.clone() })
        })?;
        Ok(CreatedSecret { shown: RegisteredSecret { current: false, staged: true, ..created.shown }, ..created })
    }

    /// Puts the staged secret of an app in the place of all others, which are refused from now on. Asked for again, after its answer was
    /// lost, it changes nothing. Waits for the disk.
    pub(crate) fn activate_secret(
        &self,
        of: OwnedApp<'_>,
        secret_id: &str,
        now: Timestamp,
    ) -> Result<RegisteredSecret, AppRefusal> {
        let activated = |app: &App| {
            let is_meant = |secret: &ClientSecret| secret.id() == secret_id;
            if app.secrets.staged().is_some_and(is_meant) {
                return Ok(App { secrets: app.secrets.activated(), ..app.clone() });
            }
            if app.secrets.working(now).next().is_some_and(is_meant) {
                return Ok(app.clone());
            }
            let sentence = "This app has no staged secret with this ID.";
            Err(AppRefusal::new(AppRefusalCode::NotFound, sentence))
        };
        let app = self.change_owned(of.twin, of.acting_user, of.client_id, activated)?;
        let newest = app.secrets.current().map(|secret| secret.shown(Standing::Newest));
        newest.ok_or_else(|| AppRefusal::new(AppRefusalCode::NotFound, "This app has no secret."))
    }

    /// Gives an app a new secret in place of the newest, which works for `keep_seconds` more. Waits for the disk.
    pub(crate) fn rotate_secret(
        &self,
        of: OwnedApp<'_>,
        keep_seconds: u32,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<CreatedSecret, AppRefusal> {
        self.change_secrets(of, entropy, now, |app, newest| {
            Ok(App { secrets: app.secrets.rotated(newest, after(now, keep_seconds), now), ..app.clone() })
        })
    }

    /// Refuses a secret of an app from now on. Waits for the disk.
    pub(crate) fn retire_secret(&self, of: OwnedApp<'_>, secret_id: &str, now: Timestamp) -> Result<(), AppRefusal> {
        let retired = |app: &App| {
            let left = app.secrets.without(secret_id, now);
            if !app.secrets.has(secret_id, now) {
                let sentence = "This app has no working or staged secret with this ID.";
                return Err(AppRefusal::new(AppRefusalCode::NotFound, sentence));
            }
            if left.accepted().next().is_none() {
                let sentence = "This is the only secret of the app that works. Create another one first.";
                return Err(AppRefusal::new(AppRefusalCode::LastSecret, sentence));
            }
            Ok(App { secrets: left, ..app.clone() })
        };
        self.change_owned(of.twin, of.acting_user, of.client_id, retired).map(drop)
    }

    fn change_secrets(
        &self,
        of: OwnedApp<'_>,
        entropy: &Entropy,
        now: Timestamp,
        change: impl FnOnce(&App, ClientSecret) -> Result<App, AppRefusal>,
    ) -> Result<CreatedSecret, AppRefusal> {
        let text = new_secret(of.twin, entropy);
        let newest = ClientSecret::new(&entropy.hex24(), &text, now);
        let shown = newest.shown(Standing::Newest);
        self.change_owned(of.twin, of.acting_user, of.client_id, |app| {
            may_change_secret(app)?;
            change(app, newest)
        })?;
        Ok(CreatedSecret { shown, value: Secret::new(text) })
    }
}

/// Where a provider is known to have no such thing, neither has its twin.
fn may_change_secret(app: &App) -> Result<(), AppRefusal> {
    let sentence = if app.is_public() {
        "A public client has no secret.".to_owned()
    } else if app.twin.keeps_two_secrets() {
        return Ok(());
    } else {
        format!(
            "{} never changes the secret of an app. Delete the app and create it again; it gets a new ID.",
            app.twin.name()
        )
    };
    Err(AppRefusal::new(AppRefusalCode::NoSecondSecret, sentence))
}
