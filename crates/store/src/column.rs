//! How our types stand in columns: words for enums, microseconds for times, JSON for what is only read whole.

use gatewright_model::run::{Browser, EndReason, StepKind, StepStatus};
use gatewright_model::secret_version::{ProofVerdict, SecretPlace, SecretVersionState};
use gatewright_model::{Environment, GrantState, Ownership, exchange::ExchangePurpose};
use gatewright_protocol::ClientId;
use gatewright_protocol::client_id::ClientIdKind;
use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{FromSql, Type};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StoreError;

/// An enum that stands in a column as a word.
pub(crate) trait Word: Copy + 'static {
    /// The word.
    fn word(self) -> &'static str;
    /// The value that a word stands for.
    fn from_word(word: &str) -> Option<Self>;
}

/// Gives an enum its words. They are the words serde uses, so that a column reads like the JSON beside it.
macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $crate::column::Word for $type {
            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words!(Environment { Production = "production", Sandbox = "sandbox" });
words!(ClientIdKind { Integer = "integer", Text = "text" });
words!(Ownership { Owned = "owned", Shared = "shared" });
words!(SecretPlace { Keyring = "keyring", Session = "session", Moving = "moving" });
words!(SecretVersionState {
    Staged = "staged", Active = "active", Retiring = "retiring", Retired = "retired", Lost = "lost"
});
words!(ProofVerdict { Accepted = "accepted", Refused = "refused", CannotTell = "cannot_tell" });
words!(Browser { Embedded = "embedded", System = "system", Paste = "paste" });
words!(StepStatus { Running = "running", Passed = "passed", Warned = "warned", Failed = "failed" });
words!(StepKind {
    Discovery = "discovery", AuthorizationRequest = "authorization_request", Pages = "pages", Callback = "callback",
    TokenRequest = "token_request", IdToken = "id_token", Identity = "identity", Refresh = "refresh",
    Revocation = "revocation", Introspection = "introspection", Logout = "logout",
    ClientManagement = "client_management", SecretProbe = "secret_probe"
});
words!(ExchangePurpose {
    Authorization = "authorization", Token = "token", Identity = "identity", Refresh = "refresh",
    Revocation = "revocation", Introspection = "introspection", Logout = "logout", Metadata = "metadata",
    ClientManagement = "client_management", SecretProbe = "secret_probe"
});
words!(EndReason {
    Denied = "denied", Cancelled = "cancelled", WindowClosed = "window_closed", Stopped = "stopped",
    TimedOut = "timed_out", PageUnreachable = "page_unreachable", CertificateRefused = "certificate_refused",
    CallbackRejected = "callback_rejected", AuthorizationRefused = "authorization_refused",
    MetadataRejected = "metadata_rejected", IdTokenRejected = "id_token_rejected", TokenRefused = "token_refused", TokenMalformed = "token_malformed", ProviderUnreachable = "provider_unreachable",
    IdentityRefused = "identity_refused", IdentityMalformed = "identity_malformed",
    ListenerFailed = "listener_failed", BrowserFailed = "browser_failed", WrongPerson = "wrong_person", SecretUnavailable = "secret_unavailable", Interrupted = "interrupted",
});

words!(GrantState { Live = "live", Ambiguous = "ambiguous", Lost = "lost", Ended = "ended" });

/// A time as it stands in a column: microseconds since 1970.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// A count as it stands in a column. SQLite's integers have a sign; nothing we count comes near the end of them.
pub(crate) fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A value as JSON text.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::Unwritable)
}

/// A list as JSON text; none when it is empty, which most are.
pub(crate) fn list_to_json<T: Serialize>(list: &[T]) -> Result<Option<String>, StoreError> {
    if list.is_empty() { Ok(None) } else { to_json(&list).map(Some) }
}

/// Reads a row's columns one after the other, in the order in which the query names them. Looking a column up by name costs more than
/// reading it.
pub(crate) struct Columns<'row, 'statement> {
    row: &'row Row<'statement>,
    next: usize,
}

impl<'row, 'statement> Columns<'row, 'statement> {
    /// Begins with the first column.
    pub(crate) fn of(row: &'row Row<'statement>) -> Self {
        Self { row, next: 0 }
    }

    fn step(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// The next column as SQLite has it.
    pub(crate) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.row.get(self.step())
    }

    /// The next column, a word.
    pub(crate) fn word<T: Word>(&mut self) -> rusqlite::Result<T> {
        let column = self.step();
        let text = self.row.get_ref(column)?.as_str().map_err(|error| unreadable(column, error))?;
        T::from_word(text).ok_or_else(|| unreadable(column, UnknownWord(text.to_owned())))
    }

    /// The next column, a word or nothing.
    pub(crate) fn optional_word<T: Word>(&mut self) -> rusqlite::Result<Option<T>> {
        let column = self.step();
        let text = self.row.get_ref(column)?.as_str_or_null().map_err(|error| unreadable(column, error))?;
        let word = |text: &str| T::from_word(text).ok_or_else(|| unreadable(column, UnknownWord(text.to_owned())));
        text.map(word).transpose()
    }

    /// The next column, a time.
    pub(crate) fn time(&mut self) -> rusqlite::Result<Timestamp> {
        let column = self.step();
        Timestamp::from_microsecond(self.row.get(column)?).map_err(|error| unreadable(column, error))
    }

    /// The next column, a time or nothing.
    pub(crate) fn optional_time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        let column = self.step();
        let micros: Option<i64> = self.row.get(column)?;
        micros.map(|micros| Timestamp::from_microsecond(micros).map_err(|error| unreadable(column, error))).transpose()
    }

    /// The next column, a number that is never negative, or nothing.
    pub(crate) fn optional_count(&mut self) -> rusqlite::Result<Option<u64>> {
        let column = self.step();
        let number: Option<i64> = self.row.get(column)?;
        number.map(|number| u64::try_from(number).map_err(|error| unreadable(column, error))).transpose()
    }

    /// The next column, JSON or nothing.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Option<T>> {
        let column = self.step();
        let text = self.row.get_ref(column)?.as_str_or_null().map_err(|error| unreadable(column, error))?;
        text.map(|text| serde_json::from_str(text).map_err(|error| unreadable(column, error))).transpose()
    }

    /// The next column, JSON that has to be there.
    pub(crate) fn required_json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        let column = self.step();
        let text = self.row.get_ref(column)?.as_str().map_err(|error| unreadable(column, error))?;
        serde_json::from_str(text).map_err(|error| unreadable(column, error))
    }

    /// The next two columns, a client identifier and its JSON type.
    pub(crate) fn client_id(&mut self) -> rusqlite::Result<ClientId> {
        let column = self.step();
        let text: String = self.row.get(column)?;
        let kind = self.word()?;
        ClientId::parse(&text, kind).map_err(|error| unreadable(column, error))
    }

    /// Leaves columns out.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }
}

/// The JSON type of an identifier.
pub(crate) fn kind_of(id: &ClientId) -> ClientIdKind {
    match id {
        ClientId::Integer(_) => ClientIdKind::Integer,
        ClientId::Text(_) => ClientIdKind::Text,
    }
}

/// A word that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown word {0:?}")]
struct UnknownWord(String);

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
