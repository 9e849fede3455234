//! The application behind the windows, which comes up while they are drawn.

use gatewright_app::App;
use tokio::sync::SetOnce;

/// The application, once it is there. A command that comes earlier waits.
#[derive(Default)]
pub(crate) struct Backend(SetOnce<App>);

impl Backend {
    /// Gives the waiting commands their application.
    pub(crate) fn arrived(&self, app: App) {
        // A second one cannot come: `start` makes exactly one.
        let _second = self.0.set(app);
    }

    /// The application, as soon as it is there.
    pub(crate) async fn app(&self) -> &App {
        self.0.wait().await
    }

    /// The application, if it is there.
    pub(crate) fn app_now(&self) -> Option<&App> {
        self.0.get()
    }
}
