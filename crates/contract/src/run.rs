//! Runs: list, detail, and the progress of one that is going on.

use serde::Serializer;

use crate::client::{Environment, Verdict};
use crate::test_user::MeantPerson;
use crate::text::{Interpreter, Words};
use crate::token::{GrantDetail, TokenAction};
use crate::wire;

wire! { "run.ts";
    /// The browser a login is walked in.
    #[derive(Copy, Eq)]
    pub enum Browser {
        /// Gatewright's own login view.
        Embedded,
        /// The person's own browser with a listener on loopback.
        System,
        /// Any browser; the person pastes the callback address.
        Paste,
    }

    /// One run.
    pub struct RunRef {
        /// The run's id.
        pub run: String,
    }

    /// Several runs.
    pub struct RunRefs {
        /// Their ids.
        pub runs: Vec<String>,
    }

    /// A token of a run.
    pub struct TokenRef {
        /// The run.
        pub run: String,
        /// `access_token`, `refresh_token` or `id_token`.
        pub token: String,
    }

    /// What the list is asked for.
    #[derive(Default)]
    pub struct RunQuery {
        /// Words to find in client name, identity, sentences and what was on the wire.
        pub search: String,
        /// Only runs of this client.
        pub client: Option<String>,
        /// Only this provider.
        pub provider: Option<String>,
        /// Only this environment.
        pub environment: Option<Environment>,
        /// Only runs that stand so.
        pub verdict: Option<Verdict>,
        /// Only this browser.
        pub browser: Option<Browser>,
        /// Only runs that were started for this test user.
        pub test_user: Option<String>,
        /// Only runs with this tag.
        pub tag: Option<String>,
        /// How many rows to skip.
        pub offset: u32,
        /// How many rows to give at most.
        pub limit: u32,
    }

    /// One page of runs, newest first.
    pub struct RunList {
        /// The rows asked for.
        pub rows: Vec<RunRow>,
        /// How many rows match.
        pub total: u32,
    }

    /// One run in the list.
    pub struct RunRow {
        /// Its id.
        pub id: String,
        /// The client's record id; the record may be gone.
        pub client: String,
        /// The client's name at the time.
        pub client_name: String,
        /// The provider's id.
        pub provider: String,
        /// The provider's name.
        pub provider_name: String,
        /// Which server.
        pub environment: Environment,
        /// The browser.
        pub browser: Browser,
        /// The test user it was started for, as it was then.
        pub meant: Option<MeantPerson>,
        /// When it started, RFC 3339.
        pub started_at: String,
        /// Milliseconds it took; none while it runs.
        pub duration_ms: Option<f64>,
        /// How it stands.
        pub verdict: Verdict,
        /// `running`, `logged_in`, or the reason it ended: `denied`, `cancelled`, `token_refused` …
        pub outcome: String,
        /// How it ended, in a few words: "Logged in", "Logged in, 1 finding", "Cancelled by the person".
        #[serde(serialize_with = "crate::text::ours")]
        pub outcome_text: String,
        /// Who logged in.
        pub identity: Option<String>,
        /// Its tags, by name.
        pub tags: Vec<String>,
    }

    /// One run with its steps.
    pub struct RunDetail {
        /// The row.
        pub row: RunRow,
        /// How it ended, in one sentence; none while it runs and after a login without findings.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: Option<String>,
        /// What to do next, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub next: Option<String>,
        /// Of the duration, milliseconds spent waiting for the person.
        pub person_ms: Option<f64>,
        /// Whether the run can take a pasted callback right now.
        pub awaits_paste: bool,
        /// The redirect URI of this run.
        pub redirect_uri: Option<String>,
        /// Who logged in.
        pub identity: Option<IdentityCard>,
        /// The tokens, masked.
        pub tokens: Option<TokenCard>,
        /// What was granted, when the login gave a refresh token.
        pub grant: Option<GrantDetail>,
        /// What can be done with the tokens right now.
        pub actions: Vec<TokenAction>,
        /// The steps so far.
        pub steps: Vec<StepDetail>,
    }

    /// Who logged in.
    pub struct IdentityCard {
        /// The provider's identifier of the person.
        pub subject: String,
        /// The name to show.
        pub display_name: Option<String>,
        /// Two letters for the round picture.
        pub initials: String,
        /// Every field: name and text.
        pub fields: Vec<NamedText>,
    }

    /// A name with its text.
    pub struct NamedText {
        /// The name.
        pub name: String,
        /// The text.
        pub text: String,
    }

    /// The tokens of a run, masked.
    pub struct TokenCard {
        /// What was issued, in order.
        pub issued: Vec<IssuedToken>,
        /// As the server wrote it.
        pub token_type: Option<String>,
        /// When the access token ends, RFC 3339; none when the server did not say.
        pub expires_at: Option<String>,
        /// The lifetime in words: "3600 s", "The provider did not say how long it lives."
        #[serde(serialize_with = "crate::text::ours")]
        pub lifetime: String,
        /// As the server wrote it.
        pub scope: Option<String>,
    }

    /// One token, masked.
    pub struct IssuedToken {
        /// `access_token`, `refresh_token` or `id_token`.
        pub name: String,
        /// Whether its sealed value can still be opened, so that it can be copied.
        pub available: bool,
    }

    /// How a step stands.
    #[derive(Copy, Eq)]
    pub enum StepStatus {
        /// Going on.
        Running,
        /// As it should be.
        Passed,
        /// Done, but something was off.
        Warned,
        /// The run ended here.
        Failed,
    }

    /// One step of a run.
    pub struct StepDetail {
        /// `discovery`, `authorization_request`, `pages`, `callback`, `token_request`, `id_token`, `identity`; after the login `refresh`,
        /// `revocation`, `introspection`, `identity`, `logout`.
        pub kind: String,
        /// What the step is called: "Authorization request".
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// How it stands.
        pub status: StepStatus,
        /// What happened, in one sentence.
        #[serde(serialize_with = "crate::text::ours")]
        pub sentence: String,
        /// Milliseconds it took; none while it runs.
        pub duration_ms: Option<f64>,
        /// It belongs to what was done with the tokens after the login.
        pub after_login: bool,
        /// Whether that time was the person's.
        pub waited_for_person: bool,
        /// What was off.
        pub findings: Vec<FindingDetail>,
        /// The requests of this step, redacted.
        pub exchanges: Vec<ExchangeDetail>,
        /// The addresses of pages seen, without query.
        pub pages: Vec<String>,
    }

    /// Something that was off.
    pub struct FindingDetail {
        /// Stable code.
        pub code: String,
        /// What it is about.
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// Why it matters and what to do.
        #[serde(serialize_with = "crate::text::ours")]
        pub advice: String,
        /// The field it is about.
        pub field: String,
        /// What should have been there.
        #[serde(serialize_with = "crate::text::ours")]
        pub expected: Vec<Piece>,
        /// What was there.
        #[serde(serialize_with = "crate::text::ours")]
        pub received: Vec<Piece>,
    }

    /// A piece of recorded text: as it is, or the reference that stands for a secret.
    pub struct Piece {
        /// The text, or the reference's name: `token#1`.
        pub text: String,
        /// Whether it is a reference.
        pub reference: bool,
        /// Whether these are our own words, which the window reads in its language. What a server or a person wrote is not ours, even
        /// where it reads like it.
        #[serde(skip)]
        pub ours: bool,
    }

    /// One HTTP request with its response, redacted.
    pub struct ExchangeDetail {
        /// What it was for: "Token request".
        #[serde(serialize_with = "crate::text::ours")]
        pub title: String,
        /// `GET`, `POST` …
        pub method: String,
        /// The URL without its query.
        pub url: String,
        /// Query parameters.
        pub query: Vec<RecordedField>,
        /// Header fields of the request.
        pub request_headers: Vec<RecordedField>,
        /// How the body is written: `form`, `json`, `multipart`, or empty.
        pub encoding: String,
        /// Body fields.
        pub fields: Vec<RecordedField>,
        /// The status; none when no response came, 0 for a callback.
        pub status: Option<u16>,
        /// Header fields of the response.
        pub response_headers: Vec<RecordedField>,
        /// The body of the response.
        pub body: Vec<Piece>,
        /// Bytes of the body as it arrived.
        pub bytes: Option<f64>,
        /// The body was longer than the limit and is shown cut.
        pub cut: bool,
        /// Milliseconds from sending to the last byte.
        pub duration_ms: f64,
        /// Why there is no response.
        #[serde(serialize_with = "crate::text::ours")]
        pub failure: Option<String>,
    }

    /// A named value.
    pub struct RecordedField {
        /// Its name on the wire.
        pub name: String,
        /// Its value.
        pub value: Vec<Piece>,
    }
}

/// What was expected or received: in our own words, or recorded text.
impl Words for Vec<Piece> {
    fn write_through<S: Serializer>(&self, interpreter: &dyn Interpreter, serializer: S) -> Result<S::Ok, S::Error> {
        let said = |piece: &Piece| {
            let text = if piece.ours { interpreter.interpret(&piece.text) } else { piece.text.as_str().into() };
            Piece { text: text.into_owned(), ..*piece }
        };
        serializer.collect_seq(self.iter().map(said))
    }
}
