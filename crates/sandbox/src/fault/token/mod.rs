//! Faults of the token endpoint's answers.

mod members;

pub(super) use members::{Members, holds_access_token, holds_id_token};

use super::answer::Finished;
use super::inject::Context;

/// Bends a finished answer; says whether the fault really happened.
pub(super) async fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    let _ = (context, answer);
    false
}
