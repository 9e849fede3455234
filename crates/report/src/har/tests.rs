use serde_json::Value;

use super::*;
use crate::report::write;
use crate::samples::{hostile, report_of};

fn written(text: &str) -> String {
    let (cover, parts) = report_of(text);
    let mut out = Vec::new();
    write(&mut Har::default(), &cover, &parts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn an_archive_has_every_member_that_the_format_requires() {
    let schema: Value = serde_json::from_str(include_str!("har-1.2.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for text in hostile() {
        let archive: Value = serde_json::from_str(&written(&text)).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&archive).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

#[test]
fn an_archive_holds_references_where_secrets_were() {
    let archive: Value = serde_json::from_str(&written("x")).unwrap();
    let entry = &archive["log"]["entries"][0];
    assert_eq!(entry["request"]["postData"]["params"][1], serde_json::json!({ "name": "code", "value": "‹code#1›" }));
    assert!(entry["response"]["content"]["text"].as_str().unwrap().contains("‹token#1›"));
}

#[test]
fn a_request_that_got_no_answer_has_status_0_and_says_why() {
    let archive: Value = serde_json::from_str(&written("the connection was refused")).unwrap();
    let entry = &archive["log"]["entries"][1];
    assert_eq!(entry["response"]["status"], 0);
    assert_eq!(entry["comment"], "Token request: the connection was refused");
}

#[test]
fn requests_start_one_after_another() {
    let archive: Value = serde_json::from_str(&written("x")).unwrap();
    let starts: Vec<&str> = archive["log"]["entries"].as_array().unwrap()[..2]
        .iter()
        .map(|entry| entry["startedDateTime"].as_str().unwrap())
        .collect();
    let run = crate::samples::at(0);
    let expected = [14_000, 26_400].map(|us| run.checked_add(SignedDuration::from_micros(us)).unwrap().to_string());
    assert_eq!(starts, expected, "after the step before, and after the exchange before");
}

#[test]
fn every_page_of_an_entry_is_there() {
    let archive: Value = serde_json::from_str(&written("x")).unwrap();
    let pages = archive["log"]["pages"].as_array().unwrap();
    let entries = archive["log"]["entries"].as_array().unwrap();
    assert!(!entries.is_empty());
    assert!(entries.iter().all(|entry| pages.iter().any(|page| page["id"] == entry["pageref"])));
}
