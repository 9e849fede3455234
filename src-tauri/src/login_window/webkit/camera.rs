//! Pictures of the pages: when one has loaded, and right before a person does something with it.
//!
//! "When the person decided" cannot be asked of a page without a script in it. But a decision is a press of a button or a key, and a press
//! comes through our window before it comes to the page: a picture that is asked for in that moment is painted before the page hears of
//! the press, because both go the same way, one after the other. The last one before the page is left is how it looked when the person
//! decided.
//!
//! When a login's time is up nobody presses anything: then a last picture is taken before the window goes.
//!
//! What is in a password field is hidden while a picture is painted, by a style sheet: no script of ours runs in a provider's page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use gatewright_app::ports::{Exposure, Moment, Page, Pictures, Pixels};
use gtk::cairo::{Format, ImageSurface, Surface};
use gtk::gdk::EventType;
use gtk::gdk::keys::constants as keys;
use gtk::glib::Propagation;
use gtk::prelude::WidgetExt as _;
use webkit2gtk::{
    LoadEvent, SnapshotOptions, SnapshotRegion, UserContentInjectedFrames, UserContentManagerExt as _, UserStyleLevel,
    UserStyleSheet, WebView, WebViewExt,
};

use super::address_of;

/// Fields with a secret in them: what a browser shows as dots, and what says that it is for one, because a page may show a password in the
/// clear when it is asked to. A name that only sounds like a secret ("postcode") hides too much, which costs little; but what a button says
/// is never hidden.
const SECRET_FIELDS: &str = "input:not([type='submit'], [type='button'], [type='reset'], [type='image']):is(\
     [type='password'], [autocomplete~='current-password' i], [autocomplete~='new-password' i], [autocomplete~='one-time-code' i], \
     [name*='pass' i], [id*='pass' i], [name*='pwd' i], [id*='pwd' i], [name*='kennwort' i], [id*='kennwort' i], \
     [name*='secret' i], [id*='secret' i], [name*='code' i], [id*='code' i], [name*='pin' i], [id*='pin' i], \
     [name*='otp' i], [id*='otp' i], [name*='mfa' i], [id*='mfa' i])";

/// Nothing of the text is left: not its colour, shadow or outline, not the caret, whose place tells the length, and not the width of a field
/// that grows with its text. Whether there is a text at all is not to be seen either, so the placeholder goes too. A user's style sheet wins
/// over any of a page.
const HIDDEN: &str = "color: transparent !important; -webkit-text-fill-color: transparent !important; \
     -webkit-text-stroke: 0 transparent !important; text-shadow: none !important; text-decoration: none !important; \
     caret-color: transparent !important; background-clip: border-box !important; -webkit-background-clip: border-box !important; \
     field-sizing: fixed !important; transition: none !important; animation: none !important;";

/// Pictures the pages of one view.
pub(super) struct Camera {
    pictures: Pictures,
    /// The page that is shown. Who lets go of it records how it was left.
    page: RefCell<Option<Arc<Page>>>,
    mask: UserStyleSheet,
    /// How many pictures are being painted.
    masked: Cell<u32>,
}

impl Camera {
    pub(super) fn new(pictures: Pictures) -> Rc<Self> {
        Rc::new(Self { pictures, page: RefCell::default(), mask: mask(), masked: Cell::new(0) })
    }

    /// Pictures the pages that `view` is going to show.
    pub(super) fn watch(self: Rc<Self>, view: &WebView) {
        let loading = Rc::clone(&self);
        view.connect_load_changed(move |view, event| match event {
            LoadEvent::Committed => loading.turns_to(view),
            LoadEvent::Finished => loading.look(view, Moment::PageLoaded),
            _ => {}
        });
        let pressed = Rc::clone(&self);
        view.connect_button_release_event(move |view, _| pressed.before_it_acts(view));
        let pressed = Rc::clone(&self);
        view.connect_key_press_event(move |view, event| {
            let acts = [keys::Return, keys::KP_Enter, keys::ISO_Enter, keys::space].contains(&event.keyval());
            if acts { pressed.before_it_acts(view) } else { Propagation::Proceed }
        });
        let pressed = Rc::clone(&self);
        view.connect_touch_event(move |view, event| match event.event_type() {
            EventType::TouchEnd => pressed.before_it_acts(view),
            _ => Propagation::Proceed,
        });
        // The last page is left when the window goes, and not when the last reference to the view does.
        view.connect_destroy(move |_| drop(self.page.take()));
    }

