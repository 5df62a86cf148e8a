//! How the program is told to end.

use anyhow::Context;

/// Waits for SIGTERM or SIGINT.
pub(super) async fn told_to_stop() -> anyhow::Result<()> {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .context("cannot listen for SIGTERM")?;
        tokio::select! {
            _ = terminate.recv() => {}
            interrupted = interrupt => interrupted.context("cannot listen for SIGINT")?,
        }
    }
    #[cfg(not(unix))]
    interrupt.await.context("cannot listen for the interrupt")?;
    Ok(())
}
