//! Insomnia: environments, and the OAuth 2 settings of requests. An export in form 4 is one list of everything; form 5 is in `form_five`.

pub(super) mod form_five;

use gatewright_model::dialect::ClientAuthentication;
use gatewright_protocol::Secret;
use serde_json::Value;

use super::pairs::{Pair, clients_of};
use super::{ForeignClient, Reading, Source, is_placeholder, text_of, usable_redirect_uris};

pub(super) fn read(value: &Value) -> Option<Reading> {
    let is_export = text_of(value, "_type") == Some("export");
    let resources = value.get("resources").and_then(Value::as_array).filter(|_| is_export)?;
    let mut reading = Reading { source: Source::Insomnia, clients: Vec::new(), left: Vec::new() };
    let mut others = 0_usize;
    for resource in resources {
        match text_of(resource, "_type") {
            Some("environment") => read_environment(resource, &mut reading),
            Some("request") if is_for_oauth2(resource) => read_request(resource, &mut reading),
            _ => others += 1,
        }
    }
    if others > 0 {
        reading.left.push(format!("{others} requests, folders and settings without OAuth 2"));
    }
    Some(reading)
}

/// Whether a request or a folder has OAuth 2 settings.
fn is_for_oauth2(item: &Value) -> bool {
    item.pointer("/authentication/type").and_then(Value::as_str) == Some("oauth2")
}

fn read_environment(resource: &Value, reading: &mut Reading) {
    let mut pairs = Vec::new();
    for (key, value) in resource.get("data").and_then(Value::as_object).into_iter().flatten() {
        match value.as_str() {
            Some(text) => pairs.push(Pair::new(key, text)),
            None => reading.left.push(format!("{key}: not text")),
        }
    }
    let found = clients_of(pairs, text_of(resource, "name").unwrap_or("Insomnia"));
    reading.clients.extend(found.clients);
    reading.left.extend(found.left);
}

fn read_request(resource: &Value, reading: &mut Reading) {
    let (Some(settings), name) = (resource.get("authentication"), text_of(resource, "name").unwrap_or("Insomnia"))
    else {
        return;
    };
    let real = |member: &str| text_of(settings, member).filter(|text| !is_placeholder(text));
    let Some(client_id) = real("clientId") else {
        reading.left.push(format!("{name}: its client ID stands for another value, or is missing"));
        return;
    };
    let mut taken =
        ForeignClient { name: name.to_owned(), client_id: client_id.to_owned(), ..ForeignClient::default() };
    taken.took.push("clientId".to_owned());
    match (real("clientSecret"), text_of(settings, "clientSecret")) {
        (Some(secret), _) => {
            taken.secret = Some(Secret::new(secret));
            taken.took.push("clientSecret".to_owned());
        }
        (None, Some(_)) => taken.left.push("clientSecret: stands for another value".to_owned()),
        (None, None) => {}
    }
    let (usable, left) = usable_redirect_uris(text_of(settings, "redirectUrl"));
    taken.took.extend(usable.iter().map(|_| "redirectUrl".to_owned()));
    taken.redirect_uris = usable;
    taken.left.extend(left.into_iter().map(|uri| format!("redirectUrl: {uri}")));
    taken.endpoints = ["authorizationUrl", "accessTokenUrl"].into_iter().filter_map(real).map(str::to_owned).collect();
    if settings.get("credentialsInBody").and_then(Value::as_bool) == Some(true) {
        taken.authentication = Some(ClientAuthentication::Body);
        taken.took.push("credentialsInBody".to_owned());
    }
    // The same client in every request of a collection is one client.
    if !reading.clients.iter().any(|known| known.client_id == taken.client_id) {
        reading.clients.push(taken);
    }
}
