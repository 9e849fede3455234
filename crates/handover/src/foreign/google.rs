//! Google: `client_secret*.json`, as the Cloud console offers it for download.

use gatewright_protocol::Secret;
use serde_json::Value;

use super::{ForeignClient, Reading, Source, text_of, usable_redirect_uris};

pub(super) fn read(value: &Value) -> Option<Reading> {
    let (kind, client) = ["web", "installed"].into_iter().find_map(|kind| Some((kind, value.get(kind)?)))?;
    let client_id = text_of(client, "client_id")?;
    text_of(client, "auth_uri")?;
    let name = text_of(client, "project_id").unwrap_or("Google client");
    let mut taken =
        ForeignClient { name: name.to_owned(), client_id: client_id.to_owned(), ..ForeignClient::default() };
    taken.took.push("client_id".to_owned());
    if let Some(secret) = text_of(client, "client_secret") {
        taken.secret = Some(Secret::new(secret));
        taken.took.push("client_secret".to_owned());
    }
    let uris = client.get("redirect_uris").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let (usable, left) = usable_redirect_uris(uris);
    taken.redirect_uris = usable;
    if !taken.redirect_uris.is_empty() {
        taken.took.push("redirect_uris".to_owned());
    }
    taken.left.extend(left.into_iter().map(|uri| format!("redirect_uris: {uri}")));
    taken.endpoints =
        ["auth_uri", "token_uri"].into_iter().filter_map(|name| text_of(client, name)).map(str::to_owned).collect();
    let read = ["client_id", "client_secret", "redirect_uris", "auth_uri", "token_uri", "project_id"];
    let names = client.as_object().into_iter().flat_map(|members| members.keys());
    taken.left.extend(names.filter(|name| !read.contains(&name.as_str())).cloned());
    let left = if kind == "installed" {
        vec!["that it is an app on a computer: Gatewright treats it like any other client".to_owned()]
    } else {
        Vec::new()
    };
    Some(Reading { source: Source::Google, clients: vec![taken], left })
}
