//! A browser without a screen: cookies, forms, and redirects followed only while they stay at the sandbox.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use gatewright_sandbox::{AppForm, Clock, CreatedApp, Sandbox, SandboxHandle, SandboxOptions, Twin};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};

/// Where the tests' apps are sent back to. Nobody listens there, and nobody is asked.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:9/callback";

/// A sandbox with all twins.
pub(crate) async fn sandbox() -> SandboxHandle {
    Sandbox::start(SandboxOptions::default()).await.expect("a free loopback port")
}

/// An app of Olivia's.
pub(crate) async fn app(sandbox: &SandboxHandle, twin: Twin) -> CreatedApp {
    app_of(sandbox, twin, "olivia").await
}

/// An app of somebody's.
pub(crate) async fn app_of(sandbox: &SandboxHandle, twin: Twin, owner: &str) -> CreatedApp {
    let form = AppForm { name: "Kitten Board".into(), redirect_uris: vec![CALLBACK.into()] };
    sandbox.create_app(twin, owner, form).await.expect("the form is in order")
}

/// What an app at the other end of the wire uses: no redirects, no cookies.
pub(crate) fn wire() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

/// A clock that stands still until it is told otherwise.
pub(crate) struct TestClock(Mutex<Timestamp>);

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-11-21T12:00:00Z".parse().unwrap())))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A page the browser has stopped at.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) html: String,
}

impl Page {
    /// The text between `<title>` and `</title>`.
    pub(crate) fn title(&self) -> &str {
        between(&self.html, "<title>", "</title>").expect("a page has a title")
    }

    /// The labels of the consent form's buttons, in order.
    pub(crate) fn buttons(&self) -> Vec<&str> {
        let form = between(&self.html, "id=\"consent\"", "</form>").expect("a consent form");
        form.split("</button>")
            .filter_map(|part| part.rsplit_once('>'))
            .map(|(_, label)| label.trim())
            .filter(|label| !label.is_empty())
            .collect()
    }

    fn action(&self, form: &str) -> Url {
        self.action_before(&format!("id=\"{form}\""))
    }

    fn action_of_class(&self, class: &str) -> Url {
        self.action_before(&format!("class=\"{class}\""))
    }

    /// The address of the form whose tag ends so.
    fn action_before(&self, mark: &str) -> Url {
        let end = self.html.find(mark).unwrap_or_else(|| panic!("no form {mark} in {}", self.html));
        let start = self.html[..end].rfind("action=\"").unwrap() + 8;
        let action = unescaped(self.html[start..].split('"').next().unwrap());
        self.url.join(&action).unwrap()
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        unescaped(between(&self.html, &format!("name=\"{name}\" value=\""), "\"").unwrap_or_default())
    }
}

/// Where a navigation ended.
pub(crate) enum End {
    Page(Page),
    /// The address outside the sandbox that the browser was sent to.
    Left(Url),
}

impl End {
    pub(crate) fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Left(url) => panic!("expected a page, was sent to {url}"),
        }
    }

    pub(crate) fn callback(self) -> Callback {
        match self {
            Self::Left(url) => Callback(url),
            Self::Page(page) => {
                panic!("expected a callback, got page {} {}: {}", page.status, page.url.path(), page.html)
            }
        }
    }
}

/// A callback as the app receives it.
pub(crate) struct Callback(pub(crate) Url);

impl Callback {
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.0.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub(crate) fn code(&self) -> String {
        self.get("code").unwrap_or_else(|| panic!("no code in {}", self.0))
    }
}

/// One person's browser.
pub(crate) struct Browser {
    client: Client,
    origin: String,
}

impl Browser {
    pub(crate) fn new(sandbox: &SandboxHandle) -> Self {
        let client = Client::builder().redirect(Policy::none()).cookie_store(true).no_proxy().build().unwrap();
        Self { client, origin: sandbox.origin().to_owned() }
    }

    /// Opens an address and follows redirects while they stay at the sandbox.
    pub(crate) async fn open(&self, url: impl AsRef<str>) -> End {
        let response = self.client.get(url.as_ref()).send().await.unwrap();
        self.follow(response).await
    }

    /// Fills the sign-in form with a person's own password.
    pub(crate) async fn sign_in(&self, page: &Page, username: &str) -> End {
        self.sign_in_with(page, username, &format!("{username}-sandbox")).await
    }

    pub(crate) async fn sign_in_with(&self, page: &Page, username: &str, password: &str) -> End {
        let next = page.hidden("next");
        self.submit(page, "sign-in", &[("next", &next), ("username", username), ("password", password)]).await
    }

    /// Presses a button of the consent page.
    pub(crate) async fn decide(&self, page: &Page, decision: &str) -> End {
        let token = page.hidden("csrf_token");
        self.submit(page, "consent", &[("csrf_token", &token), ("decision", decision)]).await
    }

    /// Presses "Use another account".
    pub(crate) async fn sign_out(&self, page: &Page) -> End {
        let (token, next) = (page.hidden("csrf_token"), page.hidden("next"));
        self.post(page.action_of_class("whoami"), &[("csrf_token", token), ("next", next)]).await
    }

