//! Documents against the wire: logins confirm what profiles say, and a fault contradicts the statement it breaks and no other.

use gatewright_contract::client::Environment;
use gatewright_contract::fault::{FaultRule, FaultRules, FaultTiming};
use gatewright_contract::observation::{
    ObservationPlace, ObservationReportSave, Observations, ObservedStatement, StatementAgreement,
};
use gatewright_contract::run::Browser;
use gatewright_contract::{FailureCode, Handler};

use crate::person::Decision;
use crate::stage::Stage;

const REDIRECT_URI: &str = "https://app.example.org/callback";

fn twin(provider: &str) -> ObservationPlace {
    ObservationPlace { provider: provider.to_owned(), environment: Environment::Sandbox }
}

async fn shown(stage: &Stage, provider: &str) -> Observations {
    stage.app.observations_show(twin(provider)).await.unwrap()
}

fn contradicted(observations: &Observations) -> Vec<&ObservedStatement> {
    let is_wrong = |one: &&ObservedStatement| one.agreement == StatementAgreement::Contradicted;
    observations.statements.iter().filter(is_wrong).collect()
}

fn one<'a>(observations: &'a Observations, field: &str) -> &'a ObservedStatement {
    observations.statements.iter().find(|one| one.field == field).unwrap_or_else(|| panic!("{field} was not observed"))
}

#[tokio::test]
async fn a_login_at_each_twin_confirms_what_it_shows_and_contradicts_only_what_a_document_contradicts_itself() {
    let stage = Stage::new().await;
    for (provider, least) in [("chattr", 14), ("chattz", 16), ("chaster", 20), ("gitter", 16), ("contentdb", 18)] {
        stage.person("olivia", Decision::Approve);
        let client = stage.register(provider, REDIRECT_URI).await;
        let run = stage.log_in(&client, Browser::Embedded).await;
        let seen = shown(&stage, provider).await;
        let wrong: Vec<&str> = contradicted(&seen).iter().map(|one| one.field.as_str()).collect();
        // Gitter's document has Bearer in its table and bearer in its samples; its twin answers as the samples do.
        let known: &[&str] = if provider == "gitter" { &["dialect.token_response.token_type"] } else { &[] };
        assert_eq!(wrong, known, "{provider}");
        assert!(seen.confirmed >= least, "{provider}: {} of {}: {:#?}", seen.confirmed, seen.total, seen.statements);
        assert_eq!(seen.confirmed + seen.contradicted + seen.silent, seen.total);
        let token = one(&seen, "endpoints.token").confirmed.clone().unwrap();
        let place = token.exchange.expect("the exchange that shows it is one click away");
        assert_eq!((token.times, &place.run), (1, &run.row.id));
        let step = &run.steps[place.step as usize];
        assert_eq!((step.kind.as_str(), place.exchange), ("token_request", 0), "{provider}");
    }
}

#[tokio::test]
async fn a_fault_contradicts_the_statement_it_breaks_and_no_other() {
    for (fault, variant, field, saw) in [
        ("TK-16", Some("upper_case"), "dialect.token_response.token_type", "token_type was “BEARER”."),
        ("TK-17", Some("missing"), "dialect.token_response.fields", "expires_in is missing."),
        ("TK-17", Some("string"), "dialect.token_response.fields", "expires_in is a string and not a number."),
        ("TK-05", None, "dialect.token_response.encoding", "A form-encoded answer came."),
        ("AZ-01", None, "dialect.authorization.state_returned", "The callback had a code and no state."),
        (
            "AZ-02",
            None,
            "dialect.authorization.state_returned",
            "Another state than the one that was sent came back with a code.",
        ),
    ] {
        let stage = Stage::new().await;
        let client = stage.register("chattz", REDIRECT_URI).await;
        set_fault(&stage, fault, variant).await;
        stage.log_in(&client, Browser::Embedded).await;
        let seen = shown(&stage, "chattz").await;
        let [wrong] = contradicted(&seen).try_into().unwrap_or_else(|all| panic!("{fault}: {all:#?}"));
        assert_eq!((wrong.field.as_str(), wrong.contradicted.as_ref().unwrap().saw.as_str()), (field, saw), "{fault}");
    }
}

#[tokio::test]
async fn what_a_twin_does_says_nothing_of_the_real_provider() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", REDIRECT_URI).await;
    stage.log_in(&client, Browser::Embedded).await;
    let place = ObservationPlace { environment: Environment::Production, ..twin("chattz") };
    let real = stage.app.observations_show(place).await.unwrap();
    assert_eq!((real.confirmed, real.contradicted, real.silent), (0, 0, real.total));
}

#[tokio::test]
async fn a_no_is_confirmed_by_whoever_says_it() {
    let stage = Stage::new().await;
    stage.person("olivia", Decision::Cancel);
    let client = stage.register("contentdb", "https://app.example.org/callback/").await;
    stage.log_in(&client, Browser::Embedded).await;
    let seen = shown(&stage, "contentdb").await;
    let cancel = one(&seen, "dialect.authorization.cancel").confirmed.clone().unwrap();
    assert!(cancel.saw.contains("without any parameter"), "{}", cancel.saw);
}

