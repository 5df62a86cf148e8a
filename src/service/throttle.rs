//! Wrong guesses cost time: after a few, each further one waits longer. Counted before the guess is checked, so
//! that guesses side by side gain nothing.

use super::{
    Desk, ServiceResult, refuse,
    session::{digest, hex},
};
use crate::{
    domain::time::{MICROS_PER_SECOND, Timestamp},
    store,
};

/// The first wait, doubled by each failure after it.
const FIRST_WAIT_SECONDS: i64 = 30;
/// No wait is longer.
const LONGEST_WAIT_SECONDS: i64 = 3600;
/// Failures older than this are forgotten.
const FORGOTTEN_SECONDS: i64 = 86_400;

/// Something that may be guessed at, and how often for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    key: String,
    free: i64,
}

impl Subject {
    /// Named by `parts`, of which only a digest is kept; `free` failures cost nothing.
    #[must_use]
    pub fn new(parts: &[&str], free: i64) -> Self {
        Self { key: hex(&digest(&parts.join("\n"))), free }
    }
}

impl Desk {
    /// Counts a try for each subject, or refuses with `throttled` and the seconds to wait.
    pub(crate) async fn charge_try(&self, subjects: &[Subject]) -> ServiceResult<()> {
        let now = self.now();
        let forgotten = now.plus_seconds(-FORGOTTEN_SECONDS);
        let mut tx = self.db.begin_write().await?;
        for subject in subjects {
            let row = store::throttle::lock(&mut tx, &subject.key).await?;
            let failures = if row.failed_at < forgotten { 0 } else { row.failures };
            let left = wait_left(now, row.failed_at, failures - subject.free);
            if left > 0 {
                return Err(refuse("throttled").with("retry_after_s", left).into());
            }
            store::throttle::charge(&mut tx, &subject.key, now, forgotten).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The guess was right: forgets the tries.
    pub(crate) async fn forget_tries(&self, subjects: &[Subject]) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        for subject in subjects {
            store::throttle::clear(&mut tx, &subject.key).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Seconds still to wait after `over` failures beyond the free ones, the last at `failed_at`. A failure that lies
/// ahead was noted by a clock that has been put back since: nobody is locked out until that moment comes again.
fn wait_left(now: Timestamp, failed_at: Timestamp, over: i64) -> i64 {
    if over < 0 || now.since(failed_at) < 0 {
        return 0;
    }
    let doublings = u32::try_from(over.min(20)).unwrap_or(20);
    let wait = FIRST_WAIT_SECONDS.saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST_WAIT_SECONDS);
    let passed = now.since(failed_at) / MICROS_PER_SECOND;
    (wait - passed).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_beyond_the_free_ones_doubles_the_wait() {
        let at = Timestamp::from_micros(0);
        assert_eq!(wait_left(at, at, -1), 0);
        assert_eq!(wait_left(at, at, 0), 30);
        assert_eq!(wait_left(at, at, 2), 120);
        assert_eq!(wait_left(at, at, 60), LONGEST_WAIT_SECONDS);
        assert_eq!(wait_left(at.plus_seconds(29), at, 0), 1);
        assert_eq!(wait_left(at.plus_seconds(30), at, 0), 0);
    }
}
