//! The rotation of a client's secret: a runbook that survives every interruption.
//!
//! What a rotation is and what may happen to it is in [`gatewright_model::rotation`], without hands. Here are the hands: `driver` acts at
//! the provider, `keep` in keyring and database, `prove` asks, `recover` settles what an interruption left. Whoever works on a rotation
//! has it for itself ([`hold`]), and every command answers with the runbook as it stands afterwards.

mod actions;
mod begin;
mod board;
mod deployments;
mod driver;
mod finish;
mod guide;
mod hold;
mod keep;
mod obtain;
mod prove;
mod recover;
mod show;
mod steps;
mod words;

use gatewright_contract::{Failure, FailureCode};

pub(crate) use self::keep::{Unstored, is_awaited};
use gatewright_model::ClientRecordId;
use gatewright_store::secret_rotation;

use crate::{App, failure};

/// Something was not confirmed that has to be.
fn not_confirmed() -> Failure {
    failure::invalid("confirmed", "This has to be confirmed first.")
}

impl App {
    /// Refuses what would get in the way of a rotation: another secret for its client, another place to send it to, or its end.
    pub(crate) async fn refuse_while_rotating(&self, client: &ClientRecordId) -> Result<(), Failure> {
        let client = client.clone();
        let open = self.store()?.read(move |db| secret_rotation::under_way(db, &client)).await;
        match open.map_err(failure::of_store)? {
            None => Ok(()),
            Some(_) => Err(Failure::new(FailureCode::InUse, "The secret of this client is being rotated.")
                .hint("Finish, roll back or abandon the rotation first; it is under Rotation.")),
        }
    }
}
