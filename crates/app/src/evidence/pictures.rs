//! What a login view shows of itself: the port through which pictures of its pages come, whatever the operating system.
//!
//! A view tells of each page when it comes ([`Pictures::page`]) and drops what it got when the page is left. In between it may look at
//! the page: when it has loaded, whenever the person is about to do something with it, and when the login's time is up and the window is
//! about to go. Of what the person did only the last counts: it is how the page was left.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatewright_engine::ports::Clock;
use gatewright_engine::sightings::without_query;
use gatewright_model::evidence::{Missing, Moment};
use jiff::Timestamp;
use tokio::sync::mpsc;
use url::Url;

/// How many pages of a visit are pictured. Somebody who walks a login sees five.
const PAGES_PICTURED: u32 = 30;
/// How many pictures of a page may be painted at once: who keeps Return down on a page that is slow to paint does not make it slower.
const LOOKS_AT_ONCE: u32 = 4;
/// How many are recorded at all: a page that redirects to itself for ever shall not fill the disk.
const PAGES_RECORDED: u32 = 200;

/// Parameters of an authorization request that are nobody else's to know, and what is written in their place.
const HIDDEN: [(&str, &str); 2] = [("state", "‹state›"), ("nonce", "‹nonce›")];
/// What is shorter is found in any address.
const SHORTEST_HIDDEN: usize = 8;

