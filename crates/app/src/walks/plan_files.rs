//! The folder of the person's own plans: one plain file each, made for git. Whatever is in a file, it is listed.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use gatewright_model::profile::ProfileProblem;
use gatewright_model::walk::Plan;

/// Far more than a plan needs.
const LARGEST_FILE: u64 = 256 * 1024;
/// The ending of a plan's file.
const ENDING: &str = "toml";
/// What a deleted plan's file is called until its deletion cannot be taken back.
const DELETED: &str = "deleted";

/// A plan's file.
#[derive(Clone, Debug)]
pub(super) struct PlanFile {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The plan's id: the one it says, or the file's name where it cannot be read.
    pub(super) id: String,
    /// What is in it.
    pub(super) text: String,
    /// The plan, or what is wrong with it.
    pub(super) plan: Result<Plan, Vec<ProfileProblem>>,
}

/// Every plan in the folder, by the names of the files. Of two with one id the second has a mistake.
pub(super) fn read_all(folder: &Path) -> io::Result<Vec<PlanFile>> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let is_plan = |path: &PathBuf| path.extension().is_some_and(|ending| ending == ENDING) && path.is_file();
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_plan).collect();
    paths.sort();
    let mut files: Vec<PlanFile> = Vec::with_capacity(paths.len());
    for path in paths {
        let mut file = read(path)?;
        let is_taken = Plan::find_ready(&file.id).is_some() || files.iter().any(|earlier| earlier.id == file.id);
        if is_taken {
            file.id = stem(&file.path);
            file.plan = Err(vec![taken()]);
        }
        files.push(file);
    }
    Ok(files)
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

/// Writes a plan's file, whole or not at all.
pub(super) fn write(folder: &Path, id: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("{id}.unfinished"));
    let written = fs::File::create(&unfinished).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let settled = written.and_then(|()| fs::rename(&unfinished, place(folder, id)));
    if settled.is_err() {
        // What was written so far is of no use to anybody.
        let _gone = fs::remove_file(&unfinished);
    }
    settled
}

/// Where the file of a plan with that id is kept.
pub(super) fn place(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.{ENDING}"))
}

/// Puts a file aside, so that it can still be restored.
pub(super) fn put_aside(path: &Path) -> io::Result<()> {
    fs::rename(path, path.with_extension(DELETED))
}

/// Takes that back. The file has to be there, and its place free.
pub(super) fn put_back(folder: &Path, id: &str) -> io::Result<()> {
    let (from, to) = (folder.join(format!("{id}.{DELETED}")), place(folder, id));
    if to.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// Removes the files that were put aside.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.extension().is_some_and(|ending| ending == DELETED) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
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
