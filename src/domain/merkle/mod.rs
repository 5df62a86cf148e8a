//! The Merkle log of RFC 6962: leaf and node hashes, the frontier that appends without the leaves, inclusion and
//! consistency proofs and their verification (RFC 9162 §2.1). Holds no storage and no signature.
//!
//! * [`ranges`] — which runs of leaves a proof consists of, and the perfect subtrees of a run
//! * [`tiles`] — the layout of C2SP tlog-tiles: 256 hashes a tile, and the hashes above the leaves

use std::ops::Range;

use sha2::{Digest, Sha256};

pub mod ranges;
pub mod tiles;

#[cfg(test)]
mod tests;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The name of the hash function, stored beside every hash so that another can follow it.
pub const ALGORITHM: &str = "sha256";

/// The hash of a leaf's bytes: SHA-256(0x00 ‖ bytes).
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a log without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::new().finalize().into()
}

/// The root over leaf hashes, from scratch.
#[must_use]
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = split(leaves);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// Splits two or more leaves at the largest power of two below their number.
fn split(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at_checked(split_size(leaves.len())).unwrap_or((leaves, &[]))
}

const fn split_size(count: usize) -> usize {
    if count < 2 { 0 } else { 1 << (count - 1).ilog2() }
}

/// The roots of the perfect subtrees of a log, largest first: all that is needed to append and to know the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of an empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// How many leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one bit of the size is a perfect subtree of the same height as `node`.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        match peaks.next() {
            None => empty_root(),
            Some(last) => peaks.fold(last, |right, left| node_hash(&left, &right)),
        }
    }

    /// The size as eight bytes, most significant first, then the peaks, largest first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.size.to_be_bytes().to_vec();
        out.extend(self.peaks.iter().flatten());
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; the number of peaks must be the number of one bits of the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidFrontier> {
        let (head, rest) = bytes.split_first_chunk::<8>().ok_or(InvalidFrontier)?;
        let size = u64::from_be_bytes(*head);
        let (peaks, left_over) = rest.as_chunks::<32>();
        let wanted = usize::try_from(size.count_ones()).map_err(|_| InvalidFrontier)?;
        if peaks.len() != wanted || !left_over.is_empty() {
            return Err(InvalidFrontier);
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}

/// The bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored frontier does not match its size")]
pub struct InvalidFrontier;

/// The path that proves leaf `index` (from 0) of the log over `leaves`; nothing when there is no such leaf.
#[must_use]
pub fn inclusion_proof(index: usize, leaves: &[Hash]) -> Option<Vec<Hash>> {
    hashes_of(&ranges::inclusion(wide(index), wide(leaves.len()))?, leaves)
}

/// Whether `proof` shows that `leaf` is leaf `index` of the log of `size` leaves with that `root`.
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for step in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(step, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The proof that the log over the first `old` of `leaves` is a beginning of the log over all of them; nothing when
/// `old` exceeds their number. Empty when `old` is 0 or all.
#[must_use]
pub fn consistency_proof(old: usize, leaves: &[Hash]) -> Option<Vec<Hash>> {
    hashes_of(&ranges::consistency(wide(old), wide(leaves.len()))?, leaves)
}

fn hashes_of(ranges: &[Range<u64>], leaves: &[Hash]) -> Option<Vec<Hash>> {
    let place = |at: u64| usize::try_from(at).ok();
    ranges.iter().map(|r| leaves.get(place(r.start)?..place(r.end)?).map(root_of)).collect()
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Whether `proof` shows that the log of `old` leaves with `old_root` is a beginning of that of `new` leaves.
#[must_use]
pub fn verify_consistency(old: u64, new: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    let mut steps = proof.iter();
    // When the old tree is perfect, its root is the first node and is left out of the proof.
    let first = if old.is_power_of_two() { Some(old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(step, &from_old);
            from_new = node_hash(step, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == *old_root && from_new == *new_root
}
