//! LO: the way back after a logout.

use axum::http::header::LOCATION;
use url::Url;

use super::super::answer::Finished;
use super::super::inject::Context;

/// Bends the redirect; says whether the fault really happened.
pub(super) fn bend(context: &Context<'_>, answer: &mut Finished) -> bool {
    if context.fault == "LO-03" {
        answer.replace_by_page("<!doctype html><title>You are logged out</title><p>You are logged out.".to_owned());
        return true;
    }
    let Some(mut address) = answer.header(LOCATION).and_then(|location| Url::parse(location).ok()) else {
        return false;
    };
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    if !pairs.iter().any(|(name, _)| name == "state") {
        return false;
    }
    let mut query = address.query_pairs_mut();
    query.clear().extend_pairs(pairs.iter().filter(|(name, _)| name != "state"));
    match (context.fault, context.variant) {
        ("LO-02", "twice") => {
            let own = pairs.iter().filter(|(name, _)| name == "state");
            query.extend_pairs(own.clone()).extend_pairs(own);
        }
        ("LO-02", _) => {
            query.append_pair("state", "another-state");
        }
        _ => {}
    }
    drop(query);
    if address.query() == Some("") {
        address.set_query(None);
    }
    answer.set_header(LOCATION, address.as_str());
    true
}
