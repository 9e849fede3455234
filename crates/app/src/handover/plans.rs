//! The person's own walk plans in a backup: plain files, of which every one comes along, also one with a mistake in it.

use std::path::Path;
use std::{fs, io};

use gatewright_contract::Failure;
use gatewright_handover::backup::BackupFile;
use gatewright_protocol::inert::inert;

use super::files;
use crate::walks::{ENDING, LARGEST_FILE};

/// The plans of a folder.
#[derive(Debug, Default)]
pub(super) struct Packed {
    /// Those that come along, by the names of their files.
    pub(super) plans: Vec<BackupFile>,
    /// What is said of the files that do not: which, and why.
    pub(super) left_out: Vec<String>,
}

/// The plans in a folder; none where there is no folder.
pub(super) fn pack(folder: &Path) -> Result<Packed, Failure> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Packed::default()),
        Err(cause) => return Err(files::not_read(&cause)),
        Ok(entries) => entries,
    };
    let mut packed = Packed::default();
    for entry in entries {
        let entry = entry.map_err(|cause| files::not_read(&cause))?;
        let path = entry.path();
        // What a link leads to comes along as a file.
        let Ok(kind) = fs::metadata(&path) else { continue };
        if !kind.is_file() || path.extension().is_none_or(|end| end != ENDING) {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        match packable(&path, entry.file_name().to_str().is_some_and(is_plain), kind.len()) {
            Ok(text) => packed.plans.push(BackupFile { name, text }),
            Err(why) => packed.left_out.push(why.sentence(&name)),
        }
    }
    packed.plans.sort_by(|one, other| one.name.cmp(&other.name));
    packed.left_out.sort();
    Ok(packed)
}

/// Why a plan's file does not come along.
#[derive(Clone, Copy)]
enum NotPacked {
    TooLarge,
    NoText,
    Unreadable,
    Name,
}

impl NotPacked {
    fn sentence(self, name: &str) -> String {
        let name = inert(name);
        match self {
            Self::TooLarge => format!("The walk plan {name} is not in the backup: it is larger than a plan can be."),
            Self::NoText => format!("The walk plan {name} is not in the backup: it is not text."),
            Self::Unreadable => format!("The walk plan {name} is not in the backup: its file cannot be read."),
            Self::Name => {
                format!("The walk plan {name} is not in the backup: no restore would take a file with this name.")
            }
        }
    }
}

/// The text of a plan's file that can come along.
fn packable(path: &Path, is_name_plain: bool, length: u64) -> Result<String, NotPacked> {
    if !is_name_plain {
        return Err(NotPacked::Name);
    }
    if length > LARGEST_FILE {
        return Err(NotPacked::TooLarge);
    }
    fs::read_to_string(path).map_err(|cause| {
        if cause.kind() == io::ErrorKind::InvalidData { NotPacked::NoText } else { NotPacked::Unreadable }
    })
}

/// Writes the plans of a backup to a folder, which there is only where there are any: a backup without plans leaves those that are here.
/// A name that leads anywhere else is left out: a backup may have been made by somebody else. So is one that this system does not know
/// for a name. Says which were left out, in sentences.
pub(super) fn unpack(plans: &[BackupFile], folder: &Path) -> Result<Vec<String>, Failure> {
    let (mut is_empty, mut left_out) = (true, Vec::new());
    for plan in plans {
        if !is_plain(&plan.name) {
            left_out.push(not_restored(&plan.name));
            continue;
        }
        fs::create_dir_all(folder).map_err(|cause| files::not_written(&cause))?;
        match files::write_bytes(&folder.join(&plan.name), plan.text.as_bytes()) {
            Ok(()) => is_empty = false,
            Err(cause) if is_of_the_name(&cause) => {
                tracing::warn!(name = plan.name, %cause, "a plan of the backup has a name that cannot be used here");
                left_out.push(not_restored(&plan.name));
            }
            Err(cause) => return Err(files::not_written(&cause)),
        }
    }
    if is_empty && folder.exists() {
        // Empty, it would take the place of the plans that are here.
        fs::remove_dir(folder).map_err(|cause| files::not_written(&cause))?;
    }
    Ok(left_out)
}

fn not_restored(name: &str) -> String {
    let name = inert(name);
    format!("The walk plan {name} was not restored: its file cannot have this name here.")
}

/// Whether it is the name that the system refuses; anything else, as a full disk, is the whole restore's failure.
fn is_of_the_name(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput)
}

/// Whether a name is that of a plan's file in the folder itself.
fn is_plain(name: &str) -> bool {
    let plain = name.chars().all(|letter| !matches!(letter, '/' | '\\' | ':') && !letter.is_control());
    plain && !name.starts_with('.') && Path::new(name).extension().is_some_and(|end| end == ENDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str) -> BackupFile {
        BackupFile { name: name.to_owned(), text: "title = \"Mine\"".to_owned() }
    }

    #[test]
    fn plans_come_back_as_they_were_and_nothing_else_comes_along() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(from.path().join("mine.toml"), "broken [").unwrap();
        fs::write(from.path().join("notes.txt"), "not a plan").unwrap();
        fs::create_dir(from.path().join("folder.toml")).unwrap();
        let packed = pack(from.path()).unwrap();
        assert_eq!(packed.plans.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["mine.toml"]);
        assert!(packed.left_out.is_empty());
        unpack(&packed.plans, &to.path().join("plans")).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("plans/mine.toml")).unwrap(), "broken [");
        assert!(pack(&from.path().join("nowhere")).unwrap().plans.is_empty());
    }

    #[test]
    fn what_a_restore_would_not_take_is_named_when_the_backup_is_made() {
        let from = tempfile::tempdir().unwrap();
        fs::write(from.path().join(".hidden.toml"), "title = \"Mine\"").unwrap();
        fs::write(from.path().join("no-text.toml"), [0xff]).unwrap();
        fs::write(from.path().join("too-large.toml"), " ".repeat(256 * 1024 + 1)).unwrap();
        let packed = pack(from.path()).unwrap();
        assert!(packed.plans.is_empty());
        let expected = [
            "The walk plan .hidden.toml is not in the backup: no restore would take a file with this name.",
            "The walk plan no-text.toml is not in the backup: it is not text.",
            "The walk plan too-large.toml is not in the backup: it is larger than a plan can be.",
        ];
        assert_eq!(packed.left_out, expected);
    }

    #[test]
    fn a_name_that_the_system_refuses_costs_no_other_plan() {
        let to = tempfile::tempdir().unwrap();
        let folder = to.path().join("plans");
        let unknown_here = format!("{}.toml", "long".repeat(100));
        let left_out = unpack(&[plan(&unknown_here)], &folder).unwrap();
        assert!(left_out.len() == 1 && left_out[0].contains("longlong"), "{left_out:?}");
        assert!(!folder.exists(), "an empty folder would take the place of the plans that are here");
        unpack(&[plan(&unknown_here), plan("mine.toml")], &folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_not_written() {
        let to = tempfile::tempdir().unwrap();
        let names = ["../out.toml", "/tmp/out.toml", "a\\b.toml", "c:out.toml", ".hidden.toml", "run.sh"];
        let left_out = unpack(&names.map(plan), &to.path().join("plans")).unwrap();
        assert_eq!(fs::read_dir(to.path()).unwrap().count(), 0, "not even the folder");
        assert_eq!(left_out.len(), names.len(), "each is named: {left_out:?}");
    }
}
