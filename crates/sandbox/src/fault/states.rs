//! What the authorization endpoints were asked lately: some faults need two logins to mix up.

use std::collections::VecDeque;
use std::sync::Mutex;

use super::lock;
use super::occasion::Occasion;
use crate::Twin;

/// Logins remembered; only while rules are in force.
const KEPT: usize = 256;

/// The `state` of each login, oldest first.
#[derive(Default)]
pub(super) struct States(Mutex<VecDeque<Login>>);

/// One login of one client.
struct Login {
    twin: Twin,
    client_id: String,
    state: String,
    /// Whether its callback has been sent.
    answered: bool,
    /// The login whose callback already carries this one's state.
    swapped_with: Option<String>,
}

impl Login {
    fn is(&self, occasion: &Occasion, state: &str) -> bool {
        self.is_of_same_client(occasion) && self.state == state
    }

    fn is_of_same_client(&self, occasion: &Occasion) -> bool {
        self.twin == occasion.twin && Some(&self.client_id) == occasion.client_id.as_ref()
    }
}

impl States {
    /// Remembers an authorization request.
    pub(super) fn note_request(&self, occasion: &Occasion) {
        let (Some(client_id), Some(state)) = (&occasion.client_id, occasion.query.text("state")) else { return };
        if !occasion.is_authorization_request() {
            return;
        }
        let mut logins = lock(&self.0);
        if logins.iter().any(|login| login.is(occasion, state)) {
            return;
        }
        if logins.len() == KEPT {
            logins.pop_front();
        }
        logins.push_back(Login {
            twin: occasion.twin,
            client_id: client_id.clone(),
            state: state.to_owned(),
            answered: false,
            swapped_with: None,
        });
    }

    /// Remembers that a login's callback has been sent.
    pub(super) fn note_callback(&self, occasion: &Occasion) {
        let Some(state) = occasion.query.text("state") else { return };
        if let Some(login) = lock(&self.0).iter_mut().find(|login| login.is(occasion, state)) {
            login.answered = true;
        }
    }

    /// The state of this client's last login that is over.
    pub(super) fn earlier(&self, occasion: &Occasion) -> Option<String> {
        let own = occasion.query.text("state")?;
        let logins = lock(&self.0);
        let mut over = logins.iter().rev().filter(|login| login.answered && login.is_of_same_client(occasion));
        over.find(|login| login.state != own).map(|login| login.state.clone())
    }

    /// The state of another login of this client that is still under way, or with which this one was swapped before.
    pub(super) fn swap(&self, occasion: &Occasion) -> Option<String> {
        let own = occasion.query.text("state")?;
        let mut logins = lock(&self.0);
        if let Some(partner) = logins.iter_mut().find(|login| login.is(occasion, own))?.swapped_with.take() {
            return Some(partner);
        }
        let mut pending = logins.iter_mut().rev().filter(|login| !login.answered && login.is_of_same_client(occasion));
        let other = pending.find(|login| login.state != own)?;
        other.swapped_with = Some(own.to_owned());
        Some(other.state.clone())
    }
}
