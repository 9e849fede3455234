//! What Tauri does not offer and WebKitGTK does: knowing that a page failed and why, and answering what a page asks.

mod camera;
mod failure;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use gatewright_app::ports::VisitError;
use url::Url;
use webkit2gtk::glib::{MainContext, ObjectExt as _, timeout_add_local_once};
use webkit2gtk::{
    AuthenticationRequestExt as _, FileChooserRequestExt as _, LoadEvent, ScriptDialog, ScriptDialogType,
    SettingsExt as _, UserContentManagerExt as _, WebProcessTerminationReason, WebView, WebViewExt,
};

use self::camera::Camera;
use self::failure::LoadFailure;
use super::trip::Trip;
use super::{Eyes, Leaving, address};

/// How many messages a login window lets its pages show. After that they are answered unseen, so that a page that asks for ever
/// does not hold the person.
const DIALOGS_SHOWN: u32 = 20;

/// How long after its address has changed a page has drawn what it shows there, and a page that is being fetched says that it is loading.
const SETTLED: Duration = Duration::from_millis(100);

/// Prepares the view and goes to the first page.
pub(super) fn enter(view: &WebView, trip: &Arc<Trip>, eyes: Eyes) {
    remove_traces(view);
    watch_loading(view, trip);
    watch_failures(view, trip);
    watch_end(view, trip);
    answer_questions(view, trip);
    let camera = Camera::new(eyes.pictures);
    look_before_leaving(view, &camera, eyes.leaving);
    let (moving, moved) = (trip.clone(), camera.clone());
    watch_moves(view, move |view, address| {
        moving.shows(address);
        moved.moves(view);
    });
    camera.watch(view);
    view.load_uri(trip.start().as_str());
}

/// Looks at the page once more when the window is asked to, and tells when that is over.
fn look_before_leaving(view: &WebView, camera: &Rc<Camera>, leaving: Leaving) {
    let (view, camera) = (view.downgrade(), Rc::downgrade(camera));
    MainContext::default().spawn_local(async move {
        // Nobody asks a window that goes by itself.
        let Ok(looking) = leaving.await else { return };
        if let Some((view, camera)) = view.upgrade().zip(camera.upgrade()) {
            camera.look_a_last_time(&view, move || drop(looking));
        }
    });
}

/// A provider's page shall see an ordinary browser, without Tauri's scripts and without the way into our program.
fn remove_traces(view: &WebView) {
    if let Some(content) = view.user_content_manager() {
        content.remove_all_scripts();
        content.unregister_script_message_handler("ipc");
    }
    if let Some(settings) = WebViewExt::settings(view) {
        settings.set_enable_developer_extras(false);
        // In full screen a page could paint a whole desktop, our title included.
        settings.set_enable_fullscreen(false);
    }
}

fn watch_loading(view: &WebView, trip: &Arc<Trip>) {
    let trip = trip.clone();
    view.connect_load_changed(move |view, event| match event {
        LoadEvent::Started | LoadEvent::Redirected => {
            if let Some(url) = address_of(view) {
                trip.loads(&url);
            }
        }
        LoadEvent::Finished => trip.rests(),
        // A page that has come is told by Tauri's own callback, on every system.
        _ => {}
    });
}

/// A page may show another one without fetching it (HTML, the History API): then its address changes, and nothing else tells of it. Another
/// place on the same page is no other page. Connected before whoever looks at a page that has finished loading.
fn watch_moves(view: &WebView, moved: impl Fn(&WebView, &Url) + 'static) {
    let known = Rc::new(RefCell::new(None::<Url>));
    let look = {
        let known = known.clone();
        Rc::new(move |view: &WebView| {
            let address = page_address(view).filter(|address| matches!(address.scheme(), "http" | "https"));
            // Of a page that is being fetched the loading tells.
            if view.is_loading() || known.borrow().is_none() || *known.borrow() == address {
                return;
            }
            known.replace(address.clone());
            if let Some(address) = address {
                moved(view, &address);
            }
        })
    };
    let finished = look.clone();
    view.connect_load_changed(move |view, event| match event {
        LoadEvent::Committed => drop(known.replace(page_address(view))),
        LoadEvent::Finished => finished(view),
        _ => {}
    });
    view.connect_uri_notify(move |view| {
        let (look, view) = (look.clone(), view.downgrade());
        timeout_add_local_once(SETTLED, move || view.upgrade().iter().for_each(|view| look(view)));
    });
}

