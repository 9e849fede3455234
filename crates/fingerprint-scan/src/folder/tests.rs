use std::fs;

use tempfile::TempDir;

use super::*;

const SECRET: &str = "K7wq-not-a-real-secret-9f2c";

fn search(folder: &TempDir, limits: Limits, progress: &Progress) -> SearchReport {
    let tails = Tails::new([Some("9f2c")]);
    let recognise = |piece: &str| (piece == SECRET).then_some(7);
    find_in_paths(&[folder.path().to_owned()], &Search { tails: &tails, recognise: &recognise, limits }, progress)
}

fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn hidden_and_nested_files_are_looked_through_and_told_with_their_lines() {
    let folder = TempDir::new().unwrap();
    let env = write(&folder, ".env", format!("A=1\nSECRET={SECRET}\n"));
    let deep = write(&folder, "a/b/c.yaml", format!("secret: {SECRET}"));
    write(&folder, "a/other.txt", "nothing");
    write(&folder, ".gitignore", ".env\n");
    let progress = Progress::default();
    let report = search(&folder, Limits::default(), &progress);
    let place = |path, line| Place { path, found: Found { line, known: 7 } };
    assert_eq!(report.places, [place(env, 2), place(deep, 1)]);
    assert_eq!((progress.files(), report.more, report.left_out.len()), (4, 0, 0));
    assert!(progress.bytes() > 70);
}

#[test]
fn what_is_left_out_is_said() {
    let folder = TempDir::new().unwrap();
    let binary = write(&folder, "image.png", format!("\u{0}{SECRET}"));
    let large = write(&folder, "dump.sql", "x".repeat(200));
    write(&folder, "node_modules/a.js", SECRET);
    let packages = folder.path().join("node_modules");
    let report = search(&folder, Limits { file_bytes: 100, places: 10 }, &Progress::default());
    assert_eq!(report.places, []);
    assert_eq!(
        report.left_out,
        [(LeftOut::Binary, 1, binary), (LeftOut::TooLarge, 1, large), (LeftOut::OtherPeoples, 1, packages)]
    );
}

#[test]
fn a_path_that_is_not_there_is_said_too() {
    let folder = TempDir::new().unwrap();
    let gone = folder.path().join("gone");
    let tails = Tails::new([Some("9f2c")]);
    let search = Search { tails: &tails, recognise: &|_| None, limits: Limits::default() };
    let report = find_in_paths(&[gone], &search, &Progress::default());
    assert_eq!(
        report.left_out.iter().map(|(why, count, _)| (*why, *count)).collect::<Vec<_>>(),
        [(LeftOut::Unreadable, 1)]
    );
}

#[test]
fn a_file_in_utf_16_is_text() {
    let folder = TempDir::new().unwrap();
    let units = format!("A=1\r\nSECRET={SECRET}\r\n");
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    write(&folder, "settings.env", bytes);
    assert_eq!(search(&folder, Limits::default(), &Progress::default()).places[0].found.line, 2);
}

#[test]
fn more_places_than_are_told_are_counted() {
    let folder = TempDir::new().unwrap();
    write(&folder, "many.txt", format!("{SECRET}\n").repeat(10));
    let report = search(&folder, Limits { places: 3, ..Limits::default() }, &Progress::default());
    assert_eq!((report.places.len(), report.more), (3, 7));
}

#[test]
fn a_search_that_was_stopped_opens_nothing_more() {
    let folder = TempDir::new().unwrap();
    write(&folder, "a.txt", SECRET);
    let progress = Progress::default();
    progress.stop();
    assert_eq!(search(&folder, Limits::default(), &progress), SearchReport::default());
    assert_eq!(progress.files(), 0);
}
