//! The installation's secret: one master key in a file, one derived key a purpose. Never in the database, so that a
//! copy of the books neither shows codes nor prints cards nor opens sessions.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The master key and what is derived from it.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// From 32 secret bytes.
    #[must_use]
    pub const fn new(master: [u8; 32]) -> Self {
        Self { master }
    }

    /// Signs phone codes (the short-lived QR).
    #[must_use]
    pub fn phone_code(&self) -> [u8; 32] {
        self.derive(b"greencoin phone code v1")
    }

    /// Makes the tokens of printed cards.
    #[must_use]
    pub fn card(&self) -> [u8; 32] {
        self.derive(b"greencoin card v1")
    }

    /// Seals second-factor secrets at rest.
    #[must_use]
    pub fn seal(&self) -> [u8; 32] {
        self.derive(b"greencoin seal v1")
    }

    /// Seed of the Ed25519 key that signs API tokens.
    #[must_use]
    pub fn api_token(&self) -> [u8; 32] {
        self.derive(b"greencoin api token v1")
    }

    /// Digests the fields of requests, to notice that a repetition differs.
    #[must_use]
    pub fn answers(&self) -> [u8; 32] {
        self.derive(b"greencoin answers v1")
    }

    /// Seed of the Ed25519 key that signs the heads of our logs: the how-manieth since the beginning.
    #[must_use]
    pub fn log(&self, number: i64) -> [u8; 32] {
        self.derive(format!("greencoin log key v1 {number}").as_bytes())
    }

    /// Seed of the Ed25519 key that cosigns the heads of others.
    #[must_use]
    pub fn witness(&self, number: i64) -> [u8; 32] {
        self.derive(format!("greencoin witness key v1 {number}").as_bytes())
    }

    fn derive(&self, label: &[u8]) -> [u8; 32] {
        // HMAC takes keys of any length
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.master) else { return self.master };
        mac.update(label);
        mac.finalize().into_bytes().into()
    }
}
