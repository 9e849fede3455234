//! Judging a userinfo answer, plain or signed, and making a person of its claims.

use gatewright_protocol::answer::Refusal;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::id_token::VerifiedIdToken;
use gatewright_protocol::identity::Person;
use gatewright_protocol::inert::inert;
use gatewright_protocol::jose::{JwsDefect, VerificationKeys};
use gatewright_protocol::jwks::JwkSet;
use gatewright_protocol::metadata::Metadata;
use gatewright_protocol::userinfo::{
    SignedUserinfoRules, UserinfoClaims, UserinfoDefect, UserinfoResponse, UserinfoRules, verify,
};
use gatewright_protocol::{Secret, jose::AlgorithmPolicy};
use serde_json::Value;
use url::Url;

use crate::finding;
use crate::key_supply::NoKeys;
use crate::oddities::of_form;
use crate::registered::Registered;
use crate::step::OpenStep;
use crate::wire::{Unanswered, Wire};

/// Claims of an ID token that speak of the token and not of the person (OpenID Connect Core §2, §3.1.3.6, RFC 7519 §4.1).
const ABOUT_THE_TOKEN: [&str; 12] =
    ["iss", "aud", "exp", "iat", "nbf", "jti", "nonce", "azp", "at_hash", "c_hash", "s_hash", "typ"];

/// What a userinfo answer is judged by.
pub(crate) struct Userinfo<'a> {
    pub(crate) registered: Registered<'a>,
    /// `sub` of the verified ID token.
    pub(crate) subject: Option<&'a str>,
    pub(crate) metadata: Option<&'a Metadata>,
    /// Where the provider's keys are.
    pub(crate) keys: Option<Url>,
    /// Whether keys may be fetched anew when the one named is not known.
    pub(crate) refetch: Refetch,
}

/// When keys may be fetched anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refetch {
    /// In a login: once, whatever else was fetched for this issuer lately.
    UnlessDone(bool),
    /// After a login: when nobody else did so within a minute.
    OncePerMinute,
}

/// What came of it.
pub(crate) enum UserinfoEnd {
    Claims(UserinfoClaims),
    Refused(Refusal),
    Rejected(UserinfoDefect),
    Stopped,
}

impl Userinfo<'_> {
    fn verify(
        &self,
        token: &Secret,
        algorithms: &AlgorithmPolicy,
        keys: Option<&JwkSet>,
    ) -> Result<UserinfoClaims, UserinfoDefect> {
        let rules = SignedUserinfoRules {
            issuer: self.registered.issuer(),
            client_id: &self.registered.client_id.to_string(),
            subject: self.subject,
            algorithms: algorithms.clone(),
        };
        verify(token, &rules, &VerificationKeys { jwks: keys, client_secret: self.registered.shared_secret() })
    }
}

