//! Postman: an environment, or the globals, as exported.

use serde_json::Value;

use super::pairs::{Pair, clients_of};
use super::{Reading, Source, text_of};

pub(super) fn read(value: &Value) -> Option<Reading> {
    let values = value.get("values")?.as_array()?;
    let is_pair = |pair: &Value| pair.get("key").is_some() && pair.get("value").is_some();
    if !values.iter().all(is_pair) {
        return None;
    }
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for pair in values {
        let Some(key) = text_of(pair, "key") else { continue };
        if pair.get("enabled").and_then(Value::as_bool) == Some(false) {
            left.push(format!("{key}: switched off"));
        } else if let Some(value) = pair.get("value").and_then(Value::as_str) {
            pairs.push(Pair::new(key, value));
        } else {
            left.push(format!("{key}: not text"));
        }
    }
    let found = clients_of(pairs, text_of(value, "name").unwrap_or("Postman"));
    left.extend(found.left);
    Some(Reading { source: Source::Postman, clients: found.clients, left })
}
