//! Where a login window opens: beside those that are open already, so that two personas can be watched at once.

use std::time::Duration;

use tauri::{AppHandle, Manager as _, Runtime, WebviewWindow};

/// How wide and high a login window is at first, in logical pixels.
pub(super) const WIDTH: f64 = 520.0;
pub(super) const HEIGHT: f64 = 700.0;

/// How often, and how long each time, it is asked whether a window that has just been made stands on the desktop.
const LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// What is left free between two login windows, in logical pixels, frames included.
const GAP: f64 = 16.0;

/// A rectangle on the desktop, in logical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rectangle {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rectangle {
    fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    fn holds(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }
}

/// Where a window of that size covers none of the others: to the right of one of them, else to the left. None when there is no other, or
/// no room, and then the desktop decides.
pub(super) fn beside(others: &[Rectangle], screen: Rectangle, width: f64, height: f64) -> Option<(f64, f64)> {
    let candidates =
        others.iter().flat_map(|other| [other.x + other.width + GAP, other.x - width - GAP].map(|x| (x, other.y)));
    let is_free = |(x, y): &(f64, f64)| {
        let wanted = Rectangle { x: *x, y: *y, width, height };
        screen.holds(&wanted) && !others.iter().any(|other| other.overlaps(&wanted))
    };
    candidates.into_iter().find(is_free)
}

/// The login windows that are open, and the screen they are on.
pub(super) fn open_ones<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<(Vec<Rectangle>, Option<Rectangle>)> {
    let (mut others, mut screen) = (Vec::new(), None);
    for (label, window) in app.webview_windows() {
        if !label.starts_with(super::LABEL) {
            continue;
        }
        wait_until_it_stands(&window)?;
        let scale = window.scale_factor()?;
        let (at, size) = (window.outer_position()?.to_logical(scale), window.outer_size()?.to_logical::<f64>(scale));
        others.push(Rectangle { x: at.x, y: at.y, width: size.width.max(WIDTH), height: size.height.max(HEIGHT) });
        if screen.is_none()
            && let Some(monitor) = window.current_monitor()?
        {
            let (at, size) = (monitor.position().to_logical(scale), monitor.size().to_logical(scale));
            screen = Some(Rectangle { x: at.x, y: at.y, width: size.width, height: size.height });
        }
    }
    Ok((others, screen))
}

/// A desktop takes a moment to put a new window somewhere, and two logins may be started at once. Not to be called on the main thread,
/// which shows the window meanwhile.
fn wait_until_it_stands<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    for _ in 0..LOOKS {
        if window.outer_size()?.height > 1 {
            break;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Rectangle = Rectangle { x: 0.0, y: 0.0, width: 1280.0, height: 900.0 };

    fn at(x: f64) -> Rectangle {
        Rectangle { x, y: 40.0, width: 520.0, height: 700.0 }
    }

    #[test]
    fn the_first_window_is_where_the_desktop_puts_it() {
        assert_eq!(beside(&[], SCREEN, 520.0, 700.0), None);
    }

    #[test]
    fn the_second_window_is_to_the_right_of_the_first_or_else_to_the_left() {
        assert_eq!(beside(&[at(0.0)], SCREEN, 520.0, 700.0), Some((536.0, 40.0)));
        assert_eq!(beside(&[at(700.0)], SCREEN, 520.0, 700.0), Some((164.0, 40.0)));
    }

    #[test]
    fn a_window_for_which_there_is_no_room_is_left_to_the_desktop() {
        assert_eq!(beside(&[at(0.0), at(536.0)], SCREEN, 520.0, 700.0), None);
        let small = Rectangle { width: 900.0, ..SCREEN };
        assert_eq!(beside(&[at(200.0)], small, 520.0, 700.0), None);
    }
}
