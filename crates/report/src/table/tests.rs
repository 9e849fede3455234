use super::*;
use crate::report::write;
use crate::samples::{hostile, report_of};

fn lines(text: &str) -> Vec<Vec<String>> {
    let (cover, parts) = report_of(text);
    let mut out = Vec::new();
    write(&mut Table, &cover, &parts, &mut out).unwrap();
    let out = out.strip_prefix("\u{feff}".as_bytes()).expect("Excel knows by this mark that it is UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out);
    reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn no_cell_is_a_formula_whatever_a_provider_wrote() {
    for text in hostile() {
        for cell in lines(&text).into_iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:.40?}");
            assert!(cell.chars().count() < 32_767, "Excel drops what is longer");
            assert_eq!(cell.chars().find(|character| crate::inert::is_treacherous(*character)), None);
        }
    }
}

#[test]
fn only_the_beginning_of_a_cell_makes_a_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "  =1"] {
        assert_eq!(cell(text), format!("'{text}"));
    }
    assert_eq!(cell("Guild = bot"), "Guild = bot");
    assert_eq!(cell(""), "");
}

#[test]
fn every_part_is_a_line_under_its_headings() {
    let lines = lines("Guild bot");
    assert_eq!(lines.len(), 5);
    let cell = |line: usize, heading: &str| {
        let place = lines[0].iter().position(|name| name == heading).unwrap();
        lines[line][place].as_str()
    };
    assert_eq!(cell(1, "key"), "run-1");
    assert_eq!(cell(1, "verdict"), "warned");
    assert_eq!(cell(1, "duration_ms"), "8140");
    assert_eq!(cell(1, "findings"), "token_never_expires: Guild bot");
    assert_eq!(cell(2, "verdict"), "failed");
    assert_eq!(cell(2, "sentence"), "Guild bot");
    assert_eq!(cell(3, "verdict"), "inconclusive");
    assert_eq!(cell(3, "judged_by_person"), "passed");
    assert_eq!(cell(3, "runs"), "run-1");
}
