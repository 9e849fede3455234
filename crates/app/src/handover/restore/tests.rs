use tempfile::TempDir;

use super::*;

const NAMESPACE: &str = "n1";

/// A folder with a restore that is ready, with these files in it and those beside it. What is in each is its own name.
fn ready(restored: &[&str], present: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in present {
        write(&folder.path().join(name), name);
    }
    for name in restored {
        write(&folder.path().join(FOLDER).join(name), name);
    }
    write(&folder.path().join(FOLDER).join(READY), NAMESPACE);
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn aside(folder: &TempDir, name: &str) -> std::path::PathBuf {
    folder.path().join(format!("{name}{ASIDE}-{NAMESPACE}"))
}

#[test]
fn pictures_are_put_aside_where_an_earlier_version_made_the_restore_ready() {
    let folder = ready(&[DATABASE], &[DATABASE, "evidence/aa/of-before.png"]);
    finish_restore(folder.path()).unwrap();
    assert!(aside(&folder, "evidence").join("aa/of-before.png").exists(), "no sweep finds it there");
    assert!(!folder.path().join("evidence").exists());
    assert!(aside(&folder, DATABASE).exists() && !folder.path().join(FOLDER).exists());
}

#[test]
fn restored_pictures_stay_where_they_are_when_the_rest_has_to_be_done_again() {
    for present in [&["evidence/aa/of-before.png"][..], &[]] {
        let folder = ready(&[DATABASE, "evidence/bb/restored.png"], &[&[DATABASE], present].concat());
        let in_the_way = aside(&folder, DATABASE).join("in-the-way");
        write(&in_the_way, "");
        finish_restore(folder.path()).unwrap_err();
        fs::remove_dir_all(in_the_way.parent().unwrap()).unwrap();

        finish_restore(folder.path()).unwrap();
        assert!(folder.path().join("evidence/bb/restored.png").exists(), "with {present:?} before");
        assert!(!folder.path().join("evidence/aa").exists());
        assert_eq!(aside(&folder, "evidence").join("aa/of-before.png").exists(), !present.is_empty());
    }
}
