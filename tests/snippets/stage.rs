//! The twins, a client at each of them, and Gatewright's own login to compare with.

use std::sync::Arc;
use std::time::Duration;

use gatewright_engine::log_in;
use gatewright_engine::login::{ClientSecret, LoginPlan};
use gatewright_engine::ports::Ports;
use gatewright_engine::progress::Progress;
use gatewright_engine::system::{SystemClock, SystemEntropy};
use gatewright_engine::transport::HttpTransport;
use gatewright_model::dialect::{ClientAuthentication, IdentitySource};
use gatewright_model::protocol_settings::CustomParameter;
use gatewright_model::run::Browser;
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, ProtocolSettings, Provider, ProviderId};
use gatewright_protocol::jose::{SigningAlgorithm, SigningKey};
use gatewright_protocol::{RedirectUri, Secret};
use gatewright_sandbox::{
    AppForm, ClientAuthMethod, Jwk, JwkSet, OpenIdSettings, Sandbox, SandboxHandle, SandboxOptions, Twin,
};
use gatewright_snippet::{Language, Recipe, write};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::person::Person;
use crate::proof::{KeyPair, Proof};

/// A redirect URI that tempts every quoting rule there is. Nothing listens there.
const REDIRECT_URI: &str = "https://app.example.org/callback?next=%2Fa%20b&who='$(id)`id`\"{x}";

/// What the provider calls a key, with what tempts every quoting rule there is.
const KEY_ID: &str = "it's the \"key\" $(id) `id` \\ #{y}";

