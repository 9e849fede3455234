//! RF-12, by `kill -9`: the program is gone at each step of a refresh in turn (threats.md, “Crash-safe token rotation”). It is a process of
//! its own, this test program started again, and stands still where it is to be killed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use gatewright_engine::grant::{
    self, BETWEEN_REFRESHES, BeginRefusal, GrantPlan, NotStored, RefreshPlan, RenewedTokens, RotationLedger,
};
use gatewright_engine::ports::{Arrival, PortFuture, Ports, UserAgent, Visit, VisitError};
use gatewright_engine::system::SystemEntropy;
use gatewright_engine::transport::HttpTransport;
use gatewright_model::GrantState;
use gatewright_model::grant::Abandonment;
use gatewright_protocol::{ClientId, ClientIdKind, RedirectUri, Secret};
use gatewright_sandbox::Twin::Chaster;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::book::{Attempt, Book};
use crate::clock::SharedClock;
use crate::proof::kind_of;
use crate::rf::{is_not_begun, renewed, without_identity, without_openid};
use crate::stage::{Stage, plan_at, rule};

/// Holds a [`Role`] in the process that is to be killed.
const ROLE: &str = "GATEWRIGHT_PROOF_ROLE";

/// What the program says when it has come to its end.
const STANDS_STILL: &str = "stands still";

/// How long the sandbox may take to notice that a connection has ended.
const UNTIL_LOGGED: Duration = Duration::from_secs(10);

/// Where the program stands when it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    BeforeTheIntent,
    BeforeSending,
    BeforeTheAnswer,
    BeforeStoring,
    AfterStoring,
}

/// What the process that is to be killed has to know.
#[derive(Serialize, Deserialize)]
struct Role {
    place: Place,
    database: PathBuf,
    origin: String,
    client_id: String,
    client_secret: String,
}

/// Proves: V-24 by RF-12.
#[tokio::test]
async fn killed_before_the_intent_is_written_nothing_was_sent_and_nothing_is_in_doubt() {
    is_killed(Place::BeforeTheIntent, 0, GrantState::Live, 1).await;
}

/// Nobody can know that it was not sent.
///
/// Proves: V-24 by RF-12.
#[tokio::test]
async fn killed_between_intent_and_request_the_grant_is_in_doubt() {
    is_killed(Place::BeforeSending, 0, GrantState::Ambiguous, 1).await;
}

/// Proves: V-24 by RF-12, TK-31:hang.
#[tokio::test]
async fn killed_while_the_server_answers_the_grant_is_in_doubt() {
    is_killed(Place::BeforeTheAnswer, 1, GrantState::Ambiguous, 1).await;
}

/// Proves: V-24 by RF-12, RF-01.
#[tokio::test]
async fn killed_between_answer_and_storing_the_grant_is_in_doubt() {
    is_killed(Place::BeforeStoring, 1, GrantState::Ambiguous, 1).await;
}

/// Proves: V-24 by RF-12, RF-01.
#[tokio::test]
async fn killed_after_storing_the_new_tokens_are_there() {
    is_killed(Place::AfterStoring, 1, GrantState::Live, 2).await;
}

