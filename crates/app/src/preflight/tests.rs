//! Each question has a case that is good and one that it catches.

use gatewright_contract::preflight::{PreflightFix, PreflightStanding};
use gatewright_contract::run::Browser as WireBrowser;
use gatewright_contract::{Failure, FailureCode};
use gatewright_engine::login::Look;
use gatewright_engine::ports::SendError;
use gatewright_model::client_rules::check_draft;
use gatewright_model::run::Browser;
use gatewright_model::{Client, ClientRecordId, Environment, Ownership, ProtocolSettings, Provider};
use gatewright_protocol::authorization::ResponseMode;
use gatewright_protocol::http::HttpResponse;
use gatewright_protocol::redirect_uri::RedirectUri;
use gatewright_protocol::{ClientId, ClientIdKind, Secret};
use jiff::Timestamp;

use super::asks::Looked;
use super::item::Item;
use super::port::PortSeen;
use super::secret::SecretSeen;
use super::subject::{Approval, AtProvider, Subject};
use super::*;

mod connection;
mod recent_answers;

const CALLBACK: &str = "https://app.example.org/callback";
const NOON: &str = "2026-03-01T12:00:00Z";

fn provider(id: &str) -> Provider {
    Provider::built_in().into_iter().find(|provider| provider.id.as_str() == id).unwrap()
}

