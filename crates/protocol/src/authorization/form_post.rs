//! Reading an authorization response that the browser posts as a form (OAuth 2.0 Form Post Response Mode).

use super::defect::Defect;
use super::response::Parameters;
use crate::inert::inert;

/// The longest form that is read; a listener need not take in more.
pub const LONGEST_FORM: usize = 64 << 10;

/// What a browser posted to the redirect URI.
#[derive(Clone, Copy)]
pub struct PostedForm<'a> {
    /// The `Content-Type` header, parameters and all.
    pub content_type: Option<&'a str>,
    /// The body, at most one byte more than [`LONGEST_FORM`] of it.
    pub body: &'a [u8],
}

impl PostedForm<'_> {
    pub(super) fn parameters(&self) -> Result<Parameters, Defect> {
        if self.body.len() > LONGEST_FORM {
            return Err(Defect::FormTooLong);
        }
        let label = self.content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !label.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Defect::FormMislabelled(inert(label)));
        }
        std::str::from_utf8(self.body).map(Parameters::of_text).map_err(|_| Defect::FormNotUtf8)
    }
}

impl std::fmt::Debug for PostedForm<'_> {
    /// Shows nothing of the body, which may hold a code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostedForm").field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}