/// Private keys of clients: a word for files, the algorithm where the key alone does not say it, and what Node.js is asked to make.
const KEYS: [(&str, Option<SigningAlgorithm>, &str); 5] = [
    ("rs256", None, r#"["rsa", { "modulusLength": 2048 }]"#),
    ("ps384", Some(SigningAlgorithm::Ps384), r#"["rsa", { "modulusLength": 2048 }]"#),
    ("es256", None, r#"["ec", { "namedCurve": "P-256" }]"#),
    ("es512", None, r#"["ec", { "namedCurve": "P-521" }]"#),
    ("eddsa", None, r#"["ed25519"]"#),
];

/// The twins, and a folder with the private keys of clients.
pub(crate) struct Stage {
    sandbox: SandboxHandle,
    keys: TempDir,
}

/// One client whose programs are run.
pub(crate) struct Case {
    /// A word for files.
    pub(crate) name: &'static str,
    pub(crate) person: Person,
    pub(crate) proof: Proof,
    pub(crate) redirect_uri: RedirectUri,
    provider: Provider,
    client: Client,
    recipe: Recipe,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let keys = TempDir::new().unwrap();
        Self { sandbox: Sandbox::start(SandboxOptions::default()).await.unwrap(), keys }
    }

    /// A client at each twin, as its profile has it; one that does everything otherwise; and some that sign.
    pub(crate) async fn cases(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for (name, twin) in [
            ("chattr", Twin::Chattr),
            ("chattz", Twin::Chattz),
            ("chaster", Twin::Chaster),
            ("gitter", Twin::Gitter),
            ("contentdb", Twin::ContentDb),
        ] {
            cases.push(self.case(name, twin, None, |_, _| {}).await);
        }
        cases.push(self.case("otherwise", Twin::Chaster, None, otherwise).await);
        cases.push(self.case("repeating", Twin::ContentDb, None, repeating).await);
        let signing = self.case("signing", Twin::Chaster, None, signing).await;
        self.register(&signing, ClientAuthMethod::ClientSecretJwt, None).await;
        cases.push(signing);
        cases.push(self.case("listing", Twin::Chattr, None, repeating).await);
        for (name, algorithm, wish) in KEYS {
            cases.push(self.case_with_key(name, algorithm, KeyPair::make(wish)).await);
        }
        cases
    }

    /// A client that signs with a private key, whose public half its twin knows.
    async fn case_with_key(&self, name: &'static str, algorithm: Option<SigningAlgorithm>, pair: KeyPair) -> Case {
        let key = SigningKey::parse(&Secret::new(&pair.pem)).unwrap();
        let signing = |_: &mut Provider, client: &mut Client| {
            client.protocol_settings.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
            client.protocol_settings.assertion_signing_alg = algorithm;
            client.protocol_settings.assertion_key_id = Some(KEY_ID.to_owned());
        };
        let case = self.case(name, Twin::Chaster, Some(&key), signing).await;
        let public = Jwk { kid: Some(KEY_ID.to_owned()), ..pair.public };
        self.register(&case, ClientAuthMethod::PrivateKeyJwt, Some(JwkSet { keys: vec![public] })).await;
        Case { proof: Proof::saved(pair.pem, self.keys.path(), name), ..case }
    }

    /// Tells the twin how a client authenticates from now on.
    async fn register(&self, case: &Case, method: ClientAuthMethod, jwks: Option<JwkSet>) {
        let settings = OpenIdSettings { token_endpoint_auth_method: Some(method), jwks, ..Default::default() };
        self.sandbox.set_openid_settings(&case.client.client_id.to_string(), settings).await.unwrap();
    }

    async fn case(
        &self,
        name: &'static str,
        twin: Twin,
        key: Option<&SigningKey>,
        change: impl FnOnce(&mut Provider, &mut Client),
    ) -> Case {
        let redirect_uri = if twin == Twin::Chattz { "https://app.example.org/callback" } else { REDIRECT_URI };
        let form = AppForm { name: format!("Forum {name}"), redirect_uris: vec![redirect_uri.to_owned()] };
        let created = self.sandbox.create_app(twin, "olivia", form).await.unwrap();
        let mut provider = Provider::find_built_in(&ProviderId::new(twin.id())).unwrap();
        let mut client = Client {
            id: ClientRecordId::new("c1"),
            provider: provider.id.clone(),
            environment: Environment::Sandbox,
            name: "It's coding:ascii \"the\" $(forum) \\ `login` ?> */ \n\u{2028} über".to_owned(),
            client_id: created.app.client_id,
            redirect_uris: vec![redirect_uri.to_owned()],
            ownership: Ownership::Owned,
            owner: "olivia".to_owned(),
            tag: String::new(),
            notes: String::new(),
            protocol_settings: ProtocolSettings::default(),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            deleted_at: None,
        };
        change(&mut provider, &mut client);
        let bases = provider.bases(Environment::Sandbox, Some(self.sandbox.origin()));
        let recipe = Recipe::of(&client, &provider, &bases, redirect_uri, key).unwrap();
        Case {
            name,
            person: Person("olivia"),
            proof: Proof::Secret(created.secret.expose().to_owned()),
            redirect_uri: RedirectUri::parse(redirect_uri).unwrap(),
            provider,
            client,
            recipe,
        }
    }

    /// Who logs in when Gatewright does it.
    pub(crate) async fn log_in(&self, case: &Case) -> String {
        let ports = Ports {
            transport: Arc::new(HttpTransport::default()),
            user_agent: Arc::new(case.person),
            clock: Arc::new(SystemClock::default()),
            entropy: Arc::new(SystemEntropy),
            issuers: Arc::default(),
            spent_states: Arc::default(),
        };
        let (progress, mut reports) = Progress::channel();
        let recording = tokio::spawn(async move {
            while let Some(report) = reports.recv().await {
                report.acknowledge();
            }
        });
        let end = log_in(&self.plan(case), &ports, &progress, &CancellationToken::new()).await.unwrap();
        drop(progress);
        recording.await.unwrap();
        end.identity.unwrap_or_else(|| panic!("{}: {:?}", case.name, end.outcome)).subject
    }

    fn plan(&self, case: &Case) -> LoginPlan {
        LoginPlan {
            bases: case.provider.bases(Environment::Sandbox, Some(self.sandbox.origin())),
            provider: case.provider.clone(),
            client_id: case.client.client_id.clone(),
            client_secret: Some(ClientSecret { value: Secret::new(case.proof.text()), version: 1 }),
            settings: case.client.protocol_settings.clone(),
            redirect_uri: case.redirect_uri.clone(),
            scopes: case.provider.dialect.authorization.default_scopes.value.clone(),
            browser: Browser::Embedded,
            expected_person: None,
            time_limit: Duration::from_mins(1),
        }
    }
}

/// HTTP Basic, the ID token as the identity, and parameters with characters that every language writes otherwise.
fn otherwise(provider: &mut Provider, client: &mut Client) {
    provider.dialect.identity.source.value = IdentitySource::IdToken;
    client.protocol_settings = ProtocolSettings {
        client_authentication: Some(ClientAuthentication::Basic),
        login_hint: Some("it's \"me\" & $HOME \\ `x` é\u{202e}\u{1f600} #{y}".to_owned()),
        authorization_parameters: vec![parameter("ui_locales", "de en")],
        token_parameters: vec![parameter("audience", "@/etc/hostname $(id) 'b'\n")],
        ..ProtocolSettings::default()
    };
}

/// An assertion in the place of the secret.
fn signing(_: &mut Provider, client: &mut Client) {
    client.protocol_settings.client_authentication = Some(ClientAuthentication::ClientSecretJwt);
}

/// A parameter that may be sent several times (RFC 8707 §2).
fn repeating(_: &mut Provider, client: &mut Client) {
    client.protocol_settings.authorization_parameters = vec![parameter("resource", "a"), parameter("resource", "b c")];
    client.protocol_settings.token_parameters = vec![parameter("resource", "@a"), parameter("resource", "<b")];
}

fn parameter(name: &str, value: &str) -> CustomParameter {
    CustomParameter { name: name.to_owned(), value: value.to_owned() }
}

impl Case {
    /// The text of the program, as a person would paste it.
    pub(crate) fn program(&self, language: Language) -> String {
        write(&self.recipe, language).text
    }

    /// The redirect URI without a query of its own.
    pub(crate) fn plain_redirect_uri(&self) -> &str {
        let text = self.redirect_uri.as_str();
        text.split('?').next().unwrap_or(text)
    }
}
