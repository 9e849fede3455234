//! Reading who logged in out of an identity answer.

use serde_json::Value;

use crate::answer::{
    AnswerDefect, ErrorStyle, Oddity, Refusal, Understood, check_envelope, error_of, refusal, understand,
};
use crate::document::Document;
use crate::http::HttpResponse;
use crate::inert::inert;

/// Where a provider's identity answers keep what.
#[derive(Clone, Debug)]
pub struct IdentityRules {
    /// JSON pointer to the identifier of the person.
    pub subject: String,
    /// JSON pointer to the name to show.
    pub display_name: Option<String>,
    /// JSON pointer to a flag that must be `true`: some servers answer 200 to anybody.
    pub signed_in_flag: Option<String>,
}

/// Who logged in, every text made inert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The identifier, exactly as the server wrote it; a number stays exact.
    pub subject: String,
    /// The name to show.
    pub display_name: Option<String>,
    /// Every member in the order of arrival: name and text; a nested value is JSON.
    pub fields: Vec<(String, String)>,
}

/// The answer of an identity endpoint, judged.
#[derive(Clone, Debug)]
pub enum IdentityResponse {
    /// Somebody is logged in.
    Known(Person, Vec<Oddity>),
    /// The server answered, with success even, that nobody is signed in.
    NotSignedIn,
    /// The server said no.
    Refused(Refusal),
    /// It cannot be used.
    Malformed(AnswerDefect),
}

impl IdentityResponse {
    /// Judges an answer of the identity endpoint. Total: every response has a judgement.
    pub fn read(response: &HttpResponse, rules: &IdentityRules) -> Self {
        judge(response, rules).unwrap_or_else(Self::Malformed)
    }
}

impl Person {
    /// Reads a person from an object, or from a list that holds exactly one.
    ///
    /// # Errors
    /// [`AnswerDefect::NotAnObject`], [`AnswerDefect::NotOnePerson`] or [`AnswerDefect::NoSubject`].
    pub fn read(document: &Value, rules: &IdentityRules) -> Result<Self, AnswerDefect> {
        Self::of(&Document::of_value(document.clone()), rules)
    }

    fn of(document: &Document, rules: &IdentityRules) -> Result<Self, AnswerDefect> {
        let place = one_person(&document.value)?;
        let text_at = |pointer: &str| document.text_at(&format!("{place}{pointer}")).filter(|text| !text.is_empty());
        let fields = document.members_at(place).ok_or(AnswerDefect::NotAnObject)?;
        let subject = text_at(&rules.subject).ok_or_else(|| AnswerDefect::NoSubject(rules.subject.clone()))?;
        let display_name = rules.display_name.as_deref().and_then(text_at);
        Ok(Self { subject: inert(&subject), display_name: display_name.map(|name| inert(&name)), fields })
    }
}

fn judge(response: &HttpResponse, rules: &IdentityRules) -> Result<IdentityResponse, AnswerDefect> {
    check_envelope(response)?;
    if response.status != 200 {
        return refusal(response, ErrorStyle::Either).map(IdentityResponse::Refused);
    }
    let Understood { document, oddities } = understand(response)?;
    let place = one_person(&document.value)?;
    if let Some(pointer) = &rules.signed_in_flag {
        match document.value.pointer(&format!("{place}{pointer}")) {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => return Ok(IdentityResponse::NotSignedIn),
            _ => return Err(AnswerDefect::NoSuccessSign(pointer.clone())),
        }
    }
    match Person::of(&document, rules) {
        Ok(person) => Ok(IdentityResponse::Known(person, oddities)),
        // Some servers refuse with status 200.
        Err(defect) => match document.value.pointer(place).and_then(|one| error_of(one, ErrorStyle::Either)) {
            Some(error) => Ok(IdentityResponse::Refused(Refusal::of(response, error))),
            None => Err(defect),
        },
    }
}

