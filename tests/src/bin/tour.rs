//! The tour: what `cargo xtask run` gives where there is no display. It creates one client at each of the five sandbox twins and
//! logs in with each, through Gatewright's own window, and leaves a picture of every screen.
#![expect(clippy::print_stdout, reason = "the table is what the tour is for")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use gatewright_tests::acts::{
    Answer, TWINS, Twin, goes_to, reads_the_record, registers_a_client, sees_it_end, starts_a_login, walks_the_pages,
};
use gatewright_tests::hands::Window;
use gatewright_tests::stage::{KeyringKind, Stage};

/// The clients of the tour, in the order of [`TWINS`].
const CLIENTS: [&str; 5] = ["Guild bot", "My website login", "Lock dashboard", "Room archive", "Forum login"];

/// No tour takes this long; one that does waits for something that does not come.
const LIMIT: Duration = Duration::from_mins(10);

/// One line of the table.
struct Line {
    provider: &'static str,
    outcome: String,
    identity: String,
    milliseconds: u128,
}

#[tokio::main]
async fn main() -> Result<()> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tour");
    let _none_yet = std::fs::remove_dir_all(&pictures);
    let mut stage = Stage::set_with_size(KeyringKind::Unlocked, 1280, 820).await?;
    stage.with("GATEWRIGHT_SANDBOX", "on");
    let window = stage.open().await?;
    window.resizes(1280, 820).await?;
    let tour = Tour { stage: &stage, window: &window, pictures };
    let walked = tokio::time::timeout(LIMIT, tour.walk()).await;
    let lines = walked.unwrap_or_else(|_| Err(anyhow!("the tour was still going on after {LIMIT:?}")));
    if lines.is_err() {
        stage.display().picture(&tour.pictures.join("stopped-here.png")).await?;
    }
    stage.strike().await;
    let lines = lines?;
    print_table(&lines);
    println!("Pictures of every screen are in target/tour/.");
    match lines.iter().filter(|line| !line.outcome.starts_with("Logged in")).count() {
        0 => Ok(()),
        missing => bail!("{missing} of {} logins were not recorded", lines.len()),
    }
}

struct Tour<'a> {
    stage: &'a Stage,
    window: &'a Window,
    pictures: PathBuf,
}

impl Tour<'_> {
    async fn walk(&self) -> Result<Vec<Line>> {
        self.window.shows("Welcome to Gatewright").await?;
        self.picture("01-welcome").await?;
        let mut lines = Vec::new();
        self.form().await?;
        for (twin, client) in TWINS.into_iter().zip(CLIENTS) {
            lines.push(self.log_in(twin, client).await.with_context(|| format!("logging in at {}", twin.name))?);
        }
        self.screens().await?;
        self.dark().await?;
        self.small().await?;
        Ok(lines)
    }

    async fn log_in(&self, twin: Twin, client: &str) -> Result<Line> {
        let callback = format!("https://example.com/{}-callback", twin.name.to_lowercase());
        registers_a_client(self.window, twin.name, client, &callback).await?;
        let started = Instant::now();
        starts_a_login(self.window, "Embedded view").await?;
        if twin.name == "Chattz" {
            self.stage.login_view(client).await?.stands_still().await?;
            self.stage.display().picture(&self.pictures.join("03-login-view.png")).await?;
        }
        walks_the_pages(self.stage, twin, client, Answer::Approve).await?;
        sees_it_end(self.window, "Logged in").await?;
        let milliseconds = started.elapsed().as_millis();
        self.picture(&format!("04-login-{}", twin.name.to_lowercase())).await?;
        let (outcome, identity) = reads_the_record(self.window, client).await?;
        Ok(Line { provider: twin.name, outcome, identity, milliseconds })
    }

    async fn form(&self) -> Result<()> {
        goes_to(self.window, "Clients").await?;
        self.window.clicks("New client").await?;
        self.window.sees("Register at the sandbox twin").await?;
        self.picture("02-new-client").await?;
        self.window.clicks("Cancel").await
    }

    async fn screens(&self) -> Result<()> {
        goes_to(self.window, "Clients").await?;
        self.window.opens_row("Clients", "My website login").await?;
        self.window.sees("Last logins").await?;
        self.picture("10-clients").await?;
        goes_to(self.window, "Login").await?;
        self.window.opens_row("Clients to log in with", "Lock dashboard").await?;
        self.window.sees("Scopes").await?;
        self.picture("11-login").await?;
        goes_to(self.window, "Results").await?;
        self.window.cell("Runs", "Forum login", "Who").await?;
        self.picture("12-results").await?;
        goes_to(self.window, "Providers").await?;
        self.window.clicks_where("//nav[@aria-label='Providers']//a[.//b='Chattr']", "Chattr").await?;
        self.window.sees("documented").await?;
        self.picture("13-providers").await?;
        goes_to(self.window, "Sandbox").await?;
        self.window.sees("Who can sign in").await?;
        self.picture("14-sandbox").await?;
        goes_to(self.window, "Settings").await?;
        self.window.sees("Check the keyring").await?;
        self.picture("15-settings").await
    }

    async fn dark(&self) -> Result<()> {
        self.window.clicks("Dark").await?;
        self.window.sees("Saved").await?;
        self.picture("20-settings-dark").await?;
        self.client_and_login("21-clients-dark", "22-login-dark").await
    }

    async fn small(&self) -> Result<()> {
        goes_to(self.window, "Settings").await?;
        self.window.clicks("Light").await?;
        self.window.resizes(900, 600).await?;
        self.client_and_login("30-clients-900x600", "31-login-900x600").await
    }

    async fn client_and_login(&self, client: &str, login: &str) -> Result<()> {
        goes_to(self.window, "Clients").await?;
        self.window.opens_row("Clients", "Forum login").await?;
        self.window.sees("Last logins").await?;
        self.picture(client).await?;
        goes_to(self.window, "Results").await?;
        self.window.opens_row("Runs", "Forum login").await?;
        self.window.sees("What happened").await?;
        self.picture(login).await
    }

    async fn picture(&self, name: &str) -> Result<()> {
        self.window.dismisses_messages().await?;
        self.window.settles().await?;
        self.stage.picture(&self.pictures.join(format!("{name}.png"))).await
    }
}

fn print_table(lines: &[Line]) {
    println!("{:<10}  {:<24}  {:>6}  identity", "provider", "outcome", "ms");
    for line in lines {
        println!("{:<10}  {:<24}  {:>6}  {}", line.provider, line.outcome, line.milliseconds, line.identity);
    }
}
