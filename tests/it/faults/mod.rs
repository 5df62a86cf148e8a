//! What must hold after a fault. Whatever was answered is in the books, once; whatever was not is there once or not at
//! all, and asking again with the same key settles it; the books can be derived again from their first line; and the
//! program goes on without help, or says why not.
//!
//! Seeds are printed. `TEST_SEED` chooses one, `TEST_LONG` asks for the long run (`tests/run.sh long`).

mod cluster;
mod counter;
mod disk;
mod history;
mod judge;
mod kills;
mod outages;
mod points;
mod program;
mod proxy;
mod server;
mod wal;

use greencoin::domain::entropy::{ChaChaEntropy, Entropy};

/// A setting of the run.
#[expect(
    clippy::disallowed_methods,
    reason = "how long, and which seed, is chosen where the tests are started"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// So many in the long run, so few otherwise.
pub fn rounds(few: u64, many: u64) -> u64 {
    if setting("TEST_LONG").is_some() { many } else { few }
}

/// The seed of this run, printed: another one each time, unless one was chosen.
pub fn seed(name: &str) -> u64 {
    let seed = setting("TEST_SEED").map_or_else(rand_seed, |text| text.parse().unwrap());
    println!("{name}: TEST_SEED={seed}");
    seed
}

#[expect(clippy::disallowed_methods, reason = "a test that is different each time says with what")]
fn rand_seed() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_be_bytes(bytes)
}

/// A die with a seed.
pub struct Dice(ChaChaEntropy);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(ChaChaEntropy::from_seed(seed))
    }

    pub fn below(&self, n: u64) -> u64 {
        u64::from_be_bytes(self.0.bytes()) % n
    }

    pub fn index(&self, n: usize) -> usize {
        usize::try_from(self.below(u64::try_from(n).unwrap())).unwrap()
    }
}
