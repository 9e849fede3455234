//! Looking at a file before anything is taken from it. What was found stays here, secrets included; the window gets a description.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gatewright_contract::Failure;
use gatewright_contract::handover::{ImportKey, ImportKeyKind, ImportLook, ImportPreview};
use gatewright_handover::foreign::{self, ForeignClient};
use gatewright_handover::parcel::{self, HandedSecret, ParcelClient, ParcelError};
use gatewright_handover::sealed::{self, Key, KeyKind, OpeningError};
use gatewright_handover::{HandedClient, plain};
use gatewright_model::{Environment, ProtocolSettings};
use gatewright_protocol::Secret;

use super::files;
use super::judge::Candidate;
use crate::{App, failure};

/// How long a preview can be acted upon.
const KEPT_FOR: Duration = Duration::from_mins(15);
/// How many client files of one folder are looked at.
const MOST_FILES: usize = 5000;

/// What was looked at last. One look at a time: secrets of a file nobody takes must not pile up.
#[derive(Default)]
pub(crate) struct Looks(Mutex<Option<Look>>);

/// What is in a file, judged.
pub(super) struct Look {
    pub(super) id: String,
    pub(super) clients: Vec<Candidate>,
    pub(super) is_somebody_elses: bool,
}

impl Looks {
    pub(super) fn put(&self, look: Option<Look>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = look;
    }

    /// Takes a look out, if it is the last one.
    pub(super) fn take(&self, id: &str) -> Option<Look> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.take_if(|look| look.id == id)
    }
}

/// A client as a file has it.
pub(super) struct Found {
    pub(super) client: FoundClient,
    pub(super) took: Vec<String>,
    pub(super) left: Vec<String>,
}

/// Ours, or another program's.
pub(super) enum FoundClient {
    /// With its secret, when it came in a parcel.
    Ours(Box<HandedClient>, Option<HandedSecret>),
    /// Of a provider that has yet to be told.
    Foreign(ForeignClient),
}

/// What a file or a folder has in it.
struct Contents {
    source: String,
    found: Vec<Found>,
    left: Vec<String>,
    asks_for_provider: bool,
    is_somebody_elses: bool,
}

/// What reading came to.
enum Read {
    Contents(Contents),
    /// It has to be opened first.
    Sealed(KeyKind),
}

impl App {
    /// Looks at a file or a folder of client files.
    pub(crate) async fn look_at_import(&self, request: ImportLook) -> Result<ImportPreview, Failure> {
        self.0.looks.put(None);
        let path = files::whole_path(&request.path, "path")?;
        let key = request.key.map(|key| match key {
            ImportKey::Passphrase(text) => Key::Passphrase(Secret::new(text)),
            ImportKey::Identity(text) => Key::Identity(Secret::new(text)),
        });
        let contents = match files::off_thread(move || read(&path, key.as_ref())).await? {
            Read::Contents(contents) => contents,
            Read::Sealed(wanted) => return Ok(sealed_preview(wanted)),
        };
        let provider = match request.provider.filter(|_| contents.asks_for_provider) {
            Some(id) => Some(self.0.registry.known().get(&id)?),
            None => None,
        };
        let clients = self.judge_candidates(contents.found, provider.as_ref()).await?;
        let look = Look { id: self.new_id()?, clients, is_somebody_elses: contents.is_somebody_elses };
        let preview = ImportPreview {
            look: look.id.clone(),
            source: contents.source,
            wanted: None,
            clients: (0..).zip(&look.clients).map(|(index, candidate)| candidate.shown(index)).collect(),
            left: contents.left,
            asks_for_provider: contents.asks_for_provider,
            is_somebody_elses: look.is_somebody_elses,
        };
        self.0.looks.put(Some(look));
        self.forget_look_in_time(preview.look.clone());
        Ok(preview)
    }

    /// A preview that nobody acts upon must not keep its secrets in memory for the rest of the day.
    fn forget_look_in_time(&self, look: String) {
        let app = self.clone();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = app.0.clock.sleep(KEPT_FOR) => {}
                () = app.0.ending.cancelled() => {}
            }
            app.0.looks.take(&look);
        });
    }
}

fn sealed_preview(wanted: KeyKind) -> ImportPreview {
    ImportPreview {
        look: String::new(),
        source: "an encrypted file".to_owned(),
        wanted: Some(match wanted {
            KeyKind::Passphrase => ImportKeyKind::Passphrase,
            KeyKind::Identity => ImportKeyKind::Identity,
        }),
        clients: Vec::new(),
        left: Vec::new(),
        asks_for_provider: false,
        is_somebody_elses: true,
    }
}

