//! Client authentication (RFC 6749 §2.3): how a client proves at an endpoint who it is.

mod assertion;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use assertion::{ASSERTION_SECONDS, ClientAssertion, JTI_BYTES};

use crate::http::{Reference, Value};
use crate::{ClientId, Secret};

/// The one type of assertion that we send (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How one client proves who it is, with everything the proof needs. A request takes it in whole.
#[derive(Clone, Debug)]
pub struct ClientAuthentication {
    id: ClientId,
    proof: Proof,
}

#[derive(Clone, Debug)]
enum Proof {
    Nothing,
    Body(Secret, Reference),
    Basic(Secret, Reference),
    Assertion(ClientAssertion),
}

impl ClientAuthentication {
    /// No proof: a public client says its name alone (RFC 6749 §3.2.1).
    pub const fn none(id: ClientId) -> Self {
        Self { id, proof: Proof::Nothing }
    }

    /// Id and secret as fields of the body (RFC 6749 §2.3.1, second form); a transcript shows `reference`.
    pub const fn body(id: ClientId, secret: Secret, reference: Reference) -> Self {
        Self { id, proof: Proof::Body(secret, reference) }
    }

    /// HTTP Basic (RFC 6749 §2.3.1). Id and secret are form-encoded first, which many clients forget.
    pub const fn basic(id: ClientId, secret: Secret, reference: Reference) -> Self {
        Self { id, proof: Proof::Basic(secret, reference) }
    }

    /// A signed assertion in the body (RFC 7523 §2.2): `client_secret_jwt` or `private_key_jwt`, by the key it was signed with.
    pub const fn assertion(id: ClientId, assertion: ClientAssertion) -> Self {
        Self { id, proof: Proof::Assertion(assertion) }
    }

    /// The `Authorization` header, where the proof is one.
    pub(crate) fn header(&self) -> Option<Value> {
        let Proof::Basic(secret, reference) = &self.proof else { return None };
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = Secret::new(format!("{}:{}", encode(&self.id.to_string()), encode(secret.expose())));
        Some(Value::Scheme("Basic", Secret::new(STANDARD.encode(pair.expose())), reference.clone()))
    }

    /// The fields of the body. With HTTP Basic there are none, for a client must not prove itself twice (RFC 6749 §2.3).
    pub(crate) fn fields(&self) -> Vec<(&'static str, Value)> {
        let id = ("client_id", Value::ClientId(self.id.clone()));
        match &self.proof {
            Proof::Basic(..) => Vec::new(),
            Proof::Nothing => vec![id],
            Proof::Body(secret, reference) => {
                vec![id, ("client_secret", Value::Secret(secret.clone(), reference.clone()))]
            }
            Proof::Assertion(assertion) => {
                vec![id, ("client_assertion_type", Value::from(JWT_BEARER)), ("client_assertion", assertion.value())]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id() -> ClientId {
        ClientId::Text("my app".into())
    }

    fn decoded(client: &ClientAuthentication) -> String {
        let header = client.header().unwrap().expose();
        String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap()).unwrap()
    }

    fn names(client: &ClientAuthentication) -> Vec<&'static str> {
        client.fields().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn basic_form_encodes_id_and_secret_first_and_puts_nothing_into_the_body() {
        let client = ClientAuthentication::basic(id(), Secret::new("p:ss w+rd"), Reference::client_secret(1));
        assert_eq!(decoded(&client), "my+app:p%3Ass+w%2Brd");
        assert_eq!(names(&client), [""; 0]);
    }

    #[test]
    fn a_secret_in_the_body_stands_behind_the_id_and_in_no_header() {
        let client = ClientAuthentication::body(id(), Secret::new("s"), Reference::client_secret(1));
        assert!(client.header().is_none());
        assert_eq!(names(&client), ["client_id", "client_secret"]);
    }

    #[test]
    fn a_public_client_says_its_name_alone() {
        let client = ClientAuthentication::none(id());
        assert!(client.header().is_none());
        assert_eq!(names(&client), ["client_id"]);
    }

    #[test]
    fn a_debug_print_shows_no_secret() {
        let secret = || Secret::new("canary-secret");
        for client in [
            ClientAuthentication::body(id(), secret(), Reference::client_secret(1)),
            ClientAuthentication::basic(id(), secret(), Reference::client_secret(1)),
        ] {
            let shown = format!("{client:?} {:?} {:?}", client.header(), client.fields());
            assert!(!shown.contains("canary") && !shown.contains("Y2FuYXJ5"), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn any_id_and_secret_can_be_told_apart_in_a_basic_header(name in "[ -~]{1,20}", secret in "\\PC{1,40}") {
            let client =
                ClientAuthentication::basic(ClientId::Text(name.clone()), Secret::new(secret.clone()), Reference::client_secret(1));
            let pair = decoded(&client);
            let (left, right) = pair.split_once(':').unwrap();
            let read = |text: &str| form_urlencoded::parse(format!("x={text}").as_bytes()).next().unwrap().1.into_owned();
            prop_assert_eq!(read(left), name);
            prop_assert_eq!(read(right), secret);
        }
    }
}
