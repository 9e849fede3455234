//! TK: the token endpoint's answer.

mod body;
mod certificate;
mod member;
mod refusal;
mod wire;
