//! Measures a preflight at Chattz's twin, from its command until its last answer is there, beside the one bare request that it sends.
//! `--count` says how many of each (200).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_benches::load::Connection;
use gatewright_benches::process::folder_on_disk;
use gatewright_benches::{Goal, Measurement, Point, desk, in_turns, milliseconds_since, number};
use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientDetail, ClientRegister};
use gatewright_contract::login::LoginStart;
use gatewright_contract::preflight::{PreflightStanding, PreflightStart};
use gatewright_contract::run::Browser;
use url::Url;

/// Preflights of each side before it counts.
const WARM_UP: usize = 10;
const REDIRECT_URI: &str = "https://app.example.org/callback";

#[tokio::main]
async fn main() -> Result<()> {
    let count = number("--count", 200)?;
    let folder = folder_on_disk()?;
    let (desktop, _ends) = desk::headless();
    let options =
        AppOptions { data_dir: folder.path().join("data"), desktop, sandbox: true, keyring: KeyringChoice::Session };
    let app = App::start(options).await;
    let client = client_at(&app).await?;
    let (address, path) = authorization_endpoint(&app, &client).await?;
    let mut sample = async |is_ours| {
        let start = Instant::now();
        if is_ours {
            look(&app, &client).await?;
        } else {
            Connection::open(address).await?.get(&path, None).await?.expect(200)?;
        }
        Ok(milliseconds_since(start))
    };
    in_turns(WARM_UP, &mut sample).await?;
    let (ours, floor) = in_turns(count, &mut sample).await?;
    app.shut_down().await;
    Measurement { name: "preflight", unit: "ms", ours, floor, goal: Goal::AtMost(300.0), points: &[Point::P99] }.print()
}

/// Registers a client once the sandbox runs.
async fn client_at(app: &App) -> Result<ClientDetail> {
    while !answered(app.sandbox_state(Nothing {}).await)?.running {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let registration = ClientRegister {
        provider: "chattz".to_owned(),
        name: "Measured preflight".to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        register_as: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
    };
    answered(app.client_register(registration).await)
}

/// Where the bare request goes: the address of the server, and the path with the query of an authorization request.
async fn authorization_endpoint(app: &App, client: &ClientDetail) -> Result<(SocketAddr, String)> {
    let origin = answered(app.sandbox_state(Nothing {}).await)?.origin.context("the sandbox does not run")?;
    let mut url = Url::parse(&format!("{origin}/chattz/oauth/authorize"))?;
    let query = [
        ("response_type", "code"),
        ("client_id", &*client.row.client_id),
        ("redirect_uri", REDIRECT_URI),
        ("state", "a-state-that-nobody-has-to-guess"),
    ];
    url.query_pairs_mut().extend_pairs(query);
    let address = url.socket_addrs(|| None)?.first().copied().context("the sandbox has no address")?;
    Ok((address, format!("{}?{}", url.path(), url.query().unwrap_or_default())))
}

/// One preflight, until nothing is waited for.
async fn look(app: &App, client: &ClientDetail) -> Result<()> {
    let client = client.row.id.clone();
    let login = LoginStart { client, test_user: None, browser: Browser::Embedded, redirect_uri: None, scopes: None };
    let preflight = answered(app.preflight_start(PreflightStart { login, afresh: true }).await)?;
    loop {
        let shown = answered(app.preflight_show(preflight.clone()).await)?;
        if !shown.waiting {
            let is_good = shown.items.iter().all(|item| item.standing == PreflightStanding::Good);
            ensure!(is_good, "something is wrong with the measured client");
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A command's answer; its failure is a sentence for a person.
fn answered<T>(answer: Result<T, gatewright_contract::Failure>) -> Result<T> {
    answer.map_err(|failure| anyhow::anyhow!(failure.message))
}
