//! The apps (OAuth clients) registered at the twins.

pub(crate) mod client_metadata;
mod file;
mod openid;
mod registration;
mod registry;
mod rotation;
mod rules;
mod secret;

use std::sync::Arc;

use gatewright_protocol::{ClientId, Secret};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use file::AppsFileError;
pub use openid::{ClientAuthMethod, OpenIdSettings};
pub(crate) use registration::{ManagementRefusal, Registered, Registration, Update};
pub(crate) use registry::AppRegistry;
pub(crate) use rotation::OwnedApp;
pub(crate) use rules::may_create;
pub use secret::RegisteredSecret;
pub(crate) use secret::{ClientSecret, ClientSecrets, CreatedSecret, SecretDigest};

use crate::Twin;

/// What somebody fills into a provider's form for an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppForm {
    /// The app's name as people see it on the consent page.
    pub name: String,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
}

/// An app as its twin shows it. The secret is not in it: the sandbox keeps a digest only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredApp {
    /// Where the app is registered.
    pub twin: Twin,
    /// The client identifier; a number at Chattr.
    pub client_id: ClientId,
    /// The app's name as people see it on the consent page.
    pub name: String,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Username of the person who created it; empty when nobody did (open registration).
    pub owner: String,
    /// Whether staff has approved it; matters at ContentDB only, where others than the owner cannot log in before.
    pub approved: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// How it is registered for OpenID Connect; matters at Chaster only.
    pub openid: OpenIdSettings,
}

/// A new app with its secret, which is given once and never again.
#[derive(Clone, Debug)]
pub struct CreatedApp {
    /// The app.
    pub app: RegisteredApp,
    /// The client secret.
    pub secret: Secret,
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AppRefusalCode {
    /// The acting user does not live in the sandbox.
    UnknownUser,
    /// The acting user may not create apps at this twin.
    NotAllowed,
    /// There is no such app, or it belongs to somebody else: the answer is the same for both.
    NotFound,
    /// A field of the form is wrong.
    Invalid,
    /// The name is taken.
    NameTaken,
    /// The twin is switched off.
    TwinOff,
    /// The provider has no second secret beside the first: the app has to be deleted and made again.
    NoSecondSecret,
    /// Two secrets work already.
    TooManySecrets,
    /// The only secret that works cannot be retired.
    LastSecret,
    /// The apps file could not be written; nothing was changed.
    NotSaved,
}

/// Why a twin did not do what was asked of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{sentence}")]
pub struct AppRefusal {
    /// What it is about.
    pub code: AppRefusalCode,
    /// One sentence for a person.
    pub sentence: String,
    /// The field of [`AppForm`] or [`OpenIdSettings`] that is wrong.
    pub field: Option<&'static str>,
}

impl AppRefusal {
    pub(crate) fn new(code: AppRefusalCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), field: None }
    }

    pub(crate) fn of_field(code: AppRefusalCode, field: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), field: Some(field) }
    }
}

/// An app as the twins keep it.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) twin: Twin,
    pub(crate) client_id: ClientId,
    /// The client identifier as text, by which grants point here.
    pub(crate) key: Arc<str>,
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) owner: String,
    pub(crate) approved: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) secrets: ClientSecrets,
    pub(crate) openid: OpenIdSettings,
    /// None when the app was made with a form.
    pub(crate) registration: Option<Registration>,
}

impl App {
    pub(crate) fn shown(&self) -> RegisteredApp {
        RegisteredApp {
            twin: self.twin,
            client_id: self.client_id.clone(),
            name: self.name.clone(),
            redirect_uris: self.redirect_uris.clone(),
            owner: self.owner.clone(),
            approved: self.approved,
            created_at: self.created_at,
            openid: self.openid.clone(),
        }
    }

    /// Whether `uri` is, character for character, a registered redirect URI.
    pub(crate) fn has_redirect_uri(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered == uri)
    }
}
