//! What proves who a client is, and where a program finds it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use gatewright_sandbox::Jwk;
use serde::Deserialize;

/// What proves who a client is.
pub(crate) enum Proof {
    /// Its secret.
    Secret(String),
    /// A private key as PEM, in a file.
    Key(String, PathBuf),
}

/// A private key and its public half.
#[derive(Deserialize)]
pub(crate) struct KeyPair {
    pub(crate) pem: String,
    pub(crate) public: Jwk,
}

/// A program for Node.js that makes a key as a person would; what it was asked to make is its argument.
const MAKER: &str = r#"
const { generateKeyPairSync } = require("node:crypto");
const { privateKey, publicKey } = generateKeyPairSync(...JSON.parse(process.argv[1]));
const pem = privateKey.export({ type: "pkcs8", format: "pem" });
console.log(JSON.stringify({ pem, public: publicKey.export({ format: "jwk" }) }));
"#;

impl Proof {
    /// A private key, saved in a folder.
    pub(crate) fn saved(pem: String, folder: &Path, name: &str) -> Self {
        let file = folder.join(format!("{name}.pem"));
        std::fs::write(&file, &pem).unwrap();
        Self::Key(pem, file)
    }

    /// The variable by which a program finds it.
    pub(crate) fn variable(&self) -> (&'static str, OsString) {
        match self {
            Self::Secret(secret) => ("CLIENT_SECRET", secret.into()),
            Self::Key(_, file) => ("CLIENT_KEY_FILE", file.into()),
        }
    }

    /// The text that nobody may see.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Secret(text) | Self::Key(text, _) => text,
        }
    }

    /// Whether any of it stands in a text; of a key, its second line.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(self.text().lines().find(|line| !line.starts_with('-')).unwrap())
    }
}

impl KeyPair {
    /// Makes a key; `wish` are the arguments of `generateKeyPairSync` as JSON.
    pub(crate) fn make(wish: &str) -> Self {
        let made = Command::new("node").args(["-e", MAKER, wish]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        serde_json::from_slice(&made.stdout).unwrap()
    }
}
