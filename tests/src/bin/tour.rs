//! The tour: what `cargo xtask run` gives where there is no display. It creates one client at each of the five sandbox twins and
//! logs in with each, through Gatewright's own window, and leaves a picture of every screen.
#![expect(clippy::print_stdout, reason = "the table is what the tour is for")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use gatewright_tests::acts::{
    Answer, TWINS, Twin, goes_to, registers_a_client, sees_it_end, starts_a_login, walks_the_pages,
};
use gatewright_tests::hands::Window;
use gatewright_tests::stage::{KeyringKind, Stage};

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
    let mut stage = Stage::set(KeyringKind::Unlocked).await?;
    stage.with("GATEWRIGHT_SANDBOX", "on");
    let window = stage.open().await?;
    window.resizes(1280, 820).await?;
    let tour = Tour { stage: &stage, window: &window, pictures };
    let lines = tour.walk().await;
    if lines.is_err() {
        stage.display().picture(&tour.pictures.join("stopped-here.png")).await?;
    }
    let lines = lines?;
    print_table(&lines);
    println!("Pictures of every screen are in target/tour/.");
    stage.close(window).await?;
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
        self.picture("01-welcome").await?;
        let mut lines = Vec::new();
        for (number, twin) in TWINS.into_iter().enumerate() {
            lines.push(self.log_in(number, twin).await.with_context(|| format!("logging in at {}", twin.name))?);
        }
        self.screens().await?;
        Ok(lines)
    }

    async fn log_in(&self, number: usize, twin: Twin) -> Result<Line> {
        let name = format!("{} tour", twin.name);
        registers_a_client(self.window, twin.name, &name, "https://app.example.org/callback").await?;
        if number == 0 {
            self.picture("02-client").await?;
        }
        let started = Instant::now();
        starts_a_login(self.window, "Embedded view").await?;
        let view = self.stage.login_view(&name).await?;
        if number == 1 {
            self.stage.display().picture(&self.pictures.join("03-login-view.png")).await?;
        }
        drop(view);
        walks_the_pages(self.stage, self.window, twin, &name, Answer::Approve).await?;
        sees_it_end(self.window, "Logged in").await?;
        let milliseconds = started.elapsed().as_millis();
        self.picture(&format!("04-login-{}", twin.name.to_lowercase())).await?;
        let (outcome, identity) = self.recorded(&name).await?;
        Ok(Line { provider: twin.name, outcome, identity, milliseconds })
    }

    /// What the list of results says of the newest run: what counts is the record, not what the login screen showed.
    async fn recorded(&self, name: &str) -> Result<(String, String)> {
        goes_to(self.window, "Results").await?;
        self.window.sees("Started, took").await?;
        self.window.sees(name).await?;
        let row = self
            .window
            .element("(//*[@role='row'][.//*[@role='cell' or @role='gridcell']])[1]", "the newest result")
            .await?;
        let text = row.text().await?;
        let parts: Vec<&str> = text.lines().map(str::trim).filter(|part| !part.is_empty()).collect();
        let outcome = parts.iter().find(|part| part.starts_with("Logged in")).copied().unwrap_or("not recorded");
        Ok((outcome.to_owned(), parts.join(" · ")))
    }

    async fn screens(&self) -> Result<()> {
        for (number, screen) in
            ["Clients", "Login", "Results", "Providers", "Sandbox", "Settings"].into_iter().enumerate()
        {
            goes_to(self.window, screen).await?;
            self.picture(&format!("{}-{}", number + 10, screen.to_lowercase())).await?;
        }
        Ok(())
    }

    async fn picture(&self, name: &str) -> Result<()> {
        self.window.settles().await?;
        self.window.picture(&self.pictures.join(format!("{name}.png"))).await
    }
}

fn print_table(lines: &[Line]) {
    println!("{:<10}  {:<24}  {:>6}  identity", "provider", "outcome", "ms");
    for line in lines {
        println!("{:<10}  {:<24}  {:>6}  {}", line.provider, line.outcome, line.milliseconds, line.identity);
    }
}
