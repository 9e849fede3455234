//! A file shown in its folder, or a folder with what is in it, in the desktop's own program for files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gatewright_app::desktop::{DesktopError, Showing};
use tokio::sync::oneshot;

/// How long the desktop is waited for. A program that goes on after that shows something: some end only when their window is closed.
const PATIENCE: Duration = Duration::from_secs(8);

/// Shows it, on a thread of its own: a program for files may take its time.
pub(crate) fn show(path: PathBuf) -> Showing {
    Box::pin(async move {
        let (answer, answered) = oneshot::channel();
        let asked = path.clone();
        let asking = move || {
            // Nobody waits any more when it took too long.
            let _late = answer.send(ask(&asked));
        };
        let failed = |cause: String| DesktopError::Folder { path: path.clone(), cause };
        std::thread::Builder::new().name("folder".into()).spawn(asking).map_err(|cause| failed(cause.to_string()))?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(shown)) => shown.map_err(failed),
            Ok(Err(_gone)) => Err(failed("nobody answered".to_owned())),
            Err(_elapsed) => Ok(()),
        }
    })
}

/// Asks the program for files by the desktop's bus, which can mark the file; where there is none, has the folder opened.
#[cfg(target_os = "linux")]
fn ask(path: &Path) -> Result<(), String> {
    let Err(cause) = by_bus(path) else { return Ok(()) };
    tracing::info!(%cause, "no program for files on the bus");
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    open::that(folder).map_err(|cause| cause.to_string())
}

/// The file manager interface of freedesktop.org.
#[cfg(target_os = "linux")]
fn by_bus(path: &Path) -> Result<(), gtk::glib::Error> {
    use gtk::gio::{self, Cancellable, DBusCallFlags};
    use gtk::prelude::{FileExt as _, ToVariant as _};

    const NAME: &str = "org.freedesktop.FileManager1";
    const PATIENCE_MS: i32 = 6_000;
    let method = if path.is_dir() { "ShowFolders" } else { "ShowItems" };
    let uri = gio::File::for_path(path).uri();
    let question = (vec![uri.as_str()], "").to_variant();
    let bus = gio::bus_get_sync(gio::BusType::Session, Cancellable::NONE)?;
    // By default the end of the bus would be ours.
    bus.set_exit_on_close(false);
    let (object, flags) = ("/org/freedesktop/FileManager1", DBusCallFlags::NONE);
    let asked =
        bus.call_sync(Some(NAME), object, NAME, method, Some(&question), None, flags, PATIENCE_MS, Cancellable::NONE);
    asked.map(drop)
}

/// Has the desktop mark the file or the folder where it is. A folder is not opened: on macOS a program is one, and would be started.
#[cfg(not(target_os = "linux"))]
fn ask(path: &Path) -> Result<(), String> {
    opener::reveal(path).map_err(|cause| cause.to_string())
}
