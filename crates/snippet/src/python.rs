//! Python 3.9 and later, with the standard library alone.

mod assertion;

use gatewright_protocol::http::BodyEncoding;

use crate::literal::Escape;
use crate::pointer::{Pointer, Step};
use crate::recipe::{Identity, Parameter, Recipe, Scheme, Source as IdentitySource, StateCheck, Value};
use crate::source::Source;

pub(crate) fn write(recipe: &Recipe) -> String {
    let mut source = Source::new("#", "    ");
    // Python takes its encoding from a "coding:" in the first two lines, also from one within a client's name (PEP 263). The first counts.
    source.add("# -*- coding: utf-8 -*-").head(recipe);
    imports(&mut source, recipe);
    constants(&mut source, recipe);
    functions(&mut source, recipe);
    authorization(&mut source, recipe);
    callback(&mut source, recipe);
    exchange(&mut source, recipe);
    identity(&mut source, &recipe.identity);
    source.finish()
}

fn imports(source: &mut Source, recipe: &Recipe) {
    source.gap();
    if recipe.encodes_base64() {
        source.add("import base64");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("import hashlib");
    }
    if recipe.scheme() == Some(Scheme::Hmac) {
        source.add("import hmac");
    }
    source.add("import json\nimport os\nimport secrets");
    if recipe.signed().is_some() {
        source.add("import subprocess");
    }
    source.add("import sys");
    if recipe.scheme() == Some(Scheme::Ed25519) {
        source.add("import tempfile");
    }
    if matches!(recipe.identity.source, IdentitySource::IdToken(_)) || recipe.exchange.assertion.is_some() {
        source.add("import time");
    }
    source.add("import urllib.error\nimport urllib.parse\nimport urllib.request").gap();
}

fn constants(source: &mut Source, recipe: &Recipe) {
    let id = recipe.numeric_id().map_or_else(|| quoted(&recipe.client_id.to_string()), |number| number.to_string());
    source.add(format!("CLIENT_ID = {id}"));
    source.add(format!("REDIRECT_URI = {}", quoted(&recipe.redirect_uri)));
    if recipe.needs_secret() {
        let otherwise = "sys.exit(\"Set CLIENT_SECRET to the secret of this client.\")";
        source.add(format!("CLIENT_SECRET = os.environ.get(\"CLIENT_SECRET\") or {otherwise}"));
    }
    if let Some(assertion) = recipe.signed() {
        self::assertion::key(source, assertion);
    }
}

fn functions(source: &mut Source, recipe: &Recipe) {
    source.gap().gap().open("class NoRedirects(urllib.request.HTTPRedirectHandler):");
    source.add("\"\"\"A secret must not follow a redirect.\"\"\"").gap();
    source.open("def redirect_request(self, *arguments):").add("return None").outdent().outdent();
    source.gap().gap().open("def send(request):");
    source.add("\"\"\"Sends a request: the status and what the answer says.\"\"\"");
    source.open("try:");
    source.add("response = urllib.request.build_opener(NoRedirects).open(request, timeout=30)").outdent();
    source.open("except urllib.error.HTTPError as refusal:").add("response = refusal").outdent();
    source.open("with response:");
    if recipe.exchange.answer_may_be_form {
        source.add("text = response.read().decode()");
        source.add("answer = json.loads(text) if text.startswith(\"{\") else dict(urllib.parse.parse_qsl(text))");
        source.add("return response.status, answer");
    } else {
        source.add("return response.status, json.load(response)");
    }
    source.outdent().outdent();
    if [Some(&recipe.identity.subject), recipe.identity.signed_in_flag.as_ref(), recipe.exchange.success_flag.as_ref()]
        .into_iter()
        .flatten()
        .chain([&recipe.exchange.success_sign])
        .any(|pointer| pointer.only_member().is_none())
    {
        walker(source);
    }
    if let Some(assertion) = &recipe.exchange.assertion {
        self::assertion::functions(source, assertion);
    }
    source.gap();
}

