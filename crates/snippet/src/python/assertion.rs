//! The signed assertion in Python. Its standard library has HMAC alone: the openssl program signs with a private key.

use super::quoted;
use crate::recipe::{Assertion, Scheme, coordinate_length};
use crate::source::Source;

/// Learns where the private key is, before anybody is sent to a browser in vain.
pub(super) fn key(source: &mut Source, assertion: &Assertion) {
    source.comment(&assertion.key_remark());
    let otherwise = "sys.exit(\"Set CLIENT_KEY_FILE to the path of the private key of this client.\")";
    source.add(format!("CLIENT_KEY_FILE = os.environ.get(\"CLIENT_KEY_FILE\") or {otherwise}"));
    source.add("described = subprocess.run([\"openssl\", \"pkey\", \"-in\", CLIENT_KEY_FILE, \"-noout\", \"-text_pub\"], stdout=subprocess.PIPE)");
    source.open(format!("if b\"{}\" not in described.stdout:", assertion.openssl_mark()));
    source.add(format!("sys.exit({})", quoted(&assertion.key_complaint()))).outdent();
}

/// Makes the assertion.
pub(super) fn write(source: &mut Source, assertion: &Assertion) {
    source.add("now = int(time.time())").open("claims = {").add("\"iss\": str(CLIENT_ID),");
    source.add("\"sub\": str(CLIENT_ID),").add(format!("\"aud\": {},", quoted(&assertion.audience)));
    source.add("\"jti\": secrets.token_hex(16),").add("\"iat\": now,").add("\"exp\": now + 60,").close("}");
    let header = assertion.header(|name, value| format!("\"{name}\": {}", quoted(value)));
    source.add(format!("unsigned = segment({{{header}}}) + \".\" + segment(claims)"));
    source.add(match assertion.scheme() {
        Scheme::Hmac => {
            let bits = assertion.bits();
            format!("signature = hmac.new(CLIENT_SECRET.encode(), unsigned.encode(), \"sha{bits}\").digest()")
        }
        Scheme::Ecdsa(_) => "signature = side_by_side(sign(unsigned))".to_owned(),
        Scheme::Pkcs1 | Scheme::Pss | Scheme::Ed25519 => "signature = sign(unsigned)".to_owned(),
    });
    source.add("assertion = unsigned + \".\" + base64.urlsafe_b64encode(signature).rstrip(b\"=\").decode()");
}

/// What the assertion needs beside the program's own functions.
pub(super) fn functions(source: &mut Source, assertion: &Assertion) {
    source.gap().gap().open("def segment(value):").add("\"\"\"A part of a signed assertion.\"\"\"");
    source.add("return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b\"=\").decode()").outdent();
    if assertion.scheme() == Scheme::Hmac {
        return;
    }
    source.gap().gap().open("def sign(text):");
    source.add("\"\"\"The signature of a text: made by openssl, because Python has none of its own.\"\"\"");
    if assertion.scheme() == Scheme::Ed25519 {
        source.open("with tempfile.NamedTemporaryFile() as message:  # Ed25519 wants to know the length first");
        source.add("message.write(text.encode())\nmessage.flush()");
        source.add("command = [\"openssl\", \"pkeyutl\", \"-sign\", \"-rawin\", \"-inkey\", CLIENT_KEY_FILE, \"-in\", message.name]");
        source.add("signed = subprocess.run(command, stdout=subprocess.PIPE)").outdent();
    } else {
        source.add(format!(
            "command = [\"openssl\", \"dgst\", \"-sha{}\", \"-sign\", CLIENT_KEY_FILE]",
            assertion.bits()
        ));
        if assertion.scheme() == Scheme::Pss {
            source.add("command += [\"-sigopt\", \"rsa_padding_mode:pss\", \"-sigopt\", \"rsa_pss_saltlen:digest\"]");
        }
        source.add("signed = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE)");
    }
    source.open("if signed.returncode != 0:").add("sys.exit(\"The private key signed nothing.\")").outdent();
    source.add("return signed.stdout").outdent();
    if let Scheme::Ecdsa(curve) = assertion.scheme() {
        side_by_side(source, coordinate_length(curve));
    }
}

/// What brings an ECDSA signature into the form of RFC 7518 §3.4.
fn side_by_side(source: &mut Source, length: usize) {
    source.gap().gap().open("def side_by_side(der):");
    source.add(
        "\"\"\"The two numbers of an ECDSA signature side by side (RFC 7518 §3.4): openssl writes them as DER.\"\"\"",
    );
    source.add("place = 3 if der[1] > 0x80 else 2").add("numbers = b\"\"").open("for _ in \"rs\":");
    source.add("end = place + 2 + der[place + 1]");
    source.add(format!("numbers += int.from_bytes(der[place + 2:end], \"big\").to_bytes({length}, \"big\")"));
    source.add("place = end").outdent().add("return numbers").outdent();
}
