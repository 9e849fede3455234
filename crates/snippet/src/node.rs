//! JavaScript for Node.js 20 and later.

mod assertion;

use gatewright_protocol::http::BodyEncoding;

use crate::literal::{Escape, is_name};
use crate::pointer::{Pointer, Step};
use crate::recipe::{Identity, Parameter, Recipe, Scheme, Source as IdentitySource, StateCheck, Value};
use crate::source::Source;

pub(crate) fn write(recipe: &Recipe) -> String {
    let mut source = Source::new("//", "  ");
    source.head(recipe).gap();
    imports(&mut source, recipe);
    constants(&mut source, recipe);
    authorization(&mut source, recipe);
    callback(&mut source, recipe);
    exchange(&mut source, recipe);
    identity(&mut source, &recipe.identity);
    source.gap().open("function fail(reason) {").add("console.error(reason);").add("process.exit(1);").close("}");
    source.finish()
}

fn imports(source: &mut Source, recipe: &Recipe) {
    let wanted = [
        ("constants", recipe.scheme() == Some(Scheme::Pss)),
        ("createHash", recipe.sends(&Value::Challenge)),
        ("createHmac", recipe.scheme() == Some(Scheme::Hmac)),
        ("createPrivateKey", recipe.signed().is_some()),
        ("randomBytes", true),
        ("sign", recipe.signed().is_some()),
    ];
    let names = wanted.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    source.add(format!("import {{ {names} }} from \"node:crypto\";"));
    if recipe.signed().is_some() {
        source.add("import { readFileSync } from \"node:fs\";");
    }
    source.add("import { createInterface } from \"node:readline/promises\";").gap();
}

fn constants(source: &mut Source, recipe: &Recipe) {
    source.add(format!("const CLIENT_ID = {};", client_id(recipe)));
    source.add(format!("const REDIRECT_URI = {};", quoted(&recipe.redirect_uri)));
    if recipe.needs_secret() {
        source.add("const CLIENT_SECRET = process.env.CLIENT_SECRET;");
        source.add("if (!CLIENT_SECRET) fail(\"Set CLIENT_SECRET to the secret of this client.\");");
    }
    if let Some(assertion) = recipe.signed() {
        self::assertion::key(source, assertion);
    }
}

fn client_id(recipe: &Recipe) -> String {
    recipe.numeric_id().map_or_else(|| quoted(&recipe.client_id.to_string()), |number| number.to_string())
}

fn authorization(source: &mut Source, recipe: &Recipe) {
    let authorization = &recipe.authorization;
    source.part("1. Where the browser is sent.", &authorization.remarks);
    if recipe.sends(&Value::State) {
        source.add("const state = randomBytes(16).toString(\"hex\");");
    }
    if recipe.sends(&Value::Nonce) {
        source.add("const nonce = randomBytes(16).toString(\"hex\");");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("const verifier = randomBytes(32).toString(\"base64url\");");
        source.add("const challenge = createHash(\"sha256\").update(verifier).digest(\"base64url\");");
    }
    source.open("const parameters = new URLSearchParams([");
    pairs(source, &authorization.parameters);
    source.close("]);");
    let start = quoted(&format!("{}{}", authorization.endpoint, authorization.separator()));
    source.add("console.log(\"Open this address in a browser:\");");
    source.add(format!("console.log({start} + parameters);"));
}

fn callback(source: &mut Source, recipe: &Recipe) {
    source.part("2. What the browser came back with.", &recipe.callback.remarks);
    source.add("const terminal = createInterface({ input: process.stdin, output: process.stdout });");
    source.add(
        "const callback = new URL(await terminal.question(\"Paste the address that the browser came back to:\\n\"));",
    );
    source.add("terminal.close();");
    source.add("const answer = callback.searchParams;");
    source.add("if (answer.has(\"error\")) fail(`The provider refused: ${answer.get(\"error\")} ${answer.get(\"error_description\") ?? \"\"}`);");
    source.add("if (!answer.has(\"code\")) fail(\"No code came back: nobody agreed to this login.\");");
    let foreign = "fail(\"This answer belongs to another login: its state is not ours.\");";
    match recipe.callback.state {
        Some(StateCheck::Required) => source.add(format!("if (answer.get(\"state\") !== state) {foreign}")),
        Some(StateCheck::WhenThere) => {
            source.add(format!("if (answer.has(\"state\") && answer.get(\"state\") !== state) {foreign}"))
        }
        None => source,
    };
    if let Some(issuer) = &recipe.callback.issuer {
        let condition = format!("answer.has(\"iss\") && answer.get(\"iss\") !== {}", quoted(issuer));
        source.add(format!("if ({condition}) fail(\"This answer comes from another provider.\");"));
    }
}

