//! A person with a browser of plain HTTP: signs in, approves, and never loads the redirect URI.

use std::collections::BTreeMap;

use gatewright_engine::ports::{Arrival, PortFuture, UserAgent, Visit, VisitError};
use gatewright_protocol::RedirectUri;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use url::Url;

/// Pages on one way; no login has so many.
const MOST_PAGES: usize = 20;

/// Somebody who lives in the sandbox and approves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person(pub(crate) &'static str);

impl Person {
    /// Walks from an address to the callback, in a browser of its own.
    pub(crate) async fn walk(self, start: &Url, redirect_uri: &RedirectUri) -> Url {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        let mut cookies = BTreeMap::new();
        let (mut here, mut body) = (start.clone(), None);
        for _page in 0..MOST_PAGES {
            if redirect_uri.caught_by(&here) {
                return here;
            }
            let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let request = match body.take() {
                None => http.get(here.clone()),
                Some(form) => {
                    http.post(here.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
                }
            };
            let answer = request.header(COOKIE, jar.join("; ")).send().await.unwrap();
            for cookie in answer.headers().get_all(SET_COOKIE) {
                let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            if let Some(location) = answer.headers().get(LOCATION) {
                here = here.join(location.to_str().unwrap()).unwrap();
                continue;
            }
            let page = answer.text().await.unwrap();
            let (action, form) = self.answer(&page);
            here = here.join(&action).unwrap();
            body = Some(form);
        }
        panic!("there is no end to the pages");
    }

    /// Where the first form of a page goes, and how the person has filled it in.
    fn answer(self, page: &str) -> (String, String) {
        let start = page.find("<form").unwrap_or_else(|| panic!("there is nothing to do on this page: {page}"));
        let form = &page[start..start + page[start..].find("</form>").unwrap()];
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for tag in form.split('<').filter(|tag| attribute(tag, "type").as_deref() == Some("hidden")) {
            body.append_pair(&attribute(tag, "name").unwrap(), &attribute(tag, "value").unwrap_or_default());
        }
        if form.contains("type=\"password\"") {
            body.append_pair("username", self.0).append_pair("password", &format!("{}-sandbox", self.0));
        } else {
            body.append_pair("decision", "approve");
        }
        (attribute(form, "action").unwrap_or_default(), body.finish())
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let text = tag[start..].split('"').next()?;
    Some(text.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"").replace("&#39;", "'"))
}

impl UserAgent for Person {
    fn visit(&self, visit: Visit) -> PortFuture<'_, Result<Arrival, VisitError>> {
        let person = *self;
        Box::pin(async move { Ok(Arrival::at(person.walk(&visit.authorization_url, &visit.redirect_uri).await)) })
    }
}
