//! Clients with their secrets, for somebody else: JSON inside an age file.
//!
//! Each secret says where it may be sent. Whoever takes it in compares that with their own idea of the provider: a profile that leads
//! elsewhere must not get it.

use std::io::{Read as _, Write as _};

use gatewright_protocol::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::HandedClient;
use crate::sealed::{self, Key, Lock, OpeningError, SealingError};

/// The most bytes a parcel may have, open or sealed.
pub const LONGEST: usize = 16 << 20;

/// The form that is written; parcels of a later one are refused.
const FORM: u32 = 1;

/// A client with its secret.
#[derive(Clone, Debug)]
pub struct ParcelClient {
    /// The client.
    pub client: HandedClient,
    /// Its secret, or the private key in its place; none for a public client.
    pub secret: Option<HandedSecret>,
}

/// A secret that is handed on.
#[derive(Clone, Debug)]
pub struct HandedSecret {
    /// The value.
    pub value: Secret,
    /// The issuer of the server it is for.
    pub issuer: String,
    /// The token endpoint it is sent to.
    pub token_endpoint: String,
}

/// Why a parcel was not read.
#[derive(Debug, thiserror::Error)]
pub enum ParcelError {
    /// It was not opened.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// What is inside is no parcel of clients. What stands there is not repeated.
    #[error("The file was opened, and there are no clients of Gatewright's in it.")]
    NotAParcel,
    /// A newer Gatewright wrote it.
    #[error("A newer Gatewright wrote this file (form {found}).")]
    Newer {
        /// The form it has.
        found: u32,
    },
}

// No Debug on any of these: they hold values.
#[derive(Serialize)]
struct Written<'a> {
    gatewright_parcel: u32,
    clients: Vec<WrittenClient<'a>>,
}

#[derive(Serialize)]
struct WrittenClient<'a> {
    client: &'a HandedClient,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<WrittenSecret<'a>>,
}

#[derive(Serialize)]
struct WrittenSecret<'a> {
    value: &'a str,
    issuer: &'a str,
    token_endpoint: &'a str,
}

#[derive(Deserialize)]
struct Form {
    gatewright_parcel: u32,
}

#[derive(Deserialize)]
struct ReadParcel {
    clients: Vec<ReadClient>,
}

#[derive(Deserialize)]
struct ReadClient {
    client: HandedClient,
    secret: Option<ReadSecret>,
}

#[derive(Deserialize)]
struct ReadSecret {
    value: String,
    issuer: String,
    token_endpoint: String,
}

/// Packs clients and encrypts them, as text that survives a mail.
pub fn seal(clients: &[ParcelClient], lock: &Lock) -> Result<Vec<u8>, SealingError> {
    let mut writer = sealed::seal_to(lock, Vec::new(), true)?;
    writer.write_all(&written(clients)?)?;
    Ok(writer.finish()?)
}

/// Room for all of it from the start: a buffer that grows leaves copies behind that nobody wipes.
fn written(clients: &[ParcelClient]) -> Result<Zeroizing<Vec<u8>>, SealingError> {
    let parts = clients.iter().map(|ParcelClient { client, secret }| WrittenClient {
        client,
        secret: secret.as_ref().map(|secret| WrittenSecret {
            value: secret.value.expose(),
            issuer: &secret.issuer,
            token_endpoint: &secret.token_endpoint,
        }),
    });
    let parcel = Written { gatewright_parcel: FORM, clients: parts.collect() };
    let mut measured = Measure(0);
    serde_json::to_writer_pretty(&mut measured, &parcel).map_err(std::io::Error::from)?;
    let mut text = Zeroizing::new(Vec::with_capacity(measured.0));
    serde_json::to_writer_pretty(&mut *text, &parcel).map_err(std::io::Error::from)?;
    Ok(text)
}

/// Counts what is written to it.
struct Measure(usize);

impl std::io::Write for Measure {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Opens a parcel.
pub fn open(sealed: &[u8], key: &Key) -> Result<Vec<ParcelClient>, ParcelError> {
    if sealed.len() > LONGEST {
        return Err(OpeningError::TooLong.into());
    }
    let mut text = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let opened = sealed::open(key, sealed)?;
    opened.take(LONGEST as u64).read_to_end(&mut text).map_err(|_| OpeningError::Damaged)?;
    let form: Form = serde_json::from_slice(&text).map_err(|_| ParcelError::NotAParcel)?;
    if form.gatewright_parcel > FORM {
        return Err(ParcelError::Newer { found: form.gatewright_parcel });
    }
    let parcel: ReadParcel = serde_json::from_slice(&text).map_err(|_| ParcelError::NotAParcel)?;
    Ok(parcel.clients.into_iter().map(taken_out).collect())
}

fn taken_out(read: ReadClient) -> ParcelClient {
    let secret = read.secret.map(|secret| HandedSecret {
        value: Secret::new(secret.value),
        issuer: secret.issuer,
        token_endpoint: secret.token_endpoint,
    });
    ParcelClient { client: read.client, secret }
}

#[cfg(test)]
mod tests {
    use gatewright_testkit::Canary;

    use super::*;
    use crate::samples;

    fn lock() -> Lock {
        Lock::Passphrase { passphrase: Secret::new("correct horse battery"), work_factor: 4 }
    }

    fn key() -> Key {
        Key::Passphrase(Secret::new("correct horse battery"))
    }

    fn clients(canary: &Canary) -> Vec<ParcelClient> {
        let secret = HandedSecret {
            value: canary.secret(),
            issuer: "https://chattz.net".to_owned(),
            token_endpoint: "https://chattz.net/oauth/token".to_owned(),
        };
        vec![
            ParcelClient { client: samples::client(), secret: Some(secret) },
            ParcelClient { client: samples::client(), secret: None },
        ]
    }

    #[test]
    fn clients_come_out_with_their_secrets_and_where_these_may_go() {
        let canary = Canary::new("handed-on");
        let sealed = seal(&clients(&canary), &lock()).unwrap();
        assert!(canary.traces_in(&sealed).is_empty());
        let taken = open(&sealed, &key()).unwrap();
        assert_eq!((taken.len(), &taken[0].client), (2, &samples::client()));
        let secret = taken[0].secret.as_ref().unwrap();
        assert!(secret.value.matches(canary.as_str()) && taken[1].secret.is_none());
        assert_eq!(secret.token_endpoint, "https://chattz.net/oauth/token");
    }

    #[test]
    fn a_parcel_says_nothing_of_its_secrets_when_it_is_printed() {
        let canary = Canary::new("printed");
        assert!(canary.traces_in(format!("{:?}", clients(&canary)).as_bytes()).is_empty());
    }

    #[test]
    fn other_things_inside_are_told_not_to_be_a_parcel_and_newer_ones_to_be_newer() {
        for (text, newer) in [("hello", false), ("{}", false), (r#"{"gatewright_parcel": 2, "shelves": []}"#, true)] {
            let mut writer = sealed::seal_to(&lock(), Vec::new(), true).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
            let opened = open(&writer.finish().unwrap(), &key());
            assert_eq!(matches!(opened, Err(ParcelError::Newer { found: 2 })), newer, "{opened:?}");
            assert_eq!(matches!(opened, Err(ParcelError::NotAParcel)), !newer, "{opened:?}");
        }
    }
}
