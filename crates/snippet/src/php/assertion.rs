//! The signed assertion in PHP.

use super::quoted;
use gatewright_protocol::jose::Curve;

use crate::recipe::{Assertion, Scheme, coordinate_length, openssl_name};
use crate::source::Source;

/// Reads the private key, before anybody is sent to a browser in vain.
pub(super) fn key(source: &mut Source, assertion: &Assertion) {
    source.comment(&assertion.key_remark());
    source.add("$keyFile = getenv(\"CLIENT_KEY_FILE\") ?: fail(\"Set CLIENT_KEY_FILE to the path of the private key of this client.\");");
    let is_another = match assertion.scheme() {
        Scheme::Ed25519 => {
            // PKCS #8 in DER has the identifier of the algorithm and the seed of the key at the same places for every such key (RFC 8410 §7).
            source.add("$key = base64_decode(preg_replace(\"/-----[^-]+-----/\", \"\", (string) file_get_contents($keyFile)));");
            "substr($key, 9, 3) !== \"\\x2b\\x65\\x70\"".to_owned()
        }
        Scheme::Ecdsa(curve) => {
            source.add("$key = openssl_pkey_get_private((string) file_get_contents($keyFile));");
            format!(
                "!$key || (openssl_pkey_get_details($key)[\"ec\"][\"curve_name\"] ?? \"\") !== \"{}\"",
                openssl_name(curve)
            )
        }
        Scheme::Hmac | Scheme::Pkcs1 | Scheme::Pss => {
            source.add("$key = openssl_pkey_get_private((string) file_get_contents($keyFile));");
            "!$key || openssl_pkey_get_details($key)[\"type\"] !== OPENSSL_KEYTYPE_RSA".to_owned()
        }
    };
    source.open(format!("if ({is_another}) {{"));
    source.add(format!("fail({});", quoted(&assertion.key_complaint()))).close("}");
}

/// Makes the assertion.
pub(super) fn write(source: &mut Source, assertion: &Assertion) {
    source.add("$now = time();").open("$claims = [");
    source.add("\"iss\" => (string) CLIENT_ID,").add("\"sub\" => (string) CLIENT_ID,");
    source.add(format!("\"aud\" => {},", quoted(&assertion.audience)));
    source
        .add("\"jti\" => bin2hex(random_bytes(16)),")
        .add("\"iat\" => $now,")
        .add("\"exp\" => $now + 60,")
        .close("];");
    let header = assertion.header(|name, value| format!("\"{name}\" => {}", quoted(value)));
    source.add(format!("$unsigned = base64url(json_encode([{header}], JSON_THROW_ON_ERROR));"));
    source.add("$unsigned .= \".\" . base64url(json_encode($claims, JSON_THROW_ON_ERROR));");
    let bits = assertion.bits();
    match assertion.scheme() {
        Scheme::Hmac => {
            source.add(format!("$signature = hash_hmac(\"sha{bits}\", $unsigned, $clientSecret, true);"));
        }
        Scheme::Ed25519 => {
            source.add("$pair = sodium_crypto_sign_seed_keypair(substr($key, 16, 32));");
            source.add("$signature = sodium_crypto_sign_detached($unsigned, sodium_crypto_sign_secretkey($pair));");
        }
        Scheme::Pss => {
            source.add(format!("$signature = signWithPss($unsigned, $key, \"sha{bits}\");"));
        }
        Scheme::Pkcs1 | Scheme::Ecdsa(_) => {
            source.open(format!("if (!openssl_sign($unsigned, $signature, $key, \"sha{bits}\")) {{"));
            source.add("fail(\"The private key signed nothing.\");").close("}");
        }
    }
    if matches!(assertion.scheme(), Scheme::Ecdsa(_)) {
        source.add("$signature = sideBySide($signature);");
    }
    source.add("$assertion = $unsigned . \".\" . base64url($signature);");
}

/// What the assertion needs beside the program's own functions.
pub(super) fn functions(source: &mut Source, assertion: &Assertion) {
    match assertion.scheme() {
        Scheme::Ecdsa(curve) => side_by_side(source, curve),
        Scheme::Pss => sign_with_pss(source),
        Scheme::Hmac | Scheme::Pkcs1 | Scheme::Ed25519 => {}
    }
}

/// The padding of RSA-PSS, which `openssl_sign` does not know.
fn sign_with_pss(source: &mut Source) {
    source.gap().add(
        "/** RSA with PSS (RFC 8017 §8.1.1): openssl_sign pads in the older way only, so the padding is done here. */",
    );
    source.add("function signWithPss(string $message, OpenSSLAsymmetricKey $key, string $hash): string").open("{");
    source
        .add("$bits = openssl_pkey_get_details($key)[\"bits\"];")
        .add("$length = intdiv($bits + 6, 8);")
        .add("$digest = hash($hash, $message, true);")
        .add("$salt = random_bytes(strlen($digest));")
        .add("$seed = hash($hash, str_repeat(\"\\0\", 8) . $digest . $salt, true);")
        .add("$block = str_pad(\"\\x01\" . $salt, $length - strlen($seed) - 1, \"\\0\", STR_PAD_LEFT);")
        .add("$mask = \"\";")
        .open("for ($count = 0; strlen($mask) < strlen($block); $count++) {");
    source.add("$mask .= hash($hash, $seed . pack(\"N\", $count), true);").close("}");
    source
        .add("$block = $block ^ $mask;")
        .add("// The number has one bit less than the key.")
        .add("$block[0] = chr(ord($block[0]) & (0xff >> (8 * $length - $bits + 1)));")
        .add("$padded = str_pad(\"{$block}{$seed}\\xbc\", intdiv($bits + 7, 8), \"\\0\", STR_PAD_LEFT);")
        .open("if (!openssl_private_encrypt($padded, $signature, $key, OPENSSL_NO_PADDING)) {");
    source.add("fail(\"The private key signed nothing.\");").close("}").add("return $signature;").close("}");
}

/// An ECDSA signature in the form of RFC 7518 §3.4.
fn side_by_side(source: &mut Source, curve: Curve) {
    source
        .gap()
        .add("/** The two numbers of an ECDSA signature side by side (RFC 7518 §3.4): OpenSSL writes them as DER. */");
    source.add("function sideBySide(string $der): string").open("{");
    source
        .add("$place = ord($der[1]) > 0x80 ? 3 : 2;")
        .add("$numbers = \"\";")
        .open("foreach ([\"r\", \"s\"] as $_) {");
    source.add("$number = ltrim(substr($der, $place + 2, ord($der[$place + 1])), \"\\0\");");
    source.add(format!("$numbers .= str_pad($number, {}, \"\\0\", STR_PAD_LEFT);", coordinate_length(curve)));
    source.add("$place += 2 + ord($der[$place + 1]);").close("}").add("return $numbers;").close("}");
}
