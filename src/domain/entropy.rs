//! Where ids and secrets come from: an argument, so that the demo and the tests come out the same every time.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use std::sync::Mutex;
use uuid::Uuid;

use super::time::Timestamp;

/// A source of unpredictable bytes (or, from a seed, of predictable ones).
pub trait Entropy: Send + Sync {
    /// Fills `out`.
    fn fill(&self, out: &mut [u8]);

    /// A time-ordered identifier (UUID version 7, RFC 9562 §5.7) for the instant `now`.
    fn uuid(&self, now: Timestamp) -> Uuid {
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// `N` bytes, for tokens and salts.
    fn bytes<const N: usize>(&self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0_u8; N];
        self.fill(&mut out);
        out
    }
}

/// Draws an identifier of type `T`.
pub fn new_id<T: From<Uuid>>(entropy: &dyn Entropy, now: Timestamp) -> T {
    T::from(entropy.uuid(now))
}

/// A ChaCha20 stream behind a lock: seeded from the operating system in service, from a number in tests and the demo.
#[derive(Debug)]
pub struct ChaChaEntropy(Mutex<ChaCha20Rng>);

impl ChaChaEntropy {
    /// The same sequence on every run.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// Seeded once with 32 bytes that the caller took from the operating system.
    #[must_use]
    pub fn from_key(key: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(key)))
    }
}

impl Entropy for ChaChaEntropy {
    fn fill(&self, out: &mut [u8]) {
        let mut rng = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rng.fill_bytes(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let (a, b) = (ChaChaEntropy::from_seed(7), ChaChaEntropy::from_seed(7));
        assert_eq!(a.uuid(now), b.uuid(now));
        assert_ne!(a.uuid(now), a.uuid(now));
        assert_eq!(a.uuid(now).get_version_num(), 7);
    }
}
