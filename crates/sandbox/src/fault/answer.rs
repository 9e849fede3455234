//! An answer that an endpoint has finished, opened so that a fault can bend it.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use axum::http::response::Parts;
use axum::response::Response;

use super::wire::{Repeated, WireAnswer, WireFault};

/// Far more than any endpoint answers.
const LARGEST_ANSWER: usize = 16 << 20;

/// A finished answer. What a fault does not touch goes out as it was.
pub(crate) struct Finished {
    parts: Parts,
    /// The whole body.
    pub(crate) body: Bytes,
    delivery: Delivery,
}

/// What happens between the log entry and the wire.
#[derive(Clone, Default)]
pub(crate) struct Delivery {
    pub(super) pause: Option<Pause>,
    pub(super) wire: Option<WireAnswer>,
}

/// How long an answer is held back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pause {
    For(Duration),
    /// Until the client or the sandbox gives up.
    Forever,
}

impl Finished {
    /// An empty 200, for faults that answer instead of the endpoint.
    pub(crate) fn nothing() -> Self {
        let (parts, _) = Response::new(Body::empty()).into_parts();
        Self { parts, body: Bytes::new(), delivery: Delivery::default() }
    }

    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        // The endpoints' bodies are whole and small; one that could not be read would be a mistake of ours.
        let body = to_bytes(body, LARGEST_ANSWER).await.unwrap_or_default();
        Self { parts, body, delivery: Delivery::default() }
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::from_parts(self.parts, Body::from(self.body));
        if self.delivery.pause.is_some() || self.delivery.wire.is_some() {
            response.extensions_mut().insert(self.delivery);
        }
        response
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.parts.status
    }

    pub(crate) fn set_status(&mut self, status: StatusCode) {
        self.parts.status = status;
    }

    /// A header's text; none when it is missing or no text.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// Sets a header in place of what stood there. The value may be any bytes that can stand in a header.
    pub(crate) fn set_header(&mut self, name: HeaderName, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.parts.headers.insert(name, value);
        }
    }

    /// Adds a header beside those of the same name.
    pub(crate) fn add_header(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.parts.headers.append(name, value);
        }
    }

    pub(crate) fn remove_header(&mut self, name: HeaderName) {
        self.parts.headers.remove(name);
    }

    /// Replaces the body; the library writes its new length.
    pub(crate) fn set_body(&mut self, body: impl Into<Bytes>) {
        self.body = body.into();
        self.remove_header(CONTENT_LENGTH);
    }

    /// Replaces the body by a large one, which is written no faster than the client reads it.
    pub(crate) fn stream(&mut self, body: Repeated) {
        self.delivery.wire = Some(WireAnswer::Large(body));
    }

    /// A new status, type and body.
    pub(crate) fn replace(&mut self, status: StatusCode, content_type: &str, body: impl Into<Bytes>) {
        self.set_status(status);
        self.set_header(CONTENT_TYPE, content_type);
        self.remove_header(LOCATION);
        self.set_body(body);
    }

    /// A page that may do whatever it likes in the browser: the content security policy of our own pages is not added to it.
    pub(crate) fn replace_by_page(&mut self, html: String) {
        self.replace(StatusCode::OK, "text/html; charset=utf-8", html);
        self.set_header(CONTENT_SECURITY_POLICY, "default-src * data: 'unsafe-inline'");
    }

    /// A redirect elsewhere.
    pub(crate) fn redirect(&mut self, status: StatusCode, location: &str) {
        self.set_status(status);
        self.set_header(LOCATION, location);
        self.remove_header(CONTENT_TYPE);
        self.set_body(Bytes::new());
    }

    /// Holds the answer back; its log entry is written at once.
    pub(crate) fn pause(&mut self, pause: Pause) {
        self.delivery.pause = Some(pause);
    }

    /// Lets [`super::wire`] write the answer.
    pub(crate) fn write_by(&mut self, wire: WireFault) {
        self.delivery.wire = Some(WireAnswer::Fault(wire));
    }
}
