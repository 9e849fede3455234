//! Reports to test with.

use gatewright_model::exchange::{Exchange, ExchangePurpose, Piece, RecordedField, RecordedRequest, RecordedResponse};
use gatewright_model::run::{
    Browser, EndReason, Ending, Finding, Identity, Outcome, StepKind, StepStatus, TokenSummary,
};
use gatewright_model::{ClientRecordId, Environment, ProviderId, Redacted, Run, RunId, Step};
use jiff::{SignedDuration, Timestamp};

use crate::report::{
    Answer, Comparison, Cover, Entry, Include, Maker, Part, Picture, RecordedRun, WalkCover, WalkedScenario,
};
use crate::wording::Verdict;

/// Everything that a report can have.
pub const EVERYTHING: Include = Include { exchanges: true, pictures: true };

/// The smallest picture there is.
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6,
    0, 0, 0, 0x1f, 0x15, 0xc4, 0x89,
];

/// So many seconds after the samples begin.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(1_795_200_000 + seconds)).unwrap_or_default()
}

/// A header, a parameter or a field of a body.
pub fn field(name: &str, value: impl Into<Redacted>) -> RecordedField {
    RecordedField { name: name.to_owned(), value: value.into() }
}

/// A text and a reference after it.
pub fn pieces(text: &str, reference: &str) -> Redacted {
    Redacted(vec![Piece::Text(text.to_owned()), Piece::Reference(reference.to_owned())])
}

/// A token request with its answer.
pub fn token_exchange() -> Exchange {
    Exchange {
        purpose: ExchangePurpose::Token,
        request: RecordedRequest {
            method: "POST".to_owned(),
            url: "https://chattz.net/api/oauth/token".to_owned(),
            query: Vec::new(),
            headers: vec![
                field("accept", Redacted::text("application/json")),
                field("content-type", Redacted::text("application/x-www-form-urlencoded")),
            ],
            encoding: "form".to_owned(),
            fields: vec![
                field("grant_type", Redacted::text("authorization_code")),
                field("code", Redacted::reference(&"code#1")),
                field("redirect_uri", Redacted::text("https://app.example.org/callback?a=b&c=d")),
                field("client_secret", Redacted::reference(&"secret:v3")),
            ],
        },
        response: Some(RecordedResponse {
            status: 200,
            headers: vec![field("content-type", Redacted::text("application/json"))],
            body: Redacted(vec![
                Piece::Text("{\n  \"access_token\": \"".to_owned()),
                Piece::Reference("token#1".to_owned()),
                Piece::Text("\"\n}".to_owned()),
            ]),
            bytes: 64,
            cut: false,
        }),
        duration_us: 12_400,
        failure: None,
    }
}

fn finding_of(text: &str) -> Finding {
    Finding {
        code: "token_never_expires".to_owned(),
        title: text.to_owned(),
        advice: text.to_owned(),
        field: text.to_owned(),
        expected: Redacted::text(text),
        received: pieces(text, "token#1"),
    }
}

/// A login with one finding, of which every text that comes from outside is `text`.
pub fn run_of(text: &str) -> RecordedRun {
    let owned = || text.to_owned();
    let mut exchange = token_exchange();
    exchange.request.query.push(field(text, Redacted::text(text)));
    exchange.request.headers.push(field("x-text", Redacted::text(text)));
    exchange.request.fields.push(field(text, pieces(text, "code#1")));
    if let Some(response) = &mut exchange.response {
        response.headers.push(field(text, Redacted::text(text)));
        response.body.push_text(text);
    }
    let failed = Exchange { response: None, failure: Some(owned()), ..exchange.clone() };
    let finding = finding_of(text);
    let step = |kind, status, findings, exchanges| Step {
        kind,
        status,
        sentence: owned(),
        duration_us: Some(14_000),
        waited_for_person: kind == StepKind::Pages,
        findings,
        exchanges,
        pages: if kind == StepKind::Pages { vec![owned()] } else { Vec::new() },
    };
    RecordedRun {
        part: Some(owned()),
        run: Run {
            id: RunId::new("run-1"),
            client: ClientRecordId::new("client-1"),
            client_name: owned(),
            provider: ProviderId::new("chattz"),
            environment: Environment::Sandbox,
            browser: Browser::Embedded,
            meant: None,
            started_at: at(0),
            duration_ms: Some(8_140),
            person_ms: Some(6_020),
            outcome: Outcome::LoggedIn { findings: 1 },
            identity: Some(Identity {
                subject: owned(),
                display_name: Some(owned()),
                fields: vec![(owned(), owned())],
            }),
            tokens: Some(TokenSummary {
                issued: vec!["access_token".to_owned()],
                token_type: Some(owned()),
                expires_in: None,
                refresh_expires_in: None,
                scope: Some(owned()),
            }),
        },
        provider: owned(),
        steps: vec![
            step(StepKind::Pages, StepStatus::Passed, Vec::new(), Vec::new()),
            step(StepKind::TokenRequest, StepStatus::Warned, vec![finding], vec![exchange, failed]),
        ],
        pictures: vec![Picture { caption: owned(), address: owned(), taken_at: at(2), png: DOT.to_vec() }],
    }
}

