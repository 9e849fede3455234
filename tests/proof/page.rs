//! What a browser finds on a page of the sandbox: a form to fill in, or something that leads on by itself.

use url::Url;

/// A request that a browser makes.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub(crate) url: Url,
    pub(crate) fetch: Fetch,
    /// Body and its type; with one it is a `POST`.
    pub(crate) form: Option<(String, &'static str)>,
}

/// Why a browser asks (Fetch Metadata Request Headers §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fetch {
    Navigation,
    Frame,
    Picture,
}

impl Move {
    pub(crate) fn navigation(url: Url) -> Self {
        Self { url, fetch: Fetch::Navigation, form: None }
    }
}

/// What a person puts into the forms.
pub(crate) struct Answers<'a> {
    pub(crate) username: &'a str,
    pub(crate) decision: &'a str,
}

/// The pictures of a page, which a browser loads unasked.
pub(crate) fn pictures(page: &str, place: &Url) -> Vec<Move> {
    let pictures = page.split("<img ").skip(1).filter_map(|tag| attribute(tag, "src"));
    let pictures = pictures.filter_map(|source| place.join(&source).ok());
    pictures.map(|url| Move { url, fetch: Fetch::Picture, form: None }).collect()
}

/// Whether a person has to decide on a page.
pub(crate) fn asks_for_consent(page: &str) -> bool {
    form_named(page, "consent").is_some()
}

/// Where a page leads, by the person's hand or by itself.
pub(crate) fn onward(page: &str, place: &Url, answers: &Answers<'_>) -> Option<Move> {
    if let Some(form) = form_named(page, "sign-in") {
        let password = format!("{}-sandbox", answers.username);
        return submit(form, place, &[("username", answers.username), ("password", &password)]);
    }
    if let Some(form) = form_named(page, "consent") {
        return submit(form, place, &[("decision", answers.decision)]);
    }
    if let Some(form) = form_named(page, "f") {
        return submit(form, place, &[]);
    }
    if let Some(tag) = page.split("<iframe ").nth(1) {
        let url = place.join(&attribute(tag, "src")?).ok()?;
        return Some(Move { url, fetch: Fetch::Frame, form: None });
    }
    let target = refresh(page).or_else(|| script(page)).or_else(|| link(page))?;
    Some(Move::navigation(place.join(&target).ok()?))
}

fn form_named<'a>(page: &'a str, id: &str) -> Option<&'a str> {
    let form = page.split("<form ").skip(1).find(|form| attribute(form, "id").as_deref() == Some(id))?;
    form.split("</form>").next()
}

fn submit(form: &str, place: &Url, own: &[(&str, &str)]) -> Option<Move> {
    let hidden = form.split("<input ").skip(1).filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
    let hidden: Vec<_> =
        hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect();
    let mut url = place.join(&attribute(form, "action")?).ok()?;
    let mut fields = url::form_urlencoded::Serializer::new(String::new());
    fields.extend_pairs(&hidden).extend_pairs(own);
    if attribute(form, "method").as_deref() == Some("get") {
        url.set_query(Some(&fields.finish()));
        return Some(Move::navigation(url));
    }
    let form = match attribute(form, "enctype") {
        Some(_) => (hidden.iter().flat_map(|(name, value)| [name, "=", value, "\r\n"]).collect(), "text/plain"),
        None => (fields.finish(), "application/x-www-form-urlencoded"),
    };
    Some(Move { url, fetch: Fetch::Navigation, form: Some(form) })
}

fn refresh(page: &str) -> Option<String> {
    let tag = page.split("http-equiv=\"refresh\"").nth(1)?;
    attribute(tag, "content")?.split_once("url=").map(|(_, target)| target.to_owned())
}

fn script(page: &str) -> Option<String> {
    let (_, call) = page.split_once("location.replace(").or_else(|| page.split_once("window.open("))?;
    serde_json::from_str(call.split_once(')')?.0).ok()
}

fn link(page: &str) -> Option<String> {
    let tag = page.split("<a ").skip(1).find(|tag| attribute(tag, "id").as_deref() == Some("a"))?;
    attribute(tag, "href")
}

/// The value of a tag's attribute; `tag` may go on behind the tag's end.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

/// Numeric character references, the only ones that the sandbox writes, and `&amp;`.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        plain.push(char::from_u32(number.parse().unwrap()).unwrap());
        plain.push_str(rest);
    }
    plain.replace("&amp;", "&")
}
