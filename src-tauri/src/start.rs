//! Start and end of the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use gatewright_app::{App, AppOptions, KeyringChoice};
use gatewright_contract::app::Notice;
use gatewright_contract::{Event, Spoken};
use tauri::{AppHandle, DragDropEvent, Manager as _, RunEvent, Runtime, WindowEvent};
use tauri_plugin_window_state::StateFlags;

use crate::backend::Backend;
use crate::clipboard::Clipboard;
use crate::desktop::{ShellDesktop, tell};
use crate::windows::MAIN;
use crate::{bridge, logs, path_dialog, windows};

/// How long the application may take to write what it holds before the program ends all the same.
const FAREWELL: Duration = Duration::from_secs(6);

/// Starts Gatewright and returns when it has ended. `notice` is what the person should know about the start so far.
pub(crate) fn run(data_dir: Option<PathBuf>, notice: Option<Notice>) -> anyhow::Result<()> {
    let data_dir = data_dir.context("this system names no folder for an application's files")?;
    // When it cannot be made, the application says so in the window, where a person sees it.
    let logs = data_dir.join("logs");
    let _made = make_private_folder(&logs);
    logs::start(&logs);
    if let Some(notice) = &notice {
        tracing::warn!("{}", notice.message);
    }
    let clipboard = Clipboard::new();

    let folder = data_dir.clone();
    let app = tauri::Builder::default()
        // First, so that a second start ends before it touches the database.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| second_start(app)))
        .plugin(remember_window(&data_dir))
        .manage(Backend::default())
        .invoke_handler(bridge::handler())
        .setup(move |app| {
            windows::open_main(app.handle(), &folder)?;
            Ok(())
        })
        .build(context())?;

    start_backend(app.handle(), clipboard.clone(), data_dir, notice);
    end_on_signals(app.handle());
    app.run(move |app, event| match event {
        RunEvent::WindowEvent { label, event: WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }), .. }
            if label == MAIN =>
        {
            tell(app, &Spoken::new(path_dialog::dropped(&paths), None));
        }
        // Login windows may still be open; without the main window they are of no use.
        RunEvent::WindowEvent { label, event: WindowEvent::Destroyed, .. } if label == MAIN => app.exit(0),
        RunEvent::Exit => end(app, &clipboard),
        _ => {}
    });
    Ok(())
}

/// The configuration, the permissions and, in a build that carries it, the UI.
pub(crate) fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// Where everything is kept: `GATEWRIGHT_DATA_DIR` (tests bring their own), else the person's folder for application data.
pub(crate) fn data_dir() -> Option<PathBuf> {
    std::env::var_os("GATEWRIGHT_DATA_DIR")
        .map(PathBuf::from)
        .or_else(|| dirs::data_local_dir().map(|folder| folder.join("gatewright")))
}

/// Makes a folder that only its owner can look into.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Brings the application up on other threads, while the window is being drawn on this one.
fn start_backend<R: Runtime>(handle: &AppHandle<R>, clipboard: Clipboard, data_dir: PathBuf, notice: Option<Notice>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let desktop = Arc::new(ShellDesktop::new(handle.clone(), clipboard, data_dir.clone()));
        let sandbox = std::env::var_os("GATEWRIGHT_SANDBOX").is_some_and(|value| value == "on");
        let app = App::start(AppOptions { data_dir, desktop, sandbox, keyring: KeyringChoice::System }).await;
        if let Some(Notice { message, hint }) = notice {
            app.notice(message, hint);
        }
        handle.state::<Backend>().arrived(app);
    });
}

/// Somebody started Gatewright again: one window is enough.
fn second_start<R: Runtime>(app: &AppHandle<R>) {
    windows::focus_main(app);
    tell(app, &Spoken::new(Event::Focused, None));
}

/// Keeps the main window's place and size. Login windows always open alike.
fn remember_window<R: Runtime>(data_dir: &Path) -> tauri::plugin::TauriPlugin<R> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        // An absolute name takes the place of the plugin's own folder.
        .with_filename(data_dir.join("window.json").to_string_lossy())
        .with_filter(|label| label == MAIN)
        .build()
}

/// Ends as if the window had been closed when the system or a terminal asks us to.
fn end_on_signals<R: Runtime>(handle: &AppHandle<R>) {
    #[cfg(unix)]
    for kind in {
        use tokio::signal::unix::SignalKind;
        [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()]
    } {
        let handle = handle.clone();
        tauri::async_runtime::spawn(async move {
            let Ok(mut signal) = tokio::signal::unix::signal(kind) else { return };
            signal.recv().await;
            handle.exit(0);
        });
    }
    #[cfg(not(unix))]
    let _ = handle;
}

/// Lets the application finish, and leaves no secret on the clipboard.
fn end<R: Runtime>(handle: &AppHandle<R>, clipboard: &Clipboard) {
    clipboard.clear_last();
    let backend = handle.state::<Backend>();
    if let Some(app) = backend.app_now() {
        let ended = tauri::async_runtime::block_on(async { tokio::time::timeout(FAREWELL, app.shut_down()).await });
        if ended.is_err() {
            tracing::warn!("the application did not end in time");
        }
    }
}