/// The same login, refused.
pub fn refused_run_of(text: &str) -> RecordedRun {
    let mut recorded = run_of(text);
    recorded.run.outcome =
        Outcome::Ended(Ending { reason: EndReason::TokenRefused, sentence: text.to_owned(), next: text.to_owned() });
    recorded.run.identity = None;
    recorded
}

/// A scenario with one login, of which every text that comes from outside is `text`.
pub fn scenario_of(text: &str, verdict: Verdict) -> WalkedScenario {
    let owned = || text.to_owned();
    WalkedScenario {
        entry: Entry {
            key: owned(),
            title: owned(),
            verdict,
            words: owned(),
            provider: owned(),
            environment: Environment::Sandbox,
            started_at: Some(at(0)),
            duration_ms: Some(9_000),
        },
        instruction: owned(),
        expected: vec![owned()],
        sentence: owned(),
        comparisons: vec![Comparison { about: owned(), expected: owned(), received: owned(), verdict }],
        answers: vec![Answer { question: owned(), yes: Some(true) }],
        person: Some(Verdict::Passed),
        notes: owned(),
        runs: vec![run_of(text)],
    }
}

/// The cover of these parts.
pub fn cover_of(title: &str, parts: &[Part]) -> Cover {
    Cover {
        title: title.to_owned(),
        made_at: at(60),
        maker: Maker { version: "0.1.0".to_owned(), system: "Linux, x86_64".to_owned() },
        walk: None,
        contents: parts.iter().map(Part::entry).collect(),
    }
}

/// A report with a part of each kind in which every text that comes from outside is `text`.
pub fn report_of(text: &str) -> (Cover, Vec<Part>) {
    let parts = vec![
        Part::Run(Box::new(run_of(text))),
        Part::Run(Box::new(refused_run_of(text))),
        Part::Scenario(Box::new(scenario_of(text, Verdict::Inconclusive))),
        Part::Scenario(Box::new(scenario_of(text, Verdict::Skipped))),
    ];
    let mut cover = cover_of(text, &parts);
    cover.walk = Some(WalkCover {
        plan: text.to_owned(),
        about: text.to_owned(),
        client: text.to_owned(),
        provider: text.to_owned(),
        environment: Environment::Sandbox,
        started_at: at(0),
        ended_at: Some(at(50)),
        test_user: Some(text.to_owned()),
    });
    (cover, parts)
}

/// What servers have sent to break what shows it, or might.
pub fn hostile() -> Vec<String> {
    let texts = [
        "<script>alert(1)</script>",
        "\"><img src=https://evil.example/x onerror=alert(1)>",
        "</title></style></pre><style>@import url(https://evil.example/x);</style>",
        "javascript:alert(1)",
        "]]><!ENTITY x SYSTEM \"file:///etc/passwd\">",
        "&lt;b&gt; &#0; &amp",
        "=cmd|' /C calc'!A0",
        "\t=1+1",
        "@SUM(A1)",
        "moc.\u{202e}live\u{2066}\u{200b}",
        "\0\u{1}\u{1b}[31m\u{7f}\u{9b}\u{fffe}\u{feff}",
        "'; rm -rf ~ #\n$(reboot) `reboot` \\ \"$SECRET\" !!",
        "{{ 7 * 7 }}{% include \"x\" %}",
        "%s%n\r\nset-cookie: a=b",
    ];
    texts.into_iter().map(str::to_owned).chain([String::new(), "\u{202e}ä<".repeat(11_000)]).collect()
}
