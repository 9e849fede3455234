//! The processes in which WebKitGTK draws pages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// What the system calls such a process: the first 15 letters of its name.
const NAME: &str = "WebKitWebProces";

/// A process that draws pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebProcess {
    id: u32,
}

impl WebProcess {
    /// Those that were started by a process, also by way of others.
    pub(super) fn of(application: u32) -> Result<Vec<Self>> {
        let processes = processes()?;
        let descends = |mut id: u32| {
            while let Some((_, parent)) = processes.get(&id) {
                if *parent == application {
                    return true;
                }
                id = *parent;
            }
            false
        };
        let drawing = processes.iter().filter(|(id, (name, _))| name == NAME && descends(**id));
        Ok(drawing.map(|(id, _)| Self { id: *id }).collect())
    }

    /// Whether it lives apart from everybody else: it has a list of processes and a tree of files of its own.
    pub fn is_in_a_sandbox(&self) -> Result<bool> {
        // Compared with this very process: what the application itself is in cannot always be read.
        let space = |process: &str, kind: &str| {
            let link = PathBuf::from(format!("/proc/{process}/ns/{kind}"));
            std::fs::read_link(&link).with_context(|| format!("{} cannot be read", link.display()))
        };
        let id = self.id.to_string();
        Ok(space(&id, "pid")? != space("self", "pid")? && space(&id, "mnt")? != space("self", "mnt")?)
    }
}

/// Every process with its name and its parent.
fn processes() -> Result<BTreeMap<u32, (String, u32)>> {
    let numbers = std::fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Ok(numbers
        .filter_map(|id: u32| Some((id, name_and_parent(&std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?)?)))
        .collect())
}

/// Reads a line of `/proc/…/stat`: the name stands in brackets and may hold anything; state and parent follow. A process that has
/// ended and that nobody has asked about yet (a zombie) does not count.
fn name_and_parent(line: &str) -> Option<(String, u32)> {
    let (start, rest) = line.rsplit_once(") ")?;
    let (_, name) = start.split_once('(')?;
    let mut columns = rest.split(' ');
    let (state, parent) = (columns.next()?, columns.next()?);
    (state != "Z").then_some((name.to_owned(), parent.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::name_and_parent;

    #[test]
    fn a_name_with_brackets_is_read_whole() {
        assert_eq!(name_and_parent("7 (a) b) S 3 7 7 0"), Some(("a) b".to_owned(), 3)));
        assert_eq!(name_and_parent("7 (gone) Z 3 7 7 0"), None);
    }
}
