//! The apps file: what is registered survives a restart. Secrets stand in it as SHA-256 digests only.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatewright_protocol::ClientId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::client_metadata::ClientMetadata;
use super::{App, ClientSecret, ClientSecrets, OpenIdSettings, Registration, SecretDigest};
use crate::Twin;
use crate::entropy::to_hex;

/// The form of the file this version writes. It reads the first one, too, in which an app had one secret.
const VERSION: u32 = 2;

/// Why the apps file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum AppsFileError {
    /// The file is there and cannot be read.
    #[error("the apps file {path} cannot be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("the apps file {path} cannot be written")]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is broken and cannot be moved aside.
    #[error("the apps file {path} is broken and cannot be moved aside")]
    MoveAside {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// What a file held.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) apps: Vec<App>,
    pub(super) next_chattr_id: Option<i64>,
    /// Where a broken file was moved to.
    pub(super) moved_aside: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    next_chattr_id: i64,
    apps: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    twin: Twin,
    client_id: serde_json::Value,
    name: String,
    redirect_uris: Vec<String>,
    owner: String,
    approved: bool,
    created_at: Timestamp,
    /// The one secret, in the first form of the file.
    #[serde(default, skip_serializing)]
    secret_sha256: Option<String>,
    /// The newest first.
    #[serde(default)]
    secrets: Vec<SecretRow>,
    /// The one that waits to be activated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    staged_secret: Option<SecretRow>,
    #[serde(default, skip_serializing_if = "OpenIdSettings::is_default")]
    openid: OpenIdSettings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registration: Option<RegistrationRow>,
}

/// What an app has that a program registered (RFC 7591).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationRow {
    token_sha256: String,
    metadata: ClientMetadata,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretRow {
    id: String,
    sha256: String,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

/// Reads the apps file. A file that is not there holds nothing; a broken one is moved aside, so that nothing of it is lost.
pub(super) fn load(path: &Path, now: Timestamp) -> Result<Loaded, AppsFileError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Loaded::default()),
        Err(source) => return Err(AppsFileError::Read { path: path.to_owned(), source }),
    };
    if let Some(loaded) = parse(&text) {
        return Ok(loaded);
    }
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(".broken-{}", now.as_millisecond()));
    let aside = PathBuf::from(aside);
    fs::rename(path, &aside).map_err(|source| AppsFileError::MoveAside { path: path.to_owned(), source })?;
    tracing::warn!("the sandbox's apps file was broken and has been moved aside");
    Ok(Loaded { moved_aside: Some(aside), ..Loaded::default() })
}

fn parse(text: &[u8]) -> Option<Loaded> {
    let document: Document = serde_json::from_slice(text).ok()?;
    if !(1..=VERSION).contains(&document.version) {
        return None;
    }
    let apps = document.apps.into_iter().map(app_from_row).collect::<Option<_>>()?;
    Some(Loaded { apps, next_chattr_id: Some(document.next_chattr_id), moved_aside: None })
}

fn app_from_row(row: Row) -> Option<App> {
    let client_id = match (row.twin, row.client_id) {
        (Twin::Chattr, serde_json::Value::Number(number)) => ClientId::Integer(number.as_i64()?),
        (Twin::Chattr, _) => return None,
        (_, serde_json::Value::String(text)) => ClientId::Text(text),
        _ => return None,
    };
    let only = row.secret_sha256.map(|sha256| SecretRow {
        id: "first".to_owned(),
        sha256,
        created_at: row.created_at,
        expires_at: None,
    });
    let secrets = only.into_iter().chain(row.secrets).map(|row| secret_from_row(&row)).collect::<Option<_>>()?;
    let staged = match row.staged_secret {
        Some(row) => Some(secret_from_row(&row)?),
        None => None,
    };
    let registration = match row.registration {
        Some(row) => Some(Registration { token: digest(&row.token_sha256)?, metadata: row.metadata }),
        None => None,
    };
    Some(App {
        twin: row.twin,
        key: client_id.to_string().into(),
        client_id,
        name: row.name,
        redirect_uris: row.redirect_uris,
        owner: row.owner,
        approved: row.approved,
        created_at: row.created_at,
        secrets: ClientSecrets::of(secrets).staging(staged),
        openid: row.openid,
        registration,
    })
}

fn secret_from_row(row: &SecretRow) -> Option<ClientSecret> {
    Some(ClientSecret::of_digest(&row.id, digest(&row.sha256)?, row.created_at, row.expires_at))
}

/// Writes the apps file so that at every instant either the old or the new one is there: a file beside it, synced, then renamed.
pub(super) fn save(path: &Path, apps: &[Arc<App>], next_chattr_id: i64) -> Result<(), AppsFileError> {
    let document =
        Document { version: VERSION, next_chattr_id, apps: apps.iter().map(|app| row_from_app(app)).collect() };
    write(path, &document).map_err(|source| AppsFileError::Write { path: path.to_owned(), source })
}

fn write(path: &Path, document: &Document) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(serde_json::to_string_pretty(document)?.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The rename itself is durable only when the folder is synced too; systems that cannot do that for folders have no need of it.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn row_from_app(app: &App) -> Row {
    Row {
        twin: app.twin,
        client_id: app.client_id.to_json(),
        name: app.name.clone(),
        redirect_uris: app.redirect_uris.clone(),
        owner: app.owner.clone(),
        approved: app.approved,
        created_at: app.created_at,
        secret_sha256: None,
        secrets: app.secrets.accepted().map(row_from_secret).collect(),
        staged_secret: app.secrets.staged().map(row_from_secret),
        openid: app.openid.clone(),
        registration: app.registration.as_ref().map(row_from_registration),
    }
}

fn row_from_registration(registration: &Registration) -> RegistrationRow {
    RegistrationRow { token_sha256: to_hex(&registration.token.0), metadata: registration.metadata.clone() }
}

fn row_from_secret(secret: &ClientSecret) -> SecretRow {
    SecretRow {
        id: secret.id.to_string(),
        sha256: to_hex(&secret.digest.0),
        created_at: secret.created_at,
        expires_at: secret.expires_at,
    }
}

fn digest(text: &str) -> Option<SecretDigest> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (position, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[position * 2..position * 2 + 2], 16).ok()?;
    }
    Some(SecretDigest(bytes))
}
