//! The folder of the person's own plans: one plain file each, made for git. Whatever is in a file, it is listed.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatewright_model::profile::ProfileProblem;
use gatewright_model::walk::Plan;
use sha2::{Digest as _, Sha256};

use crate::handover::files::write_bytes;

/// Far more than a plan needs.
pub(crate) const LARGEST_FILE: u64 = 256 * 1024;
/// The ending of a plan's file.
pub(crate) const ENDING: &str = "toml";
/// The ending of the folder that a deleted plan's file is in until its deletion cannot be taken back.
const DELETED: &str = "deleted";
/// The same for a file that a text was written over.
const WRITTEN_OVER: &str = "written-over";

/// One changes files at a time, so that nothing of ours comes between the look at a file and its change.
static CHANGING: Mutex<()> = Mutex::new(());

/// Waits until nobody else changes files, and keeps everybody out until it is dropped.
fn alone() -> MutexGuard<'static, ()> {
    CHANGING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A plan's file.
#[derive(Clone, Debug)]
pub(super) struct PlanFile {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The plan's id, which no other plan has: the one it says, or one made of the file's name where there is a mistake in it.
    pub(super) id: String,
    /// What is in it.
    pub(super) text: String,
    /// Of its bytes, whatever they are.
    pub(super) digest: String,
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

/// A file as somebody has read it, whose place a text takes.
#[derive(Clone, Debug)]
pub(super) struct Replaced {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Of what was read.
    pub(super) digest: String,
}

/// Why a file was not changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotChanged {
    /// It is no longer what was read.
    #[error("The file of this plan has changed since it was read: nothing was written over it.")]
    ChangedMeanwhile,
    /// The folder could not be used.
    #[error(transparent)]
    Folder(#[from] io::Error),
}

/// Writes a plan's file in the place of `old`, whole or not at all. What else is in the plan's place is never written over, nor what has
/// come into the old file since it was read. Says where the old file is kept until that cannot be taken back; none where there was none.
pub(super) fn write(
    folder: &Path,
    id: &str,
    text: &str,
    old: Option<&Replaced>,
    moment: i64,
) -> Result<Option<PathBuf>, NotChanged> {
    let _alone = alone();
    let place = place(folder, id);
    let old = giving_way(old, &place)?;
    let moves = old.filter(|old| !is_same(old, &place));
    let aside = old.map(|old| copy_aside(old, folder.join(format!("{id}.{moment}.{WRITTEN_OVER}")))).transpose()?;
    settle(folder, id, text)?;
    moves.map(fs::remove_file).transpose()?;
    Ok(aside)
}

/// The file that gives way to what comes to `place`; none where it is gone, which hinders nobody. All else stays where it is.
fn giving_way<'a>(old: Option<&'a Replaced>, place: &Path) -> Result<Option<&'a Path>, NotChanged> {
    let old = match old.map(|old| (old, bytes_of(&old.path))) {
        Some((old, Ok(bytes))) if digest_of(&bytes) == old.digest => Some(old.path.as_path()),
        Some((_, Ok(_))) => return Err(NotChanged::ChangedMeanwhile),
        Some((_, Err(cause))) if cause.kind() != io::ErrorKind::NotFound => return Err(cause.into()),
        _ => None,
    };
    if old.is_none_or(|old| !is_same(old, place)) && place.exists() {
        let there = io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is already there", place.display()));
        return Err(there.into());
    }
    Ok(old)
}

/// Copies rather than moves: the plan has a file at every moment.
fn copy_aside(old: &Path, aside: PathBuf) -> io::Result<PathBuf> {
    fs::create_dir(&aside)?;
    fs::copy(old, aside.join(old.file_name().unwrap_or_default()))?;
    Ok(aside)
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
    let _alone = alone();
    let aside = file.path.with_file_name(format!("{}.{moment}.{DELETED}", file.id));
    fs::create_dir(&aside)?;
    let moved = fs::rename(&file.path, aside.join(file.path.file_name().unwrap_or_default()));
    if moved.is_err() {
        // Nothing is in it.
        let _gone = fs::remove_dir(&aside);
    }
    moved.map(|()| aside)
}

/// Takes back the last deletion of a plan, or that `written` was written over a file, and says where the file is; none where nothing was
/// put aside. But for `written`, the file's place has to be free.
pub(super) fn put_back(folder: &Path, id: &str, written: Option<&Replaced>) -> Result<Option<PathBuf>, NotChanged> {
    let _alone = alone();
    let ending = if written.is_some() { WRITTEN_OVER } else { DELETED };
    let put_aside = asides(folder)?.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?;
        let (of, moment) = name.strip_suffix(ending)?.strip_suffix('.')?.rsplit_once('.')?;
        (of == id).then(|| Some((moment.parse::<i64>().ok()?, path.clone())))?
    });
    let Some((_, aside)) = put_aside.max() else { return Ok(None) };
    let Some(file) = fs::read_dir(&aside)?.next().transpose()? else { return Ok(None) };
    let place = folder.join(file.file_name());
    let moves = giving_way(written, &place)?.filter(|written| !is_same(written, &place));
    fs::rename(file.path(), &place)?;
    moves.map(fs::remove_file).transpose()?;
    fs::remove_dir(aside)?;
    Ok(Some(place))
}

/// Removes one file that was put aside, unless it was put back.
pub(super) fn forget(aside: &Path) -> io::Result<()> {
    let _alone = alone();
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
    let is_aside = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == DELETED || ending == WRITTEN_OVER) && path.is_dir()
    };
    Ok(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_aside).collect())
}

/// What is in a file, of one that is too large only the beginning.
fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The SHA-256 of what is in a file, in Base64.
fn digest_of(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

fn read(path: PathBuf) -> io::Result<PlanFile> {
    let bytes = bytes_of(&path)?;
    let digest = digest_of(&bytes);
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
    Ok(PlanFile { path, id, text, digest, plan })
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
