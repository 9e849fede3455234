//! Starting and steering a login.

use crate::run::Browser;
use crate::wire;

wire! { "login.ts";
    /// Start a login.
    pub struct LoginStart {
        /// The client's record id.
        pub client: String,
        /// The test user in whose name; anybody's login when left out.
        pub test_user: Option<String>,
        /// The browser.
        pub browser: Browser,
        /// One of the client's redirect URIs; the first that fits the browser when left out.
        pub redirect_uri: Option<String>,
        /// Scopes to ask for; the profile's default when left out.
        pub scopes: Option<Vec<String>>,
    }

    /// The callback address that the person pasted.
    pub struct CallbackPasted {
        /// The run.
        pub run: String,
        /// The address, or just its query.
        pub address: String,
    }

    /// Where the browser was sent.
    pub struct LoginAddress {
        /// The authorization request as a URL. It holds the state, which is of no use to anybody else.
        pub url: String,
    }
}
