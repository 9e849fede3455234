//! The signed assertion in Go.

use gatewright_protocol::jose::Curve;

use super::quoted;
use crate::recipe::{Assertion, Scheme, coordinate_length};
use crate::source::Source;

/// Which packages the assertion needs.
pub(super) fn needs(assertion: Option<&Assertion>, package: &str) -> bool {
    let Some(assertion) = assertion else { return false };
    let (scheme, bits) = (assertion.scheme(), assertion.bits());
    let is_signed = scheme != Scheme::Hmac;
    match package {
        "crypto" | "crypto/rsa" => matches!(scheme, Scheme::Pkcs1 | Scheme::Pss),
        "crypto/ecdsa" | "crypto/elliptic" => matches!(scheme, Scheme::Ecdsa(_)),
        "crypto/ed25519" => scheme == Scheme::Ed25519,
        "crypto/hmac" => !is_signed,
        "crypto/sha256" => scheme != Scheme::Ed25519 && bits == 256,
        "crypto/sha512" => scheme != Scheme::Ed25519 && bits > 256,
        "crypto/x509" | "encoding/pem" => is_signed,
        "encoding/hex" => true,
        _ => false,
    }
}

/// Reads the private key, before anybody is sent to a browser in vain.
pub(super) fn key(source: &mut Source, assertion: &Assertion) {
    source.comment(&assertion.key_remark());
    source.add("keyFile := os.Getenv(\"CLIENT_KEY_FILE\")").open("if keyFile == \"\" {");
    source.add("log.Fatal(\"Set CLIENT_KEY_FILE to the path of the private key of this client.\")").close("}");
    source.add("key := privateKey(keyFile)");
}

/// Makes the assertion.
pub(super) fn write(source: &mut Source, assertion: &Assertion) {
    let header = assertion.header(|name, value| format!("\"{name}\": {}", quoted(value)));
    source.add(format!("header, err := json.Marshal(map[string]string{{{header}}})")).add("check(err)");
    source.add("now := time.Now().Unix()").open("claims, err := json.Marshal(map[string]any{");
    source.add("\"iss\": fmt.Sprint(clientID),").add("\"sub\": fmt.Sprint(clientID),");
    source.add(format!("\"aud\": {},", quoted(&assertion.audience)));
    source.add("\"jti\": hex.EncodeToString(random(16)),");
    source.add("\"iat\": now,").add("\"exp\": now + 60,").close("})").add("check(err)");
    source.add("unsigned := base64.RawURLEncoding.EncodeToString(header) + \".\" + base64.RawURLEncoding.EncodeToString(claims)");
    signature(source, assertion);
    source.add("assertion := unsigned + \".\" + base64.RawURLEncoding.EncodeToString(signature)");
}

fn signature(source: &mut Source, assertion: &Assertion) {
    let (bits, scheme) = (assertion.bits(), assertion.scheme());
    let package = if bits == 256 { "sha256" } else { "sha512" };
    match scheme {
        Scheme::Hmac => {
            let hash = if bits == 384 { "New384" } else { "New" };
            source.add(format!("mac := hmac.New({package}.{hash}, []byte(clientSecret))"));
            source.add("mac.Write([]byte(unsigned))").add("signature := mac.Sum(nil)");
            return;
        }
        Scheme::Ed25519 => {
            source.add("signature := ed25519.Sign(key, []byte(unsigned))");
            return;
        }
        Scheme::Pkcs1 | Scheme::Pss | Scheme::Ecdsa(_) => {
            source.add(format!("hash := {package}.Sum{bits}([]byte(unsigned))"));
        }
    }
    match scheme {
        Scheme::Ecdsa(curve) => {
            let length = coordinate_length(curve);
            source.add("// The two numbers of the signature stand side by side (RFC 7518 §3.4).");
            source.add("r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])").add("check(err)");
            source.add(format!(
                "signature := append(r.FillBytes(make([]byte, {length})), s.FillBytes(make([]byte, {length}))...)"
            ));
        }
        Scheme::Pss => {
            source.add("options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}");
            source.add(format!("signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA{bits}, hash[:], options)"));
            source.add("check(err)");
        }
        Scheme::Pkcs1 | Scheme::Hmac | Scheme::Ed25519 => {
            source.add(format!("signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA{bits}, hash[:])"));
            source.add("check(err)");
        }
    }
}

/// What the assertion needs beside the program's own functions.
pub(super) fn functions(source: &mut Source, assertion: &Assertion) {
    let (kind, is_another) = match assertion.scheme() {
        Scheme::Hmac => return,
        Scheme::Pkcs1 | Scheme::Pss => ("*rsa.PrivateKey", "!fits".to_owned()),
        Scheme::Ecdsa(curve) => ("*ecdsa.PrivateKey", format!("!fits || key.Curve != elliptic.{}()", go_name(curve))),
        Scheme::Ed25519 => ("ed25519.PrivateKey", "!fits".to_owned()),
    };
    source.gap().add("// privateKey reads the key that signs.");
    source.open(format!("func privateKey(path string) {kind} {{"));
    source.add("text, err := os.ReadFile(path)").add("check(err)").add("block, _ := pem.Decode(text)");
    let complaint = format!("log.Fatal({})", quoted(&assertion.key_complaint()));
    source.open("if block == nil {").add(&complaint).close("}");
    source.add("parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)").add("check(err)");
    source.add(format!("key, fits := parsed.({kind})"));
    source.open(format!("if {is_another} {{")).add(&complaint).close("}").add("return key").close("}");
}

const fn go_name(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "P256",
        Curve::P384 => "P384",
        Curve::P521 => "P521",
    }
}
