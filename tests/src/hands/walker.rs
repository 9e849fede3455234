//! A browser of a few lines: it walks the pages of a sandbox twin by plain HTTP, as a person in their own browser would.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use url::Url;

/// Pages between the first address and the callback: signing in, consent, and a redirect after each.
const MOST_PAGES: usize = 8;

/// A browser with its cookies.
#[derive(Debug)]
pub struct Walker {
    http: Client,
    cookies: BTreeMap<String, String>,
    user: String,
    answer: String,
}

impl Walker {
    /// A browser whose person signs in as `user` and presses the button `answer`: "approve", "deny" or "cancel".
    pub fn new(user: &str, answer: &str) -> Result<Self> {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { http, cookies: BTreeMap::new(), user: user.to_owned(), answer: answer.to_owned() })
    }

    /// Walks from an authorization request to the callback and gives its address, to which no request has been made yet.
    pub async fn walk(&mut self, authorization: &Url) -> Result<Url> {
        let mut place = authorization.clone();
        let mut response = self.ask(Method::GET, &place, &[]).await?;
        for _ in 0..MOST_PAGES {
            if let Some(next) = redirect_of(&response) {
                place = place.join(&next)?;
                if place.origin() != authorization.origin() {
                    return Ok(place);
                }
                response = self.ask(Method::GET, &place, &[]).await?;
                continue;
            }
            let page = response.text().await?;
            let (target, fields) = self.answer(&page)?;
            place = place.join(&target)?;
            response = self.ask(Method::POST, &place, &fields).await?;
        }
        bail!("after {MOST_PAGES} pages still no callback")
    }

    /// Opens an address as a browser does that was sent there, and gives the page.
    pub async fn open(&mut self, address: &Url) -> Result<String> {
        Ok(self.ask(Method::GET, address, &[]).await?.text().await?)
    }

    /// Opens a page of somebody's own, and signs in where that is asked first.
    pub(super) async fn opens_signed_in(&mut self, address: &Url) -> Result<String> {
        let page = self.follow(address, Method::GET, &[]).await?;
        if !page.contains("id=\"sign-in\"") {
            return Ok(page);
        }
        let (target, fields) = self.fill_in(&page, "sign-in")?;
        self.follow(&address.join(&target)?, Method::POST, &fields).await
    }

    /// Opens a page, fills in the form with that id and sends it; gives the page that follows.
    pub(super) async fn sends(&mut self, address: &Url, form: &str, fields: &[(&str, &str)]) -> Result<String> {
        let page = self.open(address).await?;
        let (target, mut all) = self.fill_in(&page, form)?;
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.follow(&address.join(&target)?, Method::POST, &all).await
    }

    /// Asks, and goes where the answers lead.
    async fn follow(&mut self, address: &Url, method: Method, fields: &[(String, String)]) -> Result<String> {
        let mut place = address.clone();
        let mut response = self.ask(method, &place, fields).await?;
        for _ in 0..MOST_PAGES {
            let Some(next) = redirect_of(&response) else { return Ok(response.text().await?) };
            place = place.join(&next)?;
            response = self.ask(Method::GET, &place, &[]).await?;
        }
        bail!("after {MOST_PAGES} redirects still no page")
    }

    async fn ask(&mut self, method: Method, address: &Url, fields: &[(String, String)]) -> Result<Response> {
        let mut request = self.http.request(method.clone(), address.clone());
        // What every browser says of a navigation; a listener may insist on it.
        request = request.header("accept", "text/html").header("sec-fetch-mode", "navigate");
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        if method == Method::POST {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
            request = request.header("origin", address.origin().ascii_serialization());
        }
        let response = request.send().await?;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(response)
    }

    /// What this person does with a page on the way to a callback: where its form goes, and what they put into it.
    fn answer(&self, page: &str) -> Result<(String, Vec<(String, String)>)> {
        if page.contains("id=\"sign-in\"") {
            return self.fill_in(page, "sign-in");
        }
        let (target, mut fields) = self.fill_in(page, "consent")?;
        fields.push(("decision".to_owned(), self.answer.clone()));
        Ok((target, fields))
    }

    /// A form of a page: where it goes, and what it has hidden; in the form to sign in also who this is.
    fn fill_in(&self, page: &str, id: &str) -> Result<(String, Vec<(String, String)>)> {
        let form = page.split("<form ").find(|form| form.contains(&format!("id=\"{id}\"")));
        let form = form.with_context(|| format!("a page without {id:?}: {page}"))?;
        let form = form.split("</form>").next().unwrap_or_default();
        let target = attribute(form, "action").context("a form that goes nowhere")?;
        let hidden = form.split("<input ").filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        let hidden = hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
        let mut fields: Vec<_> = hidden.collect();
        if id == "sign-in" {
            fields.push(("username".to_owned(), self.user.clone()));
            fields.push(("password".to_owned(), format!("{}-sandbox", self.user)));
        }
        Ok((target, fields))
    }
}

fn redirect_of(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    location.to_str().ok().map(str::to_owned)
}

/// The value of the first attribute with that name.
pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let entities = [("&#38;", "&"), ("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&amp;", "&")];
    Some(entities.iter().fold(value.to_owned(), |text, (entity, letter)| text.replace(entity, letter)))
}
