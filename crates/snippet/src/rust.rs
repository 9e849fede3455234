//! Rust with reqwest, the client that most people use.

mod assertion;

use gatewright_protocol::http::BodyEncoding;

use crate::literal::Escape;
use crate::pointer::Pointer;
use crate::recipe::{Assertion, Identity, Recipe, Scheme, Source as IdentitySource, StateCheck, Value};
use crate::source::Source;

pub(crate) fn write(recipe: &Recipe) -> String {
    let mut source = Source::new("//", "    ");
    source.head(recipe);
    imports(&mut source, recipe);
    constants(&mut source, recipe);
    source.gap().open("fn main() -> Result<(), Box<dyn Error>> {");
    if recipe.needs_secret() {
        source.add("let secret = std::env::var(\"CLIENT_SECRET\").map_err(|_| \"Set CLIENT_SECRET to the secret of this client.\")?;");
    }
    if let Some(assertion) = recipe.signed() {
        self::assertion::key(&mut source, assertion);
    }
    authorization(&mut source, recipe);
    callback(&mut source, recipe);
    exchange(&mut source, recipe);
    identity(&mut source, &recipe.identity);
    source.add("Ok(())").close("}");
    functions(&mut source, recipe);
    source.finish()
}

fn imports(source: &mut Source, recipe: &Recipe) {
    source.gap().add("use std::collections::HashMap;").add("use std::error::Error;");
    source.add("use std::time::Duration;").gap();
    if let Some(assertion) = recipe.signed() {
        self::assertion::imports(source, assertion);
    }
    if recipe.encodes_base64() {
        source.add("use base64::Engine as _;");
        source.add(match (recipe.exchange.basic || recipe.signed().is_some(), reads_url_safe(recipe)) {
            (true, true) => "use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};",
            (true, false) => "use base64::engine::general_purpose::STANDARD;",
            (false, _) => "use base64::engine::general_purpose::URL_SAFE_NO_PAD;",
        });
    }
    if recipe.scheme() == Some(Scheme::Hmac) {
        source.add("use hmac::{Hmac, KeyInit as _, Mac as _};");
    }
    source.add("use reqwest::Url;").add("use reqwest::blocking::Client;").add("use serde_json::Value;");
    let challenge = recipe.sends(&Value::Challenge);
    let keyed = recipe.exchange.assertion.as_ref().filter(|assertion| assertion.scheme() == Scheme::Hmac);
    match keyed.map(Assertion::bits) {
        Some(bits) if challenge && bits != 256 => {
            source.add(format!("use sha2::{{Digest as _, Sha256, Sha{bits}}};"));
        }
        _ if challenge => _ = source.add("use sha2::{Digest as _, Sha256};"),
        Some(bits) => _ = source.add(format!("use sha2::Sha{bits};")),
        None => {}
    }
    source.gap();
}

fn reads_url_safe(recipe: &Recipe) -> bool {
    recipe.writes_base64url() || matches!(recipe.identity.source, IdentitySource::IdToken(_))
}

fn constants(source: &mut Source, recipe: &Recipe) {
    source.add(match recipe.numeric_id() {
        Some(number) => format!("const CLIENT_ID: i64 = {number};"),
        None => format!("const CLIENT_ID: &str = {};", quoted(&recipe.client_id.to_string())),
    });
    source.add(format!("const REDIRECT_URI: &str = {};", quoted(&recipe.redirect_uri)));
}

fn authorization(source: &mut Source, recipe: &Recipe) {
    let authorization = &recipe.authorization;
    source.part("1. Where the browser is sent.", &authorization.remarks);
    if recipe.sends(&Value::State) {
        source.add("let state = random()?;");
    }
    if recipe.sends(&Value::Nonce) {
        source.add("let nonce = random()?;");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("let verifier = random()?;");
        source.add("let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));");
    }
    source.add(format!("let mut address = Url::parse({})?;", quoted(&authorization.endpoint)));
    source.add("address").indent();
    source.add(".query_pairs_mut()");
    let last = authorization.parameters.len().saturating_sub(1);
    for (place, parameter) in authorization.parameters.iter().enumerate() {
        let end = if place == last { ";" } else { "" };
        source.add(format!(".append_pair({}, {}){end}", quoted(&parameter.name), text(&parameter.value)));
    }
    source.outdent().add("println!(\"Open this address in a browser:\\n{address}\");");
}

