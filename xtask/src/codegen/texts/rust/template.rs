//! Templates: texts with placeholders in braces, written so that a translator can tell these apart.

use syn::{Expr, Member};

/// Methods that give the same words in another type.
const SAME_WORDS: &[&str] = &["as_str", "as_ref", "as_deref", "clone", "display", "to_owned", "to_string", "trim"];

/// The template of a macro like `format!`. A placeholder without a name gets that of its argument, where that is a variable or a field,
/// and else its number among those without a name.
pub(super) fn of_format(text: &str, arguments: &[&Expr]) -> String {
    let mut template = String::new();
    let mut rest = text;
    let mut number = 0;
    while let Some(at) = rest.find(['{', '}']) {
        template.push_str(&rest[..at]);
        let tail = &rest[at..];
        if tail.starts_with("{{") || tail.starts_with("}}") {
            template.push_str(&tail[..2]);
            rest = &tail[2..];
        } else if let Some(end) = tail.find('}') {
            let name = tail[1..end].split(':').next().unwrap_or_default().trim();
            let name = if name.is_empty() {
                number += 1;
                unnamed(number - 1, arguments)
            } else {
                named(name, arguments)
            };
            template.extend(["{", name.as_str(), "}"]);
            rest = &tail[end + 1..];
        } else {
            break;
        }
    }
    template.push_str(rest);
    template
}

/// A string that is no format: names in braces are filled in by `replace`, other braces mean themselves.
pub(super) fn of_plain(text: &str) -> String {
    let mut template = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        template.push_str(&rest[..at]);
        let tail = &rest[at..];
        match tail.strip_prefix('{').and_then(|tail| tail.split_once('}')) {
            Some((name, after)) if is_name(name) => {
                template.extend(["{", name, "}"]);
                rest = after;
            }
            _ => {
                template.push_str(&tail[..1].repeat(2));
                rest = &tail[1..];
            }
        }
    }
    template.push_str(rest);
    template
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

fn unnamed(number: usize, arguments: &[&Expr]) -> String {
    let positional = arguments.iter().filter(|argument| !matches!(argument, Expr::Assign(_))).nth(number);
    positional.and_then(|argument| chain(argument)).unwrap_or_else(|| number.to_string())
}

/// A number counts the arguments; any other name is in scope, or given as `name = …`, and stays.
fn named(name: &str, arguments: &[&Expr]) -> String {
    match name.parse() {
        Ok(number) => unnamed(number, arguments),
        Err(_) => name.to_owned(),
    }
}

/// A variable with its fields: `client.name`.
fn chain(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Field(field) => match &field.member {
            Member::Named(name) => Some(format!("{}.{name}", chain(&field.base)?)),
            Member::Unnamed(_) => None,
        },
        Expr::Reference(reference) => chain(&reference.expr),
        Expr::MethodCall(call) if call.args.is_empty() && SAME_WORDS.iter().any(|same| call.method == same) => {
            chain(&call.receiver)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_that_mean_themselves_stay_doubled() {
        assert_eq!(of_format("{{\"a\": {a}}}", &[]), "{{\"a\": {a}}}");
        assert_eq!(of_plain("{\"a\": 1} for {person}"), "{{\"a\": 1}} for {person}");
    }
}
