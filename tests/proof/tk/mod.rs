//! TK: the token endpoint's answer.

mod body;
mod member;
mod refusal;
mod wire;
