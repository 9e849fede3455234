//! Pictures of a login that worked with a remark, of one that was refused, and of one that a hostile provider had a hand in.

use gatewright_language::Language;
use gatewright_model::exchange::{ExchangePurpose, RecordedField, RecordedRequest, RecordedResponse};
use gatewright_model::run::{Browser, EndReason, Ending, Finding, StepKind, StepStatus};
use gatewright_model::{ClientRecordId, Environment, Exchange, Outcome, ProviderId, Redacted, Run, RunId, Step};
use jiff::Timestamp;

use super::{Subject, Theme, png, sequence, waterfall};

pub(crate) fn run(outcome: Outcome) -> Run {
    Run {
        id: RunId::new("run-1"),
        client: ClientRecordId::new("client-1"),
        client_name: "Forum login".to_owned(),
        provider: ProviderId::new("contentdb"),
        environment: Environment::Sandbox,
        browser: Browser::Embedded,
        meant: None,
        started_at: Timestamp::from_second(1_767_225_600).unwrap(),
        duration_ms: Some(1_800),
        person_ms: Some(1_200),
        outcome,
        identity: None,
        tokens: None,
    }
}

fn step(kind: StepKind, sentence: &str, duration_us: u64) -> Step {
    Step {
        kind,
        status: StepStatus::Passed,
        sentence: sentence.to_owned(),
        duration_us: Some(duration_us),
        waited_for_person: false,
        findings: Vec::new(),
        exchanges: Vec::new(),
        pages: Vec::new(),
    }
}

pub(crate) fn field(name: &str, value: &str) -> RecordedField {
    RecordedField { name: name.to_owned(), value: Redacted::text(value) }
}

fn exchange(purpose: ExchangePurpose, method: &str, url: &str) -> Exchange {
    let request = RecordedRequest {
        method: method.to_owned(),
        url: url.to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        encoding: String::new(),
        fields: Vec::new(),
    };
    Exchange { purpose, request, response: None, duration_us: 0, failure: None }
}

fn answered(status: u16, body: Redacted, took: u64, exchange: Exchange) -> Exchange {
    let response = RecordedResponse { status, headers: Vec::new(), body, bytes: 96, cut: false };
    Exchange { response: Some(response), duration_us: took, ..exchange }
}

fn authorization() -> Exchange {
    let mut asked =
        exchange(ExchangePurpose::Authorization, "GET", "http://127.0.0.1:40123/contentdb/oauth/authorize/");
    asked.request.query = ["response_type", "client_id", "redirect_uri", "state"].map(|name| field(name, "…")).to_vec();
    asked
}

pub(crate) fn callback(parameters: &str) -> Exchange {
    let mut body = Redacted::text("http://127.0.0.1:7171/callback?");
    // References stand between ‹ and ›, as `to_plain` writes them.
    for part in parameters.split_inclusive('›') {
        let (text, reference) = part.split_once('‹').unwrap_or((part, ""));
        body.push_text(text);
        if !reference.is_empty() {
            body.push_reference(&reference.trim_end_matches('›'));
        }
    }
    answered(0, body, 0, authorization())
}

fn token(status: u16, body: &str) -> Exchange {
    let mut asked = exchange(ExchangePurpose::Token, "POST", "http://127.0.0.1:40123/contentdb/oauth/token/");
    asked.request.fields = vec![
        field("grant_type", "authorization_code"),
        RecordedField { name: "code".to_owned(), value: Redacted::reference(&"code#1") },
        RecordedField { name: "client_secret".to_owned(), value: Redacted::reference(&"secret:v3") },
    ];
    // A reference stands in the place of the whole value, quotes included.
    let mut recorded = Redacted::default();
    for (place, text) in body.split("\"‹token#1›\"").enumerate() {
        if place > 0 {
            recorded.push_reference(&"token#1");
        }
        recorded.push_text(text);
    }
    answered(status, recorded, 38_000, asked)
}

fn finding() -> Finding {
    Finding {
        code: "token_never_expires".to_owned(),
        title: "The access token has no lifetime.".to_owned(),
        advice: "Treat a leak as permanent.".to_owned(),
        field: "expires_in".to_owned(),
        expected: Redacted::text("number of seconds"),
        received: Redacted::text("absent"),
    }
}

