//! WebKitGTK's sandbox around the processes that draw pages: on by itself, off when somebody wants it off, and never off without a
//! word.

use std::os::unix::fs::PermissionsExt as _;

use crate::prelude::*;

/// What the window says when there is no sandbox.
const NOTICE: &str = "Login pages are drawn without WebKitGTK's sandbox.";

/// Starts a program on a computer without bubblewrap: in a tree of files of its own, where an empty file lies over it.
const WITHOUT_BUBBLEWRAP: &str = r#"#!/bin/sh
exec unshare --mount --propagation private sh -c 'mount --bind /dev/null /usr/bin/bwrap && exec "$0" "$@"' "$APPLICATION" "$@"
"#;

#[tokio::test]
async fn pages_are_drawn_in_a_sandbox_unless_it_is_off_or_cannot_be_and_then_the_window_says_so() -> Result<()> {
    play(KeyringKind::Unlocked, async |stage| {
        let window = stage.open().await?;
        window.sees("Sandbox").await?;
        ensure!(draws_in_a_sandbox(stage)?, "pages are drawn outside of the sandbox");
        registers_a_client(&window, "Chattz", "My website", "https://app.example.org/callback").await?;
        starts_a_login(&window, "Embedded view").await?;
        stage.login_view("My website").await?.stands_still().await?;
        ensure!(stage.web_processes()?.len() > 1 && draws_in_a_sandbox(stage)?, "a login page is drawn outside of it");
        ensure!(!window.text().await?.contains(NOTICE), "the window says something else");
        stage.close().await?;

        stage.with("GATEWRIGHT_WEB_SANDBOX", "off");
        let window = stage.open().await?;
        window.sees("Sandbox").await?;
        ensure!(!draws_in_a_sandbox(stage)?, "it was switched off");
        ensure!(!window.text().await?.contains(NOTICE), "who switched it off knows it");
        stage.close().await?;

        loses_bubblewrap(stage)?;
        let window =
            stage.open().await.context("hiding bubblewrap in a tree of files of its own takes the rights of root")?;
        window.sees(NOTICE).await?;
        window.sees("/usr/bin/bwrap, which is not there. Install bubblewrap").await?;
        ensure!(!draws_in_a_sandbox(stage)?, "without bubblewrap there is none");
        window.clicks("Understood").await?;
        window.no_longer_sees(NOTICE).await
    })
    .await
}

/// Whether every page is drawn in a sandbox.
fn draws_in_a_sandbox(stage: &Stage) -> Result<bool> {
    let processes = stage.web_processes()?;
    ensure!(!processes.is_empty(), "nobody draws the window");
    processes.iter().try_fold(true, |all, process| Ok(all && process.is_in_a_sandbox()?))
}

/// From now on Gatewright starts on a computer without bubblewrap.
fn loses_bubblewrap(stage: &mut Stage) -> Result<()> {
    let launcher = stage.data_folder().join("launcher");
    std::fs::write(&launcher, WITHOUT_BUBBLEWRAP)?;
    std::fs::set_permissions(&launcher, std::fs::Permissions::from_mode(0o755))?;
    let application = stage.parts().application.display().to_string();
    stage.with("GATEWRIGHT_WEB_SANDBOX", "on").with("APPLICATION", application).starts_by(launcher);
    Ok(())
}
