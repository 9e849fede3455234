//! Building answers.

use std::borrow::Cow;

use askama::Template;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::Twin;
use crate::guard::Note;
use crate::page::NoticePage;

/// Notes for the log what the twin decided.
pub(crate) trait Noted {
    /// The same answer, with a few words for the log. They must not hold a secret.
    fn noted(self, note: impl Into<Cow<'static, str>>) -> Response;
}

impl Noted for Response {
    fn noted(mut self, note: impl Into<Cow<'static, str>>) -> Response {
        self.extensions_mut().insert(Note(note.into()));
        self
    }
}

/// A refusal on its way out of an endpoint; boxed, because a response is large and refusals are rare.
pub(crate) struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

fn answer(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => answer(status, "application/json", bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            answer(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "The sandbox failed. See its log.\n")
        }
    }
}

/// A form-encoded answer, as Gitter's document promises.
pub(crate) fn form(status: StatusCode, fields: &[(&str, &str)]) -> Response {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    answer(status, "application/x-www-form-urlencoded; charset=utf-8", body)
}

/// A plain sentence.
pub(crate) fn text(status: StatusCode, body: impl Into<Body>) -> Response {
    answer(status, "text/plain; charset=utf-8", body)
}

/// HTML that is already written (ContentDB labels bare sentences so).
pub(crate) fn raw_html(status: StatusCode, body: impl Into<Body>) -> Response {
    answer(status, "text/html; charset=utf-8", body)
}

/// A page.
pub(crate) fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => raw_html(status, html),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            text(StatusCode::INTERNAL_SERVER_ERROR, "The sandbox failed. See its log.\n")
        }
    }
}

/// A page with a headline and a sentence.
pub(crate) fn notice(twin: Twin, status: StatusCode, headline: &str, sentence: &str, hint: Option<&str>) -> Response {
    page(status, &NoticePage { twin, headline, sentence, hint })
}

/// A redirect with 302, as all five send it.
pub(crate) fn redirect(location: &str) -> Response {
    moved(StatusCode::FOUND, location)
}

/// A redirect with the given status.
pub(crate) fn moved(status: StatusCode, location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return text(StatusCode::BAD_REQUEST, "The redirect URI holds characters that cannot stand in a header.\n");
    };
    let mut response = empty(status);
    response.headers_mut().insert(LOCATION, location);
    response
}

/// An error as RFC 6749 §5.2 writes it.
pub(crate) fn oauth_error(status: StatusCode, error: &'static str, description: &str) -> Response {
    #[derive(Serialize)]
    struct ErrorBody<'a> {
        error: &'a str,
        error_description: &'a str,
    }
    no_store(json(status, &ErrorBody { error, error_description: description })).noted(error)
}

/// Marks an answer as one that must not be kept (RFC 6749 §5.1).
pub(crate) fn no_store(response: Response) -> Response {
    with_header(response, CACHE_CONTROL, "no-store")
}

/// Adds a header; a value that cannot stand in one is left out.
pub(crate) fn with_header(mut response: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}
