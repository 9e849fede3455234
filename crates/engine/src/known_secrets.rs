//! The secrets of one run and the references that stand for them.

use gatewright_model::Redacted;
use gatewright_protocol::Secret;
use gatewright_protocol::http::{Reference, Value};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};

/// A shorter text is not looked for in what a server writes: it would be found everywhere by chance.
const SHORTEST_SOUGHT: usize = 5;

/// Names under which a body holds secrets, and the kind each gets in a transcript.
const IN_BODIES: [(&str, &str); 9] = [
    ("access_token", "token"),
    ("refresh_token", "refresh"),
    ("id_token", "id_token"),
    ("token", "token"),
    ("client_secret", "client_secret"),
    // So it is called in Keycloak's own description of a client.
    ("secret", "client_secret"),
    ("code_verifier", "verifier"),
    ("device_code", "device_code"),
    ("registration_access_token", "registration"),
];

/// Names under which a callback holds secrets besides. In a body they may mean a country's state or a country's code.
const IN_CALLBACKS: [(&str, &str); 2] = [("code", "code"), ("state", "state")];

/// The secrets of one run and the references that stand for them. It grows as the run learns more.
#[derive(Debug, Default)]
pub(crate) struct KnownSecrets(Vec<Known>);

#[derive(Debug)]
struct Known {
    secret: Secret,
    /// The secret as it stands in a URL, where that differs.
    encoded: Option<Secret>,
    reference: Reference,
}

impl Known {
    /// The secret in every form in which it may stand in a text.
    fn forms(&self) -> impl Iterator<Item = &str> {
        [Some(self.secret.expose()), self.encoded.as_ref().map(Secret::expose)].into_iter().flatten()
    }
}

impl KnownSecrets {
    /// Remembers a secret under a reference of its own.
    pub(crate) fn learn(&mut self, secret: &Secret, reference: &Reference) {
        if self.reference_of(secret.expose()).is_some() {
            return;
        }
        let encoded = utf8_percent_encode(secret.expose(), NON_ALPHANUMERIC).to_string();
        let encoded = (encoded != secret.expose()).then(|| Secret::new(encoded));
        self.0.push(Known { secret: secret.clone(), encoded, reference: reference.clone() });
    }

    /// The reference of a secret that was received: the one it has already, or the next of its kind.
    pub(crate) fn reference_for(&mut self, kind: &str, text: &str) -> Reference {
        if let Some(reference) = self.reference_of(text) {
            return reference.clone();
        }
        let count = self.0.iter().filter(|known| known.reference.is_of(kind)).count();
        let reference = Reference::numbered(kind, u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1));
        self.learn(&Secret::new(text), &reference);
        reference
    }

    /// A value of a request as it is recorded. Remembers its secret.
    pub(crate) fn redact_value(&mut self, value: &Value) -> Redacted {
        match value {
            Value::Plain(text) => self.redact(text),
            Value::ClientId(id) => Redacted::text(id.to_string()),
            Value::Json(_) => self.redact(&value.expose()),
            Value::Secret(secret, reference) => {
                self.learn(secret, reference);
                Redacted::reference(reference)
            }
            Value::Scheme(scheme, secret, reference) => {
                self.learn(secret, reference);
                let mut redacted = Redacted::text(format!("{scheme} "));
                redacted.push_reference(reference);
                redacted
            }
        }
    }

    /// Text from a server, with every secret of this run that it repeats replaced by its reference. This is the second line: the
    /// first is that values with a secret's name are references whatever they hold.
    pub(crate) fn redact(&self, text: &str) -> Redacted {
        let mut redacted = Redacted::default();
        self.redact_into(&mut redacted, text, Redacted::push_text);
        redacted
    }

    /// The same at the end of what is redacted already; `push` adds what lies between the secrets.
    pub(crate) fn redact_into(&self, redacted: &mut Redacted, text: &str, push: impl Fn(&mut Redacted, &str)) {
        let mut rest = text;
        while let Some((place, length, reference)) = self.first_in(rest) {
            push(redacted, &rest[..place]);
            redacted.push_reference(reference);
            rest = &rest[place + length..];
        }
        push(redacted, rest);
    }

    /// [`KnownSecrets::redact`] as one line of text, for sentences.
    pub(crate) fn plain(&self, text: &str) -> String {
        self.redact(text).to_plain()
    }

    fn reference_of(&self, text: &str) -> Option<&Reference> {
        self.0.iter().find(|known| known.secret.matches(text)).map(|known| &known.reference)
    }

    /// Where the first secret stands in the text, and how long it is there; the longest of those that begin at the same place.
    fn first_in(&self, text: &str) -> Option<(usize, usize, &Reference)> {
        self.0
            .iter()
            .flat_map(|known| known.forms().map(move |form| (form, &known.reference)))
            .filter(|(form, _)| form.len() >= SHORTEST_SOUGHT)
            .filter_map(|(form, reference)| place_in(text, form).map(|place| (place, form.len(), reference)))
            .min_by_key(|(place, length, _)| (*place, usize::MAX - length))
    }
}

/// Where a secret stands in a text for the first time. Most texts are shorter than most secrets, and many texts are searched for each
/// secret once: `str::find` would spend its time on preparing.
fn place_in(text: &str, form: &str) -> Option<usize> {
    let last = text.len().checked_sub(form.len())?;
    let mut places =
        text.match_indices(form.chars().next()?).map(|(place, _)| place).take_while(|place| *place <= last);
    places.find(|place| text[*place..].starts_with(form))
}

/// The kind of secret that a body holds under this name.
pub(crate) fn kind_in_body(name: &str) -> Option<&'static str> {
    IN_BODIES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, kind)| *kind)
}

/// The kind of secret that a published key holds under this name: members that only its owner may know (RFC 7518 §6). A provider that
/// publishes them by mistake shall not have them copied into a database.
pub(crate) fn kind_in_key(name: &str, key: &Map<String, Json>) -> Option<&'static str> {
    const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];
    (key.contains_key("kty") && PRIVATE.contains(&name)).then_some("private_key")
}

/// The kind of secret that Keycloak's `{"type": "secret", "value": …}` holds under this name.
pub(crate) fn kind_in_credential(name: &str, members: &Map<String, Json>) -> Option<&'static str> {
    let is_secret = members.get("type").and_then(Json::as_str) == Some("secret");
    (is_secret && name == "value").then_some("client_secret")
}

/// The kind of secret that a query or a callback holds under this name.
pub(crate) fn kind_in_callback(name: &str) -> Option<&'static str> {
    let in_callback = IN_CALLBACKS.iter().find(|(known, _)| name == *known).map(|(_, kind)| *kind);
    in_callback.or_else(|| kind_in_body(name))
}

/// Where the first name of a secret stands in text that could not be read.
pub(crate) fn first_secret_name_in(text: &str) -> Option<usize> {
    ["access_token", "refresh_token", "id_token", "client_secret", "code_verifier"]
        .iter()
        .filter_map(|name| text.find(name))
        .min()
}