    /// Sends a form that no page has.
    pub(crate) async fn post(&self, url: Url, fields: &[(&str, String)]) -> End {
        let response = self.client.post(url).form(fields).send().await.unwrap();
        self.follow(response).await
    }

    pub(crate) async fn submit(&self, page: &Page, form: &str, fields: &[(&str, &str)]) -> End {
        let response = self.client.post(page.action(form)).form(fields).send().await.unwrap();
        self.follow(response).await
    }

    /// Signs in and approves: a whole login from the person's side.
    pub(crate) async fn log_in(&self, url: &str, username: &str) -> Callback {
        let page = self.open(url).await.page();
        match self.sign_in(&page, username).await {
            End::Page(consent) => self.decide(&consent, "approve").await.callback(),
            left @ End::Left(_) => left.callback(),
        }
    }

    async fn follow(&self, mut response: Response) -> End {
        for _ in 0..10 {
            let url = response.url().clone();
            let Some(location) = response.headers().get(LOCATION) else {
                let status = response.status();
                return End::Page(Page { url, status, html: response.text().await.unwrap() });
            };
            let target = url.join(location.to_str().unwrap()).unwrap();
            if target.origin().ascii_serialization() != self.origin {
                return End::Left(target);
            }
            response = self.client.get(target).send().await.unwrap();
        }
        panic!("redirected in a circle");
    }
}

/// One app at one twin, ready for logins.
pub(crate) struct Login {
    pub(crate) sandbox: SandboxHandle,
    pub(crate) twin: Twin,
    pub(crate) app: CreatedApp,
}

impl Login {
    /// A fresh sandbox with an app of Olivia's.
    pub(crate) async fn prepare(twin: Twin) -> Self {
        Self::at_sandbox(sandbox().await, twin).await
    }

    /// The same at a sandbox that is already there.
    pub(crate) async fn at_sandbox(sandbox: SandboxHandle, twin: Twin) -> Self {
        let app = app(&sandbox, twin).await;
        Self { sandbox, twin, app }
    }

    pub(crate) fn id(&self) -> String {
        self.app.app.client_id.to_string()
    }

    /// The address of a path of the sandbox.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.origin())
    }

    /// The authorization request of this app, with more parameters.
    pub(crate) fn authorize(&self, more: &[(&str, &str)]) -> String {
        let id = self.id();
        let mut parameters = vec![("client_id", id.as_str()), ("redirect_uri", CALLBACK)];
        if self.twin != Twin::Chattr {
            parameters.push(("response_type", "code"));
        }
        parameters.extend(more);
        authorize(&self.sandbox, self.twin, &parameters)
    }

    /// A login in a browser of its own, up to the person's decision.
    pub(crate) async fn decided(&self, username: &str, decision: &str, more: &[(&str, &str)]) -> Callback {
        let browser = Browser::new(&self.sandbox);
        let sign_in = browser.open(self.authorize(more)).await.page();
        let consent = browser.sign_in(&sign_in, username).await.page();
        browser.decide(&consent, decision).await.callback()
    }

    /// A login in a browser of its own, approved; works where consent is remembered, too.
    pub(crate) async fn approved(&self, username: &str) -> Callback {
        Browser::new(&self.sandbox).log_in(&self.authorize(&[]), username).await
    }

    /// An ordinary code exchange with changes.
    pub(crate) async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> (u16, serde_json::Value) {
        let id = self.id();
        token(&self.sandbox, self.twin, &exchange(&self.app, &id, code, changes)).await
    }

    /// The identity endpoint, asked with a bearer token.
    pub(crate) async fn identity(&self, access_token: &str) -> (u16, serde_json::Value) {
        let request = wire().get(self.at(self.twin.identity_path().unwrap())).bearer_auth(access_token);
        status_and_json(request.send().await.unwrap()).await
    }
}

/// An authorization request's address.
pub(crate) fn authorize(sandbox: &SandboxHandle, twin: Twin, parameters: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&format!("{}{}", sandbox.origin(), twin.authorization_path())).unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    url.into()
}

/// A token request with a form body; gives status and JSON.
pub(crate) async fn token(sandbox: &SandboxHandle, twin: Twin, fields: &[(&str, &str)]) -> (u16, serde_json::Value) {
    let request = wire().post(format!("{}{}", sandbox.origin(), twin.token_path())).form(fields);
    status_and_json(request.send().await.unwrap()).await
}

pub(crate) async fn status_and_json(response: Response) -> (u16, serde_json::Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)))
}

/// The fields of an ordinary code exchange, with changes.
pub(crate) fn exchange<'a>(
    app: &'a CreatedApp,
    id: &'a str,
    code: &'a str,
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut fields: HashMap<&str, &str> = HashMap::from([
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("client_secret", app.secret.expose()),
        ("code", code),
        ("redirect_uri", CALLBACK),
    ]);
    fields.extend(changes.iter().copied());
    fields.into_iter().collect()
}

/// The claims of a JWT, its signature not looked at.
pub(crate) fn claims_of(token: &serde_json::Value) -> serde_json::Value {
    use base64::Engine as _;
    let payload = token.as_str().and_then(|token| token.split('.').nth(1)).expect("a JWT");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(middle, _)| middle)
}

/// The few character references askama writes.
fn unescaped(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&amp;", "&")
}
