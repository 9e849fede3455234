//! The pictures that identities point at: a letter on a disc, drawn on the spot.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

use super::answer;
use crate::user::USERS;

/// A person's picture; `file` is a number or username of theirs and `.svg`.
pub(crate) async fn show(Path(file): Path<String>) -> Response {
    let name = file.strip_suffix(".svg").unwrap_or_default();
    let is_named = |number: u32| number.to_string() == name || (number + 100).to_string() == name;
    let Some(user) = USERS.iter().find(|user| user.username == name || is_named(user.number)) else {
        return answer::text(StatusCode::NOT_FOUND, "Nobody here has this picture.\n");
    };
    let letter = &user.given_name[..1];
    let hue = (user.number * 67) % 360;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><title>{}</title><circle cx=\"32\" cy=\"32\" r=\"32\" \
         fill=\"hsl({hue} 45% 38%)\"/><text x=\"32\" y=\"43\" font-family=\"sans-serif\" font-size=\"32\" fill=\"#fff\" \
         text-anchor=\"middle\">{letter}</text></svg>",
        user.display_name()
    );
    answer::with_header(answer::text(StatusCode::OK, svg), CONTENT_TYPE, "image/svg+xml")
}
