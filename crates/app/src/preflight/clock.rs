//! Whether this computer and the server agree on the time, by the `Date` of its first answer (RFC 9110 §6.6.1).

use gatewright_protocol::http::HttpResponse;
use jiff::Timestamp;

use super::asks::Looked;
use super::item::Item;

/// How far ID tokens may be off before they are refused (V-17), in seconds.
const TOLERANCE: i64 = 30;
/// From here on more than ID tokens fails: certificates, signed requests, codes that live for minutes.
const FAR_OFF: i64 = 300;

pub(super) fn judge(looked: &Looked) -> Item {
    let look = match looked {
        Looked::Answered(look) => look,
        Looked::NotAsked(why) => return Item::skipped(why.clone()),
    };
    let Ok(answer) = &look.answer else { return Item::skipped("No answer came that could name the time.") };
    let Some(theirs) = date(answer) else { return Item::skipped("The server does not say what time it is.") };
    let ahead = theirs.as_second() - look.at.as_second();
    if ahead.abs() <= TOLERANCE {
        return Item::good("This computer and the server agree on the time.");
    }
    let difference = words(ahead.unsigned_abs());
    let sentence = if ahead > 0 {
        format!(
            "This computer's clock is {difference} behind the server's. Tokens look as if they were not valid yet. Set the clock by the network."
        )
    } else {
        format!(
            "This computer's clock is {difference} ahead of the server's. Tokens look as if they had expired. Set the clock by the network."
        )
    };
    let item = if ahead.abs() > FAR_OFF { Item::problem(sentence) } else { Item::warning(sentence) };
    item.expecting(theirs.strftime("%F %T UTC").to_string(), look.at.strftime("%F %T UTC").to_string())
}

/// The three forms of an HTTP date begin differently; servers send the first (RFC 9110 §5.6.7).
fn date(answer: &HttpResponse) -> Option<Timestamp> {
    let text = answer.header("date")?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

fn words(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3600),
    }
}
