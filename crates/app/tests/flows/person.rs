//! A person with a browser: reads pages, fills forms, presses one button. It follows redirects until the callback.

use std::collections::BTreeMap;

use gatewright_app::ports::{Arrival, PortFuture, RedirectUri, UserAgent, Visit, VisitError};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

/// What the person answers on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Deny,
    Cancel,
    /// Closes the window instead.
    Close,
    /// Never gets to it.
    Wait,
}

impl Decision {
    fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
            Self::Close | Self::Wait => "",
        }
    }
}

/// A person with a browser.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    user: String,
    decision: Decision,
}

impl Person {
    /// A person who signs in under that name and approves.
    pub(crate) fn as_user(user: &str) -> Self {
        Self { user: user.to_owned(), decision: Decision::Approve }
    }

    /// The same person with another mind.
    pub(crate) fn who_decides(mut self, decision: Decision) -> Self {
        self.decision = decision;
        self
    }

    /// Walks the pages in a browser of its own and follows the callback too, as the system browser does.
    pub(crate) async fn walk_to_the_end(&self, start: Url) {
        if self.decision == Decision::Wait {
            return;
        }
        if let Ok(callback) = self.walk(start, None, |_| {}).await {
            let _answer = browser().get(callback).send().await;
        }
    }

    async fn walk(
        &self,
        start: Url,
        caught: Option<&RedirectUri>,
        mut seen: impl FnMut(&Url),
    ) -> Result<Url, VisitError> {
        let browser = browser();
        let mut cookies = BTreeMap::new();
        let mut request = browser.get(start.clone());
        let mut here = start;
        for _page in 0..20 {
            let failed =
                |why: reqwest::Error| VisitError::PageUnreachable { host: "sandbox".to_owned(), why: why.to_string() };
            let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = request.header(COOKIE, jar.join("; ")).send().await.map_err(failed)?;
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let text = cookie.to_str().unwrap_or_default();
                if let Some((name, value)) = text.split(';').next().and_then(|pair| pair.split_once('=')) {
                    cookies.insert(name.to_owned(), value.to_owned());
                }
            }
            if let Some(location) = answer.headers().get(LOCATION) {
                let next = here.join(location.to_str().unwrap_or_default()).unwrap();
                let is_callback = caught.map_or(next.path().contains("callback"), |uri| uri.caught_by(&next));
                if is_callback {
                    return Ok(next);
                }
                here = next.clone();
                request = browser.get(next);
                continue;
            }
            seen(&here);
            match self.decision {
                Decision::Close => return Err(VisitError::WindowClosed),
                Decision::Wait => std::future::pending().await,
                _ => {}
            }
            let page = answer.text().await.map_err(failed)?;
            let form = Form::read(&page).ok_or_else(|| VisitError::PageUnreachable {
                host: "sandbox".to_owned(),
                why: format!("the page has no form: {page}"),
            })?;
            here = here.join(&form.action).unwrap();
            if here.query().is_some() && caught.is_some_and(|uri| uri.caught_by(&here)) {
                return Ok(here);
            }
            request = browser
                .post(here.clone())
                .body(form.filled(&self.user, self.decision))
                .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        Err(VisitError::PageUnreachable { host: "sandbox".to_owned(), why: "too many pages".to_owned() })
    }
}

/// A browser that follows no redirect by itself.
pub(crate) fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

impl UserAgent for Person {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        Box::pin(async move {
            let walking = self
                .walk(visit.authorization_url.clone(), Some(&visit.redirect_uri), |page| visit.sightings.page(page));
            tokio::select! {
                () = visit.cancel.cancelled() => Err(VisitError::Cancelled),
                callback = walking => callback.map(Arrival::at),
            }
        })
    }
}

/// The first form of a page that is sent by POST.
pub(crate) struct Form {
    /// Where it is sent.
    pub(crate) action: String,
    hidden: Vec<(String, String)>,
    /// Whether it asks for a password.
    pub(crate) signs_in: bool,
    buttons: Vec<(String, String)>,
}

impl Form {
    /// The form of a page; none when it has none.
    pub(crate) fn read(page: &str) -> Option<Self> {
        let start = page.find("<form")?;
        let form = &page[start..start + page[start..].find("</form>")?];
        let tags =
            |name: &str| form.split('<').filter(|tag| tag.starts_with(name)).map(str::to_owned).collect::<Vec<_>>();
        let hidden = tags("input")
            .iter()
            .filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"))
            .filter_map(pair)
            .collect();
        Some(Self {
            action: attribute(form, "action").unwrap_or_default(),
            hidden,
            signs_in: form.contains("type=\"password\""),
            buttons: tags("button").iter().filter_map(pair).collect(),
        })
    }

    /// What is sent when somebody signs in, or decides.
    pub(crate) fn filled(&self, user: &str, decision: Decision) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.hidden);
        if self.signs_in {
            body.append_pair("username", user).append_pair("password", &format!("{user}-sandbox"));
        } else if let Some((name, value)) = self.buttons.iter().find(|(_, value)| value == decision.word()) {
            body.append_pair(name, value);
        }
        body.finish()
    }
}

fn pair(tag: impl AsRef<str>) -> Option<(String, String)> {
    Some((attribute(tag.as_ref(), "name")?, attribute(tag.as_ref(), "value").unwrap_or_default()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
    let text = &tag[start..start + tag[start..].find('"')?];
    Some(text.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#x3d;", "="))
}
