//! Signing heads. A pass of the job keeps the hashes above the leaves up to date and signs the head, but only after it
//! has proved to itself that the head continues the last one it signed.

use super::{Desk, ServiceError, ServiceResult, narrow, published, tiles::Tiles, wide};
use crate::{
    domain::{
        canonical::hex,
        ids::BookId,
        merkle::{
            self, Hash,
            tiles::{LEVELS, TILE_WIDTH, Tile, hashes_of_level},
        },
        tlog::{Checkpoint, checkpoint::origin},
    },
    store::{
        StoreError, Tx,
        ledger::read::{self, Head},
        log::{self as rows, SignedHead},
    },
};

/// Hashes written with one commit: a log that has none yet must not hold up the Poster.
const HASHES_A_COMMIT: u64 = 64;
/// How often a snapshot is begun anew because others sign at the same time.
const SNAPSHOT_TRIES: usize = 5;

impl Desk {
    /// Signs the head of a book if it has moved since the last time, or if the key is another; whether it was signed.
    pub async fn sign_head(&self, book: BookId) -> ServiceResult<bool> {
        if !self.unsigned(book).await? {
            return Ok(false);
        }
        let mut tx = self.db.begin_read().await?;
        let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        drop(tx);
        self.sign_this(book, &head).await?;
        Ok(true)
    }

    /// A snapshot of the book whose head is signed, with that head: the present one, which is signed now if need be, or
    /// one that was signed before.
    pub(in crate::service) async fn signed_snapshot(
        &self,
        book: BookId,
        size: Option<i64>,
    ) -> ServiceResult<(Tx, Head, SignedHead)> {
        // made before the snapshot, so that it is in it
        self.log_signer(book).await?;
        for _ in 0..SNAPSHOT_TRIES {
            let mut tx = self.db.begin_read().await?;
            let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
            if let Some(size) = size {
                let signed = rows::heads(&mut tx, book, size - 1, size).await?.pop();
                return Ok((tx, head, signed.ok_or(ServiceError::NotFound("head"))?));
            }
            let last = rows::last_head(&mut tx, book).await?;
            if let Some(last) = last.filter(|last| last.size == head.seq) {
                return Ok((tx, head, last));
            }
            // another process may have signed a later head meanwhile, which this one would not continue
            let mut now = self.db.begin_read().await?;
            let last = rows::last_head(&mut now, book).await?;
            drop(now);
            if last.is_none_or(|last| last.size < head.seq) {
                let signed = self.sign_this(book, &head).await?;
                return Ok((tx, head, signed));
            }
        }
        Err(ServiceError::Busy)
    }

    /// Signs this head of the book. An empty log is signed and not stored: there is nothing to continue.
    async fn sign_this(&self, book: BookId, head: &Head) -> ServiceResult<SignedHead> {
        let (number, signer) = self.log_signer(book).await?;
        self.keep_hashes(book, wide(head.seq)).await?;
        let root = Hash::try_from(head.root.as_slice())
            .map_err(|_| StoreError::inconsistent("book", "root", hex(&head.root)))?;
        let checkpoint = Checkpoint { origin: origin(book), size: wide(head.seq), root };
        self.continues(book, &checkpoint).await?;
        let signed = SignedHead {
            size: head.seq,
            key_number: number,
            note: checkpoint.signed(&signer).to_string(),
            // a clock that went back does not take the log with it
            signed_at: self.now().max(head.recorded_at),
        };
        if head.seq > 0 {
            let mut tx = self.db.begin_write().await?;
            rows::add_head(&mut tx, book, &signed).await?;
            tx.commit().await?;
        }
        Ok(signed)
    }

    /// Whether there is something to sign.
    async fn unsigned(&self, book: BookId) -> ServiceResult<bool> {
        let mut tx = self.db.begin_read().await?;
        let head = read::head(&mut tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
        if head.seq == 0 {
            return Ok(false);
        }
        let Some(last) = rows::last_head(&mut tx, book).await? else { return Ok(true) };
        let number = rows::keys(&mut tx, rows::Purpose::Log).await?.last().map_or(0, |key| key.number);
        Ok(last.size < head.seq || last.key_number < number)
    }

    /// Refuses to sign a head that the leaves do not give, or that does not continue what was signed before.
    async fn continues(&self, book: BookId, new: &Checkpoint) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        let last = match rows::last_head(&mut tx, book).await? {
            Some(last) => Some(published(&mut tx, book, last).await?.checkpoint),
            None => None,
        };
        let mut tiles = Tiles::new(&mut tx, book, new.size);
        let again = tiles.root().await?;
        let consistent = match last {
            Some(old) => {
                let proof = tiles.consistency(old.size).await?;
                merkle::verify_consistency(old.size, new.size, &proof, &old.root, &new.root)
            }
            None => true,
        };
        if again == new.root && consistent {
            return Ok(());
        }
        Err(ServiceError::Internal(format!(
            "the head {} of {} does not continue what was signed before: run `greencoin verify`",
            new.size, new.origin
        )))
    }

    /// Stores the hashes above the leaves for the first `size` of them.
    async fn keep_hashes(&self, book: BookId, size: u64) -> ServiceResult<()> {
        for level in 1..LEVELS {
            let column = i32::try_from(level).unwrap_or(i32::MAX);
            let mut tx = self.db.begin_read().await?;
            let mut place = wide(rows::next_place(&mut tx, book, column).await?);
            drop(tx);
            let through = hashes_of_level(level, size);
            while place < through {
                let end = through.min(place + HASHES_A_COMMIT);
                let mut made = Vec::new();
                let mut tx = self.db.begin_read().await?;
                for place in place..end {
                    let below = Tile { level: level - 1, index: place, width: TILE_WIDTH };
                    let hashes = Tiles::new(&mut tx, book, size).tile(below).await?;
                    made.push((place, merkle::root_of(&hashes)));
                }
                drop(tx);
                let mut tx = self.db.begin_write().await?;
                for (place, hash) in made {
                    rows::add_hash(&mut tx, book, column, narrow(place), &hash).await?;
                }
                tx.commit().await?;
                place = end;
            }
        }
        Ok(())
    }
}
