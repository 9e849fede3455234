//! A whole login at Chattz's twin through the application, recorded durably, beside the same three HTTP requests and one durable commit
//! with nothing around them. `--count` says how many of each (300).
//!
//! Ours is everything from the command to the recorded result: secret, state, steps written as they go, redaction, sealing, and what
//! the window is told. By what it is found, and what it has shown of its provider's profile, is noted after that, and waited for outside
//! of the time, as a search does. Secrets are kept for the session only, because how fast somebody's keyring is would be measured otherwise.

mod bare;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_benches::process::folder_on_disk;
use gatewright_benches::{Goal, Measurement, in_turns, milliseconds_since, number};
use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientRegister};
use gatewright_contract::login::LoginStart;
use gatewright_contract::run::{Browser, RunQuery};
use gatewright_contract::sandbox::SandboxStart;
use gatewright_contract::secret::SecretRef;

use bare::Bare;
use gatewright_benches::desk::{self, Ends};

/// Logins of each side before it counts.
const WARM_UP: usize = 20;
const REDIRECT_URI: &str = "https://app.example.org/callback";

#[tokio::main]
async fn main() -> Result<()> {
    let count = number("--count", 300)?;
    let folder = folder_on_disk()?;
    let (desktop, mut ends) = desk::headless();
    let options =
        AppOptions { data_dir: folder.path().join("data"), desktop, sandbox: true, keyring: KeyringChoice::Session };
    let app = App::start(options).await;
    let (client, mut bare) = prepare(&app, &folder.path().join("floor.sqlite")).await?;
    let mut sample = async |is_ours: bool| {
        let start = Instant::now();
        if !is_ours {
            bare.log_in().await?;
            return Ok(milliseconds_since(start));
        }
        log_in(&app, &client, &mut ends).await?;
        let took = milliseconds_since(start);
        find(&app).await?;
        Ok(took)
    };
    in_turns(WARM_UP, &mut sample).await?;
    let samples = in_turns(count, &mut sample).await?;
    app.shut_down().await;
    Measurement::of_medians("login", "ms", Goal::RatioAtMost(1.5), samples).print()
}

/// Starts the sandbox and registers a client there, for both sides.
async fn prepare(app: &App, floor: &Path) -> Result<(ClientDetail, Bare)> {
    // It starts by itself, with pages; only then can it be started again without.
    while !answered(app.sandbox_state(Nothing {}).await)?.running {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let approving = SandboxStart { port: None, auto_approve: Some("theo".to_owned()), gitter_as_engine: false };
    let origin = answered(app.sandbox_start(approving).await)?.origin.context("the sandbox does not run")?;
    let registration = ClientRegister {
        provider: "chattz".to_owned(),
        name: "Measured login".to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        register_as: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
    };
    let client = answered(app.client_register(registration).await)?;
    let revealed = answered(app.secret_reveal(SecretRef { client: client.row.id.clone(), confirmed: true }).await)?;
    let bare = Bare::new(&origin, &client.row.client_id, &revealed.value, floor)?;
    Ok((client, bare))
}

/// One login by the command of the window, until it is recorded and the window knows.
async fn log_in(app: &App, client: &ClientDetail, ends: &mut Ends) -> Result<()> {
    let client = client.row.id.clone();
    let start = LoginStart { client, test_user: None, browser: Browser::Embedded, redirect_uri: None, scopes: None };
    let run = answered(app.login_start(start).await)?;
    let (ended, outcome) = ends.recv().await.context("the application has gone")?;
    ensure!(ended == run.run && outcome == "logged_in", "the login ended as {outcome}");
    Ok(())
}

/// Searches for logins, which waits until the last one is in the index: what follows a login is not to slow the bare one down.
async fn find(app: &App) -> Result<()> {
    let query = RunQuery { search: "measured".to_owned(), limit: 1, ..RunQuery::default() };
    ensure!(answered(app.run_list(query).await)?.rows.len() == 1, "the login is not found");
    Ok(())
}

/// A command's answer; its failure is a sentence for a person.
fn answered<T>(answer: Result<T, gatewright_contract::Failure>) -> Result<T> {
    answer.map_err(|failure| anyhow::anyhow!(failure.message))
}