fn read(path: &Path, key: Option<&Key>) -> Result<Read, Failure> {
    if path.is_dir() {
        return read_folder(path).map(Read::Contents);
    }
    let bytes = files::read_at_most(path, parcel::LONGEST)?;
    if sealed::is_sealed(&bytes) {
        let wanted = sealed::wanted_key(&bytes).map_err(|error| super::of_opening(&error))?;
        let Some(key) = key else { return Ok(Read::Sealed(wanted)) };
        return parcel::open(&bytes, key).map(of_parcel).map(Read::Contents).map_err(|error| of_parcel_error(&error));
    }
    if let Ok(text) = std::str::from_utf8(&bytes)
        && plain::is_meant(text)
    {
        let client = plain::read(text).map_err(|error| failure::invalid("path", error.to_string()))?;
        return Ok(Read::Contents(ours("a client of Gatewright's".to_owned(), vec![client], Vec::new())));
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let reading = foreign::read(name, &bytes).map_err(|error| {
        failure::invalid("path", error.to_string()).hint("Nothing was changed. Choose another file.")
    })?;
    Ok(Read::Contents(of_foreign(reading)))
}

fn read_folder(folder: &Path) -> Result<Contents, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|cause| files::not_read(&cause))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    paths.truncate(MOST_FILES);
    let (mut clients, mut left) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match files::read_at_most(&path, plain::LONGEST).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(text) if plain::is_meant(&text) => match plain::read(&text) {
                Ok(client) => clients.push(client),
                Err(error) => left.push(format!("{name}: {error}")),
            },
            _ => left.push(format!("{name}: not a client file of Gatewright's")),
        }
    }
    if clients.is_empty() && left.is_empty() {
        return Err(failure::invalid("path", "There is no client file in this folder.")
            .hint("Client files end in .toml and lie in the folder itself."));
    }
    Ok(ours("a folder with client files of Gatewright's".to_owned(), clients, left))
}

fn ours(source: String, clients: Vec<HandedClient>, left: Vec<String>) -> Contents {
    let found = clients.into_iter().map(|client| found_ours(client, None));
    Contents { source, found: found.collect(), left, asks_for_provider: false, is_somebody_elses: false }
}

fn of_parcel(clients: Vec<ParcelClient>) -> Contents {
    let found = clients.into_iter().map(|ParcelClient { client, secret }| found_ours(client, secret)).collect();
    let source = "clients that somebody handed on".to_owned();
    Contents { source, found, left: Vec::new(), asks_for_provider: false, is_somebody_elses: true }
}

fn found_ours(client: HandedClient, secret: Option<HandedSecret>) -> Found {
    Found { client: FoundClient::Ours(Box::new(client), secret), took: Vec::new(), left: Vec::new() }
}

fn of_foreign(reading: foreign::Reading) -> Contents {
    let found = reading.clients.into_iter().map(|mut client| {
        let (took, left) = (std::mem::take(&mut client.took), std::mem::take(&mut client.left));
        Found { client: FoundClient::Foreign(client), took, left }
    });
    Contents {
        source: reading.source.words().to_owned(),
        found: found.collect(),
        left: reading.left,
        asks_for_provider: true,
        is_somebody_elses: false,
    }
}

/// Another program's client, once its provider is known.
pub(super) fn as_handed(
    client: ForeignClient,
    provider: &gatewright_model::Provider,
) -> (HandedClient, Option<Secret>) {
    let protocol = ProtocolSettings { client_authentication: client.authentication, ..ProtocolSettings::default() };
    let handed = HandedClient {
        provider: provider.id.clone(),
        environment: Environment::Production,
        name: client.name,
        client_id: client.client_id,
        redirect_uris: client.redirect_uris,
        owner: String::new(),
        tag: String::new(),
        notes: String::new(),
        protocol,
    };
    (handed, client.secret)
}

fn of_parcel_error(error: &ParcelError) -> Failure {
    match error {
        ParcelError::Opening(OpeningError::Io(_)) | ParcelError::NotAParcel | ParcelError::Newer { .. } => {
            failure::invalid("path", error.to_string())
                .hint("A backup is put back under Settings. Nothing was changed here.")
        }
        ParcelError::Opening(error) => super::of_opening(error),
    }
}
