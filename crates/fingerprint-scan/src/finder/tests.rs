use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;

const SECRET: &str = "K7wq-not-a/real+secret-9f2c";

fn find(text: &str) -> Vec<Found> {
    find_among(&[SECRET], text)
}

/// Looks for secrets that are all known, as a caller with fingerprints would.
fn find_among(secrets: &[&str], text: &str) -> Vec<Found> {
    let last_four = |secret: &&str| (secret.len() >= 12).then(|| secret[secret.len() - 4..].to_owned());
    let ends: Vec<Option<String>> = secrets.iter().map(last_four).collect();
    let tails = Tails::new(ends.iter().map(Option::as_deref));
    let recognise =
        |piece: &str| secrets.iter().position(|secret| *secret == piece).map(|at| u32::try_from(at).unwrap());
    find_in_text(text.as_bytes(), &tails, &recognise)
}

fn at(line: u32) -> Vec<Found> {
    vec![Found { line, known: 0 }]
}

#[test]
fn a_secret_is_found_in_every_kind_of_file_with_its_line() {
    for text in [
        format!("# mine\nCLIENT_SECRET={SECRET}\n"),
        format!("\nclient_secret: '{SECRET}' # old"),
        format!("{{\n \"secret\":\"{SECRET}\",\"x\":1}}"),
        format!("let a = 1;\nlet secret = `{SECRET}`;"),
        format!("\r\ncurl -u abc:{SECRET} https://example.org\r\n"),
        format!("\nhttps://x.example/token?client_secret={}&a=b", "K7wq-not-a%2Freal%2Bsecret-9f2c"),
        "\n{\"secret\": \"K7wq-not-a\\/real\\u002bsecret-9f2c\"}".to_owned(),
        format!("\nAuthorization: Basic {}", STANDARD.encode(format!("abc:{SECRET}"))),
        format!("\nAuthorization: Basic {}", STANDARD.encode("abc:K7wq-not-a%2Freal%2Bsecret-9f2c")),
        format!("\n  client-secret: {}\n", STANDARD.encode(SECRET)),
    ] {
        assert_eq!(find(&text), at(2), "{text}");
    }
}

#[test]
fn a_pasted_value_is_found_with_what_came_along() {
    for text in [SECRET.to_owned(), format!("  {SECRET}\n"), format!("\"{SECRET}\""), format!("secret is {SECRET}.")] {
        assert_eq!(find(&text), at(1), "{text}");
    }
}

#[test]
fn what_only_looks_like_a_known_secret_is_not_one() {
    for text in
        ["", "9f2c", "K7wq-not-a/real+secret-9f2d", "xK7wq-not-a/real+secret-9f2c", "K7wq-not-a/real+secret-9f2cx"]
    {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn a_secret_that_stands_twice_in_a_line_is_told_once() {
    assert_eq!(find(&format!("{SECRET} {SECRET}\n{SECRET}")), [at(1), at(2)].concat());
}

#[test]
fn a_short_secret_is_found_although_its_end_is_not_on_record() {
    assert_eq!(find_among(&["hunter2"], "a\nuser: theo password: hunter2\n"), at(2));
    assert_eq!(find_among(&["hunter2"], "hunter2hunter2"), []);
}

#[test]
fn a_private_key_in_the_place_of_a_secret_is_found_over_its_lines_and_in_one() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nByqGSM49AgEG\n-----END PRIVATE KEY-----";
    assert_eq!(find_among(&[key], &format!("first line\n{key}\nlast line")), at(2));
    assert_eq!(find_among(&[key], &format!("\n\nKEY=\"{}\"\n", key.replace('\n', "\\n"))), at(3));
}

#[test]
fn only_pieces_that_end_like_a_known_secret_are_fingerprinted() {
    let asked = Mutex::new(Vec::new());
    let text = "The quick brown fox jumps over the lazy dog; password=correct-horse-battery-staple\n".repeat(200);
    let recognise = |piece: &str| {
        asked.lock().unwrap().push(piece.to_owned());
        None
    };
    assert_eq!(find_in_text(text.as_bytes(), &Tails::new([Some("9f2c")]), &recognise), []);
    assert_eq!(asked.into_inner().unwrap().len(), 0);
}

#[test]
fn a_line_that_is_all_boundaries_costs_a_bounded_number_of_fingerprints() {
    let text = "; ".repeat(10_000) + "....9f2c";
    let asked = Mutex::new(0);
    let recognise = |_: &str| {
        *asked.lock().unwrap() += 1;
        None
    };
    find_in_text(text.as_bytes(), &Tails::new([Some("9f2c")]), &recognise);
    assert!(asked.into_inner().unwrap() <= MOST_BEGINNINGS + 1);
}

proptest! {
    #[test]
    fn a_secret_of_printable_characters_is_found_wherever_it_is_assigned(
        secret in "[A-Za-z0-9][!-~]{10,60}[A-Za-z0-9]", before in "[ -~]{0,20}\n", after in "\n[ -~]{0,20}",
    ) {
        let text = format!("{before}SECRET={secret}{after}");
        let wanted = Found { line: 2, known: 0 };
        prop_assert!(find_among(&[&secret], &text).contains(&wanted));
    }

    #[test]
    fn any_bytes_are_looked_at_without_a_panic(bytes: Vec<u8>) {
        let tails = Tails::new([None, Some("9f2c")]);
        prop_assert!(find_in_text(&bytes, &tails, &|_| None).is_empty());
    }
}