/// A login as it usually goes.
pub(crate) fn steps() -> Vec<Step> {
    let identity = exchange(ExchangePurpose::Identity, "GET", "http://127.0.0.1:40123/contentdb/api/whoami/");
    let mut identity =
        answered(200, Redacted::text(r#"{"is_authenticated": true, "username": "qa-two"}"#), 19_000, identity);
    identity.request.headers = vec![field("Authorization", "Bearer ‹token#1›")];
    vec![
        Step {
            exchanges: vec![authorization()],
            ..step(StepKind::AuthorizationRequest, "response_type · client_id", 900)
        },
        Step {
            waited_for_person: true,
            pages: vec!["http://127.0.0.1:40123/contentdb/user/sign-in".to_owned()],
            ..step(StepKind::Pages, "1 page seen", 1_200_000)
        },
        Step {
            exchanges: vec![callback("code=‹code#1›&state=‹state#1›")],
            ..step(StepKind::Callback, "Caught before any request left this computer.", 230)
        },
        Step {
            status: StepStatus::Warned,
            findings: vec![finding()],
            exchanges: vec![token(200, r#"{"success": true, "access_token": "‹token#1›", "token_type": "Bearer"}"#)],
            ..step(StepKind::TokenRequest, "Token issued, but it never expires.", 38_400)
        },
        Step { exchanges: vec![identity], ..step(StepKind::Identity, "username = qa-two", 19_700) },
    ]
}

fn denied() -> (Run, Vec<Step>) {
    let ending = Ending {
        reason: EndReason::Denied,
        sentence: "The person pressed “Deny” at ContentDB, and the provider said so: access_denied.".to_owned(),
        next: "Log in again and approve.".to_owned(),
    };
    let mut steps: Vec<Step> = steps().into_iter().take(3).collect();
    steps[2] = Step {
        status: StepStatus::Failed,
        exchanges: vec![callback("error=access_denied&state=‹state#1›")],
        ..step(StepKind::Callback, "error=access_denied", 230)
    };
    (run(Outcome::Ended(ending)), steps)
}

fn subject<'a>(run: &'a Run, steps: &'a [Step]) -> Subject<'a> {
    Subject { run, steps, provider_name: "ContentDB" }
}

#[test]
fn a_login_is_drawn_with_everybody_who_took_part() {
    let (run, steps) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let diagram = sequence(&subject(&run, &steps), Theme::Light, Language::English);
    insta::assert_snapshot!("sequence", diagram.svg);
    insta::assert_snapshot!(diagram.words.join("\n"), @r#"
    1 Jan 2026, 00:00:00 UTC · 1.80 s · Logged in, 1 finding.
    Step 1, Authorization request (passed, 0.9 ms): response_type · client_id
    Gatewright to Browser: open /contentdb/oauth/authorize/ with response_type, client_id, redirect_uri, state.
    Browser to ContentDB: GET /contentdb/oauth/authorize/.
    Step 2, Login and consent pages (passed, 1.20 s): 1 page seen
    ContentDB to Browser: page /contentdb/user/sign-in.
    The person signs in and decides · 1.20 s.
    Step 3, Callback (passed, 0.2 ms): Caught before any request left this computer.
    Browser to Gatewright: callback /callback with code, state.
    Step 4, Token request (warning, 38 ms): Token issued, but it never expires.
    Gatewright to ContentDB: POST /contentdb/oauth/token/ with grant_type, code, client_secret.
    ContentDB to Gatewright: 200 · 38 ms with success, access_token, token_type.
    Finding: The access token has no lifetime.
    Step 5, Identity (passed, 19 ms): username = qa-two
    Gatewright to ContentDB: GET /contentdb/api/whoami/ with Authorization header.
    ContentDB to Gatewright: 200 · 19 ms with is_authenticated, username.
    "#);
}

#[test]
fn the_times_of_a_login_are_drawn_with_the_persons_time_folded() {
    let (run, steps) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let diagram = waterfall(&subject(&run, &steps), Theme::Light, Language::English);
    insta::assert_snapshot!("waterfall", diagram.svg);
    insta::assert_snapshot!(diagram.words.join("\n"), @r#"
    1  Authorization request: 0.9 ms.
    2  Login and consent pages: 1.20 s, the person's time.
    3  Callback: 0.2 ms.
    4  Token request: 38 ms.
    POST /contentdb/oauth/token/: 38 ms.
    5  Identity: 19 ms.
    GET /contentdb/api/whoami/: 19 ms.
    "#);
    let patient = Step { duration_us: Some(3_600_000_000), ..steps[1].clone() };
    let patiently = [&steps[..1], &[patient], &steps[2..]].concat();
    let longer = waterfall(&subject(&run, &patiently), Theme::Light, Language::English).svg;
    assert_eq!(longer.replace("60 min 00 s", "1.20 s"), diagram.svg, "an hour of thinking moves nothing");
}

#[test]
fn a_refusal_and_an_answer_that_never_came_can_be_told_apart() {
    let (run, mut steps) = denied();
    let said = sequence(&subject(&run, &steps), Theme::Light, Language::English).words.join("\n");
    assert!(said.contains("callback /callback with error, state"), "{said}");
    let silent = Exchange {
        failure: Some("The connection was closed.".to_owned()),
        ..exchange(ExchangePurpose::Token, "POST", "https://x/token")
    };
    steps.push(Step {
        status: StepStatus::Failed,
        exchanges: vec![silent],
        ..step(StepKind::TokenRequest, "No answer.", 10)
    });
    steps.push(Step {
        exchanges: vec![token(400, r#"{"error": "invalid_grant"}"#)],
        ..step(StepKind::TokenRequest, "Refused.", 10)
    });
    let said = sequence(&subject(&run, &steps), Theme::Light, Language::English).words.join("\n");
    assert!(said.contains("No response came: The connection was closed."), "{said}");
    assert!(said.contains("ContentDB to Gatewright: 400 · 38 ms with error: invalid_grant."), "{said}");
}

#[test]
fn a_themes_colours_are_the_only_difference_between_the_themes() {
    let (run, steps) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let [light, dark] =
        [Theme::Light, Theme::Dark].map(|theme| sequence(&subject(&run, &steps), theme, Language::English));
    assert_ne!(light.svg, dark.svg);
    assert_eq!(light.words, dark.words);
    let without_colours =
        |svg: &str| svg.split('#').map(|part| part.get(6..).unwrap_or_default().to_owned()).collect::<Vec<_>>();
    assert_eq!(without_colours(&light.svg).len(), without_colours(&dark.svg).len());
}

#[test]
fn what_a_provider_wrote_is_never_markup() {
    let hostile = "</text><script>alert(1)</script><image href=\"https://evil.example/x\"/>\u{0}\u{202e}";
    let mut run = run(Outcome::LoggedIn { findings: 0 });
    run.client_name = hostile.to_owned();
    let mut sent = token(200, &serde_json::json!({ hostile: hostile, "error": hostile }).to_string());
    sent.request.url = format!("https://x.example/{hostile}");
    sent.request.fields = vec![field(hostile, "x")];
    let steps = [Step {
        pages: vec![hostile.to_owned()],
        exchanges: vec![sent, Exchange { failure: Some(hostile.to_owned()), ..callback(hostile) }],
        findings: vec![Finding { title: hostile.to_owned(), ..finding() }],
        ..step(StepKind::TokenRequest, hostile, 1)
    }];
    let subject = Subject { run: &run, steps: &steps, provider_name: hostile };
    for svg in [
        sequence(&subject, Theme::Light, Language::English).svg,
        waterfall(&subject, Theme::Dark, Language::English).svg,
    ] {
        for forbidden in ["<script", "<image", "href=", "\u{202e}", "\u{0}"] {
            assert!(!svg.replace("href=&quot;", "").contains(forbidden), "{forbidden:?}");
        }
        assert!(resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).is_ok(), "it is well-formed");
    }
}

#[test]
fn a_run_without_steps_is_a_picture_too() {
    let run = run(Outcome::Running);
    for diagram in [
        sequence(&subject(&run, &[]), Theme::Light, Language::English),
        waterfall(&subject(&run, &[]), Theme::Light, Language::English),
    ] {
        assert!(png(&diagram.svg).is_ok());
    }
}

#[test]
fn a_png_has_text_on_a_system_without_fonts() {
    let (run, steps) = (run(Outcome::LoggedIn { findings: 1 }), steps());
    let svg = sequence(&subject(&run, &steps), Theme::Light, Language::English).svg;
    let with_text = png(&svg).unwrap();
    assert_eq!(&with_text[..8], b"\x89PNG\r\n\x1a\n");
    let opened = resvg::tiny_skia::Pixmap::decode_png(&with_text).unwrap();
    assert_eq!(opened.width(), 2_000, "two pixels of the file for one of the picture");
    let wordless: String = svg.lines().filter(|line| !line.starts_with("<text")).collect();
    assert!(png(&wordless).unwrap().len() * 2 < with_text.len(), "without text there is much less to see");
}

#[test]
fn a_very_long_run_is_drawn_smaller_rather_than_not_at_all() {
    let run = run(Outcome::LoggedIn { findings: 0 });
    let steps: Vec<Step> = (0..100).flat_map(|_| steps()).collect();
    let drawn = png(&sequence(&subject(&run, &steps), Theme::Light, Language::English).svg).unwrap();
    let opened = resvg::tiny_skia::Pixmap::decode_png(&drawn).unwrap();
    assert!(opened.height() <= 16_001, "{}", opened.height());
}

/// One word as a picture.
fn word(word: &str, weight: u32) -> Vec<u8> {
    let text = format!(r##"<text x="4" y="24" font-size="20" font-weight="{weight}" fill="#000">{word}</text>"##);
    let document =
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="32" font-family="Inter, sans-serif">"#;
    png(&format!("{document}{text}</svg>")).unwrap()
}

/// Every desktop has a font with Greek and Cyrillic letters; with Chinese and Arabic ones, not every one.
#[test]
fn a_png_has_letters_that_are_not_latin() {
    for [one, other] in [["Жанна", "Фёкла"], ["Ψυχή", "Ξένη"], ["Ωmega", "Λmega"]] {
        assert_ne!(word(one, 400), word(other, 400), "{one} and {other} look the same: both are boxes");
        assert_ne!(word(one, 400), word(one, 600), "{one} is not bold");
    }
}

#[test]
fn a_letter_that_no_font_has_is_a_box_among_the_others() {
    // Of a plane for private use, in which no font has anything.
    assert_eq!(word("a\u{10fffc}b", 400), word("a\u{10fffd}b", 400));
    assert_ne!(word("a\u{10fffc}b", 400), word("a\u{10fffc}c", 400));
}
