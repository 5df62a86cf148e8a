//! The hashes and proofs of RFC 6962 and RFC 9162, against their definitions, for every size up to 257.

use super::{tiles::Rising, *};
use crate::domain::canonical::hex;
use proptest::prelude::*;
use std::collections::HashMap;

const MOST: usize = 257;

fn leaves() -> Vec<Hash> {
    (0..MOST).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// Roots of runs of leaves, each computed once.
struct Known(Vec<Hash>, HashMap<(usize, usize), Hash>);

impl Known {
    fn root(&mut self, start: usize, end: usize) -> Hash {
        let Self(leaves, known) = self;
        *known.entry((start, end)).or_insert_with(|| root_of(&leaves[start..end]))
    }

    /// The definition of RFC 9162 §2.1.3.1, word for word.
    fn path(&mut self, m: usize, start: usize, end: usize) -> Vec<Hash> {
        let n = end - start;
        if n == 1 {
            return Vec::new();
        }
        let k = n.next_power_of_two() / 2;
        let (mut path, other) = if m < k {
            (self.path(m, start, start + k), self.root(start + k, end))
        } else {
            (self.path(m - k, start + k, end), self.root(start, start + k))
        };
        path.push(other);
        path
    }

    /// The definition of RFC 9162 §2.1.4.1.
    fn subproof(&mut self, m: usize, start: usize, end: usize, whole: bool) -> Vec<Hash> {
        let n = end - start;
        if m == n {
            return if whole { Vec::new() } else { vec![self.root(start, end)] };
        }
        let k = n.next_power_of_two() / 2;
        let (mut path, other) = if m <= k {
            (self.subproof(m, start, start + k, whole), self.root(start + k, end))
        } else {
            (self.subproof(m - k, start + k, end, false), self.root(start, start + k))
        };
        path.push(other);
        path
    }
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
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    for (root, size) in roots.iter().zip(1..) {
        assert_eq!(hex(&root_of(&hashes[..size])), *root, "{size}");
    }
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
    let mut known = Known(leaves.clone(), HashMap::new());
    for size in 0..=MOST {
        let range = &leaves[..size];
        let (root, wide) = (root_of(range), u64::try_from(size).unwrap());
        assert_eq!(inclusion_proof(size, range), None);
        for (index, leaf) in range.iter().enumerate() {
            let proof = inclusion_proof(index, range).unwrap();
            assert_eq!(proof, known.path(index, 0, size));
            let at = u64::try_from(index).unwrap();
            assert!(verify_inclusion(leaf, at, wide, &proof, &root));
            assert!(!verify_inclusion(&[0; 32], at, wide, &proof, &root));
            assert!(!verify_inclusion(leaf, at + 1, wide, &proof, &root));
            assert!(!verify_inclusion(&leaves[index], at, wide, &[&proof[..], &[[0; 32]]].concat(), &root));
        }
    }
}

#[test]
fn consistency_proofs_verify_between_all_sizes() {
    let leaves = leaves();
    let roots: Vec<Hash> = (0..=MOST).map(|n| root_of(&leaves[..n])).collect();
    let mut known = Known(leaves.clone(), HashMap::new());
    for new in 0..=MOST {
        assert_eq!(consistency_proof(new + 1, &leaves[..new]), None);
        for old in 0..=new {
            let proof = consistency_proof(old, &leaves[..new]).unwrap();
            if old > 0 {
                assert_eq!(proof, known.subproof(old, 0, new, true));
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

/// The hash of a run from the perfect subtrees that cover it, as they are read out of tiles.
fn from_subtrees(range: &Range<u64>, leaves: &[Hash]) -> Hash {
    let hashes = ranges::cover(range).into_iter().map(|node| {
        let (level, run) = tiles::run_of(node);
        let span = 256_u64.pow(level);
        let (start, end) = (usize::try_from(run.start * span), usize::try_from(run.end * span));
        root_of(&leaves[start.unwrap()..end.unwrap()])
    });
    hashes.rev().reduce(|right, left| node_hash(&left, &right)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn proofs_put_together_from_subtrees_are_the_proofs_over_the_leaves(
        size in 1_usize..3_000, at in any::<prop::sample::Index>(), old in any::<prop::sample::Index>(),
    ) {
        let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_le_bytes())).collect();
        let (index, old) = (at.index(size), old.index(size + 1));
        let (wide_index, wide_old, wide_size) = (wide(index), wide(old), wide(size));
        let read = |ranges: Vec<Range<u64>>| -> Vec<Hash> { ranges.iter().map(|r| from_subtrees(r, &leaves)).collect() };
        let inclusion = read(ranges::inclusion(wide_index, wide_size).unwrap());
        prop_assert_eq!(&inclusion, &inclusion_proof(index, &leaves).unwrap());
        prop_assert!(verify_inclusion(&leaves[index], wide_index, wide_size, &inclusion, &root_of(&leaves)));
        let consistency = read(ranges::consistency(wide_old, wide_size).unwrap());
        prop_assert_eq!(&consistency, &consistency_proof(old, &leaves).unwrap());
        let (before, now) = (root_of(&leaves[..old]), root_of(&leaves));
        prop_assert!(verify_consistency(wide_old, wide_size, &consistency, &before, &now));
        // no other leaf, place, size or path
        let mut forged = inclusion.clone();
        if let Some(step) = forged.first_mut() {
            step[0] ^= 1;
            prop_assert!(!verify_inclusion(&leaves[index], wide_index, wide_size, &forged, &root_of(&leaves)));
        }
    }

    #[test]
    fn a_rising_log_tells_each_upper_hash_once(size in 0_u64..2_000) {
        let mut rising = Rising::default();
        let told: usize = (0..size).map(|n| rising.append(leaf_hash(&n.to_be_bytes())).len()).sum();
        prop_assert_eq!(wide(told), size / 256 + size / 65_536);
    }
}
