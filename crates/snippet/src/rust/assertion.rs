//! The signed assertion in Rust. With a private key aws-lc-rs signs, which reqwest brings along for TLS anyway.

use gatewright_protocol::jose::Curve;

use super::quoted;
use crate::recipe::{Assertion, Scheme};
use crate::source::Source;

/// What is imported of aws-lc-rs.
pub(super) fn imports(source: &mut Source, assertion: &Assertion) {
    let names = match assertion.scheme() {
        Scheme::Hmac => return,
        Scheme::Ed25519 => "Ed25519KeyPair".to_owned(),
        Scheme::Ecdsa(_) => format!("{{{}, EcdsaKeyPair}}", method(assertion)),
        Scheme::Pkcs1 | Scheme::Pss => format!("{{{}, RsaKeyPair}}", method(assertion)),
    };
    if assertion.scheme() != Scheme::Ed25519 {
        source.add("use aws_lc_rs::rand::SystemRandom;");
    }
    source.add(format!("use aws_lc_rs::signature::{names};"));
}

/// Reads the private key, before anybody is sent to a browser in vain.
pub(super) fn key(source: &mut Source, assertion: &Assertion) {
    source.comment(&assertion.key_remark());
    source.add("let key_file = std::env::var(\"CLIENT_KEY_FILE\").map_err(|_| \"Set CLIENT_KEY_FILE to the path of the private key of this client.\")?;");
    source.add("let pem = std::fs::read_to_string(key_file)?;");
    source.add("let der = STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>())?;");
    let read = match assertion.scheme() {
        Scheme::Ed25519 => "Ed25519KeyPair::from_pkcs8(&der)".to_owned(),
        Scheme::Ecdsa(_) => format!("EcdsaKeyPair::from_pkcs8(&{}, &der)", method(assertion)),
        Scheme::Hmac | Scheme::Pkcs1 | Scheme::Pss => "RsaKeyPair::from_pkcs8(&der)".to_owned(),
    };
    source.add(format!("let key = {read}.map_err(|_| {})?;", quoted(&assertion.key_complaint())));
}

/// Makes the assertion.
pub(super) fn write(source: &mut Source, assertion: &Assertion) {
    source.add("let issued = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();");
    source.open("let claims = serde_json::json!({");
    source.add("\"iss\": CLIENT_ID.to_string(),").add("\"sub\": CLIENT_ID.to_string(),");
    source.add(format!("\"aud\": {},", quoted(&assertion.audience))).add("\"jti\": random()?,");
    source.add("\"iat\": issued,").add("\"exp\": issued + 60,").close("});");
    let header = assertion.header(|name, value| format!("\"{name}\": {}", quoted(value)));
    source.add(format!("let header = serde_json::json!({{ {header} }});"));
    source.add("let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());");
    source.add("let unsigned = format!(\"{}.{}\", part(&header), part(&claims));");
    match assertion.scheme() {
        Scheme::Hmac => {
            let bits = assertion.bits();
            source.add(format!("let mut mac = Hmac::<Sha{bits}>::new_from_slice(secret.as_bytes())?;"));
            source.add("mac.update(unsigned.as_bytes());");
            source.add("let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());");
        }
        Scheme::Ed25519 => {
            source.add("let signature = URL_SAFE_NO_PAD.encode(key.try_sign(unsigned.as_bytes())?);");
        }
        Scheme::Ecdsa(_) => {
            source.add("let signature = URL_SAFE_NO_PAD.encode(key.sign(&SystemRandom::new(), unsigned.as_bytes())?);");
        }
        Scheme::Pkcs1 | Scheme::Pss => {
            source.add("let mut signature = vec![0; key.public_modulus_len()];");
            let method = method(assertion);
            source.add(format!("key.sign(&{method}, &SystemRandom::new(), unsigned.as_bytes(), &mut signature)?;"));
            source.add("let signature = URL_SAFE_NO_PAD.encode(signature);");
        }
    }
    source.add("let assertion = format!(\"{unsigned}.{signature}\");");
}

/// What aws-lc-rs calls the algorithm.
fn method(assertion: &Assertion) -> String {
    match assertion.scheme() {
        Scheme::Ecdsa(Curve::P256) => "ECDSA_P256_SHA256_FIXED_SIGNING".to_owned(),
        Scheme::Ecdsa(Curve::P384) => "ECDSA_P384_SHA384_FIXED_SIGNING".to_owned(),
        Scheme::Ecdsa(Curve::P521) => "ECDSA_P521_SHA512_FIXED_SIGNING".to_owned(),
        Scheme::Pss => format!("RSA_PSS_SHA{}", assertion.bits()),
        Scheme::Pkcs1 | Scheme::Hmac | Scheme::Ed25519 => format!("RSA_PKCS1_SHA{}", assertion.bits()),
    }
}
