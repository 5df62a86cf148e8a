//! The Merkle log of RFC 6962: leaf and node hashes, the frontier that appends without the leaves, inclusion and
//! consistency proofs and their verification (RFC 9162 §2.1). Holds no storage and no signature.

use sha2::{Digest, Sha256};

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
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut index, mut range) = (index, leaves);
    while range.len() > 1 {
        let (left, right) = split(range);
        if index < left.len() {
            path.push(root_of(right));
            range = left;
        } else {
            index -= left.len();
            path.push(root_of(left));
            range = right;
        }
    }
    path.reverse();
    Some(path)
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
    if old > leaves.len() {
        return None;
    }
    if old == 0 || old == leaves.len() {
        return Some(Vec::new());
    }
    let mut path = Vec::new();
    // `whole` says that the remaining range has been the old tree from the start, so its root is known.
    let (mut old, mut range, mut whole) = (old, leaves, true);
    while old < range.len() {
        let (left, right) = split(range);
        if old <= left.len() {
            path.push(root_of(right));
            range = left;
        } else {
            path.push(root_of(left));
            old -= left.len();
            range = right;
            whole = false;
        }
    }
    if !whole {
        path.push(root_of(range));
    }
    path.reverse();
    Some(path)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::canonical::hex;

    const MOST: usize = 257;

    fn leaves() -> Vec<Hash> {
        (0..MOST).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    /// The definition of RFC 9162 §2.1.3.1, word for word.
    fn naive_path(m: usize, d: &[Hash]) -> Vec<Hash> {
        if d.len() == 1 {
            return Vec::new();
        }
        let k = d.len().next_power_of_two() / 2;
        let (mut path, other) = if m < k {
            (naive_path(m, &d[..k]), root_of(&d[k..]))
        } else {
            (naive_path(m - k, &d[k..]), root_of(&d[..k]))
        };
        path.push(other);
        path
    }

    /// The definition of RFC 9162 §2.1.4.1.
    fn naive_subproof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
        if m == d.len() {
            return if whole { Vec::new() } else { vec![root_of(d)] };
        }
        let k = d.len().next_power_of_two() / 2;
        let (mut path, other) = if m <= k {
            (naive_subproof(m, &d[..k], whole), root_of(&d[k..]))
        } else {
            (naive_subproof(m - k, &d[k..], false), root_of(&d[..k]))
        };
        path.push(other);
        path
    }

    #[test]
    fn the_hashes_are_those_of_certificate_transparency() {
        assert_eq!(hex(&empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(&leaf_hash(b"")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        // The eight-leaf example tree of the reference implementation.
        let inputs: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let hashes: Vec<Hash> = inputs.iter().map(|i| leaf_hash(i)).collect();
        assert_eq!(
            hex(&root_of(&hashes)),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    #[test]
    fn the_frontier_agrees_with_the_recursion_for_every_size() {
        let (leaves, mut frontier) = (leaves(), Frontier::new());
        for size in 0..=MOST {
            assert_eq!(frontier.root(), root_of(&leaves[..size]));
            let again = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
            assert_eq!(again, frontier);
            assert_eq!(frontier.size(), u64::try_from(size).unwrap());
            if size < MOST {
                frontier.append(leaves[size]);
            }
        }
    }

    #[test]
    fn a_frontier_of_the_wrong_length_is_refused() {
        let mut frontier = Frontier::new();
        frontier.append([7; 32]);
        let mut bytes = frontier.to_bytes();
        bytes.push(0);
        assert_eq!(Frontier::from_bytes(&bytes), Err(InvalidFrontier));
        bytes.truncate(39);
        assert_eq!(Frontier::from_bytes(&bytes), Err(InvalidFrontier));
        assert_eq!(Frontier::from_bytes(&[]), Err(InvalidFrontier));
        assert!(Frontier::from_bytes(&2_u64.to_be_bytes()).is_err());
    }

    #[test]
    fn inclusion_proofs_verify_for_every_leaf_and_no_other() {
        let leaves = leaves();
        for size in (0..=33).chain([63, 64, 65, 127, 128, 129, 255, 256, MOST]) {
            let range = &leaves[..size];
            let (root, wide) = (root_of(range), u64::try_from(size).unwrap());
            assert_eq!(inclusion_proof(size, range), None);
            for (index, leaf) in range.iter().enumerate() {
                let proof = inclusion_proof(index, range).unwrap();
                assert_eq!(proof, naive_path(index, range));
                let at = u64::try_from(index).unwrap();
                assert!(verify_inclusion(leaf, at, wide, &proof, &root));
                assert!(!verify_inclusion(&[0; 32], at, wide, &proof, &root));
                assert!(!verify_inclusion(leaf, at + 1, wide, &proof, &root));
                assert!(!verify_inclusion(
                    &leaves[index],
                    at,
                    wide,
                    &[&proof[..], &[[0; 32]]].concat(),
                    &root
                ));
            }
        }
    }

    #[test]
    fn consistency_proofs_verify_between_all_sizes() {
        let leaves = leaves();
        let roots: Vec<Hash> = (0..=MOST).map(|n| root_of(&leaves[..n])).collect();
        for new in (0..=40).chain([64, 127, 128, 200, 256, MOST]) {
            assert_eq!(consistency_proof(new + 1, &leaves[..new]), None);
            for old in 0..=new {
                let proof = consistency_proof(old, &leaves[..new]).unwrap();
                if old > 0 {
                    assert_eq!(proof, naive_subproof(old, &leaves[..new], true));
                }
                let (m, n) = (u64::try_from(old).unwrap(), u64::try_from(new).unwrap());
                assert!(verify_consistency(m, n, &proof, &roots[old], &roots[new]), "{old} {new}");
                assert!(!verify_consistency(m, n, &proof, &[9; 32], &roots[new]));
                if old > 0 {
                    assert!(!verify_consistency(m, n, &proof, &roots[old], &[9; 32]));
                }
                if let Some((_, short)) = proof.split_last() {
                    assert!(!verify_consistency(m, n, short, &roots[old], &roots[new]));
                }
            }
        }
    }
}
