//! PHP 8.1 and later, without extensions; with a private key, OpenSSL or sodium, which PHP brings along.

mod assertion;

use gatewright_protocol::http::BodyEncoding;

use crate::literal::Escape;
use crate::pointer::{Pointer, Step};
use crate::recipe::{Identity, Parameter, Recipe, Source as IdentitySource, StateCheck, Value};
use crate::source::Source;

pub(crate) fn write(recipe: &Recipe) -> String {
    let mut source = Source::new("//", "    ");
    source.add("<?php").head(recipe).gap().add("declare(strict_types=1);").gap();
    constants(&mut source, recipe);
    authorization(&mut source, recipe);
    callback(&mut source, recipe);
    exchange(&mut source, recipe);
    identity(&mut source, &recipe.identity);
    functions(&mut source, recipe);
    source.finish()
}

fn constants(source: &mut Source, recipe: &Recipe) {
    let id = recipe.numeric_id().map_or_else(|| quoted(&recipe.client_id.to_string()), |number| number.to_string());
    source.add(format!("const CLIENT_ID = {id};"));
    source.add(format!("const REDIRECT_URI = {};", quoted(&recipe.redirect_uri)));
    if recipe.needs_secret() {
        source.add(
            "$clientSecret = getenv(\"CLIENT_SECRET\") ?: fail(\"Set CLIENT_SECRET to the secret of this client.\");",
        );
    }
    if let Some(assertion) = recipe.signed() {
        self::assertion::key(source, assertion);
    }
}

fn authorization(source: &mut Source, recipe: &Recipe) {
    let authorization = &recipe.authorization;
    source.part("1. Where the browser is sent.", &authorization.remarks);
    if recipe.sends(&Value::State) {
        source.add("$state = bin2hex(random_bytes(16));");
    }
    if recipe.sends(&Value::Nonce) {
        source.add("$nonce = bin2hex(random_bytes(16));");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("$verifier = base64url(random_bytes(32));");
        source.add("$challenge = base64url(hash(\"sha256\", $verifier, true));");
    }
    query(source, "parameters", &authorization.parameters);
    let start = quoted(&format!("{}{}", authorization.endpoint, authorization.separator()));
    source.add("echo \"Open this address in a browser:\\n\";");
    source.add(format!("echo {start} . $parameters . \"\\n\";"));
}

fn callback(source: &mut Source, recipe: &Recipe) {
    source.part("2. What the browser came back with.", &recipe.callback.remarks);
    source.add("echo \"Paste the address that the browser came back to:\\n\";");
    source.add("parse_str((string) parse_url(trim((string) fgets(STDIN)), PHP_URL_QUERY), $answer);");
    source.open("if (isset($answer[\"error\"])) {");
    source
        .add("fail(\"The provider refused: {$answer[\"error\"]} \" . ($answer[\"error_description\"] ?? \"\"));")
        .close("}");
    source.open("if (!isset($answer[\"code\"])) {");
    source.add("fail(\"No code came back: nobody agreed to this login.\");").close("}");
    if let Some(check) = recipe.callback.state {
        let default = if check == StateCheck::Required { "null" } else { "$state" };
        source.open(format!("if (($answer[\"state\"] ?? {default}) !== $state) {{"));
        source.add("fail(\"This answer belongs to another login: its state is not ours.\");").close("}");
    }
    if let Some(issuer) = &recipe.callback.issuer {
        source.open(format!("if (($answer[\"iss\"] ?? {0}) !== {0}) {{", quoted(issuer)));
        source.add("fail(\"This answer comes from another provider.\");").close("}");
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
            query(source, "body", &exchange.fields);
            "\"Content-Type: application/x-www-form-urlencoded\""
        }
        BodyEncoding::Json => {
            source.open("$body = json_encode([");
            keyed(source, &exchange.fields);
            source.close("], JSON_THROW_ON_ERROR);");
            "\"Content-Type: application/json\""
        }
        BodyEncoding::Multipart => multipart(source, &exchange.fields),
    };
    source.open("$headers = [");
    source.add(format!("{},", quoted(&format!("Accept: {}", exchange.accept)))).add(format!("{content_type},"));
    if exchange.basic {
        source.add("\"Authorization: Basic \" . base64_encode(urlencode((string) CLIENT_ID) . \":\" . urlencode($clientSecret)),");
    }
    source.close("];");
    source.add(format!("[$status, $tokens] = send(\"POST\", {}, $headers, $body);", quoted(&exchange.endpoint)));
    let mut wrong = vec!["$status !== 200".to_owned()];
    wrong.extend(exchange.success_flag.iter().map(|flag| format!("({} ?? false) !== true", at("$tokens", flag))));
    wrong.push(format!("!isset({})", at("$tokens", &exchange.success_sign)));
    source.open(format!("if ({}) {{", wrong.join(" || ")));
    source.add(
        "$reason = ($tokens[\"error\"] ?? \"no reason given\") . \" \" . ($tokens[\"error_description\"] ?? \"\");",
    );
    source.add("fail(\"The code was refused (status $status): $reason\");").close("}");
}

