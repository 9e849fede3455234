//! HAR 1.2, the HTTP archive that browsers' network tools read (<http://www.softwareishard.com/blog/har-12-spec/>).
//!
//! Every exchange of every run is an entry, every run a page. References stand where secrets were. A HAR tells neither pictures nor
//! findings nor what a person said.

use std::io;

use gatewright_model::exchange::{Exchange, RecordedField, RecordedRequest, RecordedResponse};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::json::write_value;
use crate::report::{Cover, Format, Part, RecordedRun};
use crate::wording;

/// An HTTP archive. Pages follow after the entries, so that no more than their titles are kept meanwhile.
#[derive(Default)]
pub struct Har {
    pages: Vec<Page>,
    has_entries: bool,
}

impl Format for Har {
    fn begin(&mut self, cover: &Cover, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(b"{\"log\": {\n\"version\": \"1.2\",\n\"creator\": ")?;
        write_value(&Creator { name: "Gatewright", version: &cover.maker.version }, out)?;
        out.write_all(b",\n\"comment\": ")?;
        let secrets =
            "Where a secret was, a reference stands in angle quotes. Starts of requests are reckoned from the run's.";
        write_value(&format!("{}. {secrets}", cover.title), out)?;
        out.write_all(b",\n\"entries\": [")
    }

    fn part(&mut self, part: &Part, out: &mut dyn io::Write) -> io::Result<()> {
        part.runs().iter().try_for_each(|run| self.run(run, out))
    }

    fn end(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(b"\n],\n\"pages\": ")?;
        write_value(&self.pages, out)?;
        out.write_all(b"\n}}\n")
    }
}

impl Har {
    fn run(&mut self, recorded: &RecordedRun, out: &mut dyn io::Write) -> io::Result<()> {
        let run = &recorded.run;
        let part = recorded.part.as_ref().map(|part| format!(", {part}")).unwrap_or_default();
        self.pages.push(Page {
            started: run.started_at.to_string(),
            id: run.id.to_string(),
            title: format!(
                "{} at {}{part}: {}",
                run.client_name,
                recorded.provider,
                wording::outcome_words(&run.outcome)
            ),
            timings: PageTimings {},
        });
        for (started, exchange) in with_starts(recorded).filter(|(_, exchange)| is_whole(exchange)) {
            out.write_all(if self.has_entries { b",\n" } else { b"\n" })?;
            self.has_entries = true;
            write_value(&Entry::of(exchange, started, run.id.as_str()), out)?;
        }
        Ok(())
    }
}

/// The authorization request is recorded twice: when it is given to the browser, and with the callback that came back. The first time
/// there is nothing to say about it yet.
fn is_whole(exchange: &Exchange) -> bool {
    exchange.response.is_some() || exchange.failure.is_some()
}

/// The exchanges of a run, each with the time at which it started: a record has how long each step took, one after another.
fn with_starts(recorded: &RecordedRun) -> impl Iterator<Item = (Timestamp, &Exchange)> {
    let mut step_start = 0_u64;
    recorded.steps.iter().flat_map(move |step| {
        let mut start = step_start;
        step_start = step_start.saturating_add(step.duration_us.unwrap_or(0));
        let begun = recorded.run.started_at;
        step.exchanges.iter().map(move |exchange| {
            let after = SignedDuration::from_micros(i64::try_from(start).unwrap_or(i64::MAX));
            start = start.saturating_add(exchange.duration_us);
            (begun.checked_add(after).unwrap_or(begun), exchange)
        })
    })
}

#[derive(Serialize)]
struct Creator<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Page {
    #[serde(rename = "startedDateTime")]
    started: String,
    id: String,
    title: String,
    #[serde(rename = "pageTimings")]
    timings: PageTimings,
}

#[derive(Serialize)]
struct PageTimings {}

#[derive(Serialize)]
struct Entry<'a> {
    pageref: &'a str,
    #[serde(rename = "startedDateTime")]
    started: String,
    /// Milliseconds.
    time: f64,
    request: Request<'a>,
    response: Response<'a>,
    cache: Cache,
    timings: Timings,
    comment: String,
}

#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    method: &'a str,
    url: String,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Named<'a>>,
    query_string: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostedBody<'a>>,
    headers_size: i8,
    body_size: i8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostedBody<'a> {
    mime_type: &'static str,
    params: Vec<Named<'a>>,
    text: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Named<'a>>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i8,
    body_size: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: u64,
    mime_type: String,
    text: String,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    value: String,
}

/// The record does not keep the version of HTTP, and the format wants some text.
const VERSION_UNKNOWN: &str = "unknown";
/// What the format says for a size that is not known.
const SIZE_UNKNOWN: i8 = -1;

impl<'a> Entry<'a> {
    fn of(exchange: &'a Exchange, started: Timestamp, page: &'a str) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "2^52 µs are 142 years")]
        let milliseconds = exchange.duration_us as f64 / 1000.0;
        let title = wording::exchange(exchange.purpose).1;
        let failure = exchange.failure.as_ref().map(|failure| format!(": {failure}")).unwrap_or_default();
        Self {
            pageref: page,
            started: started.to_string(),
            time: milliseconds,
            request: request(&exchange.request),
            response: response(exchange.response.as_ref()),
            cache: Cache {},
            timings: Timings { send: 0.0, wait: milliseconds, receive: 0.0 },
            comment: format!("{title}{failure}"),
        }
    }
}

fn request(request: &RecordedRequest) -> Request<'_> {
    let mime_type = match request.encoding.as_str() {
        "json" => "application/json",
        "multipart" => "multipart/form-data",
        _ => "application/x-www-form-urlencoded",
    };
    Request {
        method: &request.method,
        url: with_query(request),
        http_version: VERSION_UNKNOWN,
        cookies: [],
        headers: named(&request.headers),
        query_string: named(&request.query),
        post_data: (!request.encoding.is_empty()).then(|| PostedBody {
            mime_type,
            params: named(&request.fields),
            text: "",
        }),
        headers_size: SIZE_UNKNOWN,
        body_size: SIZE_UNKNOWN,
    }
}

fn with_query(request: &RecordedRequest) -> String {
    if request.query.is_empty() {
        return request.url.clone();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(request.query.iter().map(|field| (&field.name, field.value.to_plain())));
    format!("{}?{}", request.url, query.finish())
}

/// A response that never came has status 0, as browsers write it.
fn response(response: Option<&RecordedResponse>) -> Response<'_> {
    let header = |name: &str| {
        let headers = response.iter().flat_map(|response| &response.headers);
        let mut found = headers.filter(|field| field.name.eq_ignore_ascii_case(name));
        found.next().map(|field| field.value.to_plain()).unwrap_or_default()
    };
    let bytes = response.map_or(0, |response| response.bytes);
    Response {
        status: response.map_or(0, |response| response.status),
        status_text: "",
        http_version: VERSION_UNKNOWN,
        cookies: [],
        headers: response.map(|response| named(&response.headers)).unwrap_or_default(),
        content: Content {
            size: bytes,
            mime_type: header("content-type"),
            text: response.map(|response| response.body.to_plain()).unwrap_or_default(),
        },
        redirect_url: header("location"),
        headers_size: SIZE_UNKNOWN,
        body_size: bytes,
    }
}

fn named(fields: &[RecordedField]) -> Vec<Named<'_>> {
    fields.iter().map(|field| Named { name: &field.name, value: field.value.to_plain() }).collect()
}

#[cfg(test)]
mod tests;
