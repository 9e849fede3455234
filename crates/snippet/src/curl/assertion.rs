//! The signed assertion in Bash: jq writes it, and openssl signs it.

use super::{json, quoted};
use crate::recipe::{Assertion, Recipe, Scheme, coordinate_length};
use crate::source::Source;

/// Learns where the private key is, before anybody is sent to a browser in vain. The path may stand in arguments: the key does not.
pub(super) fn key(source: &mut Source, assertion: &Assertion) {
    source.comment(&assertion.key_remark());
    source.add(": \"${CLIENT_KEY_FILE:?Set it to the path of the private key of this client.}\"");
    source.add("kind=$(openssl pkey -in \"$CLIENT_KEY_FILE\" -noout -text_pub)");
    let (mark, complaint) = (assertion.openssl_mark(), quoted(&assertion.key_complaint()));
    source.add(format!("[[ $kind == *{mark}* ]] || fail {complaint}"));
}

/// Makes the assertion.
pub(super) fn write(source: &mut Source, recipe: &Recipe, assertion: &Assertion) {
    let header = format!("{{{}}}", assertion.header(|name, value| format!("{}: {}", json(name), json(value))));
    let (id, audience) = (json(&recipe.client_id.to_string()), json(&assertion.audience));
    let claims = format!(
        "(now | floor) as $now | {{iss: {id}, sub: {id}, aud: {audience}, jti: $jti, iat: $now, exp: ($now + 60)}}"
    );
    source.add(format!(
        "claims=$(jq --null-input --compact-output --arg jti \"$(openssl rand -hex 16)\" {})",
        quoted(&claims)
    ));
    source.add(format!("unsigned=$(printf %s {} | base64url).$(printf %s \"$claims\" | base64url)", quoted(&header)));
    let sign = format!("openssl dgst -sha{} -sign \"$CLIENT_KEY_FILE\"", assertion.bits());
    match assertion.scheme() {
        Scheme::Ecdsa(curve) => {
            side_by_side(source, &sign, 2 * coordinate_length(curve));
            return;
        }
        Scheme::Ed25519 => {
            source.add("# Ed25519 wants to know the length first, so there is a file.").add("message=$(mktemp)");
            source.add("trap 'rm -f \"$message\"' EXIT").add("printf %s \"$unsigned\" >\"$message\"");
            source.add(
                "signature=$(openssl pkeyutl -sign -rawin -inkey \"$CLIENT_KEY_FILE\" -in \"$message\" | base64url)",
            );
        }
        Scheme::Pss => {
            let options = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
            source.add(format!("signature=$(printf %s \"$unsigned\" | {sign} {options} | base64url)"));
        }
        Scheme::Pkcs1 => {
            source.add(format!("signature=$(printf %s \"$unsigned\" | {sign} | base64url)"));
        }
        Scheme::Hmac => {
            source.add("signature=$(hmac \"$unsigned\" | base64url)");
        }
    }
    source.add("assertion=$unsigned.$signature");
}

/// What the assertion needs beside the program's own functions.
pub(super) fn functions(source: &mut Source, assertion: &Assertion) {
    if assertion.scheme() != Scheme::Hmac {
        return;
    }
    let digest = format!("openssl dgst -sha{} -binary", assertion.bits());
    // Two hexadecimal digits for each byte of a block.
    let digits = if assertion.bits() == 256 { 128 } else { 256 };
    source.gap().open("hexadecimal() {").add("od -An -v -tx1 | tr -d ' \\n'").close("}").gap();
    source.add("# HMAC with the client's secret (RFC 2104), which openssl would take as an argument, for everybody here to read.");
    source.open("hmac() {").add("local key byte place inner= outer=");
    source.add("key=$(printf %s \"$CLIENT_SECRET\" | hexadecimal)").open(format!("if ((${{#key}} > {digits})); then"));
    source.add(format!("key=$(printf %s \"$CLIENT_SECRET\" | {digest} | hexadecimal)")).close("fi");
    source.open(format!("for ((place = 0; place < {digits}; place += 2)); do")).add("byte=${key:place:2}");
    for (name, pad) in [("inner", "0x36"), ("outer", "0x5c")] {
        source.add(format!("printf -v {name} '%s\\x%02x' \"${name}\" $((16#${{byte:-0}} ^ {pad}))"));
    }
    source.close("done");
    source.add(format!(
        "{{ printf %b \"$outer\"; {{ printf %b \"$inner\"; printf %s \"$1\"; }} | {digest}; }} | {digest}"
    ));
    source.close("}");
}

/// An ECDSA signature in the form of RFC 7518 §3.4, each of whose numbers has so many hexadecimal digits.
fn side_by_side(source: &mut Source, sign: &str, digits: usize) {
    source
        .add("# The two numbers of an ECDSA signature stand side by side (RFC 7518 §3.4): openssl writes them as DER.");
    source.add(format!(
        "numbers=$(printf %s \"$unsigned\" | {sign} | openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p')"
    ));
    source.add("signature=").open("for number in $numbers; do");
    source.add(format!("signature+=$(printf %{digits}s \"$number\" | tr ' ' 0)")).close("done");
    source.add("assertion=$unsigned.$(printf %b \"$(sed 's/../\\\\x&/g' <<<\"$signature\")\" | base64url)");
}
