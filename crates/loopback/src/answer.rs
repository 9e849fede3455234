//! What the browser gets to see: fixed texts in the language of Gatewright's window, in which nothing of a request ever appears.

use gatewright_language::Language;

/// An answer of the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The callback was taken: the browser goes on to the last page, so that its history does not end with the code.
    Taken,
    /// The last page.
    Done,
    /// A callback whose state is not that of the waiting login.
    NotOurs,
    /// A callback without parameters.
    Doubtful,
    /// There is no such icon.
    NoIcon,
    /// Another path.
    NotFound,
    /// The callback was taken already.
    Gone,
    /// Not understood.
    BadRequest,
    /// Not a navigation, or a preflight.
    Forbidden,
    /// A method by which no callback comes.
    MethodNotAllowed,
    /// More is posted than a callback can be.
    TooMuch,
    /// What is posted is not a form.
    NotAForm,
    /// Another host's request.
    Misdirected,
    /// The request line is too long.
    LineTooLong,
    /// The header fields are too long or too many.
    HeadersTooLarge,
    /// Nothing came in time.
    Late,
}

const DONE: (&str, &str) =
    ("You can close this tab", "Gatewright has what it needs. Go back to its window to see the result.");
const NOT_OURS: (&str, &str) = (
    "This is not the login Gatewright waits for",
    "The address belongs to another or an earlier login. Nothing was done with it.",
);
const DOUBTFUL: (&str, &str) = (
    "Gatewright got an address without parameters",
    "If you cancelled the login, stop it in Gatewright's window too. If not, go on with it: Gatewright is still waiting.",
);
const GONE: (&str, &str) = ("This login is over", "Its address works once. Start a new login in Gatewright's window.");
const REFUSED: (&str, &str) = ("Gatewright does not answer this", "This address is for one login at a time.");

impl Answer {
    /// The whole response; `done_path` is where the last page is, `methods` are those that a callback may come by.
    pub(crate) fn write(self, done_path: &str, methods: &str, language: Language) -> Vec<u8> {
        let (status, page) = self.status_and_page();
        let body = page.map(|(title, text)| page_html(language, title, text)).unwrap_or_default();
        let location = if self == Self::Taken { format!("Location: {done_path}\r\n") } else { String::new() };
        let allow = if self == Self::MethodNotAllowed { format!("Allow: {methods}\r\n") } else { String::new() };
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\n{location}{allow}Content-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
             Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'\r\n\
             Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}"
        )
        .into_bytes()
    }

    const fn status_and_page(self) -> (&'static str, Option<(&'static str, &'static str)>) {
        match self {
            Self::Taken => ("303 See Other", None),
            Self::Done => ("200 OK", Some(DONE)),
            Self::NotOurs => ("400 Bad Request", Some(NOT_OURS)),
            Self::Doubtful => ("200 OK", Some(DOUBTFUL)),
            Self::NoIcon => ("204 No Content", None),
            Self::NotFound => ("404 Not Found", Some(REFUSED)),
            Self::Gone => ("410 Gone", Some(GONE)),
            Self::BadRequest => ("400 Bad Request", Some(REFUSED)),
            Self::Forbidden => ("403 Forbidden", Some(REFUSED)),
            Self::MethodNotAllowed => ("405 Method Not Allowed", Some(REFUSED)),
            Self::TooMuch => ("413 Content Too Large", Some(REFUSED)),
            Self::NotAForm => ("415 Unsupported Media Type", Some(REFUSED)),
            Self::Misdirected => ("421 Misdirected Request", Some(REFUSED)),
            Self::LineTooLong => ("414 URI Too Long", Some(REFUSED)),
            Self::HeadersTooLarge => ("431 Request Header Fields Too Large", Some(REFUSED)),
            Self::Late => ("408 Request Timeout", Some(REFUSED)),
        }
    }
}

fn page_html(language: Language, title: &str, text: &str) -> String {
    let (tag, title, text) = (language.tag(), language.says(title), language.says(text));
    format!(
        "<!doctype html><html lang=\"{tag}\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · Gatewright</title><h1>{title}</h1><p>{text}</p></html>"
    )
}
