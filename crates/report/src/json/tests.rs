use serde_json::Value;

use super::document::Document;
use super::*;
use crate::report::write;
use crate::samples::{EVERYTHING, hostile, report_of};

fn written(text: &str, include: Include) -> String {
    let (cover, parts) = report_of(text);
    let mut out = Vec::new();
    write(&mut Json::new(include), &cover, &parts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn schema() -> Value {
    schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document<'_>>()
        .to_value()
}

/// With `GATEWRIGHT_WRITE_SCHEMA=1` the file is written instead.
#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("GATEWRIGHT_WRITE_SCHEMA").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == text, "docs/report.schema.json is not what the types say");
}

#[test]
fn every_document_follows_the_schema_whatever_a_provider_wrote() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for text in hostile() {
        for include in [EVERYTHING, Include { exchanges: false, pictures: false }] {
            let document: Value = serde_json::from_str(&written(&text, include)).unwrap();
            let wrong: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }
}

#[test]
fn text_arrives_as_it_was_and_is_pure_of_what_is_not_seen() {
    for text in hostile() {
        let json = written(&text, EVERYTHING);
        assert_eq!(json.chars().find(|character| crate::inert::is_treacherous(*character)), None);
        let document: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(document["report"]["title"], text);
        assert_eq!(document["parts"][0]["runs"][0]["identity"]["fields"][0]["name"], text);
    }
}

#[test]
fn a_reference_can_not_be_mistaken_for_a_text() {
    let document: Value = serde_json::from_str(&written("‹code#1›", EVERYTHING)).unwrap();
    let fields = &document["parts"][0]["runs"][0]["steps"][1]["exchanges"][0]["fields"];
    assert_eq!(fields[1]["value"], serde_json::json!([{ "reference": "code#1" }]));
    assert_eq!(fields[4]["value"], serde_json::json!([{ "text": "‹code#1›" }, { "reference": "code#1" }]));
}

#[test]
fn exchanges_and_pictures_are_there_when_they_are_asked_for() {
    let small: Value = serde_json::from_str(&written("x", Include { exchanges: false, pictures: false })).unwrap();
    let run = &small["parts"][0]["runs"][0];
    assert!(run.get("pictures").is_none() && run["steps"][1].get("exchanges").is_none());
    let large: Value = serde_json::from_str(&written("x", EVERYTHING)).unwrap();
    assert!(large["parts"][0]["runs"][0]["pictures"][0]["png"].as_str().unwrap().starts_with("iVBORw0KGgo"));
}
