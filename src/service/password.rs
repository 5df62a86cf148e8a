//! Passwords and PINs: argon2id, off the request threads, at a cost the installation chooses.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use tokio::sync::Semaphore;

use super::{Desk, ServiceError, ServiceResult};

/// Bytes of salt per hash.
const SALT_BYTES: usize = 16;
/// The length of the derived hash.
const HASH_BYTES: usize = 32;
/// Hashes at a time: each takes its memory, so a rush of sign-ins waits its turn instead of filling the machine.
static SLOTS: Semaphore = Semaphore::const_new(4);
/// Hashed with when there is no such user, so that a wrong name takes as long as a wrong password.
const NOBODY_SALT: &[u8] = b"greencoin nobody";

/// The work of one guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// KiB of memory.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl HashCost {
    /// What a real installation uses: the OWASP minimum for argon2id, well under 150 ms on two old cores.
    pub const SERVICE: Self = Self { memory_kib: 19_456, passes: 2 };
    /// The least that argon2 accepts, for tests and the demo's thousand PINs.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1 };

    fn argon2(self) -> ServiceResult<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, 1, Some(HASH_BYTES))
            .map_err(|e| ServiceError::Internal(format!("argon2 parameters: {e}")))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

impl Desk {
    /// The hash of a new password or PIN, as a PHC string.
    pub async fn hash_secret(&self, secret: &str) -> ServiceResult<String> {
        let mut salt = [0_u8; SALT_BYTES];
        self.entropy.fill(&mut salt);
        let (cost, secret) = (self.hash_cost, secret.to_owned());
        blocking(move || {
            let hash: PasswordHash = cost
                .argon2()?
                .hash_password_with_salt(secret.as_bytes(), &salt)
                .map_err(|e| ServiceError::Internal(format!("argon2: {e}")))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `secret` is the one that `hash` was made of. Without a hash it spends the same time and says no.
    pub async fn secret_matches(&self, secret: &str, hash: Option<String>) -> ServiceResult<bool> {
        let (cost, secret) = (self.hash_cost, secret.to_owned());
        blocking(move || {
            let Some(hash) = hash else {
                let mut out = [0_u8; HASH_BYTES];
                cost.argon2()?
                    .hash_password_into(secret.as_bytes(), NOBODY_SALT, &mut out)
                    .map_err(|e| ServiceError::Internal(format!("argon2: {e}")))?;
                return Ok(false);
            };
            let parsed = PasswordHash::new(&hash)
                .map_err(|e| ServiceError::Internal(format!("a stored hash does not parse: {e}")))?;
            // the parameters inside the hash count, so that old hashes keep working when the cost is raised
            Ok(Argon2::default().verify_password(secret.as_bytes(), &parsed).is_ok())
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> ServiceResult<T> + Send + 'static,
) -> ServiceResult<T> {
    let _slot = SLOTS.acquire().await.map_err(|_| ServiceError::Busy)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| ServiceError::Internal(format!("password hashing stopped: {e}")))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_cost_is_what_argon2_accepts() {
        assert!(HashCost::SERVICE.argon2().is_ok());
        assert!(HashCost::LEAST.argon2().is_ok());
    }
}
