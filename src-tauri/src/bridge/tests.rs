//! What the UI receives, and who receives nothing.

use std::sync::Arc;

use gatewright_contract::{COMMAND_NAMES, Failure};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{Manager as _, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;

use super::*;
use crate::clipboard::Clipboard;
use crate::desktop::ShellDesktop;
use crate::start::context;

/// Where the UI's own pages are.
const OWN_PAGE: &str = "tauri://localhost";

/// The shell with the real application, the real permissions and windows that are not drawn.
struct Shell {
    app: tauri::App<MockRuntime>,
    _folder: TempDir,
}

impl Shell {
    /// A shell whose application has come up.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = mock_builder().manage(Backend::default()).invoke_handler(handler()).build(context()).unwrap();
        let data_dir = folder.path().to_owned();
        let desktop = Arc::new(ShellDesktop::new(app.handle().clone(), Clipboard::new(), data_dir.clone()));
        let options = gatewright_app::AppOptions {
            data_dir,
            desktop,
            sandbox: false,
            keyring: gatewright_app::KeyringChoice::Session,
        };
        app.state::<Backend>().arrived(tauri::async_runtime::block_on(gatewright_app::App::start(options)));
        Self { app, _folder: folder }
    }

    fn window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, label, tauri::WebviewUrl::default()).build().unwrap()
    }
}

fn call(window: &WebviewWindow<MockRuntime>, from: &str, command: &str) -> Result<InvokeResponseBody, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: from.parse().unwrap(),
        body: InvokeBody::Json(json!({ "request": every_field(command) })),
        headers: tauri::http::HeaderMap::new(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request)
}

/// A request that has every field any command asks for; each takes those it knows. There is no record with these ids.
fn every_field(command: &str) -> Value {
    let mut fields: Value = serde_json::from_str(include_str!("every-field.json")).unwrap();
    if command == "settings_change" {
        // The window's language; elsewhere the word means a programming language.
        fields["language"] = json!("german");
    }
    fields
}

/// Commands that open a dialog of the desktop or end the program: the runtime without windows cannot do either.
const NEEDS_A_DESKTOP: [&str; 2] = ["path_choose", "restart"];

/// The answer of one row has the shape the UI was promised: its response, or a failure.
fn answers<Response: serde::de::DeserializeOwned>(window: &WebviewWindow<MockRuntime>, command: &str) {
    if NEEDS_A_DESKTOP.contains(&command) {
        return;
    }
    let shape = match call(window, OWN_PAGE, command) {
        Ok(body) => body.deserialize::<Response>().map(drop),
        Err(failure) => {
            serde_json::from_value::<Failure>(failure.clone()).map(drop).inspect_err(|_| eprintln!("{failure}"))
        }
    };
    assert!(shape.is_ok(), "{command}: {shape:?}");
}

macro_rules! every_row_answers {
    ($( $name:ident($request:ident) -> $response:ident; )+) => {
        #[test]
        fn every_row_of_the_table_answers_the_main_window() {
            let shell = Shell::start();
            let window = shell.window(MAIN);
            $( answers::<$response>(&window, stringify!($name)); )+
        }
    };
}
gatewright_contract::for_each_command!(every_row_answers);

#[test]
fn a_failure_reaches_the_ui_with_code_and_message() {
    let shell = Shell::start();
    let failure = call(&shell.window(MAIN), OWN_PAGE, "run_show").err().unwrap();
    assert_eq!(failure["code"], "not_found");
    assert!(failure["message"].as_str().is_some_and(|message| message.ends_with('.')), "a sentence: {failure}");
}

#[test]
fn a_login_window_reaches_no_command() {
    let shell = Shell::start();
    let window = shell.window("login-1");
    for command in COMMAND_NAMES {
        let answer = call(&window, OWN_PAGE, command);
        assert!(refused_by_permission(&answer), "{command} answered a login window");
    }
}

#[test]
fn a_page_from_the_network_reaches_no_command_even_in_the_main_window() {
    let shell = Shell::start();
    let window = shell.window(MAIN);
    for command in COMMAND_NAMES {
        let answer = call(&window, "https://provider.example/login", command);
        assert!(refused_by_permission(&answer), "{command} answered a page from the network");
    }
}

#[test]
fn the_main_window_hears_events_and_sends_none() {
    let shell = Shell::start();
    let window = shell.window(MAIN);
    let answer = call(&window, OWN_PAGE, "plugin:event|emit");
    assert!(refused_by_permission(&answer), "the main window sent an event");
    let answer = call(&window, OWN_PAGE, "plugin:event|listen");
    assert!(!refused_by_permission(&answer), "the main window may listen");
}

#[test]
fn without_permissions_the_bridge_itself_refuses_other_windows() {
    let shell = Shell::start();
    assert!(only_the_main_window(shell.window(MAIN).as_ref()).is_ok());
    let failure = only_the_main_window(shell.window("login-1").as_ref()).unwrap_err();
    assert_eq!(failure.code, FailureCode::Internal);
}

/// Tauri's refusal is a text; an answer of ours is a response or a failure.
fn refused_by_permission(answer: &Result<InvokeResponseBody, Value>) -> bool {
    matches!(answer, Err(Value::String(why)) if why.contains("not allowed"))
}
