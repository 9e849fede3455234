//! One client as TOML, without its secret: one file for each, so that a git folder shows who changed which.
//!
//! The same client gives the same bytes every time: fields stand in a fixed order, lists one item a line, and nothing that changes by
//! itself (times, versions, record ids) is in it.

use gatewright_model::Environment;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::HandedClient;

/// The most bytes such a file may have.
pub const LONGEST: usize = 256 << 10;

/// The form that is written; files of a later one are refused.
const FORM: u32 = 1;

const HEAD: &str = "# An OAuth client kept in Gatewright, without its secret. To take it in: Clients, Import.\n";

/// How many characters of a client ID become part of a file name.
const NAME_LENGTH: usize = 60;

#[derive(Serialize)]
struct WrittenFile<'a> {
    gatewright_client: u32,
    client: &'a HandedClient,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadFile {
    gatewright_client: u32,
    client: HandedClient,
}

/// Why a text is no such file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlainError {
    /// It is longer than [`LONGEST`].
    #[error("The file is too long for one client.")]
    TooLong,
    /// It is not TOML, or not of this form. The reason names a line and a field, never a value.
    #[error("This is not a client file of Gatewright{place}.")]
    NotAClient {
        /// " (line 3)", or nothing.
        place: String,
    },
    /// A newer Gatewright wrote it.
    #[error("A newer Gatewright wrote this file (form {found}).")]
    Newer {
        /// The form it has.
        found: u32,
    },
    /// A client that cannot be written as TOML; none is known.
    #[error("This client cannot be written as TOML.")]
    NotWritten,
}

/// The client as the text of a file.
pub fn write(client: &HandedClient) -> Result<String, PlainError> {
    let text =
        toml::to_string_pretty(&WrittenFile { gatewright_client: FORM, client }).map_err(|_| PlainError::NotWritten)?;
    Ok(format!("{HEAD}{text}"))
}

/// Reads the text of a file.
pub fn read(text: &str) -> Result<HandedClient, PlainError> {
    if text.len() > LONGEST {
        return Err(PlainError::TooLong);
    }
    let not_a_client = |error: toml::de::Error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        PlainError::NotAClient { place: line.map(|line| format!(" (line {line})")).unwrap_or_default() }
    };
    let form: Form = toml::from_str(text).map_err(not_a_client)?;
    if form.gatewright_client > FORM {
        return Err(PlainError::Newer { found: form.gatewright_client });
    }
    let file: ReadFile = toml::from_str(text).map_err(not_a_client)?;
    debug_assert_eq!(file.gatewright_client, form.gatewright_client);
    Ok(file.client)
}

/// Whether a text is meant to be such a file, readable or not.
pub fn is_meant(text: &str) -> bool {
    toml::from_str::<Form>(text).is_ok()
}

/// The number by which a file is told, whatever else is in it.
#[derive(Deserialize)]
struct Form {
    gatewright_client: u32,
}

/// The name of a client's file: `chattz-abc123.toml`. It depends on provider and client ID alone, so that a new name for the client is a
/// change in its file and not another file.
pub fn file_name(client: &HandedClient) -> String {
    let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let written: String = client.client_id.chars().map(|c| if safe(c) { c } else { '-' }).take(NAME_LENGTH).collect();
    // What a file name cannot say is told apart by a digest: "A" and "a" are two clients, and one file on some systems.
    let told_apart =
        if written == client.client_id { String::new() } else { format!("-{}", digest(&client.client_id)) };
    let environment = match client.environment {
        Environment::Production => "",
        Environment::Sandbox => "sandbox-",
    };
    format!("{}-{environment}{written}{told_apart}.toml", client.provider)
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text);
    let [a, b, c, d, ..] = digest[..] else { return String::new() };
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples;

    #[test]
    fn a_file_reads_like_this_and_never_differently() {
        insta::assert_snapshot!(write(&samples::client()).unwrap(), @r#"
        # An OAuth client kept in Gatewright, without its secret. To take it in: Clients, Import.
        gatewright_client = 1

        [client]
        provider = "chattz"
        environment = "production"
        name = "My Website Login"
        client_id = "abc123"
        redirect_uris = [
            "https://example.com/callback",
            "http://127.0.0.1:8080/cb",
        ]
        owner = "Olivia"
        tag = "prod"
        notes = """
        Deployed on the new machine.
        Ask Theo."""

        [client.protocol]
        client_authentication = "basic"

        [[client.protocol.token_parameters]]
        name = "audience"
        value = "api"
        "#);
    }

    #[test]
    fn a_file_comes_back_as_the_client_it_was_written_from() {
        let client = samples::client();
        assert_eq!(read(&write(&client).unwrap()).unwrap(), client);
    }

    #[test]
    fn a_file_of_a_newer_form_is_refused_as_such() {
        let text =
            write(&samples::client()).unwrap().replace("gatewright_client = 1", "gatewright_client = 2\nmore = 1");
        assert_eq!(read(&text), Err(PlainError::Newer { found: 2 }));
    }

    #[test]
    fn a_mistake_is_told_by_its_line_and_not_by_what_stands_there() {
        let text = write(&samples::client()).unwrap().replace("client_id = \"abc123\"", "secret = \"hunter2hunter2\"");
        let mistake = read(&text).unwrap_err().to_string();
        assert!(mistake.contains("line") && !mistake.contains("hunter2"), "{mistake}");
        assert!(is_meant(&text) && !is_meant("[package]\nname = 1"));
    }

    #[test]
    fn the_file_name_stays_when_the_client_is_renamed_and_differs_between_clients() {
        let client = samples::client();
        assert_eq!(file_name(&client), "chattz-abc123.toml");
        assert_eq!(file_name(&HandedClient { name: "Another".to_owned(), ..client.clone() }), "chattz-abc123.toml");
        let named = |id: &str| file_name(&HandedClient { client_id: id.to_owned(), ..client.clone() });
        assert_ne!(named("../a"), named("..-a"));
        assert!(named("../a").starts_with("chattz----a-"));
        let twin = HandedClient { environment: Environment::Sandbox, ..client.clone() };
        assert_eq!(file_name(&twin), "chattz-sandbox-abc123.toml");
    }

    proptest! {
        #[test]
        fn any_client_comes_back(name in ".{0,40}", notes in "(?s).{0,80}", client_id in "[ -~]{1,40}", uris in proptest::collection::vec(".{0,30}", 0..4)) {
            let client = HandedClient { name, notes, client_id, redirect_uris: uris, ..samples::client() };
            prop_assert_eq!(read(&write(&client).unwrap()).unwrap(), client);
        }

        #[test]
        fn a_file_name_has_no_folder_in_it(client_id in ".{1,80}") {
            let name = file_name(&HandedClient { client_id, ..samples::client() });
            prop_assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)));
            prop_assert!(name.len() < 120 && !name.starts_with('.'));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(?s).{0,200}") {
            let _read = read(&text);
        }
    }
}
