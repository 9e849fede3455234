//! Judging a callback: is it the answer to our authorization request, and what does it say?

use url::Url;

use crate::Secret;
use crate::inert::inert;
use crate::redirect_uri::RedirectUri;
use crate::state::State;

/// The longest code we take (RFC 6749 sets no limit; servers stay far below this).
const LONGEST_CODE: usize = 8_192;

/// Parameters that mean something to us, each at most once.
const KNOWN: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Parameters that have no place in the answer to a code request: they belong to other response types and modes.
const FOREIGN: [&str; 3] = ["response", "id_token", "access_token"];

/// What a callback has to live up to.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Where the callback must have arrived.
    pub redirect_uri: RedirectUri,
    /// The state we sent, if we sent one.
    pub state: Option<State>,
    /// When the provider returns it.
    pub state_rule: StateRule,
    /// The issuer this login is bound to, when the provider has one (RFC 9207).
    pub issuer: Option<String>,
}

/// When a provider returns `state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateRule {
    /// With every response; without it nothing is believed.
    Always,
    /// With a code; an error may come without it.
    WithCode,
    /// Nobody knows: compared when present, told when absent.
    Unknown,
}

/// What came of comparing the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateCheck {
    /// Sent and returned unchanged.
    Matched,
    /// Sent and not returned, which this provider may do.
    NotReturned,
    /// Not sent; nothing to compare.
    NotSent,
    /// Not sent and yet there is one, which cannot be compared with anything.
    Unasked,
}

/// A callback, judged.
#[derive(Clone, Debug)]
pub enum AuthorizationResponse {
    /// It brings a code.
    Code(Granted),
    /// It brings an error: the person refused, or the server would not.
    Refused(ErrorResponse, StateCheck),
    /// It brings no parameter at all.
    Bare,
    /// It is not to be believed, or says nothing.
    Rejected(Defect),
}

/// A callback with a code.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The authorization code: good once.
    pub code: Secret,
    /// What came of comparing the state.
    pub state: StateCheck,
    /// Names of parameters we do not know, in order of arrival: `session_state` and the like.
    pub unknown: Vec<String>,
}

/// An error in the words of the server, made inert (RFC 6749 §4.1.2.1, §5.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The error code; none where the server has only sentences.
    pub error: Option<String>,
    /// The server's sentence for a person.
    pub description: Option<String>,
}

impl ErrorResponse {
    /// Whether the person said no.
    pub fn is_access_denied(&self) -> bool {
        self.error.as_deref() == Some("access_denied")
    }
}

/// What is wrong with a callback.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// It arrived somewhere else.
    #[error("the address is not the redirect URI")]
    NotTheRedirectUri,
    /// A parameter is there more than once.
    #[error("the parameter {0} is there more than once")]
    Twice(String),
    /// A parameter of another response type or mode.
    #[error("the parameter {0} has no place in the answer to a code request")]
    Foreign(String),
    /// The parameters are in the fragment, where a server never sees them.
    #[error("the parameters stand after # instead of after ?")]
    InFragment,
    /// `state` is missing although this provider returns it.
    #[error("state is missing")]
    StateMissing,
    /// `state` is not the one we sent.
    #[error("state is not the one that was sent")]
    StateMismatch,
    /// `iss` names another authorization server (RFC 9207 §2.4): this may be a mix-up attack.
    #[error("iss names another authorization server: {received}")]
    OtherIssuer {
        /// The issuer of this login; empty when it has none.
        expected: String,
        /// As received, made inert.
        received: String,
    },
    /// Both `code` and `error`.
    #[error("it holds both a code and an error")]
    CodeAndError,
    /// Neither `code` nor `error`.
    #[error("it holds neither a code nor an error")]
    NeitherCodeNorError,
    /// `code` is there, but empty.
    #[error("the code is empty")]
    CodeEmpty,
    /// `code` is longer than 8,192 bytes or holds characters outside printable ASCII (RFC 6749 Appendix A.11).
    #[error("the code is too long or holds characters that a code may not hold")]
    CodeMalformed,
}

