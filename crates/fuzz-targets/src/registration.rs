//! Answers about a client at its provider, and answers to a secret with a made-up code.

use gatewright_protocol::Secret;
use gatewright_protocol::answer::ErrorStyle;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::probe::look_at;
use gatewright_protocol::registration::{
    ClientMetadata, DeletionResponse, IssuedCredentials, RegistrationResponse, RegistrationStep, diff,
};
use gatewright_protocol::token::{SuccessRule, TokenRules};
use serde_json::Value;

use crate::answer::answer;
use crate::input::Input;
use crate::shown::{assert_inert, assert_words_inert};

/// What a server issues is found whatever else its answer holds, nothing that is known is lost by an answer, what is not metadata stays
/// out of the metadata, and a fingerprint holds nothing of what was sent.
///
/// The choices: which request it answers, then those of the answer.
pub fn registration(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let step = input.choose(&[RegistrationStep::Register, RegistrationStep::Read, RegistrationStep::Update]);
    let response = answer(&mut input);
    let issued = IssuedCredentials::find(&response);
    compare_with_a_plain_reader(&response, &issued);
    keeps_what_is_known(&issued);
    judge(&response, step, &issued);
    if let DeletionResponse::Refused(refusal) | DeletionResponse::NotKnown(refusal) = DeletionResponse::read(&response)
    {
        assert_words_inert(&refusal.error);
    }
    fingerprint(&response);
}

fn text(secret: Option<&Secret>) -> Option<&str> {
    secret.map(Secret::expose)
}

/// What a plain reader of JSON finds is found. A name that is there twice, escaped, or deep below is left out: there readers may differ.
fn compare_with_a_plain_reader(response: &HttpResponse, issued: &IssuedCredentials) {
    let Ok(body) = std::str::from_utf8(&response.body) else { return };
    let Ok(plain) = serde_json::from_str::<Value>(body.strip_prefix('\u{feff}').unwrap_or(body).trim()) else { return };
    for (name, found) in
        [("client_secret", &issued.client_secret), ("registration_access_token", &issued.registration_access_token)]
    {
        let is_simple =
            body.matches(name).count() == 1 && !body.contains('\\') && body.matches(['{', '[']).count() < 64;
        let expected = plain.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if is_simple {
            assert_eq!(text(found.as_ref()), expected, "{name}");
        }
    }
}

fn keeps_what_is_known(issued: &IssuedCredentials) {
    let known = IssuedCredentials {
        client_secret: Some(Secret::new("known secret")),
        registration_access_token: Some(Secret::new("known token")),
        ..IssuedCredentials::default()
    };
    let merged = known.clone().merged_with(issued.clone());
    assert_eq!(text(merged.client_secret.as_ref()), text(issued.client_secret.as_ref()).or(Some("known secret")));
    let token = text(issued.registration_access_token.as_ref()).or(Some("known token"));
    assert_eq!(text(merged.registration_access_token.as_ref()), token);
    assert!(merged.clone().beyond(&merged).is_empty(), "nothing is new to who knows it");
}

fn judge(response: &HttpResponse, step: RegistrationStep, issued: &IssuedCredentials) {
    match RegistrationResponse::read(response, step, None) {
        RegistrationResponse::Registered(found) => {
            assert_eq!(text(found.issued.client_secret.as_ref()), text(issued.client_secret.as_ref()));
            for given in ["client_id", "client_secret", "registration_access_token", "registration_client_uri"] {
                assert!(!found.metadata.members().contains_key(given), "{given} is no metadata");
            }
            assert_eq!(diff(&found.metadata, &found.metadata), []);
            for difference in diff(&ClientMetadata::default(), &found.metadata) {
                assert_inert(&difference.member);
                difference.there.iter().flat_map(|there| there.lines()).for_each(assert_inert);
            }
            if let Ok(again) = ClientMetadata::parse(&found.metadata.to_text()) {
                assert_eq!(diff(&again, &found.metadata), [], "what is written down is read again");
            }
        }
        RegistrationResponse::Refused(refusal) => assert_words_inert(&refusal.error),
        RegistrationResponse::Malformed(defect) => {
            assert!(!defect.code().is_empty());
            assert_inert(&defect.to_string());
        }
    }
}

/// Whatever stands in the answer may be what was sent: take its longest word for it.
fn fingerprint(response: &HttpResponse) {
    let body = String::from_utf8_lossy(&response.body);
    let words = body.split(|letter: char| !letter.is_ascii_alphanumeric());
    let Some(sent) = words.max_by_key(|word| word.len()).filter(|word| word.len() >= 16) else { return };
    let rules = TokenRules { success: SuccessRule::AccessToken, errors: ErrorStyle::Either };
    if let Ok(print) = look_at(response, &rules, &[sent]) {
        let words = [print.error, print.sentence].into_iter().flatten();
        for text in words {
            assert!(!text.contains(sent), "{text}");
            assert_inert(&text);
        }
    }
}
