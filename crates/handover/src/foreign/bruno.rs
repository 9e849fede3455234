//! Bruno: a `.bru` file, which is a request with its OAuth 2 settings, or an environment with variables.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_protocol::Secret;

use super::pairs::{Pair, clients_of};
use super::{ForeignClient, Reading, Source, is_placeholder, usable_redirect_uris};

/// Whether a text looks like one: its first line opens a block of Bruno's.
pub(super) fn is_meant(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    ["meta {", "vars {", "auth:oauth2 {", "auth {"].contains(&first)
}

pub(super) fn read(file_name: &str, text: &str) -> Reading {
    let mut reading = Reading { source: Source::Bruno, clients: Vec::new(), left: Vec::new() };
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".bru");
    let blocks = blocks(text);
    let name = blocks.iter().find(|block| block.name == "meta").and_then(|block| block.get("name")).unwrap_or(stem);
    for block in &blocks {
        match block.name {
            "auth:oauth2" => read_settings(block, name, &mut reading),
            "vars" => {
                let pairs = block.pairs.iter().map(|(key, value)| Pair::new(key, value)).collect();
                let found = clients_of(pairs, name);
                reading.clients.extend(found.clients);
                reading.left.extend(found.left);
            }
            "vars:secret" => reading.left.push("vars:secret: Bruno keeps these values elsewhere".to_owned()),
            _ => {}
        }
    }
    reading
}

fn read_settings(block: &Block<'_>, name: &str, reading: &mut Reading) {
    let real = |key: &str| block.get(key).filter(|value| !value.is_empty() && !is_placeholder(value));
    let Some(client_id) = real("client_id") else {
        reading.left.push("auth:oauth2: its client_id stands for another value, or is missing".to_owned());
        return;
    };
    let mut taken =
        ForeignClient { name: name.to_owned(), client_id: client_id.to_owned(), ..ForeignClient::default() };
    taken.took.push("client_id".to_owned());
    match (real("client_secret"), block.get("client_secret")) {
        (Some(secret), _) => {
            taken.secret = Some(Secret::new(secret));
            taken.took.push("client_secret".to_owned());
        }
        (None, Some(written)) if !written.is_empty() => {
            taken.left.push("client_secret: stands for another value".to_owned());
        }
        _ => {}
    }
    let (usable, left) = usable_redirect_uris(block.get("callback_url"));
    taken.took.extend(usable.iter().map(|_| "callback_url".to_owned()));
    taken.redirect_uris = usable;
    taken.left.extend(left.into_iter().map(|uri| format!("callback_url: {uri}")));
    taken.endpoints =
        ["authorization_url", "access_token_url"].into_iter().filter_map(real).map(str::to_owned).collect();
    taken.authentication = match real("credentials_placement") {
        Some("body") => Some(ClientAuthentication::Body),
        Some("basic_auth_header") => Some(ClientAuthentication::Basic),
        _ => None,
    };
    let known = [
        "client_id",
        "client_secret",
        "callback_url",
        "authorization_url",
        "access_token_url",
        "credentials_placement",
    ];
    let rest = block.pairs.iter().filter(|(key, value)| !known.contains(key) && !value.is_empty());
    taken.left.extend(rest.map(|(key, _)| (*key).to_owned()));
    reading.clients.push(taken);
}

/// `name { key: value … }`.
struct Block<'a> {
    name: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

impl Block<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}

/// The blocks of a file. A block ends with a brace at the start of a line, so that JSON in a body is no end.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if is_open {
            if line.starts_with(['}', ']']) {
                is_open = false;
            } else if let (Some((key, value)), Some(block)) = (trimmed.split_once(':'), blocks.last_mut())
                // "~" stands before what is switched off.
                && !key.starts_with('~')
            {
                block.pairs.push((key.trim(), value.trim()));
            }
        } else if let Some(name) = trimmed.strip_suffix(['{', '[']) {
            blocks.push(Block { name: name.trim(), pairs: Vec::new() });
            is_open = true;
        }
    }
    blocks
}
