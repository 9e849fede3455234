//! The members of a token answer, in JSON or form-encoded, ready to be bent.

use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::fault::answer::Finished;

/// A token answer's members in their order. Values are JSON texts, so that a number no library writes can stand here, and a name may
/// stand here twice.
pub(crate) struct Members {
    members: Vec<(String, String)>,
    /// Whether the answer is form-encoded, as Gitter's document promises.
    form: bool,
}

/// Whether an answer holds an access token.
pub(crate) fn holds_access_token(answer: &Finished) -> bool {
    Members::read(answer).is_some_and(|members| members.text("access_token").is_some())
}

/// Whether an answer holds an ID token.
pub(crate) fn holds_id_token(answer: &Finished) -> bool {
    Members::read(answer).is_some_and(|members| members.text("id_token").is_some())
}

impl Members {
    /// The members of a JSON object.
    pub(crate) fn of(object: &serde_json::Map<String, Value>) -> Self {
        let members = object.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        Self { members, form: false }
    }

    /// A member as it is written.
    pub(crate) fn json(&self, name: &str) -> Option<&str> {
        self.members.iter().find_map(|(key, json)| (key == name).then_some(json.as_str()))
    }

    /// A member that is a whole number.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.json(name)?.parse().ok()
    }

    /// The members of an answer; none when it is neither a JSON object nor a form.
    pub(crate) fn read(answer: &Finished) -> Option<Self> {
        let form = answer.header(CONTENT_TYPE)?.starts_with("application/x-www-form-urlencoded");
        let members = if form {
            let pairs = form_urlencoded::parse(&answer.body);
            pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()).to_string())).collect()
        } else {
            let Value::Object(members) = serde_json::from_slice(&answer.body).ok()? else { return None };
            members.into_iter().map(|(name, value)| (name, value.to_string())).collect()
        };
        Some(Self { members, form })
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let (_, json) = self.members.iter().find(|(key, _)| key == name)?;
        serde_json::from_str(json).ok()
    }

    /// Gives a member another value, written as JSON; at the end when it is missing.
    pub(crate) fn set(&mut self, name: &str, json: impl Into<String>) {
        match self.members.iter_mut().find(|(key, _)| key == name) {
            Some((_, place)) => *place = json.into(),
            None => self.add(name, json),
        }
    }

    /// Adds a member, even if there is one of that name.
    pub(crate) fn add(&mut self, name: &str, json: impl Into<String>) {
        self.members.push((name.to_owned(), json.into()));
    }

    /// Whether there is such a member.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(key, _)| key == name)
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.members.retain(|(key, _)| key != name);
    }

    /// The members as a JSON object.
    pub(crate) fn to_json(&self) -> String {
        let members: Vec<_> =
            self.members.iter().map(|(name, json)| format!("{}:{json}", Value::from(name.as_str()))).collect();
        format!("{{{}}}", members.join(","))
    }

    /// The members form-encoded; what is no text stands there as JSON.
    pub(crate) fn to_form(&self) -> String {
        let plain = |json: &String| serde_json::from_str::<String>(json).unwrap_or_else(|_| json.clone());
        let pairs = self.members.iter().map(|(name, json)| (name, plain(json)));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    /// Puts the members into the answer, in the form it had.
    pub(crate) fn write(&self, answer: &mut Finished) {
        answer.set_body(if self.form { self.to_form() } else { self.to_json() });
    }
}
