//! The cancel lab and the redirect lab.

use crate::client::Environment;
use crate::provider::Mark;
use crate::run::Browser;
use crate::wire;

wire! { "lab.ts";
    /// At which server a cancel is tried.
    pub struct CancelLabQuery {
        /// The provider's id.
        pub provider: String,
        /// Which server.
        pub environment: Environment,
    }

    /// What is known of a provider's cancel.
    pub struct CancelLab {
        /// What the profile says: "the redirect URI without any parameter".
        #[serde(serialize_with = "crate::text::ours")]
        pub says: String,
        /// How that is known.
        pub mark: Mark,
        /// Where.
        pub place: Option<String>,
        /// What was seen, the newest first, at most ten.
        pub observations: Vec<CancelObservation>,
        /// How an app recognises this cancel: as it was seen last, else as the profile says.
        pub handling: CancelHandling,
    }

    /// What was seen of one cancel.
    pub struct CancelObservation {
        /// The run; it may be deleted by now.
        pub run: String,
        /// The client's name at the time.
        pub client_name: String,
        /// What came.
        pub signal: CancelSignal,
        /// The same in words, with error code or page where there is one.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// How it stands to the profile.
        pub agreement: CancelAgreement,
        /// Whether the person corrected what was told from the run.
        pub by_person: bool,
        /// When, RFC 3339.
        pub seen_at: String,
    }

    /// What came when the person cancelled.
    #[derive(Copy, Eq)]
    pub enum CancelSignal {
        /// `error=access_denied` with the state that was sent.
        AccessDenied,
        /// An answer with the state, and with another error or none.
        OtherError,
        /// An error with another state.
        ForeignState,
        /// An error without a state.
        ErrorWithoutState,
        /// The redirect URI without any parameter.
        BareRedirect,
        /// The person landed on another page, and nobody came back.
        OtherPage,
        /// Nothing came.
        Nothing,
        /// The window was closed.
        WindowClosed,
    }

    /// How an observation stands to what the profile says.
    #[derive(Copy, Eq)]
    pub enum CancelAgreement {
        /// It is as it was said.
        Confirmed,
        /// It is otherwise.
        Contradicted,
        /// Nobody has said anything.
        New,
        /// It tells nothing of the provider: the window was closed.
        Unclear,
    }

    /// How an app recognises a cancel.
    pub struct CancelHandling {
        /// For which one.
        pub signal: CancelSignal,
        /// How it is recognised, in a sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub recognise: String,
        /// What must not be concluded from it.
        #[serde(serialize_with = "crate::text::ours")]
        pub never: String,
        /// The judgement of a callback in JavaScript.
        pub javascript: String,
        /// The same in Python.
        pub python: String,
    }

    /// What the person saw where the machine could not tell.
    pub struct CancelCorrection {
        /// The run.
        pub run: String,
        /// What they saw.
        pub signal: CancelSignal,
    }

    /// What the redirect lab is asked for.
    pub struct RedirectLabQuery {
        /// The client's record id.
        pub client: String,
        /// One of its redirect URIs, letter by letter.
        pub redirect_uri: String,
        /// What an app sends, or the whole authorization URL it opens; what Gatewright sends when left out.
        pub sent: Option<String>,
    }

    /// One redirect URI, looked at from all sides.
    pub struct RedirectLab {
        /// What the provider has, as far as that is known, else what this client's record has.
        pub registered: Vec<String>,
        /// How that is known: "its sandbox twin".
        #[serde(serialize_with = "crate::text::ours")]
        pub source: String,
        /// What is sent.
        pub sent: String,
        /// How it stands in the authorization request, encoded.
        pub encoded: String,
        /// The registered one that is nearest beside what is sent.
        pub pieces: Vec<DifferencePiece>,
        /// What is different and what to do, one sentence each; empty when it is registered letter by letter.
        #[serde(serialize_with = "crate::text::ours")]
        pub differences: Vec<String>,
        /// How each browser brings the callback back.
        pub catches: Vec<RedirectCatch>,
        /// Whether the port can be tried: the redirect URI is on this computer.
        pub can_try: bool,
    }

    /// A piece of two texts laid side by side.
    pub struct DifferencePiece {
        /// Where it stands.
        pub side: DifferenceSide,
        /// The characters.
        pub text: String,
    }

    /// In which text a piece stands.
    #[derive(Copy, Eq)]
    pub enum DifferenceSide {
        /// In both.
        Both,
        /// Only in the registered one.
        Registered,
        /// Only in the one that is sent.
        Sent,
    }

    /// How a browser brings the callback back.
    pub struct RedirectCatch {
        /// The browser.
        pub browser: Browser,
        /// Whether it works right now.
        pub works: bool,
        /// How, or why not.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
    }

    /// Try to catch a callback at a redirect URI on this computer.
    pub struct RedirectTrial {
        /// The redirect URI.
        pub redirect_uri: String,
        /// Open it in the person's browser; else Gatewright asks the address itself.
        pub in_browser: bool,
    }

    /// What came of a trial. Nothing of it is kept.
    pub struct RedirectTried {
        /// Whether it was caught.
        pub caught: bool,
        /// What happened.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
    }
}
