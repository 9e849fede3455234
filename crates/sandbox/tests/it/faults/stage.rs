//! A sandbox that approves everything, one app, and one fault at a time.

use gatewright_sandbox::{FaultRule, Sandbox, SandboxOptions, Twin};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::browser::{CALLBACK, Callback, Login, exchange, wire};

/// The state of every login here; any change of it can be seen.
pub(super) const STATE: &str = "Kept-State_1";

pub(super) struct Stage {
    pub(super) login: Login,
    /// One client for all requests: making one costs far more than asking.
    pub(super) client: reqwest::Client,
}

impl Stage {
    pub(super) async fn at(twin: Twin) -> Self {
        let options = SandboxOptions { auto_approve: Some("theo".into()), ..SandboxOptions::default() };
        Self::of(Login::at_sandbox(Sandbox::start(options).await.unwrap(), twin).await)
    }

    pub(super) fn of(login: Login) -> Self {
        Self { login, client: wire() }
    }

    /// Puts one fault in force; the empty variant is none.
    pub(super) fn set(&self, fault: &str, variant: &str) {
        self.set_rule(self.rule(fault, variant));
    }

    pub(super) fn rule(&self, fault: &str, variant: &str) -> FaultRule {
        let variant = (!variant.is_empty()).then(|| variant.to_owned());
        FaultRule { variant, ..FaultRule::always(fault, self.login.twin) }
    }

    pub(super) fn set_rule(&self, rule: FaultRule) {
        self.login.sandbox.set_faults(vec![rule]).unwrap();
    }

    /// "AZ-03:same" for each fault that happened so far.
    pub(super) fn injected(&self) -> Vec<String> {
        let injections = self.login.sandbox.injections();
        injections.iter().map(|it| [it.fault, it.variant.unwrap_or_default()].join(":")).collect()
    }

    /// The authorization request, answered.
    pub(super) async fn authorize(&self) -> Response {
        self.authorize_with(STATE).await
    }

    pub(super) async fn authorize_with(&self, state: &str) -> Response {
        self.client.get(self.login.authorize(&[("state", state)])).send().await.unwrap()
    }

    /// The same while a fault is in force, which must be written down for this very request.
    pub(super) async fn faulty_authorization(&self, fault: &str, variant: &str) -> Response {
        self.set(fault, variant);
        let response = self.authorize().await;
        self.assert_written_down(&response, fault, variant);
        response
    }

    /// The callback with a fault.
    pub(super) async fn faulty_callback(&self, fault: &str, variant: &str) -> Callback {
        let response = self.faulty_authorization(fault, variant).await;
        Callback(location(&response).parse().unwrap())
    }

    /// A code, taken without any fault.
    pub(super) async fn code(&self) -> String {
        self.login.sandbox.clear_faults();
        Callback(location(&self.authorize().await).parse().unwrap()).code()
    }

    /// The token request for a code.
    pub(super) fn token_request(&self, code: &str) -> reqwest::RequestBuilder {
        let (app, id) = (&self.login.app, self.login.id());
        let request = self.client.post(self.login.at(self.login.twin.token_path()));
        if self.login.twin == Twin::Chattr {
            let id: u32 = id.parse().unwrap();
            let secret = app.secret.expose();
            return request
                .json(&json!({"client_id": id, "client_secret": secret, "code": code, "redirect_uri": CALLBACK}));
        }
        request.form(&exchange(app, &id, code, &[]))
    }

    /// A token answer with a fault.
    pub(super) async fn faulty_token(&self, fault: &str, variant: &str) -> Response {
        let code = self.code().await;
        self.set(fault, variant);
        let response = self.token_request(&code).send().await.unwrap();
        self.assert_written_down(&response, fault, variant);
        response
    }

    /// The same, read as JSON with its status.
    pub(super) async fn faulty_json(&self, fault: &str, variant: &str) -> (StatusCode, Value) {
        let response = self.faulty_token(fault, variant).await;
        let status = response.status();
        (status, response.json().await.unwrap())
    }

    fn assert_written_down(&self, response: &Response, fault: &str, variant: &str) {
        let injections = self.login.sandbox.injections();
        let last = injections.last().unwrap_or_else(|| panic!("{fault}:{variant} did not happen"));
        let request_id = response.headers()["x-request-id"].to_str().unwrap();
        assert_eq!((last.fault, last.variant.unwrap_or_default(), last.twin), (fault, variant, self.login.twin));
        assert_eq!(last.request_id, request_id, "{fault}:{variant}");
        assert_eq!(last.client_id.as_deref(), Some(&*self.login.id()));
        let log = self.login.sandbox.recent_requests();
        let entry = log.iter().find(|entry| entry.request_id == request_id).unwrap();
        assert!(entry.note.contains(&format!("fault {fault}")), "{}", entry.note);
    }
}

/// Where a redirect leads.
pub(super) fn location(response: &Response) -> &str {
    response.headers().get("location").expect("a redirect").to_str().unwrap()
}

/// A callback's parameters in their order.
pub(super) fn pairs(callback: &Callback) -> Vec<(String, String)> {
    callback.0.query_pairs().into_owned().collect()
}

/// All values of one parameter.
pub(super) fn values(callback: &Callback, name: &str) -> Vec<String> {
    pairs(callback).into_iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect()
}
