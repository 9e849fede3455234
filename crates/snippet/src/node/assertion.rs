//! The signed assertion in JavaScript.

use super::quoted;
use crate::recipe::{Assertion, Scheme, openssl_name};
use crate::source::Source;

/// Reads the private key, before anybody is sent to a browser in vain.
pub(super) fn key(source: &mut Source, assertion: &Assertion) {
    source.comment(&assertion.key_remark());
    source.add("const CLIENT_KEY_FILE = process.env.CLIENT_KEY_FILE;");
    source.add("if (!CLIENT_KEY_FILE) fail(\"Set CLIENT_KEY_FILE to the path of the private key of this client.\");");
    source.add("const key = createPrivateKey(readFileSync(CLIENT_KEY_FILE));");
    let is_another = match assertion.scheme() {
        Scheme::Ecdsa(curve) => format!("key.asymmetricKeyDetails?.namedCurve !== \"{}\"", openssl_name(curve)),
        Scheme::Ed25519 => "key.asymmetricKeyType !== \"ed25519\"".to_owned(),
        Scheme::Hmac | Scheme::Pkcs1 | Scheme::Pss => "key.asymmetricKeyType !== \"rsa\"".to_owned(),
    };
    source.add(format!("if ({is_another}) fail({});", quoted(&assertion.key_complaint())));
}

/// Makes the assertion.
pub(super) fn write(source: &mut Source, assertion: &Assertion) {
    source.add("const segment = (value) => Buffer.from(JSON.stringify(value)).toString(\"base64url\");");
    source.add("const now = Math.floor(Date.now() / 1000);").open("const claims = {");
    source.add("iss: String(CLIENT_ID),").add("sub: String(CLIENT_ID),");
    source.add(format!("aud: {},", quoted(&assertion.audience)));
    source.add("jti: randomBytes(16).toString(\"hex\"),").add("iat: now,").add("exp: now + 60,").close("};");
    let header = assertion.header(|name, value| format!("{name}: {}", quoted(value)));
    source.add(format!("const header = {{ {header} }};"));
    source.add("const unsigned = `${segment(header)}.${segment(claims)}`;");
    source.add(format!("const signature = {};", signature(assertion)));
    source.add("const assertion = `${unsigned}.${signature}`;");
}

fn signature(assertion: &Assertion) -> String {
    let hash = format!("\"sha{}\"", assertion.bits());
    let (hash, key) = match assertion.scheme() {
        Scheme::Hmac => return format!("createHmac({hash}, CLIENT_SECRET).update(unsigned).digest(\"base64url\")"),
        Scheme::Pkcs1 => (hash, "key"),
        Scheme::Pss => {
            (hash, "{ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }")
        }
        Scheme::Ecdsa(_) => (hash, "{ key, dsaEncoding: \"ieee-p1363\" }"),
        Scheme::Ed25519 => ("null".to_owned(), "key"),
    };
    format!("sign({hash}, Buffer.from(unsigned), {key}).toString(\"base64url\")")
}
