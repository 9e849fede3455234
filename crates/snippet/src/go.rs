//! Go 1.18 and later, with the standard library alone.

mod assertion;

use gatewright_protocol::http::BodyEncoding;

use crate::literal::Escape;
use crate::pointer::{Pointer, Step};
use crate::recipe::{Parameter, Recipe, Source as IdentitySource, StateCheck, Value};
use crate::source::Source;

pub(crate) fn write(recipe: &Recipe) -> String {
    let mut source = Source::new("//", "\t");
    source.head(recipe).add("package main").gap();
    imports(&mut source, recipe);
    constants(&mut source, recipe);
    source.gap().open("func main() {").add("log.SetFlags(0)");
    if recipe.needs_secret() {
        source.add("clientSecret := os.Getenv(\"CLIENT_SECRET\")").open("if clientSecret == \"\" {");
        source.add("log.Fatal(\"Set CLIENT_SECRET to the secret of this client.\")").close("}");
    }
    if let Some(assertion) = recipe.signed() {
        self::assertion::key(&mut source, assertion);
    }
    authorization(&mut source, recipe);
    callback(&mut source, recipe);
    exchange(&mut source, recipe);
    identity(&mut source, recipe);
    source.close("}");
    functions(&mut source, recipe);
    source.finish()
}

fn imports(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    let signs = |package| assertion::needs(exchange.assertion.as_ref(), package);
    let wanted = [
        ("bufio", true),
        ("bytes", exchange.encoding != BodyEncoding::Form),
        ("crypto", signs("crypto")),
        ("crypto/ecdsa", signs("crypto/ecdsa")),
        ("crypto/ed25519", signs("crypto/ed25519")),
        ("crypto/elliptic", signs("crypto/elliptic")),
        ("crypto/hmac", signs("crypto/hmac")),
        ("crypto/rand", recipe.needs_randomness()),
        ("crypto/rsa", signs("crypto/rsa")),
        ("crypto/sha256", recipe.sends(&Value::Challenge) || signs("crypto/sha256")),
        ("crypto/sha512", signs("crypto/sha512")),
        ("crypto/x509", signs("crypto/x509")),
        ("encoding/base64", recipe.encodes_base64()),
        ("encoding/hex", recipe.sends(&Value::State) || recipe.sends(&Value::Nonce) || signs("encoding/hex")),
        ("encoding/json", true),
        ("encoding/pem", signs("encoding/pem")),
        ("fmt", true),
        ("io", true),
        ("log", true),
        ("mime/multipart", exchange.encoding == BodyEncoding::Multipart),
        ("net/http", true),
        ("net/url", true),
        ("os", true),
        ("strconv", walks_arrays(recipe)),
        ("strings", true),
        ("time", true),
    ];
    source.open("import (");
    for (package, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
        source.add(format!("\"{package}\""));
    }
    source.close(")").gap();
}

fn constants(source: &mut Source, recipe: &Recipe) {
    let id = recipe.numeric_id().map_or_else(|| quoted(&recipe.client_id.to_string()), |number| number.to_string());
    source.open("const (").add(format!("clientID    = {id}"));
    source.add(format!("redirectURI = {}", quoted(&recipe.redirect_uri))).close(")");
}

fn authorization(source: &mut Source, recipe: &Recipe) {
    let authorization = &recipe.authorization;
    source.part("1. Where the browser is sent.", &authorization.remarks);
    if recipe.sends(&Value::State) {
        source.add("state := hex.EncodeToString(random(16))");
    }
    if recipe.sends(&Value::Nonce) {
        source.add("nonce := hex.EncodeToString(random(16))");
    }
    if recipe.sends(&Value::Challenge) {
        source.add("verifier := base64.RawURLEncoding.EncodeToString(random(32))");
        source.add("digest := sha256.Sum256([]byte(verifier))");
        source.add("challenge := base64.RawURLEncoding.EncodeToString(digest[:])");
    }
    source.add("parameters := url.Values{}");
    add_each(source, "parameters.Add", &authorization.parameters);
    let start = quoted(&format!("{}{}", authorization.endpoint, authorization.separator()));
    source.add("fmt.Println(\"Open this address in a browser:\")");
    source.add(format!("fmt.Println({start} + parameters.Encode())"));
}

