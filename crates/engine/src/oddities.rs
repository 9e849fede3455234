//! What was off about the form of an answer that could be used all the same.

use gatewright_model::Dialect;
use gatewright_model::dialect::AnswerEncoding;
use gatewright_model::run::Finding;
use gatewright_protocol::answer::Oddity;

use crate::finding::plain;

/// Everything off about the form of an answer.
pub(crate) fn of_form(dialect: &Dialect, oddities: &[Oddity]) -> Vec<Finding> {
    oddities.iter().filter_map(|oddity| of_oddity(dialect, oddity)).collect()
}

/// Oddities of the whole answer here, those of single fields in [`of_field`].
fn of_oddity(dialect: &Dialect, oddity: &Oddity) -> Option<Finding> {
    let label = |label: &str| if label.is_empty() { "no Content-Type".to_owned() } else { label.to_owned() };
    Some(match oddity {
        Oddity::FormEncoded if dialect.token_response.encoding.value == AnswerEncoding::FormOrJson => {
            return None;
        }
        Oddity::FormEncoded => plain(
            "answer_form_encoded",
            "content-type",
            "The answer is form-encoded.",
            "It was understood, but most libraries read JSON only and would find no token.",
            "a JSON object (RFC 6749 §5.1)",
            "name=value pairs",
        ),
        Oddity::Mislabelled(received) => plain(
            "content_type_odd",
            "content-type",
            "The answer's label does not fit what it holds.",
            "It was understood by its content. Strict libraries refuse it.",
            "a Content-Type that names the form of the body",
            &label(received),
        ),
        Oddity::ByteOrderMark => plain(
            "byte_order_mark",
            "body",
            "The answer begins with a byte order mark.",
            "It was skipped. JSON must not begin with one (RFC 8259 §8.1), and many parsers fail on it.",
            "{",
            "U+FEFF {",
        ),
        other => return of_field(other),
    })
}

fn of_field(oddity: &Oddity) -> Option<Finding> {
    Some(match oddity {
        Oddity::TokenTypeMissing => plain(
            "token_type_missing",
            "token_type",
            "The answer does not say what kind of token this is.",
            "It is used as a bearer token. Strict libraries refuse an answer without token_type.",
            "Bearer (required, RFC 6749 §5.1)",
            "nothing",
        ),
        Oddity::LifetimeAsText(received) => plain(
            "lifetime_as_text",
            "expires_in",
            "The lifetime is written as text.",
            "It was understood. Typed languages fail on it unless told.",
            "a number",
            &format!("\"{received}\""),
        ),
        Oddity::LifetimeIgnored(name, received) => plain(
            "lifetime_ignored",
            name,
            "The lifetime makes no sense and was ignored.",
            "Treat the token as one that may end at any time.",
            "a whole number of seconds",
            received,
        ),
        Oddity::ScopeNotText => plain(
            "scope_not_text",
            "scope",
            "The scope is not written as text and was ignored.",
            "What was granted is therefore unknown.",
            "names separated by a space (RFC 6749 §3.3)",
            "another JSON type",
        ),
        Oddity::TokenIgnored(name) => plain(
            "token_ignored",
            name,
            "A token of the answer cannot be used and was ignored.",
            "It is empty, is no text, or holds characters that a token may not hold.",
            "text of printable ASCII characters",
            "something else",
        ),
        Oddity::FormEncoded | Oddity::Mislabelled(_) | Oddity::ByteOrderMark => return None,
    })
}
