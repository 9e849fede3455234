//! Keycloak: one client (`ClientRepresentation`), a list of them, or a realm with its clients.

use gatewright_model::dialect::ClientAuthentication;
use gatewright_protocol::Secret;
use serde_json::Value;

use super::{ForeignClient, Reading, Source, is_placeholder, text_of, usable_redirect_uris};

/// What Keycloak writes in the place of a secret that it does not show.
const MASKED: &str = "**********";

/// Fields that say nothing a login needs, and would only be noise in the list of what was left.
const OF_NO_CONCERN: [&str; 6] =
    ["id", "attributes", "access", "authenticationFlowBindingOverrides", "protocolMappers", "notBefore"];

pub(super) fn read(value: &Value) -> Option<Reading> {
    let (clients, left) = match value {
        Value::Array(clients) => (clients.iter().collect(), Vec::new()),
        Value::Object(realm) if realm.contains_key("realm") => {
            let clients = realm.get("clients")?.as_array()?;
            (clients.iter().collect(), vec!["everything of the realm but its clients".to_owned()])
        }
        Value::Object(_) => (vec![value], Vec::new()),
        _ => return None,
    };
    let is_client = |client: &&Value| text_of(client, "clientId").is_some() && client.get("values").is_none();
    if !clients.iter().all(is_client) || clients.is_empty() {
        return None;
    }
    let mut reading = Reading { source: Source::Keycloak, clients: Vec::new(), left };
    for client in clients {
        let id = text_of(client, "clientId").unwrap_or_default();
        match unusable(client) {
            Some(why) => reading.left.push(format!("{id}: {why}")),
            None => reading.clients.push(taken(client, id)),
        }
    }
    Some(reading)
}

fn unusable(client: &Value) -> Option<&'static str> {
    let is = |name: &str, wanted: bool| client.get(name).and_then(Value::as_bool) == Some(wanted);
    if client.get("protocol").and_then(Value::as_str).is_some_and(|protocol| protocol != "openid-connect") {
        Some("not a client of OpenID Connect")
    } else if is("bearerOnly", true) {
        Some("it only takes tokens, nobody logs in with it")
    } else if is("standardFlowEnabled", false) {
        Some("the authorization code flow is off")
    } else {
        None
    }
}

fn taken(client: &Value, id: &str) -> ForeignClient {
    let mut taken =
        ForeignClient { client_id: id.to_owned(), took: vec!["clientId".to_owned()], ..ForeignClient::default() };
    let name = text_of(client, "name").filter(|name| !name.contains("${"));
    name.unwrap_or(id).clone_into(&mut taken.name);
    taken.took.extend(name.map(|_| "name".to_owned()));
    if let Some(secret) = text_of(client, "secret") {
        if secret == MASKED || is_placeholder(secret) {
            taken.left.push("secret: Keycloak did not show it; copy it from the client's Credentials".to_owned());
        } else {
            taken.secret = Some(Secret::new(secret));
            taken.took.push("secret".to_owned());
        }
    }
    let root = text_of(client, "rootUrl").filter(|root| !is_placeholder(root));
    let uris: Vec<String> = client
        .get("redirectUris")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        // A path hangs on the root URL.
        .map(|uri| {
            if uri.starts_with('/') {
                format!("{}{uri}", root.unwrap_or_default().trim_end_matches('/'))
            } else {
                uri.to_owned()
            }
        })
        .collect();
    let (usable, left) = usable_redirect_uris(uris.iter().map(String::as_str));
    taken.redirect_uris = usable;
    if !taken.redirect_uris.is_empty() {
        taken.took.push("redirectUris".to_owned());
    }
    taken.left.extend(left.into_iter().map(|uri| format!("redirectUris: {uri}")));
    taken.authentication = authentication(client);
    leave_the_rest(client, &mut taken);
    taken
}

fn authentication(client: &Value) -> Option<ClientAuthentication> {
    if client.get("publicClient").and_then(Value::as_bool) == Some(true) {
        return Some(ClientAuthentication::None);
    }
    match text_of(client, "clientAuthenticatorType")? {
        "client-secret-jwt" => Some(ClientAuthentication::ClientSecretJwt),
        "client-jwt" => Some(ClientAuthentication::PrivateKeyJwt),
        _ => None,
    }
}

fn leave_the_rest(client: &Value, taken: &mut ForeignClient) {
    let read = [
        "clientId",
        "name",
        "secret",
        "redirectUris",
        "rootUrl",
        "publicClient",
        "clientAuthenticatorType",
        "protocol",
    ];
    let is_rest = |name: &&String| !read.contains(&name.as_str()) && !OF_NO_CONCERN.contains(&name.as_str());
    taken.left.extend(client.as_object().into_iter().flat_map(|members| members.keys()).filter(is_rest).cloned());
}
