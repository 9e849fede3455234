//! The redirect back to the app, taken apart so that any part of it can be bent.

use axum::http::header::LOCATION;

use crate::fault::answer::Finished;
use crate::fault::catalogue::FaultEndpoint;
use crate::fault::occasion::Occasion;

/// A callback's address. Values are kept as they are encoded, so that a wrong encoding can be written, too.
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    /// Everything before the query.
    pub(super) address: String,
    parameters: Vec<(String, String)>,
    /// What follows `#`, when there is anything.
    pub(super) fragment: Option<String>,
}

/// The callback that an answer sends the browser to: a redirect to the request's own redirect URI.
pub(crate) fn callback_of(occasion: &Occasion, finished: &Finished) -> Option<Callback> {
    if occasion.endpoint != FaultEndpoint::Authorization || !finished.status().is_redirection() {
        return None;
    }
    let location = finished.header(LOCATION)?;
    let redirect_uri = occasion.query.filled("redirect_uri")?;
    let address = redirect_uri.split(['?', '#']).next()?;
    let rest = location.strip_prefix(address)?;
    (rest.is_empty() || rest.starts_with(['?', '#'])).then(|| Callback::parse(location))
}

impl Callback {
    pub(super) fn parse(location: &str) -> Self {
        let (rest, fragment) = match location.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment.to_owned())),
            None => (location, None),
        };
        let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { address: address.to_owned(), parameters, fragment }
    }

    /// The same callback at another address.
    pub(super) fn at(&self, address: String) -> Self {
        Self { address, ..self.clone() }
    }

    /// The whole address.
    pub(super) fn location(&self) -> String {
        let mut location = self.address.clone();
        if !self.parameters.is_empty() {
            location.push('?');
            location.push_str(&self.query());
        }
        if let Some(fragment) = &self.fragment {
            location.push('#');
            location.push_str(fragment);
        }
        location
    }

    /// The query, encoded.
    pub(super) fn query(&self) -> String {
        self.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// A parameter's value, decoded.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let (_, value) = self.parameters.iter().find(|(key, _)| key == name)?;
        Some(decoded(value))
    }

    /// All parameters, decoded.
    pub(super) fn decoded(&self) -> Vec<(String, String)> {
        self.parameters.iter().map(|(name, value)| (decoded(name), decoded(value))).collect()
    }

    /// Gives a parameter another value, at the place where it stands; at the end when it is missing.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.set_encoded(name, encoded(value));
    }

    /// The same with a value that is already encoded, rightly or not.
    pub(super) fn set_encoded(&mut self, name: &str, value: impl Into<String>) {
        match self.parameters.iter_mut().find(|(key, _)| key == name) {
            Some((_, place)) => *place = value.into(),
            None => self.parameters.push((name.to_owned(), value.into())),
        }
    }

    /// Writes a parameter several times, in place of what stood there.
    pub(super) fn repeat(&mut self, name: &str, values: &[&str]) {
        self.remove(name);
        self.parameters.extend(values.iter().map(|value| (name.to_owned(), encoded(value))));
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.parameters.retain(|(key, _)| key != name);
    }

    pub(super) fn clear(&mut self) {
        self.parameters.clear();
    }

    /// Makes it an error response (RFC 6749 §4.1.2.1): `state` stays, and `iss`, which an issuer that names itself has to name in errors,
    /// too (RFC 9207 §2).
    pub(super) fn turn_into_error(&mut self, error: &str) {
        self.parameters.retain(|(key, _)| key == "state" || key == "iss");
        self.set("error", error);
    }
}

/// A value as a form or query writes it.
pub(super) fn encoded(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

fn decoded(value: &str) -> String {
    let pair = format!("v={value}");
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}
