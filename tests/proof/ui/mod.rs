//! UI: what turns an access token into an identity goes wrong.

mod claim;
mod meant;
mod refusal;
mod signed;
mod subject;
