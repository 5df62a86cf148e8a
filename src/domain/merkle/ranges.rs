//! Which runs of leaves a proof consists of: the same walk gives a proof whether the leaves are at hand or only the
//! hashes of larger subtrees. Holds no hashes.

use std::ops::Range;

/// A perfect subtree: `2^level` leaves from leaf `index · 2^level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Its height; 0 is a leaf.
    pub level: u32,
    /// Its place among the subtrees of that height.
    pub index: u64,
}

/// The runs whose hashes prove leaf `index` of a log of `size` leaves, from the leaf's sibling upwards; nothing when
/// there is no such leaf.
#[must_use]
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let mut path = Vec::new();
    let mut range = 0..size;
    while range.end - range.start > 1 {
        let middle = range.start + split(range.end - range.start);
        if index < middle {
            path.push(middle..range.end);
            range.end = middle;
        } else {
            path.push(range.start..middle);
            range.start = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The runs whose hashes prove that the log of `old` leaves is a beginning of the log of `size`; nothing when `old`
/// exceeds it. Empty when `old` is 0 or all.
#[must_use]
pub fn consistency(old: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if old > size {
        return None;
    }
    let mut path = Vec::new();
    if old == 0 || old == size {
        return Some(path);
    }
    let mut range = 0..size;
    while old < range.end {
        let middle = range.start + split(range.end - range.start);
        if old <= middle {
            path.push(middle..range.end);
            range.end = middle;
        } else {
            path.push(range.start..middle);
            range.start = middle;
        }
    }
    // a run that has been the old tree from the start is known to whoever asks
    if range.start > 0 {
        path.push(range);
    }
    path.reverse();
    Some(path)
}

/// The perfect subtrees that make up a run of a proof, left to right. The run's hash is theirs, folded from the right.
#[must_use]
pub fn cover(range: &Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start = range.start;
    while start < range.end {
        // the largest that fits; the runs of a proof begin where such a subtree begins
        let level = (range.end - start).ilog2();
        nodes.push(Node { level, index: start >> level });
        start += 1 << level;
    }
    nodes
}

/// The largest power of two below `count`; 0 for fewer than two.
const fn split(count: u64) -> u64 {
    if count < 2 { 0 } else { 1 << (count - 1).ilog2() }
}
