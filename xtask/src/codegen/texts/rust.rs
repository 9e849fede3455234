//! Texts in Rust: what stands in string literals, with the placeholders of `format!` and of error enums.

mod template;

use anyhow::Context as _;
use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Lit, Meta, Token};

/// Macros whose first text is a template.
const TEMPLATES: &[&str] = &["format", "format_args", "write", "writeln", "bail", "anyhow"];

/// Macros that no person reads: the log's, tests', and those that name files or words of the wire.
const SILENT_MACROS: &[&str] = &[
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "instrument",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "panic",
    "unreachable",
    "include_str",
    "include_bytes",
    "env",
    "concat",
    "cfg",
    "compile_error",
    "matches",
    "stringify",
    "println",
    "eprintln",
    "embed_migrations",
    "params",
];

/// Methods whose text is compared with something, or looked up by it.
const COMPARING_METHODS: &[&str] = &[
    "expect",
    "expect_err",
    "starts_with",
    "ends_with",
    "contains",
    "strip_prefix",
    "strip_suffix",
    "trim_start_matches",
    "trim_end_matches",
    "split",
    "split_once",
    "rsplit_once",
    "header",
    "find",
    "rfind",
    "prepare",
    "prepare_cached",
    "execute",
    "execute_batch",
    "query_row",
    "query_map",
    "query_one",
    "insert_header",
    "strftime",
];

/// Every string of a source file that could be a text. What is compiled for tests only is left out.
pub(super) fn texts(content: &str) -> anyhow::Result<Vec<String>> {
    let file = syn::parse_file(content).context("not Rust")?;
    let mut strings = Strings::default();
    strings.visit_file(&file);
    Ok(strings.0)
}

/// The strings met so far.
#[derive(Default)]
struct Strings(Vec<String>);

impl Strings {
    /// The arguments of a macro that takes expressions; the first text of a template has placeholders.
    fn visit_arguments(&mut self, tokens: &TokenStream, is_template: bool) -> bool {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(arguments) = syn::parse::Parser::parse2(parser, tokens.clone()) else { return false };
        let first = if is_template { arguments.iter().position(|argument| literal(argument).is_some()) } else { None };
        for (index, argument) in arguments.iter().enumerate() {
            match literal(argument) {
                Some(text) if Some(index) == first => {
                    let others: Vec<_> = arguments.iter().skip(index + 1).collect();
                    self.0.push(template::of_format(&text, &others));
                }
                _ => self.visit_expr(argument),
            }
        }
        true
    }

    /// The strings among tokens that are no list of expressions.
    fn visit_tokens(&mut self, tokens: TokenStream) {
        let mut after_hash = false;
        for token in tokens {
            let is_attribute = after_hash;
            after_hash = matches!(&token, TokenTree::Punct(sign) if sign.as_char() == '#');
            match token {
                TokenTree::Group(_) if is_attribute => {}
                TokenTree::Group(group) => self.visit_tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal) {
                        self.0.push(template::of_plain(&text.value()));
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Strings {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !function.attrs.iter().any(is_for_tests) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // Of attributes, only the words of an error enum are read by people.
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("error")
            && !self.visit_arguments(&list.tokens, true)
            && let Some(TokenTree::Literal(first)) = list.tokens.clone().into_iter().next()
            && let Lit::Str(text) = Lit::new(first)
        {
            self.0.push(template::of_format(&text.value(), &[]));
        }
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        let name = invocation.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if SILENT_MACROS.contains(&name.as_str()) {
            return;
        }
        if !self.visit_arguments(&invocation.tokens, TEMPLATES.contains(&name.as_str())) {
            self.visit_tokens(invocation.tokens.clone());
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        let name = call.method.to_string();
        if COMPARING_METHODS.contains(&name.as_str()) {
            return;
        }
        // What is replaced is looked for; what takes its place is read.
        let looked_for = usize::from(name == "replace");
        call.args.iter().skip(looked_for).for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        // The names of failpoints are for tests.
        let is_silent = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("reached"));
        if !is_silent {
            visit::visit_expr_call(self, call);
        }
    }

    /// What is matched on comes from elsewhere.
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.0.push(template::of_plain(&text.value()));
    }
}

fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn attributes(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, `#[test]` and what is for failpoints.
fn is_for_tests(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            !condition.starts_with("not") && (condition.contains("test") || condition.contains("failpoints"))
        }
        Meta::List(_) | Meta::NameValue(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_expressions_macros_and_errors_are_found() {
        let source = r#"
            /// No text.
            #[derive(thiserror::Error)]
            enum Mishap {
                #[error("the file {name} is gone: {0}")]
                Gone { name: String },
            }
            const TITLES: &[&str] = &["Endpoints"];
            fn say(port: u16, client: &Client) -> Failure {
                tracing::info!("a line of the log");
                let no = vec!["first of a list"];
                Failure::new(format!("Port {port:>5} of {} is {}.", client.name, 1 + 1)).hint("End the program.")
            }
            #[cfg(test)]
            mod tests { const X: &str = "in a test"; }
        "#;
        let expected = [
            "the file {name} is gone: {0}",
            "Endpoints",
            "first of a list",
            "Port {port} of {client.name} is {1}.",
            "End the program.",
        ];
        assert_eq!(texts(source).unwrap(), expected);
    }

    #[test]
    fn what_is_compared_is_no_text() {
        let source = r#"
            fn judge(text: &str) -> bool {
                match text { "a pattern" => {} _ => {} }
                text.starts_with("a prefix") || text.replace("a word", "another word").is_empty()
            }
        "#;
        assert_eq!(texts(source).unwrap(), ["another word"]);
    }
}
