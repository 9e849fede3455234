//! Files and folders: asked for in the desktop's own dialog, or dropped on the window.

use std::path::PathBuf;

use gatewright_app::desktop::PathChoice;
use gatewright_contract::Event;
use gatewright_contract::path::{PathQuestion, PathWanted, PathsDropped};
use rfd::{AsyncFileDialog, FileHandle};
use tauri::{Runtime, WebviewWindow};

/// Asks for a file or folder. The dialog belongs to the main window where there is one.
pub(crate) fn choose<R: Runtime>(window: Option<WebviewWindow<R>>, question: PathQuestion) -> PathChoice {
    Box::pin(async move {
        let PathQuestion { wanted, title, name } = question;
        let mut dialog = AsyncFileDialog::new().set_title(title);
        if let Some(window) = &window {
            dialog = dialog.set_parent(window);
        }
        if let Some(name) = name {
            dialog = dialog.set_file_name(name);
        }
        let chosen = match wanted {
            PathWanted::File => dialog.pick_file().await,
            PathWanted::Folder => dialog.pick_folder().await,
            PathWanted::NewFile => dialog.save_file().await,
        };
        chosen.as_ref().map(FileHandle::path).map(PathBuf::from)
    })
}

/// What the window is told of files and folders that were dropped on it.
pub(crate) fn dropped(paths: &[PathBuf]) -> Event {
    Event::PathsDropped(PathsDropped { paths: paths.iter().map(|path| path.display().to_string()).collect() })
}