impl Wire<'_> {
    /// Judges an answer of the userinfo endpoint. What is off goes into the step; nothing of a rejected answer comes out.
    pub(crate) async fn judge_userinfo(
        &mut self,
        step: &mut OpenStep,
        response: &HttpResponse,
        rules: &Userinfo<'_>,
    ) -> UserinfoEnd {
        let must_be_signed = rules.registered.settings.userinfo_signed_response_alg.is_some();
        let judged = match UserinfoResponse::read(response, &UserinfoRules { subject: rules.subject, must_be_signed }) {
            UserinfoResponse::Claims(claims, oddities) => {
                step.findings(of_form(&rules.registered.provider.dialect, &oddities));
                Ok(claims)
            }
            UserinfoResponse::Signed(token) => match self.verify_userinfo(step, &token, rules).await {
                Ok(judged) => judged,
                Err(Unanswered::Stopped | Unanswered::Failed(_)) => return UserinfoEnd::Stopped,
            },
            UserinfoResponse::Refused(refusal) => {
                step.finding(finding::refused("userinfo_refused", &refusal));
                return UserinfoEnd::Refused(refusal);
            }
            UserinfoResponse::Rejected(defect) => Err(defect),
        };
        match judged {
            Ok(claims) => {
                step.findings(claims.elsewhere.iter().map(finding::claims_elsewhere));
                UserinfoEnd::Claims(claims)
            }
            Err(defect) => {
                step.finding(finding::of_discrepancy(&defect.discrepancy()));
                UserinfoEnd::Rejected(defect)
            }
        }
    }

    async fn verify_userinfo(
        &mut self,
        step: &mut OpenStep,
        token: &Secret,
        rules: &Userinfo<'_>,
    ) -> Result<Result<UserinfoClaims, UserinfoDefect>, Unanswered> {
        let algorithms = rules.registered.userinfo_algorithms(rules.metadata);
        let (Some(address), issuer) = (&rules.keys, rules.registered.issuer()) else {
            return Ok(rules.verify(token, &algorithms, None));
        };
        let judged = match self.keys(step, issuer, address).await {
            Ok(keys) => rules.verify(token, &algorithms, Some(&keys)),
            Err(NoKeys::Unanswered(Unanswered::Stopped)) => return Err(Unanswered::Stopped),
            // HMAC needs none of them; anything else is then told to lack its keys.
            Err(_) => return Ok(rules.verify(token, &algorithms, None)),
        };
        match &judged {
            Err(UserinfoDefect::Signature(JwsDefect::Key(defect)))
                if defect.may_be_stale() && self.may_refetch(rules) => {}
            _ => return Ok(judged),
        }
        match self.fetch_keys(step, issuer, address).await {
            Ok(keys) => Ok(rules.verify(token, &algorithms, Some(&keys))),
            Err(NoKeys::Unanswered(Unanswered::Stopped)) => Err(Unanswered::Stopped),
            Err(_) => Ok(judged),
        }
    }
}

impl Wire<'_> {
    fn may_refetch(&self, rules: &Userinfo<'_>) -> bool {
        match rules.refetch {
            Refetch::UnlessDone(is_done) => !is_done,
            Refetch::OncePerMinute => {
                self.ports.issuers.may_refetch(rules.registered.issuer(), self.ports.clock.elapsed())
            }
        }
    }
}

/// The person that claims speak of. `display_name` is a JSON pointer.
pub(crate) fn person_of(claims: UserinfoClaims, display_name: Option<&str>) -> Person {
    Person {
        display_name: display_name.and_then(|pointer| text_at(&claims.members, pointer)),
        subject: claims.subject,
        fields: claims.members,
    }
}

/// The person that an ID token speaks of.
pub(crate) fn person_of_id_token(verified: &VerifiedIdToken, display_name: Option<&str>) -> Person {
    let shown = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => inert(text),
        other => inert(&other.to_string()),
    };
    let about_person = verified.claims.iter().filter(|(name, _)| !ABOUT_THE_TOKEN.contains(&name.as_str()));
    let members: Vec<_> = about_person.map(|(name, value)| (inert(name), shown(value))).collect();
    Person {
        display_name: display_name.and_then(|pointer| text_at(&members, pointer)),
        subject: inert(&verified.subject),
        fields: members,
    }
}

/// The text at a JSON pointer; a nested value stands among the members as JSON.
fn text_at(members: &[(String, String)], pointer: &str) -> Option<String> {
    let mut names = pointer.strip_prefix('/')?.splitn(2, '/');
    let first = names.next()?.replace("~1", "/").replace("~0", "~");
    let (_, text) = members.iter().find(|(name, _)| *name == first)?;
    let found = match names.next() {
        None => text.clone(),
        Some(rest) => match serde_json::from_str::<Value>(text).ok()?.pointer(&format!("/{rest}"))? {
            Value::String(text) => inert(text),
            other => inert(&other.to_string()),
        },
    };
    Some(found).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_to_show_may_stand_inside_a_claim() {
        let members = [("name".to_owned(), "Ada".to_owned()), ("a/b".to_owned(), r#"{"c":["x"]}"#.to_owned())];
        assert_eq!(text_at(&members, "/name").as_deref(), Some("Ada"));
        assert_eq!(text_at(&members, "/a~1b/c/0").as_deref(), Some("x"));
        assert_eq!(text_at(&members, "/name/first"), None);
        assert_eq!(text_at(&members, ""), None);
    }
}
