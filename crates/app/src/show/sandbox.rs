//! The sandbox's state and log.

use gatewright_contract::sandbox::{SandboxLogEntry, SandboxState, SandboxTwin, SandboxUser};
use gatewright_sandbox::{Injection, RequestLogEntry, SandboxHandle, Twin, USERS};

use super::fault;
use super::run::milliseconds;

/// A sandbox that is off: its people are known all the same.
pub(crate) fn off() -> SandboxState {
    SandboxState {
        running: false,
        origin: None,
        auto_approve: None,
        gitter_as_engine: false,
        users: users(),
        twins: Twin::ALL.iter().map(|twin| wire_twin(*twin, None, 0)).collect(),
    }
}

/// A sandbox that runs.
pub(crate) fn on(handle: &SandboxHandle, auto_approve: Option<String>, gitter_as_engine: bool) -> SandboxState {
    SandboxState {
        running: true,
        origin: Some(handle.origin().to_owned()),
        auto_approve,
        gitter_as_engine,
        users: users(),
        twins: handle
            .twins()
            .iter()
            .map(|twin| wire_twin(*twin, Some(handle.origin()), handle.apps(*twin).len()))
            .collect(),
    }
}

fn users() -> Vec<SandboxUser> {
    USERS
        .iter()
        .map(|user| SandboxUser {
            username: user.username.to_owned(),
            password: user.password.to_owned(),
            display_name: format!("{} {}", user.given_name, user.family_name),
            role: user.role.to_owned(),
            phone_verified: user.phone_verified,
        })
        .collect()
}

fn wire_twin(twin: Twin, origin: Option<&str>, apps: usize) -> SandboxTwin {
    SandboxTwin {
        provider: twin.id().to_owned(),
        provider_name: twin.name().to_owned(),
        base_url: origin.map(|origin| format!("{origin}{}", twin.prefix())),
        apps: u32::try_from(apps).unwrap_or(u32::MAX),
    }
}

/// One request the sandbox answered.
pub(crate) fn entry(entry: &RequestLogEntry, injections: &[Injection]) -> SandboxLogEntry {
    let happened = injections.iter().filter(|injection| injection.request_id == entry.request_id);
    SandboxLogEntry {
        sequence: u32::try_from(entry.sequence).unwrap_or(u32::MAX),
        at: entry.time.to_string(),
        provider: entry.twin.map(|twin| twin.id().to_owned()),
        method: entry.method.clone(),
        path: entry.path.clone(),
        status: entry.status,
        duration_ms: milliseconds(entry.duration_us),
        note: entry.note.to_string(),
        request_id: entry.request_id.clone(),
        faults: happened.map(fault::named).collect(),
    }
}
