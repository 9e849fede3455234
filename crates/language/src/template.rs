//! Templates: texts with named places for what differs each time.

/// A text with placeholders in braces; doubled braces mean themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    /// The placeholder's name.
    Argument(String),
}

/// What stands in the places of a template, by the placeholders' names.
pub(crate) type Arguments<'a> = Vec<(&'a str, &'a str)>;

impl Template {
    /// Reads a template. A brace without its partner means itself.
    pub(crate) fn read(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let tail = &rest[at..];
            if tail.starts_with("{{") || tail.starts_with("}}") {
                literal.push_str(&tail[..1]);
                rest = &tail[2..];
            } else if let Some(end) = tail.find('}').filter(|end| *end > 0) {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Argument(tail[1..end].to_owned()));
                rest = &tail[end + 1..];
            } else {
                literal.push_str(&tail[..1]);
                rest = &tail[1..];
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Self(pieces)
    }

    /// The text of a template without placeholders.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether anything but signs stands around its placeholders.
    pub(crate) fn has_letters(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(char::is_alphabetic)))
    }

    /// How many bytes are the same each time: the more, the surer a text was made from this template.
    pub(crate) fn weight(&self) -> usize {
        self.0.iter().map(|piece| if let Piece::Literal(text) = piece { text.len() } else { 0 }).sum()
    }

    /// How many letters stand outside its placeholders.
    pub(crate) fn letters(&self) -> usize {
        let literals =
            self.0.iter().filter_map(|piece| if let Piece::Literal(text) = piece { Some(text) } else { None });
        literals.flat_map(|text| text.chars()).filter(|character| character.is_alphabetic()).count()
    }

    /// What every text of this template begins with.
    pub(crate) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// What every text of this template ends with.
    pub(crate) fn ending(&self) -> &str {
        match self.0.last() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// What stands in a text where this template has placeholders; none when the text was not made from it.
    pub(crate) fn arguments<'a>(&'a self, text: &'a str) -> Option<Arguments<'a>> {
        let mut found: Arguments<'a> = Vec::new();
        let mut rest = text;
        let mut open: Option<&str> = None;
        for (index, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Argument(name) => {
                    if let Some(before) = open.replace(name) {
                        // Nothing stands between the two: the second has it all.
                        keep(&mut found, before, "")?;
                    }
                }
                Piece::Literal(literal) => {
                    let is_last = index + 1 == self.0.len();
                    let at = match (open, is_last) {
                        (None, _) => rest.starts_with(literal.as_str()).then_some(0)?,
                        (Some(_), true) => rest.strip_suffix(literal.as_str())?.len(),
                        (Some(_), false) => rest.find(literal.as_str())?,
                    };
                    if let Some(name) = open.take() {
                        keep(&mut found, name, &rest[..at])?;
                    }
                    rest = &rest[at + literal.len()..];
                }
            }
        }
        match open {
            Some(name) => keep(&mut found, name, rest)?,
            None if !rest.is_empty() => return None,
            None => {}
        }
        Some(found)
    }

    /// The text with these arguments. A placeholder that has none stays empty.
    pub(crate) fn filled(&self, argument: impl Fn(&str) -> Option<String>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Argument(name) => text.push_str(&argument(name).unwrap_or_default()),
            }
        }
        text
    }

    /// The names of its placeholders, in order.
    #[cfg(test)]
    pub(crate) fn placeholders(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter_map(|piece| if let Piece::Argument(name) = piece { Some(name.as_str()) } else { None })
            .collect()
    }
}

/// Adds an argument. A placeholder that stands twice has one value.
fn keep<'a>(found: &mut Arguments<'a>, name: &'a str, value: &'a str) -> Option<()> {
    if let Some((_, known)) = found.iter().find(|(known, _)| *known == name) {
        return (*known == value).then_some(());
    }
    found.push((name, value));
    Some(())
}
