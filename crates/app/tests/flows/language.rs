//! The window in German: what Gatewright says is German, what a person has named keeps its name, and nothing recorded changes.

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientRef, ClientRegister};
use gatewright_contract::login::LoginStart;
use gatewright_contract::preflight::PreflightRef;
use gatewright_contract::run::{Browser, RunRef};
use gatewright_contract::settings::{Language as Spoken, LanguageChoice};
use gatewright_contract::walk::WalkPlanRef;
use gatewright_language::Language;
use serde_json::Value;

use crate::stage::Stage;

const CALLBACK: &str = "https://app.example.org/callback/";

/// Something as it crosses the bridge.
fn heard(stage: &Stage, said: impl serde::Serialize) -> Value {
    serde_json::to_value(stage.app.spoken(said)).unwrap()
}

async fn speak(stage: &Stage, language: LanguageChoice) {
    let mut settings = stage.app.settings_show(Nothing {}).await.unwrap();
    settings.language = language;
    stage.app.settings_change(settings).await.unwrap();
}

async fn german_stage() -> Stage {
    let stage = Stage::new().await;
    speak(&stage, LanguageChoice::German).await;
    stage
}

#[track_caller]
fn is_german(heard: &Value, english: &str) {
    let german = Language::German.translator().unwrap().translate(english);
    assert_ne!(german, english, "there is German for it");
    assert_eq!(heard, &*german);
}

#[tokio::test]
async fn a_failure_is_told_in_german() {
    let stage = german_stage().await;
    let failure = stage.app.run_show(RunRef { run: "nobody's".to_owned() }).await.unwrap_err();
    let told = heard(&stage, failure.clone());
    is_german(&told["message"], &failure.message);
    assert_eq!(told["code"], "not_found", "codes are the same in every language");
    assert_eq!(stage.app.app_state(Nothing {}).await.unwrap().language, Spoken::German);
}

#[tokio::test]
async fn a_run_from_english_days_is_shown_in_german_and_in_english_again() {
    let stage = Stage::new().await;
    speak(&stage, LanguageChoice::English).await;
    stage.person("olivia", crate::person::Decision::Approve);
    let client = stage.register("contentdb", CALLBACK).await;
    let english = stage.log_in(&client, Browser::Embedded).await;
    let step =
        english.steps.iter().position(|step| !step.findings.is_empty()).expect("ContentDB's tokens never expire");
    let show = async || {
        let run = RunRef { run: english.row.id.clone() };
        heard(&stage, stage.app.run_show(run).await.unwrap())
    };
    speak(&stage, LanguageChoice::German).await;
    let german = show().await;
    is_german(&german["row"]["outcomeText"], &english.row.outcome_text);
    is_german(&german["steps"][step]["findings"][0]["title"], &english.steps[step].findings[0].title);
    is_german(&german["steps"][step]["findings"][0]["advice"], &english.steps[step].findings[0].advice);
    is_german(&german["steps"][step]["sentence"], &english.steps[step].sentence);
    speak(&stage, LanguageChoice::English).await;
    assert_eq!(show().await, serde_json::to_value(&english).unwrap());
}

#[tokio::test]
async fn a_preflight_is_german() {
    let stage = german_stage().await;
    let client = stage.register("gitter", CALLBACK).await;
    let request = LoginStart {
        client: client.row.id,
        test_user: None,
        browser: Browser::Embedded,
        redirect_uri: None,
        scopes: None,
    };
    let PreflightRef { preflight } = stage.app.preflight_start(request).await.unwrap();
    let shown = stage.app.preflight_show(PreflightRef { preflight }).await.unwrap();
    let told = heard(&stage, shown.clone());
    let port = shown.items.iter().position(|item| item.code == "port").unwrap();
    is_german(&told["items"][port]["title"], &shown.items[port].title);
    is_german(&told["items"][port]["sentence"], &shown.items[port].sentence);
}

#[tokio::test]
async fn a_ready_plan_gives_its_instructions_in_german() {
    let stage = german_stage().await;
    let plan = stage.app.walk_plan_show(WalkPlanRef { plan: "contentdb".to_owned() }).await.unwrap();
    let told = heard(&stage, plan.clone());
    for (place, scenario) in plan.scenarios.iter().enumerate() {
        is_german(&told["scenarios"][place]["instruction"], &scenario.instruction);
        is_german(&told["scenarios"][place]["expected"][0], &scenario.expected[0]);
    }
    assert_eq!(told["text"], plan.text, "the plan's file is what it is");
}

#[tokio::test]
async fn a_client_that_is_called_like_a_sentence_of_ours_keeps_its_name() {
    let stage = german_stage().await;
    let name = "The token is active";
    let request = ClientRegister {
        provider: "gitter".to_owned(),
        name: name.to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        register_as: "olivia".to_owned(),
        tag: "Endpoints".to_owned(),
        notes: "This run is gone.".to_owned(),
    };
    let client = stage.app.client_register(request).await.unwrap();
    let shown = stage.app.client_show(ClientRef { client: client.row.id }).await.unwrap();
    let told = heard(&stage, shown);
    assert_eq!(told["row"]["name"], name);
    assert_eq!((&told["row"]["tag"], &told["notes"]), (&"Endpoints".into(), &"This run is gone.".into()));
    is_german(&Language::German.translator().unwrap().translate(name).into(), name);
}

#[tokio::test]
async fn a_login_that_goes_on_is_told_in_german() {
    let stage = german_stage().await;
    let client = stage.register("gitter", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    assert_eq!(run.row.outcome, "logged_in");
    let told = stage.desktop.told.lock().unwrap().clone();
    let german = Language::German.translator().unwrap().translate("Token request").into_owned();
    assert!(told.contains(&format!("\"title\":\"{german}\"")), "{german}");
    assert!(!told.contains("\"title\":\"Token request\""), "nothing is told in both languages");
}
