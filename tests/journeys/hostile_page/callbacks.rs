//! Every way by which a page can lead to the callback, and what is left of it (threats W-07, W-08, W-11, W-12, W-14, W-16).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gatewright_testkit::{Answer as Response, RawServer, ReceivedRequest};
use serde_json::Value;

use super::self_signed::SelfSigned;
use super::{callback_with, enters_a_client, is_a_look, keeps_a_profile, parameter};
use crate::prelude::*;

/// What the code of a login begins with; its number follows.
const CODE: &str = "hostile-page-code-7c41e09d";
/// The access token of the login that gets one.
const TOKEN: &str = "hostile-page-token-e92b6a50";

/// How a page leads to the callback.
const WAYS: [&str; 8] = ["302", "303", "307", "script", "refresh", "form", "link", "after all else"];

/// The provider: each login goes another way. Before the first two of them the page at the redirect URI's own origin plants things.
struct Provider {
    /// Where the redirect URI points: nobody may ever ask it for the callback.
    canary: String,
    logins: AtomicUsize,
}

impl Provider {
    fn answer(&self, request: &ReceivedRequest) -> Response {
        let path = request.target.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path) {
            ("POST", "/oauth/token") => token(request),
            ("GET", "/oauth/authorize") if is_a_look(request) => page(""),
            (_, "/oauth/userinfo") => Response::json(200, r#"{"error":"not today"}"#),
            // A login that went wrong at the provider: not the end of anything (W-12).
            ("GET", "/oauth/authorize") if parameter(&request.target, "error").is_some() => {
                let code = parameter(&request.target, "after").unwrap_or_default();
                self.lead("script", &code, &parameter(&request.target, "state").unwrap_or_default())
            }
            ("GET", "/oauth/authorize") => self.begin(&parameter(&request.target, "state").unwrap_or_default()),
            ("GET", way) => {
                let number = way.trim_start_matches('/').parse().unwrap_or(0);
                let state = parameter(&request.target, "state").unwrap_or_default();
                self.lead(WAYS.get(number).copied().unwrap_or_default(), &format!("{CODE}-{number}"), &state)
            }
            _ => Response::labelled(404, "text/plain", ""),
        }
    }

    fn begin(&self, state: &str) -> Response {
        let number = self.logins.fetch_add(1, Ordering::Relaxed);
        let next = format!("{{own}}/{number}?state={state}");
        match number {
            0 | 1 => page(&format!(
                "<script>location.replace('{}/plant?next=' + encodeURIComponent('{next}'.replace('{{own}}', location.origin)))</script>",
                self.canary
            )),
            _ => moved(302, &next.replace("{own}", "")),
        }
    }

    /// Leads to the callback.
    fn lead(&self, way: &str, code: &str, state: &str) -> Response {
        let to = callback_with(&format!("{}/callback", self.canary), &[("code", code), ("state", state)]);
        match way {
            "302" => moved(302, &to),
            "303" => moved(303, &to),
            "307" => moved(307, &to),
            "script" => page(&format!("<script>location.assign('{to}')</script>")),
            "refresh" => page(&format!("<meta http-equiv='refresh' content='0;url={to}'>")),
            "form" => page(&format!(
                "<form action='{}/callback'><input name='code' value='{code}'><input name='state' value='{state}'></form>\
                 <script>document.forms[0].submit()</script>",
                self.canary
            )),
            "link" => page(&format!("<a href='{to}'>on</a><script>document.querySelector('a').click()</script>")),
            // In other windows nothing opens; on the login page itself `code` and `error` mean nothing.
            _ => page(&format!(
                "<a href='{to}' target='_blank'>on</a><script>window.open('{to}'); document.querySelector('a').click();\
                 setTimeout(() => location.assign('/oauth/authorize?error=bad_password&code=1&state={state}&after={code}'), 400)</script>"
            )),
        }
    }
}

fn moved(status: u16, to: &str) -> Response {
    Response::labelled(status, "text/plain", "").with("location", to)
}

fn page(body: &str) -> Response {
    Response::labelled(200, "text/html; charset=utf-8", format!("<!doctype html><title>Sign in</title>{body}"))
}

