//! Encryption with age (age-encryption.org/v1): for a passphrase, or for the owner of a key. Anybody with the `age` program can open
//! what was made for them, without Gatewright.

use std::io::{self, BufReader, Read, Write};
use std::str::FromStr as _;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use gatewright_protocol::Secret;

/// How much work trying one passphrase takes: 2¹⁸ rounds of scrypt, about a second. What the `age` program uses too.
pub const WORK_FACTOR: u8 = 18;

/// The most work a file may ask for. A stranger's file must not keep us busy for a day.
const MOST_WORK: u8 = 22;

/// The fewest characters of a passphrase. A file that is handed on can be tried without end.
pub const SHORTEST_PASSPHRASE: usize = 12;

/// Whom something is encrypted for.
#[derive(Clone)]
pub enum Lock {
    /// Whoever knows the passphrase.
    Passphrase {
        /// The passphrase.
        passphrase: Secret,
        /// How much work trying it takes: [`WORK_FACTOR`], less in a test.
        work_factor: u8,
    },
    /// Whoever has the secret key of one of these.
    Recipients(Vec<Recipient>),
}

/// A public key of age: `age1…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient(x25519::Recipient);

impl Recipient {
    /// Reads one as `age-keygen` prints it.
    pub fn parse(text: &str) -> Result<Self, SealingError> {
        x25519::Recipient::from_str(text.trim()).map(Self).map_err(|_| SealingError::NotARecipient)
    }
}

/// What something is opened with.
#[derive(Clone)]
pub enum Key {
    /// The passphrase.
    Passphrase(Secret),
    /// A secret key of age: `AGE-SECRET-KEY-1…`. Lines of comments around it, as `age-keygen` writes them, are no harm.
    Identity(Secret),
}

/// Why something was not encrypted.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// Not a public key of age.
    #[error("This is not a public key of age: it begins with age1.")]
    NotARecipient,
    /// Nobody to encrypt for.
    #[error("There is nobody to encrypt for.")]
    NoRecipient,
    /// The passphrase is too short.
    #[error("The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")]
    ShortPassphrase,
    /// It could not be written.
    #[error("The encrypted file could not be written.")]
    Io(#[from] io::Error),
}

/// Why something was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpeningError {
    /// Not encrypted with age.
    #[error("This file is not encrypted with age.")]
    NotSealed,
    /// The passphrase is not the one it was encrypted with.
    #[error("This is not the passphrase the file was encrypted with.")]
    WrongPassphrase,
    /// It was made for another key.
    #[error("The file was not made for this key.")]
    WrongIdentity,
    /// It wants a passphrase and got a key, or the other way round.
    #[error("The file wants {}.", .wanted.words())]
    OtherKind {
        /// What it wants.
        wanted: KeyKind,
    },
    /// Not a secret key of age.
    #[error("This is not a secret key of age: it begins with AGE-SECRET-KEY-1.")]
    NotAnIdentity,
    /// It asks for more work than anybody honest would.
    #[error("The file asks for more work than Gatewright does for a file.")]
    TooMuchWork,
    /// It was changed or cut off on the way.
    #[error("The file is damaged: it was changed or cut off on the way.")]
    Damaged,
    /// It is longer than expected.
    #[error("The file holds more than expected.")]
    TooLong,
    /// It could not be read.
    #[error("The file could not be read.")]
    Io(#[source] io::Error),
}

/// What a file is opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A passphrase.
    Passphrase,
    /// A secret key.
    Identity,
}

impl KeyKind {
    fn words(self) -> &'static str {
        match self {
            Self::Passphrase => "a passphrase",
            Self::Identity => "a secret key of age",
        }
    }
}

/// Something being encrypted. Nothing of it can be opened before [`SealedWriter::finish`].
pub struct SealedWriter<W: Write>(StreamWriter<ArmoredWriter<W>>);