/// Kills the program there. Afterwards so many refreshes were sent, and the grant stands so; one in doubt is not refreshed unasked, and
/// any other is, with a refresh token that the server takes.
async fn is_killed(place: Place, sent: usize, state: GrantState, version: u32) {
    if let Ok(role) = std::env::var(ROLE) {
        return refresh_until_killed(serde_json::from_str(&role).unwrap()).await;
    }
    let stage = without_openid().await;
    let tokens = without_identity(&stage).await;
    let fault = if place == Place::BeforeTheAnswer { "TK-31:hang" } else { "RF-01" };
    stage.sandbox.set_faults(vec![rule(Chaster, fault)]).unwrap();
    let logins = token_requests(&stage);

    tokens.book().stop();
    let mut program = start(&stage, tokens.book(), place);
    if place == Place::BeforeTheAnswer {
        stage.until_fired().await;
    } else {
        program = until_it_stands_still(program).await;
    }
    program.kill().unwrap();
    program.wait().unwrap();

    let arriving = tokio::time::timeout(UNTIL_LOGGED, async {
        while token_requests(&stage) - logins < sent {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    arriving.await.expect("the sandbox logs a request when its connection ends");
    assert_eq!(token_requests(&stage) - logins, sent);
    tokens.book().restart();
    assert_eq!((tokens.book().grant().state, tokens.book().grant().version), (state, version));
    if state == GrantState::Ambiguous {
        return is_not_begun(&tokens, &BeginRefusal::Ambiguous).await;
    }
    // The clock of the program that was killed began a moment after ours.
    stage.clock.advance(2 * BETWEEN_REFRESHES);
    renewed(&tokens.refresh_with(tokens.book().attempt("next")).await);
}

fn token_requests(stage: &Stage) -> usize {
    stage.sandbox.recent_requests().iter().filter(|entry| kind_of(&entry.path) == "token").count()
}

/// Starts the calling test once more, as the program that refreshes.
fn start(stage: &Stage, book: &Book, place: Place) -> Child {
    let role = Role {
        place,
        database: book.path().to_owned(),
        origin: stage.sandbox.origin().to_owned(),
        client_id: stage.plan.client_id.to_string(),
        client_secret: stage.plan.client_secret.as_ref().unwrap().value.expose().to_owned(),
    };
    let test = std::thread::current().name().expect("a test's thread has its name").to_owned();
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args([test.as_str(), "--exact", "--nocapture"]).env(ROLE, serde_json::to_string(&role).unwrap());
    program.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap()
}

/// Waits elsewhere, because the sandbox lives on this thread.
async fn until_it_stands_still(mut program: Child) -> Child {
    tokio::task::spawn_blocking(move || {
        let lines = BufReader::new(program.stdout.as_mut().unwrap()).lines();
        let told = lines.map_while(Result::ok).any(|line| line == STANDS_STILL);
        assert!(told, "it ended before it could be killed");
        program
    })
    .await
    .unwrap()
}

/// The whole life of the program.
async fn refresh_until_killed(role: Role) {
    let clock = SharedClock::default();
    let book = Book::at(&role.database, &clock);
    let id = ClientId::parse(&role.client_id, ClientIdKind::Text).unwrap();
    let secret = Secret::new(role.client_secret);
    let caught_at = RedirectUri::parse("http://127.0.0.1:9/callback").unwrap();
    let plan = RefreshPlan {
        client: GrantPlan::from(&plan_at(&role.origin, Chaster, id, secret, caught_at)),
        refresh_token: book.refresh_token(),
        granted_scopes: vec!["profile".to_owned()],
        scopes: Vec::new(),
        id_token: None,
        refreshed_at: None,
    };
    let ports = Ports {
        transport: Arc::new(HttpTransport::default()),
        user_agent: Arc::new(NoBrowser),
        clock: Arc::new(clock),
        entropy: Arc::new(SystemEntropy),
        issuers: Arc::default(),
        spent_states: Arc::default(),
    };
    let ledger = StandsStill { attempt: book.attempt("killed"), place: role.place };
    let end = grant::refresh(plan, ports, Arc::new(ledger), CancellationToken::new()).await.unwrap();
    panic!("it was to be killed, and ended with {:?}", end.outcome);
}

/// Says that it can be killed now, and does nothing more.
async fn stand_still() {
    std::io::stdout().write_all(format!("\n{STANDS_STILL}\n").as_bytes()).unwrap();
    std::future::pending::<()>().await;
}

/// A ledger at which the program stands still.
struct StandsStill {
    attempt: Attempt,
    place: Place,
}

impl StandsStill {
    async fn here(&self, place: Place) {
        if self.place == place {
            stand_still().await;
        }
    }
}

impl RotationLedger for StandsStill {
    fn begin(&self) -> PortFuture<'_, Result<(), BeginRefusal>> {
        Box::pin(async {
            self.here(Place::BeforeTheIntent).await;
            let begun = self.attempt.begin().await;
            self.here(Place::BeforeSending).await;
            begun
        })
    }

    fn commit<'a>(&'a self, renewed: &'a RenewedTokens) -> PortFuture<'a, Result<(), NotStored>> {
        Box::pin(async {
            self.here(Place::BeforeStoring).await;
            let stored = self.attempt.commit(renewed).await;
            self.here(Place::AfterStoring).await;
            stored
        })
    }

    fn abandon(&self, how: Abandonment) -> PortFuture<'_, Result<(), NotStored>> {
        self.attempt.abandon(how)
    }
}

/// A refresh needs none.
struct NoBrowser;

impl UserAgent for NoBrowser {
    fn visit(&self, _: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(std::future::ready(Err(VisitError::WindowClosed)))
    }
}
