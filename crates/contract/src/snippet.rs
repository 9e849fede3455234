//! Programs that log in as a client does, to be pasted.

use crate::wire;

wire! { "snippet.ts";
    /// A language that programs are written in.
    #[derive(Copy, Eq)]
    pub enum SnippetLanguage {
        /// A Bash script around curl.
        Curl,
        /// JavaScript for Node.js.
        Node,
        /// Python.
        Python,
        /// Go.
        Go,
        /// PHP.
        Php,
        /// Rust.
        Rust,
    }

    /// Which program is wanted.
    pub struct SnippetWish {
        /// The client's record id.
        pub client: String,
        /// The language.
        pub language: SnippetLanguage,
        /// The redirect URI it comes back at, one of the client's; the first when left out.
        pub redirect_uri: Option<String>,
    }

    /// A whole program. The client's secret is not in it: it reads `CLIENT_SECRET` from its environment, or for a client that signs with a
    /// private key the path of that, `CLIENT_KEY_FILE`.
    pub struct ClientSnippet {
        /// The program.
        pub text: String,
        /// The file it is meant to be saved as.
        pub file_name: String,
        /// What has to be installed.
        pub install: String,
        /// The command that runs it.
        pub run: String,
        /// Where it comes back.
        pub redirect_uri: String,
    }
}
