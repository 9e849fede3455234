//! Looking into a token without believing it: what a decoder shows.

use serde_json::{Map, Value};

use crate::document::{self, Document};
use crate::id_token::{NoTime, seconds};
use crate::inert::inert;
use crate::jose::decode;

/// The longest token that is looked into: as long as the longest answer.
const LONGEST: usize = 1024 * 1024;

/// Claims that are times: RFC 7519 §4.1, OpenID Connect Core §2, OpenID Connect Core §5.1.
const TIMES: [&str; 5] = ["exp", "iat", "nbf", "auth_time", "updated_at"];

/// What a token turns out to be. Nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwtView {
    /// A signed JWT, or one that says it is: three parts, two of them JSON objects.
    Signed(DecodedJwt),
    /// An encrypted JWT (RFC 7516): five parts, of which only the header can be read.
    Encrypted {
        /// The header's parameters, as in [`DecodedJwt`].
        header: Vec<(String, String)>,
    },
    /// Not a JWT: only the server that issued it can say what it means.
    Opaque,
}

/// The readable parts of a JWT. Names and values are inert; a text stands without quotes, everything else as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedJwt {
    /// The header's parameters, in their order.
    pub header: Vec<(String, String)>,
    /// The claims, in their order.
    pub claims: Vec<(String, String)>,
    /// Those claims that are times.
    pub times: Vec<ClaimTime>,
    /// A member of header or claims that is there twice; only the first is shown.
    pub twice: Option<String>,
    /// There is no signature at all.
    pub is_unsigned: bool,
}

/// A claim that is a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimTime {
    /// Its name.
    pub claim: &'static str,
    /// Seconds since 1970.
    pub seconds: i64,
    /// It counts milliseconds, which no reader of a JWT expects (RFC 7519 §2); `seconds` is what was probably meant.
    pub in_milliseconds: bool,
}

impl JwtView {
    /// Looks into a token.
    pub fn of(token: &str) -> Self {
        if token.len() > LONGEST {
            return Self::Opaque;
        }
        let parts: Vec<&str> = token.split('.').collect();
        match parts[..] {
            [header, claims, signature] => {
                object(header).zip(object(claims)).map_or(Self::Opaque, |(header, claims)| {
                    Self::Signed(DecodedJwt::of(&header, &claims, signature.is_empty()))
                })
            }
            [header, ..] if parts.len() == 5 => object(header)
                .filter(|header| header.value.get("enc").is_some())
                .map_or(Self::Opaque, |header| Self::Encrypted { header: shown(&header) }),
            _ => Self::Opaque,
        }
    }
}

impl DecodedJwt {
    fn of(header: &Document, claims: &Document, is_unsigned: bool) -> Self {
        let twice = header.duplicate.as_ref().or(claims.duplicate.as_ref());
        Self {
            header: shown(header),
            claims: shown(claims),
            times: claims.value.as_object().map(times).unwrap_or_default(),
            twice: twice.map(|name| inert(name)),
            is_unsigned,
        }
    }
}

/// The JSON object in a part.
fn object(part: &str) -> Option<Document> {
    let bytes = decode(part)?;
    let document = document::read(std::str::from_utf8(&bytes).ok()?).ok()?;
    document.value.is_object().then_some(document)
}

/// The members in their order; numbers keep the digits they were written with.
fn shown(document: &Document) -> Vec<(String, String)> {
    let members = document.value.as_object().into_iter().flatten();
    let text = |name: &str, value: &Value| {
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        document.text_at(&pointer).unwrap_or_else(|| value.to_string())
    };
    members.map(|(name, value)| (inert(name), inert(&text(name, value)))).collect()
}

fn times(claims: &Map<String, Value>) -> Vec<ClaimTime> {
    let time = |claim: &'static str| {
        let Value::Number(number) = claims.get(claim)? else { return None };
        match seconds(number) {
            Ok(seconds) => Some(ClaimTime { claim, seconds, in_milliseconds: false }),
            Err(NoTime::Milliseconds(milliseconds)) => {
                Some(ClaimTime { claim, seconds: milliseconds / 1000, in_milliseconds: true })
            }
            Err(NoTime::Beyond) => None,
        }
    };
    TIMES.into_iter().filter_map(time).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::jose::SigningAlgorithm;
    use crate::jose::test_keys::{signed, with_header};

    fn decoded(token: &str) -> DecodedJwt {
        match JwtView::of(token) {
            JwtView::Signed(decoded) => decoded,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn header_and_claims_are_shown_in_their_order_and_times_pointed_out() {
        let claims =
            json!({ "sub": "alice", "exp": 1_700_000_600, "aud": ["a"], "iat": 1_700_000_000_000_u64, "nbf": "x" });
        let view = decoded(&signed(SigningAlgorithm::Es256, &claims));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(view.header, [pair("alg", "ES256"), pair("typ", "JWT"), pair("kid", "k1")]);
        assert_eq!(view.claims[0], pair("sub", "alice"));
        assert_eq!(view.claims[2], pair("aud", r#"["a"]"#));
        let time = |claim, seconds, in_milliseconds| ClaimTime { claim, seconds, in_milliseconds };
        assert_eq!(view.times, [time("exp", 1_700_000_600, false), time("iat", 1_700_000_000, true)]);
        assert!(!view.is_unsigned);
    }

    #[test]
    fn what_is_shown_is_inert_and_keeps_its_digits() {
        let payload = "{\"n\u{202e}\":\"\\u001b[31m\",\"id\":12345678901234567890123,\"a/b~c\":1e2,\"a\":1,\"a\":2}";
        let view = decoded(&with_header(&json!({ "alg": "none" }), payload));
        let shown: Vec<_> = view.claims.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(shown, ["n\\u{202e}=\\u{1b}[31m", "id=12345678901234567890123", "a/b~c=1e2", "a=1"]);
        assert_eq!(view.twice.as_deref(), Some("a"));
    }

    #[test]
    fn a_token_without_a_signature_is_told_apart() {
        let token = with_header(&json!({ "alg": "none" }), "{}");
        let (input, _) = token.rsplit_once('.').unwrap();
        assert!(decoded(&format!("{input}.")).is_unsigned);
    }

    #[test]
    fn a_token_that_is_no_jwt_is_opaque() {
        for token in ["", "abc", "a.b.c", "gho_16C7e42F292c6912E7710c838347Ae178B4a", "..", "....", "e30.W10.x"] {
            assert_eq!(JwtView::of(token), JwtView::Opaque, "{token}");
        }
        assert_eq!(JwtView::of(&"a".repeat(LONGEST + 1)), JwtView::Opaque);
    }

    #[test]
    fn of_an_encrypted_token_only_the_header_is_shown() {
        // {"alg":"RSA-OAEP","enc":"A256GCM"}
        let token = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d";
        let JwtView::Encrypted { header } = JwtView::of(token) else { panic!() };
        assert_eq!(header[1], ("enc".to_owned(), "A256GCM".to_owned()));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_decoder_panic_or_brings_a_control_character_through(
            token in "\\PC{0,200}|[A-Za-z0-9_-]{0,80}(\\.[A-Za-z0-9_-]{0,80}){0,5}", payload in "\\PC{0,80}",
        ) {
            let _ = JwtView::of(&token);
            let claims = json!({ payload.clone(): payload }).to_string();
            if let JwtView::Signed(view) = JwtView::of(&with_header(&json!({ "alg": "ES256" }), &claims)) {
                prop_assert!(!view.claims.iter().any(|(name, value)| name.chars().chain(value.chars()).any(char::is_control)));
            }
        }
    }
}