impl AuthorizationResponse {
    /// Judges a callback. The state is compared before a code or an error is believed.
    pub fn read(callback: &Url, expected: &Expected) -> Self {
        if !expected.redirect_uri.caught_by(callback) {
            return Self::Rejected(Defect::NotTheRedirectUri);
        }
        let parameters = Parameters::of(callback, &expected.redirect_uri);
        Self::judge(&parameters, callback, expected).unwrap_or_else(Self::Rejected)
    }

    fn judge(parameters: &Parameters, callback: &Url, expected: &Expected) -> Result<Self, Defect> {
        if parameters.0.is_empty() {
            return if speaks_in_fragment(callback) { Err(Defect::InFragment) } else { Ok(Self::Bare) };
        }
        parameters.check_shape()?;
        let state = check_state(parameters, expected)?;
        check_issuer(parameters.value("iss"), expected)?;
        match (parameters.value("code"), parameters.value("error")) {
            (Some(_), Some(_)) => Err(Defect::CodeAndError),
            (None, None) if speaks_in_fragment(callback) => Err(Defect::InFragment),
            (None, None) => Err(Defect::NeitherCodeNorError),
            (None, Some(error)) => {
                let description = parameters.value("error_description").map(inert);
                Ok(Self::Refused(ErrorResponse { error: Some(inert(error)), description }, state))
            }
            (Some(code), None) => {
                Ok(Self::Code(Granted { code: read_code(code)?, state, unknown: parameters.unknown() }))
            }
        }
    }
}

/// The query parameters of a callback that are not the redirect URI's own.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(callback: &Url, redirect_uri: &RedirectUri) -> Self {
        let mut own: Vec<(String, String)> =
            Url::parse(redirect_uri.as_str()).map(|uri| pairs(&uri)).unwrap_or_default();
        let mut found = pairs(callback);
        found.retain(|pair| match own.iter().position(|registered| registered == pair) {
            Some(place) => {
                own.remove(place);
                false
            }
            None => true,
        });
        Self(found)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn check_shape(&self) -> Result<(), Defect> {
        for name in KNOWN {
            if self.0.iter().filter(|(key, _)| key == name).count() > 1 {
                return Err(Defect::Twice(name.to_owned()));
            }
        }
        match FOREIGN.into_iter().find(|name| self.value(name).is_some()) {
            Some(name) => Err(Defect::Foreign(name.to_owned())),
            None => Ok(()),
        }
    }

    fn unknown(&self) -> Vec<String> {
        self.0.iter().filter(|(key, _)| !KNOWN.contains(&key.as_str())).map(|(key, _)| inert(key)).collect()
    }
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// Whether an answer stands after the `#`.
fn speaks_in_fragment(callback: &Url) -> bool {
    let fragment = callback.fragment().unwrap_or_default();
    form_urlencoded::parse(fragment.as_bytes())
        .any(|(name, _)| matches!(&*name, "code" | "error" | "access_token" | "id_token"))
}

fn check_state(parameters: &Parameters, expected: &Expected) -> Result<StateCheck, Defect> {
    let may_be_absent = match expected.state_rule {
        StateRule::Always => false,
        StateRule::WithCode => parameters.value("code").is_none(),
        StateRule::Unknown => true,
    };
    match (&expected.state, parameters.value("state")) {
        (Some(sent), Some(received)) if sent.matches(received) => Ok(StateCheck::Matched),
        (Some(_), Some(_)) => Err(Defect::StateMismatch),
        (Some(_), None) if may_be_absent => Ok(StateCheck::NotReturned),
        (Some(_), None) => Err(Defect::StateMissing),
        (None, None) => Ok(StateCheck::NotSent),
        (None, Some(_)) => Ok(StateCheck::Unasked),
    }
}

fn check_issuer(received: Option<&str>, expected: &Expected) -> Result<(), Defect> {
    match (received, expected.issuer.as_deref()) {
        (Some(received), Some(issuer)) if received != issuer => {
            Err(Defect::OtherIssuer { expected: issuer.to_owned(), received: inert(received) })
        }
        // A provider without a known issuer has nothing to compare with; the parameter is then one more unknown one.
        _ => Ok(()),
    }
}

fn read_code(code: &str) -> Result<Secret, Defect> {
    if code.trim_matches(' ').is_empty() {
        return Err(Defect::CodeEmpty);
    }
    if code.len() > LONGEST_CODE || !code.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        return Err(Defect::CodeMalformed);
    }
    Ok(Secret::new(code))
}