/// What finds a value that is not directly in the object.
fn walker(source: &mut Source) {
    source
        .gap()
        .gap()
        .open("def at(document, *path):")
        .add("\"\"\"The value at a place; None where there is none.\"\"\"");
    source.open("for step in path:").open("try:");
    source.add("document = document[step if isinstance(document, list) else str(step)]").outdent();
    source.open("except (KeyError, IndexError, TypeError):").add("return None").outdent().outdent();
    source.add("return document").outdent();
}

fn authorization(source: &mut Source, recipe: &Recipe) {
    let authorization = &recipe.authorization;
    source.part("1. Where the browser is sent.", &authorization.remarks);
    if recipe.sends(&Value::State) {
        source.add("state = secrets.token_hex(16)");
    }
    if recipe.sends(&Value::Nonce) {
        source.add("nonce = secrets.token_hex(16)");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("verifier = secrets.token_urlsafe(32)");
        source.add("digest = hashlib.sha256(verifier.encode()).digest()");
        source.add("challenge = base64.urlsafe_b64encode(digest).rstrip(b\"=\").decode()");
    }
    source.open("parameters = urllib.parse.urlencode([");
    pairs(source, &authorization.parameters);
    source.close("])");
    let start = quoted(&format!("{}{}", authorization.endpoint, authorization.separator()));
    source.add("print(\"Open this address in a browser:\")");
    source.add(format!("print({start} + parameters)"));
}

fn callback(source: &mut Source, recipe: &Recipe) {
    source.part("2. What the browser came back with.", &recipe.callback.remarks);
    source.add("callback = input(\"Paste the address that the browser came back to:\\n\").strip()");
    source.add("answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(callback).query))");
    source.open("if \"error\" in answer:");
    source
        .add("sys.exit(f\"The provider refused: {answer['error']} {answer.get('error_description', '')}\")")
        .outdent();
    source.open("if \"code\" not in answer:");
    source.add("sys.exit(\"No code came back: nobody agreed to this login.\")").outdent();
    if let Some(check) = recipe.callback.state {
        let default = if check == StateCheck::Required { "" } else { ", state" };
        source.open(format!("if answer.get(\"state\"{default}) != state:"));
        source.add("sys.exit(\"This answer belongs to another login: its state is not ours.\")").outdent();
    }
    if let Some(issuer) = &recipe.callback.issuer {
        source.open(format!("if answer.get(\"iss\", {0}) != {0}:", quoted(issuer)));
        source.add("sys.exit(\"This answer comes from another provider.\")").outdent();
    }
}

fn exchange(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    source.part("3. The code becomes an answer.", &exchange.remarks);
    if let Some(assertion) = &exchange.assertion {
        self::assertion::write(source, assertion);
    }
    let content_type = match exchange.encoding {
        BodyEncoding::Form => {
            source.open("body = urllib.parse.urlencode([");
            pairs(source, &exchange.fields);
            source.close("]).encode()");
            "\"application/x-www-form-urlencoded\"".to_owned()
        }
        BodyEncoding::Json => {
            source.open("body = json.dumps({");
            for field in &exchange.fields {
                source.add(format!("{}: {},", quoted(&field.name), value(&field.value)));
            }
            source.close("}).encode()");
            "\"application/json\"".to_owned()
        }
        BodyEncoding::Multipart => multipart(source, &exchange.fields),
    };
    if exchange.basic {
        source.add("pair = f\"{urllib.parse.quote_plus(str(CLIENT_ID))}:{urllib.parse.quote_plus(CLIENT_SECRET)}\"");
    }
    source.open("headers = {").add(format!("\"Accept\": {},", quoted(&exchange.accept)));
    source.add(format!("\"Content-Type\": {content_type},"));
    if exchange.basic {
        source.add("\"Authorization\": \"Basic \" + base64.b64encode(pair.encode()).decode(),");
    }
    source.close("}");
    source.add(format!("status, tokens = send(urllib.request.Request({}, body, headers))", quoted(&exchange.endpoint)));
    let mut wrong = vec!["status != 200".to_owned()];
    wrong.extend(exchange.success_flag.iter().map(|flag| format!("{} is not True", at("tokens", flag))));
    wrong.push(format!("{} is None", at("tokens", &exchange.success_sign)));
    source.open(format!("if {}:", wrong.join(" or ")));
    source.add("reason = tokens.get(\"error\", \"no reason given\")");
    source.add("sys.exit(f\"The code was refused (status {status}): {reason} {tokens.get('error_description', '')}\")");
    source.outdent();
}

