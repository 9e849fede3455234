//! The fingerprint of an answer: what two answers of the same kind have in common, and no secret.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{ErrorStyle, refusal, text_of, understand};
use crate::http::HttpResponse;
use crate::inert::inert;

/// What stands in the place of something that was sent and came back in a sentence.
const SENT: &str = "‹sent›";

/// What is characteristic of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerFingerprint {
    /// The status code.
    pub status: u16,
    /// The error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The sentence, with everything that was sent cut out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// How the body is made.
    pub shape: BodyShape,
}

/// How a body is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyShape {
    /// Nothing in it.
    Empty,
    /// A JSON object or a form with these names, in alphabetical order.
    Members(Vec<String>),
    /// Another JSON value.
    Json,
    /// A page or text for people.
    Text,
}

impl AnswerFingerprint {
    /// The fingerprint of an answer to a request in which `sent` stood: a server may repeat a secret in its words.
    pub fn of(response: &HttpResponse, sent: &[&str]) -> Self {
        let error = refusal(response, ErrorStyle::Either).map(|refusal| refusal.error).unwrap_or_default();
        let clean = |text: String| {
            let sent = sent.iter().filter(|sent| !sent.is_empty());
            sent.fold(text, |text, sent| text.replace(&inert(sent), SENT).replace(sent, SENT))
        };
        Self {
            status: response.status,
            error: error.error.map(&clean),
            sentence: error.description.map(&clean),
            shape: BodyShape::of(response).without(sent),
        }
    }

    /// Whether both are the same in everything but the sentence, or, where there is no error code at all, in the sentence as well: a
    /// server without codes says in sentences what others say in codes.
    pub(crate) fn is_plainly_like(&self, other: &Self) -> bool {
        let same_words = self.error.is_some() || other.error.is_some() || self.sentence == other.sentence;
        self.status == other.status && self.error == other.error && self.shape == other.shape && same_words
    }

    /// Whether the answer speaks of the client (RFC 6749 §5.2), in its code or by the status. Keycloak says `unauthorized_client`.
    pub(crate) fn refuses_the_client(&self) -> bool {
        match self.error.as_deref() {
            Some("invalid_client" | "unauthorized_client") => true,
            Some("invalid_grant") => false,
            _ => self.status == 401,
        }
    }
}

impl BodyShape {
    fn of(response: &HttpResponse) -> Self {
        match understand(response).map(|understood| understood.document.value) {
            Ok(Value::Object(members)) => {
                let mut names: Vec<_> = members.keys().map(|name| inert(name)).collect();
                names.sort();
                Self::Members(names)
            }
            Ok(_) => Self::Json,
            Err(_) if text_of(&response.body).is_ok_and(|text| text.trim().is_empty()) => Self::Empty,
            Err(_) => Self::Text,
        }
    }

    fn without(self, sent: &[&str]) -> Self {
        let Self::Members(names) = self else { return self };
        let kept = names.into_iter().filter(|name| !sent.iter().any(|sent| !sent.is_empty() && name.contains(*sent)));
        Self::Members(kept.collect())
    }
}
