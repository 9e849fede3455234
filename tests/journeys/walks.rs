//! A tester walks a plan, from its start to the report that is handed on.

mod tomorrow;

use std::path::Path;

use gatewright_tests::hands::LoginView;
use gatewright_tests::stage::RealBrowser;

use crate::prelude::*;

const CLIENT: &str = "Forum login";
/// What the person writes down beside a scenario.
const NOTE: &str = "The page says Cancel and means it.";

/// What the person does in the login view, once a scenario was started.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// Signs in as that person and approves.
    SignsInAs(&'static str),
    /// Is signed in already, and answers the consent page with these keys: "Approve" has the focus, "Cancel" comes after it.
    Presses(&'static [&'static str]),
    /// Is signed in already, and approves.
    Approves,
    /// Is signed in already, and closes the window.
    Closes,
    /// Approves in one window, then in the other.
    ApprovesTwice,
    /// Is not asked at the first login, and approves at the second.
    ApprovesTheSecond,
    /// Was asked before, and is not asked again: the view closes by itself.
    Watches,
}

/// The scenarios of ContentDB's plan that apply to it, in its order: what the person does, and what they answer to the question that
/// comes after.
const COURSE: [(&str, Does, Option<&str>); 13] = [
    ("Approve", Does::SignsInAs("olivia"), None),
    ("Cancel", Does::Presses(&["Tab", "Return"]), None),
    ("Close the window", Does::Closes, None),
    ("Wrong account", Does::SignsInAs("theo"), None),
    ("Already signed in", Does::Approves, Some("No")),
    ("Consent remembered", Does::Watches, Some("No")),
    ("Revoked consent asks again", Does::ApprovesTheSecond, Some("Yes")),
    ("Back button", Does::Presses(&["alt+Left", "alt+Right", "Return"]), None),
    ("Double click on approve", Does::Presses(&["Return", "Return"]), None),
    ("Slow network", Does::Watches, None),
    ("Second login while the first is open", Does::ApprovesTwice, None),
    ("Tampered state", Does::Watches, None),
    ("Provider down", Does::Watches, None),
];

#[tokio::test]
async fn a_tester_runs_the_contentdb_plan_from_start_to_export() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        let secret = has_a_client_with_test_users(&window).await?;
        begins_the_walk(&window).await?;
        for (title, does, answer) in COURSE {
            walks(stage, &window, title, does, answer).await.with_context(|| format!("in the scenario {title:?}"))?;
            if title == "Cancel" {
                writes_down_what_they_found(&window).await?;
            }
            if title != "Provider down" {
                window.clicks("Next").await?;
            }
        }
        window.sees("16 of 16 done").await?;
        window.sees("13 passed").await?;
        window.sees("3 not applicable").await?;

        let file = stage.data_folder().join("consent.html");
        window.clicks("Export this walk").await?;
        window.writes("File", &file.display().to_string()).await?;
        window.clicks_where("//dialog//button[normalize-space()='Export']", "Export").await?;
        window.sees("written in").await?;
        convinces_somebody_who_was_not_there(stage, &file, &secret).await
    })
    .await
}

/// Registers a client and makes test users of the twin's people. Gives the client's secret, which must be found nowhere later.
async fn has_a_client_with_test_users(window: &Window) -> Result<String> {
    registers_a_client(window, "ContentDB", CLIENT, "https://app.example.org/callback").await?;
    window.clicks("Reveal client secret").await?;
    window.clicks("Show it").await?;
    let secret = window.element("//code[contains(@class, 'value')]", "the secret").await?.text().await?;
    window.clicks("Test users").await?;
    window.clicks_where("//button[starts-with(normalize-space(), 'Add the twin')]", "Add the twin's people").await?;
    window.sees("Olivia Ortega").await?;
    window.dismisses_messages().await?;
    Ok(secret)
}

/// Begins the plan as Olivia, with Theo where the wrong account is asked for.
async fn begins_the_walk(window: &Window) -> Result<()> {
    goes_to(window, "Walks").await?;
    window.clicks("Choose a plan").await?;
    window.clicks_where("//nav[@aria-label='Plans']//a[contains(., 'Consent at ContentDB')]", "the plan").await?;
    window.sees("ContentDB's page has no Deny button").await?;
    window.pleases_axe("a plan before it is walked").await?;
    window.clicks("Walk this plan").await?;
    window.chooses("Test user", "Olivia Ortega").await?;
    window.chooses("Another test user", "Theo Tanaka").await?;
    window.clicks("Begin the walk").await?;
    window.sees("Your turn").await?;
    window.pleases_axe("a walk that waits for the person").await
}

