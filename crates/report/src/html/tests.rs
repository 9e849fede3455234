use std::collections::BTreeSet;

use dom_query::Document;
use gatewright_model::Redacted;

use super::*;
use crate::report::write;
use crate::samples::{EVERYTHING, cover_of, hostile, refused_run_of, report_of, run_of};

fn page(cover: &Cover, parts: &[Part], include: Include) -> String {
    page_in(Language::English, cover, parts, include)
}

fn page_in(language: Language, cover: &Cover, parts: &[Part], include: Include) -> String {
    let mut out = Vec::new();
    write(&mut Html::new(include, language), cover, parts, &mut out).unwrap();
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

/// Everything that somebody reads on a page or hears of it.
fn words_of(page: &str) -> BTreeSet<String> {
    let document = Document::from(page);
    let all = document.select("body *, title");
    let texts = all.nodes().iter().flat_map(dom_query::NodeRef::children).filter(dom_query::NodeRef::is_text);
    let texts = texts.map(|node| node.text().to_string());
    let heard =
        attributes(&document).into_iter().filter(|(_, name, _)| ["title", "aria-label", "alt"].contains(&&**name));
    let heard = heard.map(|(.., value)| value);
    let all = texts.chain(heard).map(|text| text.trim().to_owned());
    all.filter(|text| text.contains(char::is_alphabetic)).collect()
}

#[test]
fn a_report_in_german_has_no_english_of_ours() {
    // What is called the same in both languages, and what is in no language.
    const SAME: &[&str] = &[
        "Gatewright",
        "Client",
        "Provider",
        "Browser",
        "Scope",
        "Logins",
        "Callback",
        "POST",
        "12 ms",
        "14 ms",
        "accept",
        "code",
        "content-type",
        "secret:v3",
        "x-text",
    ];
    for walk in [true, false] {
        let (mut cover, parts) = report_of("Zq1Xw");
        if !walk {
            cover.walk = None;
        }
        let [english, german] = [Language::English, Language::German]
            .map(|language| words_of(&page_in(language, &cover, &parts, EVERYTHING)));
        let is_theirs = |text: &str| {
            text.contains("Zq1Xw") || text.starts_with("https://") || text.contains(['_', '#', '/', '{', '}'])
        };
        let left: Vec<_> = english.intersection(&german).filter(|text| !is_theirs(text)).collect();
        let left: Vec<_> = left.into_iter().filter(|text| !SAME.contains(&&***text)).collect();
        assert!(left.is_empty(), "{left:#?}");
    }
}

#[test]
fn a_report_in_german_says_so_and_writes_dates_and_numbers_as_germans_do() {
    let (cover, parts) = report_of("plain");
    let text = page_in(Language::German, &cover, &parts, EVERYTHING);
    let document = Document::from(text.as_str());
    assert_eq!(document.select("html").attr("lang").unwrap().to_string(), "de");
    let contents = document.select(".contents").text();
    assert!(contents.contains("9,00 s"), "{contents}");
    assert!(!contents.contains("Nov") && contents.contains(".11.2026, "), "{contents}");
    assert_eq!(document.select(".exchange h4").first().text().to_string(), "Anfrage");
    assert!(document.select("footer").text().contains("eine Referenz wie code#1"));
}

#[test]
fn the_templates_have_no_words_of_their_own() {
    for template in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap() {
        let path = template.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "html") {
            continue;
        }
        let written = without_between(&std::fs::read_to_string(&path).unwrap(), &[("{{", "}}"), ("{%", "%}")]);
        let labels = ["title=\"", "aria-label=\"", "alt=\""].iter().flat_map(|label| written.split(label).skip(1));
        let labels: String = labels.filter_map(|rest| rest.split('"').next()).collect();
        let texts = without_between(&written, &[("<", ">")]).replace("Gatewright", "").replace("code#1", "");
        for said in [labels, texts] {
            assert!(!said.contains(char::is_alphabetic), "{}: {}", path.display(), said.trim());
        }
    }
}

/// A text without what stands between these signs, and without them.
fn without_between(text: &str, pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (open, close)| {
        let mut parts = text.split(open);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.filter_map(|part| part.split_once(close)).fold(first, |kept, (_, after)| kept + after)
    })
}

#[test]
fn text_that_was_recorded_beside_a_secret_stays_as_it_came() {
    let german = Language::German;
    let ours = Redacted::text("no code");
    assert_eq!(words::in_language(&german, &ours).to_plain(), "kein Code");
    let mut theirs = ours;
    theirs.push_reference(&"code#1");
    assert_eq!(words::in_language(&german, &theirs), theirs);
}
