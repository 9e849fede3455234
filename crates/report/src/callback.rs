//! A recorded callback read by its parts.

use gatewright_model::Redacted;
use gatewright_model::exchange::Piece;

/// The address of a recorded callback without its parameters, and its parameters in order, from query, fragment or form. References are
/// values whatever they contain: the `#` of `code#1` begins no fragment.
pub(crate) fn parts(recorded: &Redacted) -> (String, Vec<(String, String)>) {
    let mut parts = vec![String::new()];
    for piece in &recorded.0 {
        match piece {
            Piece::Reference(reference) => push(&mut parts, &format!("‹{reference}›")),
            Piece::Text(text) => {
                for (place, part) in text.split(['?', '#', '\n', '&']).enumerate() {
                    if place > 0 {
                        parts.push(String::new());
                    }
                    push(&mut parts, part);
                }
            }
        }
    }
    let mut parts = parts.into_iter();
    let address = parts.next().unwrap_or_default();
    let parameters = parts.filter(|part| !part.is_empty()).map(|part| match part.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (part, String::new()),
    });
    (address, parameters.collect())
}

fn push(parts: &mut [String], text: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use gatewright_model::Redacted;

    use super::parts;

    #[test]
    fn a_reference_is_a_value_whatever_it_contains() {
        let mut recorded = Redacted::text("http://127.0.0.1/callback?code=");
        recorded.push_reference(&"code#1");
        recorded.push_text("&state=a=b#session_state&x=");
        let (address, parameters) = parts(&recorded);
        assert_eq!(address, "http://127.0.0.1/callback");
        let pairs: Vec<_> = parameters.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(pairs, [("code", "‹code#1›"), ("state", "a=b"), ("session_state", ""), ("x", "")]);
    }
}
