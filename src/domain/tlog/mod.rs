//! What a log shows to outsiders, as text: signed notes, checkpoints, cosignatures of witnesses, proofs that verify
//! without us. The formats are those of C2SP (c2sp.org), so that tools of others read them. Pure: keys are arguments.
//!
//! * [`note`] — a text with Ed25519 signatures under it, and the keys that verify it
//! * [`checkpoint`] — the head of a log as a signed note
//! * [`proof`] — that an entry is in a log, for offline use
//! * [`request`] — what a log asks of a witness

pub mod checkpoint;
pub mod note;
pub mod proof;
pub mod request;

pub use checkpoint::Checkpoint;
pub use note::{KeyKind, Note, NoteError, Signature, Signer, VerifierKey};
pub use proof::Proof;
pub use request::AddCheckpoint;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::merkle::Hash;

/// Standard base 64 (RFC 4648 §4), padded.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads what [`base64()`] wrote, and nothing else: no blanks, no missing padding, no stray bits.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Reads a digest.
#[must_use]
pub fn hash_from_base64(text: &str) -> Option<Hash> {
    Hash::try_from(from_base64(text)?.as_slice()).ok()
}
