//! The authorization server that speaks five dialects on loopback.
//!
//! One server, five *twins*: each speaks its provider's dialect, warts included, below a path of its own. What the providers' documents and
//! public sources say is the truth here; the login engine is not known to this crate, so that a misreading cannot hide in both.
//!
//! Where a provider is silent, the twin does what RFC 6749 says: a refusal and a cancel both come back as `error=access_denied` with
//! `state`, and mistakes in the authorization request are shown on a page, never redirected.

mod access;
mod app;
mod bounded;
mod clock;
mod endpoint;
mod entropy;
mod fault;
mod grants;
mod guard;
mod listener;
mod log;
mod options;
mod page;
mod sandbox;
mod server;
mod session;
mod signing;
mod twin;
mod user;

pub use app::{
    AppForm, AppRefusal, AppRefusalCode, AppsFileError, ClientAuthMethod, CreatedApp, OpenIdSettings, RegisteredApp,
    RegisteredSecret,
};
pub use clock::{Clock, SystemClock};
pub use fault::Injection;
pub use fault::catalogue::{FaultDefinition, FaultEndpoint, fault_catalogue};
pub use fault::rule::{FaultRule, FaultRuleError, FaultRuleMistake, FaultTiming};
pub use log::RequestLogEntry;
pub use options::{GitterMode, LifetimeLimits, RegistrationMode, SandboxOptions};
pub use sandbox::{Sandbox, SandboxHandle, StartError};
pub use signing::{Jwk, JwkSet, SignatureAlgorithm, SigningError};
pub use twin::{FormRules, Twin};
pub use user::{Rank, SandboxUser, USERS};