/// Walks one scenario, which has to pass.
async fn walks(stage: &Stage, window: &Window, title: &str, does: Does, answer: Option<&str>) -> Result<()> {
    window.element(&format!("//section[@aria-labelledby]//h2[.='{title}']"), title).await?;
    window.clicks("Start").await?;
    acts(stage, window, does).await?;
    if let Some(answer) = answer {
        window.sees("What only you can see").await?;
        window.clicks(answer).await?;
    }
    window.sees("What Gatewright found").await?;
    let stands = window.element("//nav[@aria-label='Scenarios']//button[@aria-current]", title).await?.text().await?;
    ensure!(stands.contains("passed"), "it did not pass: {stands}\n{}", window.text().await?);
    Ok(())
}

async fn acts(stage: &Stage, window: &Window, does: Does) -> Result<()> {
    match does {
        Does::Watches => Ok(()),
        Does::SignsInAs(user) => {
            let view = signs_in_as(stage, user).await?;
            view.closes_after(async |view| view.presses(Answer::Approve.keys()).await).await
        }
        Does::Presses(keys) => asked(stage).await?.closes_after(async |view| view.presses(keys).await).await,
        Does::Approves => approves(stage).await,
        Does::Closes => asked(stage).await?.closes_after(async |view| view.closes().await).await,
        Does::ApprovesTheSecond => {
            window.sees("The login before: Logged in").await?;
            approves(stage).await
        }
        Does::ApprovesTwice => {
            // Both have to ask before one is answered: who has agreed is not asked again.
            for view in stage.login_views(&titled(), 2).await? {
                view.stands_still().await?;
            }
            approves(stage).await?;
            approves(stage).await
        }
    }
}

/// The title of Olivia's login views.
fn titled() -> String {
    format!("Olivia Ortega: {CLIENT}")
}

/// Approves on the page that a login view opened with.
async fn approves(stage: &Stage) -> Result<()> {
    asked(stage).await?.closes_after(async |view| view.presses(Answer::Approve.keys()).await).await
}

/// The login view of Olivia's, on the page that it opened with.
async fn asked(stage: &Stage) -> Result<LoginView> {
    let view = stage.login_view(&titled()).await?;
    view.stands_still().await?;
    Ok(view)
}

/// Signs in, in Olivia's login view, and waits for the consent page.
async fn signs_in_as(stage: &Stage, user: &str) -> Result<LoginView> {
    let view = asked(stage).await?;
    view.turns_the_page(async |view| {
        view.presses(&["ctrl+a"]).await?;
        view.types(user).await?;
        view.presses(&["Tab", "ctrl+a"]).await?;
        view.types(&format!("{user}-sandbox")).await?;
        view.presses(&["Return"]).await
    })
    .await?;
    Ok(view)
}

/// Gives a verdict of their own, with a note.
async fn writes_down_what_they_found(window: &Window) -> Result<()> {
    window.writes("Notes", NOTE).await?;
    window.clicks("with a remark").await?;
    window.sees("Kept").await?;
    window.sees("you: with a remark").await?;
    window.pleases_axe("a scenario that is over").await
}

/// Opens the report in a browser: every verdict is in it and nothing secret.
async fn convinces_somebody_who_was_not_there(stage: &Stage, file: &Path, secret: &str) -> Result<()> {
    let written = std::fs::read_to_string(file)?;
    for canary in [secret, "olivia-sandbox", "theo-sandbox"] {
        ensure!(!written.contains(canary), "{canary:?} is in the report");
    }
    let browser = RealBrowser::open(stage).await?;
    browser.goes_to(&format!("file://{}", file.display())).await?;
    for words in ["Consent at ContentDB", NOTE, "has no Deny button"] {
        browser.sees(words).await?;
    }
    for (title, ..) in COURSE {
        browser.sees(title).await?;
    }
    browser.closes().await
}
