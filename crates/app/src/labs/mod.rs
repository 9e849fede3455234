//! The labs: guided experiments with one provider's cancel and with one client's redirect URI.

mod cancel;
mod handling;
mod redirect;
mod show;
mod trial;

pub(crate) use self::cancel::Experiments;
