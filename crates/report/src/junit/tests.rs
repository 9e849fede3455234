use quick_xml::Reader;

use super::*;
use crate::report::write;
use crate::samples::{hostile, report_of};

fn written(text: &str) -> String {
    let (cover, parts) = report_of(text);
    let mut out = Vec::new();
    write(&mut JUnit, &cover, &parts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Every element with its attributes, in order; an error when it is not well-formed.
fn elements(xml: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return elements,
            Event::Start(start) | Event::Empty(start) => {
                let attributes = start.attributes().map(|one| {
                    let one = one.unwrap();
                    let value = quick_xml::escape::unescape(&one.value).unwrap();
                    (one.key.as_ref().to_owned(), value.into_owned())
                });
                elements.push((start.name().as_ref().to_owned(), attributes.collect()));
            }
            Event::Text(text) => drop(quick_xml::escape::unescape(&text).unwrap()),
            _ => {}
        }
    }
}

#[test]
fn the_counts_are_those_of_the_cases() {
    let elements = elements(&written("x"));
    let suite = &elements.iter().find(|(name, _)| name == "testsuite").unwrap().1;
    let count = |wanted: &str| suite.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
    assert_eq!([count("tests"), count("failures"), count("errors"), count("skipped")], ["4", "1", "1", "1"]);
    let number = |wanted: &str| elements.iter().filter(|(name, _)| name == wanted).count();
    assert_eq!([number("testcase"), number("failure"), number("error"), number("skipped")], [4, 1, 1, 1]);
    assert_eq!(count("time"), "34.280");
}

#[test]
fn the_file_is_well_formed_whatever_a_provider_wrote() {
    let harmless: Vec<String> = elements(&written("plain")).into_iter().map(|(name, _)| name).collect();
    for text in hostile().into_iter().filter(|text| !text.is_empty()) {
        let xml = written(&text);
        assert_eq!(xml.chars().find(|character| crate::inert::is_treacherous(*character)), None);
        let names: Vec<String> = elements(&xml).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, harmless, "{text:.60?}");
    }
}

#[test]
fn a_case_tells_its_steps_and_findings() {
    let xml = written("Something");
    assert!(xml.contains("  Warning: Token request: Something (14 ms)"), "{xml}");
    assert!(xml.contains("    Something (token_never_expires): expected Something, received Something‹token#1›"));
}
