//! Judging a callback: is it the answer to our authorization request, and what does it say?

use url::Url;

use super::ResponseMode;
use super::defect::Defect;
use super::form_post::PostedForm;
use crate::Secret;
use crate::inert::inert;
use crate::query::{self, Received};
use crate::redirect_uri::RedirectUri;
use crate::state::State;

/// The longest code we take (RFC 6749 sets no limit; servers stay far below this).
const LONGEST_CODE: usize = 8_192;

/// Parameters that mean something to us, each at most once.
const KNOWN: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Tokens, which have no place in the answer to a code request: they belong to other response types.
const TOKENS: [&str; 2] = ["id_token", "access_token"];

/// The one parameter of a signed response (JWT Secured Authorization Response Mode §2.3).
const JARM: &str = "response";

/// What a callback has to live up to.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Where the callback must have arrived.
    pub redirect_uri: RedirectUri,
    /// Where in the callback the answer stands.
    pub response_mode: ResponseMode,
    /// The state we sent, if we sent one.
    pub state: Option<State>,
    /// When the provider returns it.
    pub state_rule: StateRule,
    /// States of earlier logins, which are spent: a callback that brings one is played again, not merely wrong.
    pub spent_states: Vec<State>,
    /// The issuer this login is bound to, when the provider has one (RFC 9207).
    pub issuer: Option<String>,
    /// The provider's metadata say that every response holds `iss` (RFC 9207 §3), so that its absence is a defect.
    pub issuer_advertised: bool,
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
    /// The error code, whatever it is; none where the server has only sentences.
    pub error: Option<String>,
    /// The server's sentence for a person.
    pub description: Option<String>,
    /// The address of a page about the error. Text to read: it is never opened and never made a link, for anybody may have written it.
    pub uri: Option<String>,
}

impl ErrorResponse {
    /// Whether the person said no.
    pub fn is_access_denied(&self) -> bool {
        self.error.as_deref() == Some("access_denied")
    }
}

impl AuthorizationResponse {
    /// Judges a callback by its address. The state is compared before a code or an error is believed.
    pub fn read(callback: &Url, expected: &Expected) -> Self {
        Self::judge_address(callback, expected).unwrap_or_else(Self::Rejected)
    }

    /// Judges a callback that the browser posted as a form (OAuth 2.0 Form Post Response Mode §2), by the same rules.
    pub fn read_form(callback: &Url, form: &PostedForm<'_>, expected: &Expected) -> Self {
        Self::judge_form(callback, form, expected).unwrap_or_else(Self::Rejected)
    }

    fn judge_address(callback: &Url, expected: &Expected) -> Result<Self, Defect> {
        if !expected.redirect_uri.caught_by(callback) {
            return Err(Defect::NotTheRedirectUri);
        }
        let in_query = Parameters::of_query(callback, &expected.redirect_uri);
        let in_fragment = Parameters::of_fragment(callback);
        match expected.response_mode {
            ResponseMode::Fragment | ResponseMode::FormPost if in_query.hold_an_answer() => Err(Defect::InQuery),
            ResponseMode::Query | ResponseMode::FormPost
                if in_fragment.hold_an_answer() && !in_query.hold_an_answer() =>
            {
                Err(Defect::InFragment)
            }
            ResponseMode::Fragment => in_fragment.judge(expected),
            // Without a form there is nothing but a bare callback or something wrong.
            ResponseMode::Query | ResponseMode::FormPost => in_query.judge(expected),
        }
    }

    fn judge_form(callback: &Url, form: &PostedForm<'_>, expected: &Expected) -> Result<Self, Defect> {
        if !expected.redirect_uri.caught_by(callback) {
            return Err(Defect::NotTheRedirectUri);
        }
        if expected.response_mode != ResponseMode::FormPost {
            return Err(Defect::FormUnasked);
        }
        let posted = form.parameters()?;
        if Parameters::of_query(callback, &expected.redirect_uri).hold_an_answer() {
            return Err(Defect::InQuery);
        }
        posted.judge(expected)
    }
}

/// The parameters of an answer.
pub(super) struct Parameters(Vec<Received>);

impl Parameters {
    pub(super) fn of_text(text: &str) -> Self {
        Self(query::parameters(text))
    }

    /// Those of the query that are not the redirect URI's own.
    fn of_query(callback: &Url, redirect_uri: &RedirectUri) -> Self {
        let mut own = query::parameters(redirect_uri.url().query().unwrap_or_default());
        let mut found = query::parameters(callback.query().unwrap_or_default());
        found.retain(|received| match own.iter().position(|registered| registered == received) {
            Some(place) => {
                own.remove(place);
                false
            }
            None => true,
        });
        Self(found)
    }

