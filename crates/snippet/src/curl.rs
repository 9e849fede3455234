//! A Bash script around curl, with jq for JSON and openssl for random bytes.
//!
//! Nothing secret stands in an argument: arguments of a program can be read by everybody on the same machine.

mod assertion;

use gatewright_protocol::http::BodyEncoding;

use crate::literal::{form_encoded, is_name, is_plain};
use crate::pointer::{Pointer, Step};
use crate::recipe::{Identity, Parameter, Recipe, Source as IdentitySource, StateCheck, Value};
use crate::source::Source;

pub(crate) fn write(recipe: &Recipe) -> String {
    let mut source = Source::new("#", "  ");
    source.add("#!/usr/bin/env bash").head(recipe).add("set -euo pipefail").gap();
    if recipe.needs_secret() {
        source.add(": \"${CLIENT_SECRET:?Set it to the secret of this client.}\"").add("export CLIENT_SECRET").gap();
    }
    functions(&mut source, recipe);
    if let Some(assertion) = &recipe.exchange.assertion {
        self::assertion::functions(&mut source, assertion);
    }
    if let Some(assertion) = recipe.signed() {
        source.gap();
        self::assertion::key(&mut source, assertion);
    }
    authorization(&mut source, recipe);
    callback(&mut source, recipe);
    exchange(&mut source, recipe);
    identity(&mut source, recipe);
    source.finish()
}

fn functions(source: &mut Source, recipe: &Recipe) {
    source.open("fail() {").add("echo \"$1\" >&2\nexit 1").close("}");
    source.gap().add("# One parameter of the callback, decoded.").open("parameter() {").add("local pair");
    source.open("while IFS= read -r -d '&' pair; do").open("if [[ $pair == \"$1=\"* ]]; then");
    source.add("pair=${pair#*=} pair=${pair//+/ } pair=${pair//\\\\/\\\\\\\\}");
    source.add("printf '%b' \"${pair//%/\\\\x}\"\nreturn").close("fi").outdent();
    source.add("done <<<\"$query&\"").close("}");
    if recipe.writes_base64url() {
        source.gap().open("base64url() {").add("openssl base64 -A | tr '+/' '-_' | tr -d '='").close("}");
    }
}

fn authorization(source: &mut Source, recipe: &Recipe) {
    let authorization = &recipe.authorization;
    source.part("1. Where the browser is sent.", &authorization.remarks);
    if recipe.sends(&Value::State) {
        source.add("state=$(openssl rand -hex 16)");
    }
    if recipe.sends(&Value::Nonce) {
        source.add("nonce=$(openssl rand -hex 16)");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("verifier=$(openssl rand -hex 32)");
        source.add("challenge=$(printf %s \"$verifier\" | openssl dgst -sha256 -binary | base64url)");
    }
    source.add(format!("address={}", quoted(&authorization.endpoint)));
    let mut separator = authorization.separator();
    for parameter in &authorization.parameters {
        let start = format!("{separator}{}=", form_encoded(&parameter.name));
        let added = match &parameter.value {
            Value::State => format!("\"{start}$state\""),
            Value::Nonce => format!("\"{start}$nonce\""),
            Value::Challenge => format!("\"{start}$challenge\""),
            known => quoted(&format!("{start}{}", form_encoded(&text(recipe, known)))),
        };
        source.add(format!("address+={added}"));
        separator = '&';
    }
    source.add("echo 'Open this address in a browser:'").add("echo \"$address\"");
}

fn callback(source: &mut Source, recipe: &Recipe) {
    source.part("2. What the browser came back with.", &recipe.callback.remarks);
    source.add("echo 'Paste the address that the browser came back to:'").add("read -r callback");
    source.add("callback=${callback%%#*} query=").add("[[ $callback != *\\?* ]] || query=${callback#*\\?}");
    source.add("error=$(parameter error) code=$(parameter code)");
    source.add("[[ -z $error ]] || fail \"The provider refused: $error $(parameter error_description)\"");
    source.add("[[ -n $code ]] || fail 'No code came back: nobody agreed to this login.'");
    if let Some(check) = recipe.callback.state {
        let there = if check == StateCheck::Required { "" } else { "-z $(parameter state) || " };
        source.add(format!(
            "[[ {there}$(parameter state) == \"$state\" ]] || fail 'This answer belongs to another login: its state is not ours.'"
        ));
    }
    if let Some(issuer) = &recipe.callback.issuer {
        source.add("issuer=$(parameter iss)");
        source.add(format!(
            "[[ -z $issuer || $issuer == {} ]] || fail 'This answer comes from another provider.'",
            quoted(issuer)
        ));
    }
}

