//! The words in columns, and the shape of the tables.

use gatewright_model::exchange::ExchangePurpose;
use gatewright_model::run::{Browser, EndReason, StepKind, StepStatus};
use gatewright_model::secret_version::{SecretPlace, SecretVersionState};
use gatewright_model::{Environment, Ownership};
use serde::de::DeserializeOwned;

use super::Fixture;
use crate::column::Word;
use crate::migration;

/// The word of every value is the one serde uses, and leads back to it.
fn words_are_those_of_serde<T: Word + serde::Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(values: &[T]) {
    for value in values {
        let json = serde_json::to_value(value).unwrap();
        assert_eq!(json, value.word());
        assert_eq!(T::from_word(value.word()).as_ref(), Some(value));
    }
    assert!(T::from_word("no such word").is_none());
}

#[test]
fn columns_use_the_words_that_json_uses() {
    words_are_those_of_serde(&[Environment::Production, Environment::Sandbox]);
    words_are_those_of_serde(&[Ownership::Owned, Ownership::Shared]);
    words_are_those_of_serde(&[SecretPlace::Keyring, SecretPlace::Session, SecretPlace::Moving]);
    words_are_those_of_serde(&[Browser::Embedded, Browser::System, Browser::Paste]);
    words_are_those_of_serde(&[StepStatus::Running, StepStatus::Passed, StepStatus::Warned, StepStatus::Failed]);
    words_are_those_of_serde(&[
        SecretVersionState::Staged,
        SecretVersionState::Active,
        SecretVersionState::Retiring,
        SecretVersionState::Retired,
        SecretVersionState::Lost,
    ]);
    words_are_those_of_serde(&[
        StepKind::AuthorizationRequest,
        StepKind::Pages,
        StepKind::Callback,
        StepKind::TokenRequest,
        StepKind::Identity,
    ]);
    words_are_those_of_serde(&[
        ExchangePurpose::Authorization,
        ExchangePurpose::Token,
        ExchangePurpose::Identity,
        ExchangePurpose::Refresh,
        ExchangePurpose::Revocation,
        ExchangePurpose::Metadata,
    ]);
}

#[test]
fn every_ending_has_the_word_that_json_uses() {
    words_are_those_of_serde(&[
        EndReason::Denied,
        EndReason::Cancelled,
        EndReason::WindowClosed,
        EndReason::Stopped,
        EndReason::TimedOut,
        EndReason::PageUnreachable,
        EndReason::CertificateRefused,
        EndReason::CallbackRejected,
        EndReason::AuthorizationRefused,
        EndReason::TokenRefused,
        EndReason::TokenMalformed,
        EndReason::ProviderUnreachable,
        EndReason::IdentityRefused,
        EndReason::IdentityMalformed,
        EndReason::WrongPerson,
        EndReason::ListenerFailed,
        EndReason::SecretUnavailable,
        EndReason::Interrupted,
    ]);
}

#[test]
fn every_table_of_ours_is_strict() {
    let fixture = Fixture::new();
    let loose: Vec<String> = fixture
        .store
        .read_blocking(|db| {
            let mut statement = db.prepare(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
                 AND name NOT LIKE 'sqlite_%' AND name <> 'refinery_schema_history'",
            )?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap();
    assert_eq!(loose, [""; 0]);
}

#[test]
fn the_newest_form_is_that_of_the_last_file() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
    assert_eq!(migration::newest() as usize, files);
}
