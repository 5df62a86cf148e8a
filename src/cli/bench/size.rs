//! How much room a database takes and how much was written to it.

use std::io::ErrorKind;

use anyhow::Context;

use crate::store::{Db, size};

/// Bytes so far.
pub(super) struct Size {
    /// In the database.
    pub(super) stored: u64,
    /// To the engine's log, or by this process, where the system tells.
    pub(super) written: Option<u64>,
}

impl Size {
    pub(super) async fn now(db: &Db) -> anyhow::Result<Self> {
        let stored = size::stored(db).await?;
        let written = match size::logged(db).await? {
            Some(logged) => Some(logged),
            None => written_by_us()?,
        };
        Ok(Self { stored, written })
    }

    /// What came since.
    pub(super) fn since(&self, before: &Self) -> Self {
        let written = self.written.zip(before.written).map(|(now, then)| now.saturating_sub(then));
        Self { stored: self.stored.saturating_sub(before.stored), written }
    }
}

/// Bytes that this process caused to be sent to storage.
fn written_by_us() -> anyhow::Result<Option<u64>> {
    match std::fs::read_to_string("/proc/self/io") {
        Ok(text) => Ok(text
            .lines()
            .find_map(|line| line.strip_prefix("write_bytes:"))
            .and_then(|bytes| bytes.trim().parse().ok())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("reading how much was written"),
    }
}
