//! Names with values, as environments have them: which of them are one client is told by what the names have in common.

use std::collections::BTreeMap;

use gatewright_protocol::Secret;

use super::{ForeignClient, is_placeholder, usable_redirect_uris};

/// A name with its value.
pub(super) struct Pair {
    key: String,
    /// The key in capitals with underscores between its words.
    words: String,
    value: Secret,
}

impl Pair {
    pub(super) fn new(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), words: in_words(key), value: Secret::new(value.trim()) }
    }
}

/// What a value is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    ClientId,
    ClientSecret,
    RedirectUri,
    Endpoint,
}

/// How names end that say what a value is for; longer endings stand before shorter ones.
const ENDINGS: [(&str, Role); 19] = [
    ("CLIENT_ID", Role::ClientId),
    ("CLIENT_SECRET", Role::ClientSecret),
    ("APP_ID", Role::ClientId),
    ("APP_SECRET", Role::ClientSecret),
    ("CONSUMER_KEY", Role::ClientId),
    ("CONSUMER_SECRET", Role::ClientSecret),
    ("REDIRECT_URIS", Role::RedirectUri),
    ("REDIRECT_URI", Role::RedirectUri),
    ("REDIRECT_URL", Role::RedirectUri),
    ("CALLBACK_URL", Role::RedirectUri),
    ("CALLBACK_URI", Role::RedirectUri),
    ("ACCESS_TOKEN_URL", Role::Endpoint),
    ("TOKEN_URL", Role::Endpoint),
    ("TOKEN_ENDPOINT", Role::Endpoint),
    ("AUTHORIZATION_URL", Role::Endpoint),
    ("AUTHORIZE_URL", Role::Endpoint),
    ("AUTH_URL", Role::Endpoint),
    ("ISSUER_URL", Role::Endpoint),
    ("ISSUER", Role::Endpoint),
];

/// What an environment gave.
pub(super) struct Found {
    pub(super) clients: Vec<ForeignClient>,
    pub(super) left: Vec<String>,
}

/// The clients of an environment: names with the same beginning belong together, as `CHATTZ_CLIENT_ID` and `CHATTZ_CLIENT_SECRET` do.
pub(super) fn clients_of(pairs: Vec<Pair>, environment: &str) -> Found {
    let mut groups: BTreeMap<String, Vec<(Role, Pair)>> = BTreeMap::new();
    let mut left = Vec::new();
    for pair in pairs {
        match ENDINGS.iter().find_map(|(ending, role)| Some((beginning(&pair.words, ending)?, *role))) {
            Some((group, role)) => groups.entry(group).or_default().push((role, pair)),
            None => left.push(pair.key),
        }
    }
    let mut clients = Vec::new();
    for (group, pairs) in groups {
        match client_of(&group, &pairs, environment) {
            Some(client) => clients.push(client),
            None => left.extend(pairs.into_iter().map(|(_, pair)| format!("{}: no client ID goes with it", pair.key))),
        }
    }
    Found { clients, left }
}

/// What stands before an ending; nothing at all is a beginning too.
fn beginning(words: &str, ending: &str) -> Option<String> {
    let before = words.strip_suffix(ending)?;
    (before.is_empty() || before.ends_with('_')).then(|| before.trim_end_matches('_').to_owned())
}

fn client_of(group: &str, pairs: &[(Role, Pair)], environment: &str) -> Option<ForeignClient> {
    let mut client = ForeignClient { name: name_of(group, environment), ..ForeignClient::default() };
    for (role, pair) in pairs {
        let value = pair.value.expose();
        if value.is_empty() {
            client.left.push(format!("{}: empty", pair.key));
            continue;
        }
        if is_placeholder(value) {
            client.left.push(format!("{}: stands for another value", pair.key));
            continue;
        }
        match role {
            Role::ClientId if client.client_id.is_empty() => value.clone_into(&mut client.client_id),
            Role::ClientSecret if client.secret.is_none() => client.secret = Some(pair.value.clone()),
            Role::RedirectUri => {
                let (usable, left) = usable_redirect_uris(value.split([',', ' ']));
                client.left.extend(left.into_iter().map(|uri| format!("{}: {uri}", pair.key)));
                client.redirect_uris.extend(usable);
            }
            Role::Endpoint => client.endpoints.push(value.to_owned()),
            Role::ClientId | Role::ClientSecret => {
                client.left.push(format!("{}: there is one already", pair.key));
                continue;
            }
        }
        client.took.push(pair.key.clone());
    }
    (!client.client_id.is_empty()).then_some(client)
}

/// `CHATTZ_LOGIN` as "Chattz login"; the environment's name where the beginning says nothing.
fn name_of(group: &str, environment: &str) -> String {
    let said = group
        .split('_')
        .filter(|word| !word.is_empty() && !["OAUTH", "OAUTH2", "OIDC", "VITE", "NEXT", "PUBLIC"].contains(word));
    let words = said.collect::<Vec<_>>().join(" ").to_lowercase();
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_uppercase(), letters.as_str()),
        None => environment.to_owned(),
    }
}

/// `clientId`, `client-id` and `client_id` as `CLIENT_ID`.
fn in_words(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 4);
    let mut was_small = false;
    for letter in key.trim().chars() {
        if letter.is_uppercase() && was_small {
            words.push('_');
        }
        was_small = letter.is_lowercase() || letter.is_ascii_digit();
        if letter.is_alphanumeric() { words.extend(letter.to_uppercase()) } else { words.push('_') }
    }
    words
}
