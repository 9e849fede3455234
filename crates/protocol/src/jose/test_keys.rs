//! Keys for tests. Those written out are the examples of the RFCs, so that nobody has to wonder whether they are in use.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
};
use serde_json::{Value, json};

use super::encoding::encode;
use super::{SigningAlgorithm, SigningKey, sign};
use crate::Secret;

/// The RSA key of RFC 7515 Appendix A.2.1.
pub(crate) fn rsa() -> Value {
    json!({
        "kty": "RSA",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
        "e": "AQAB",
        "d": "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
        "p": "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
        "q": "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
        "dp": "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
        "dq": "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
        "qi": "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U",
    })
}

/// The P-256 key of RFC 7515 Appendix A.3.1.
pub(crate) fn p256() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    })
}

/// The Ed25519 key of RFC 8037 Appendix A.1.
pub(crate) fn ed25519() -> Value {
    json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    })
}

/// A fresh P-384 key, the same for the whole test program.
pub(crate) fn p384() -> Value {
    static KEY: LazyLock<Value> = LazyLock::new(|| fresh("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING));
    KEY.clone()
}

/// A fresh P-521 key, the same for the whole test program.
pub(crate) fn p521() -> Value {
    static KEY: LazyLock<Value> = LazyLock::new(|| fresh("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING));
    KEY.clone()
}

fn fresh(name: &str, algorithm: &'static EcdsaSigningAlgorithm) -> Value {
    use aws_lc_rs::encoding::AsBigEndian as _;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at((pair.public_key().as_ref().len() - 1) / 2);
    let d = pair.private_key().as_be_bytes().unwrap();
    json!({ "kty": "EC", "crv": name, "x": encode(x), "y": encode(y), "d": encode(d.as_ref()) })
}

/// The private JWK an algorithm signs with.
pub(crate) fn private(algorithm: SigningAlgorithm) -> Value {
    match algorithm.name() {
        "ES256" => p256(),
        "ES384" => p384(),
        "ES512" => p521(),
        "EdDSA" => ed25519(),
        _ => rsa(),
    }
}

/// The public half of a JWK, under a name.
pub(crate) fn public(private: &Value, key_id: &str) -> Value {
    let mut members = private.as_object().unwrap().clone();
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        members.remove(name);
    }
    members.insert("kid".to_owned(), key_id.into());
    Value::Object(members)
}

/// The key to sign with.
pub(crate) fn signing(private: &Value) -> SigningKey {
    SigningKey::parse(&Secret::new(private.to_string())).unwrap()
}

/// Claims signed with the key that goes with the algorithm, named `k1`.
pub(crate) fn signed(algorithm: SigningAlgorithm, claims: &Value) -> String {
    sign(algorithm, &signing(&private(algorithm)), Some("k1"), claims).unwrap()
}

/// A token with any header, signed with ES256 whatever the header says.
pub(crate) fn with_header(header: &Value, payload: &str) -> String {
    let input = format!("{}.{}", encode(header.to_string()), encode(payload));
    let signature = super::sign::signature(SigningAlgorithm::Es256, &signing(&p256()), input.as_bytes()).unwrap();
    format!("{input}.{}", encode(signature))
}