/// The last way's code is worth a token; the others are refused.
fn token(request: &ReceivedRequest) -> Response {
    if request.body.contains(&format!("{CODE}-{}", WAYS.len() - 1)) {
        Response::json(200, format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#))
    } else {
        Response::json(400, r#"{"error":"invalid_grant"}"#)
    }
}

#[tokio::test]
async fn by_every_way_the_hostile_callback_is_caught_before_it_leaves_and_nothing_stays_behind() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let canary = RawServer::start(|request| match request.target.split('?').next() {
            Some("/plant") => Response::labelled(200, "text/html; charset=utf-8", include_str!("plants.html")),
            Some("/worker.js") => Response::labelled(200, "text/javascript", "addEventListener('fetch', () => {})"),
            _ => Response::labelled(204, "text/plain", ""),
        })
        .await;
        let pages = Arc::new(Provider { canary: canary.origin(), logins: AtomicUsize::new(0) });
        let provider = RawServer::start(move |request| pages.answer(request)).await;
        let window = stage.open().await?;
        keeps_a_profile(&window, &provider.origin()).await?;
        enters_a_client(&window, &format!("{}/callback", canary.origin())).await?;

        starts_a_login(&window, "Embedded view").await?;
        for (number, way) in WAYS.iter().enumerate() {
            if number > 0 {
                window.clicks("Log in again").await?;
            }
            redeems(&provider, &format!("{CODE}-{number}")).await.with_context(|| format!("by {way}"))?;
            window.no_longer_sees("Cancel the login").await?;
        }
        let asked: Vec<String> = canary.requests().into_iter().map(|request| request.target).collect();
        ensure!(!asked.iter().any(|target| target.starts_with("/callback")), "the callback left: {asked:?}");
        found_nothing_of_the_login_before(&canary)?;

        stage.close().await?;
        kept_neither_code_nor_token(stage)
    })
    .await
}

/// Waits until a code was sent to the token endpoint: it was caught on its way.
async fn redeems(provider: &RawServer, code: &str) -> Result<()> {
    let redeeming = async {
        while !provider.requests().iter().any(|request| request.method == "POST" && request.body.contains(code)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), redeeming).await.context("no callback arrived")
}

/// Two logins planted what they could; the second found nothing of the first.
fn found_nothing_of_the_login_before(canary: &RawServer) -> Result<()> {
    let reports: Vec<Value> = canary
        .requests()
        .iter()
        .filter(|request| request.target == "/planted")
        .map(|request| serde_json::from_str(&request.body))
        .collect::<Result<_, _>>()?;
    ensure!(reports.len() == 2, "not every page reported: {reports:?}");
    ensure!(reports[0]["after"]["cookies"] == "planted=yes", "the first page planted nothing: {}", reports[0]);
    ensure!(reports[0]["after"]["keys"] == 1, "the first page planted nothing: {}", reports[0]);
    for report in &reports {
        let before = &report["before"];
        ensure!(before["cookies"] == "", "a cookie was left: {report}");
        for store in ["keys", "databases", "caches", "workers"] {
            ensure!(before[store] == 0, "{store} were left: {report}");
        }
    }
    Ok(())
}

/// Looks through every file that was written, also by the web view.
fn kept_neither_code_nor_token(stage: &Stage) -> Result<()> {
    let home = stage.environment().remove("HOME").context("no home")?;
    let mut read = 0;
    for folder in [Path::new(&home), &stage.data_folder()] {
        read += holds_neither(folder)?;
    }
    ensure!(read > 3, "only {read} files were looked through");
    Ok(())
}

/// Fails for a file with a code or a token in it; else gives how many files were read.
fn holds_neither(folder: &Path) -> Result<usize> {
    let mut read = 0;
    for entry in std::fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read += holds_neither(&path)?;
        } else if kind.is_file() {
            let content = std::fs::read(&path)?;
            let holds = |text: &str| content.windows(text.len()).any(|window| window == text.as_bytes());
            ensure!(!holds(CODE) && !holds(TOKEN), "{} holds a code or a token", path.display());
            read += 1;
        }
    }
    Ok(read)
}

#[tokio::test]
async fn a_hostile_certificate_ends_the_login_and_nothing_is_asked_behind_it() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let server = SelfSigned::start().await?;
        let address = server.address();
        let provider = RawServer::start(move |_| moved(302, &address)).await;
        let window = stage.open().await?;
        keeps_a_profile(&window, &provider.origin()).await?;
        enters_a_client(&window, "https://app.example.org/callback").await?;
        starts_a_login(&window, "Embedded view").await?;
        sees_it_end(&window, "Certificate refused").await?;
        ensure!(server.connections() > 0, "the page was never asked for");
        ensure!(server.bytes_read() == 0, "{} bytes were sent behind a wrong certificate", server.bytes_read());
        Ok(())
    })
    .await
}
