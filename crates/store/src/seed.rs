//! A database full of clients and runs, for benchmarks, journeys through long lists, and tests. Always the same rows.

use gatewright_model::exchange::{ExchangePurpose, RecordedField, RecordedRequest, RecordedResponse};
use gatewright_model::id::{ID_BYTES, encode_id};
use gatewright_model::run::{
    Browser, EndReason, Ending, Finding, Identity, Outcome, StepKind, StepStatus, TokenSummary,
};
use gatewright_model::secret_version::{RotationPolicy, SecretPlace, SecretVersionState};
use gatewright_model::test_user::{BrowserStorage, ExpectedIdentity, MeantPerson, PersonaColour};
use gatewright_model::{
    Client, ClientRecordId, Deployment, DeploymentId, Environment, Exchange, Grant, GrantId, GrantState, Ownership,
    ProtocolSettings, ProviderId, Redacted, Run, RunId, SecretVersion, Step, TestUser, TestUserId,
};
use gatewright_protocol::ClientId;
use jiff::{Timestamp, ToSpan};

use crate::sealed_token::SealedToken;
use crate::{Store, StoreError, client, run, secret_version, step};

const PROVIDERS: [&str; 5] = ["chattr", "chattz", "chaster", "gitter", "contentdb"];
const NAMES: [&str; 6] =
    ["My Website Login", "Guild bot", "Lock dashboard", "Forum login", "Room archive", "Staging SSO"];
const PEOPLE: [&str; 4] = ["Anna Lind", "qa-two", "Jürgen Müller", "owner"];
const TAGS: [&str; 4] = ["prod", "staging", "", "dev"];
/// Rows written in one transaction.
const BATCH: u32 = 2_000;

/// Fills a database. Each run has five steps and three exchanges, as a login has.
pub fn seed(store: &Store, clients: u32, runs: u32) -> Result<(), StoreError> {
    for first in (0..clients).step_by(BATCH as usize) {
        store.write_blocking(|tx| {
            for number in first..clients.min(first + BATCH) {
                client::insert(tx, &client(number))?;
                secret_version::insert(tx, &secret_version(number))?;
            }
            Ok(())
        })?;
    }
    for first in (0..runs).step_by(BATCH as usize) {
        store.write_blocking(|tx| {
            (first..runs.min(first + BATCH)).try_for_each(|number| write_run(tx, &run(number, number % clients.max(1))))
        })?;
    }
    Ok(())
}

/// Writes a run that has ended, with its steps.
pub fn write_run(tx: &crate::Transaction<'_>, ended: &Run) -> Result<(), StoreError> {
    run::start(tx, &Run { outcome: Outcome::Running, ..ended.clone() })?;
    for (position, step) in (0..).zip(&steps(&ended.outcome)) {
        step::put(tx, &ended.id, position, step)?;
    }
    run::finish(tx, ended)?;
    run::transcribe(tx, &ended.id)
}

/// Writes a run that has ended, whose token request was repeated until there were so many exchanges.
pub fn write_long_run(tx: &crate::Transaction<'_>, ended: &Run, exchanges: u32) -> Result<(), StoreError> {
    run::start(tx, &Run { outcome: Outcome::Running, ..ended.clone() })?;
    let repeated = (0..exchanges).map(|_| exchange(ExchangePurpose::Token, "POST")).collect();
    let step = Step { exchanges: repeated, ..plain_step(StepKind::TokenRequest, "Asked again and again.") };
    step::put(tx, &ended.id, 0, &step)?;
    run::finish(tx, ended)?;
    run::transcribe(tx, &ended.id)
}

/// The id of the client with a number.
pub fn client_id(number: u32) -> ClientRecordId {
    ClientRecordId::new(id(b'c', number))
}

/// The id of the run with a number.
pub fn run_id(number: u32) -> RunId {
    RunId::new(id(b'r', number))
}

