use super::*;

const PLAN: &str = "id = \"ours\"\ntitle = \"Ours\"\nabout = \"\"\n[[scenario]]\nuse = \"approve\"\n";

fn folder_with(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        fs::write(folder.path().join(name), PLAN).unwrap();
    }
    folder
}

fn ids(folder: &Path) -> Vec<(String, bool)> {
    read_all(folder).unwrap().into_iter().map(|file| (file.id, file.plan.is_ok())).collect()
}

#[test]
fn the_file_that_is_named_after_its_plan_keeps_the_id_and_no_two_files_have_one() {
    let folder = folder_with(&["a copy.toml", "alice.toml", "ours.toml"]);
    fs::write(folder.path().join("chattr.toml"), PLAN.replace("ours", "chattr")).unwrap();
    let expected = [("a copy", false), ("alice", false), ("chattr-2", false), ("ours", true)];
    assert_eq!(ids(folder.path()), expected.map(|(id, is_good)| (id.to_owned(), is_good)));
}

#[test]
fn a_broken_file_leaves_its_name_to_the_plan_that_says_it() {
    let folder = folder_with(&["alice.toml"]);
    fs::write(folder.path().join("ours.toml"), "id = ").unwrap();
    assert_eq!(ids(folder.path()), [("ours".to_owned(), true), ("ours-2".to_owned(), false)]);
}

#[test]
fn a_plan_is_never_written_over_another_file() {
    let folder = folder_with(&["alice.toml"]);
    let broken = folder.path().join("ours.toml");
    fs::write(&broken, "id = ").unwrap();
    let alice = read_now(&folder.path().join("alice.toml"));
    for old in [None, Some(&alice)] {
        let refused = write(folder.path(), "ours", PLAN, old, 1).unwrap_err();
        let NotChanged::Folder(cause) = refused else { panic!("{refused:?}") };
        assert_eq!(cause.kind(), io::ErrorKind::AlreadyExists);
    }
    assert_eq!((fs::read_to_string(&broken).unwrap().as_str(), alice.path.exists()), ("id = ", true));
    write(folder.path(), "ours", PLAN, Some(&read_now(&broken)), 1).unwrap();
    assert_eq!(fs::read_to_string(&broken).unwrap(), PLAN);
}

#[test]
fn what_has_come_into_a_file_since_it_was_read_is_never_written_over() {
    let folder = folder_with(&["alice.toml"]);
    let alice = read_now(&folder.path().join("alice.toml"));
    let changed = PLAN.replace("Ours", "Somebody else's");
    fs::write(&alice.path, &changed).unwrap();
    for id in ["alice", "ours"] {
        let text = PLAN.replace("ours", id);
        let refused = write(folder.path(), id, &text, Some(&alice), 1).unwrap_err();
        assert!(matches!(refused, NotChanged::ChangedMeanwhile), "{id}: {refused:?}");
    }
    assert_eq!(fs::read_to_string(&alice.path).unwrap(), changed);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is written beside it");
}

#[test]
fn what_was_written_over_comes_back_byte_for_byte_unless_there_is_something_newer() {
    let folder = folder_with(&[]);
    let (broken, ours) = (folder.path().join("broken.toml"), folder.path().join("ours.toml"));
    let bytes = b"id = \"\xe4\"";
    fs::write(&broken, bytes).unwrap();
    write(folder.path(), "ours", PLAN, Some(&read_now(&broken)), 1).unwrap();
    assert!(!broken.exists());
    let written = read_now(&ours);
    fs::write(&ours, "newer").unwrap();
    let refused = put_back(folder.path(), "ours", Some(&written)).unwrap_err();
    assert!(matches!(refused, NotChanged::ChangedMeanwhile), "{refused:?}");
    assert_eq!(fs::read_to_string(&ours).unwrap(), "newer");

    assert_eq!(put_back(folder.path(), "ours", Some(&read_now(&ours))).unwrap().as_ref(), Some(&broken));
    assert_eq!(fs::read(&broken).unwrap(), bytes);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn a_file_that_is_gone_hinders_nobody() {
    let folder = folder_with(&["alice.toml"]);
    let alice = read_now(&folder.path().join("alice.toml"));
    fs::remove_file(&alice.path).unwrap();
    assert_eq!(write(folder.path(), "ours", PLAN, Some(&alice), 1).unwrap(), None);
    assert_eq!(ids(folder.path()), [("ours".to_owned(), true)]);
}

/// A file as somebody has read it just now.
fn read_now(path: &Path) -> Replaced {
    Replaced { path: path.to_owned(), digest: read(path.to_owned()).unwrap().digest }
}

#[test]
fn what_is_deleted_comes_back_under_its_own_name() {
    let folder = folder_with(&["alice.toml"]);
    fs::write(folder.path().join("v1.2.toml"), "id = ").unwrap();
    for file in read_all(folder.path()).unwrap() {
        put_aside(&file, 1).unwrap();
        assert!(!file.path.exists());
        assert_eq!(put_back(folder.path(), &file.id, None).unwrap(), Some(file.path.clone()), "{}", file.id);
        assert!(file.path.exists());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left behind");
    for nobody in ["alice", "v1", "../ours", ""] {
        assert_eq!(put_back(folder.path(), nobody, None).unwrap(), None, "{nobody}");
    }
}

#[test]
fn the_end_of_one_undo_time_leaves_later_deletions_alone() {
    let folder = folder_with(&["alice.toml"]);
    let delete = |moment| put_aside(&read_all(folder.path()).unwrap()[0], moment).unwrap();
    let earlier = delete(1);
    put_back(folder.path(), "ours", None).unwrap();
    let later = delete(2);
    forget(&earlier).unwrap();
    assert!(put_back(folder.path(), "ours", None).unwrap().is_some());
    forget(&later).unwrap();
    delete(3);
    sweep(folder.path()).unwrap();
    assert_eq!(put_back(folder.path(), "ours", None).unwrap(), None);
}
