//! Programs that log in as one client does.
//!
//! A [`Recipe`] says what such a program has to do: which address the browser is sent to, what is compared when it comes back, how the code
//! becomes an answer, and where that answer or the identity endpoint says who it was. It is made of a provider's dialect and a client, and
//! knows no language. Each language is one file that writes a recipe down.
//!
//! A program is complete: it prints the address, reads the callback from its standard input, exchanges the code and prints who it was. The
//! client's secret is in none of them; each reads `CLIENT_SECRET` from its environment, or the file that `CLIENT_KEY_FILE` names, for a
//! client that signs with a private key (RFC 7523 §2.2). What people have typed into Gatewright (names,
//! addresses, a profile of their own) can end neither a string nor a comment.

mod comment;
mod curl;
mod go;
mod language;
mod literal;
mod node;
mod php;
mod pointer;
mod python;
mod recipe;
mod rust;
mod source;

pub use language::{Language, Snippet};
pub use recipe::{Recipe, RecipeError};

/// Writes a recipe down as a program.
pub fn write(recipe: &Recipe, language: Language) -> Snippet {
    let text = match language {
        Language::Curl => curl::write(recipe),
        Language::Node => node::write(recipe),
        Language::Python => python::write(recipe),
        Language::Go => go::write(recipe),
        Language::Php => php::write(recipe),
        Language::Rust => rust::write(recipe),
    };
    Snippet { language, text, install: language.install(recipe), run: language.run(recipe) }
}

#[cfg(test)]
mod tests;