fn exchange(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    source.part(
        "3. The code becomes an answer. curl follows no redirect, and no secret stands in its arguments.",
        &exchange.remarks,
    );
    if let Some(assertion) = &exchange.assertion {
        self::assertion::write(source, recipe, assertion);
    }
    if exchange.basic {
        let id = form_encoded(&recipe.client_id.to_string()).replace('+', "%20");
        let program = format!("{} + (env.CLIENT_SECRET | @uri) | @base64", json(&format!("{id}:")));
        source.add(format!("basic=$(jq --null-input --raw-output {})", quoted(&program)));
    }
    let start = match exchange.encoding {
        BodyEncoding::Json => {
            source.open("answer=$(");
            let assertion = if exchange.assertion.is_some() { " assertion=$assertion" } else { "" };
            let known = format!("code=$code verifier=${{verifier-}}{assertion}");
            source.add(format!("{known} jq --null-input {} |", quoted(&object(recipe)))).indent();
            "curl"
        }
        BodyEncoding::Form | BodyEncoding::Multipart => {
            source.open("answer=$(");
            "curl"
        }
    };
    source
        .add(format!("{start} --silent --show-error --max-time 30 --globoff --write-out '\\n%{{http_code}}' \\"))
        .indent();
    source.add(format!("--header {} \\", quoted(&format!("Accept: {}", exchange.accept))));
    if exchange.basic {
        source.add("--header @<(printf 'Authorization: Basic %s' \"$basic\") \\");
    }
    match exchange.encoding {
        BodyEncoding::Form => fields(source, recipe, form_field),
        BodyEncoding::Multipart => fields(source, recipe, multipart_field),
        BodyEncoding::Json => {
            source.add("--header 'Content-Type: application/json' --data @- \\");
        }
    }
    source.add(quoted(&exchange.endpoint)).outdent();
    if exchange.encoding == BodyEncoding::Json {
        source.outdent();
    }
    source.close(")");
    judge(source, recipe);
}

fn fields(source: &mut Source, recipe: &Recipe, write: fn(&Recipe, &Parameter) -> String) {
    for field in &recipe.exchange.fields {
        source.add(format!("{} \\", write(recipe, field)));
    }
}

fn form_field(recipe: &Recipe, field: &Parameter) -> String {
    match runtime(&field.value) {
        // What is read from a file is encoded; the file is a pipe here.
        Some(variable) => format!("--data-urlencode {}@<(printf %s \"${variable}\")", field.name),
        None => format!("--data-urlencode {}", quoted(&format!("{}={}", field.name, text(recipe, &field.value)))),
    }
}

fn multipart_field(recipe: &Recipe, field: &Parameter) -> String {
    match runtime(&field.value) {
        Some(variable) => format!("--form {}=\\<<(printf %s \"${variable}\")", field.name),
        // A value that begins with @ or < is no file.
        None => format!("--form-string {}", quoted(&format!("{}={}", field.name, text(recipe, &field.value)))),
    }
}

/// The variable that holds a value which is made when the script runs.
const fn runtime(value: &Value) -> Option<&'static str> {
    match value {
        Value::Secret => Some("CLIENT_SECRET"),
        Value::Code => Some("code"),
        Value::Verifier => Some("verifier"),
        Value::Assertion => Some("assertion"),
        _ => None,
    }
}

