//! One command at a time for each client: two that are answered at once would leave it to chance whose token counts afterwards.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use gatewright_model::ClientRecordId;
use tokio::sync::OwnedMutexGuard;

use crate::App;

/// Who looks after which client at its provider right now, and who puts away what was issued to it.
#[derive(Default)]
pub(crate) struct Turns {
    commands: Queues,
    /// Apart from the commands: what a command was answered is put away while that command still has its turn.
    keeping: Queues,
}

/// One queue for each client; a client nobody waits for has none.
#[derive(Default)]
struct Queues(Mutex<HashMap<ClientRecordId, Weak<tokio::sync::Mutex<()>>>>);

/// A turn. It ends when this is dropped.
pub(crate) type Turn = OwnedMutexGuard<()>;

impl Queues {
    async fn turn(&self, client: &ClientRecordId) -> Turn {
        let queue = {
            let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            queues.retain(|_, queue| queue.strong_count() > 0);
            let known = queues.get(client).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let queue = Arc::default();
                queues.insert(client.clone(), Arc::downgrade(&queue));
                queue
            })
        };
        queue.lock_owned().await
    }
}

impl App {
    /// Waits until nobody else sends anything about a client to its provider. What is known of it has to be read after that.
    pub(crate) async fn registration_turn(&self, client: &ClientRecordId) -> Turn {
        self.0.registration_turns.commands.turn(client).await
    }

    /// Waits until nobody else puts away what was issued to a client: what came first has to be written first, or it would count.
    pub(super) async fn keeping_turn(&self, client: &ClientRecordId) -> Turn {
        self.0.registration_turns.keeping.turn(client).await
    }
}