fn callback(source: &mut Source, recipe: &Recipe) {
    source.part("2. What the browser came back with.", &recipe.callback.remarks);
    source.add("fmt.Println(\"Paste the address that the browser came back to:\")");
    source.add("line, _ := bufio.NewReader(os.Stdin).ReadString('\\n')");
    source
        .add("callback, err := url.Parse(strings.TrimSpace(line))")
        .add("check(err)")
        .add("answer := callback.Query()");
    source.open("if answer.Has(\"error\") {");
    source
        .add("log.Fatal(\"The provider refused: \", answer.Get(\"error\"), \" \", answer.Get(\"error_description\"))")
        .close("}");
    source.open("if !answer.Has(\"code\") {");
    source.add("log.Fatal(\"No code came back: nobody agreed to this login.\")").close("}");
    if let Some(check) = recipe.callback.state {
        let there = if check == StateCheck::Required { "" } else { "answer.Has(\"state\") && " };
        source.open(format!("if {there}answer.Get(\"state\") != state {{"));
        source.add("log.Fatal(\"This answer belongs to another login: its state is not ours.\")").close("}");
    }
    if let Some(issuer) = &recipe.callback.issuer {
        source.open(format!("if answer.Has(\"iss\") && answer.Get(\"iss\") != {} {{", quoted(issuer)));
        source.add("log.Fatal(\"This answer comes from another provider.\")").close("}");
    }
}

fn exchange(source: &mut Source, recipe: &Recipe) {
    let exchange = &recipe.exchange;
    source.part("3. The code becomes an answer.", &exchange.remarks);
    if let Some(assertion) = &exchange.assertion {
        self::assertion::write(source, assertion);
    }
    let (reader, content_type) = match exchange.encoding {
        BodyEncoding::Form => {
            source.add("body := url.Values{}");
            add_each(source, "body.Add", &exchange.fields);
            ("strings.NewReader(body.Encode())", "\"application/x-www-form-urlencoded\"")
        }
        BodyEncoding::Json => {
            source.open("body, err := json.Marshal(map[string]any{");
            let widest = exchange.fields.iter().map(|field| quoted(&field.name).len()).max().unwrap_or_default();
            for field in &exchange.fields {
                // As gofmt writes it.
                let gap = " ".repeat(widest - quoted(&field.name).len());
                source.add(format!("{}: {gap}{},", quoted(&field.name), value(&field.value)));
            }
            source.close("})").add("check(err)");
            ("bytes.NewReader(body)", "\"application/json\"")
        }
        BodyEncoding::Multipart => {
            source.add("var body bytes.Buffer").add("form := multipart.NewWriter(&body)");
            for field in &exchange.fields {
                source.add(format!("check(form.WriteField({}, {}))", quoted(&field.name), text(&field.value)));
            }
            source.add("check(form.Close())");
            ("&body", "form.FormDataContentType()")
        }
    };
    source.add(format!("request, err := http.NewRequest(\"POST\", {}, {reader})", quoted(&exchange.endpoint)));
    source.add("check(err)").add(format!("request.Header.Set(\"Content-Type\", {content_type})"));
    source.add(format!("request.Header.Set(\"Accept\", {})", quoted(&exchange.accept)));
    if exchange.basic {
        let id = text(&Value::ClientId);
        source.add(format!("request.SetBasicAuth(url.QueryEscape({id}), url.QueryEscape(clientSecret))"));
    }
    source.add("status, tokens := send(request)");
    let mut wrong = vec!["status != http.StatusOK".to_owned()];
    wrong.extend(exchange.success_flag.iter().map(|flag| format!("{} != true", at("tokens", flag))));
    wrong.push(format!("{} == nil", at("tokens", &exchange.success_sign)));
    source.open(format!("if {} {{", wrong.join(" || ")));
    source.add("log.Fatal(\"The code was refused (status \", status, \"): \", tokens[\"error\"], \" \", tokens[\"error_description\"])");
    source.close("}");
}