fn exchange(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    source.part("3. The code becomes an answer. A secret must not follow a redirect.", &exchange.remarks);
    if let Some(assertion) = &exchange.assertion {
        self::assertion::write(source, assertion);
    }
    if exchange.basic {
        source.add("const encode = (text) => new URLSearchParams({ text }).toString().slice(\"text=\".length);");
        source.add("const basic = Buffer.from(`${encode(CLIENT_ID)}:${encode(CLIENT_SECRET)}`).toString(\"base64\");");
    }
    if exchange.encoding == BodyEncoding::Multipart {
        source.add("const body = new FormData();");
        for field in &exchange.fields {
            source.add(format!("body.append({}, {});", quoted(&field.name), value(&field.value)));
        }
    }
    source.open(format!("const response = await fetch({}, {{", quoted(&exchange.endpoint)));
    source.add("method: \"POST\",").add("redirect: \"error\",").add("signal: AbortSignal.timeout(30_000),");
    let mut headers = vec![format!("accept: {}", quoted(&exchange.accept))];
    headers.extend(exchange.basic.then(|| "authorization: `Basic ${basic}`".to_owned()));
    headers
        .extend((exchange.encoding == BodyEncoding::Json).then(|| "\"content-type\": \"application/json\"".to_owned()));
    source.add(format!("headers: {{ {} }},", headers.join(", ")));
    match exchange.encoding {
        BodyEncoding::Form => {
            source.open("body: new URLSearchParams([");
            pairs(source, &exchange.fields);
            source.close("]),");
        }
        BodyEncoding::Json => {
            source.open("body: JSON.stringify({");
            for field in &exchange.fields {
                source.add(format!("{}: {},", key(&field.name), value(&field.value)));
            }
            source.close("}),");
        }
        BodyEncoding::Multipart => _ = source.add("body,"),
    }
    source.close("});");
    judge(source, recipe);
}

fn judge(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    if exchange.answer_may_be_form {
        source.add("const text = await response.text();");
        source.add(
            "const tokens = text.startsWith(\"{\") ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));",
        );
    } else {
        source.add("const tokens = await response.json();");
    }
    let mut wrong = vec!["!response.ok".to_owned()];
    wrong.extend(exchange.success_flag.iter().map(|flag| format!("{} !== true", at("tokens", flag))));
    wrong.push(format!("{} == null", at("tokens", &exchange.success_sign)));
    source.open(format!("if ({}) {{", wrong.join(" || ")));
    source.add("fail(`The code was refused (status ${response.status}): ${tokens.error ?? \"no reason given\"} ${tokens.error_description ?? \"\"}`);");
    source.close("}");
}

fn identity(source: &mut Source, identity: &Identity) {
    source.part("4. Who it was.", &identity.remarks);
    match &identity.source {
        IdentitySource::Nowhere => {
            source.add("console.log(\"Logged in\");");
            return;
        }
        IdentitySource::TokenAnswer => _ = source.add("const person = tokens;"),
        IdentitySource::Endpoint(address) | IdentitySource::EndpointByForm(address) => {
            ask(source, address, identity.posts_token());
        }
        IdentitySource::IdToken(issuer) => claims(source, issuer),
    }
    if let Some(flag) = &identity.signed_in_flag {
        source.add(format!("if ({} !== true) fail(\"Nobody is signed in with this token.\");", at("person", flag)));
    }
    source.add(format!("const subject = {} ?? fail(\"The answer names nobody.\");", at("person", &identity.subject)));
    source.add("console.log(`Logged in as ${subject}`);");
}

fn ask(source: &mut Source, address: &str, posts_token: bool) {
    source.open(format!("const asked = await fetch({}, {{", quoted(address)));
    if posts_token {
        source.add("method: \"POST\",").add("body: new URLSearchParams({ access_token: tokens.access_token }),");
        source.add("headers: { accept: \"application/json\" },");
    } else {
        source.add("headers: { accept: \"application/json\", authorization: `Bearer ${tokens.access_token}` },");
    }
    source.add("redirect: \"error\",").add("signal: AbortSignal.timeout(30_000),").close("});");
    source.add("if (!asked.ok) fail(`Who it was is not said (status ${asked.status}).`);");
    source.add("const person = await asked.json();");
}

fn claims(source: &mut Source, issuer: &str) {
    source.add("const payload = (tokens.id_token ?? fail(\"No ID token came.\")).split(\".\")[1];");
    source.add("const person = JSON.parse(Buffer.from(payload, \"base64url\"));");
    source.open("const meant =");
    source.add(format!("person.iss === {} &&", quoted(issuer)));
    source.add("[person.aud].flat().includes(String(CLIENT_ID)) &&").add("person.nonce === nonce &&");
    source.add("person.exp * 1000 > Date.now();").outdent();
    source.add("if (!meant) fail(\"The ID token was made for another login, or has expired.\");");
}

fn pairs(source: &mut Source, parameters: &[Parameter]) {
    for parameter in parameters {
        source.add(format!("[{}, {}],", quoted(&parameter.name), value(&parameter.value)));
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
        Value::Code => "answer.get(\"code\")".to_owned(),
        Value::Verifier => "verifier".to_owned(),
        Value::Assertion => "assertion".to_owned(),
    }
}

/// The value at a place of a JSON document, or `undefined`.
fn at(document: &str, pointer: &Pointer) -> String {
    let steps = pointer.steps.iter().enumerate().map(|(depth, step)| {
        let sure = if depth == 0 { "" } else { "?." };
        match step {
            Step::Member(name) if is_name(name) && depth == 0 => format!(".{name}"),
            Step::Member(name) if is_name(name) => format!("?.{name}"),
            Step::Member(name) => format!("{sure}[{}]", quoted(name)),
            Step::Element(index) => format!("{sure}[{index}]"),
        }
    });
    format!("{document}{}", steps.collect::<String>())
}

fn key(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    crate::literal::quoted(text, &[], Escape::Braces)
}
