//! What a person does in a story, each act a sentence.

use anyhow::{Result, ensure};

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
    /// What the record says of who that is.
    pub identity: &'static str,
}

/// The five twins.
pub const TWINS: [Twin; 5] = [
    Twin { name: "Chattr", prefix: "/chattr/", user: "theo", identity: "theo" },
    Twin { name: "Chattz", prefix: "/chattz/", user: "theo", identity: "theo" },
    Twin { name: "Chaster", prefix: "/chaster/", user: "theo", identity: "theo" },
    Twin { name: "Gitter", prefix: "/gitter/", user: "theo", identity: "theo" },
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
    fn keys(self) -> &'static [&'static str] {
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
    window.no_longer_sees("Register at the sandbox twin").await?;
    window.sees(name).await
}

/// Starts a login with the client that is open, in that browser.
pub async fn starts_a_login(window: &Window, browser: &str) -> Result<()> {
    window.clicks("Log in").await?;
    window.sees("Browser").await?;
    window.clicks(browser).await?;
    window.clicks_where("//form//button[normalize-space()='Log in']", "Log in").await?;
    window.sees("What happened").await
}

/// Signs in and answers on the consent page, in the login view, by keyboard.
pub async fn walks_the_pages(
    stage: &Stage,
    window: &Window,
    twin: Twin,
    client: &str,
    answer: Answer,
) -> Result<LoginView> {
    let view = signs_in(stage, window, twin, client).await?;
    sees_pages(window, twin, 2).await?;
    view.stands_still().await?;
    view.presses(answer.keys()).await?;
    Ok(view)
}

/// Signs in, in the login view.
pub async fn signs_in(stage: &Stage, window: &Window, twin: Twin, client: &str) -> Result<LoginView> {
    let view = stage.login_view(client).await?;
    sees_pages(window, twin, 1).await?;
    view.stands_still().await?;
    view.types(twin.user).await?;
    view.presses(&["Tab"]).await?;
    view.types(&format!("{}-sandbox", twin.user)).await?;
    view.presses(&["Return"]).await?;
    Ok(view)
}

/// Waits until the run that is open tells of so many pages: the first is for signing in, the second asks for consent.
pub async fn sees_pages(window: &Window, twin: Twin, number: usize) -> Result<()> {
    window
        .sees_that(|page| page.matches(twin.prefix).count() >= number, &format!("{number} pages of {}", twin.name))
        .await
}

/// Waits until the run that is open has ended in these words.
pub async fn sees_it_end(window: &Window, words: &str) -> Result<()> {
    window.no_longer_sees("Cancel the login").await?;
    let page = window.text().await?;
    ensure!(page.contains(words), "the run did not end with {words:?} but so:\n{page}");
    Ok(())
}