/// A login at a real provider in which everything is as it should be.
fn subject(id: &str, change: impl FnOnce(&mut Subject)) -> Subject {
    let provider = provider(id);
    let client_id = match provider.client_form.client_id.value {
        ClientIdKind::Integer => ClientId::parse("7", ClientIdKind::Integer).unwrap(),
        ClientIdKind::Text => ClientId::parse("abc123", ClientIdKind::Text).unwrap(),
    };
    let client = Client {
        id: ClientRecordId::new("c1"),
        provider: provider.id.clone(),
        environment: Environment::Production,
        name: "Forum login".to_owned(),
        client_id,
        redirect_uris: vec![CALLBACK.to_owned()],
        ownership: Ownership::Owned,
        owner: "olivia".to_owned(),
        tag: String::new(),
        notes: String::new(),
        protocol_settings: ProtocolSettings::default(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        deleted_at: None,
    };
    let mut subject = Subject {
        bases: Some(provider.bases(Environment::Production, None)),
        client,
        provider,
        browser: Browser::Embedded,
        mode: ResponseMode::Query,
        redirect_uri: Ok(RedirectUri::parse(CALLBACK).unwrap()),
        scopes: Vec::new(),
        findings: Vec::new(),
        other_provider_hosts: Vec::new(),
        at_provider: AtProvider::Unknown,
        approval: Approval::Unknown,
        versions: Vec::new(),
        asks_endpoint: true,
        asks_not: None,
    };
    change(&mut subject);
    subject.findings = check_draft(&subject.provider, &subject.draft());
    subject
}

fn standing(item: &Item) -> PreflightStanding {
    item.standing
}

#[track_caller]
fn assert_good(item: &Item) {
    assert_eq!(item.standing, PreflightStanding::Good, "{item:?}");
    assert_eq!((&item.fix, item.stops), (&None, false), "{item:?}");
}

#[track_caller]
fn assert_caught(item: &Item, standing: PreflightStanding, fix: &PreflightFix) {
    assert_eq!((item.standing, item.fix.as_ref()), (standing, Some(fix)), "{item:?}");
}

fn with_base(id: &str, base: &str) -> Subject {
    subject(id, |subject| {
        if let Some(bases) = &mut subject.bases {
            base.clone_into(&mut bases.authorization);
        }
    })
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Looked {
    looked(Ok(HttpResponse {
        status,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.as_bytes().to_vec(),
        cut: false,
    }))
}

fn looked_at(endpoint: &str, answer: Result<HttpResponse, SendError>) -> Looked {
    Looked::Answered(Look { endpoint: endpoint.parse().unwrap(), answer, at: NOON.parse().unwrap() })
}

fn looked(answer: Result<HttpResponse, SendError>) -> Looked {
    looked_at("https://chattz.net/oauth/authorize", answer)
}

fn a_page() -> Looked {
    answer(200, &[("content-type", "text/html")], "<h1>Sign in</h1>")
}

fn host() -> String {
    "chattz.net".to_owned()
}

#[test]
fn a_stand_in_for_a_host_and_a_sandbox_that_is_off_stop_a_login() {
    assert_good(&server::judge(&subject("chattz", |_| {})));
    let placeholder = server::judge(&subject("chattr", |subject| subject.bases = None));
    assert_caught(&placeholder, PreflightStanding::Problem, &PreflightFix::SetBaseUrl);
    assert!(placeholder.stops);
    let off = server::judge(&subject("chattz", |subject| {
        subject.client.environment = Environment::Sandbox;
        subject.bases = None;
    }));
    assert_caught(&off, PreflightStanding::Problem, &PreflightFix::StartSandbox);
    let slash = server::judge(&with_base("chattr", "https://chat.school.net/"));
    assert_caught(&slash, PreflightStanding::Problem, &PreflightFix::SetBaseUrl);
}

#[test]
fn a_host_of_another_provider_is_noticed() {
    assert_good(&provider_host::judge(&subject("chattr", |subject| {
        subject.bases.as_mut().unwrap().authorization = "https://chat.school.net".to_owned();
    })));
    let mixed_up = provider_host::judge(&with_base("chattr", "https://chattz.net"));
    assert_caught(&mixed_up, PreflightStanding::Warning, &PreflightFix::SetBaseUrl);
    let number = subject("chattz", |subject| {
        subject.client.client_id = ClientId::parse("7", ClientIdKind::Text).unwrap();
    });
    assert_caught(&provider_host::judge(&number), PreflightStanding::Warning, &PreflightFix::EditClient);
}

#[test]
fn plain_http_to_another_machine_stops_a_login() {
    assert_good(&plain_http::judge(&subject("chattz", |_| {})));
    assert_good(&plain_http::judge(&with_base("chattz", "http://127.0.0.1:8080")));
    let plain = plain_http::judge(&with_base("chattz", "http://chattz.net"));
    assert_caught(&plain, PreflightStanding::Problem, &PreflightFix::OpenProvider);
    assert!(plain.stops);
}

#[test]
fn a_path_without_the_slash_of_its_server_is_noticed() {
    assert_good(&slashes::judge(&subject("contentdb", |_| {})));
    assert_good(&slashes::judge(&subject("gitter", |_| {})));
    let missing = subject("contentdb", |subject| subject.provider.endpoints.token.value = "/oauth/token".to_owned());
    let missing = slashes::judge(&missing);
    assert_caught(&missing, PreflightStanding::Warning, &PreflightFix::OpenProvider);
    assert_eq!(missing.expected.as_deref(), Some("/oauth/token/"));
}

#[test]
fn a_client_id_of_the_wrong_type_is_a_problem() {
    assert_good(&client_id::judge(&subject("chattr", |_| {})));
    let text = subject("chattr", |subject| {
        subject.client.client_id = ClientId::parse("APP_ID", ClientIdKind::Text).unwrap();
    });
    let text = client_id::judge(&text);
    assert_caught(&text, PreflightStanding::Problem, &PreflightFix::EditClient);
    assert_eq!(text.expected.as_deref(), Some("a whole number"));
}

#[test]
fn a_secret_that_is_missing_withheld_or_copied_badly_is_noticed_and_never_shown() {
    let subject = subject("chattz", |_| {});
    let judged = |seen| secret::judge(&subject, seen);
    assert_good(&judged(SecretSeen::NotNeeded));
    assert_good(&judged(SecretSeen::Got(Secret::new("s3cr3t-of-some-length"))));
    let copied = judged(SecretSeen::Got(Secret::new("canary-with-a-newline\n")));
    assert_caught(&copied, PreflightStanding::Problem, &PreflightFix::PasteSecret);
    assert!(!format!("{copied:?}").contains("canary"), "{copied:?}");
    let missing = judged(SecretSeen::Missing { lost: false });
    assert_caught(&missing, PreflightStanding::Problem, &PreflightFix::PasteSecret);
    assert!(missing.stops);
    assert_caught(&judged(SecretSeen::Late), PreflightStanding::Problem, &PreflightFix::OpenSettings);
    let locked = judged(SecretSeen::Withheld(Failure::new(FailureCode::KeyringLocked, "The keyring is locked.")));
    assert_caught(&locked, PreflightStanding::Problem, &PreflightFix::OpenSettings);
}

#[test]
fn a_redirect_uri_that_comes_back_otherwise_is_noticed() {
    assert_good(&redirect_uri::judge(&subject("chattz", |_| {})));
    let no_slash = subject("chattz", |subject| {
        subject.client.redirect_uris = vec!["https://app.example.org".to_owned()];
        subject.redirect_uri = Ok(RedirectUri::parse("https://app.example.org").unwrap());
    });
    assert_caught(&redirect_uri::judge(&no_slash), PreflightStanding::Warning, &PreflightFix::EditClient);
    let space = subject("chattz", |subject| {
        subject.client.redirect_uris = vec![format!("{CALLBACK} ")];
        subject.redirect_uri = Err(Failure::new(FailureCode::Invalid, "None can be used."));
    });
    assert_caught(&redirect_uri::judge(&space), PreflightStanding::Problem, &PreflightFix::EditClient);
}

#[test]
fn a_redirect_uri_that_the_provider_does_not_have_is_a_problem() {
    let having = |uris: &[&str]| {
        let redirect_uris = uris.iter().map(|uri| (*uri).to_owned()).collect();
        subject("chattz", |subject| {
            subject.at_provider = AtProvider::Known { redirect_uris, source: "its sandbox twin" }
        })
    };
    assert_good(&redirect_uri_registered::judge(&having(&[CALLBACK])));
    assert_good(&redirect_uri_registered::judge(&subject("chattz", |_| {})));
    let other = redirect_uri_registered::judge(&having(&["https://app.example.org/callback/"]));
    assert_caught(&other, PreflightStanding::Problem, &PreflightFix::OpenRedirectLab);
    assert_eq!(other.received.as_deref(), Some(CALLBACK));
    assert!(!other.stops, "the person may try all the same");
    let none = subject("chattz", |subject| {
        subject.browser = Browser::System;
        subject.redirect_uri =
            Err(Failure::new(FailureCode::Invalid, "The system browser needs one on this computer."));
    });
    let none = redirect_uri_registered::judge(&none);
    assert_caught(&none, PreflightStanding::Problem, &PreflightFix::ChooseBrowser(WireBrowser::Embedded));
    assert!(none.stops);
}

#[test]
fn a_port_that_is_taken_is_a_problem_with_another_way_out() {
    let subject = subject("chattz", |_| {});
    assert_good(&port::judge(&subject, PortSeen::NotNeeded));
    assert_good(&port::judge(&subject, PortSeen::Free(8914)));
    let taken = |other: Option<&str>| PortSeen::Refused {
        why: "port 8914 on 127.0.0.1 is taken by another program".to_owned(),
        other: other.map(str::to_owned),
    };
    let view = PreflightFix::ChooseBrowser(WireBrowser::Embedded);
    assert_caught(&port::judge(&subject, taken(None)), PreflightStanding::Problem, &view);
    let other = "http://127.0.0.1:8915/callback";
    let choose = PreflightFix::ChooseRedirectUri(other.to_owned());
    assert_caught(&port::judge(&subject, taken(Some(other))), PreflightStanding::Problem, &choose);
}

#[test]
fn a_client_that_waits_for_approval_is_noticed_where_that_matters() {
    assert_good(&approval::judge(&subject("chattz", |_| {})));
    let at_contentdb = |approval| approval::judge(&subject("contentdb", |subject| subject.approval = approval));
    assert_good(&at_contentdb(Approval::Approved));
    assert_good(&at_contentdb(Approval::OtherLoggedIn { one: "olivia".to_owned(), other: "theo".to_owned() }));
    let waits = at_contentdb(Approval::NotApproved { owner: "olivia".to_owned() });
    assert_eq!(standing(&waits), PreflightStanding::Warning);
    assert_eq!(standing(&at_contentdb(Approval::Unknown)), PreflightStanding::Warning);
}

#[test]
fn a_clock_that_is_off_is_noticed_by_how_much() {
    let at = |date: &str| clock::judge(&answer(200, &[("date", date)], ""));
    assert_good(&at("Sun, 01 Mar 2026 12:00:20 GMT"));
    let behind = at("Sun, 01 Mar 2026 12:03:00 GMT");
    assert_eq!(standing(&behind), PreflightStanding::Warning);
    assert!(behind.sentence.contains("3 minutes behind"), "{behind:?}");
    let ahead = at("Sun, 01 Mar 2026 09:00:00 GMT");
    assert_eq!(standing(&ahead), PreflightStanding::Problem);
    assert!(ahead.sentence.contains("3 hours ahead of"), "{ahead:?}");
    assert_eq!(standing(&at("yesterday")), PreflightStanding::Skipped);
}

#[test]
fn a_page_to_sign_in_on_is_a_good_first_answer_wherever_it_is() {
    let subject = subject("chattz", |_| {});
    assert_good(&first_answer::judge(&subject, &a_page()));
    for location in ["/login?next=%2Foauth", "https://id.chattz.net/sign-in", "https://github.com/login/oauth"] {
        let sent_on = answer(302, &[("location", location)], "");
        assert_good(&first_answer::judge(&subject, &sent_on));
    }
}

#[test]
fn a_refusal_before_anybody_is_asked_is_told_in_the_servers_words() {
    let subject = subject("chattz", |_| {});
    let judged =
        |status, headers: &[(&str, &str)], body: &str| first_answer::judge(&subject, &answer(status, headers, body));
    let page = "<html><head><title>Oops</title><style>p{color:red}</style></head><p>redirect_uri does <b>not</b> match client</p></html>";
    let refused = judged(400, &[("content-type", "text/html")], page);
    assert_caught(&refused, PreflightStanding::Problem, &PreflightFix::OpenRedirectLab);
    assert_eq!(refused.received.as_deref(), Some("400, “redirect_uri does not match client”"));
    let json = judged(401, &[], r#"{"error":"invalid_client","error_description":"Who is that?"}"#);
    assert_eq!(json.received.as_deref(), Some("401, “invalid_client: Who is that?”"));
    let moved = judged(308, &[("location", "/oauth/authorize/")], "");
    assert_caught(&moved, PreflightStanding::Problem, &PreflightFix::OpenProvider);
    let back = format!("{CALLBACK}?error=invalid_scope&state=x");
    let back = judged(302, &[("location", &back)], "");
    assert_caught(&back, PreflightStanding::Problem, &PreflightFix::EditClient);
    assert_eq!(back.received.as_deref(), Some("“invalid_scope”"));
    let by_itself = format!("{CALLBACK}?code=canary&state=x");
    let by_itself = judged(302, &[("location", &by_itself)], "");
    assert_eq!(standing(&by_itself), PreflightStanding::Warning);
    assert!(!format!("{by_itself:?}").contains("canary"), "{by_itself:?}");
    assert_eq!(standing(&judged(502, &[], "<p>Bad gateway</p>")), PreflightStanding::Problem);
    assert_eq!(standing(&judged(302, &[("location", "http://chattz.net/login")], "")), PreflightStanding::Problem);
    assert_eq!(standing(&judged(200, &[("content-type", "application/json")], "{}")), PreflightStanding::Warning);
}

#[test]
fn a_server_that_does_not_answer_is_a_problem_and_one_that_may_not_be_asked_is_none() {
    let subject = subject("chattz", |_| {});
    let late = SendError::TimedOut { host: host(), after: std::time::Duration::from_secs(8) };
    let late = first_answer::judge(&subject, &looked(Err(late)));
    assert_caught(&late, PreflightStanding::Problem, &PreflightFix::SetBaseUrl);
    let left_alone = Looked::NotAsked("Not asked.".to_owned());
    assert_eq!(standing(&first_answer::judge(&subject, &left_alone)), PreflightStanding::Skipped);
    assert_eq!(standing(&clock::judge(&left_alone)), PreflightStanding::Skipped);
}