fn identity(source: &mut Source, recipe: &Recipe) {
    let identity = &recipe.identity;
    source.part("4. Who it was.", &identity.remarks);
    match &identity.source {
        IdentitySource::Nowhere => {
            source.add("fmt.Println(\"Logged in\")");
            return;
        }
        IdentitySource::TokenAnswer => _ = source.add("person := tokens"),
        IdentitySource::Endpoint(address) | IdentitySource::EndpointByForm(address) => {
            ask(source, address, identity.posts_token());
        }
        IdentitySource::IdToken(issuer) => claims(source, issuer),
    }
    if let Some(flag) = &identity.signed_in_flag {
        source.open(format!("if {} != true {{", at("person", flag)));
        source.add("log.Fatal(\"Nobody is signed in with this token.\")").close("}");
    }
    source.add(format!("subject := {}", at("person", &identity.subject)));
    source.open("if subject == nil {").add("log.Fatal(\"The answer names nobody.\")").close("}");
    source.add("fmt.Println(\"Logged in as\", subject)");
}

fn ask(source: &mut Source, address: &str, posts_token: bool) {
    if posts_token {
        source.add("token := url.Values{\"access_token\": {fmt.Sprint(tokens[\"access_token\"])}}");
        source.add(format!(
            "request, err = http.NewRequest(\"POST\", {}, strings.NewReader(token.Encode()))",
            quoted(address)
        ));
        source.add("check(err)").add("request.Header.Set(\"Content-Type\", \"application/x-www-form-urlencoded\")");
    } else {
        source.add(format!("request, err = http.NewRequest(\"GET\", {}, nil)", quoted(address)));
        source
            .add("check(err)")
            .add("request.Header.Set(\"Authorization\", fmt.Sprint(\"Bearer \", tokens[\"access_token\"]))");
    }
    source.add("request.Header.Set(\"Accept\", \"application/json\")").add("status, person := send(request)");
    source
        .open("if status != http.StatusOK {")
        .add("log.Fatal(\"Who it was is not said (status \", status, \").\")")
        .close("}");
}

fn claims(source: &mut Source, issuer: &str) {
    source.add("parts := strings.Split(fmt.Sprint(tokens[\"id_token\"]), \".\")");
    source.open("if len(parts) != 3 {").add("log.Fatal(\"No ID token came.\")").close("}");
    source.add("payload, err := base64.RawURLEncoding.DecodeString(parts[1])").add("check(err)");
    source.add("person := map[string]any{}").add("check(json.Unmarshal(payload, &person))");
    source.add("audience, isList := person[\"aud\"].([]any)");
    source.open("if !isList {").add("audience = []any{person[\"aud\"]}").close("}");
    source.add("meant := false").open("for _, one := range audience {");
    source.add("meant = meant || one == fmt.Sprint(clientID)").close("}");
    source.add("expires, _ := person[\"exp\"].(float64)");
    source.add(format!("meant = meant && person[\"iss\"] == {} && person[\"nonce\"] == nonce", quoted(issuer)));
    source.open("if !meant || int64(expires) <= time.Now().Unix() {");
    source.add("log.Fatal(\"The ID token was made for another login, or has expired.\")").close("}");
}

