//! Backups: what goes in comes out.

use gatewright_testkit::Canary;

use super::*;

fn lock() -> Lock {
    Lock::Passphrase { passphrase: Secret::new("correct horse battery"), work_factor: 4 }
}

fn key() -> Key {
    Key::Passphrase(Secret::new("correct horse battery"))
}

fn head(canary: &Canary) -> BackupHead {
    let entry =
        BackupEntry { name: "client/a/v1".to_owned(), label: "Gatewright: a".to_owned(), text: canary.secret() };
    BackupHead {
        made_at: "2026-05-12T10:00:00Z".to_owned(),
        made_by: "0.1.0".to_owned(),
        sandbox_apps: None,
        walk_plans: vec![BackupFile { name: "mine.toml".to_owned(), text: "title = \"Mine\"\n".to_owned() }],
        entries: vec![entry],
    }
}

#[test]
fn entries_and_database_come_out_as_they_went_in() {
    let canary = Canary::new("backed-up");
    let database: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let sealed = write(&head(&canary), &mut &database[..], &lock(), Vec::new()).unwrap();
    assert!(canary.traces_in(&sealed).is_empty());
    let backup = open(&sealed[..], &key()).unwrap();
    let [entry] = &backup.head.entries[..] else { panic!("one entry") };
    assert!(entry.text.matches(canary.as_str()) && entry.name == "client/a/v1");
    assert!(!format!("{:?}", backup.head).contains(canary.as_str()));
    assert_eq!(backup.head.walk_plans, head(&canary).walk_plans);
    let mut out = Vec::new();
    let mut pictures = backup.write_database(&mut out).unwrap();
    assert_eq!(out, database);
    assert_eq!(pictures.next_picture().unwrap(), None);
}

#[test]
fn a_backup_of_the_time_before_plans_came_along_is_still_read() {
    let mut writer = sealed::seal_to(&lock(), Vec::new(), false).unwrap();
    writer.write_all(FIRST_LINE).unwrap();
    writer.write_all(b"{\"made_at\":\"\",\"made_by\":\"0.1.0\",\"sandbox_apps\":null,\"entries\":[]}\n").unwrap();
    let backup = writer.finish().unwrap();
    assert!(open(&backup[..], &key()).unwrap().head.walk_plans.is_empty());
}

#[test]
fn a_backup_that_was_cut_off_is_not_whole_at_any_length() {
    let canary = Canary::new("cut-off");
    let sealed = write(&head(&canary), &mut &vec![7; 150_000][..], &lock(), Vec::new()).unwrap();
    for length in [sealed.len() - 1, sealed.len() - 70_000, sealed.len() / 2] {
        let opened = open(&sealed[..length], &key());
        let whole = opened.is_ok_and(|backup| backup.write_database(&mut Vec::new()).is_ok());
        assert!(!whole, "{length} of {} bytes passed for a whole backup", sealed.len());
    }
}

#[test]
fn a_parcel_is_no_backup_and_a_later_form_is_newer() {
    let parcel = crate::parcel::seal(&[], &lock()).unwrap();
    assert!(matches!(open(&parcel[..], &key()), Err(BackupError::NotABackup)));
    let mut writer = sealed::seal_to(&lock(), Vec::new(), false).unwrap();
    writer.write_all(b"gatewright backup 3\n{}").unwrap();
    let newer = writer.finish().unwrap();
    assert!(matches!(open(&newer[..], &key()), Err(BackupError::Newer)));
}

fn with_pictures(database: &[u8], pictures: &[(&str, &[u8])]) -> Vec<u8> {
    let bytes = database.len() as u64;
    let head = head(&Canary::new("pictured"));
    let mut writer = begin_with_pictures(&head, &mut &database[..], bytes, &lock(), Vec::new()).unwrap();
    for (sha256, bytes) in pictures {
        writer.put_picture(sha256, bytes).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn pictures_come_out_one_by_one_after_the_database() {
    let database = vec![7; 150_000];
    let (one, other) = ("1".repeat(64), "2".repeat(64));
    // A picture may have line ends in it, also what looks like the line before another one.
    let tricky = format!("\n{other} 3\nabc");
    let sealed = with_pictures(&database, &[(&one, tricky.as_bytes()), (&other, b"")]);
    let mut out = Vec::new();
    let mut pictures = open(&sealed[..], &key()).unwrap().write_database(&mut out).unwrap();
    assert_eq!(out, database);
    let first = BackupPicture { sha256: one, bytes: tricky.into_bytes() };
    assert_eq!(pictures.next_picture().unwrap(), Some(first));
    assert_eq!(pictures.next_picture().unwrap(), Some(BackupPicture { sha256: other, bytes: Vec::new() }));
    assert_eq!(pictures.next_picture().unwrap(), None);
}

#[test]
fn a_backup_with_pictures_that_was_cut_off_is_not_whole_at_any_length() {
    let sealed = with_pictures(&[7; 1000], &[(&"1".repeat(64), &vec![8; 150_000]), (&"2".repeat(64), &[9; 1000])]);
    for length in [sealed.len() - 1, sealed.len() - 2000, sealed.len() - 70_000, sealed.len() - 152_000] {
        let all = || -> Result<(), BackupError> {
            let mut pictures = open(&sealed[..length], &key())?.write_database(&mut Vec::new())?;
            while pictures.next_picture()?.is_some() {}
            Ok(())
        };
        assert!(all().is_err(), "{length} of {} bytes passed for a whole backup", sealed.len());
    }
}

#[test]
fn a_database_of_another_length_than_was_said_is_no_backup() {
    for said in [2, 4] {
        let head = head(&Canary::new("length"));
        assert!(begin_with_pictures(&head, &mut &b"abc"[..], said, &lock(), Vec::new()).is_err(), "{said} for 3");
    }
}

#[test]
fn what_is_no_picture_is_refused_before_it_takes_memory() {
    let digest = "1".repeat(64);
    let too_long = format!("{digest} {}\n", LONGEST_PICTURE + 1);
    let lines = ["no picture\n".to_owned(), format!("{digest} many\n"), format!("{digest} 5\nabc"), "x".repeat(500)];
    for line in lines.into_iter().chain([too_long]) {
        let mut writer = begin(&head(&Canary::new("refused")), Some(0), &lock(), Vec::new()).unwrap();
        writer.write_all(line.as_bytes()).unwrap();
        let sealed = writer.finish().unwrap();
        let mut pictures = open(&sealed[..], &key()).unwrap().write_database(&mut Vec::new()).unwrap();
        assert!(pictures.next_picture().is_err(), "{line:?}");
    }
}