    fn of_fragment(callback: &Url) -> Self {
        Self::of_text(callback.fragment().unwrap_or_default())
    }

    /// Whether a server says something here.
    fn hold_an_answer(&self) -> bool {
        ["code", "error", JARM].iter().chain(&TOKENS).any(|name| self.find(name).is_some())
    }

    fn judge(&self, expected: &Expected) -> Result<AuthorizationResponse, Defect> {
        if self.0.is_empty() {
            return Ok(AuthorizationResponse::Bare);
        }
        self.check_shape()?;
        let state = check_state(self, expected)?;
        check_issuer(self.value("iss"), expected)?;
        match (self.find("code"), self.value("error")) {
            (Some(_), Some(_)) => Err(Defect::CodeAndError),
            (None, None) => Err(Defect::NeitherCodeNorError),
            (None, Some("")) => Err(Defect::ErrorEmpty),
            (None, Some(error)) => {
                let description = self.value("error_description").map(inert);
                let uri = self.value("error_uri").map(inert);
                Ok(AuthorizationResponse::Refused(ErrorResponse { error: Some(inert(error)), description, uri }, state))
            }
            (Some(code), None) => Ok(AuthorizationResponse::Code(Granted {
                code: read_code(code)?,
                state,
                unknown: self.unknown(expected),
            })),
        }
    }

    fn find(&self, name: &str) -> Option<&Received> {
        self.0.iter().find(|received| received.name == name)
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.find(name).map(|received| received.value.as_str())
    }

    fn check_shape(&self) -> Result<(), Defect> {
        for name in KNOWN {
            if self.0.iter().filter(|received| received.name == name).count() > 1 {
                return Err(Defect::Twice(name.to_owned()));
            }
        }
        if self.find(JARM).is_some() {
            return Err(Defect::SignedResponse);
        }
        match TOKENS.into_iter().find(|name| self.find(name).is_some()) {
            Some(name) => Err(Defect::Foreign(name.to_owned())),
            None => Ok(()),
        }
    }

    /// The names that mean nothing to us. Without a known issuer `iss` is one of them, for there is nothing to compare it with.
    fn unknown(&self, expected: &Expected) -> Vec<String> {
        let means_something = |name: &str| KNOWN.contains(&name) && (name != "iss" || expected.issuer.is_some());
        self.0
            .iter()
            .filter(|received| !means_something(&received.name))
            .map(|received| inert(&received.name))
            .collect()
    }
}

fn check_state(parameters: &Parameters, expected: &Expected) -> Result<StateCheck, Defect> {
    let may_be_absent = match expected.state_rule {
        StateRule::Always => false,
        StateRule::WithCode => parameters.value("code").is_none(),
        StateRule::Unknown => true,
    };
    match (&expected.state, parameters.value("state")) {
        (Some(sent), Some(received)) if sent.matches(received) => Ok(StateCheck::Matched),
        (Some(_), Some(received)) if expected.spent_states.iter().any(|spent| spent.matches(received)) => {
            Err(Defect::StateSpent)
        }
        (Some(_), Some(_)) => Err(Defect::StateMismatch),
        (Some(_), None) if may_be_absent => Ok(StateCheck::NotReturned),
        (Some(_), None) => Err(Defect::StateMissing),
        (None, None) => Ok(StateCheck::NotSent),
        (None, Some(_)) => Ok(StateCheck::Unasked),
    }
}

fn check_issuer(received: Option<&str>, expected: &Expected) -> Result<(), Defect> {
    match (received, expected.issuer.as_deref()) {
        // Byte by byte (RFC 9207 §2.4): a slash or a letter's case more is another authorization server.
        (Some(received), Some(issuer)) if received != issuer => {
            Err(Defect::OtherIssuer { expected: issuer.to_owned(), received: inert(received) })
        }
        (None, Some(issuer)) if expected.issuer_advertised => {
            Err(Defect::IssuerMissing { expected: issuer.to_owned() })
        }
        // A provider without a known issuer has nothing to compare with; the parameter is then one more unknown one.
        _ => Ok(()),
    }
}

fn read_code(code: &Received) -> Result<Secret, Defect> {
    let text = code.value.as_str();
    if text.trim_matches(' ').is_empty() {
        return Err(Defect::CodeEmpty);
    }
    if code.undecodable || text.len() > LONGEST_CODE || !text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        return Err(Defect::CodeMalformed);
    }
    Ok(Secret::new(text))
}