fn functions(source: &mut Source, recipe: &Recipe) {
    source
        .gap()
        .add("// send sends a request: the status and what the answer says. A secret must not follow a redirect.");
    source.open("func send(request *http.Request) (int, map[string]any) {").open("client := http.Client{");
    source.add("Timeout:       30 * time.Second,");
    source
        .add("CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },")
        .close("}");
    source.add("response, err := client.Do(request)").add("check(err)").add("defer response.Body.Close()");
    source.add("text, err := io.ReadAll(response.Body)").add("check(err)").add("answer := map[string]any{}");
    if recipe.exchange.answer_may_be_form {
        source.open("if !strings.HasPrefix(string(text), \"{\") {").add("fields, err := url.ParseQuery(string(text))");
        source.add("check(err)").open("for name := range fields {").add("answer[name] = fields.Get(name)").close("}");
        source.add("return response.StatusCode, answer").close("}");
    }
    source.add("decoder := json.NewDecoder(strings.NewReader(string(text)))");
    source.add("decoder.UseNumber() // an identifier that is a number stays exact");
    source.add("check(decoder.Decode(&answer))").add("return response.StatusCode, answer").close("}");
    if recipe.needs_randomness() {
        source.gap().open("func random(count int) []byte {").add("bytes := make([]byte, count)");
        source.add("_, err := rand.Read(bytes)\ncheck(err)\nreturn bytes").close("}");
    }
    if walks_arrays(recipe) || pointers(recipe).any(|pointer| pointer.only_member().is_none()) {
        walker(source, walks_arrays(recipe));
    }
    if let Some(assertion) = &recipe.exchange.assertion {
        self::assertion::functions(source, assertion);
    }
    source.gap().open("func check(err error) {").open("if err != nil {").add("log.Fatal(err)").close("}").close("}");
}

/// What finds a value that is not directly in the object.
fn walker(source: &mut Source, arrays: bool) {
    source.gap().add("// at finds the value at a place; nil where there is none.");
    source.open("func at(document any, path ...string) any {").open("for _, step := range path {");
    source
        .add("switch inner := document.(type) {")
        .open("case map[string]any:")
        .add("document = inner[step]")
        .outdent();
    if arrays {
        source.open("case []any:").add("place, err := strconv.Atoi(step)");
        source.open("if err != nil || place >= len(inner) {").add("return nil").close("}");
        source.add("document = inner[place]").outdent();
    }
    source.open("default:").add("return nil").outdent().add("}").close("}").add("return document").close("}");
}

fn pointers(recipe: &Recipe) -> impl Iterator<Item = &Pointer> {
    let identity = [Some(&recipe.identity.subject), recipe.identity.signed_in_flag.as_ref()];
    let exchange = [Some(&recipe.exchange.success_sign), recipe.exchange.success_flag.as_ref()];
    identity.into_iter().chain(exchange).flatten()
}

fn walks_arrays(recipe: &Recipe) -> bool {
    pointers(recipe).any(|pointer| pointer.steps.iter().any(|step| matches!(step, Step::Element(_))))
}

fn add_each(source: &mut Source, function: &str, parameters: &[Parameter]) {
    for parameter in parameters {
        source.add(format!("{function}({}, {})", quoted(&parameter.name), text(&parameter.value)));
    }
}

/// A value where a text is wanted.
fn text(value: &Value) -> String {
    match value {
        Value::ClientId => "fmt.Sprint(clientID)".to_owned(),
        other => self::value(other),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Texts(texts) => {
            format!("[]string{{{}}}", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
        }
        Value::ClientId => "clientID".to_owned(),
        Value::RedirectUri => "redirectURI".to_owned(),
        Value::State => "state".to_owned(),
        Value::Nonce => "nonce".to_owned(),
        Value::Challenge => "challenge".to_owned(),
        Value::Secret => "clientSecret".to_owned(),
        Value::Code => "answer.Get(\"code\")".to_owned(),
        Value::Verifier => "verifier".to_owned(),
        Value::Assertion => "assertion".to_owned(),
    }
}

/// The value at a place of a JSON document, or `nil`.
fn at(document: &str, pointer: &Pointer) -> String {
    if let Some(member) = pointer.only_member() {
        return format!("{document}[{}]", quoted(member));
    }
    let steps = pointer.steps.iter().map(|step| match step {
        Step::Member(name) => format!(", {}", quoted(name)),
        Step::Element(index) => format!(", \"{index}\""),
    });
    format!("at({document}{})", steps.collect::<String>())
}

fn quoted(text: &str) -> String {
    crate::literal::quoted(text, &[], Escape::EightDigits)
}
