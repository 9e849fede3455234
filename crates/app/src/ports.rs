//! The engine's ports, for the shell, which knows only `app` and `contract`.

pub use crate::evidence::{Exposure, Page, Pictures, Pixels};
pub use gatewright_engine::ports::{Arrival, Judge, Judgement, PortFuture, UserAgent, Visit, VisitError};
pub use gatewright_engine::sightings::Sightings;
pub use gatewright_model::evidence::Moment;
pub use gatewright_protocol::Secret;
pub use gatewright_protocol::redirect_uri::RedirectUri;
