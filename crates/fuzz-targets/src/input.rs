//! Cutting an input into what a target needs.

/// One input: a first line of choices, then whatever the target reads.
pub(crate) struct Input<'a> {
    choices: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let (choices, rest) = line(bytes);
        Self { choices, rest }
    }

    /// One of these, by the next character of the first line: `0` takes the first, `1` the second, nothing the first.
    pub(crate) fn choose<T: Clone>(&mut self, options: &[T]) -> T {
        let (choice, left) = self.choices.split_first().unwrap_or((&b'0', &[]));
        self.choices = left;
        options[usize::from(choice.wrapping_sub(b'0')) % options.len()].clone()
    }

    /// The next line, without its end; none where it is not UTF-8.
    pub(crate) fn line(&mut self) -> Option<&'a str> {
        let (line, rest) = line(self.rest);
        self.rest = rest;
        std::str::from_utf8(line).ok()
    }

    /// Everything that is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Everything that is left, where it is UTF-8.
    pub(crate) fn text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.rest).ok()
    }
}

fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn a_file_written_by_hand_is_cut_as_it_looks() {
        let mut input = Input::new(b"12\nfirst\nsecond\nthird");
        assert_eq!(
            (input.choose(&['a', 'b']), input.choose(&['a', 'b', 'c']), input.choose(&['a', 'b'])),
            ('b', 'c', 'a')
        );
        assert_eq!((input.line(), input.text()), (Some("first"), Some("second\nthird")));
    }

    #[test]
    fn any_byte_is_a_choice() {
        for byte in 0..=u8::MAX {
            let _ = Input::new(&[byte]).choose(&[1, 2, 3]);
        }
    }
}
