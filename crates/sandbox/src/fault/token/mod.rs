//! Faults of the token endpoint's answers.

mod members;

pub(super) use members::holds_access_token;

use super::answer::Finished;
use super::inject::Context;

/// Bends a finished answer; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let _ = (context, answer);
    false
}
