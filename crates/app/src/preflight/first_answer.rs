//! What the authorization endpoint says to a login that begins. It should show a page to sign in on, or send there.

use gatewright_contract::preflight::PreflightFix;
use gatewright_engine::login::Look;
use gatewright_engine::ports::SendError;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::redirect_uri::RedirectUri;
use url::Url;

use super::asks::Looked;
use super::item::Item;
use super::subject::Subject;
use crate::failure;

/// How much of a page's words is shown.
const SHOWN: usize = 160;

pub(super) fn judge(subject: &Subject, looked: &Looked) -> Item {
    let look = match looked {
        Looked::Answered(look) => look,
        Looked::NotAsked(why) => return Item::skipped(why.clone()),
    };
    match &look.answer {
        Ok(answer) => answered(subject, look, answer),
        Err(error) => unanswered(subject, error),
    }
}

fn answered(subject: &Subject, look: &Look, answer: &HttpResponse) -> Item {
    let name = &subject.provider.name;
    match answer.status {
        200..=299 if answer.media_type().as_deref() == Some("application/json") => {
            Item::warning(format!("{name} answered with data where a page to sign in on should be."))
                .expecting("a page", "JSON")
                .fix(PreflightFix::OpenProvider)
        }
        200..=299 => Item::good(format!("{name} shows its page.")),
        300..=399 => match answer.header("location").and_then(|location| look.endpoint.join(location).ok()) {
            Some(target) => redirected(subject, look, &target),
            None => Item::problem(format!("{name} answered with a redirect that leads nowhere.")),
        },
        429 => Item::warning(format!("{name} has been asked too often. Wait a few minutes.")),
        400..=499 => refused(subject, answer),
        status => Item::problem(format!("{name} failed by itself. Wait a little and look again."))
            .expecting("a page to sign in on", with_status(status, &words_of(answer))),
    }
}

fn redirected(subject: &Subject, look: &Look, target: &Url) -> Item {
    let name = &subject.provider.name;
    if let Ok(uri) = &subject.redirect_uri
        && uri.caught_by(target)
    {
        return came_back(name, uri, target);
    }
    let same_host = target.host_str() == look.endpoint.host_str();
    if same_host && target.path() == format!("{}/", look.endpoint.path()) {
        return Item::problem(format!(
            "{name} wants a slash at the end of its authorization endpoint. Write it in the profile."
        ))
        .expecting(target.path(), look.endpoint.path())
        .fix(PreflightFix::OpenProvider);
    }
    if look.endpoint.scheme() == "https" && target.scheme() == "http" {
        return Item::problem(format!(
            "{name} sends people from https to http: their passwords would cross the network in the clear."
        ))
        .expecting("https://…", place(target));
    }
    Item::good(format!("{name} sends people to {} to sign in.", place(target)))
}

/// Nobody was asked, and an answer is there already.
fn came_back(name: &str, uri: &RedirectUri, target: &Url) -> Item {
    let of = |wanted: &str| target.query_pairs().find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned());
    if let Some(error) = of("error") {
        let description = of("error_description").map(|text| format!(": {text}")).unwrap_or_default();
        return Item::problem(format!("{name} refuses this request before anybody is asked."))
            .expecting("a page to sign in on", quoted(&cut(&format!("{error}{description}"))))
            .fix(PreflightFix::EditClient);
    }
    Item::warning(format!("{name} came back to {uri} at once, without asking anybody who they are."))
        .expecting("a page to sign in on", "the callback")
}

fn refused(subject: &Subject, answer: &HttpResponse) -> Item {
    let name = &subject.provider.name;
    let words = words_of(answer);
    let lower = words.to_lowercase();
    let fix = if lower.contains("redirect") { PreflightFix::OpenRedirectLab } else { PreflightFix::EditClient };
    let sentence = if lower.contains("redirect") {
        format!("{name} refuses the redirect URI. It has to be registered there letter by letter.")
    } else if answer.status == 404 || lower.contains("client") {
        format!("{name} knows no such client, or no such page. Compare the client ID, and is the client approved?")
    } else {
        format!("{name} refuses this request before anybody is asked.")
    };
    Item::problem(sentence).expecting("a page to sign in on", with_status(answer.status, &words)).fix(fix)
}

fn unanswered(subject: &Subject, error: &SendError) -> Item {
    match error {
        SendError::DnsFailed { .. } | SendError::TooNear { .. } | SendError::TlsRefused { .. } => {
            Item::skipped("The server was not reached: see above.")
        }
        SendError::Unprepared { .. } => Item::problem(failure::sentence(error)),
        _ => {
            let advice = if subject.provider.historic {
                " This provider is historic: its servers may be gone for good. Use its sandbox twin."
            } else {
                " Look at the network and the base URL."
            };
            Item::problem(failure::sentence(error) + advice).fix(PreflightFix::SetBaseUrl)
        }
    }
}

/// Host and path of an address; what follows may hold what is nobody's business.
fn place(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path())
}

/// A server's own words, in the marks that keep them as they are in every language of the window.
fn quoted(words: &str) -> String {
    format!("“{words}”")
}

fn with_status(status: u16, words: &str) -> String {
    if words.is_empty() { status.to_string() } else { format!("{status}, {}", quoted(words)) }
}

/// The first words of a refusal: of its error members, else of its page without tags.
fn words_of(answer: &HttpResponse) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(&text) {
        let of = |name: &str| members.get(name).and_then(serde_json::Value::as_str);
        let words: Vec<_> = [of("error"), of("error_description"), of("message")].into_iter().flatten().collect();
        return cut(&words.join(": "));
    }
    cut(&without_tags(&text))
}

/// A page's text, for one line. What stands in style and script is no text.
fn without_tags(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        let tag = &rest[start..];
        let ends = ["style", "script", "title"]
            .into_iter()
            .find(|name| tag.get(1..=name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)));
        let end = match ends {
            Some(name) => tag.find(&format!("</{name}")).map_or(tag.len(), |close| close + 2),
            None => 0,
        };
        rest = tag[end..].find('>').map_or("", |close| &tag[end + close + 1..]);
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str) -> String {
    let shown: String = text.chars().filter(|character| !character.is_control()).take(SHOWN).collect();
    if shown.len() < text.len() { shown + "…" } else { shown }
}