/// Writes a multipart body, which the standard library does not; brings the expression of its label.
fn multipart(source: &mut Source, fields: &[Parameter]) -> String {
    source.add("boundary = secrets.token_hex(16)").open("fields = [");
    pairs(source, fields);
    source.close("]").open("body = \"\".join(");
    source.add(r#"f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'"#);
    source.add("for name, value in fields").close(")");
    source.add(r#"body = f"{body}--{boundary}--\r\n".encode()"#);
    "f\"multipart/form-data; boundary={boundary}\"".to_owned()
}

fn identity(source: &mut Source, identity: &Identity) {
    source.part("4. Who it was.", &identity.remarks);
    match &identity.source {
        IdentitySource::Nowhere => {
            source.add("print(\"Logged in\")");
            return;
        }
        IdentitySource::TokenAnswer => _ = source.add("person = tokens"),
        IdentitySource::Endpoint(address) | IdentitySource::EndpointByForm(address) => {
            ask(source, address, identity.posts_token());
        }
        IdentitySource::IdToken(issuer) => claims(source, issuer),
    }
    if let Some(flag) = &identity.signed_in_flag {
        source.open(format!("if {} is not True:", at("person", flag)));
        source.add("sys.exit(\"Nobody is signed in with this token.\")").outdent();
    }
    source.add(format!("subject = {}", at("person", &identity.subject)));
    source.open("if subject is None:").add("sys.exit(\"The answer names nobody.\")").outdent();
    source.add("print(f\"Logged in as {subject}\")");
}

fn ask(source: &mut Source, address: &str, posts_token: bool) {
    if posts_token {
        source.add("body = urllib.parse.urlencode({\"access_token\": tokens[\"access_token\"]}).encode()");
        source.add("headers = {\"Accept\": \"application/json\"}");
    } else {
        source.add("body = None");
        source.add(
            "headers = {\"Accept\": \"application/json\", \"Authorization\": \"Bearer \" + tokens[\"access_token\"]}",
        );
    }
    source.add(format!("status, person = send(urllib.request.Request({}, body, headers))", quoted(address)));
    source.open("if status != 200:").add("sys.exit(f\"Who it was is not said (status {status}).\")").outdent();
}

fn claims(source: &mut Source, issuer: &str) {
    source.open("if \"id_token\" not in tokens:").add("sys.exit(\"No ID token came.\")").outdent();
    source.add("payload = tokens[\"id_token\"].split(\".\")[1]");
    source.add("person = json.loads(base64.urlsafe_b64decode(payload + \"=\" * (-len(payload) % 4)))");
    source.add("audience = person[\"aud\"] if isinstance(person[\"aud\"], list) else [person[\"aud\"]]");
    source.open("meant = (").add(format!("person[\"iss\"] == {}", quoted(issuer)));
    source.add("and str(CLIENT_ID) in audience\nand person.get(\"nonce\") == nonce\nand person[\"exp\"] > time.time()");
    source.close(")");
    source.open("if not meant:");
    source.add("sys.exit(\"The ID token was made for another login, or has expired.\")").outdent();
}

fn pairs(source: &mut Source, parameters: &[Parameter]) {
    for parameter in parameters {
        source.add(format!("({}, {}),", quoted(&parameter.name), value(&parameter.value)));
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
        Value::Secret => "CLIENT_SECRET".to_owned(),
        Value::Code => "answer[\"code\"]".to_owned(),
        Value::Verifier => "verifier".to_owned(),
        Value::Assertion => "assertion".to_owned(),
    }
}

/// The value at a place of a JSON document, or `None`.
fn at(document: &str, pointer: &Pointer) -> String {
    if let Some(member) = pointer.only_member() {
        return format!("{document}.get({})", quoted(member));
    }
    let steps = pointer.steps.iter().map(|step| match step {
        Step::Member(name) => format!(", {}", quoted(name)),
        Step::Element(index) => format!(", {index}"),
    });
    format!("at({document}{})", steps.collect::<String>())
}

fn quoted(text: &str) -> String {
    crate::literal::quoted(text, &[], Escape::EightDigits)
}