/// The address of the page without the place on it.
fn page_address(view: &WebView) -> Option<Url> {
    let mut address = address_of(view)?;
    address.set_fragment(None);
    Some(address)
}

fn watch_failures(view: &WebView, trip: &Arc<Trip>) {
    let failing = trip.clone();
    view.connect_load_failed(move |_, _, address, error| {
        let url = parsed(address, failing.start());
        match failure::judge(error) {
            LoadFailure::NotOne => failing.stopped(&url),
            LoadFailure::Unreachable(why) => failing.unreachable(&url, why),
            LoadFailure::Certificate(why) => failing.end(Err(refused(&url, why))),
        }
        // Else WebKit would show a page of its own about it.
        true
    });
    let failing = trip.clone();
    view.connect_load_failed_with_tls_errors(move |_, address, _, flaws| {
        failing.end(Err(refused(&parsed(address, failing.start()), failure::flaws_in_words(flaws))));
        true
    });
}

fn refused(url: &Url, why: String) -> VisitError {
    VisitError::CertificateRefused { host: address::host(url), why }
}

fn watch_end(view: &WebView, trip: &Arc<Trip>) {
    let ending = trip.clone();
    view.connect_web_process_terminated(move |view, reason| {
        if reason == WebProcessTerminationReason::TerminatedByApi {
            // Our own doing, below.
            return;
        }
        let url = address_of(view).unwrap_or_else(|| ending.start().clone());
        tracing::warn!(?reason, "the process of a login page ended");
        ending.unreachable(&url, "the page stopped working".to_owned());
    });
    // The page closed itself: WebKit takes the view away, leaves an empty window and tells nobody else.
    let ending = trip.clone();
    view.connect_local("destroy", false, move |values| {
        ending.end(Err(VisitError::WindowClosed));
        // A page that is busy for ever would go on for a while without a window, and so would what it has in memory.
        if let Some(view) = values.first().and_then(|view| view.get::<WebView>().ok()) {
            view.terminate_web_process();
        }
        None
    });
}

/// What a page may ask, and the answer.
fn answer_questions(view: &WebView, trip: &Arc<Trip>) {
    let asked = trip.clone();
    view.connect_authenticate(move |view, request| {
        asked.asks_for_password(&address_of(view).unwrap_or_else(|| asked.start().clone()));
        request.cancel();
        true
    });
    view.connect_run_file_chooser(|_, request| {
        request.cancel();
        true
    });
    view.connect_print(|_, _| true);
    let shown = Cell::new(0);
    view.connect_script_dialog(move |_, dialog| {
        shown.set(shown.get() + 1);
        answer_dialog(dialog, shown.get() > DIALOGS_SHOWN)
    });
}

/// Whether a page's message is answered without being shown.
fn answer_dialog(dialog: &ScriptDialog, enough: bool) -> bool {
    match dialog.dialog_type() {
        // "Really leave this page?" – a login has to be able to go on.
        ScriptDialogType::BeforeUnloadConfirm => dialog.confirm_set_confirmed(true),
        _ if !enough => return false,
        ScriptDialogType::Confirm => dialog.confirm_set_confirmed(false),
        _ => {}
    }
    true
}

fn address_of(view: &WebView) -> Option<Url> {
    view.uri().and_then(|address| Url::parse(&address).ok())
}

fn parsed(address: &str, otherwise: &Url) -> Url {
    Url::parse(address).unwrap_or_else(|_| otherwise.clone())
}
