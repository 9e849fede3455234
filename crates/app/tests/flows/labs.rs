//! The cancel lab and the redirect lab.

use std::net::TcpListener;
use std::time::Duration;

use gatewright_contract::Handler;
use gatewright_contract::client::{ClientDetail, Environment};
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::lab::{
    CancelAgreement, CancelCorrection, CancelLab, CancelLabQuery, CancelObservation, CancelSignal, DifferenceSide,
    RedirectLab, RedirectLabQuery, RedirectTrial,
};
use gatewright_contract::login::LoginStart;
use gatewright_contract::run::{Browser, RunRef};

use crate::person::Decision;
use crate::stage::Stage;

const CALLBACK: &str = "https://app.example.org/callback";

#[tokio::test]
async fn every_twins_cancel_is_told_for_what_it_is() {
    let stage = Stage::new().await;
    for (twin, signal, agreement) in [
        ("chattr", CancelSignal::AccessDenied, CancelAgreement::New),
        ("chattz", CancelSignal::AccessDenied, CancelAgreement::New),
        ("chaster", CancelSignal::AccessDenied, CancelAgreement::New),
        ("gitter", CancelSignal::AccessDenied, CancelAgreement::New),
        ("contentdb", CancelSignal::BareRedirect, CancelAgreement::Confirmed),
    ] {
        let client = stage.register(twin, CALLBACK).await;
        let seen = experiment(&stage, &client, Decision::Cancel).await.unwrap();
        assert_eq!(seen.signal, signal, "{twin}: {}", seen.sentence);
        let said = lab(&stage, twin).await;
        if said.says.starts_with("nothing") || twin == "contentdb" {
            assert_eq!(seen.agreement, agreement, "{twin}");
        }
        assert_eq!(said.handling.signal, signal, "{twin}: the code is for what was seen");
    }
}

#[tokio::test]
async fn with_faults_the_other_cancels_are_told_too() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    for (fault, variant, signal) in [
        ("AZ-01", None, CancelSignal::ErrorWithoutState),
        ("AZ-02", None, CancelSignal::ForeignState),
        ("AZ-11", None, CancelSignal::BareRedirect),
        ("AZ-19", None, CancelSignal::OtherError),
        ("AZ-21", Some("path"), CancelSignal::OtherPage),
    ] {
        inject(&stage, Some((fault, variant))).await;
        let seen = experiment(&stage, &client, Decision::Cancel).await.unwrap();
        assert_eq!(seen.signal, signal, "{fault}: {}", seen.sentence);
    }
    inject(&stage, None).await;
    let shown = lab(&stage, "chattz").await;
    assert_eq!(shown.observations.len(), 5);
    assert!(shown.handling.never.contains("still be looking"), "the newest counts: {}", shown.handling.never);
}

#[tokio::test]
async fn a_window_that_is_closed_and_a_person_who_gives_up_are_told_apart_and_can_be_corrected() {
    let stage = Stage::new().await;
    let client = stage.register("gitter", CALLBACK).await;
    let closed = experiment(&stage, &client, Decision::Close).await.unwrap();
    assert_eq!((closed.signal, closed.agreement), (CancelSignal::WindowClosed, CancelAgreement::Unclear));
    let handled = lab(&stage, "gitter").await.handling.signal;
    assert_eq!(handled, CancelSignal::AccessDenied, "an app is told nothing new by it");

    let correction = CancelCorrection { run: closed.run.clone(), signal: CancelSignal::OtherPage };
    stage.app.cancel_lab_correct(correction).await.unwrap();
    let corrected = lab(&stage, "gitter").await.observations.remove(0);
    assert_eq!((corrected.signal, corrected.by_person), (CancelSignal::OtherPage, true));

    let slip = CancelCorrection { run: closed.run.clone(), signal: CancelSignal::Nothing };
    stage.app.cancel_lab_correct(slip).await.unwrap();
    assert_eq!(lab(&stage, "gitter").await.observations[0].signal, CancelSignal::Nothing, "the last word counts");

    let invented = CancelCorrection { run: closed.run, signal: CancelSignal::AccessDenied };
    let refused = stage.app.cancel_lab_correct(invented).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("signal"), "what comes back is on record");

    let waiting = stage.app.cancel_lab_start(start(&client, Browser::Paste)).await.unwrap();
    stage.address_of(&waiting).await;
    stage.app.login_cancel(waiting.clone()).await.unwrap();
    let gave_up = observed(&stage, "gitter", &waiting).await.unwrap();
    assert_eq!(gave_up.signal, CancelSignal::Nothing);
}

#[tokio::test]
async fn a_person_who_approves_teaches_nothing_about_cancels() {
    let stage = Stage::new().await;
    let client = stage.register("chattr", CALLBACK).await;
    assert_eq!(experiment(&stage, &client, Decision::Approve).await, None);
    stage.person("theo", Decision::Cancel);
    stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(lab(&stage, "chattr").await.observations, [], "an ordinary login is no experiment");
}