/// JSON pointer to the one person of an answer.
fn one_person(document: &Value) -> Result<&'static str, AnswerDefect> {
    match document {
        Value::Array(list) if list.len() != 1 => Err(AnswerDefect::NotOnePerson(list.len())),
        Value::Array(_) => Ok("/0"),
        _ => Ok(""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(subject: &str) -> IdentityRules {
        IdentityRules { subject: subject.into(), display_name: Some("/name".into()), signed_in_flag: None }
    }

    fn answer(status: u16, body: &Value) -> HttpResponse {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        HttpResponse { status, headers, body: body.to_string().into_bytes(), cut: false }
    }

    #[test]
    fn a_number_stays_exact_and_every_field_is_kept_in_order() {
        let person =
            Person::read(&json!({"z": null, "id": 9_007_199_254_740_993_u64, "name": "Ada", "v": [1]}), &rules("/id"));
        let person = person.unwrap();
        assert_eq!(person.subject, "9007199254740993");
        assert_eq!(person.display_name.as_deref(), Some("Ada"));
        let names: Vec<_> = person.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(names, ["z=", "id=9007199254740993", "name=Ada", "v=[1]"]);
    }

    #[test]
    fn an_identifier_beyond_every_integer_type_keeps_its_digits_also_in_a_list() {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = br#"[{"id":123456789012345678901234567890,"name":1.0}]"#.to_vec();
        let response = HttpResponse { status: 200, headers, body, cut: false };
        let IdentityResponse::Known(person, _) = IdentityResponse::read(&response, &rules("/id")) else { panic!() };
        assert_eq!(person.subject, "123456789012345678901234567890");
        assert_eq!(person.display_name.as_deref(), Some("1.0"));
        assert_eq!(person.fields[0].1, "123456789012345678901234567890");
    }

    #[test]
    fn a_list_with_one_person_is_that_person_and_no_other_list_is() {
        assert_eq!(Person::read(&json!([{"id": "a"}]), &rules("/id")).unwrap().subject, "a");
        assert_eq!(Person::read(&json!([]), &rules("/id")), Err(AnswerDefect::NotOnePerson(0)));
        assert_eq!(Person::read(&json!([{"id": "a"}, {"id": "b"}]), &rules("/id")), Err(AnswerDefect::NotOnePerson(2)));
    }

    #[test]
    fn a_success_that_says_nobody_is_signed_in_is_no_login() {
        let rules = IdentityRules { signed_in_flag: Some("/is_authenticated".into()), ..rules("/username") };
        let nobody = answer(200, &json!({"is_authenticated": false, "username": null}));
        assert!(matches!(IdentityResponse::read(&nobody, &rules), IdentityResponse::NotSignedIn));
        let somebody = answer(200, &json!({"is_authenticated": true, "username": "alice"}));
        assert!(matches!(IdentityResponse::read(&somebody, &rules), IdentityResponse::Known(..)));
        let unclear = answer(200, &json!({"is_authenticated": "true", "username": "alice"}));
        assert!(matches!(IdentityResponse::read(&unclear, &rules), IdentityResponse::Malformed(_)));
    }

    #[test]
    fn a_refusal_in_the_header_alone_is_read() {
        let mut response = answer(403, &json!({}));
        response.body.clear();
        let challenge = r#"Bearer error="insufficient_scope", error_description="Missing openid scope""#;
        response.headers.push(("www-authenticate".into(), challenge.into()));
        let IdentityResponse::Refused(refusal) = IdentityResponse::read(&response, &rules("/sub")) else { panic!() };
        assert_eq!(refusal.error.error.as_deref(), Some("insufficient_scope"));
    }

    #[test]
    fn an_identity_without_its_identifier_is_malformed() {
        let response = answer(200, &json!({"name": "Ada"}));
        let IdentityResponse::Malformed(defect) = IdentityResponse::read(&response, &rules("/id")) else { panic!() };
        assert_eq!(defect, AnswerDefect::NoSubject("/id".into()));
    }
}
