//! `.env`: `NAME=value`, one a line.

use super::pairs::{Pair, clients_of};
use super::{Reading, Source};

/// Whether a text is meant as one: by its file's name, or because each line is an assignment, a comment or empty.
pub(super) fn is_meant(file_name: &str, text: &str) -> bool {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    if name == ".env"
        || name.starts_with(".env.")
        || std::path::Path::new(&name).extension().is_some_and(|ending| ending == "env")
    {
        return true;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    lines.peek().is_some() && lines.all(|line| assignment(line).is_some())
}

pub(super) fn read(text: &str) -> Reading {
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match assignment(line) {
            Some((key, value)) => pairs.push(Pair::new(key, value)),
            None => left.push(format!("line {number}: not an assignment")),
        }
    }
    let found = clients_of(pairs, "From .env");
    left.extend(found.left);
    Reading { source: Source::DotEnv, clients: found.clients, left }
}

/// `export NAME="value" # comment` as name and value.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    (!key.is_empty() && key.chars().all(is_name)).then(|| (key, unquoted(value.trim())))
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\'', '`'] {
        if let Some((inside, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            return inside;
        }
    }
    // Without quotes a comment needs a space before it: "#" may be part of a secret.
    value.split_once(" #").map_or(value, |(before, _)| before.trim_end())
}
