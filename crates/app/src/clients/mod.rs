//! Clients: listing, showing, checking, creating, changing, deleting.

mod change;
mod create;
mod delete;
mod detail;
mod draft;
mod list;

pub(crate) use self::list::{PAGE, model_environment, model_ownership};