/// Encrypts what is written, as binary or as text that survives a mail.
pub fn seal_to<W: Write>(lock: &Lock, output: W, as_text: bool) -> Result<SealedWriter<W>, SealingError> {
    let format = if as_text { Format::AsciiArmor } else { Format::Binary };
    let encryptor = match lock {
        Lock::Passphrase { passphrase, work_factor } => {
            if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
                return Err(SealingError::ShortPassphrase);
            }
            let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.expose()));
            recipient.set_work_factor(*work_factor);
            Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        }
        Lock::Recipients(recipients) => {
            Encryptor::with_recipients(recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient))
        }
    };
    let encryptor = encryptor.map_err(|_| SealingError::NoRecipient)?;
    Ok(SealedWriter(encryptor.wrap_output(ArmoredWriter::wrap_output(output, format)?)?))
}

impl<W: Write> SealedWriter<W> {
    /// Writes the end, and gives the output back.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()?.finish()
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether bytes begin as something encrypted with age does.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption.org/")
        || bytes.trim_ascii_start().starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
}

/// What bytes are opened with.
pub fn wanted_key(bytes: &[u8]) -> Result<KeyKind, OpeningError> {
    decryptor(bytes).map(|decryptor| kind_of(&decryptor))
}

/// What is inside. Read to the end before using any of it: only then is it certain that nothing is missing.
pub struct Opened<R: Read>(StreamReader<ArmoredReader<BufReader<R>>>);

/// Opens something encrypted.
pub fn open<R: Read>(key: &Key, input: R) -> Result<Opened<R>, OpeningError> {
    let decryptor = decryptor(input)?;
    let wanted = kind_of(&decryptor);
    let opened = match (key, wanted) {
        (Key::Passphrase(passphrase), KeyKind::Passphrase) => {
            let mut identity = scrypt::Identity::new(SecretString::from(passphrase.expose()));
            identity.set_max_work_factor(MOST_WORK);
            decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity))
        }
        (Key::Identity(text), KeyKind::Identity) => {
            let identity = identity(text)?;
            decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity))
        }
        _ => return Err(OpeningError::OtherKind { wanted }),
    };
    opened.map(Opened).map_err(|error| of_decryption(error, wanted))
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

fn decryptor<R: Read>(input: R) -> Result<Decryptor<ArmoredReader<BufReader<R>>>, OpeningError> {
    Decryptor::new(ArmoredReader::new(input)).map_err(|error| match error {
        DecryptError::Io(cause)
            if cause.kind() != io::ErrorKind::UnexpectedEof && cause.kind() != io::ErrorKind::InvalidData =>
        {
            OpeningError::Io(cause)
        }
        _ => OpeningError::NotSealed,
    })
}

fn kind_of<R: Read>(decryptor: &Decryptor<R>) -> KeyKind {
    if decryptor.is_scrypt() { KeyKind::Passphrase } else { KeyKind::Identity }
}

fn identity(text: &Secret) -> Result<x25519::Identity, OpeningError> {
    let mut lines = text.expose().lines().map(str::trim);
    let line = lines.find(|line| line.starts_with("AGE-SECRET-KEY-1")).ok_or(OpeningError::NotAnIdentity)?;
    x25519::Identity::from_str(line).map_err(|_| OpeningError::NotAnIdentity)
}

fn of_decryption(error: DecryptError, wanted: KeyKind) -> OpeningError {
    match (error, wanted) {
        (DecryptError::ExcessiveWork { .. }, _) => OpeningError::TooMuchWork,
        (DecryptError::Io(cause), _) => OpeningError::Io(cause),
        (DecryptError::InvalidMac | DecryptError::InvalidHeader | DecryptError::UnknownFormat, _) => {
            OpeningError::Damaged
        }
        (_, KeyKind::Passphrase) => OpeningError::WrongPassphrase,
        (_, KeyKind::Identity) => OpeningError::WrongIdentity,
    }
}

#[cfg(test)]
mod tests;