/// Writes a multipart body, which PHP does not without an extension; brings the expression of its label.
fn multipart(source: &mut Source, fields: &[Parameter]) -> &'static str {
    source.add("$boundary = bin2hex(random_bytes(16));").add("$body = \"\";").open("$fields = [");
    for field in fields {
        source.add(format!("[{}, {}],", quoted(&field.name), value(&field.value)));
    }
    source.close("];").open("foreach ($fields as [$name, $value]) {");
    source
        .add(r#"$body .= "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";"#)
        .close("}");
    source.add(r#"$body .= "--$boundary--\r\n";"#);
    "\"Content-Type: multipart/form-data; boundary=$boundary\""
}

fn identity(source: &mut Source, identity: &Identity) {
    source.part("4. Who it was.", &identity.remarks);
    match &identity.source {
        IdentitySource::Nowhere => {
            source.add("echo \"Logged in\\n\";");
            return;
        }
        IdentitySource::TokenAnswer => _ = source.add("$person = $tokens;"),
        IdentitySource::Endpoint(address) | IdentitySource::EndpointByForm(address) => {
            ask(source, address, identity.posts_token());
        }
        IdentitySource::IdToken(issuer) => claims(source, issuer),
    }
    if let Some(flag) = &identity.signed_in_flag {
        source.open(format!("if (({} ?? false) !== true) {{", at("$person", flag)));
        source.add("fail(\"Nobody is signed in with this token.\");").close("}");
    }
    source.add(format!("$subject = {} ?? fail(\"The answer names nobody.\");", at("$person", &identity.subject)));
    source.add("echo \"Logged in as $subject\\n\";");
}

fn ask(source: &mut Source, address: &str, posts_token: bool) {
    let address = quoted(address);
    if posts_token {
        source.add("$body = http_build_query([\"access_token\" => $tokens[\"access_token\"]]);");
        source.add("$headers = [\"Accept: application/json\", \"Content-Type: application/x-www-form-urlencoded\"];");
        source.add(format!("[$status, $person] = send(\"POST\", {address}, $headers, $body);"));
    } else {
        source
            .add("$headers = [\"Accept: application/json\", \"Authorization: Bearer \" . $tokens[\"access_token\"]];");
        source.add(format!("[$status, $person] = send(\"GET\", {address}, $headers);"));
    }
    source.open("if ($status !== 200) {").add("fail(\"Who it was is not said (status $status).\");").close("}");
}

fn claims(source: &mut Source, issuer: &str) {
    source.add("$payload = explode(\".\", $tokens[\"id_token\"] ?? fail(\"No ID token came.\"))[1];");
    source.add("$payload = base64_decode(strtr($payload, \"-_\", \"+/\"));");
    source.add("$person = json_decode($payload, true, 512, JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR);");
    source.add(format!("$meant = $person[\"iss\"] === {}", quoted(issuer)));
    source.open("    && in_array((string) CLIENT_ID, (array) $person[\"aud\"], true)");
    source.add("&& ($person[\"nonce\"] ?? null) === $nonce\n&& $person[\"exp\"] > time();").outdent();
    source.open("if (!$meant) {").add("fail(\"The ID token was made for another login, or has expired.\");").close("}");
}

fn functions(source: &mut Source, recipe: &Recipe) {
    source
        .gap()
        .add("/** Sends a request: the status and what the answer says. A secret must not follow a redirect. */");
    source.add("function send(string $method, string $url, array $headers, string $body = \"\"): array").open("{");
    source.open("$context = stream_context_create([\"http\" => [");
    source.add("\"method\" => $method,\n\"header\" => $headers,\n\"content\" => $body,");
    source.add("\"follow_location\" => 0,\n\"ignore_errors\" => true,\n\"timeout\" => 30,").close("]]);");
    source.add("$stream = fopen($url, \"r\", false, $context) ?: fail(\"Nobody answered at $url.\");");
    source.add("$status = (int) explode(\" \", stream_get_meta_data($stream)[\"wrapper_data\"][0])[1];");
    source.add("$text = stream_get_contents($stream);");
    if recipe.exchange.answer_may_be_form {
        source.open("if (!str_starts_with($text, \"{\")) {").add("parse_str($text, $fields);");
        source.add("return [$status, $fields];").close("}");
    }
    source
        .add("return [$status, json_decode($text, true, 512, JSON_BIGINT_AS_STRING | JSON_THROW_ON_ERROR)];")
        .close("}");
    if recipe.writes_base64url() {
        source.gap().add("function base64url(string $bytes): string").open("{");
        source.add("return rtrim(strtr(base64_encode($bytes), \"+/\", \"-_\"), \"=\");").close("}");
    }
    if let Some(assertion) = &recipe.exchange.assertion {
        self::assertion::functions(source, assertion);
    }
    source.gap().add("function fail(string $reason): never").open("{");
    source.add("fwrite(STDERR, \"$reason\\n\");\nexit(1);").close("}");
}

/// A form-encoded text. An array has each name once, so names that are sent again begin another one.
fn query(source: &mut Source, variable: &str, parameters: &[Parameter]) {
    let mut groups: Vec<Vec<&Parameter>> = vec![Vec::new()];
    for parameter in parameters {
        match groups.iter_mut().find(|group| group.iter().all(|other| other.name != parameter.name)) {
            Some(group) => group.push(parameter),
            None => groups.push(vec![parameter]),
        }
    }
    for (place, group) in groups.iter().enumerate() {
        source.open(if place == 0 {
            format!("${variable} = http_build_query([")
        } else {
            format!("${variable} .= \"&\" . http_build_query([")
        });
        keyed(source, group.iter().copied());
        source.close("]);");
    }
}

fn keyed<'a>(source: &mut Source, parameters: impl IntoIterator<Item = &'a Parameter>) {
    for parameter in parameters {
        source.add(format!("{} => {},", quoted(&parameter.name), value(&parameter.value)));
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Texts(texts) => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
        Value::ClientId => "CLIENT_ID".to_owned(),
        Value::RedirectUri => "REDIRECT_URI".to_owned(),
        Value::State => "$state".to_owned(),
        Value::Nonce => "$nonce".to_owned(),
        Value::Challenge => "$challenge".to_owned(),
        Value::Secret => "$clientSecret".to_owned(),
        Value::Code => "$answer[\"code\"]".to_owned(),
        Value::Verifier => "$verifier".to_owned(),
        Value::Assertion => "$assertion".to_owned(),
    }
}

/// The value at a place of a JSON document; `??` catches that there is none.
fn at(document: &str, pointer: &Pointer) -> String {
    let steps = pointer.steps.iter().map(|step| match step {
        Step::Member(name) => format!("[{}]", quoted(name)),
        Step::Element(index) => format!("[{index}]"),
    });
    format!("{document}{}", steps.collect::<String>())
}

fn quoted(text: &str) -> String {
    crate::literal::quoted(text, &['$'], Escape::Braces)
}
