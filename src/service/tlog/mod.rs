//! A book's log as outsiders see it. Every book is an RFC 6962 log whose signed heads, hashes and proofs anybody may
//! check without trusting us.
//!
//! * [`keys`] — the installation's signing keys, and what verifies old heads
//! * [`sign`] — the job that signs new heads and keeps the hashes above the leaves
//! * [`tiles`] — proofs and tiles out of few rows, however long the log
//! * [`leaves`] — the bytes behind the leaves
//! * [`receipt`] — the proof behind a receipt
//! * [`witness`] — cosigning the heads of others
//! * [`cosign`] — asking others to cosign ours
//!
//! Why one stored hash for 256 transactions and not one for every inner node: the tree's lower eight levels are made
//! again from at most 256 leaf hashes, which is one range of `txn`; so the Poster writes nothing more, and a proof at
//! ten million leaves reads six tiles, about 1,500 short rows.

use super::{Desk, ServiceError, ServiceResult};
use crate::{
    domain::{
        ids::BookId,
        tlog::{Checkpoint, Note},
    },
    store::{
        Tx,
        log::{self as rows, SignedHead},
        programme::{self, ProgrammeRow},
    },
};

pub mod cosign;
pub mod keys;
pub mod leaves;
pub mod receipt;
pub mod sign;
pub mod tiles;
pub mod witness;

/// The newest signed head of a book, with the cosignatures that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicHead {
    /// Origin, size and root.
    pub checkpoint: Checkpoint,
    /// The note: our signature first, then those of witnesses.
    pub note: Note,
    /// When we signed.
    pub signed_at: crate::domain::time::Timestamp,
}

impl Desk {
    /// The programme with that number, for addresses that everybody may read.
    pub async fn public_book(&self, no: i64) -> ServiceResult<ProgrammeRow> {
        let mut tx = self.db.begin_read().await?;
        programme::by_no(&mut tx, no).await?.ok_or(ServiceError::NotFound("programme"))
    }

    /// The newest signed head of a book; nothing before its first transaction.
    pub async fn public_head(&self, book: BookId) -> ServiceResult<Option<PublicHead>> {
        let mut tx = self.db.begin_read().await?;
        match rows::last_head(&mut tx, book).await? {
            Some(head) => Ok(Some(published(&mut tx, book, head).await?)),
            None => Ok(None),
        }
    }
}

/// A stored head with the cosignatures under it.
pub(in crate::service) async fn published(
    tx: &mut Tx,
    book: BookId,
    head: SignedHead,
) -> ServiceResult<PublicHead> {
    let broken = |what: &str| ServiceError::Internal(format!("signed_head {}: {what}", head.size));
    let mut note: Note = head.note.parse().map_err(|e| broken(&format!("{e}")))?;
    let checkpoint: Checkpoint = note.text.parse().map_err(|e| broken(&format!("{e}")))?;
    for row in rows::cosignatures(tx, book, head.size).await? {
        note.signatures.push(row.line.parse().map_err(|e| broken(&format!("cosignature: {e}")))?);
    }
    Ok(PublicHead { checkpoint, note, signed_at: head.signed_at })
}

/// A size or place of ours in the type of the log's arithmetic.
fn wide(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The other way round.
fn narrow(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