/// A program for jq that makes the body.
fn object(recipe: &Recipe) -> String {
    let fields = recipe.exchange.fields.iter().map(|field| {
        let value = match &field.value {
            Value::Texts(texts) => serde_json::Value::from(texts.as_slice()).to_string(),
            Value::ClientId => recipe.client_id.to_json().to_string(),
            other => match runtime(other) {
                Some(variable) => format!("env.{variable}"),
                None => json(&text(recipe, other)),
            },
        };
        format!("{}: {value}", json(&field.name))
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

fn judge(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    source.add("status=${answer##*$'\\n'} answer=${answer%$'\\n'*}");
    if exchange.answer_may_be_form {
        source.add("[[ $answer == {* ]] || answer=$(query=$answer && jq --null-input '$ARGS.named' \\").indent();
        let names = ["access_token", "token_type", "error", "error_description"];
        let arguments = names.map(|name| format!("--arg {name} \"$(parameter {name})\""));
        source.add(format!("{})", arguments.join(" "))).outdent();
    }
    let mut right = vec![format!("{} // \"\" != \"\"", at(&exchange.success_sign))];
    right.extend(exchange.success_flag.iter().map(|flag| format!("{} == true", at(flag))));
    let right: Vec<String> = right.into_iter().map(|one| format!("({one})")).collect();
    let condition = quoted(&right.join(" and "));
    source.open(format!("if [[ $status != 200 ]] || ! jq --exit-status {condition} >/dev/null <<<\"$answer\"; then"));
    source.add("fail \"The code was refused (status $status): $(jq --raw-output '\"\\(.error) \\(.error_description // \"\")\"' <<<\"$answer\")\"");
    source.close("fi");
}

fn identity(source: &mut Source, recipe: &Recipe) {
    let identity = &recipe.identity;
    source.part("4. Who it was.", &identity.remarks);
    match &identity.source {
        IdentitySource::Nowhere => {
            source.add("echo 'Logged in'");
            return;
        }
        IdentitySource::TokenAnswer => _ = source.add("person=$answer"),
        IdentitySource::Endpoint(address) | IdentitySource::EndpointByForm(address) => ask(source, identity, address),
        IdentitySource::IdToken(issuer) => claims(source, recipe, issuer),
    }
    if let Some(flag) = &identity.signed_in_flag {
        let condition = quoted(&format!("{} == true", at(flag)));
        source.add(format!(
            "jq --exit-status {condition} >/dev/null <<<\"$person\" || fail 'Nobody is signed in with this token.'"
        ));
    }
    let subject = quoted(&format!("{} // \"\"", at(&identity.subject)));
    source.add(format!("subject=$(jq --raw-output {subject} <<<\"$person\")"));
    source.add("[[ -n $subject ]] || fail 'The answer names nobody.'").add("echo \"Logged in as $subject\"");
}

fn ask(source: &mut Source, identity: &Identity, address: &str) {
    source.add("token=$(jq --raw-output .access_token <<<\"$answer\")").open("person=$(");
    source
        .add("curl --silent --show-error --fail --max-time 30 --globoff --header 'Accept: application/json' \\")
        .indent();
    if identity.posts_token() {
        source.add("--data-urlencode access_token@<(printf %s \"$token\") \\");
    } else {
        source.add("--header @<(printf 'Authorization: Bearer %s' \"$token\") \\");
    }
    source.add(quoted(address)).outdent().close(") || fail 'Who it was is not said.'");
}

fn claims(source: &mut Source, recipe: &Recipe, issuer: &str) {
    let payload = ".id_token | split(\".\")[1] | gsub(\"-\"; \"+\") | gsub(\"_\"; \"/\") | @base64d | fromjson";
    source.add(format!("person=$(jq {} <<<\"$answer\") || fail 'No ID token came.'", quoted(payload)));
    let id = json(&recipe.client_id.to_string());
    let meant = format!(
        ".iss == {} and ([.aud] | flatten | index({id})) != null and .nonce == env.nonce and .exp > now",
        json(issuer)
    );
    source.add(format!(
        "nonce=$nonce jq --exit-status {} >/dev/null <<<\"$person\" || fail 'The ID token was made for another login, or has expired.'",
        quoted(&meant)
    ));
}

/// A value that is known before the script runs.
fn text(recipe: &Recipe, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::ClientId => recipe.client_id.to_string(),
        Value::RedirectUri => recipe.redirect_uri.clone(),
        Value::Texts(_)
        | Value::State
        | Value::Nonce
        | Value::Challenge
        | Value::Secret
        | Value::Code
        | Value::Verifier
        | Value::Assertion => String::new(),
    }
}

/// The value at a place of a JSON document, for jq; `null` where there is none.
fn at(pointer: &Pointer) -> String {
    if let Some(name) = pointer.only_member().filter(|name| is_name(name)) {
        return format!(".{name}");
    }
    let steps = pointer.steps.iter().map(|step| match step {
        Step::Member(name) => format!("[{}]?", json(name)),
        Step::Element(index) => format!("[{index}]?"),
    });
    format!(".{}", steps.collect::<String>())
}

/// A string of JSON, and so of jq, where a backslash before a parenthesis would begin an expression: JSON escapes every backslash.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One word for Bash. Single quotes leave everything as it is; what does not show itself is written by its number instead.
fn quoted(text: &str) -> String {
    if text.chars().all(is_plain) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let shown = text.chars().filter(|character| *character != '\0').map(|character| match character {
        '\'' | '\\' => format!("\\{character}"),
        _ if is_plain(character) => character.to_string(),
        _ => format!("\\U{:08x}", u32::from(character)),
    });
    format!("$'{}'", shown.collect::<String>())
}
