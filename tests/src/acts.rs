//! What a person does in a story, each act a sentence.

use anyhow::{Context as _, Result, ensure};
use url::Url;

use crate::hands::{LoginView, Window};
use crate::stage::Stage;

/// A sandbox twin as a story walks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The provider's name in the window.
    pub name: &'static str,
    /// The first part of the path of its pages.
    pub prefix: &'static str,
    /// Who can log in there: ContentDB lets only the owner in until staff approves the app.
    pub user: &'static str,
    /// How the record names them: each provider has its own idea of a name.
    pub identity: &'static str,
}

/// The five twins.
pub const TWINS: [Twin; 5] = [
    Twin { name: "Chattr", prefix: "/chattr/", user: "theo", identity: "theo" },
    Twin { name: "Chattz", prefix: "/chattz/", user: "theo", identity: "theo" },
    Twin { name: "Chaster", prefix: "/chaster/", user: "theo", identity: "theo" },
    Twin { name: "Gitter", prefix: "/gitter/", user: "theo", identity: "Theo Tanaka" },
    Twin { name: "ContentDB", prefix: "/contentdb/", user: "olivia", identity: "olivia" },
];

impl Twin {
    /// The twin of that provider.
    pub fn of(name: &str) -> Option<Self> {
        TWINS.into_iter().find(|twin| twin.name == name)
    }
}

/// What the person answers on the consent page, as keys: the buttons stand in this order and the first has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The first button.
    Approve,
    /// The second one; at ContentDB that is "Cancel".
    Second,
}

impl Answer {
    /// The keys that press it.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Approve => &["Return"],
            Self::Second => &["Tab", "Return"],
        }
    }
}

/// Goes to a screen by its name in the rail.
pub async fn goes_to(window: &Window, screen: &str) -> Result<()> {
    window.clicks_where(&format!("//nav//a[starts-with(normalize-space(), '{screen}')]"), screen).await
}

/// Registers a client at the twin of a provider, through the window.
pub async fn registers_a_client(window: &Window, provider: &str, name: &str, redirect_uri: &str) -> Result<()> {
    goes_to(window, "Clients").await?;
    window.clicks("New client").await?;
    window.sees("Register at the sandbox twin").await?;
    let listed = if provider == "Gitter" { "Gitter (historic)" } else { provider };
    window.chooses("Provider", listed).await?;
    window.writes("Name", name).await?;
    window.writes("Redirect URI", redirect_uri).await?;
    window.clicks("Register").await?;
    window.sees(&format!("“{name}” is kept.")).await?;
    window.dismisses_messages().await
}

/// Starts a login with the client that is open, in that browser.
pub async fn starts_a_login(window: &Window, browser: &str) -> Result<()> {
    window.clicks("Log in").await?;
    window.sees("Browser").await?;
    window.clicks(browser).await?;
    // What is looked at before a login may keep it from being started for a moment.
    window.clicks_where("//form//button[normalize-space()='Log in'][not(@disabled)]", "Log in").await?;
    window.sees("What happened").await
}

/// Signs in and answers on the consent page, in the login view, by keyboard; then the view closes by itself.
pub async fn walks_the_pages(stage: &Stage, twin: Twin, client: &str, answer: Answer) -> Result<()> {
    let view = signs_in(stage, twin, client).await?;
    view.closes_after(async |view| view.presses(answer.keys()).await).await
}

/// Signs in, in the login view, where this person has agreed to this client before: nothing more is asked, and the view closes by itself.
pub async fn signs_in_once_more(stage: &Stage, twin: Twin, client: &str) -> Result<()> {
    let view = stage.login_view(client).await?;
    let password = format!("{}-sandbox", twin.user);
    view.closes_after(async |view| {
        view.presses(&["ctrl+a"]).await?;
        view.types(twin.user).await?;
        view.presses(&["Tab", "ctrl+a"]).await?;
        view.types(&password).await?;
        view.presses(&["Return"]).await
    })
    .await
}

/// Signs in, in the login view, and waits for the consent page.
pub async fn signs_in(stage: &Stage, twin: Twin, client: &str) -> Result<LoginView> {
    let view = stage.login_view(client).await?;
    let password = format!("{}-sandbox", twin.user);
    view.turns_the_page(async |view| {
        view.presses(&["ctrl+a"]).await?;
        view.types(twin.user).await?;
        view.presses(&["Tab", "ctrl+a"]).await?;
        view.types(&password).await?;
        view.presses(&["Return"]).await
    })
    .await?;
    Ok(view)
}

/// Waits until the run that is open has ended in these words.
pub async fn sees_it_end(window: &Window, words: &str) -> Result<()> {
    window.no_longer_sees("Cancel the login").await?;
    let page = window.text().await?;
    ensure!(page.contains(words), "the run did not end with {words:?} but so:\n{page}");
    Ok(())
}

/// Registers a client at a twin and logs in with it in the embedded view.
pub async fn logs_in_at(stage: &Stage, window: &Window, twin: Twin, client: &str) -> Result<()> {
    registers_a_client(window, twin.name, client, "https://app.example.org/callback").await?;
    starts_a_login(window, "Embedded view").await?;
    walks_the_pages(stage, twin, client, Answer::Approve).await?;
    sees_it_end(window, "Logged in").await
}

/// What the list of results says of a client's newest run once it has ended: the outcome, and who logged in. What counts is the
/// record, not what the login screen showed.
pub async fn reads_the_record(window: &Window, client: &str) -> Result<(String, String)> {
    goes_to(window, "Results").await?;
    let outcome = window.cell_that("Runs", client, "Outcome", |outcome| outcome != "Going on").await?;
    Ok((outcome, window.cell("Runs", client, "Who").await?))
}

/// Where the sandbox is, as its screen says.
pub async fn the_sandbox(window: &Window) -> Result<Url> {
    goes_to(window, "Sandbox").await?;
    window.sees("http://127.0.0.1:").await?;
    let page = window.text().await?;
    let origin = page.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:"));
    Ok(Url::parse(origin.context("the sandbox says no address")?)?)
}

/// Writes down who uses the secret of the client that is open.
pub async fn writes_down_who_uses_it(window: &Window, deployments: &[&str]) -> Result<()> {
    window.clicks("Secret").await?;
    for name in deployments {
        window.writes("Who uses it", name).await?;
        window.clicks("Add").await?;
        window.element(&format!("//li[contains(., '{name}')]"), name).await?;
    }
    Ok(())
}

/// Begins to rotate a client's secret from the board: by that strategy, which that person or program carries out at the provider.
pub async fn begins_a_rotation(window: &Window, client: &str, strategy: &str, driver: &str) -> Result<()> {
    goes_to(window, "Rotation").await?;
    window.opens_row("Secrets", client).await?;
    window.sees("What will happen").await?;
    window.clicks(strategy).await?;
    window.clicks(driver).await?;
    window.clicks("Begin").await?;
    window.sees("If this computer stopped now").await
}

/// Says yes to the question that is asked.
pub async fn confirms(window: &Window, answer: &str) -> Result<()> {
    window.clicks_where(&format!("//dialog//button[normalize-space()='{answer}']"), answer).await
}
