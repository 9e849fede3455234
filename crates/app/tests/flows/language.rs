//! The window in German: what Gatewright says is German, what a person has named keeps its name, and nothing recorded changes.

use gatewright_contract::Handler;
use gatewright_contract::app::Nothing;
use gatewright_contract::client::{ClientRef, ClientRegister};
use gatewright_contract::login::LoginStart;
use gatewright_contract::preflight::{PreflightRef, PreflightStart};
use gatewright_contract::result::{DiagramKind, DiagramTheme, RunDiagramQuery};
use gatewright_contract::run::{Browser, RunRef};
use gatewright_contract::settings::{Language as Spoken, LanguageChoice};
use gatewright_contract::walk::{WalkPlanDuplicate, WalkPlanRef};
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
async fn a_window_speaks_as_its_desktop_does_until_the_person_has_chosen() {
    for (locale, expected) in [("de-AT", Spoken::German), ("en-GB", Spoken::English), ("fr-FR", Spoken::English)] {
        let stage = Stage::on_desktop_in(locale).await;
        let speaks = async || stage.app.app_state(Nothing {}).await.unwrap().language;
        assert_eq!(speaks().await, expected, "{locale}");
        speak(&stage, LanguageChoice::German).await;
        assert_eq!(speaks().await, Spoken::German, "{locale}");
        speak(&stage, LanguageChoice::System).await;
        assert_eq!(speaks().await, expected, "{locale}");
    }
    assert_eq!(Stage::new().await.app.app_state(Nothing {}).await.unwrap().language, Spoken::English);
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
    let PreflightRef { preflight } =
        stage.app.preflight_start(PreflightStart { login: request, afresh: false }).await.unwrap();
    let shown = stage.app.preflight_show(PreflightRef { preflight }).await.unwrap();
    let told = heard(&stage, shown.clone());
    let port = shown.items.iter().position(|item| item.code == "port").unwrap();
    is_german(&told["items"][port]["title"], &shown.items[port].title);
    is_german(&told["items"][port]["sentence"], &shown.items[port].sentence);
}

#[tokio::test]
async fn a_ready_plan_gives_its_instructions_in_german() {
    let stage = german_stage().await;
    let contentdb = WalkPlanRef { plan: "contentdb".to_owned() };
    let told = heard(&stage, stage.app.walk_plan_show(contentdb.clone()).await.unwrap());
    speak(&stage, LanguageChoice::English).await;
    let plan = stage.app.walk_plan_show(contentdb).await.unwrap();
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

#[tokio::test]
async fn what_a_login_shows_of_itself_is_german() {
    let stage = german_stage().await;
    let client = stage.register("gitter", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    let title = stage.desktop.views.lock().unwrap().last().unwrap().0.clone();
    assert_eq!(title, format!("{} bei Gitter", client.row.name));
    let query = RunDiagramQuery { run, kind: DiagramKind::Sequence, theme: DiagramTheme::Light };
    let drawn = stage.app.run_diagram(query).await.unwrap();
    assert!(drawn.svg.contains(">2  Anmelde- und Zustimmungsseiten<"), "{}", drawn.svg);
    assert!(drawn.words.iter().any(|said| said.starts_with("Gatewright an Browser: öffnen /")), "{:#?}", drawn.words);
    for english in ["Token request", "The person signs in", "open /", " with ", "Waiting"] {
        assert!(!drawn.svg.contains(english), "{english}");
    }
}

#[tokio::test]
async fn a_report_is_german_for_people_and_english_for_programs() {
    let stage = german_stage().await;
    let client = stage.register("contentdb", CALLBACK).await;
    let run = stage.log_in(&client, Browser::Embedded).await.row.id;
    for (name, written) in stage.reports_of(&run).await {
        let written = String::from_utf8(written).unwrap();
        match name {
            "report.html" => {
                let title = format!("<h1>{} bei ContentDB</h1>", client.row.name);
                for german in
                    ["<html lang=\"de\">", &title, "<h4>Anfrage</h4>", "<dt>Begonnen</dt>", "Wer wem was gesendet hat"]
                {
                    assert!(written.contains(german), "{german}");
                }
                for english in
                    ["<h4>Request</h4>", "<dt>Started</dt>", "Logged in", "Token request", "Made by", "Report made"]
                {
                    assert!(!written.contains(english), "{english}");
                }
            }
            "report.json" => assert!(written.contains("at ContentDB") && written.contains("Logged in"), "{written}"),
            "report.xml" | "report.csv" => assert!(!written.contains("Eingeloggt"), "{name}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_copy_of_a_ready_plan_has_the_words_it_was_copied_with_and_keeps_them() {
    let stage = german_stage().await;
    let duplicate = async |title: &str| {
        let request = WalkPlanDuplicate { plan: "contentdb".to_owned(), title: title.to_owned(), text: None };
        stage.app.walk_plan_duplicate(request).await.unwrap()
    };
    let german = duplicate("Unser Plan").await;
    speak(&stage, LanguageChoice::English).await;
    let english = duplicate("Our plan").await;
    let ready = stage.app.walk_plan_show(WalkPlanRef { plan: "contentdb".to_owned() }).await.unwrap();
    assert_eq!(english.row.about, ready.row.about);
    assert!(german.text.contains("# Its approval leaves"), "comments stay as they are: {}", german.text);

    for language in [LanguageChoice::German, LanguageChoice::English] {
        speak(&stage, language).await;
        for copy in [&german, &english] {
            let shown = stage.app.walk_plan_show(WalkPlanRef { plan: copy.row.id.clone() }).await.unwrap();
            let told = heard(&stage, shown);
            assert_eq!(told["row"]["about"], copy.row.about, "as it is stored, in {language:?}");
            let begins = copy.scenarios[2].instruction.split(' ').next().unwrap();
            let instruction = told["scenarios"][2]["instruction"].as_str().unwrap();
            assert!(instruction.starts_with(begins), "{instruction} in {language:?}");
            assert_eq!(told["row"]["title"], copy.row.title);
        }
    }
    is_german(&german.row.about.into(), &ready.row.about);
    is_german(&german.scenarios[2].instruction.clone().into(), &ready.scenarios[2].instruction);
}
