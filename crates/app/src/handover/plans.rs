//! The person's own walk plans in a backup: plain files, of which every one comes along, also one with a mistake in it.

use std::path::Path;
use std::{fs, io};

use gatewright_contract::Failure;
use gatewright_handover::backup::BackupFile;

use super::files;

/// The ending of a plan's file.
const ENDING: &str = "toml";
/// The most bytes of one: far more than a plan has.
const LARGEST: u64 = 256 << 10;

/// The plans in a folder, by the names of their files; none where there is no folder.
pub(super) fn pack(folder: &Path) -> Result<Vec<BackupFile>, Failure> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(files::not_read(&cause)),
        Ok(entries) => entries,
    };
    let mut packed = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|cause| files::not_read(&cause))?;
        let (path, kind) = (entry.path(), entry.metadata().map_err(|cause| files::not_read(&cause))?);
        let is_plan = kind.is_file() && kind.len() <= LARGEST && path.extension().is_some_and(|end| end == ENDING);
        let Some(name) = entry.file_name().to_str().filter(|_| is_plan).map(str::to_owned) else { continue };
        match fs::read_to_string(&path) {
            Ok(text) => packed.push(BackupFile { name, text }),
            Err(cause) => tracing::warn!(name, %cause, "a plan that is no text is not in the backup"),
        }
    }
    packed.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packed)
}

/// Writes the plans of a backup to a folder, which there is only where there are any: a backup without plans leaves those that are here.
/// A name that leads anywhere else is left out: a backup may have been made by somebody else.
pub(super) fn unpack(plans: &[BackupFile], folder: &Path) -> Result<(), Failure> {
    if plans.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|cause| files::not_written(&cause))?;
    for plan in plans.iter().filter(|plan| is_plain(&plan.name)) {
        files::write_bytes(&folder.join(&plan.name), plan.text.as_bytes())
            .map_err(|cause| files::not_written(&cause))?;
    }
    Ok(())
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
        assert_eq!(packed.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["mine.toml"]);
        unpack(&packed, &to.path().join("plans")).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("plans/mine.toml")).unwrap(), "broken [");
        assert!(pack(&from.path().join("nowhere")).unwrap().is_empty());
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_not_written() {
        let to = tempfile::tempdir().unwrap();
        let names = ["../out.toml", "/tmp/out.toml", "a\\b.toml", "c:out.toml", ".hidden.toml", "run.sh"];
        unpack(&names.map(plan), &to.path().join("plans")).unwrap();
        assert_eq!(fs::read_dir(to.path().join("plans")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(to.path()).unwrap().count(), 1);
    }
}