/// Scattered over the alphabet, as random ids are.
fn id(kind: u8, number: u32) -> String {
    let mut bytes = [kind; ID_BYTES];
    bytes[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    encode_id(bytes)
}

/// The minute with a number, since 2026 began.
pub fn minute(number: u32) -> Timestamp {
    Timestamp::UNIX_EPOCH + 1_767_225_600.seconds() + i64::from(number).minutes()
}

fn pick<T: Copy, const N: usize>(from: [T; N], number: u32) -> T {
    from[number as usize % N]
}

/// The client with a number.
pub fn client(number: u32) -> Client {
    let provider = pick(PROVIDERS, number);
    let client_id = if provider == "chattr" {
        ClientId::Integer(i64::from(number))
    } else {
        ClientId::Text(format!("{provider}-{:06x}", number.wrapping_mul(40_503)))
    };
    Client {
        id: self::client_id(number),
        provider: ProviderId::new(provider),
        environment: if number.is_multiple_of(3) { Environment::Production } else { Environment::Sandbox },
        name: format!("{} {number}", pick(NAMES, number)),
        client_id,
        redirect_uris: vec![
            format!("https://app{number}.example.org/{provider}-callback"),
            format!("http://127.0.0.1:{}/callback", 20_000 + number % 40_000),
        ],
        ownership: if number % 7 == 6 { Ownership::Shared } else { Ownership::Owned },
        owner: pick(PEOPLE, number).to_owned(),
        tag: pick(TAGS, number).to_owned(),
        notes: format!("Serves deployment {number}."),
        protocol_settings: ProtocolSettings::default(),
        created_at: minute(number),
        updated_at: minute(number),
        deleted_at: None,
    }
}

/// The active secret version of the client with a number.
pub fn secret_version(number: u32) -> SecretVersion {
    let stored = minute(number);
    SecretVersion {
        state: SecretVersionState::Active,
        last_four: Some(format!("{:04x}", number % 0xffff)),
        promoted_at: Some(stored),
        due_at: RotationPolicy::default().due_at(stored),
        ..SecretVersion::staged(
            client_id(number),
            1 + number % 3,
            SecretPlace::Keyring,
            format!("{number:016x}"),
            stored,
        )
    }
}

/// The deployment with a number, of the client with that number.
pub fn deployment(number: u32) -> Deployment {
    Deployment {
        id: DeploymentId::new(id(b'd', number)),
        client: client_id(number),
        name: format!("web server {number}"),
        place: "host-1".to_owned(),
        uses: None,
        created_at: minute(number),
    }
}

/// The grant with a number, as the run with that number began it; see [`grant_id`].
pub fn grant(number: u32) -> Grant {
    Grant {
        id: grant_id(number),
        run: run_id(number),
        client: client_id(number),
        state: GrantState::Live,
        version: 1,
        access_expires_at: Some(minute(number) + 5.minutes()),
        refresh_expires_at: Some(minute(number) + 30.minutes()),
        created_at: minute(number),
        refreshed_at: None,
    }
}

/// The id of the grant with a number.
pub fn grant_id(number: u32) -> GrantId {
    GrantId::new(id(b'g', number))
}

/// A sealed token, no two with another name or number the same.
pub fn sealed_token(name: &str, number: u32) -> SealedToken {
    let sealed = format!("sealed {name} {number}").into_bytes();
    SealedToken { name: name.to_owned(), sealing_key: "key".to_owned(), sealed }
}

/// The run with a number, ended, for the client with a number.
pub fn run(number: u32, client: u32) -> Run {
    let client = self::client(client);
    let outcome = outcome(number);
    let identity = matches!(outcome, Outcome::LoggedIn { .. }).then(|| Identity {
        subject: format!("user-{}", number % 500),
        display_name: Some(pick(PEOPLE, number).to_owned()),
        fields: vec![("id".to_owned(), format!("user-{}", number % 500)), ("verified".to_owned(), "true".to_owned())],
    });
    Run {
        id: run_id(number),
        client: client.id,
        client_name: client.name,
        provider: client.provider,
        environment: client.environment,
        browser: pick([Browser::Embedded, Browser::Embedded, Browser::System, Browser::Paste], number),
        meant: meant(number),
        started_at: minute(number),
        duration_ms: Some(u64::from(600 + number % 900)),
        person_ms: Some(u64::from(number % 500)),
        tokens: identity.as_ref().map(|_| TokenSummary {
            issued: vec!["access_token".to_owned()],
            token_type: Some("Bearer".to_owned()),
            expires_in: Some(3600),
            ..TokenSummary::default()
        }),
        identity,
        outcome,
    }
}

/// Every third run is of a test user.
fn meant(number: u32) -> Option<MeantPerson> {
    number.is_multiple_of(3).then(|| test_user(number % 5).meant())
}

/// The test user with a number, all of one server.
pub fn test_user(number: u32) -> TestUser {
    TestUser {
        id: TestUserId::new(id(b'u', number)),
        provider: ProviderId::new("chaster"),
        environment: Environment::Sandbox,
        name: format!("Tester {number}"),
        colour: pick(PersonaColour::ALL, number),
        expected: ExpectedIdentity::Subject(format!("user-{number}")),
        storage: BrowserStorage::Kept,
        storage_generation: 1,
        notes: String::new(),
        created_at: minute(number),
    }
}

fn outcome(number: u32) -> Outcome {
    let ended = |reason, sentence: &str| {
        Outcome::Ended(Ending { reason, sentence: sentence.to_owned(), next: "Start a new login.".to_owned() })
    };
    match number % 10 {
        3 => Outcome::LoggedIn { findings: 1 },
        5 => ended(EndReason::Cancelled, "Cancelled: the provider sends no parameters."),
        7 => ended(EndReason::Denied, "Consent was denied."),
        9 => ended(EndReason::TokenRefused, "The token endpoint refused: invalid_grant."),
        _ => Outcome::LoggedIn { findings: 0 },
    }
}

/// The steps of a login that came to an outcome.
pub fn steps(outcome: &Outcome) -> Vec<Step> {
    let warned = matches!(outcome, Outcome::LoggedIn { findings: 1.. });
    let token = if warned { StepStatus::Warned } else { StepStatus::Passed };
    vec![
        plain_step(StepKind::AuthorizationRequest, "response_type=code · state · redirect_uri"),
        Step {
            waited_for_person: true,
            pages: vec!["https://example.org/login".to_owned(), "https://example.org/oauth/authorize".to_owned()],
            ..plain_step(StepKind::Pages, "2 pages")
        },
        Step {
            exchanges: vec![exchange(ExchangePurpose::Authorization, "GET")],
            ..plain_step(StepKind::Callback, "Caught before any request left this computer.")
        },
        Step {
            status: token,
            findings: if warned { vec![finding()] } else { Vec::new() },
            exchanges: vec![exchange(ExchangePurpose::Token, "POST")],
            ..plain_step(StepKind::TokenRequest, "Token issued.")
        },
        Step {
            exchanges: vec![exchange(ExchangePurpose::Identity, "GET")],
            ..plain_step(StepKind::Identity, "The identity was read.")
        },
    ]
}

/// A step without findings, exchanges and pages.
pub fn plain_step(kind: StepKind, sentence: &str) -> Step {
    Step {
        kind,
        status: StepStatus::Passed,
        sentence: sentence.to_owned(),
        duration_us: Some(1_200),
        waited_for_person: false,
        findings: Vec::new(),
        exchanges: Vec::new(),
        pages: Vec::new(),
    }
}

fn finding() -> Finding {
    Finding {
        code: "token_never_expires".to_owned(),
        title: "The access token has no lifetime.".to_owned(),
        advice: "Treat a leak as permanent.".to_owned(),
        field: "expires_in".to_owned(),
        expected: Redacted::text("number of seconds (RFC 6749 §5.1)"),
        received: Redacted::text("absent"),
    }
}

/// An exchange of usual size.
pub fn exchange(purpose: ExchangePurpose, method: &str) -> Exchange {
    let field = |name: &str, value: Redacted| RecordedField { name: name.to_owned(), value };
    let mut body = Redacted::text("{\n  \"token_type\": \"Bearer\",\n  \"expires_in\": 3600,\n  \"access_token\": \"");
    body.push_reference(&"token#1");
    body.push_text("\"\n}");
    Exchange {
        purpose,
        request: RecordedRequest {
            method: method.to_owned(),
            url: "https://example.org/oauth/token".to_owned(),
            query: Vec::new(),
            headers: vec![field("content-type", Redacted::text("application/x-www-form-urlencoded"))],
            encoding: "form".to_owned(),
            fields: vec![
                field("grant_type", Redacted::text("authorization_code")),
                field("code", Redacted::reference(&"code#1")),
                field("client_secret", Redacted::reference(&"secret:v3")),
            ],
        },
        response: Some(RecordedResponse {
            status: 200,
            headers: vec![
                field("content-type", Redacted::text("application/json")),
                field("cache-control", Redacted::text("no-store")),
                field("date", Redacted::text("Thu, 01 Jan 2026 00:00:00 GMT")),
            ],
            bytes: 96,
            body,
            cut: false,
        }),
        duration_us: 38_000,
        failure: None,
    }
}
