//! The pages on which somebody keeps the apps they own.

use askama::Template;

use crate::app::App;
use crate::endpoint::app_pages::rules::{Action, AppPageRules};
use crate::user::SandboxUser;
use crate::{RegisteredApp, Twin};

/// What every page for somebody signed in has.
pub(crate) struct Frame<'a> {
    pub(crate) twin: Twin,
    pub(crate) rules: &'a AppPageRules,
    pub(crate) csrf_token: &'a str,
    pub(crate) user: &'a SandboxUser,
    /// Where "use another account" leads to.
    pub(crate) next: &'a str,
}

/// What stands in a form, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Filled {
    pub(crate) name: String,
    /// One on each line.
    pub(crate) redirect_uris: String,
    pub(crate) problem: Option<String>,
    /// The field that is wrong: `name`, `redirect_uris`, or none.
    pub(crate) field: &'static str,
}

impl Filled {
    /// The form of an app as it stands.
    pub(crate) fn of(app: &App) -> Self {
        Self { name: app.name.clone(), redirect_uris: app.redirect_uris.join("\n"), problem: None, field: "" }
    }
}

/// The apps that somebody owns.
#[derive(Template)]
#[template(path = "apps.html")]
pub(crate) struct AppsPage<'a> {
    pub(crate) frame: Frame<'a>,
    /// Each with the address of its page.
    pub(crate) apps: Vec<(String, &'a RegisteredApp)>,
    pub(crate) new_path: String,
    /// Why this person may not create any.
    pub(crate) not_allowed: Option<String>,
    pub(crate) filled: &'a Filled,
}

/// The form for a new app.
#[derive(Template)]
#[template(path = "new_app.html")]
pub(crate) struct NewAppPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) new_path: String,
    pub(crate) not_allowed: Option<String>,
    pub(crate) filled: &'a Filled,
}

/// One app: its ID, its secret where it is to be seen, and the form to change it.
#[derive(Template)]
#[template(path = "app.html")]
pub(crate) struct AppPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) app: &'a App,
    pub(crate) secret: Option<&'a str>,
    pub(crate) path: String,
    pub(crate) delete_path: String,
    pub(crate) secret_path: String,
    pub(crate) revoke_path: String,
    /// For how long a replaced secret still works, in words; none when it does not.
    pub(crate) kept_for: Option<String>,
    pub(crate) filled: &'a Filled,
}

/// A span of time in words, in the largest unit that says it without a rest; none for no time at all.
pub(crate) fn in_words(seconds: u32) -> Option<String> {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (length, unit) = units.into_iter().find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length))?;
    let number = seconds / length;
    Some(format!("{number} {unit}{}", if number == 1 { "" } else { "s" }))
}

/// The page that asks before it deletes an app.
#[derive(Template)]
#[template(path = "delete_app.html")]
pub(crate) struct DeletePage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) app: &'a App,
    pub(crate) path: String,
    pub(crate) back: String,
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_span_of_time_is_told_in_the_largest_unit_that_fits() {
        let told = [0, 1, 90, 60, 7200, 86_400, 172_800].map(|seconds| in_words(seconds).unwrap_or_default());
        assert_eq!(told, ["", "1 second", "90 seconds", "1 minute", "2 hours", "1 day", "2 days"]);
    }
}
