//! Reading a log tile by tile: any proof out of a few runs of rows. What the job has not stored yet is made from the
//! level below, so an answer is right whether or not the job has run.

use std::{collections::HashMap, ops::Range};

use futures_util::future::{BoxFuture, FutureExt};

use super::{Desk, ServiceError, ServiceResult, leaves, narrow};
use crate::{
    domain::{
        ids::BookId,
        merkle::{
            self, Hash,
            ranges::{self, Node},
            tiles::{Resource, TILE_WIDTH, Tile, run_of},
        },
    },
    store::{StoreError, Tx, log as rows},
};

/// The log of a book at one size.
pub struct Tiles<'t> {
    tx: &'t mut Tx,
    book: BookId,
    size: u64,
    /// Tiles read so far, by level and place.
    kept: HashMap<(u32, u64), Vec<Hash>>,
}

impl<'t> Tiles<'t> {
    /// The first `size` leaves of a book's log; it must have that many.
    pub fn new(tx: &'t mut Tx, book: BookId, size: u64) -> Self {
        Self { tx, book, size, kept: HashMap::new() }
    }

    /// The path that proves leaf `index`.
    pub async fn inclusion(&mut self, index: u64) -> ServiceResult<Vec<Hash>> {
        let runs = ranges::inclusion(index, self.size).ok_or(ServiceError::NotFound("transaction"))?;
        self.hashes_of(&runs).await
    }

    /// The proof that the first `old` leaves are a beginning of the log.
    pub async fn consistency(&mut self, old: u64) -> ServiceResult<Vec<Hash>> {
        let runs = ranges::consistency(old, self.size).ok_or(ServiceError::NotFound("head"))?;
        self.hashes_of(&runs).await
    }

    /// The root over all of them.
    pub async fn root(&mut self) -> ServiceResult<Hash> {
        if self.size == 0 { Ok(merkle::empty_root()) } else { self.hash_of(&(0..self.size)).await }
    }

    /// The hashes of a tile.
    pub async fn tile(&mut self, tile: Tile) -> ServiceResult<Vec<Hash>> {
        self.read(tile.level, tile.index).await?;
        let width = usize::try_from(tile.width).unwrap_or(0);
        let kept = self.kept.get(&(tile.level, tile.index)).and_then(|hashes| hashes.get(..width));
        kept.map(<[Hash]>::to_vec).ok_or(ServiceError::NotFound("tile"))
    }

    async fn hashes_of(&mut self, runs: &[Range<u64>]) -> ServiceResult<Vec<Hash>> {
        let mut hashes = Vec::with_capacity(runs.len());
        for run in runs {
            hashes.push(self.hash_of(run).await?);
        }
        Ok(hashes)
    }

    async fn hash_of(&mut self, run: &Range<u64>) -> ServiceResult<Hash> {
        let mut right: Option<Hash> = None;
        for node in ranges::cover(run).into_iter().rev() {
            let left = self.node(node).await?;
            right = Some(right.map_or(left, |right| merkle::node_hash(&left, &right)));
        }
        right.ok_or(ServiceError::NotFound("hash"))
    }

    async fn node(&mut self, node: Node) -> ServiceResult<Hash> {
        let (level, run) = run_of(node);
        let tile = run.start / TILE_WIDTH;
        self.read(level, tile).await?;
        let inside = |place: u64| usize::try_from(place - tile * TILE_WIDTH).unwrap_or(usize::MAX);
        let kept =
            self.kept.get(&(level, tile)).and_then(|hashes| hashes.get(inside(run.start)..inside(run.end)));
        kept.map(merkle::root_of).ok_or(ServiceError::NotFound("hash"))
    }

    /// Reads a tile as far as the log has it.
    fn read(&mut self, level: u32, index: u64) -> BoxFuture<'_, ServiceResult<()>> {
        async move {
            if self.kept.contains_key(&(level, index)) {
                return Ok(());
            }
            let tile = Tile::within(level, index, self.size).ok_or(ServiceError::NotFound("tile"))?;
            let places = tile.places();
            let (start, end) = (narrow(places.start), narrow(places.end));
            let stored: HashMap<i64, Vec<u8>> = if level == 0 {
                // transaction n is leaf n − 1
                let leaves = rows::leaves(self.tx, self.book, start, end).await?;
                leaves.into_iter().map(|(seq, hash)| (seq - 1, hash)).collect()
            } else {
                let level = i32::try_from(level).unwrap_or(i32::MAX);
                rows::hashes(self.tx, self.book, level, start, end).await?.into_iter().collect()
            };
            let mut hashes = Vec::new();
            for place in places {
                let hash = match stored.get(&narrow(place)) {
                    Some(hash) => Hash::try_from(hash.as_slice())
                        .map_err(|_| StoreError::inconsistent("txn", "leaf_hash", place.to_string()))?,
                    None if level == 0 => return Err(ServiceError::NotFound("transaction")),
                    None => {
                        let below = Tile { level: level - 1, index: place, width: TILE_WIDTH };
                        let hash = merkle::root_of(&self.tile(below).await?);
                        self.kept.remove(&(level - 1, place));
                        hash
                    }
                };
                hashes.push(hash);
            }
            self.kept.insert((level, index), hashes);
            Ok(())
        }
        .boxed()
    }
}

impl Desk {
    /// A tile of the newest signed head, for anybody: hashes only.
    pub async fn public_tile(&self, book: BookId, resource: Resource) -> ServiceResult<Vec<u8>> {
        let mut tx = self.db.begin_read().await?;
        let head = rows::last_head(&mut tx, book).await?.ok_or(ServiceError::NotFound("head"))?;
        let size = super::wide(head.size);
        let tile = resource.tile();
        let there = Tile::within(tile.level, tile.index, size).filter(|there| there.width >= tile.width);
        if there.is_none() {
            return Err(ServiceError::NotFound("tile"));
        }
        self::resource(&mut tx, book, head.size, resource).await
    }
}

/// The bytes of a tile, or of its entries, in the log of that size.
pub(in crate::service) async fn resource(
    tx: &mut Tx,
    book: BookId,
    size: i64,
    resource: Resource,
) -> ServiceResult<Vec<u8>> {
    match resource {
        Resource::Tile(tile) => Ok(Tiles::new(tx, book, super::wide(size)).tile(tile).await?.concat()),
        Resource::Entries(tile) => leaves::bundle(tx, book, tile).await,
    }
}
