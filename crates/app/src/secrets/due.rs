//! When secrets are due, and telling the person.

use gatewright_contract::client::ClientDetail;
use gatewright_contract::secret_version::SecretPolicyChange;
use gatewright_contract::{Event, Failure};
use gatewright_model::ClientRecordId;
use gatewright_model::secret_version::RotationPolicy;
use gatewright_store::audit::{self, Action, Actor};
use gatewright_store::client::{self, rotation_policy};
use gatewright_store::secret_version::due;
use gatewright_store::setting;
use jiff::Timestamp;

use crate::{App, failure};

/// The key in the database of the time until which the person was told on the desktop what is due.
const TOLD_UNTIL: &str = "due_told_until";

impl App {
    /// Sets after how many days a client's secret is due.
    pub(crate) async fn set_secret_policy(&self, request: SecretPolicyChange) -> Result<ClientDetail, Failure> {
        let policy = match request.rotate_after_days {
            None => RotationPolicy::NEVER,
            Some(days) => RotationPolicy::after_days(days)
                .map_err(|mistake| failure::invalid("rotateAfterDays", failure::sentence(&mistake)))?,
        };
        let (id, now) = (ClientRecordId::new(request.client), self.now());
        let wanted = id.clone();
        self.store()?
            .write_durably(move |tx| {
                rotation_policy::set(tx, &wanted, policy)?;
                let name = client::find(tx, &wanted)?.name;
                let words =
                    policy.days().map_or("secret never due".to_owned(), |days| format!("secret due after {days} days"));
                let line = audit::Entry::about(now, Actor::User, Action::ClientChanged, &wanted, &name).detail(words);
                audit::append(tx, &line)
            })
            .await
            .map_err(failure::of_store)?;
        self.secrets_changed();
        self.client_detail(&id).await
    }

    /// Says in the window's first state how many secrets are due.
    pub(crate) async fn notice_due(&self) {
        let (Ok(store), now) = (self.store(), self.now()) else { return };
        match store.read(move |db| due::count_between(db, Timestamp::MIN, now)).await {
            Ok(0) => {}
            Ok(number) => self.notice(are_due(number), Some("Look at the board under Rotation.".to_owned())),
            Err(cause) => tracing::warn!(%cause, "what is due was not looked up"),
        }
    }

    /// Says on the desktop that secrets have become due, of each once.
    pub(crate) async fn tell_desktop_what_is_due(&self) {
        if !self.0.settings.get().due_notifications {
            return;
        }
        let (Ok(store), now) = (self.store(), self.now()) else { return };
        let counted = store
            .write(move |tx| {
                let told_until = setting::find(tx, TOLD_UNTIL)?.unwrap_or(Timestamp::MIN);
                let number = due::count_between(tx, told_until, now)?;
                setting::put(tx, TOLD_UNTIL, &now.max(told_until))?;
                Ok(number)
            })
            .await;
        match counted {
            Ok(0) => {}
            Ok(number) => self
                .0
                .options
                .desktop
                .notify(&self.in_words(&are_due(number)), &self.in_words("Look at the board under Rotation.")),
            Err(cause) => tracing::warn!(%cause, "what is due was not looked up"),
        }
    }

    /// Tells the window that secrets or what belongs to them changed.
    pub(crate) fn secrets_changed(&self) {
        self.tell(Event::ClientsChanged);
        self.tell(Event::RotationsChanged);
    }
}

fn are_due(number: u32) -> String {
    if number == 1 {
        "1 secret is due for rotation.".to_owned()
    } else {
        format!("{number} secrets are due for rotation.")
    }
}
