//! The `WWW-Authenticate` header of a refusal.

use gatewright_protocol::answer::AnswerDefect;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::identity::{IdentityResponse, IdentityRules};
use gatewright_protocol::inert::inert;

use crate::input::Input;
use crate::shown::{assert_defect_inert, assert_words_inert};

/// A challenge is a refusal whatever it says, its words are inert, and an error that is quoted as RFC 9110 §5.6.4 says is read as it
/// was meant.
///
/// The choice: a header as it is, or an error and its description, to be put into one.
pub fn www_authenticate(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let is_raw = input.choose(&[true, false]);
    let Some(error) = input.line() else { return };
    if is_raw {
        read(error);
        return;
    }
    let Some(description) = input.text() else { return };
    let header = format!(
        r#"Basic realm="a, b=c", Bearer realm="error=\"no\"", error={}, error_description={}"#,
        quoted(error),
        quoted(description)
    );
    match read(&header) {
        IdentityResponse::Refused(refusal) => {
            assert_eq!(refusal.error.error, Some(inert(error)));
            assert_eq!(refusal.error.description, Some(inert(description)));
        }
        IdentityResponse::Malformed(AnswerDefect::DpopDemanded) => assert_eq!(inert(error), "use_dpop_nonce"),
        other => panic!("{other:?}"),
    }
}

fn read(header: &str) -> IdentityResponse {
    let headers = vec![("www-authenticate".to_owned(), header.to_owned())];
    let response = HttpResponse { status: 401, headers, body: Vec::new(), cut: false };
    let rules = IdentityRules { subject: "/sub".to_owned(), display_name: None, signed_in_flag: None };
    let judged = IdentityResponse::read(&response, &rules);
    match &judged {
        IdentityResponse::Refused(refusal) => {
            assert_eq!(refusal.status, 401);
            assert_words_inert(&refusal.error);
        }
        IdentityResponse::Malformed(defect) => {
            assert_eq!(*defect, AnswerDefect::DpopDemanded);
            assert_defect_inert(defect);
        }
        other => panic!("a refusal was read as {other:?}"),
    }
    judged
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
