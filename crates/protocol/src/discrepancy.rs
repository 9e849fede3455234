//! What is wrong, told in the four parts that a report shows.

/// Expected against received. The texts are inert and never hold a secret: a nonce or a hash that differs is "another one".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// Stable, in snake case. Checks and screens go by it, never by the texts.
    pub code: &'static str,
    /// The claim, header parameter or member that it is about.
    pub field: String,
    /// What should have been there, with the source that says so where that helps.
    pub expected: String,
    /// What was there.
    pub received: String,
}

impl Discrepancy {
    pub(crate) fn new(
        code: &'static str,
        field: impl Into<String>,
        expected: impl Into<String>,
        received: impl Into<String>,
    ) -> Self {
        Self { code, field: field.into(), expected: expected.into(), received: received.into() }
    }
}
