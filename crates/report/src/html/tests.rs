use dom_query::Document;

use super::*;
use crate::report::write;
use crate::samples::{EVERYTHING, cover_of, hostile, refused_run_of, report_of, run_of};

fn page(cover: &Cover, parts: &[Part], include: Include) -> String {
    let mut out = Vec::new();
    write(&mut Html::new(include), cover, parts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Every attribute of every element: element, name, value.
fn attributes(document: &Document) -> Vec<(String, String, String)> {
    let elements = document.select("*");
    let of_element = |node: &dom_query::NodeRef<'_>| {
        let element = node.node_name().map(|name| name.to_string()).unwrap_or_default();
        let attributes = node.attrs().into_iter();
        attributes.map(|one| (element.clone(), one.name.local.to_string(), one.value.to_string())).collect::<Vec<_>>()
    };
    elements.nodes().iter().flat_map(of_element).collect()
}

#[test]
fn a_page_asks_nobody_for_anything() {
    let (cover, parts) = report_of("plain");
    let text = page(&cover, &parts, EVERYTHING);
    let document = Document::from(text.as_str());
    for (element, name, value) in attributes(&document) {
        let leads_away = ["src", "href", "action", "srcset", "data", "poster", "background"].contains(&name.as_str());
        assert!(!leads_away || value.starts_with("data:image/") || value.starts_with('#'), "{element} {name}={value}");
        assert!(!name.starts_with("on") && name != "style", "{element} {name}");
    }
    for element in ["script", "link", "iframe", "object", "embed", "form", "base", "audio", "video"] {
        assert_eq!(document.select(element).length(), 0, "{element}");
    }
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
}

#[test]
fn the_policy_allows_this_style_and_no_other() {
    let (cover, parts) = report_of("plain");
    let text = page(&cover, &parts, EVERYTHING);
    let document = Document::from(text.as_str());
    let style = document.select("style");
    assert_eq!(style.length(), 1);
    let digest = STANDARD.encode(Sha256::digest(style.text().as_bytes()));
    let policy = document.select("meta[http-equiv=Content-Security-Policy]").attr("content").unwrap();
    assert!(policy.contains(&format!("style-src 'sha256-{digest}'")), "{policy}");
    assert!(policy.starts_with("default-src 'none'; img-src data:;"), "{policy}");
}

#[test]
fn text_of_a_provider_is_inert() {
    let (cover, parts) = report_of("plain");
    let names = |text: &str| {
        let document = Document::from(text);
        let nodes = document.select("*");
        nodes.nodes().iter().map(|node| node.node_name().unwrap().to_string()).collect::<Vec<_>>()
    };
    let harmless = names(&page(&cover, &parts, EVERYTHING));
    for text in hostile().into_iter().filter(|text| !text.is_empty()) {
        let (cover, parts) = report_of(&text);
        let written = page(&cover, &parts, EVERYTHING);
        assert_eq!(names(&written), harmless, "the same elements as with plain text: {text:.60?}");
        let seen = written.chars().find(|character| crate::inert::is_treacherous(*character));
        assert_eq!(seen, None, "in {text:.60?}");
    }
}

#[test]
fn a_page_tells_what_came_of_each_run_and_why() {
    let parts =
        [run_of("Approve"), refused_run_of("The provider refused the code.")].map(|run| Part::Run(Box::new(run)));
    let text = page(&cover_of("Two logins", &parts), &parts, EVERYTHING);
    let document = Document::from(text.as_str());
    assert_eq!(document.select("h1").text().trim(), "Two logins");
    let counts = document.select(".counts li");
    let counts: Vec<String> = counts.iter().map(|one| one.text().trim().to_owned()).collect();
    assert_eq!(counts, ["1 Warning", "1 Failed"]);
    assert_eq!(document.select(".contents tbody tr").length(), 2);
    assert_eq!(document.select("#part-2 .ending").text().trim(), "The provider refused the code.");
    assert!(document.select("#part-1 .finding .compared").text().contains("token#1"));
    assert_eq!(document.select("#part-1 .pictures img").length(), 1);
    assert_eq!(document.select("#part-1 .drawing img").length(), 1);
    assert_eq!(document.select(".shares").attr("aria-label").unwrap().to_string(), "1 warning, 1 failed");
}

#[test]
fn what_was_not_asked_for_is_not_in_it() {
    let (cover, parts) = report_of("plain");
    let text = page(&cover, &parts, Include { exchanges: false, pictures: false });
    let document = Document::from(text.as_str());
    assert_eq!(document.select("img, .exchange").length(), 0);
    assert!(!text.contains("/api/oauth/token"));
}

#[test]
fn a_field_of_a_megabyte_is_cut_and_says_so() {
    let mut run = run_of("plain");
    run.steps[1].sentence = "x".repeat(1 << 20);
    let parts = [Part::Run(Box::new(run))];
    let text = page(&cover_of("One login", &parts), &parts, EVERYTHING);
    assert!(text.len() < 150_000, "{}", text.len());
    assert!(text.contains("x… (cut here, 1048576 characters in all)"));
}
