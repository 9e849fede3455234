//! The folder of the person's own plans: one plain file each, made for git. Whatever is in a file, it is listed.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use gatewright_model::profile::ProfileProblem;
use gatewright_model::walk::Plan;

use crate::handover::files::write_bytes;

/// Far more than a plan needs.
const LARGEST_FILE: u64 = 256 * 1024;
/// The ending of a plan's file.
const ENDING: &str = "toml";
/// The ending of the folder that a deleted plan's file is in until its deletion cannot be taken back.
const DELETED: &str = "deleted";

/// A plan's file.
#[derive(Clone, Debug)]
pub(super) struct PlanFile {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The plan's id, which no other plan has: the one it says, or one made of the file's name where there is a mistake in it.
    pub(super) id: String,
    /// What is in it.
    pub(super) text: String,
    /// The plan, or what is wrong with it.
    pub(super) plan: Result<Plan, Vec<ProfileProblem>>,
}

/// Every plan in the folder, by the names of the files. Of two that say one id only one can have it; the other has a mistake.
pub(super) fn read_all(folder: &Path) -> io::Result<Vec<PlanFile>> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let is_plan = |path: &PathBuf| path.extension().is_some_and(|ending| ending == ENDING) && path.is_file();
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_plan).collect();
    paths.sort();
    let mut files = paths.into_iter().map(read).collect::<io::Result<Vec<_>>>()?;
    settle_ids(&mut files);
    Ok(files)
}

/// Gives each file an id of its own. What a plan says counts, most of all in the file that is named after it: a copy must not take the
/// place of its original. The others are known by the names of their files.
fn settle_ids(files: &mut [PlanFile]) {
    let mut given: HashSet<String> = Plan::ready().iter().map(|plan| plan.id.clone()).collect();
    for is_named_after_it in [true, false] {
        for file in files.iter_mut() {
            let is_due = file.plan.is_ok() && (stem(&file.path) == file.id) == is_named_after_it;
            if is_due && !given.insert(file.id.clone()) {
                file.plan = Err(vec![taken()]);
            }
        }
    }
    for file in files.iter_mut().filter(|file| file.plan.is_err()) {
        file.id = first_free(stem(&file.path), |id| !given.contains(id));
        given.insert(file.id.clone());
    }
}

/// The id itself, or with the first number that makes it one nobody has.
pub(super) fn first_free(id: String, is_free: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number: u32| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| is_free(id)).unwrap_or(id)
}

/// What is said of an id that another plan has.
pub(super) fn taken() -> ProfileProblem {
    ProfileProblem {
        path: "id".to_owned(),
        line: None,
        found: "the id of another plan".to_owned(),
        expected: "an id of its own".to_owned(),
        hint: Some("Give your plan another id.".to_owned()),
    }
}

/// What is said of an id whose file is another plan's.
pub(super) fn place_taken(id: &str) -> ProfileProblem {
    ProfileProblem {
        found: format!("{id}, and the file {id}.{ENDING} holds another plan"),
        expected: "an id whose file is free".to_owned(),
        ..taken()
    }
}

/// Writes a plan's file in the place of `old`, whole or not at all. What else is in the plan's place is never written over.
pub(super) fn write(folder: &Path, id: &str, text: &str, old: Option<&Path>) -> io::Result<()> {
    let place = place(folder, id);
    let stays = old.is_some_and(|old| is_same(old, &place));
    if !stays && place.exists() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is already there", place.display())));
    }
    settle(folder, id, text)?;
    match old {
        Some(old) if !stays => fs::remove_file(old),
        _ => Ok(()),
    }
}

/// Whether two paths lead to one file, also where capital letters do not count.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || fs::canonicalize(one).is_ok_and(|one| fs::canonicalize(other).is_ok_and(|other| one == other))
}

fn settle(folder: &Path, id: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    write_bytes(&place(folder, id), text.as_bytes())
}

/// Where the file of a plan with that id is kept.
pub(super) fn place(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.{ENDING}"))
}

/// Puts a file aside, so that it can still be restored: under its own name, in a folder that is called after the plan's id as the window
/// knows it and after `moment`, which grows with every deletion. Says where that folder is.
pub(super) fn put_aside(file: &PlanFile, moment: i64) -> io::Result<PathBuf> {
    let aside = file.path.with_file_name(format!("{}.{moment}.{DELETED}", file.id));
    fs::create_dir(&aside)?;
    let moved = fs::rename(&file.path, aside.join(file.path.file_name().unwrap_or_default()));
    if moved.is_err() {
        // Nothing is in it.
        let _gone = fs::remove_dir(&aside);
    }
    moved.map(|()| aside)
}

/// Takes the last deletion of a plan back and says where its file is; none where nothing was put aside. The file's place has to be free.
pub(super) fn put_back(folder: &Path, id: &str) -> io::Result<Option<PathBuf>> {
    let put_aside = asides(folder)?.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let (of, moment) = name.strip_suffix(DELETED)?.strip_suffix('.')?.rsplit_once('.')?;
        (of == id).then(|| Some((moment.parse::<i64>().ok()?, path.clone())))?
    });
    let Some((_, aside)) = put_aside.max() else { return Ok(None) };
    let Some(file) = fs::read_dir(&aside)?.next().transpose()? else { return Ok(None) };
    let place = folder.join(file.file_name());
    if place.exists() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is already there", place.display())));
    }
    fs::rename(file.path(), &place)?;
    fs::remove_dir(aside)?;
    Ok(Some(place))
}

/// Removes one file that was put aside, unless it was put back.
pub(super) fn forget(aside: &Path) -> io::Result<()> {
    match fs::remove_dir_all(aside) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        forgotten => forgotten,
    }
}

/// Removes every file that was put aside. For the start, when no deletion can be taken back.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    asides(folder)?.iter().try_for_each(|aside| forget(aside))
}

/// The folders of what was put aside.
fn asides(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let is_aside = |path: &PathBuf| path.extension().is_some_and(|ending| ending == DELETED) && path.is_dir();
    Ok(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_aside).collect())
}

fn read(path: PathBuf) -> io::Result<PlanFile> {
    let mut bytes = Vec::new();
    fs::File::open(&path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    let unreadable = |found: &str| {
        vec![ProfileProblem {
            path: String::new(),
            line: None,
            found: found.to_owned(),
            expected: "a plan in TOML".to_owned(),
            hint: None,
        }]
    };
    let (text, plan) = if bytes.len() as u64 > LARGEST_FILE {
        (String::new(), Err(unreadable("a file of more than 256 KiB")))
    } else {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let plan = Plan::from_toml(&text);
                (text, plan)
            }
            Err(_) => (String::new(), Err(unreadable("text that is not in UTF-8"))),
        }
    };
    let id = plan.as_ref().map_or_else(|_| stem(&path), |plan| plan.id.clone());
    Ok(PlanFile { path, id, text, plan })
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
