//! How entries are named and labelled in the keyring.

use std::fmt;

use gatewright_model::ClientRecordId;

/// The service every entry has, by which a person finds ours in their keyring program.
pub(crate) const SERVICE: &str = "Gatewright";

/// The most bytes an entry may take: what a Windows credential holds (`CRED_MAX_CREDENTIAL_BLOB_SIZE`). The same everywhere, so that
/// a client that works on one computer can be handed to another.
pub(crate) const MAX_ENTRY_BYTES: usize = 2560;

const CLIENT: &str = "client";
const SEALING_KEY: &str = "sealing-key";
const PROBE: &str = "probe";
const GENERATION: &str = "generation";

/// The words an entry's name can begin with.
const KINDS: [&str; 4] = [CLIENT, SEALING_KEY, PROBE, GENERATION];

/// The name of one entry, unique within a [`Namespace`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName(String);

impl EntryName {
    /// The entry of one version of a client's secret.
    pub fn client_secret(client: &ClientRecordId, version: u32) -> Self {
        Self(format!("{CLIENT}/{client}/v{version}"))
    }

    /// Whose secret the entry holds and which version of it; `None` for every other kind of entry.
    pub fn client_version(&self) -> Option<(ClientRecordId, u32)> {
        let (client, version) = self.0.strip_prefix(CLIENT)?.strip_prefix('/')?.rsplit_once("/v")?;
        Some((ClientRecordId::new(client), version.parse().ok()?))
    }

    /// The entry of a sealing key.
    pub fn sealing_key(key_id: &str) -> Self {
        Self(format!("{SEALING_KEY}/{key_id}"))
    }

    /// The entry that remembers the database's generation. There is one.
    pub fn generation() -> Self {
        Self(GENERATION.to_owned())
    }

    pub(crate) fn probe(random: &str) -> Self {
        Self(format!("{PROBE}/{random}"))
    }

    /// Reads a name that was written as text; `None` when it is no name of ours.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_user(text, None)
    }

    pub(crate) fn is_probe(&self) -> bool {
        self.0.split('/').next() == Some(PROBE)
    }

    /// The name as text, without the namespace.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The keyring's `username` attribute.
    pub(crate) fn user(&self, namespace: Option<&Namespace>) -> String {
        match namespace {
            Some(namespace) => format!("{namespace}/{}", self.0),
            None => self.0.clone(),
        }
    }

    /// Reads a `username` attribute back; `None` when the entry belongs to another namespace or was not made by us.
    pub(crate) fn from_user(user: &str, namespace: Option<&Namespace>) -> Option<Self> {
        let name = match namespace {
            Some(namespace) => user.strip_prefix(namespace.as_str())?.strip_prefix('/')?,
            None => user,
        };
        let kind = name.split('/').next()?;
        KINDS.contains(&kind).then(|| Self(name.to_owned()))
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Keeps the entries of one database apart from those of another one of the same person: a second data directory, a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(String);

/// The text cannot be a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a namespace is 1 to 64 lower-case letters, digits and hyphens, and none of the words client, sealing-key, probe, generation"
)]
pub struct InvalidNamespace;

impl Namespace {
    /// Takes 1 to 64 lower-case letters, digits and hyphens, but none of the words that begin an entry's name.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidNamespace> {
        let text = text.into();
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let reserved = KINDS.contains(&text.as_str());
        if (1..=64).contains(&text.len()) && plain && !reserved { Ok(Self(text)) } else { Err(InvalidNamespace) }
    }

    /// The namespace as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The label of a client secret, by which a person recognises it in their keyring program. Client names come from users and servers:
/// control characters are dropped and long names cut.
pub(crate) fn client_secret_label(client_name: &str, provider_name: &str, version: u32) -> String {
    format!("Gatewright: {} at {} (client secret, version {version})", tidy(client_name), tidy(provider_name))
}

pub(crate) fn sealing_key_label(key_id: &str) -> String {
    format!("Gatewright: sealing key {key_id} (opens the tokens kept in the database)")
}

pub(crate) const PROBE_LABEL: &str = "Gatewright: keyring check (can be deleted)";

pub(crate) const GENERATION_LABEL: &str = "Gatewright: how often the database was opened (notices an older copy of it)";

fn tidy(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(text: &str) -> Namespace {
        Namespace::new(text).unwrap()
    }

    #[test]
    fn an_entry_is_recognised_in_its_own_namespace_only() {
        let name = EntryName::client_secret(&ClientRecordId::new("abc"), 3);
        let (one, two) = (namespace("one"), namespace("two"));
        assert_eq!(name.user(Some(&one)), "one/client/abc/v3");
        assert_eq!(EntryName::from_user("one/client/abc/v3", Some(&one)), Some(name.clone()));
        assert_eq!(EntryName::from_user("one/client/abc/v3", Some(&two)), None);
        assert_eq!(EntryName::from_user("one/client/abc/v3", None), None);
        assert_eq!(EntryName::from_user("client/abc/v3", None), Some(name));
        assert_eq!(EntryName::from_user("alice@example.org", None), None);
    }

    #[test]
    fn a_namespace_cannot_pass_for_an_entry() {
        for text in ["", "client", "probe", "sealing-key", "generation", "a/b", "A", &"a".repeat(65)] {
            assert_eq!(Namespace::new(text), Err(InvalidNamespace), "{text}");
        }
    }

    #[test]
    fn a_label_names_client_provider_and_version_without_control_characters() {
        let label = client_secret_label("Guild\u{0}\nportal", "Chattr", 2);
        assert_eq!(label, "Gatewright: Guildportal at Chattr (client secret, version 2)");
    }
}
