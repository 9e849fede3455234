//! The clipboard, for secrets: marked so that clipboard histories leave them out, and cleared only while it is still ours.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use gatewright_app::desktop::DesktopError;
use gatewright_app::ports::Secret;

/// How long the system may take to put a text on the clipboard.
const PATIENCE: Duration = Duration::from_secs(3);

/// The clipboard of the desktop, reached through a thread of its own: some systems answer slowly, and X11 wants the program that
/// copied to stay around and hand the text out.
#[derive(Clone)]
pub(crate) struct Clipboard(mpsc::Sender<Order>);

type Answer = mpsc::Sender<Result<(), DesktopError>>;

enum Order {
    /// Put this on the clipboard.
    Copy(Secret, Answer),
    /// Clear the clipboard if it holds this.
    ClearOf(Secret),
    /// Clear the clipboard if it still holds what was copied last.
    ClearLast(Answer),
}

impl Clipboard {
    /// The clipboard. Nothing is asked of the system before the first secret is copied.
    pub(crate) fn new() -> Self {
        let (orders, arriving) = mpsc::channel();
        // Fails only when the system has no thread left; then every order is answered by the missing receiver.
        let _thread = thread::Builder::new().name("clipboard".to_owned()).spawn(move || serve(&arriving));
        Self(orders)
    }

    /// Puts a secret on the clipboard, concealed from clipboard histories.
    pub(crate) fn copy(&self, secret: &Secret) -> Result<(), DesktopError> {
        self.ask(|answer| Order::Copy(secret.clone(), answer))
    }

    /// Clears the clipboard if it still holds that secret.
    pub(crate) fn clear_of(&self, secret: &Secret) {
        let _gone = self.0.send(Order::ClearOf(secret.clone()));
    }

    /// Clears the clipboard if it still holds the secret copied last: we are about to end, and nobody could clear it later.
    pub(crate) fn clear_last(&self) {
        if let Err(error) = self.ask(Order::ClearLast) {
            tracing::warn!(%error, "the clipboard was not cleared");
        }
    }

    fn ask(&self, order: impl FnOnce(Answer) -> Order) -> Result<(), DesktopError> {
        let (answer, answered) = mpsc::channel();
        let gone = || DesktopError::Clipboard("it is not to be had".to_owned());
        self.0.send(order(answer)).map_err(|_| gone())?;
        answered.recv_timeout(PATIENCE).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(DesktopError::Clipboard("it did not answer".to_owned())),
            RecvTimeoutError::Disconnected => Err(gone()),
        })
    }
}

fn serve(orders: &mpsc::Receiver<Order>) {
    let mut clipboard = None;
    let mut last: Option<Secret> = None;
    while let Ok(order) = orders.recv() {
        match order {
            Order::Copy(secret, answer) => {
                let copied = with(&mut clipboard, |clipboard| copy_concealed(clipboard, &secret));
                last = copied.is_ok().then_some(secret);
                let _asker_left = answer.send(copied);
            }
            Order::ClearOf(secret) => {
                if let Err(error) = with(&mut clipboard, |clipboard| clear_of(clipboard, &secret)) {
                    tracing::warn!(%error, "the clipboard was not cleared");
                }
                last = last.filter(|last| last.expose() != secret.expose());
            }
            Order::ClearLast(answer) => {
                let cleared = match last.take() {
                    Some(secret) => with(&mut clipboard, |clipboard| clear_of(clipboard, &secret)),
                    None => Ok(()),
                };
                let _asker_left = answer.send(cleared);
            }
        }
    }
}

/// Does something with the clipboard, which is opened the first time and again after every failure: the display server may have
/// been restarted.
fn with(
    clipboard: &mut Option<arboard::Clipboard>,
    act: impl FnOnce(&mut arboard::Clipboard) -> Result<(), arboard::Error>,
) -> Result<(), DesktopError> {
    let opened = match clipboard.take() {
        Some(opened) => Ok(opened),
        None => arboard::Clipboard::new(),
    };
    let done = opened.and_then(|mut opened| act(&mut opened).map(|()| opened));
    *clipboard = Some(done.map_err(|error| DesktopError::Clipboard(error.to_string()))?);
    Ok(())
}

fn copy_concealed(clipboard: &mut arboard::Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(target_os = "linux")]
    use arboard::SetExtLinux as _;
    #[cfg(windows)]
    use arboard::SetExtWindows as _;

    let set = clipboard.set();
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    let set = set.exclude_from_history();
    #[cfg(windows)]
    let set = set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history();
    set.text(secret.expose())
}

fn clear_of(clipboard: &mut arboard::Clipboard, secret: &Secret) -> Result<(), arboard::Error> {
    match clipboard.get_text() {
        Ok(text) if text == secret.expose() => clipboard.clear(),
        // Something else is on it, or nothing: the person has gone on.
        Ok(_) | Err(arboard::Error::ContentNotAvailable) => Ok(()),
        Err(error) => Err(error),
    }
}
