//! What its pictures cost a login page: the longest time in which it cannot react around the moment it is pictured, beside the same page
//! without pictures.
//!
//! The page measures itself. From its `load` event on it does nothing but come round and look at the clock; then it says how long its
//! longest round was. The picture of a loaded page is the dearer one: what a press asks for finds the page laid out and painted before.

use anyhow::{Context, Result};
use gatewright_benches::{Goal, Measurement, Point, in_turns};
use gatewright_testkit::{Answer, RawServer};
use gatewright_tests::hands::Window;
use gatewright_tests::stage::{KeyringKind, PATIENCE, Stage};
use serde_json::json;

/// How often each side is measured.
const SAMPLES: usize = 30;

/// A login page of a usual length. Its first round after `load` begins there, so that nothing after it is missed.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1>
<form><input name="user" value="anna"><input type="password" value="secret"><input autocomplete="one-time-code"></form>
<script>
  for (let line = 0; line < 300; line++) document.body.append(Object.assign(document.createElement("p"), { textContent: `What you agree to, number ${line}` }));
  const lane = new MessageChannel();
  let last = performance.now(), longest = 0, end = Infinity;
  lane.port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (now < end) lane.port2.postMessage(0);
    else fetch(`/longest?${longest}`);
  };
  addEventListener("load", () => { last = performance.now(); longest = 0; end = last + 400; });
  lane.port2.postMessage(0);
</script>"#;

/// Keeps a profile whose server is the one given, and a client there; gives the client.
const PREPARE: &str = r#"
const [origin, done] = arguments;
const call = (command, request) => window.__TAURI_INTERNALS__.invoke(command, { request });
const prepare = async () => {
  const { text } = await call("provider_text", { provider: "chattz" });
  await call("provider_save", { text: text.replace('id = "chattz"', 'id = "measured"').replace("https://chattz.net", origin) });
  const client = await call("client_enter", {
    provider: "measured", environment: "production", name: "Measured", clientId: "abc", secret: "not-a-real-secret",
    redirectUris: ["https://app.example.org/callback"], ownership: "owned", owner: "", tag: "", notes: "", protocol: null,
  });
  return { client: client.row.id };
};
prepare().then(done, (failure) => done({ failure: failure.message ?? String(failure) }));
"#;

/// Starts a login with or without pictures; gives the run.
const START: &str = r#"
const [client, takePictures, done] = arguments;
const call = (command, request) => window.__TAURI_INTERNALS__.invoke(command, { request });
const start = async () => {
  await call("settings_change", { ...await call("settings_show", {}), takePictures });
  return call("login_start", { client, testUser: null, browser: "embedded", redirectUri: null, scopes: null });
};
start().then(done, (failure) => done({ failure: failure.message ?? String(failure) }));
"#;

/// Stops a run and waits until it has ended.
const STOP: &str = r#"
const [run, done] = arguments;
const call = (command, request) => window.__TAURI_INTERNALS__.invoke(command, { request });
const stop = async () => {
  await call("login_cancel", { run });
  while ((await call("run_show", { run })).row.verdict === "running") await new Promise((go) => setTimeout(go, 20));
  return {};
};
stop().then(done, (failure) => done({ failure: failure.message ?? String(failure) }));
"#;

#[tokio::main]
async fn main() -> Result<()> {
    let provider = RawServer::start(|request| match request.target.split('?').next() {
        Some("/longest") => Answer::labelled(204, "text/plain", ""),
        _ => Answer::labelled(200, "text/html; charset=utf-8", PAGE),
    })
    .await;
    let mut stage = Stage::set(KeyringKind::Unlocked).await?;
    let window = stage.open().await?;
    let measured = measure(&window, &provider).await;
    stage.close().await?;
    measured?.print()
}

async fn measure(window: &Window, provider: &RawServer) -> Result<Measurement> {
    window.settles().await?;
    let client = named(window, PREPARE, vec![json!(provider.origin())], "client").await?;
    // The first view of all starts processes that later ones find.
    longest_round(window, provider, &client, true).await?;
    let (ours, floor) =
        in_turns(SAMPLES, async |is_ours| longest_round(window, provider, &client, is_ours).await).await?;
    Ok(Measurement {
        name: "evidence.picture",
        unit: "ms",
        ours,
        floor,
        goal: Goal::AtMost(50.0),
        points: &[Point::P95],
    })
}

/// Opens the page in a login view of its own and gives the milliseconds of its longest round.
async fn longest_round(window: &Window, provider: &RawServer, client: &str, pictured: bool) -> Result<f64> {
    let before = rounds(provider).len();
    let run = named(window, START, vec![json!(client), json!(pictured)], "run").await?;
    let telling = async {
        while rounds(provider).len() == before {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, telling).await.context("the page said nothing")?;
    window.client().execute_async(STOP, vec![json!(run)]).await?;
    rounds(provider).pop().context("no round")
}

/// What pages have said so far.
fn rounds(provider: &RawServer) -> Vec<f64> {
    let requests = provider.requests();
    requests.iter().filter_map(|request| request.target.strip_prefix("/longest?")?.parse().ok()).collect()
}

/// Runs a script and gives one text of what it brings.
async fn named(window: &Window, script: &str, arguments: Vec<serde_json::Value>, name: &str) -> Result<String> {
    let answer = window.client().execute_async(script, arguments).await?;
    answer[name].as_str().map(str::to_owned).with_context(|| format!("no {name} but {answer}"))
}
