//! Apps that programs register (RFC 7591) and manage with a token of their own (RFC 7592).

use std::sync::Arc;

use gatewright_protocol::Secret;
use jiff::Timestamp;

use super::client_metadata::{ClientMetadata, ClientRequest, GrantType, MetadataRefusal};
use super::registry::new_secret;
use super::secret::after;
use super::{App, AppRefusal, AppRegistry, ClientSecret, ClientSecrets, SecretDigest};
use crate::Twin;
use crate::entropy::Entropy;

/// What an app has that a program registered.
#[derive(Clone)]
pub(crate) struct Registration {
    /// Of the registration access token.
    pub(crate) token: SecretDigest,
    pub(crate) metadata: ClientMetadata,
}

/// An app after it was registered or updated.
pub(crate) struct Registered {
    pub(crate) app: Arc<App>,
    /// The only registration access token that opens it from now on.
    pub(crate) token: Secret,
}

/// Why a registered app was not changed.
#[derive(Debug)]
pub(crate) enum ManagementRefusal {
    /// The token is not the one of this app, or there is no such app: nobody learns which (RFC 7592 §2.1).
    Token,
    /// Something is wrong with what was sent.
    Metadata(MetadataRefusal),
    /// The change could not be kept.
    App(AppRefusal),
}

impl From<AppRefusal> for ManagementRefusal {
    fn from(refusal: AppRefusal) -> Self {
        Self::App(refusal)
    }
}

/// What an update brings along.
pub(crate) struct Update<'a> {
    pub(crate) request: ClientRequest,
    /// The `client_secret` of the request, which must be the one the app has (RFC 7592 §2.2).
    pub(crate) presented_secret: Option<&'a str>,
    /// For how many seconds the earlier secret still works when there is to be a new one; `None` leaves the secret as it is.
    pub(crate) rotation: Option<u32>,
}

impl App {
    /// Whether the app was registered for this grant; an app of a form may use each.
    pub(crate) fn may_use(&self, grant_type: GrantType) -> bool {
        let registration = self.registration.as_ref();
        registration.is_none_or(|registration| registration.metadata.grant_types.contains(&grant_type))
    }

    /// The app, when the token is its registration access token.
    fn is_opened_by(&self, token: &str) -> bool {
        self.registration.as_ref().is_some_and(|registration| registration.token.matches(token))
    }
}

impl AppRegistry {
    /// Registers an app of Chaster's twin; an empty owner means nobody. Waits for the disk.
    pub(crate) fn register(
        &self,
        request: ClientRequest,
        owner: &str,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<Registered, AppRefusal> {
        let token = entropy.hex40();
        let client_id = self.unused_client_id(Twin::Chaster, request.name.as_deref().unwrap_or_default(), 0, entropy);
        let key = client_id.to_string();
        let mut app = App {
            twin: Twin::Chaster,
            name: key.clone(),
            key: key.into(),
            client_id,
            redirect_uris: Vec::new(),
            owner: owner.to_owned(),
            approved: true,
            created_at: now,
            secrets: ClientSecrets::default(),
            openid: super::OpenIdSettings::default(),
            registration: None,
        };
        app.take(request, &token);
        app.secrets = fitting_secrets(&app, None, entropy, now);
        let app = self.add(app)?;
        Ok(Registered { app, token: Secret::new(token) })
    }

    /// The app that this registration access token opens.
    pub(crate) fn find_registered(&self, client_id: &str, token: &str) -> Result<Arc<App>, ManagementRefusal> {
        let app = self.find(Twin::Chaster, client_id).filter(|app| app.is_opened_by(token));
        app.ok_or(ManagementRefusal::Token)
    }

    /// Replaces the metadata of an app and its registration access token. Waits for the disk.
    pub(crate) fn update_registered(
        &self,
        client_id: &str,
        token: &str,
        update: Update<'_>,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<Registered, ManagementRefusal> {
        let new_token = entropy.hex40();
        let app = self.change(
            || self.find_registered(client_id, token),
            |app| {
                if update.presented_secret.is_some_and(|secret| !app.secrets.accept(secret, now)) {
                    let sentence = "client_secret: a client cannot choose its secret, and this is not the one it has.";
                    return Err(ManagementRefusal::Metadata(MetadataRefusal::metadata(sentence)));
                }
                let mut changed = app.clone();
                changed.take(update.request, &new_token);
                changed.secrets = fitting_secrets(&changed, update.rotation, entropy, now);
                Ok(changed)
            },
        )?;
        Ok(Registered { app, token: Secret::new(new_token) })
    }

    /// Deletes an app for good. Waits for the disk.
    pub(crate) fn delete_registered(&self, client_id: &str, token: &str) -> Result<(), ManagementRefusal> {
        self.remove(|| self.find_registered(client_id, token))
    }
}

impl App {
    /// Is from now on what the request says, and opened by this token only.
    fn take(&mut self, request: ClientRequest, token: &str) {
        let ClientRequest { name, redirect_uris, openid, metadata } = request;
        self.name = name.unwrap_or_else(|| self.key.to_string());
        self.redirect_uris = redirect_uris;
        self.openid = super::OpenIdSettings { revoke_refresh_token: self.openid.revoke_refresh_token, ..openid };
        self.registration = Some(Registration { token: SecretDigest::of(token), metadata });
    }
}

/// The secrets that an app of this kind has: none of a public client, a first one of any other, a new one when it is to be rotated.
fn fitting_secrets(app: &App, rotation: Option<u32>, entropy: &Entropy, now: Timestamp) -> ClientSecrets {
    if app.is_public() {
        return ClientSecrets::default();
    }
    let fresh = || ClientSecret::new(&entropy.hex24(), &new_secret(app.twin, entropy), now);
    match (app.secrets.current(), rotation) {
        (None, _) => ClientSecrets::of(vec![fresh()]),
        (Some(_), Some(keep_seconds)) => app.secrets.rotated(fresh(), after(now, keep_seconds), now),
        (Some(_), None) => app.secrets.clone(),
    }
}
