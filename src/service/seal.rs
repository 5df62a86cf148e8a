//! Seals short secrets at rest (second-factor seeds) with ChaCha20-Poly1305 (RFC 8439) under the installation's key.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};

use super::{Desk, ServiceError, ServiceResult};

/// Bytes of nonce in front of the sealed text.
const NONCE_BYTES: usize = 12;

impl Desk {
    /// `plain`, readable again only with this installation's key and the same `bound_to` (whose secret it is).
    pub fn seal(&self, plain: &[u8], bound_to: &[u8]) -> ServiceResult<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_BYTES];
        self.entropy.fill(&mut nonce);
        let sealed = ChaCha20Poly1305::new(&self.keys.seal().into())
            .encrypt(&nonce.into(), Payload { msg: plain, aad: bound_to })
            .map_err(|_| ServiceError::Internal("sealing failed".to_owned()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed; nothing if it was altered, belongs to somebody else or another key sealed it.
    #[must_use]
    pub fn unseal(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        ChaCha20Poly1305::new(&self.keys.seal().into())
            .decrypt(&(*nonce).into(), Payload { msg: sealed, aad: bound_to })
            .ok()
    }
}
