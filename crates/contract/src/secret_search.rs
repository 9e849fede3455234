//! "Which secret is this?": known secrets in pasted text, in files and in folders.

use crate::client::Environment;
use crate::wire;

wire! { "secretSearch.ts";
    /// Text that is perhaps a secret, or has one in it. It is looked at and forgotten.
    secret pub struct SecretSought {
        /// The text as pasted.
        pub text: String,
    }

    /// Which known secrets a text is or has in it.
    pub struct SecretsRecognised {
        /// None when no secret of ours is in it.
        pub secrets: Vec<KnownSecret>,
        /// With how many versions of how many secrets it was compared, as far back as rows remember.
        pub compared_with: u32,
    }

    /// One value a secret has had, as it is remembered: without the value.
    pub struct KnownSecret {
        /// The client's record id; it can be opened unless `deleted`.
        pub client: String,
        /// The client's name.
        pub client_name: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server.
        pub environment: Environment,
        /// The client was deleted a moment ago.
        pub deleted: bool,
        /// Which version of its secret.
        pub version: u32,
        /// `staged`, `active`, `retiring`, `retired` or `lost`.
        pub state: String,
        /// Since when it stands there, RFC 3339.
        pub since: String,
    }

    /// Where to look for known secrets.
    pub struct SecretSearchStart {
        /// Files, and folders with everything below them: absolute paths.
        pub paths: Vec<String>,
    }

    /// How a search through files stands.
    pub struct SecretSearch {
        /// Going on, done, or stopped by the person.
        pub standing: SecretSearchStanding,
        /// Where it looks.
        pub paths: Vec<String>,
        /// How many files were looked through so far.
        pub files: u32,
        /// How many megabytes they have.
        pub megabytes: f64,
        /// How long it takes or took, in milliseconds.
        pub milliseconds: f64,
        /// With how many versions of how many secrets everything is compared.
        pub compared_with: u32,
        /// What was found, by path and line; empty until the search has ended.
        pub matches: Vec<SecretMatch>,
        /// How many more places there are.
        pub more: u32,
        /// What was not looked through, and why.
        pub left_out: Vec<SearchLeftOut>,
    }

    /// How far a search is.
    #[derive(Copy, Eq)]
    pub enum SecretSearchStanding {
        /// Nothing was searched yet.
        Idle,
        /// Going on.
        Running,
        /// Everything was looked through.
        Done,
        /// The person stopped it.
        Stopped,
    }

    /// A known secret in a file.
    pub struct SecretMatch {
        /// The file.
        pub path: String,
        /// The line; 1 for the first.
        pub line: u32,
        /// Which it is.
        pub secret: KnownSecret,
    }

    /// Files that were not looked through.
    pub struct SearchLeftOut {
        /// "12 files are not text", "1 folder of packages" …
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// One of them.
        pub example: String,
    }
}
