//! The contract's command table as Tauri commands.

#[allow(clippy::wildcard_imports, reason = "the table names the types, whichever they are")]
use gatewright_contract::commands::names::*;
use gatewright_contract::{Failure, FailureCode, Handler, Spoken};
use tauri::ipc::Invoke;
use tauri::{Runtime, State, Webview};

use crate::backend::Backend;
use crate::windows::MAIN;

/// Refuses every window but the main one. Tauri's permissions do so before us (see `build.rs`); this holds even if a mistake there
/// let a provider's page through.
fn only_the_main_window<R: Runtime>(webview: &Webview<R>) -> Result<(), Failure> {
    if webview.label() == MAIN {
        return Ok(());
    }
    tracing::error!(window = webview.label(), "a window other than the main one called a command");
    Err(Failure::new(FailureCode::Internal, "This window may not use Gatewright's commands."))
}

/// One Tauri command per row of the table, and the handler Tauri finds them by.
macro_rules! bridge {
    ($( $name:ident($request:ident) -> $response:ident; )+) => {
        $(
            #[tauri::command]
            async fn $name<R: Runtime>(
                webview: Webview<R>,
                backend: State<'_, Backend>,
                request: $request,
            ) -> Result<Spoken<$response>, Spoken<Failure>> {
                only_the_main_window(&webview).map_err(|failure| Spoken::new(failure, None))?;
                let app = backend.app().await;
                let answer = Handler::$name(app, request).await;
                answer.map(|answer| app.spoken(answer)).map_err(|failure| app.spoken(failure))
            }
        )+

        /// Every command of the table.
        pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$( $name ),+]
        }
    };
}
gatewright_contract::for_each_command!(bridge);

#[cfg(test)]
mod tests;