    /// The page shows another one that was not fetched.
    pub(super) fn moves(self: &Rc<Self>, view: &WebView) {
        self.turns_to(view);
        self.look(view, Moment::PageLoaded);
    }

    /// Another page has come.
    fn turns_to(&self, view: &WebView) {
        let address = address_of(view).filter(|address| matches!(address.scheme(), "http" | "https"));
        let page = address.and_then(|address| self.pictures.page(&address));
        drop(self.page.replace(page));
    }

    /// The person does something that the page has not heard of yet.
    fn before_it_acts(self: &Rc<Self>, view: &WebView) -> Propagation {
        self.look(view, Moment::Decided);
        Propagation::Proceed
    }

    /// The window is about to go although nobody has done anything: this is how the page is left.
    pub(super) fn look_a_last_time(self: &Rc<Self>, view: &WebView, over: impl FnOnce() + 'static) {
        self.look_and_tell(view, Moment::TimeRanOut, over);
    }

    /// Asks for a picture. It comes later; nobody waits for it.
    fn look(self: &Rc<Self>, view: &WebView, moment: Moment) {
        self.look_and_tell(view, moment, || {});
    }

    /// The same, and tells when it has come, or is not going to.
    fn look_and_tell(self: &Rc<Self>, view: &WebView, moment: Moment, over: impl FnOnce() + 'static) {
        let Some(exposure) = self.page.borrow().as_ref().and_then(|page| page.look(moment)) else { return over() };
        self.put_mask_on(view);
        let (camera, pictured) = (Rc::clone(self), view.clone());
        let nothing_stops_it = None::<&webkit2gtk::gio::Cancellable>;
        view.snapshot(SnapshotRegion::Visible, SnapshotOptions::NONE, nothing_stops_it, move |taken| {
            camera.take_mask_off(&pictured);
            shows(exposure, taken.map_err(|cause| cause.to_string()).and_then(pixels));
            over();
        });
    }

    fn put_mask_on(&self, view: &WebView) {
        if self.masked.replace(self.masked.get() + 1) == 0
            && let Some(content) = view.user_content_manager()
        {
            content.add_style_sheet(&self.mask);
        }
    }

    fn take_mask_off(&self, view: &WebView) {
        self.masked.set(self.masked.get().saturating_sub(1));
        if self.masked.get() == 0
            && let Some(content) = view.user_content_manager()
        {
            content.remove_style_sheet(&self.mask);
        }
    }
}

fn mask() -> UserStyleSheet {
    let source = format!("{SECRET_FIELDS}, {SECRET_FIELDS}::placeholder {{ {HIDDEN} }}");
    UserStyleSheet::new(&source, UserContentInjectedFrames::AllFrames, UserStyleLevel::User, &[], &[])
}

fn shows(exposure: Exposure, taken: Result<Pixels, String>) {
    match taken {
        Ok(pixels) => exposure.shows(pixels),
        // The page has gone in the meantime, most of the time.
        Err(cause) => tracing::info!(cause, "a login page was not pictured"),
    }
}

/// Takes a picture out of WebKit's hands. It is copied here and worked on elsewhere: this is the thread that draws windows.
fn pixels(surface: Surface) -> Result<Pixels, String> {
    let image = ImageSurface::try_from(surface).map_err(|_| "it is no image".to_owned())?;
    if !matches!(image.format(), Format::ARgb32 | Format::Rgb24) {
        return Err(format!("its pixels are {:?}", image.format()));
    }
    let size = |number: i32| u32::try_from(number).map_err(|cause| cause.to_string());
    let (width, height, stride) = (size(image.width())?, size(image.height())?, size(image.stride())?);
    let mut bytes = Vec::new();
    image.with_data(|data| bytes.extend_from_slice(data)).map_err(|cause| cause.to_string())?;
    Ok(Pixels { width, height, stride: stride as usize, bytes })
}