fn callback(source: &mut Source, recipe: &Recipe) {
    source.part("2. What the browser came back with.", &recipe.callback.remarks);
    source.add("println!(\"Paste the address that the browser came back to:\");").add("let mut line = String::new();");
    source.add("std::io::stdin().read_line(&mut line)?;");
    source.add("let answer: HashMap<String, String> = Url::parse(line.trim())?.query_pairs().into_owned().collect();");
    source.open("if let Some(error) = answer.get(\"error\") {");
    source
        .add("return Err(format!(\"The provider refused: {error} {}\", answer.get(\"error_description\").map_or(\"\", String::as_str)).into());")
        .close("}");
    source.add("let code = answer.get(\"code\").ok_or(\"No code came back: nobody agreed to this login.\")?;");
    if let Some(check) = recipe.callback.state {
        source.open(if check == StateCheck::Required {
            "if answer.get(\"state\") != Some(&state) {"
        } else {
            "if answer.get(\"state\").is_some_and(|returned| *returned != state) {"
        });
        source.add("return Err(\"This answer belongs to another login: its state is not ours.\".into());").close("}");
    }
    if let Some(issuer) = &recipe.callback.issuer {
        source.open(format!("if answer.get(\"iss\").is_some_and(|issuer| issuer != {}) {{", quoted(issuer)));
        source.add("return Err(\"This answer comes from another provider.\".into());").close("}");
    }
}

fn exchange(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    source.part("3. The code becomes an answer. A secret must not follow a redirect.", &exchange.remarks);
    source.open("let http = Client::builder()").add(".redirect(reqwest::redirect::Policy::none())");
    source.add(".timeout(Duration::from_secs(30))\n.build()?;").outdent();
    if let Some(assertion) = &exchange.assertion {
        self::assertion::write(source, assertion);
    }
    if exchange.encoding == BodyEncoding::Multipart {
        source.open("let form = reqwest::blocking::multipart::Form::new()");
        let last = exchange.fields.len().saturating_sub(1);
        for (place, field) in exchange.fields.iter().enumerate() {
            let end = if place == last { ";" } else { "" };
            source.add(format!(".text({}, {}){end}", quoted(&field.name), owned(&field.value)));
        }
        source.outdent();
    }
    if exchange.basic {
        source
            .add(format!("let pair = format!(\"{{}}:{{}}\", encoded({}), encoded(&secret));", text(&Value::ClientId)));
    }
    source.open("let response = http").add(format!(".post({})", quoted(&exchange.endpoint)));
    source.add(format!(".header(\"accept\", {})", quoted(&exchange.accept)));
    if exchange.basic {
        source.add(".header(\"authorization\", format!(\"Basic {}\", STANDARD.encode(pair)))");
    }
    body(source, recipe);
    source.add(".send()?;").outdent().add("let status = response.status();");
    if exchange.answer_may_be_form {
        source.add("let text = response.text()?;").open("let tokens: Value = if text.starts_with('{') {");
        source.add("serde_json::from_str(&text)?").close("} else {").indent();
        source.add("url::form_urlencoded::parse(text.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()");
        source.close("};");
    } else {
        source.add("let tokens: Value = serde_json::from_str(&response.text()?)?;");
    }
    let mut right = vec!["status == 200".to_owned()];
    right
        .extend(exchange.success_flag.iter().map(|flag| format!("{} == Some(&Value::Bool(true))", at("tokens", flag))));
    right.push(format!("{}.is_some()", at("tokens", &exchange.success_sign)));
    source.open(format!("if !({}) {{", right.join(" && ")));
    source.add("return Err(format!(\"The code was refused (status {status}): {} {}\", tokens[\"error\"], tokens[\"error_description\"]).into());");
    source.close("}");
}

fn body(source: &mut Source, recipe: &Recipe) {
    let fields = &recipe.exchange.fields;
    match recipe.exchange.encoding {
        BodyEncoding::Form => {
            source.open(".form(&[");
            for field in fields {
                source.add(format!("({}, {}),", quoted(&field.name), slice(&field.value)));
            }
            source.close("])");
        }
        BodyEncoding::Json => {
            source.open(".json(&serde_json::json!({");
            for field in fields {
                source.add(format!("{}: {},", quoted(&field.name), value(&field.value)));
            }
            source.close("}))");
        }
        BodyEncoding::Multipart => _ = source.add(".multipart(form)"),
    }
}

fn identity(source: &mut Source, identity: &Identity) {
    source.part("4. Who it was.", &identity.remarks);
    match &identity.source {
        IdentitySource::Nowhere => {
            source.add("println!(\"Logged in\");");
            return;
        }
        IdentitySource::TokenAnswer => _ = source.add("let person = tokens;"),
        IdentitySource::Endpoint(address) | IdentitySource::EndpointByForm(address) => {
            ask(source, address, identity.posts_token());
        }
        IdentitySource::IdToken(issuer) => claims(source, issuer),
    }
    if let Some(flag) = &identity.signed_in_flag {
        source.open(format!("if {} != Some(&Value::Bool(true)) {{", at("person", flag)));
        source.add("return Err(\"Nobody is signed in with this token.\".into());").close("}");
    }
    source.open(format!("match {} {{", at("person", &identity.subject)));
    source.add("Some(Value::String(subject)) => println!(\"Logged in as {subject}\"),");
    source.add("Some(subject) if !subject.is_null() => println!(\"Logged in as {subject}\"),");
    source.add("_ => return Err(\"The answer names nobody.\".into()),").close("}");
}

