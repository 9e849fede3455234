//! A program while it is being written: lines with their indentation.

use crate::Recipe;
use crate::comment::Remark;

/// A program while it is being written.
pub(crate) struct Source {
    text: String,
    /// What begins a comment.
    comment: &'static str,
    /// What one level of indentation is.
    indentation: &'static str,
    level: usize,
}

impl Source {
    /// An empty program.
    pub(crate) const fn new(comment: &'static str, indentation: &'static str) -> Self {
        Self { text: String::new(), comment, indentation, level: 0 }
    }

    /// Adds lines. Each is indented as deep as the program is by now; an empty one stays empty.
    pub(crate) fn add(&mut self, lines: impl AsRef<str>) -> &mut Self {
        for line in lines.as_ref().split('\n') {
            if !line.is_empty() {
                self.text.push_str(&self.indentation.repeat(self.level));
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
        self
    }

    /// Adds an empty line.
    pub(crate) fn gap(&mut self) -> &mut Self {
        self.add("")
    }

    /// Adds what opens a block; what follows is indented one level deeper.
    pub(crate) fn open(&mut self, line: impl AsRef<str>) -> &mut Self {
        self.add(line);
        self.level += 1;
        self
    }

    /// Ends a block.
    pub(crate) fn close(&mut self, line: impl AsRef<str>) -> &mut Self {
        self.level = self.level.saturating_sub(1);
        self.add(line)
    }

    /// Indents what follows one level deeper.
    pub(crate) fn indent(&mut self) -> &mut Self {
        self.level += 1;
        self
    }

    /// Ends a block after which nothing has to stand.
    pub(crate) fn outdent(&mut self) -> &mut Self {
        self.level = self.level.saturating_sub(1);
        self
    }

    /// Adds a comment.
    pub(crate) fn comment(&mut self, remark: &Remark) -> &mut Self {
        for line in remark.lines() {
            let comment = format!("{} {line}", self.comment);
            self.add(comment);
        }
        self
    }

    /// Adds the title of a part of the program and what is particular to it.
    pub(crate) fn part(&mut self, title: &str, remarks: &[Remark]) -> &mut Self {
        self.gap().comment(&Remark::new(title));
        for remark in remarks {
            self.comment(remark);
        }
        self
    }

    /// Adds what every program begins with: what it does, and which document its places belong to.
    pub(crate) fn head(&mut self, recipe: &Recipe) -> &mut Self {
        self.comment(&Remark::new(format!(
            "Logs in at {} as the client “{}” and says who it was.",
            recipe.provider, recipe.client
        )));
        if !recipe.document.is_empty() {
            self.comment(&Remark::new(format!("Document: {}.", recipe.document)));
        }
        self
    }

    /// The finished program.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}
