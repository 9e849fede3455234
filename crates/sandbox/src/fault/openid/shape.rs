//! ID-22, ID-23 and ID-32: the signature is right, and what it is over is not written as it must be.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::id_token::IdToken;

/// ID-22: not the three parts of RFC 7515 §7.1 in strict base64url.
pub(super) fn misshapen(token: &IdToken, variant: &str) -> Option<String> {
    let right = token.signed()?;
    let (signed, signature) = right.rsplit_once('.')?;
    match variant {
        "two_parts" => Some(signed.to_owned()),
        "four_parts" => Some(format!("{right}.AAAA")),
        // As a JWE would look (RFC 7516 §7.1): header, key, initialization vector, ciphertext, tag.
        "five_parts" => {
            let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","cty":"JWT"}"#);
            Some(format!("{header}.{signature}.AAAAAAAAAAAAAAAA.{signature}.AAAAAAAAAAAAAAAAAAAAAA"))
        }
        "padding" => written_by(token, &header(token)?, &URL_SAFE),
        "standard_base64" => written_by(token, &header(token)?, &STANDARD_NO_PAD),
        _ => {
            let (first, rest) = signature.split_at(signature.len() / 2);
            Some(format!("{signed}.{first}\n {rest}"))
        }
    }
}

/// ID-32: the header is no JOSE header (RFC 7515 §4), and nothing else is wrong.
pub(super) fn headed(token: &IdToken, variant: &str) -> Option<String> {
    let right = header(token)?;
    let wrong = match variant {
        "not_json" => "this is no header".to_owned(),
        "array" => format!("[{right}]"),
        _ => right.replacen('{', "{\"alg\":\"none\",", 1),
    };
    written_by(token, &wrong, &URL_SAFE_NO_PAD)
}

fn header(token: &IdToken) -> Option<String> {
    serde_json::to_string(&token.header).ok()
}

/// The token with this header and in this alphabet, the signature over that.
fn written_by(token: &IdToken, header: &str, base64: &GeneralPurpose) -> Option<String> {
    let signed = format!("{}.{}", base64.encode(header), base64.encode(token.claims.to_json()));
    let signature = token.signer.signature(signed.as_bytes()).ok()?;
    Some(format!("{signed}.{}", base64.encode(signature)))
}

/// ID-23: the claims are no claims set (RFC 7519 §4).
pub(super) fn unreadable(token: &mut IdToken, variant: &str) -> Option<String> {
    match variant {
        "not_json" => token.signed_over("these are no claims"),
        "array" => token.signed_over(&format!("[{}]", token.claims.to_json())),
        _ => {
            token.claims.add("sub", "\"attacker\"");
            token.signed()
        }
    }
}
