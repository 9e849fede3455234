//! Building a login window.

use std::sync::{Arc, Mutex, PoisonError};

use gatewright_app::desktop::{ViewStorage, ViewTitle};
use gatewright_app::ports::{Pictures, VisitError};
use tauri::webview::{NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{AppHandle, Manager as _, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use url::Url;

use super::place::{self, HEIGHT, WIDTH};
use super::trip::{Trip, Turn};
use super::{Eyes, address};

/// Held while a login window is being placed and made.
static OPENING: Mutex<()> = Mutex::new(());

/// Opens the window of a visit. Not to be called on the main thread, which does the work.
pub(super) fn open<R: Runtime>(
    app: &AppHandle<R>,
    label: &str,
    title: &ViewTitle,
    storage: ViewStorage,
    eyes: Eyes,
    trip: &Arc<Trip>,
) -> tauri::Result<WebviewWindow<R>> {
    // One after the other: the second has to know where the first is.
    let _turn = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    let builder = WebviewWindowBuilder::new(app, label, first_page(trip)?);
    let window = kept_in(placed(app, builder), storage)
        .title(address::title(trip.start(), title))
        .inner_size(WIDTH, HEIGHT)
        .min_inner_size(320.0, 400.0)
        .devtools(false)
        .general_autofill_enabled(false)
        .disable_drag_drop_handler()
        .on_navigation(navigation(app, label, trip))
        // A page may not open windows: they would have neither our title nor our eyes.
        .on_new_window(|url, _| {
            tracing::info!(host = address::host(&url), "a login page wanted to open another window");
            NewWindowResponse::Deny
        })
        // Without this WebKit would save whatever a page sends, wherever it likes.
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_page_load(page_load(title, trip, eyes.pictures.clone()))
        .build()?;

    let closed = trip.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            closed.end(Err(VisitError::WindowClosed));
        }
    });
    enter(&window, trip, eyes)?;
    Ok(window)
}

/// Beside the login windows that are open, where there is room.
fn placed<'a, R: Runtime>(
    app: &AppHandle<R>,
    builder: WebviewWindowBuilder<'a, R, AppHandle<R>>,
) -> WebviewWindowBuilder<'a, R, AppHandle<R>> {
    let free = match place::open_ones(app) {
        Ok((others, screen)) => screen.and_then(|screen| place::beside(&others, screen, WIDTH, HEIGHT)),
        Err(cause) => {
            tracing::warn!(%cause, "it is not known where the other login windows are");
            None
        }
    };
    match free {
        Some((x, y)) => builder.position(x, y),
        None => builder,
    }
}

/// What the pages leave behind goes with the window, or into one test user's own folder.
fn kept_in<R: Runtime>(
    builder: WebviewWindowBuilder<'_, R, AppHandle<R>>,
    storage: ViewStorage,
) -> WebviewWindowBuilder<'_, R, AppHandle<R>> {
    match storage {
        ViewStorage::ThrownAway => builder.incognito(true),
        ViewStorage::KeptIn(folder) => builder.data_directory(folder),
    }
}

/// What the window is created with. On Linux a blank page, from which Tauri's scripts are removed before the real one is opened.
fn first_page(trip: &Trip) -> tauri::Result<WebviewUrl> {
    let address = if cfg!(target_os = "linux") {
        Url::parse("about:blank").map_err(tauri::Error::InvalidUrl)?
    } else {
        trip.start().clone()
    };
    Ok(WebviewUrl::External(address))
}

#[cfg(target_os = "linux")]
fn enter<R: Runtime>(window: &WebviewWindow<R>, trip: &Arc<Trip>, eyes: Eyes) -> tauri::Result<()> {
    let trip = trip.clone();
    window.with_webview(move |webview| super::webkit::enter(&webview.inner(), &trip, eyes))
}

#[cfg(not(target_os = "linux"))]
fn enter<R: Runtime>(_window: &WebviewWindow<R>, _trip: &Arc<Trip>, _eyes: Eyes) -> tauri::Result<()> {
    Ok(())
}

/// Decides about every address, before anything is sent there.
fn navigation<R: Runtime>(app: &AppHandle<R>, label: &str, trip: &Arc<Trip>) -> impl Fn(&Url) -> bool + Send + 'static {
    let (app, label, trip) = (app.clone(), label.to_owned(), trip.clone());
    let own_dev_server = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    move |url| {
        let turn = trip.turn(url, own_dev_server.as_ref());
        if turn == Turn::End
            && let Some(window) = app.get_webview_window(&label)
        {
            // At once, so that the page cannot do anything more. Fails when it is gone already.
            let _gone = window.destroy();
        }
        turn == Turn::Follow
    }
}

fn page_load<R: Runtime>(
    title: &ViewTitle,
    trip: &Arc<Trip>,
    pictures: Pictures,
) -> impl Fn(WebviewWindow<R>, tauri::webview::PageLoadPayload<'_>) + Send + Sync + 'static {
    let (title, trip) = (title.clone(), trip.clone());
    move |window, load| {
        if load.event() == PageLoadEvent::Started && load.url().scheme() != "about" {
            trip.shows(load.url());
            if cfg!(not(target_os = "linux"))
                && let Some(page) = pictures.page(load.url())
            {
                page.cannot_be_pictured();
            }
            // Fails when the window has just been closed.
            let _gone = window.set_title(&address::title(load.url(), &title));
        }
    }
}
