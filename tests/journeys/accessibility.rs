//! Every screen, light and dark and small, before axe.

use crate::prelude::*;

#[tokio::test]
async fn axe_finds_nothing_in_the_light_theme() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| judges_in(stage, "Light").await).await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_dark_theme() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| judges_in(stage, "Dark").await).await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_smallest_window() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.resizes(900, 600).await?;
        let mut judged = Judged { window: &window, findings: Vec::new() };
        judged.all_screens(stage).await?;
        judged.has_no_findings()
    })
    .await
}

async fn judges_in(stage: &mut Stage, theme: &str) -> Result<()> {
    let window = stage.open().await?;
    window.shows("Welcome to Gatewright").await?;
    goes_to(&window, "Settings").await?;
    window.clicks(theme).await?;
    window.sees("Saved").await?;
    let worn = window.script("return document.documentElement.dataset.theme", vec![]).await?;
    ensure!(worn == theme.to_lowercase(), "the window wears {worn}, not {theme}");
    let mut judged = Judged { window: &window, findings: Vec::new() };
    window.clicks("Show the welcome").await?;
    window.shows("Welcome to Gatewright").await?;
    judged.now("the welcome").await?;
    goes_to(&window, "Clients").await?;
    window.sees("No client is kept here yet.").await?;
    judged.now("Clients without a client").await?;
    judged.all_screens(stage).await?;
    judged.has_no_findings()
}

/// A window before axe: everything is looked at before anything is complained about.
struct Judged<'a> {
    window: &'a Window,
    findings: Vec<String>,
}

impl Judged<'_> {
    async fn now(&mut self, what: &str) -> Result<()> {
        self.findings.extend(self.window.axe_findings(what).await?);
        Ok(())
    }

    fn has_no_findings(&self) -> Result<()> {
        ensure!(self.findings.is_empty(), "axe found:\n{}", self.findings.join("\n"));
        Ok(())
    }

    /// With one client and one run, which has findings of its own.
    async fn all_screens(&mut self, stage: &Stage) -> Result<()> {
        logs_in_at(stage, self.window, Twin::of("ContentDB").context("no such twin")?, "Forum login").await?;
        self.now("a run").await?;
        self.client().await?;
        self.login().await?;
        for (screen, sign) in [
            ("Results", "Started, took"),
            ("Rotation", "Last proved"),
            ("Providers", "From the start"),
            ("Sandbox", "Who can sign in"),
            ("Settings", "Check the keyring"),
        ] {
            goes_to(self.window, screen).await?;
            self.window.sees(sign).await?;
            self.now(screen).await?;
        }
        self.window.clicks("Open the audit trail").await?;
        self.window.sees("Export as CSV").await?;
        self.now("the audit trail").await?;
        self.rotation().await?;
        goes_to(self.window, "Providers").await?;
        self.window.clicks_where("//nav[@aria-label='Providers']//a[.//b='Chaster']", "Chaster").await?;
        self.window.sees("documented").await?;
        self.now("a provider").await
    }

    async fn rotation(&mut self) -> Result<()> {
        goes_to(self.window, "Rotation").await?;
        self.window.opens_row("Secrets", "Forum login").await?;
        self.window.sees("What will happen").await?;
        self.now("the choice of a way to rotate").await?;
        self.window.clicks("Begin").await?;
        self.window.sees("If this computer stopped now").await?;
        self.now("a runbook").await
    }

    async fn client(&mut self) -> Result<()> {
        goes_to(self.window, "Clients").await?;
        self.window.opens_row("Clients", "Forum login").await?;
        for tab in ["Redirect URIs", "Secret", "Runs", "Notes", "Overview"] {
            let path = format!("//*[@role='tab'][starts-with(normalize-space(), '{tab}')]");
            self.window.clicks_where(&path, tab).await?;
            self.now(&format!("a client, {tab}")).await?;
        }
        self.window.clicks("Reveal client secret").await?;
        self.window.sees("Show it").await?;
        self.now("the question before a secret is shown").await?;
        self.window.clicks_where("//*[@role='alertdialog']//button[normalize-space()='Cancel']", "Cancel").await?;
        self.window.clicks("Edit").await?;
        self.window.sees("Edit “Forum login”").await?;
        self.now("the form to edit").await?;
        self.window.clicks("Cancel").await?;
        // In a small window the form is opened from the list.
        goes_to(self.window, "Clients").await?;
        self.window.clicks("New client").await?;
        self.window.sees("Register at the sandbox twin").await?;
        self.now("the form for a new client").await?;
        self.window.clicks("Cancel").await
    }

    async fn login(&mut self) -> Result<()> {
        goes_to(self.window, "Login").await?;
        self.window.opens_row("Clients to log in with", "Forum login").await?;
        self.window.sees("Embedded view").await?;
        self.now("Login").await
    }
}
