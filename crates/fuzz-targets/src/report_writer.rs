//! Reports, which show the text of strangers to somebody else's browser, spreadsheet, build server and shell.

use std::collections::HashMap;

use dom_query::Document;
use gatewright_model::Redacted;
use gatewright_model::exchange::RecordedField;
use gatewright_report::samples::{EVERYTHING, report_of, token_exchange};
use gatewright_report::{Format, Har, Html, JUnit, Json, Language, Table, curl, write};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::input::Input;

/// No text, wherever it stands in what was recorded, becomes markup, a formula or a command, or is lost where a program reads it.
///
/// The choice: the format. Everything else: the text that stands in every place.
pub fn report_writer(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let looks: [fn(&str); 6] = [page, document, archive, cases, table, command];
    let look = input.choose(&looks);
    let Some(text) = input.text() else { return };
    // More of the same text finds nothing more, and every place has it.
    if text.len() <= 4 << 10 {
        look(text);
    }
}

fn written(format: &mut dyn Format, text: &str) -> String {
    let (cover, parts) = report_of(text);
    let mut out = Vec::new();
    write(format, &cover, &parts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The page has the elements that it has with a plain text, and leads nowhere.
fn page(text: &str) {
    let elements = |html: &str| {
        let document = Document::from(html);
        let away = document.select("[src], [href], [action], [onload], [onerror], [style], script, iframe, form, link");
        for node in away.nodes() {
            let leads = node.attr("src").or_else(|| node.attr("href")).unwrap_or_default();
            assert!(leads.starts_with("data:image/") || leads.starts_with('#'), "the page leads to {leads}");
        }
        let nodes = document.select("*");
        nodes.nodes().iter().map(|node| node.node_name().unwrap().to_string()).collect::<Vec<_>>()
    };
    // What is empty is left out, and says nothing.
    if text.trim().is_empty() {
        return;
    }
    assert_eq!(
        elements(&written(&mut Html::new(EVERYTHING, Language::German), text)),
        elements(&written(&mut Html::new(EVERYTHING, Language::German), "x"))
    );
}

/// The text arrives as it was.
fn document(text: &str) {
    let document: Value = serde_json::from_str(&written(&mut Json::new(EVERYTHING), text)).unwrap();
    assert_eq!(document["report"]["title"], text);
    assert_eq!(document["parts"][0]["runs"][0]["steps"][1]["sentence"], text);
}

fn archive(text: &str) {
    let archive: Value = serde_json::from_str(&written(&mut Har::default(), text)).unwrap();
    let entry = &archive["log"]["entries"][0];
    assert_eq!(entry["request"]["queryString"][0]["value"], text);
}

/// The file is well-formed, with the elements that it has with a plain text.
fn cases(text: &str) {
    let elements = |xml: &str| {
        let mut reader = Reader::from_str(xml);
        let mut names = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => return names,
                Event::Start(start) | Event::Empty(start) => names.push(start.name().as_ref().to_owned()),
                _ => {}
            }
        }
    };
    if !text.is_empty() {
        assert_eq!(elements(&written(&mut JUnit, text)), elements(&written(&mut JUnit, "x")));
    }
}

/// Each part is one line, and no cell a formula.
fn table(text: &str) {
    let table = written(&mut Table, text);
    let mut reader = csv::ReaderBuilder::new().from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let lines: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(lines.len(), 4);
    for cell in lines.iter().flat_map(|line| line.iter()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell} is a formula");
    }
}

/// The shell gives curl what was recorded, and reads nothing else into it.
fn command(text: &str) {
    let mut exchange = token_exchange();
    "multipart".clone_into(&mut exchange.request.encoding);
    let mut mixed = Redacted::text(text);
    mixed.push_reference(&"code#1");
    exchange.request.fields = vec![
        RecordedField { name: "plain".to_owned(), value: Redacted::text(text) },
        RecordedField { name: "mixed".to_owned(), value: mixed },
    ];
    let variables = HashMap::from([("CODE", "the code")]);
    let words = words(&curl(&exchange), &variables);
    // No argument of a program can hold this one character.
    let text = text.replace('\0', "⟨U+0000⟩");
    assert!(words.contains(&format!("plain={text}")), "{words:?}");
    assert!(words.contains(&format!("mixed={text}the code")), "{words:?}");
}

/// The words of a command as bash cuts them: a second, simpler reading than the shell's own, which knows only what a command of ours may
/// have in it.
fn words(command: &str, variables: &HashMap<&str, &str>) -> Vec<String> {
    let lines = command.split_inclusive('\n').skip_while(|line| line.starts_with("# "));
    let command: String = lines.collect();
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut rest = command.as_str();
    while let Some(first) = rest.chars().next() {
        let open = |mark: &str| rest.strip_prefix(mark);
        if let Some(after) = open("\\\n").or_else(|| open(" ")).or_else(|| open("\n")) {
            words.extend(word.take());
            rest = after;
        } else if let Some(after) = open("$'") {
            rest = escaped(after, word.get_or_insert_default());
        } else if let Some((quoted, after)) = open("'").and_then(|after| after.split_once('\'')) {
            word.get_or_insert_default().extend(quoted.as_bytes());
            rest = after;
        } else if let Some((quoted, after)) = open("\"").and_then(|after| after.split_once('"')) {
            word.get_or_insert_default().extend(replaced(quoted, variables).as_bytes());
            rest = after;
        } else if let Some(after) = open("\\'") {
            word.get_or_insert_default().push(b'\'');
            rest = after;
        } else {
            assert!(first.is_ascii_alphanumeric() || "-_./:@%+,=".contains(first), "{first:?} stands bare");
            word.get_or_insert_default().extend(first.encode_utf8(&mut [0; 4]).bytes());
            rest = &rest[first.len_utf8()..];
        }
    }
    words.extend(word);
    words.into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
}

/// Reads up to the end of `$'…'`; gives what follows.
fn escaped<'a>(text: &'a str, word: &mut Vec<u8>) -> &'a str {
    let mut rest = text;
    loop {
        let (before, after) = rest.split_at(rest.find(['\\', '\'']).unwrap());
        word.extend(before.as_bytes());
        let Some(escape) = after.strip_prefix('\\') else { return &after[1..] };
        let first = escape.as_bytes()[0];
        if first.is_ascii_digit() {
            word.push(u8::from_str_radix(&escape[..3], 8).unwrap());
            rest = &escape[3..];
        } else {
            word.push(match first {
                b'n' => b'\n',
                b'r' => b'\r',
                other => other,
            });
            rest = &escape[1..];
        }
    }
}

/// The text between double quotes with its variables replaced.
fn replaced(text: &str, variables: &HashMap<&str, &str>) -> String {
    assert!(!text.contains(['`', '\\', '!']), "the shell reads something into {text}");
    let mut pieces = text.split('$');
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, after) = match piece.strip_prefix('{') {
            Some(braced) => braced.split_once('}').unwrap(),
            None => {
                piece.split_at(piece.find(|one: char| !one.is_ascii_uppercase() && one != '_').unwrap_or(piece.len()))
            }
        };
        whole.push_str(variables[name]);
        whole.push_str(after);
    }
    whole
}
