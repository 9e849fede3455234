//! A tester who carries scenarios out: a browser made of plain HTTP that keeps cookies where the login view keeps them, and hands that
//! have habits. What they saw they can be asked for.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use gatewright_app::desktop::ViewStorage;
use gatewright_app::ports::{Arrival, PortFuture, UserAgent, Visit, VisitError};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use tokio::sync::{Barrier, Notify};
use url::Url;

use crate::person::{Decision, Form, browser};

/// What the tester does on the page that asks for consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Presses one button.
    Press(Decision),
    /// Closes the window.
    CloseWindow,
    /// Goes back, forward again, and approves.
    GoBack,
    /// Approves with two clicks.
    DoubleClick,
    /// Approves when the other login has come as far; the second to do so waits until the first is over.
    MeetTheOther,
}

/// What a tester met on one visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Met {
    /// They had to sign in.
    pub(super) signed_in: bool,
    /// They were asked for consent.
    pub(super) was_asked: bool,
}

type Cookies = BTreeMap<String, String>;

/// What testers share: who they are, what they do, and what was kept of whom.
#[derive(Clone)]
pub(super) struct Tester {
    habit: Habit,
    user: String,
    kept: Arc<Mutex<HashMap<PathBuf, Cookies>>>,
    met: Arc<Mutex<Vec<Met>>>,
    meeting: Arc<Barrier>,
    first_is_over: Arc<Notify>,
}

impl Tester {
    pub(super) fn new() -> Self {
        Self {
            habit: Habit::Press(Decision::Approve),
            user: "olivia".to_owned(),
            kept: Arc::default(),
            met: Arc::default(),
            meeting: Arc::new(Barrier::new(2)),
            first_is_over: Arc::default(),
        }
    }

    /// The same tester, about to carry something out.
    pub(super) fn about_to(&self, habit: Habit, user: &str) -> Self {
        Self {
            habit,
            user: user.to_owned(),
            met: Arc::default(),
            meeting: Arc::new(Barrier::new(2)),
            first_is_over: Arc::default(),
            ..self.clone()
        }
    }

    /// Tells the tester that the first of two logins is over.
    pub(super) fn first_is_over(&self) {
        self.first_is_over.notify_one();
    }

    /// Forgets who is signed in where.
    pub(super) fn forget_cookies(&self) {
        self.kept.lock().unwrap().clear();
    }

    /// What was met on the last visit.
    pub(super) fn met_last(&self) -> Met {
        self.met.lock().unwrap().last().copied().unwrap_or_default()
    }

    /// A login view with this storage.
    pub(super) fn view(&self, storage: ViewStorage) -> Arc<dyn UserAgent> {
        Arc::new(View { tester: self.clone(), storage })
    }
}

struct View {
    tester: Tester,
    storage: ViewStorage,
}

impl UserAgent for View {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            tokio::select! {
                () = visit.cancel.cancelled() => Err(VisitError::Cancelled),
                callback = self.walk(&visit) => callback.map(Arrival::at),
            }
        })
    }
}

impl View {
    async fn walk(&self, visit: &Visit) -> Result<Url, VisitError> {
        let mut steps = Steps { view: self, visit, cookies: self.kept(), met: Met::default() };
        let ended = steps.walk_to_callback().await;
        self.tester.met.lock().unwrap().push(steps.met);
        if let ViewStorage::KeptIn(folder) = &self.storage {
            self.tester.kept.lock().unwrap().insert(folder.clone(), steps.cookies);
        }
        ended
    }

    fn kept(&self) -> Cookies {
        match &self.storage {
            ViewStorage::ThrownAway => Cookies::new(),
            ViewStorage::KeptIn(folder) => self.tester.kept.lock().unwrap().get(folder).cloned().unwrap_or_default(),
        }
    }
}

/// Where a request has led.
enum Here {
    /// To a page with a form.
    Page(Url, Form),
    /// Back to the client.
    Callback(Url),
}

struct Steps<'a> {
    view: &'a View,
    visit: &'a Visit,
    cookies: Cookies,
    met: Met,
}

impl Steps<'_> {
    async fn walk_to_callback(&mut self) -> Result<Url, VisitError> {
        let start = self.visit.authorization_url.clone();
        let mut here = self.open(browser().get(start.clone()), start.clone()).await?;
        let mut has_gone_back = false;
        for _page in 0..10 {
            let (url, form) = match here {
                Here::Callback(callback) => return Ok(callback),
                Here::Page(url, form) => (url, form),
            };
            let tester = &self.view.tester;
            if form.signs_in {
                self.met.signed_in = true;
                here = self.post(&url, form.filled(&tester.user, Decision::Approve)).await?;
                continue;
            }
            self.met.was_asked = true;
            let decision = match tester.habit {
                Habit::CloseWindow => return Err(VisitError::WindowClosed),
                Habit::GoBack if !has_gone_back => {
                    has_gone_back = true;
                    here = self.open(browser().get(start.clone()), start.clone()).await?;
                    continue;
                }
                Habit::MeetTheOther => {
                    if !tester.meeting.wait().await.is_leader() {
                        tester.first_is_over.notified().await;
                    }
                    Decision::Approve
                }
                Habit::DoubleClick => {
                    // The browser drops the answer to the first click for that to the second.
                    self.post(&url, form.filled(&tester.user, Decision::Approve)).await?;
                    Decision::Approve
                }
                Habit::Press(Decision::Wait) => std::future::pending().await,
                Habit::GoBack => Decision::Approve,
                Habit::Press(decision) => decision,
            };
            here = self.post(&url, form.filled(&tester.user, decision)).await?;
        }
        Err(unreachable("too many pages"))
    }

    async fn post(&mut self, url: &Url, body: String) -> Result<Here, VisitError> {
        let request = browser().post(url.clone()).body(body).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.open(request, url.clone()).await
    }

    /// Sends a request and follows redirects, to a page or to the callback.
    async fn open(&mut self, mut request: reqwest::RequestBuilder, mut here: Url) -> Result<Here, VisitError> {
        for _hop in 0..10 {
            let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer =
                request.header(COOKIE, jar.join("; ")).send().await.map_err(|why| unreachable(&why.to_string()))?;
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let text = cookie.to_str().unwrap_or_default();
                if let Some((name, value)) = text.split(';').next().and_then(|pair| pair.split_once('=')) {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
            if let Some(location) = answer.headers().get(LOCATION) {
                here = here.join(location.to_str().unwrap_or_default()).unwrap();
                if self.visit.redirect_uri.caught_by(&here) {
                    return Ok(Here::Callback(here));
                }
                request = browser().get(here.clone());
                continue;
            }
            self.visit.sightings.page(&here);
            let page = answer.text().await.map_err(|why| unreachable(&why.to_string()))?;
            let form = Form::read(&page).ok_or_else(|| unreachable("the page has no form"))?;
            return Ok(Here::Page(here.join(&form.action).unwrap(), form));
        }
        Err(unreachable("redirects in circles"))
    }
}

fn unreachable(why: &str) -> VisitError {
    VisitError::PageUnreachable { host: "sandbox".to_owned(), why: why.to_owned() }
}
