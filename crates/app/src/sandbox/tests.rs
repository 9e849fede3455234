use super::*;

/// A sandbox on any port, of which nothing is kept.
async fn started() -> Running {
    let handle =
        Sandbox::start(SandboxOptions { port: None, apps_file: None, ..SandboxOptions::default() }).await.unwrap();
    Running { handle, auto_approve: None, gitter_as_engine: false }
}

#[tokio::test]
async fn a_sandbox_that_is_stopped_while_it_is_being_started_is_neither_shown_nor_trusted_afterwards() {
    let keeper = Keeper::new(Path::new("."));
    let mut held = keeper.running.write().await;
    let mut stopping = std::pin::pin!(keeper.stop());
    let early = std::future::poll_fn(|context| std::task::Poll::Ready(stopping.as_mut().poll(context))).await;
    assert!(early.is_pending(), "a start is under way");
    let running = started().await;
    keeper.is_at(&running.handle);
    *held = Some(running);
    drop(held);
    stopping.await;
    assert_eq!(keeper.origin(), None);
    assert!(keeper.running.read().await.is_none());
}
