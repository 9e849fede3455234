//! Clients in other programs' files. Each reader says what it took and what it left, because a client that came over by halves is worse
//! than one that did not come.

mod bruno;
mod dot_env;
mod google;
mod insomnia;
mod keycloak;
mod pairs;
mod postman;
#[cfg(test)]
mod tests;

use gatewright_model::dialect::ClientAuthentication;
use gatewright_protocol::Secret;
use serde_json::Value;

/// The most bytes a file may have.
pub const LONGEST: usize = 4 << 20;
/// The most clients that are taken from one file.
const MOST_CLIENTS: usize = 2000;

/// Which program a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A client, or a realm with its clients, as Keycloak exports them.
    Keycloak,
    /// `client_secret*.json` of the Google Cloud console.
    Google,
    /// An environment of Postman.
    Postman,
    /// An export of Insomnia in its form 4 (JSON) or 5 (YAML).
    Insomnia,
    /// A request or an environment of Bruno.
    Bruno,
    /// A `.env` file.
    DotEnv,
}

impl Source {
    /// The name of the file's kind, for a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Keycloak => "Keycloak clients",
            Self::Google => "a Google client secret",
            Self::Postman => "a Postman environment",
            Self::Insomnia => "an Insomnia export",
            Self::Bruno => "a Bruno file",
            Self::DotEnv => "a .env file",
        }
    }
}

/// A client as another program keeps it.
#[derive(Clone, Debug, Default)]
pub struct ForeignClient {
    /// A name: the program's own, or made of what the values are called.
    pub name: String,
    /// The client identifier.
    pub client_id: String,
    /// The secret, when it stands in the file.
    pub secret: Option<Secret>,
    /// Redirect URIs that can be used as they are.
    pub redirect_uris: Vec<String>,
    /// How it authenticates, where the file says so.
    pub authentication: Option<ClientAuthentication>,
    /// Addresses of its provider, by which it can be told.
    pub endpoints: Vec<String>,
    /// Which fields were taken, by the names they have in the file.
    pub took: Vec<String>,
    /// Which were left, each with the reason where there is more to say than that Gatewright has no such thing.
    pub left: Vec<String>,
}

/// What a file gave.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Where it comes from.
    pub source: Source,
    /// The clients in it.
    pub clients: Vec<ForeignClient>,
    /// What of the file belongs to none of them, with the reason.
    pub left: Vec<String>,
}

/// Why nothing was read. No variant holds any part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignError {
    /// It is longer than [`LONGEST`].
    #[error("The file is too long to be looked through for clients.")]
    TooLong,
    /// It is not text.
    #[error("The file is not text.")]
    NotText,
    /// It is not of a kind that is known here.
    #[error(
        "Gatewright does not know this kind of file. It reads its own files, Keycloak's clients, Google's client_secret*.json, environments \
         of Postman and Insomnia, Bruno's .bru files, and .env."
    )]
    UnknownKind,
    /// It says to be Insomnia's YAML and cannot be read as that.
    #[error("This file says that it is Insomnia's, but it cannot be read as YAML. Export it again.")]
    BrokenYaml,
}

/// Reads a file of another program. The name helps to tell what it is; nothing is opened.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Reading, ForeignError> {
    if bytes.len() > LONGEST {
        return Err(ForeignError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ForeignError::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = read_text(file_name, text)?;
    if reading.clients.len() > MOST_CLIENTS {
        let more = reading.clients.len() - MOST_CLIENTS;
        reading.clients.truncate(MOST_CLIENTS);
        reading.left.push(format!("{more} more clients: {MOST_CLIENTS} are taken from one file"));
    }
    Ok(reading)
}

fn read_text(file_name: &str, text: &str) -> Result<Reading, ForeignError> {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let readers = [google::read, keycloak::read, postman::read, insomnia::read, insomnia::form_five::read];
        return readers.iter().find_map(|read| read(&value)).ok_or(ForeignError::UnknownKind);
    }
    let ends_with = |ending: &str| file_name.to_ascii_lowercase().ends_with(ending);
    if insomnia::form_five::is_meant(text) {
        return insomnia::form_five::read_yaml(text);
    }
    if ends_with(".bru") || bruno::is_meant(text) {
        return Ok(bruno::read(file_name, text));
    }
    if dot_env::is_meant(file_name, text) {
        return Ok(dot_env::read(text));
    }
    Err(ForeignError::UnknownKind)
}

/// A text that stands for another value: `{{secret}}` of Postman and Bruno, `${SECRET}` of shells, `<secret>` of people.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let stands_between = |open, close| value.starts_with(open) && value.ends_with(close);
    value.contains("{{") || value.contains("${") || stands_between('<', '>') || value.contains("{%")
}

/// Splits redirect URIs into those that can be used and those that cannot, with the reason.
fn usable_redirect_uris<'a>(uris: impl IntoIterator<Item = &'a str>) -> (Vec<String>, Vec<String>) {
    let (mut usable, mut left) = (Vec::new(), Vec::new());
    for uri in uris.into_iter().map(str::trim).filter(|uri| !uri.is_empty()) {
        if is_placeholder(uri) {
            left.push(format!("{uri}: stands for another value"));
        } else if uri.contains('*') {
            left.push(format!("{uri}: a pattern; a login needs one address"));
        } else if url::Url::parse(uri).is_err() {
            left.push(format!("{uri}: not a whole address"));
        } else if !usable.iter().any(|known| known == uri) {
            usable.push(uri.to_owned());
        }
    }
    (usable, left)
}

/// The text of a member, unless it is empty.
fn text_of<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}