/// Where a login view tells what its pages look like. Cheap to clone; telling never waits.
#[derive(Clone)]
pub struct Pictures(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    /// Why there are none, where there are none.
    without: Option<Missing>,
    pages: AtomicU32,
    /// What stands in the place of values that a page may have taken into its path.
    hidden: Mutex<Vec<(String, &'static str)>>,
    seen: mpsc::UnboundedSender<Sight>,
}

/// One look at a page that has come to its end.
pub(crate) struct Sight {
    /// Which page of the visit, counted from 0.
    pub(crate) page: u32,
    pub(crate) address: String,
    pub(crate) moment: Moment,
    pub(crate) at: Timestamp,
    pub(crate) pixels: Result<Pixels, Missing>,
}

/// A picture as it comes from the screen: rows of pixels of 32 bits, `0x..RRGGBB` in this computer's order of bytes, as cairo and most
/// desktops have them.
#[derive(Clone)]
pub struct Pixels {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// Bytes from the beginning of a row to the beginning of the next.
    pub stride: usize,
    /// All rows.
    pub bytes: Vec<u8>,
}

/// A page that a login view shows. Dropped when it is left, which records how it was left.
pub struct Page {
    pictures: Pictures,
    number: u32,
    address: String,
    came_at: Timestamp,
    looks: Mutex<Looks>,
}

#[derive(Default)]
struct Looks {
    loaded: bool,
    time_ran_out: bool,
    /// The last thing the person did.
    decided: Option<Decided>,
    /// How many looks have begun and not come to their end.
    under_way: u32,
    /// The last time the person did something while a look was under way. A page that goes at once may be gone before it is painted a second
    /// time: then what was being painted is the best picture of how it was left.
    acted_meanwhile: Option<Timestamp>,
}

/// Something the person did on a page.
struct Decided {
    at: Timestamp,
    /// When the look began that this is what came of.
    seen_at: Timestamp,
    pixels: Result<Pixels, Missing>,
}

impl Looks {
    /// A look has shown what the page was like when the person decided. The newest picture counts, and not a later failure to take one.
    fn decided_on(&mut self, new: Decided) {
        self.decided = Some(match self.decided.take() {
            Some(known) if known.pixels.is_ok() && (new.pixels.is_err() || known.seen_at > new.seen_at) => known,
            Some(known) => Decided { at: known.at.max(new.at), ..new },
            None => new,
        });
    }

    /// A look that began at `began` has come to its end.
    fn ends(&mut self, began: Timestamp, seen: &Result<Pixels, Missing>) {
        self.under_way -= 1;
        if let (Some(at), Ok(pixels)) = (self.acted_meanwhile.filter(|at| *at > began), seen) {
            self.decided_on(Decided { at, seen_at: began, pixels: Ok(pixels.clone()) });
        }
        if self.under_way == 0 {
            self.acted_meanwhile = None;
        }
    }
}

/// A look that has begun: what comes of it belongs to the moment in which it began. Dropped without a picture, it has none.
pub struct Exposure {
    page: Arc<Page>,
    moment: Moment,
    at: Timestamp,
    pixels: Option<Pixels>,
}

impl Pictures {
    /// Pictures, and the end on which they arrive. Without them, `without` says why.
    pub(crate) fn channel(clock: Arc<dyn Clock>, without: Option<Missing>) -> (Self, mpsc::UnboundedReceiver<Sight>) {
        let (seen, arriving) = mpsc::unbounded_channel();
        let inner = Inner { clock, without, pages: AtomicU32::new(0), hidden: Mutex::default(), seen };
        (Self(Arc::new(inner)), arriving)
    }

    /// Names what no address of a page may tell: the state and the nonce of this authorization request, which some servers put into a path.
    pub fn hide_request(&self, request: &Url) {
        let secret = |name: &str| HIDDEN.into_iter().find(|(known, _)| *known == name).map(|(_, shown)| shown);
        let values = request.query_pairs().filter_map(|(name, value)| Some((value.into_owned(), secret(&name)?)));
        let values = values.filter(|(value, _)| value.len() >= SHORTEST_HIDDEN);
        self.hidden().extend(values);
    }

    fn hidden(&self) -> MutexGuard<'_, Vec<(String, &'static str)>> {
        self.0.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recorded(&self, address: &Url) -> String {
        let hide = |address: String, (value, shown): &(String, &str)| address.replace(value.as_str(), shown);
        self.hidden().iter().fold(without_query(address), hide)
    }

    /// A page has come. Only what [`without_query`] leaves of its address is kept, without what is hidden. None when a visit has had more pages than are recorded.
    pub fn page(&self, address: &Url) -> Option<Arc<Page>> {
        let number = self.0.pages.fetch_add(1, Ordering::Relaxed);
        (number < PAGES_RECORDED).then(|| {
            Arc::new(Page {
                pictures: self.clone(),
                number,
                address: self.recorded(address),
                came_at: self.0.clock.now(),
                looks: Mutex::default(),
            })
        })
    }
}

impl Page {
    /// Begins a look at the page as it is now. None when there is not to be a picture of it, which is recorded, and when the person
    /// does something while the page is busy painting others.
    pub fn look(self: &Arc<Self>, moment: Moment) -> Option<Exposure> {
        let at = self.pictures.0.clock.now();
        if let Some(without) = self.without() {
            self.saw(moment, at, Err(without));
            return None;
        }
        let mut looks = self.looks();
        if moment == Moment::Decided && looks.under_way > 0 {
            looks.acted_meanwhile = Some(at);
            if looks.under_way >= LOOKS_AT_ONCE {
                return None;
            }
        }
        looks.under_way += 1;
        Some(Exposure { page: Arc::clone(self), moment, at, pixels: None })
    }

    /// Tells that this page cannot be pictured here.
    pub fn cannot_be_pictured(&self) {
        self.saw(Moment::PageLoaded, self.came_at, Err(self.without().unwrap_or(Missing::NotOnThisSystem)));
    }

    fn without(&self) -> Option<Missing> {
        self.pictures.0.without.or((self.number >= PAGES_PICTURED).then_some(Missing::RunFull))
    }

    fn saw(&self, moment: Moment, at: Timestamp, pixels: Result<Pixels, Missing>) {
        let mut looks = self.looks();
        match moment {
            Moment::PageLoaded if looks.loaded => {}
            Moment::PageLoaded => {
                looks.loaded = true;
                self.tell(moment, at, pixels);
            }
            // A window goes once.
            Moment::TimeRanOut if looks.time_ran_out => {}
            Moment::TimeRanOut => {
                looks.time_ran_out = true;
                self.tell(moment, at, pixels);
            }
            Moment::Decided => looks.decided_on(Decided { at, seen_at: at, pixels }),
        }
    }

    fn tell(&self, moment: Moment, at: Timestamp, pixels: Result<Pixels, Missing>) {
        let sight = Sight { page: self.number, address: self.address.clone(), moment, at, pixels };
        // Nobody listens any more when Gatewright is ending.
        let _ending = self.pictures.0.seen.send(sight);
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let looks = std::mem::take(&mut *self.looks());
        if !looks.loaded {
            self.tell(Moment::PageLoaded, self.came_at, Err(self.without().unwrap_or(Missing::LeftBefore)));
        }
        if let Some(Decided { at, pixels, .. }) = looks.decided {
            self.tell(Moment::Decided, at, pixels);
        }
    }
}

impl Exposure {
    /// This is what the page looked like.
    pub fn shows(mut self, pixels: Pixels) {
        self.pixels = Some(pixels);
    }
}

impl Drop for Exposure {
    fn drop(&mut self) {
        let pixels = self.pixels.take().ok_or(Missing::NotTaken);
        self.page.looks().ends(self.at, &pixels);
        self.page.saw(self.moment, self.at, pixels);
    }
}

#[cfg(test)]
mod tests;
