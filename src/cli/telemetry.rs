//! Logs to standard error: lines for people, or one JSON object a line for machines.

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use super::config::Log;

/// Starts logging.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&log.filter).with_context(|| format!("bad log filter {:?}", log.filter))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if log.log_json {
        builder.json().init();
    } else {
        builder.with_target(false).init();
    }
    Ok(())
}
