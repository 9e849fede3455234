//! JSON pointers (RFC 6901) as programs take them: step by step.

/// One step into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member of an object.
    Member(String),
    /// An element of an array; a member of that name where there is an object.
    Element(usize),
}

/// The way to one value of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pointer {
    /// As written.
    pub(crate) text: String,
    /// Its steps; none for the whole document.
    pub(crate) steps: Vec<Step>,
}

impl Pointer {
    /// Reads a pointer. What stands before the first slash leads nowhere and is left out.
    pub(crate) fn read(text: &str) -> Self {
        let steps = text.split('/').skip(1).map(|step| {
            let name = step.replace("~1", "/").replace("~0", "~");
            match name.parse() {
                Ok(index) if name == "0" || !name.starts_with('0') => Step::Element(index),
                _ => Step::Member(name),
            }
        });
        Self { text: text.to_owned(), steps: steps.collect() }
    }

    /// The name of the member, for a pointer of one step into an object.
    pub(crate) fn only_member(&self) -> Option<&str> {
        match self.steps.as_slice() {
            [Step::Member(name)] => Some(name),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_numbers_are_places() {
        let pointer = Pointer::read("/a~1b/0/~01/007");
        let member = |name: &str| Step::Member(name.to_owned());
        assert_eq!(pointer.steps, [member("a/b"), Step::Element(0), member("~1"), member("007")]);
        assert_eq!(Pointer::read("/sub").only_member(), Some("sub"));
        assert_eq!(Pointer::read("/0").only_member(), None);
    }
}
