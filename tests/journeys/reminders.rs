//! What is due is said on the desktop: by way of the desktop's own bus, to a program there that shows notifications.

use std::collections::HashMap;
use std::time::Duration;

use gatewright_store::{Options, Store};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::zvariant::OwnedValue;

use crate::prelude::*;

const CALLBACK: &str = "https://app.example.org/callback";
const DATABASE: &str = "gatewright.sqlite";
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that shows notifications, as the desktop's specification has it, and tells what it was given.
struct NotificationProgram {
    shown: UnboundedSender<Notification>,
}

/// What a person would see.
#[derive(Debug)]
struct Notification {
    program: String,
    title: String,
    text: String,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl NotificationProgram {
    #[expect(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        program: String,
        replaces: u32,
        icon: String,
        title: String,
        text: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expires_in_ms: i32,
    ) -> zbus::fdo::Result<u32> {
        // Nothing of the rest is of use to a story.
        drop((replaces, icon, actions, hints, expires_in_ms));
        let shown = self.shown.send(Notification { program, title, text });
        shown.map(|()| 1).map_err(|gone| zbus::fdo::Error::Failed(gone.to_string()))
    }

    #[expect(clippy::unused_self, reason = "a method of the bus has an object")]
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    #[expect(clippy::unused_self, reason = "a method of the bus has an object")]
    fn get_server_information(&self) -> (String, String, String, String) {
        ("story".to_owned(), "story".to_owned(), "1".to_owned(), "1.2".to_owned())
    }
}

#[tokio::test]
async fn a_secret_that_is_due_is_said_on_the_desktop_once() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let (_program, mut shown) = shows_notifications(stage).await?;
        let window = stage.open().await?;
        registers_a_client(&window, "Chattz", "My website", CALLBACK).await?;
        stage.close().await?;
        let store = Store::open(&stage.data_folder().join(DATABASE), &Options::default())?;
        let due = "UPDATE secret_version SET due_at = CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)";
        store.write_durably_blocking(|tx| Ok(tx.execute_batch(due)?))?;
        drop(store);

        let window = stage.open().await?;
        window.sees("1 secret is due for rotation.").await?;
        let told = tokio::time::timeout(PATIENCE, shown.recv()).await.context("nothing was shown")?;
        let told = told.context("the program that shows notifications is gone")?;
        ensure!(told.program == "Gatewright", "{told:?}");
        ensure!(told.title == "1 secret is due for rotation.", "{told:?}");
        ensure!(told.text == "Look at the board under Rotation.", "{told:?}");
        stage.close().await?;

        let window = stage.open().await?;
        window.sees("1 secret is due for rotation.").await?;
        stage.close().await?;
        ensure!(shown.try_recv().is_err(), "it was said once already");
        Ok(())
    })
    .await
}

/// Puts a program that shows notifications onto the stage's bus. It leaves when the connection is dropped.
async fn shows_notifications(stage: &Stage) -> Result<(zbus::Connection, UnboundedReceiver<Notification>)> {
    let (shown, told) = unbounded_channel();
    let environment = stage.keyring.environment();
    let bus =
        environment.iter().find(|(name, _)| *name == "DBUS_SESSION_BUS_ADDRESS").context("the stage has no bus")?;
    let connection = zbus::connection::Builder::address(bus.1.as_str())?
        .name("org.freedesktop.Notifications")?
        .serve_at("/org/freedesktop/Notifications", NotificationProgram { shown })?
        .build()
        .await?;
    Ok((connection, told))
}