fn ask(source: &mut Source, address: &str, posts_token: bool) {
    source.add("let token = tokens[\"access_token\"].as_str().unwrap_or_default();");
    if posts_token {
        source.add(format!("let asked = http.post({}).form(&[(\"access_token\", token)])", quoted(address)));
    } else {
        source.add(format!("let asked = http.get({}).bearer_auth(token)", quoted(address)));
    }
    source.indent();
    source.add(".header(\"accept\", \"application/json\")\n.send()?;").outdent();
    source.open("if asked.status() != 200 {");
    source.add("return Err(format!(\"Who it was is not said (status {}).\", asked.status()).into());").close("}");
    source.add("let person: Value = serde_json::from_str(&asked.text()?)?;");
}

fn claims(source: &mut Source, issuer: &str) {
    source.add("let id_token = tokens[\"id_token\"].as_str().ok_or(\"No ID token came.\")?;");
    source.add("let payload = id_token.split('.').nth(1).unwrap_or_default();");
    source.add("let person: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?;");
    source.add("let client_id = Value::String(CLIENT_ID.to_string());");
    source.add("let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();");
    source.add(format!("let meant = person[\"iss\"] == {}", quoted(issuer))).indent();
    source.add(
        "&& (person[\"aud\"] == client_id || person[\"aud\"].as_array().is_some_and(|all| all.contains(&client_id)))",
    );
    source
        .add("&& person[\"nonce\"] == nonce\n&& person[\"exp\"].as_u64().is_some_and(|expires| expires > now);")
        .outdent();
    source.open("if !meant {");
    source.add("return Err(\"The ID token was made for another login, or has expired.\".into());").close("}");
}

fn functions(source: &mut Source, recipe: &Recipe) {
    if recipe.needs_randomness() {
        source.gap().add("/// Thirty-two random bytes in hexadecimal digits.");
        source.open("fn random() -> Result<String, getrandom::Error> {").add("let mut bytes = [0; 32];");
        source.add("getrandom::fill(&mut bytes)?;");
        source.add("Ok(bytes.iter().map(|byte: &u8| format!(\"{byte:02x}\")).collect())").close("}");
    }
    if recipe.exchange.basic {
        source.gap().add("/// A text as it stands in a form.").open("fn encoded(text: &str) -> String {");
        source.add("url::form_urlencoded::byte_serialize(text.as_bytes()).collect()");
        source.close("}");
    }
}

/// An expression whose type is `&str`, of an array all of whose values are.
fn slice(value: &Value) -> String {
    match value {
        Value::Code => "code.as_str()".to_owned(),
        Value::Secret => "secret.as_str()".to_owned(),
        Value::Verifier => "verifier.as_str()".to_owned(),
        Value::Assertion => "assertion.as_str()".to_owned(),
        Value::ClientId => "CLIENT_ID.to_string().as_str()".to_owned(),
        other => self::value(other),
    }
}

/// An expression that can be taken for a `&str`.
fn text(value: &Value) -> String {
    match value {
        Value::ClientId => "&CLIENT_ID.to_string()".to_owned(),
        Value::State | Value::Nonce | Value::Challenge | Value::Secret | Value::Verifier | Value::Assertion => {
            format!("&{}", self::value(value))
        }
        other => self::value(other),
    }
}

/// An expression that owns its text.
fn owned(value: &Value) -> String {
    match value {
        Value::Code | Value::Secret | Value::Verifier | Value::Assertion => format!("{}.clone()", self::value(value)),
        Value::ClientId => "CLIENT_ID.to_string()".to_owned(),
        other => self::value(other),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Texts(texts) => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
        Value::ClientId => "CLIENT_ID".to_owned(),
        Value::RedirectUri => "REDIRECT_URI".to_owned(),
        Value::State => "state".to_owned(),
        Value::Nonce => "nonce".to_owned(),
        Value::Challenge => "challenge".to_owned(),
        Value::Secret => "secret".to_owned(),
        Value::Code => "code".to_owned(),
        Value::Verifier => "verifier".to_owned(),
        Value::Assertion => "assertion".to_owned(),
    }
}

/// The value at a place of a JSON document, or `None`.
fn at(document: &str, pointer: &Pointer) -> String {
    format!("{document}.pointer({})", quoted(&pointer.text))
}

fn quoted(text: &str) -> String {
    crate::literal::quoted(text, &[], Escape::Braces)
}