#[tokio::test]
async fn what_was_seen_outlives_a_restart_and_its_run() {
    let stage = Stage::new().await;
    let client = stage.register("contentdb", CALLBACK).await;
    let seen = experiment(&stage, &client, Decision::Cancel).await.unwrap();
    let runs = gatewright_contract::run::RunRefs { runs: vec![seen.run.clone()] };
    stage.app.run_delete(runs).await.unwrap();
    let stage = stage.restart().await;
    assert_eq!(lab(&stage, "contentdb").await.observations, [seen]);
}

#[tokio::test]
async fn a_redirect_uri_is_compared_with_what_the_twin_has_letter_by_letter() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", CALLBACK).await;
    let same = redirect_lab(&stage, &client, None).await;
    assert_eq!((same.differences.len(), &*same.source), (0, "its sandbox twin"));
    assert_eq!(same.encoded, "https%3A%2F%2Fapp.example.org%2Fcallback");
    let slash = redirect_lab(&stage, &client, Some(&format!("{CALLBACK}/"))).await;
    let odd: Vec<_> = slash.pieces.iter().filter(|piece| piece.side != DifferenceSide::Both).collect();
    assert_eq!(odd.iter().map(|piece| (piece.side, &*piece.text)).collect::<Vec<_>>(), [(DifferenceSide::Sent, "/")]);
    assert!(slash.differences[0].contains("slash"), "{:?}", slash.differences);
    let works: Vec<_> = slash.catches.iter().map(|catch| catch.works).collect();
    assert_eq!(works, [true, false, true], "embedded, system, paste");
    assert!(!slash.can_try);
}

#[tokio::test]
async fn a_catch_is_tried_at_the_real_port_and_leaves_nothing() {
    let stage = Stage::new().await;
    let uri = format!("http://127.0.0.1:{}/callback?tenant=1", free_port());
    let client = stage.register("chattz", &uri).await;
    let lab = redirect_lab(&stage, &client, None).await;
    assert!(lab.can_try && lab.catches[1].works, "{:?}", lab.catches);
    for in_browser in [false, true] {
        let request = RedirectTrial { redirect_uri: uri.clone(), in_browser };
        let tried = stage.app.redirect_lab_try(request).await.unwrap();
        assert!(tried.caught, "{}", tried.sentence);
        is_free_again(&uri).await;
    }
    assert_eq!(stage.counted("run"), 0);
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_before_anybody_waits() {
    let stage = Stage::new().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://127.0.0.1:{}/callback", taken.local_addr().unwrap().port());
    let client = stage.register("chattz", &uri).await;
    assert!(!redirect_lab(&stage, &client, None).await.catches[1].works);
    let tried = stage.app.redirect_lab_try(RedirectTrial { redirect_uri: uri, in_browser: false }).await.unwrap();
    assert!(!tried.caught && tried.sentence.contains("taken"), "{}", tried.sentence);
}

/// A login in which the person does this, and what it taught.
async fn experiment(stage: &Stage, client: &ClientDetail, decision: Decision) -> Option<CancelObservation> {
    stage.person("theo", decision);
    let run = stage.app.cancel_lab_start(start(client, Browser::Embedded)).await.unwrap();
    observed(stage, &client.row.provider, &run).await
}

/// What a run has taught, once it is over: what comes after its end is told with an event, or nothing comes.
async fn observed(stage: &Stage, provider: &str, run: &RunRef) -> Option<CancelObservation> {
    stage.end_of(run).await;
    for _ in 0..100 {
        let found = lab(stage, provider).await.observations.into_iter().find(|seen| seen.run == run.run);
        if found.is_some() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    None
}

async fn lab(stage: &Stage, provider: &str) -> CancelLab {
    let query = CancelLabQuery { provider: provider.to_owned(), environment: Environment::Sandbox };
    stage.app.cancel_lab_show(query).await.unwrap()
}

async fn redirect_lab(stage: &Stage, client: &ClientDetail, sent: Option<&str>) -> RedirectLab {
    let query = RedirectLabQuery {
        client: client.row.id.clone(),
        redirect_uri: client.redirect_uris[0].uri.clone(),
        sent: sent.map(str::to_owned),
    };
    stage.app.redirect_lab_show(query).await.unwrap()
}

fn start(client: &ClientDetail, browser: Browser) -> LoginStart {
    LoginStart { client: client.row.id.clone(), test_user: None, browser, redirect_uri: None, scopes: None }
}

async fn inject(stage: &Stage, fault: Option<(&str, Option<&str>)>) {
    let rule = fault.map(|(fault, variant)| FaultRule {
        fault: fault.to_owned(),
        variant: variant.map(str::to_owned),
        twin: "chattz".to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    });
    stage.app.sandbox_faults_set(FaultRules { rules: rule.into_iter().collect() }).await.unwrap();
}

/// Waits until a trial has let go of its port.
async fn is_free_again(uri: &str) {
    let address = uri.trim_start_matches("http://").split('/').next().unwrap();
    let free = async {
        while TcpListener::bind(address).is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), free).await.expect("the port is free again");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
