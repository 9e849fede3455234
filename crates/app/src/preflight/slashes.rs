//! Whether paths end as the server wants them. ContentDB answers 308 without the slash, and a POST loses its body on the way.

use gatewright_contract::preflight::PreflightFix;
use gatewright_model::provider::{Endpoint, SlashPolicy, is_absolute};
use url::Url;

use super::item::Item;
use super::subject::Subject;

pub(super) fn judge(subject: &Subject) -> Item {
    let Some(bases) = &subject.bases else { return Item::skipped("There is no server yet.") };
    let name = &subject.provider.name;
    let wants_slash = subject.provider.endpoints.trailing_slash.value == SlashPolicy::Required;
    let odd = [Endpoint::Authorization, Endpoint::Token, Endpoint::Identity].into_iter().find_map(|endpoint| {
        let url = Url::parse(&subject.provider.address(endpoint, bases)?).ok()?;
        // What a server's own metadata name is written as that server wants it.
        let is_metadata = subject.provider.endpoints.get(endpoint).is_some_and(|written| is_absolute(&written.value));
        // A bare origin has the one slash that every address has.
        let has_path = url.path().len() > 1;
        (has_path && !is_metadata && url.path().ends_with('/') != wants_slash)
            .then(|| (endpoint, url.path().to_owned()))
    });
    let Some((endpoint, path)) = odd else {
        let how = if wants_slash { "end in a slash" } else { "are written without a slash at the end" };
        return Item::good(format!("{name}'s paths {how}, as its profile says."));
    };
    let wanted = if wants_slash { format!("{path}/") } else { path.trim_end_matches('/').to_owned() };
    Item::warning(format!(
        "The path of the {} endpoint does not end as {name}'s others do. Most servers answer that with a redirect, which is never followed, because it could carry the secret elsewhere.",
        endpoint.name()
    ))
    .expecting(wanted, path)
    .fix(PreflightFix::OpenProvider)
}
