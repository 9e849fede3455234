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
    let alice = folder.path().join("alice.toml");
    for old in [None, Some(alice.as_path())] {
        let refused = write(folder.path(), "ours", PLAN, old).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
    }
    assert_eq!((fs::read_to_string(&broken).unwrap().as_str(), alice.exists()), ("id = ", true));
    write(folder.path(), "ours", PLAN, Some(&broken)).unwrap();
    assert_eq!(fs::read_to_string(&broken).unwrap(), PLAN);
}

#[test]
fn what_is_deleted_comes_back_under_its_own_name() {
    let folder = folder_with(&["alice.toml"]);
    fs::write(folder.path().join("v1.2.toml"), "id = ").unwrap();
    for file in read_all(folder.path()).unwrap() {
        put_aside(&file, 1).unwrap();
        assert!(!file.path.exists());
        assert_eq!(put_back(folder.path(), &file.id).unwrap(), Some(file.path.clone()), "{}", file.id);
        assert!(file.path.exists());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left behind");
    for nobody in ["alice", "v1", "../ours", ""] {
        assert_eq!(put_back(folder.path(), nobody).unwrap(), None, "{nobody}");
    }
}

#[test]
fn the_end_of_one_undo_time_leaves_later_deletions_alone() {
    let folder = folder_with(&["alice.toml"]);
    let delete = |moment| put_aside(&read_all(folder.path()).unwrap()[0], moment).unwrap();
    let earlier = delete(1);
    put_back(folder.path(), "ours").unwrap();
    let later = delete(2);
    forget(&earlier).unwrap();
    assert!(put_back(folder.path(), "ours").unwrap().is_some());
    forget(&later).unwrap();
    delete(3);
    sweep(folder.path()).unwrap();
    assert_eq!(put_back(folder.path(), "ours").unwrap(), None);
}
