//! A login page that wants more than a login (threat W-01): it tries to run commands of the application. And profiles of one's own,
//! which is how such a page comes to be asked for.

mod callbacks;
mod self_signed;
mod wants;

use gatewright_testkit::{Answer as Response, RawServer, ReceivedRequest};
use serde_json::Value;

use crate::prelude::*;

/// The hostile page: every way we know to reach the other half of the application, each with a command that answers and one that
/// changes something. What came of it goes to `/report`.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1>
<script>
const report = [];
async function tries(way, act) {
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("no answer")), 1500));
  try { report.push({ way, came: String(await Promise.race([act(), late])) }); }
  catch (cause) { report.push({ way, refused: String(cause) }); }
}
const settings = { theme: "dark", browser: "paste", sandboxOnStart: false, loginMinutes: 1, welcomeSeen: true };
const commands = [["app_state", {}], ["settings_change", settings], ["plugin:app|version", {}], ["plugin:event|emit", { event: "x" }]];
(async () => {
  for (const [command, request] of commands) {
    const call = JSON.stringify({ cmd: command, callback: 1, error: 2, payload: { request }, options: {} });
    const post = { method: "POST", headers: { "content-type": "application/json", "Tauri-Callback": "1", "Tauri-Error": "2" }, body: JSON.stringify({ request }) };
    await tries(`invoke ${command}`, () => window.__TAURI_INTERNALS__.invoke(command, { request }));
    await tries(`global invoke ${command}`, () => window.__TAURI__.core.invoke(command, { request }));
    await tries(`message ${command}`, () => window.ipc.postMessage(call));
    await tries(`WebKit message ${command}`, () => window.webkit.messageHandlers.ipc.postMessage(call));
    await tries(`ipc: ${command}`, () => fetch(`ipc://localhost/${encodeURIComponent(command)}`, post).then((it) => it.text()));
    await tries(`ipc.localhost ${command}`, () => fetch(`http://ipc.localhost/${encodeURIComponent(command)}`, post).then((it) => it.text()));
  }
  await tries("tauri: page", () => fetch("tauri://localhost/index.html").then((it) => it.text()));
  await tries("frame of the application", () => new Promise((come, refuse) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.onload = () => { try { come(frame.contentWindow.__TAURI_INTERNALS__.metadata); } catch (cause) { refuse(cause); } };
    frame.src = "tauri://localhost/";
  }));
  await tries("blank frame", () => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    return frame.contentWindow.__TAURI_INTERNALS__.invoke("app_state", { request: {} });
  });
  await tries("opened window", () => window.open("about:blank").__TAURI_INTERNALS__.invoke("app_state", { request: {} }));
  await fetch("/report", { method: "POST", body: JSON.stringify(report) });
})();
</script>"#;

#[tokio::test]
async fn a_login_page_cannot_run_commands_of_the_application() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let provider = RawServer::start(|request| match request.method.as_str() {
            "GET" => Response::labelled(200, "text/html; charset=utf-8", PAGE),
            _ => Response::labelled(204, "text/plain", ""),
        })
        .await;
        let window = stage.open().await?;
        // What the page is going to try works in our own window, word for word; otherwise its failing would prove nothing.
        let own = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('app_state', { request: {} }).then((state) => done(state.settings.theme), (cause) => done(String(cause)))";
        let theme = window.client().execute_async(own, vec![]).await?;
        ensure!(theme == "system", "our own window got {theme}");

        keeps_a_profile(&window, &provider.origin()).await?;
        enters_a_client(&window, "https://app.example.org/callback").await?;
        starts_a_login(&window, "Embedded view").await?;
        let reporting = async {
            loop {
                if let Some(report) = provider.requests().into_iter().find(|request| request.target == "/report") {
                    return report.body;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        let report = tokio::time::timeout(std::time::Duration::from_secs(90), reporting).await.context("no report")?;
        let report: Vec<Value> = serde_json::from_str(&report)?;
        ensure!(report.len() > 24, "the page did not try everything: {report:?}");
        let came: Vec<&Value> = report.iter().filter(|attempt| attempt.get("refused").is_none()).collect();
        ensure!(came.is_empty(), "the page got through: {came:#?}");
        let theme = window.client().execute_async(own, vec![]).await?;
        ensure!(theme == "system", "the page changed the settings: the theme is {theme}");
        window.clicks("Cancel the login").await?;
        sees_it_end(&window, "Stopped").await
    })
    .await
}

#[tokio::test]
async fn mistakes_in_a_profile_are_named_by_line_and_field() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        copies_the_profile_of_chattz(&window).await?;
        window.replaces_in("Profile as TOML", "\"https://chattz.net\"", "\"http://chattz.net\"").await?;
        window.sees("environments.production.authorization").await?;
        window
            .sees_that(|page| page.contains("1 mistake") && page.contains("Line "), "the place of the mistake")
            .await?;
        window.pleases_axe("a profile with a mistake").await?;
        window.replaces_in("Profile as TOML", "\"http://chattz.net\"", "\"https://id.example.org\"").await?;
        window.sees("No mistakes: it can be kept.").await?;
        window.clicks("Save").await?;
        window.sees("is kept.").await
    })
    .await
}

async fn copies_the_profile_of_chattz(window: &Window) -> Result<()> {
    goes_to(window, "Providers").await?;
    window.clicks_where("//nav[@aria-label='Providers']//a[.//b='Chattz']", "Chattz").await?;
    window.clicks("New provider from this one").await?;
    window.sees("No mistakes: it can be kept.").await
}

/// A profile whose server is the one given.
pub(crate) async fn keeps_a_profile(window: &Window, origin: &str) -> Result<()> {
    copies_the_profile_of_chattz(window).await?;
    window.replaces_in("Profile as TOML", "https://chattz.net", origin).await?;
    window.sees("No mistakes: it can be kept.").await?;
    window.clicks("Save").await?;
    window.sees("is kept.").await?;
    window.dismisses_messages().await
}

/// A client at the provider that was kept last.
pub(crate) async fn enters_a_client(window: &Window, redirect_uri: &str) -> Result<()> {
    let name = window.element("//h2[@id='provider-name']", "the new provider's name").await?.text().await?;
    goes_to(window, "Clients").await?;
    window.clicks("New client").await?;
    window.chooses("Provider", &name).await?;
    window.clicks("Enter an existing client").await?;
    window.clicks("The real provider").await?;
    window.writes("Name", "Curious").await?;
    window.writes("Client ID", "abc123").await?;
    window.writes("Client secret", "not-a-real-secret").await?;
    window.writes("Redirect URI", redirect_uri).await?;
    window.clicks("Keep").await?;
    window.sees("“Curious” is kept.").await
}

/// Whether Gatewright looks at the login page before a login, and no browser begins one.
fn is_a_look(request: &ReceivedRequest) -> bool {
    request.method == "GET" && request.header("user-agent").is_some_and(|agent| agent.starts_with("Gatewright/"))
}

/// The value of a parameter in the target of a request.
pub(crate) fn parameter(target: &str, name: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The redirect URI with these parameters.
fn callback_with(redirect_uri: &str, parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{redirect_uri}?{query}")
}
