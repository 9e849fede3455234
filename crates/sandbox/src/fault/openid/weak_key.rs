//! Keys too weak to trust. They are fixed, for anybody with a desktop computer could find their private halves; no library makes or uses such
//! keys any more, and so the signature is worked out here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The name under which a weak key is published.
pub(super) const KID: &str = "weak";

/// Modulus and private exponent of a 512-bit key; the public exponent is 65537.
const RSA_512: (&str, &str) = (
    "b86415b236ff168126dc6fc5b2a534e495c00d7e26958607cdce75f65cfc6c1b3e38c4a0cf349c51de155407f40ced6c0bd289a759fd96f7739e0b5e1160b61b",
    "a6eb3b54c442715de30f0443c46f978d221ee4580197b3e8569f82dbcddb58045b26091e337d7aa30ab0b2b5ff024b0334b77c7654e463911c09d3ca1991f339",
);
/// The same of a 1024-bit key.
const RSA_1024: (&str, &str) = (
    "c0177064714dc6192767e866e9770b1b292d3271608fad31410dc8824884c38cde6113565fc84a14847e2bad9477880023593906dc9c09beda931b0510bc39ce\
     181a989732c7328d226a412dd47407abfbb91ae14dc12607fccc9a7dcd3fa5228aaef46199831ded1c201db70020a47ab0687e51651a6a9bb466d7af1d4fbe71",
    "3ae7b52687fc42903a1e4a0d2cf0bd6e21cd63579335dbf56bae8f5b2c63d217a3a5ff29108c39f35ac1da210b93301862be9c9737157e839141651ac38c04e9\
     5f419709d9ccf60c99a0234b669932c36fe46c9a416b8675ba0a5c7c9f8747d1540386d16e1656396acec7e77f07b35ef6f66b8d90626876e9338ab59d232475",
);
/// The base point of P-192 (FIPS 186-4 §D.1.2.1), which is the public key of the private key 1.
const P_192: (&str, &str) =
    ("188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012", "07192b95ffc8da78631011ed6b24cdd573f977a11e794811");

/// What stands before the digest in an RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017 §9.2).
const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// The public key of a variant of ID-29.
pub(super) fn public(variant: &str) -> Option<Value> {
    let encoded = |hex: &str| Some(URL_SAFE_NO_PAD.encode(number(hex)?.to_bytes_be()));
    let rsa = |(modulus, _): (&str, &str)| {
        Some(json!({"kid": KID, "kty": "RSA", "alg": "RS256", "use": "sig", "n": encoded(modulus)?, "e": "AQAB"}))
    };
    match variant {
        "rsa_512" => rsa(RSA_512),
        "rsa_1024" => rsa(RSA_1024),
        _ => {
            let (x, y) = P_192;
            Some(json!({
                "kid": KID, "kty": "EC", "alg": "ES256", "use": "sig", "crv": "P-192",
                "x": encoded(x)?, "y": encoded(y)?,
            }))
        }
    }
}

/// The algorithm the header names.
pub(super) fn algorithm(variant: &str) -> &'static str {
    if variant == "p_192" { "ES256" } else { "RS256" }
}

/// The signature over `message`. On P-192 it is one of the right length only: no algorithm is registered for the curve, so nobody can
/// tell.
pub(super) fn signature(variant: &str, message: &[u8]) -> Option<Vec<u8>> {
    match variant {
        "rsa_512" => rsa_signature(RSA_512, message),
        "rsa_1024" => rsa_signature(RSA_1024, message),
        _ => Some([Sha256::digest(message).as_slice(), &[1; 16]].concat()),
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.1).
fn rsa_signature((modulus, exponent): (&str, &str), message: &[u8]) -> Option<Vec<u8>> {
    let length = modulus.len() / 2;
    let digest = [&DIGEST_INFO[..], Sha256::digest(message).as_slice()].concat();
    let padding = vec![0xff; length.checked_sub(digest.len() + 3)?];
    let padded = [&[0, 1][..], &padding, &[0], &digest].concat();
    let signature = BigUint::from_bytes_be(&padded).modpow(&number(exponent)?, &number(modulus)?).to_bytes_be();
    Some([vec![0; length - signature.len()], signature].concat())
}

fn number(hex: &str) -> Option<BigUint> {
    BigUint::parse_bytes(hex.as_bytes(), 16)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use sha2::{Digest, Sha256};

    use super::{DIGEST_INFO, RSA_512, RSA_1024, number, signature};

    #[test]
    fn a_weak_signature_is_a_right_one_all_the_same() {
        for (variant, (modulus, _)) in [("rsa_512", RSA_512), ("rsa_1024", RSA_1024)] {
            let signature = BigUint::from_bytes_be(&signature(variant, b"message").unwrap());
            let opened = signature.modpow(&BigUint::from(65537_u32), &number(modulus).unwrap()).to_bytes_be();
            let expected = [&DIGEST_INFO[..], Sha256::digest(b"message").as_slice()].concat();
            assert!(opened.ends_with(&expected), "{variant}");
        }
    }
}