#[tokio::test]
async fn old_runs_are_looked_through_again_and_come_to_the_same() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", REDIRECT_URI).await;
    stage.log_in(&client, Browser::Embedded).await;
    set_fault(&stage, "TK-16", Some("upper_case")).await;
    stage.log_in(&client, Browser::Embedded).await;
    let before = shown(&stage, "chattz").await;
    stage.edit("DELETE FROM observation");
    assert_eq!(shown(&stage, "chattz").await.confirmed, 0);
    assert_eq!(stage.app.observations_renew(twin("chattz")).await.unwrap(), before);
    let token_type = one(&before, "dialect.token_response.token_type");
    assert!(token_type.confirmed.is_some() && token_type.contradicted.is_some(), "both are told");
}

#[tokio::test]
async fn what_was_seen_outlives_its_run_and_the_look_at_another_server() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", REDIRECT_URI).await;
    stage.log_in(&client, Browser::Embedded).await;
    let token_type = "dialect.token_response.token_type";
    // What a login has shown is noted after it; whoever asks for it waits.
    shown(&stage, "chattz").await;
    stage.edit(
        "INSERT INTO observation SELECT provider, 'production', statement, agreement, stated, saw, run, step, exchange, times, first_at,
           seen_at FROM observation;
         INSERT INTO observation SELECT provider, environment, statement, 'contradicts', stated, saw, run, step, exchange, times, first_at,
           seen_at FROM observation WHERE environment = 'sandbox' AND statement = 'dialect.token_response.token_type';
         UPDATE observation SET run = 'gone', times = 7, first_at = 1, saw = 'It was so.'
           WHERE environment = 'sandbox' AND statement = 'endpoints.token';
         UPDATE observation SET times = 5 WHERE environment = 'sandbox' AND statement = 'endpoints.authorization';",
    );
    let (before, production) =
        (shown(&stage, "chattz").await, stage.counted("observation WHERE environment = 'production'"));
    let after = stage.app.observations_renew(twin("chattz")).await.unwrap();
    let renewed = |field| one(&after, field).confirmed.clone().unwrap();
    assert_eq!(renewed("endpoints.token"), one(&before, "endpoints.token").confirmed.clone().unwrap());
    assert_eq!((renewed("endpoints.token").times, renewed("endpoints.token").exchange), (7, None));
    assert_eq!(renewed("endpoints.authorization").times, 5, "four of the runs are gone");
    assert!(one(&before, token_type).contradicted.is_some());
    assert!(one(&after, token_type).contradicted.is_none(), "the run is still there and does not show it");
    assert_eq!(stage.counted("observation WHERE environment = 'production'"), production);
}

#[tokio::test]
async fn the_report_says_what_differs_with_the_exchange_and_without_a_secret() {
    let stage = Stage::new().await;
    let client = stage.register("chattz", REDIRECT_URI).await;
    stage.log_in(&client, Browser::Embedded).await;
    set_fault(&stage, "TK-16", Some("upper_case")).await;
    let run = stage.log_in(&client, Browser::Embedded).await;
    let request = run.steps.iter().position(|step| step.kind == "token_request").unwrap() + 1;
    let in_records = format!("In our records: run {}, step {request}, exchange 1", run.row.id);
    let report = stage.app.observation_report(twin("chattz")).await.unwrap();
    for words in [
        "do not send them",
        "1 contradicted",
        "### 1. token\\_type",
        "The document says: Bearer",
        "We saw: token\\_type was “BEARER”.",
        "As stated it was in 1 login",
        "\"token_type\": \"BEARER\"",
        "‹secret:v1›",
        "HTTP 200",
        &in_records,
    ] {
        assert!(report.text.to_lowercase().contains(&words.to_lowercase()), "{words} is missing:\n{}", report.text);
    }
    let secret = gatewright_contract::secret::SecretRef { client: client.row.id, confirmed: true };
    assert!(!report.text.contains(&stage.app.secret_reveal(secret).await.unwrap().value));
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join(&report.file_name).display().to_string();
    let save =
        |path: String| ObservationReportSave { provider: "chattz".to_owned(), environment: Environment::Sandbox, path };
    stage.app.observation_report_save(save(path.clone())).await.unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), report.text);
    let refused = stage.app.observation_report_save(save("relative.md".to_owned())).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Invalid);
}

async fn set_fault(stage: &Stage, fault: &str, variant: Option<&str>) {
    let rule = FaultRule {
        fault: fault.to_owned(),
        variant: variant.map(str::to_owned),
        twin: "chattz".to_owned(),
        client_id: None,
        when: FaultTiming::Always,
        delay_ms: None,
    };
    stage.app.sandbox_faults_set(FaultRules { rules: vec![rule] }).await.unwrap();
}
