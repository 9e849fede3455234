//! Writing the body of a request in the encoding its provider wants.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::http::{Body, BodyEncoding, Value};

/// A body as it goes over the wire. Its memory is wiped when it goes.
pub struct WrittenBody {
    /// The `Content-Type` header.
    pub content_type: String,
    /// The bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl Body {
    /// Writes the fields in the body's encoding, in their order.
    pub fn write(&self) -> WrittenBody {
        match self.encoding {
            BodyEncoding::Form => self.write_form(),
            BodyEncoding::Json => self.write_json(),
            BodyEncoding::Multipart => self.write_multipart(),
        }
    }

    fn write_form(&self) -> WrittenBody {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.fields {
            form.append_pair(name, &value.expose());
        }
        WrittenBody {
            content_type: "application/x-www-form-urlencoded".to_owned(),
            bytes: Zeroizing::new(form.finish().into_bytes()),
        }
    }

    fn write_json(&self) -> WrittenBody {
        let mut object: Map<String, Json> = Map::new();
        for (name, value) in &self.fields {
            let json = match value {
                Value::ClientId(id) => id.to_json(),
                Value::Json(json) => json.clone(),
                other => Json::String(other.expose()),
            };
            // A form repeats a name, an object cannot: there the values become a list.
            match object.get_mut(name) {
                None => drop(object.insert(name.clone(), json)),
                Some(Json::Array(values)) => values.push(json),
                Some(first) => *first = Json::Array(vec![first.take(), json]),
            }
        }
        WrittenBody {
            content_type: "application/json".to_owned(),
            bytes: Zeroizing::new(Json::Object(object).to_string().into_bytes()),
        }
    }

    fn write_multipart(&self) -> WrittenBody {
        let boundary = self.boundary();
        let mut bytes = Zeroizing::new(Vec::new());
        for (name, value) in &self.fields {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(value.expose().as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        WrittenBody { content_type: format!("multipart/form-data; boundary={boundary}"), bytes }
    }

    /// A boundary that no value holds: a digest of all of them, so that nothing random is needed here.
    fn boundary(&self) -> String {
        let mut digest = Sha256::new();
        for (name, value) in &self.fields {
            digest.update(name.as_bytes());
            digest.update([0]);
            digest.update(value.expose().as_bytes());
            digest.update([0]);
        }
        format!("gatewright-{}", URL_SAFE_NO_PAD.encode(&digest.finalize()[..15]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::http::Reference;
    use crate::{ClientId, Secret};

    fn written(encoding: BodyEncoding, secret: &str) -> (String, String) {
        let secret = Value::Secret(Secret::new(secret), Reference::client_secret(1));
        let id = Value::ClientId(ClientId::Integer(7));
        let fields = vec![("client_id".to_owned(), id), ("client_secret".to_owned(), secret)];
        let written = Body { encoding, fields }.write();
        (written.content_type, String::from_utf8(written.bytes.to_vec()).unwrap())
    }

    #[test]
    fn an_integer_client_id_is_a_number_in_json_and_digits_in_a_form() {
        assert_eq!(written(BodyEncoding::Json, "s").1, r#"{"client_id":7,"client_secret":"s"}"#);
        assert_eq!(written(BodyEncoding::Form, "a b+c&d").1, "client_id=7&client_secret=a+b%2Bc%26d");
    }

    #[test]
    fn a_name_that_is_there_several_times_becomes_a_list_in_json() {
        let fields = ["a", "b", "c"].map(|value| ("resource".to_owned(), Value::from(value))).to_vec();
        let written = Body { encoding: BodyEncoding::Json, fields }.write();
        assert_eq!(std::str::from_utf8(&written.bytes).unwrap(), r#"{"resource":["a","b","c"]}"#);
    }

    #[test]
    fn multipart_is_written_as_curl_writes_it() {
        let (content_type, body) = written(BodyEncoding::Multipart, "s");
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let part = |name: &str, value: &str| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        assert_eq!(body, format!("{}{}--{boundary}--\r\n", part("client_id", "7"), part("client_secret", "s")));
    }

    proptest! {
        #[test]
        fn a_form_and_a_json_body_bring_any_secret_over_unchanged(secret in "\\PC{0,80}") {
            let (_, form) = written(BodyEncoding::Form, &secret);
            let found = form_urlencoded::parse(form.as_bytes()).nth(1).unwrap().1.into_owned();
            prop_assert_eq!(&found, &secret);
            let (_, json) = written(BodyEncoding::Json, &secret);
            let json: Json = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(json["client_secret"].as_str(), Some(secret.as_str()));
        }
    }
}
