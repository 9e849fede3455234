//! The shell's variables that stand for secrets.

/// What a kind of reference is called as a variable, and what it is.
const KINDS: [(&str, &str, &str); 11] = [
    ("secret", "SECRET", "the client secret"),
    ("client_secret", "SECRET", "the client secret"),
    ("code", "CODE", "an authorization code that has not been used"),
    ("token", "TOKEN", "an access token"),
    ("refresh", "REFRESH_TOKEN", "a refresh token"),
    ("id_token", "ID_TOKEN", "an ID token"),
    ("state", "STATE", "a state, any text"),
    ("verifier", "CODE_VERIFIER", "the code verifier of the authorization request"),
    ("registration", "REGISTRATION_TOKEN", "the registration access token"),
    ("device_code", "DEVICE_CODE", "a device code"),
    ("cookie", "COOKIE", "a cookie of the provider"),
];

/// The variables of one command, each for one reference.
#[derive(Default)]
pub(super) struct Variables(Vec<Variable>);

struct Variable {
    reference: String,
    name: String,
    what: String,
}

impl Variables {
    /// The variable that stands for a reference.
    pub(super) fn of(&mut self, reference: &str) -> String {
        if let Some(known) = self.0.iter().find(|known| known.reference == reference) {
            return known.name.clone();
        }
        let kind = reference.split([':', '#']).next().unwrap_or_default();
        let version = reference.strip_prefix("secret:v").filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let (name, what) = match KINDS.iter().find(|(known, ..)| *known == kind) {
            Some((_, name, what)) => ((*name).to_owned(), (*what).to_owned()),
            None => (variable_name(kind), "what stood here".to_owned()),
        };
        let what = version.map_or(what.clone(), |version| format!("{what}, version {version}"));
        self.add(reference, name, what)
    }

    /// The variable for the client identifier, which `--user` needs and a record of HTTP Basic does not tell.
    pub(super) fn client_id(&mut self) {
        if !self.0.iter().any(|known| known.name == "CLIENT_ID") {
            self.add("", "CLIENT_ID".to_owned(), "the client identifier".to_owned());
        }
    }

    fn add(&mut self, reference: &str, name: String, what: String) -> String {
        let taken = |name: &str| self.0.iter().any(|known| known.name == name);
        let free = (2..).map(|number| format!("{name}_{number}"));
        let name = std::iter::once(name.clone()).chain(free).find(|name| !taken(name)).unwrap_or(name);
        self.0.push(Variable { reference: reference.to_owned(), name: name.clone(), what });
        name
    }

    /// What belongs into each, one line for each. No quotes and no brackets: zsh reads comments that are pasted as commands.
    pub(super) fn comments(&self) -> String {
        self.0.iter().flat_map(|variable| ["# ", &variable.name, ": ", &variable.what, "\n"]).collect()
    }
}

/// A kind that is not known, as a name that every shell takes.
fn variable_name(kind: &str) -> String {
    let letters: String = kind.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    if letters.is_empty() || letters.starts_with(|letter: char| letter.is_ascii_digit()) {
        return format!("VALUE{letters}");
    }
    letters.to_ascii_uppercase()
}
