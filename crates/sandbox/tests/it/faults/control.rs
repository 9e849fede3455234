//! Faults over the control API.

use gatewright_sandbox::Twin;
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;
use crate::browser::{status_and_json, wire};

async fn ask(stage: &Stage, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let sandbox = &stage.login.sandbox;
    let mut request = wire()
        .request(method, format!("{}/_control/{path}", sandbox.origin()))
        .header("x-sandbox-control", sandbox.control_token().expose());
    if let Some(body) = body {
        request = request.json(&body);
    }
    status_and_json(request.send().await.unwrap()).await
}

#[tokio::test]
async fn rules_are_set_listed_and_ended_over_http() {
    let stage = Stage::at(Twin::Chattr).await;
    let rules = json!([{"fault": "AZ-03", "variant": "same", "twin": "chattr", "when": {"nth": [1]}}]);
    let (status, listed) = ask(&stage, Method::PUT, "faults", Some(rules)).await;
    assert_eq!((status, &listed[0]["when"]["nth"][0]), (200, &json!(1)));
    stage.authorize().await;
    let (_, injections) = ask(&stage, Method::GET, "injections", None).await;
    assert_eq!(
        (&injections[0]["fault"], &injections[0]["variant"], &injections[0]["endpoint"], &injections[0]["client_id"]),
        (&json!("AZ-03"), &json!("same"), &json!("authorization"), &json!("7"))
    );
    assert_eq!(ask(&stage, Method::GET, "faults", None).await, (200, listed));
    assert_eq!(ask(&stage, Method::DELETE, "faults", None).await.0, 204);
    assert_eq!(ask(&stage, Method::GET, "faults", None).await.1, json!([]));
}

#[tokio::test]
async fn a_refusal_names_the_rule_and_its_field() {
    let stage = Stage::at(Twin::Chattr).await;
    let rules = json!([{"fault": "AZ-01", "twin": "chattr"}, {"fault": "AZ-03", "variant": "x", "twin": "chattr"}]);
    let (status, refusal) = ask(&stage, Method::PUT, "faults", Some(rules)).await;
    assert_eq!((status, &refusal["field"]), (422, &json!("1.variant")));
    assert!(refusal["sentence"].as_str().unwrap().contains("right_wrong, wrong_right, same"), "{refusal}");
    let (status, refusal) = ask(&stage, Method::PUT, "faults", Some(json!([{"fualt": "AZ-01"}]))).await;
    assert_eq!((status, &refusal["code"]), (400, &json!("not_understood")));
}

#[tokio::test]
async fn every_fault_of_the_catalogue_can_be_put_in_force_over_http() {
    let stage = Stage::at(Twin::Chattr).await;
    let (_, catalogue) = ask(&stage, Method::GET, "faults/catalogue", None).await;
    let known: Vec<_> = gatewright_sandbox::fault_catalogue().map(|fault| json!(fault)).collect();
    assert_eq!(catalogue, json!(known));
    for fault in catalogue.as_array().unwrap() {
        let (ways, twins) = (fault["variants"].as_array().unwrap(), fault["twins"].as_array().unwrap());
        let ways = if ways.is_empty() { &vec![Value::Null] } else { ways };
        let at_each = |way: &Value| {
            let rule = |twin: &Value| json!({"fault": fault["id"], "variant": way, "twin": twin, "when": {"first": 1}});
            twins.iter().map(rule).collect::<Vec<_>>()
        };
        let rules: Vec<_> = ways.iter().flat_map(at_each).collect();
        let (status, listed) = ask(&stage, Method::PUT, "faults", Some(json!(rules))).await;
        assert_eq!((status, listed.as_array().map(Vec::len)), (200, Some(rules.len())), "{listed}");
    }
}

#[tokio::test]
async fn the_catalogue_can_be_read_by_scripts_and_not_by_pages() {
    let stage = Stage::at(Twin::Chattr).await;
    let (status, catalogue) = ask(&stage, Method::GET, "faults/catalogue", None).await;
    let row = catalogue.as_array().unwrap().iter().find(|row| row["id"] == "TK-31").unwrap();
    assert_eq!((status, &row["endpoint"], &row["wire"]), (200, &json!("token"), &json!(true)));
    assert_eq!(row["delay_ms"], 1000);
    for path in ["faults", "faults/catalogue", "injections"] {
        let url = stage.login.at(&format!("/_control/{path}"));
        assert_eq!(wire().get(url).send().await.unwrap().status(), 401, "{path}");
    }
}
