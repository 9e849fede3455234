//! The languages, and what somebody needs who wants to run a program in one of them.

use crate::Recipe;
use crate::recipe::{Assertion, Scheme, Value};

/// A language that programs are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// A Bash script around curl and jq.
    Curl,
    /// JavaScript for Node.js 20 and later.
    Node,
    /// Python 3.9 and later.
    Python,
    /// Go 1.18 and later.
    Go,
    /// PHP 8.1 and later.
    Php,
    /// Rust with reqwest.
    Rust,
}

/// A program with what it takes to run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Its language.
    pub language: Language,
    /// The program, a whole file.
    pub text: String,
    /// What has to be installed, in words and commands.
    pub install: String,
    /// The command that runs it.
    pub run: String,
}

impl Language {
    /// All of them, in the order of a menu.
    pub const ALL: [Self; 6] = [Self::Curl, Self::Node, Self::Python, Self::Go, Self::Php, Self::Rust];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "cURL",
            Self::Node => "Node.js",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::Php => "PHP",
            Self::Rust => "Rust",
        }
    }

    /// The file that the program is meant to be saved as.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Curl => "login.sh",
            Self::Node => "login.mjs",
            Self::Python => "login.py",
            Self::Go => "login.go",
            Self::Php => "login.php",
            Self::Rust => "src/main.rs",
        }
    }

    pub(crate) fn install(self, recipe: &Recipe) -> String {
        match self {
            Self::Curl => "Bash, curl, jq and openssl.".to_owned(),
            Self::Node => "Node.js 20 or later; no packages.".to_owned(),
            Self::Python if recipe.signed().is_some() => "Python 3.9 or later and openssl; no packages.".to_owned(),
            Self::Python => "Python 3.9 or later; no packages.".to_owned(),
            Self::Go => "Go 1.18 or later; no modules.".to_owned(),
            Self::Php => match recipe.signed().map(Assertion::scheme) {
                Some(Scheme::Ed25519) => "PHP 8.1 or later with its sodium extension.".to_owned(),
                Some(_) => "PHP 8.1 or later with its openssl extension.".to_owned(),
                None => "PHP 8.1 or later; no extensions.".to_owned(),
            },
            Self::Rust => rust_crates(recipe),
        }
    }

    /// The secret is read without a name for it in the command, so that no shell keeps it in its history. The path of a key is no secret.
    pub(crate) fn run(self, recipe: &Recipe) -> String {
        let command = match self {
            Self::Curl => "bash login.sh",
            Self::Node => "node login.mjs",
            Self::Python => "python3 login.py",
            Self::Go => "go run login.go",
            Self::Php => "php login.php",
            Self::Rust => "cargo run",
        };
        if recipe.signed().is_some() {
            format!("CLIENT_KEY_FILE=client-key.pem {command}")
        } else if recipe.needs_secret() {
            format!("read -rs CLIENT_SECRET && export CLIENT_SECRET && {command}")
        } else {
            command.to_owned()
        }
    }
}

/// The command that adds what a Rust program needs.
fn rust_crates(recipe: &Recipe) -> String {
    use gatewright_protocol::http::BodyEncoding;
    let body = match recipe.exchange.encoding {
        BodyEncoding::Form => ",form",
        BodyEncoding::Json => ",json",
        BodyEncoding::Multipart => ",multipart",
    };
    let body = if recipe.identity.posts_token() && body != ",form" { format!("{body},form") } else { body.to_owned() };
    let mut others = vec!["serde_json"];
    others.extend((recipe.exchange.answer_may_be_form || recipe.exchange.basic).then_some("url"));
    let keyed = recipe.scheme() == Some(Scheme::Hmac);
    others.extend((keyed || recipe.sends(&Value::Challenge)).then_some("sha2"));
    others.extend(keyed.then_some("hmac"));
    others.extend(recipe.signed().is_some().then_some("aws-lc-rs"));
    others.extend(recipe.encodes_base64().then_some("base64"));
    format!(
        "cargo add reqwest --features blocking{body} && cargo add getrandom --features std && cargo add {}",
        others.join(" ")
    )
}
