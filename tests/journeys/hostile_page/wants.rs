//! A login page that wants everything, and does not let go (threats W-02, W-04, W-05, W-06, W-09, W-10, W-13, W-15).

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gatewright_testkit::{Answer as Response, RawServer, ReceivedRequest};
use gatewright_tests::hands::window_titles;
use serde::Deserialize;

use super::{callback_with, enters_a_client, is_a_look, keeps_a_profile, parameter};
use crate::prelude::*;

const REDIRECT_URI: &str = "https://app.example.org/callback";

/// What the page calls its downloads.
const DOWNLOAD: &str = "gatewright-hostile-download";

/// A page that tells that it is there and then keeps its process busy for ever.
const HANGS: &str = r#"<!doctype html><meta charset="utf-8"><title>Sign in</title><script>
const tell = new XMLHttpRequest(); tell.open("POST", "/hangs", false); tell.send();
for (let number = 0; number < 100000; number++) document.documentElement.append(document.createElement("i"));
for (;;) {}
</script>"#;

/// What an error says that would like to be part of the window.
const MARKUP: &str = "<b data-hostile>bold</b><img data-hostile src=x onerror=document.title='taken'>";

/// One thing that the page wanted.
#[derive(Deserialize)]
struct Wish {
    what: String,
    got: String,
}

#[tokio::test]
async fn a_login_page_that_wants_everything_gets_nothing_and_cannot_hold_the_person() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let logins = AtomicUsize::new(0);
        let provider = RawServer::start(move |request| answer(request, &logins)).await;
        let window = stage.open().await?;
        keeps_a_profile(&window, &provider.origin()).await?;
        enters_a_client(&window, REDIRECT_URI).await?;

        starts_a_login(&window, "Embedded view").await?;
        let wishes: Vec<Wish> = serde_json::from_str(&report(&provider, "/report").await?)?;
        ensure!(wishes.len() > 60, "the page did not try everything, only {} things", wishes.len());
        let granted = wishes.iter().filter(|wish| !wish.got.is_empty());
        let granted: Vec<String> = granted.map(|wish| format!("{}: {}", wish.what, wish.got)).collect();
        ensure!(granted.is_empty(), "the page got {granted:#?}");
        opened_no_window(stage, &provider).await?;
        saved_no_file(stage)?;
        cannot_hold_the_person(stage, &window).await?;

        window.clicks("Log in again").await?;
        report(&provider, "/hangs").await?;
        cannot_hold_the_person(stage, &window).await?;

        window.clicks("Log in again").await?;
        window.sees("Refused at authorization").await?;
        writes_no_markup(&window).await
    })
    .await
}

/// One page for each login, in their order, and what the pages ask for.
fn answer(request: &ReceivedRequest, logins: &AtomicUsize) -> Response {
    if request.target.starts_with("/download") {
        let disposition = format!("attachment; filename={DOWNLOAD}.sh");
        return Response::labelled(200, "application/octet-stream", "#!/bin/sh")
            .with("content-disposition", &disposition);
    }
    let Some(state) = parameter(&request.target, "state") else {
        return Response::labelled(204, "text/plain", "");
    };
    if is_a_look(request) {
        return Response::labelled(200, "text/html; charset=utf-8", "Sign in");
    }
    match logins.fetch_add(1, Ordering::Relaxed) {
        0 => Response::labelled(200, "text/html; charset=utf-8", include_str!("wants.html")),
        1 => Response::labelled(200, "text/html; charset=utf-8", HANGS),
        _ => {
            let error = [("error", "server_error"), ("error_description", MARKUP), ("state", &state)];
            Response::labelled(302, "text/plain", "").with("location", &callback_with(REDIRECT_URI, &error))
        }
    }
}

/// Waits for what the page posts to a path.
async fn report(provider: &RawServer, path: &str) -> Result<String> {
    let reporting = async {
        loop {
            if let Some(report) = provider.requests().into_iter().find(|request| request.target == path) {
                return report.body;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(90), reporting).await.with_context(|| format!("nothing came to {path}"))
}

/// There are the main window and the login view, and the view still says where it is although its page calls itself otherwise.
async fn opened_no_window(stage: &Stage, provider: &RawServer) -> Result<()> {
    let asked = provider.requests();
    let popups: Vec<&str> = asked.iter().map(|it| it.target.as_str()).filter(|it| it.starts_with("/popup")).collect();
    ensure!(popups.is_empty(), "windows were opened: {popups:?}");
    let titles = window_titles(stage.display().name()).await;
    let place = provider.origin().replace("http://", "");
    let are_ours = |title: &String| title == "Gatewright" || title.starts_with(&format!("{place} – "));
    let titles: Vec<String> = titles.into_iter().filter(|title| !title.is_empty()).collect();
    ensure!(titles.len() == 2 && titles.iter().all(are_ours), "the windows on the display are {titles:?}");
    Ok(())
}

/// Nothing that the page sent lies anywhere a browser would put it.
fn saved_no_file(stage: &Stage) -> Result<()> {
    let home = stage.environment().remove("HOME").context("no home")?;
    let mut files = Vec::new();
    everything_in(Path::new(&home), usize::MAX, &mut files);
    everything_in(&stage.data_folder(), usize::MAX, &mut files);
    everything_in(&std::env::current_dir()?, 1, &mut files);
    everything_in(&std::env::temp_dir(), 1, &mut files);
    ensure!(!files.is_empty(), "nowhere was looked");
    let saved: Vec<&String> = files.iter().filter(|file| file.contains(DOWNLOAD)).collect();
    ensure!(saved.is_empty(), "the page saved {saved:?}");
    Ok(())
}

fn everything_in(folder: &Path, depth: usize, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        found.push(entry.path().display().to_string());
        if depth > 1 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            everything_in(&entry.path(), depth - 1, found);
        }
    }
}

/// Our own window goes on, the view closes by the button of its frame, and the process of its page ends.
async fn cannot_hold_the_person(stage: &Stage, window: &Window) -> Result<()> {
    window.sees("Cancel the login").await?;
    let view = stage.login_view("Curious").await?;
    view.closes().await?;
    view.is_gone().await?;
    sees_it_end(window, "Login window closed").await?;
    let ending = async {
        while stage.web_processes()?.len() > 1 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(5), ending).await.context("the process of the page goes on")?
}

/// What the provider wrote stands on the page as text and is not part of it.
async fn writes_no_markup(window: &Window) -> Result<()> {
    window.sees("<b data-hostile>bold</b>").await?;
    let made = "return document.querySelectorAll('[data-hostile]').length + (document.title === 'taken' ? 1 : 0)";
    let made = window.script(made, vec![]).await?;
    ensure!(made == 0, "{made} elements were made of a provider's text");
    Ok(())
}
