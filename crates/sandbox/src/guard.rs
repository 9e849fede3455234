//! What happens around every request: the check at the door, the security headers, the log entry.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Instant;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, Method, Request, StatusCode};
use axum::response::Response;
use jiff::Timestamp;

use crate::endpoint::answer::{self, Noted as _};
use crate::log::{RequestLogEntry, shown_path};
use crate::server::Server;
use crate::{Twin, page};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `default-src 'none'` and our one stylesheet by its hash. There is no `form-action`: Chromium and WebKit apply it to the redirect that
/// follows a form, too, and would stop people on their way back to the app.
static PAGE_POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'",
        page::stylesheet_hash()
    );
    HeaderValue::from_str(&policy).ok()
});

/// What a twin decided, in a few words, on its way to the log. Holds no secret.
#[derive(Clone)]
pub(crate) struct Note(pub(crate) Cow<'static, str>);

/// Refuses a request whose `Host` is not this server: a page elsewhere that points its own name at 127.0.0.1 (DNS rebinding) gets nothing.
pub(crate) fn refuse_at_the_door<B>(server: &Server, request: &Request<B>) -> Option<Response> {
    let host = request.headers().get(HOST).map(HeaderValue::as_bytes);
    if host.is_some_and(|host| server.hosts.iter().any(|own| own.as_bytes() == host)) {
        return None;
    }
    let sentence = format!("This is the Gatewright sandbox. Ask for it as {}.\n", server.origin);
    Some(answer::text(StatusCode::MISDIRECTED_REQUEST, sentence).noted("refused: wrong Host header"))
}

/// A request that has arrived and is not answered yet.
pub(crate) struct Arrival {
    sequence: u64,
    began: Instant,
    time: Timestamp,
    method: Method,
    path: String,
}

impl Arrival {
    pub(crate) fn of<B>(server: &Server, request: &Request<B>) -> Self {
        Self {
            sequence: server.log.next_sequence(),
            began: Instant::now(),
            time: server.now(),
            method: request.method().clone(),
            path: shown_path(request.uri().path()),
        }
    }

    /// The same text as in the log and in the `x-request-id` header.
    pub(crate) fn request_id(&self) -> String {
        format!("r{}", self.sequence)
    }

    /// Adds the headers every answer has, and writes the log entry.
    pub(crate) fn finish(self, server: &Server, mut response: Response) -> Response {
        let request_id = self.request_id();
        let note = response.extensions_mut().remove::<Note>().map(|note| note.0);
        let is_page =
            response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if is_page {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            // A page of a fault brings a policy of its own.
            if let Some(policy) = &*PAGE_POLICY {
                headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| policy.clone());
            }
        }
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            headers.insert(X_REQUEST_ID, value);
        }
        server.log.add(RequestLogEntry {
            sequence: self.sequence,
            time: self.time,
            twin: Twin::of_path(&self.path),
            method: self.method.as_str().to_owned(),
            status: response.status().as_u16(),
            duration_us: u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX),
            note: note.unwrap_or_else(|| plain_note(response.status()).into()),
            request_id,
            path: self.path,
        });
        response
    }
}

/// What the log says where the endpoint said nothing itself.
fn plain_note(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "no such path",
        StatusCode::METHOD_NOT_ALLOWED => "wrong method",
        StatusCode::PAYLOAD_TOO_LARGE => "body too large",
        _ => "",
    }
}
