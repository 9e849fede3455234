//! Preflight: what is looked at before a browser opens.

use crate::login::LoginStart;
use crate::run::Browser;
use crate::wire;

wire! { "preflight.ts";
    /// Look at everything that could keep a login from working.
    pub struct PreflightStart {
        /// The login.
        pub login: LoginStart,
        /// The authorization endpoint is asked even where its answer of a moment ago would do.
        pub afresh: bool,
    }

    /// A preflight that was started.
    pub struct PreflightRef {
        /// Its id; forgotten after a few others.
        pub preflight: String,
    }

    /// How a preflight stands.
    pub struct Preflight {
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Everything that is looked at, in the order in which it is shown.
        pub items: Vec<PreflightItem>,
        /// Whether something is still waited for.
        pub waiting: bool,
        /// How long it takes or took, in milliseconds.
        pub milliseconds: f64,
        /// Whether this provider's authorization endpoint is asked: see [`PreflightAsking`].
        pub asks_endpoint: bool,
        /// How old its answer is, in whole seconds, where one of a moment ago stands here again; none where it was asked for this
        /// preflight.
        pub answer_seconds: Option<u32>,
    }

    /// One thing that is looked at.
    pub struct PreflightItem {
        /// Which, in a word that stays the same: `redirect_uri_registered`, `clock` …
        pub code: String,
        /// What it is called: "Registered redirect URI".
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// How it stands.
        pub standing: PreflightStanding,
        /// What was seen, and what to do about it where something is wrong.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// What should be there, where something else is.
        #[serde(serialize_with = "crate::text::ours")]
        pub expected: Option<String>,
        /// What is there instead.
        #[serde(serialize_with = "crate::text::ours")]
        pub received: Option<String>,
        /// A button that mends it.
        pub fix: Option<PreflightFix>,
        /// With it no login can be started at all. Other problems leave that to the person.
        pub stops: bool,
    }

    /// How one thing stands.
    #[derive(Copy, Eq)]
    pub enum PreflightStanding {
        /// The answer is not there yet.
        Waiting,
        /// As it should be.
        Good,
        /// Wrong more often than right: the person decides.
        Warning,
        /// Wrong: a login is going to fail.
        Problem,
        /// Not looked at, or nobody can tell; the sentence says why.
        Skipped,
    }

    /// A button that mends something.
    #[serde(tag = "kind", content = "data")]
    pub enum PreflightFix {
        /// Start the sandbox.
        StartSandbox,
        /// Fill the provider's base URL in.
        SetBaseUrl,
        /// Look at the provider's profile.
        OpenProvider,
        /// Change the client.
        EditClient,
        /// Compare what is registered with what is sent.
        OpenRedirectLab,
        /// Paste the secret.
        PasteSecret,
        /// Look at the keyring.
        OpenSettings,
        /// Use another of the client's redirect URIs.
        ChooseRedirectUri(String),
        /// Use another browser.
        ChooseBrowser(Browser),
        /// Let requests of this provider go to this host, which is near.
        AllowHost(String),
    }

    /// Whether a provider's authorization endpoint is asked before a login.
    pub struct PreflightAsking {
        /// The provider's id.
        pub provider: String,
        /// Asked once without a cookie, or left alone.
        pub ask: bool,
    }
}
