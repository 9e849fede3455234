//! The report to a provider: what its document says, what was seen, how often and when. Polite, precise, and without a secret: it is made
//! of records, in which secrets are references.

use gatewright_contract::provider::{Mark, StatementDetail};
use gatewright_model::exchange::RecordedField;
use gatewright_model::observation::Agreement;
use gatewright_model::{Exchange, Provider};
use gatewright_protocol::inert::inert;
use gatewright_store::observation::Observed;
use jiff::Timestamp;

use super::Known;

/// Longest body in a report, in characters.
const BODY_SHOWN: usize = 2_000;

/// Writes the report as Markdown.
pub(super) fn markdown<'a>(
    provider: &Provider,
    is_sandbox: bool,
    now: Timestamp,
    known: impl Iterator<Item = (&'a Known, &'a Option<Exchange>)>,
) -> String {
    let known: Vec<_> = known.collect();
    let with = |agreement| known.iter().filter(move |(one, _)| one.agreement() == agreement);
    let (against, confirmed, silent) =
        (with(Some(Agreement::Contradicts)), with(Some(Agreement::Confirms)), with(None));
    let mut text = opening(provider, is_sandbox, now);
    let counts = [known.len(), confirmed.clone().count(), against.clone().count(), silent.clone().count()];
    let [total, yes, no, never] = counts;
    text.push(format!("{total} statements: {yes} confirmed, {no} contradicted, {never} never observed."));
    text.push("## Where the document and the server differ".to_owned());
    if no == 0 {
        text.push("Nowhere, as far as we have seen.".to_owned());
    }
    for (number, (one, exchange)) in against.enumerate() {
        text.extend(difference(number + 1, one, exchange.as_ref()));
    }
    text.push("## What we could confirm".to_owned());
    text.push(list(confirmed.map(|(one, _)| {
        let seen = one.confirmed.as_ref().map(|seen| format!(" Seen in {}.", how_often(seen))).unwrap_or_default();
        format!("- {}: {}.{seen}", plain(&one.statement.title), plain(&one.statement.value))
    })));
    text.push("## What we have not seen".to_owned());
    text.push(list(silent.map(|(one, _)| format!("- {}", plain(&one.statement.title)))));
    format!("{}\n", text.join("\n\n"))
}

fn opening(provider: &Provider, is_sandbox: bool, now: Timestamp) -> Vec<String> {
    let mut text = vec![format!("# {}: the document and the server", plain(&provider.name))];
    if is_sandbox {
        text.push(
            "**These observations are from Gatewright's sandbox twin, not from the provider. Do not send them.**"
                .to_owned(),
        );
    }
    let day = now.strftime("%Y-%m-%d");
    text.push(format!(
        "Hello, we test logins with OAuth clients of ours, and compared what your server does with {}. \
         Below is what we found by {day}, in case it helps you to keep both alike. \
         Secrets in the examples are replaced by names such as ‹token#1›.",
        plain(&provider.document),
    ));
    text
}

fn difference(number: usize, one: &Known, exchange: Option<&Exchange>) -> Vec<String> {
    let Some(seen) = &one.contradicted else { return Vec::new() };
    let mut text = vec![format!("### {number}. {}", plain(&one.statement.title))];
    let mut lines = vec![format!("- {}", said(&one.statement)), format!("- We saw: {}", plain(&seen.saw))];
    lines.push(format!("- How often: in {}.", how_often(seen)));
    if let Some(confirmed) = &one.confirmed {
        lines.push(format!("- As stated it was in {}.", how_often(confirmed)));
    }
    if exchange.is_some() {
        let (step, number) = (seen.step.saturating_add(1), seen.exchange.saturating_add(1));
        lines.push(format!(
            "- In our records: run {}, step {step}, exchange {number}, as follows.",
            plain(seen.run.as_str())
        ));
    }
    text.push(lines.join("\n"));
    text.extend(exchange.map(|exchange| fenced(&transcript(exchange))));
    text
}

/// What the document says, in our words, with its place.
fn said(statement: &StatementDetail) -> String {
    let value = plain(&statement.value);
    let place = statement.place.as_deref().map(|place| format!(" ({})", plain(place))).unwrap_or_default();
    match statement.mark {
        Mark::Documented => format!("The document says: {value}{place}."),
        Mark::Observed => format!("The document does not say; from elsewhere we knew: {value}{place}."),
        Mark::Unknown => format!("The document does not say; we expected: {value}."),
    }
}

fn how_often(seen: &Observed) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    let (first, last) = (day(seen.first_at), day(seen.seen_at));
    match (seen.times, first == last) {
        (1, _) => format!("1 login, on {last}"),
        (times, true) => format!("{times} logins, on {last}"),
        (times, false) => format!("{times} logins, from {first} to {last}"),
    }
}

/// An exchange as it went over the wire, as far as it is recorded.
fn transcript(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let pairs = |fields: &[RecordedField]| {
        let pairs = fields.iter().map(|field| format!("{}={}", field.name, field.value.to_plain()));
        pairs.collect::<Vec<_>>().join("&")
    };
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", pairs(&request.query)) };
    let mut lines = vec![format!("{} {}{query}", request.method, request.url)];
    lines.extend(headers(&request.headers));
    if !request.fields.is_empty() {
        lines.extend([String::new(), format!("{} ({})", pairs(&request.fields), request.encoding)]);
    }
    if let Some(response) = &exchange.response {
        lines.push(String::new());
        // A callback is a navigation: it has an address and no status.
        lines.extend((response.status != 0).then(|| format!("HTTP {}", response.status)));
        lines.extend(headers(&response.headers));
        lines.extend([String::new(), response.body.to_plain().chars().take(BODY_SHOWN).collect()]);
    }
    lines.join("\n")
}

/// The headers that say how a body is written; the others tell of the connection.
fn headers(fields: &[RecordedField]) -> impl Iterator<Item = String> {
    let is_wanted =
        |field: &&RecordedField| ["accept", "authorization", "content-type"].contains(&&*field.name.to_lowercase());
    fields.iter().filter(is_wanted).map(|field| format!("{}: {}", field.name, field.value.to_plain()))
}

/// A block of code that its content cannot end.
fn fenced(content: &str) -> String {
    let longest = content.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let inert: Vec<_> = content.lines().map(inert).collect();
    format!("{fence}http\n{}\n{fence}", inert.join("\n"))
}

/// Text that Markdown leaves as it is, on one line.
fn plain(text: &str) -> String {
    let mut shown = String::new();
    for character in inert(text).chars() {
        if "\\`*_[]<>#|".contains(character) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

fn list(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { "Nothing.".to_owned() } else { lines.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::{fenced, plain};

    #[test]
    fn what_a_server_wrote_can_neither_end_a_block_nor_begin_markup() {
        let block = fenced("a\n```\n# not a heading\u{1b}[2J");
        assert!(block.starts_with("````http\n") && block.ends_with("\n````"), "{block}");
        assert!(!block.contains('\u{1b}'));
        assert_eq!(plain("<img> [x](y)\n# z"), "\\<img\\> \\[x\\](y) \\# z");
    }
}
