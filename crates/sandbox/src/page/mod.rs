//! The pages a person sees: plain HTML without scripts, readable in any browser, usable by keyboard alone.

pub(crate) mod apps;

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::Twin;
use crate::user::SandboxUser;

/// The one stylesheet; it stands inside each page, so that a page is whole in one answer.
pub(crate) const STYLESHEET: &str = include_str!("sandbox.css");

/// SHA-256 of the stylesheet in base64, by which the content security policy lets it in.
pub(crate) fn stylesheet_hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLESHEET)));
    &HASH
}

/// What a person can decide on the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Deny,
    Cancel,
}

impl Decision {
    /// The value the button sends.
    pub(crate) const fn value(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
        }
    }

    /// What the button says, in the provider's own word where it has one.
    pub(crate) const fn label(self, twin: Twin) -> &'static str {
        match (self, twin) {
            (Self::Approve, Twin::ContentDb) => "Authorize",
            (Self::Approve, _) => "Approve",
            (Self::Deny, _) => "Deny",
            (Self::Cancel, _) => "Cancel",
        }
    }
}

/// The sign-in page. Its help lists everybody with their password.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage<'a> {
    pub(crate) twin: Twin,
    /// The app the person is on the way to, where that is known before they sign in.
    pub(crate) app: Option<&'a str>,
    /// What was wrong with the last try.
    pub(crate) problem: Option<&'a str>,
    pub(crate) username: &'a str,
    /// Where the person goes after signing in: the authorization request, or nowhere.
    pub(crate) next: &'a str,
    pub(crate) users: &'a [SandboxUser],
}

/// The consent page.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentPage<'a> {
    pub(crate) twin: Twin,
    pub(crate) app: &'a str,
    /// What the app will learn, one line each.
    pub(crate) shared: Vec<&'a str>,
    pub(crate) approved: bool,
    /// Where the form goes: the authorization request itself.
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    /// Value and label of each button; the first one is what the Enter key presses.
    pub(crate) buttons: Vec<(&'static str, &'static str)>,
    pub(crate) destination: &'a str,
    pub(crate) user: &'a SandboxUser,
}

/// The page that asks before it logs somebody out.
#[derive(Template)]
#[template(path = "log_out.html")]
pub(crate) struct LogOutPage<'a> {
    pub(crate) twin: Twin,
    pub(crate) action: &'a str,
    pub(crate) csrf_token: &'a str,
    /// What the app has asked, sent again with the answer.
    pub(crate) kept: Vec<(&'static str, &'a str)>,
    pub(crate) user: &'a SandboxUser,
}

/// A page that says something and asks nothing.
#[derive(Template)]
#[template(path = "notice.html")]
pub(crate) struct NoticePage<'a> {
    pub(crate) twin: Twin,
    pub(crate) headline: &'a str,
    pub(crate) sentence: &'a str,
    pub(crate) hint: Option<&'a str>,
}

/// The page at `/`.
#[derive(Template)]
#[template(path = "start.html")]
pub(crate) struct StartPage<'a> {
    pub(crate) twins: &'a [Twin],
}
