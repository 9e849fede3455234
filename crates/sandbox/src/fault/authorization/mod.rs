//! Faults of the authorization endpoint and of the redirect back to the app.

mod callback;

pub(super) use callback::callback_of;

use super::answer::Finished;
use super::inject::Context;

/// Bends a finished answer; says whether the fault really happened.
pub(super) fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let _ = (context, answer);
    false
}
