//! The layout of C2SP tlog-tiles: hashes lie in tiles of 256; a hash of level *l* stands for 256^l leaves. Says which
//! tile is where and under which path, and which hashes above the leaves come into being. Holds no storage.

use std::ops::Range;

use super::{Frontier, Hash, ranges::Node};

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;
/// Heights of the tree from one level of tiles to the next.
pub const TILE_HEIGHT: u32 = 8;
/// The levels a log of 64-bit size can have.
pub const LEVELS: u32 = 8;

/// A run of consecutive hashes of one level: a full tile, or the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// The level: 0 holds leaf hashes.
    pub level: u32,
    /// Its place in the level.
    pub index: u64,
    /// How many hashes it has, 1 to 256.
    pub width: u64,
}

/// What a path under a log's prefix names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Hashes.
    Tile(Tile),
    /// The entries whose hashes are that tile of level 0.
    Entries(Tile),
}

impl Tile {
    /// The tile as it is in a log of `size` leaves; nothing when it would be empty.
    #[must_use]
    pub fn within(level: u32, index: u64, size: u64) -> Option<Self> {
        let hashes = hashes_of_level(level, size);
        let width = hashes.saturating_sub(index.checked_mul(TILE_WIDTH)?).min(TILE_WIDTH);
        (width > 0).then_some(Self { level, index, width })
    }

    /// The places of its hashes in their level.
    #[must_use]
    pub fn places(&self) -> Range<u64> {
        let start = self.index.saturating_mul(TILE_WIDTH);
        start..start.saturating_add(self.width)
    }

    /// Its path below the log's prefix: `tile/0/x001/x234/067.p/112`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, self.tail())
    }

    /// The path of the entries whose hashes it holds: `tile/entries/067`.
    #[must_use]
    pub fn entries_path(&self) -> String {
        format!("tile/entries/{}", self.tail())
    }

    fn tail(&self) -> String {
        let mut text = index_path(self.index);
        if self.width < TILE_WIDTH {
            text.push_str(&format!(".p/{}", self.width));
        }
        text
    }
}

impl Resource {
    /// Reads what comes after `tile/` in a path. Strict: every resource has exactly one path.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.split_once('/')?;
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, TILE_WIDTH),
            Some((index, width)) => (index, decimal(width).filter(|w| (1..TILE_WIDTH).contains(w))?),
        };
        let index = parse_index(index)?;
        if level == "entries" {
            return Some(Self::Entries(Tile { level: 0, index, width }));
        }
        let level = decimal(level).and_then(|l| u32::try_from(l).ok()).filter(|l| *l < 64)?;
        Some(Self::Tile(Tile { level, index, width }))
    }

    /// The tile whose hashes it holds, or whose entries.
    #[must_use]
    pub const fn tile(&self) -> Tile {
        match self {
            Self::Tile(tile) | Self::Entries(tile) => *tile,
        }
    }
}

/// How many hashes a level has in a log of `size` leaves.
#[must_use]
pub fn hashes_of_level(level: u32, size: u64) -> u64 {
    size.checked_shr(level.saturating_mul(TILE_HEIGHT)).unwrap_or(0)
}

/// All tiles of a log of `size` leaves, level by level.
pub fn all(size: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).flat_map(move |level| {
        (0..hashes_of_level(level, size).div_ceil(TILE_WIDTH))
            .filter_map(move |index| Tile::within(level, index, size))
    })
}

/// Where a subtree's hash comes from: the level, and the run of its hashes that the subtree stands over. Never
/// reaches over the edge of a tile.
#[must_use]
pub fn run_of(node: Node) -> (u32, Range<u64>) {
    let inside = node.level % TILE_HEIGHT;
    let start = node.index << inside;
    (node.level / TILE_HEIGHT, start..start + (1 << inside))
}

/// Takes an entry bundle apart: every entry stands behind its length in 16 bits.
#[must_use]
pub fn entries_of(bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        rest = after;
    }
    rest.is_empty().then_some(entries)
}

/// A hash above the leaves: the root of a full tile of the level below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upper {
    /// Its level, from 1.
    pub level: u32,
    /// Its place in the level.
    pub index: u64,
    /// The hash.
    pub hash: Hash,
}

/// Follows a log leaf by leaf and tells the hashes above the leaves as they become known. Needs 8 hashes of memory a
/// level, whatever the log's size.
#[derive(Debug, Clone, Default)]
pub struct Rising {
    levels: Vec<(u64, Frontier)>,
}

impl Rising {
    /// Takes the next leaf; tells what it completed, lowest level first.
    pub fn append(&mut self, leaf: Hash) -> Vec<Upper> {
        let mut done = Vec::new();
        let (mut hash, mut level) = (leaf, 0_u32);
        loop {
            let place = usize::try_from(level).unwrap_or(usize::MAX);
            if self.levels.len() <= place {
                self.levels.push((0, Frontier::new()));
            }
            let Some((tiles, open)) = self.levels.get_mut(place) else { return done };
            open.append(hash);
            if open.size() < TILE_WIDTH {
                return done;
            }
            hash = open.root();
            level += 1;
            done.push(Upper { level, index: *tiles, hash });
            *tiles += 1;
            *open = Frontier::new();
        }
    }
}

fn index_path(index: u64) -> String {
    // every group of three digits but the last begins with an x
    let last = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    let mut groups = vec![last];
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    groups.join("/")
}

fn parse_index(text: &str) -> Option<u64> {
    let mut digits = String::new();
    let mut groups = text.split('/').peekable();
    while let Some(group) = groups.next() {
        let group = if groups.peek().is_some() { group.strip_prefix('x')? } else { group };
        if group.len() != 3 || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.push_str(group);
    }
    let index = digits.parse().ok()?;
    // no group of leading zeroes
    (index_path(index) == text).then_some(index)
}

/// A decimal number without leading zeroes.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::merkle::{leaf_hash, root_of};

    #[test]
    fn paths_are_those_of_the_specification() {
        let tile = |level, index, width| Tile { level, index, width };
        assert_eq!(tile(0, 1_234_067, 256).path(), "tile/0/x001/x234/067");
        assert_eq!(tile(1, 0, 17).path(), "tile/1/000.p/17");
        assert_eq!(tile(0, 1000, 1).entries_path(), "tile/entries/x001/000.p/1");
        for (path, expected) in [
            ("0/x001/x234/067", Some(Resource::Tile(tile(0, 1_234_067, 256)))),
            ("63/999.p/255", Some(Resource::Tile(tile(63, 999, 255)))),
            ("entries/000.p/9", Some(Resource::Entries(tile(0, 0, 9)))),
            ("entries/000.p/09", None),
            ("0/000.p/0", None),
            ("0/000.p/256", None),
            ("00/000", None),
            ("64/000", None),
            ("0/x000/001", None),
            ("0/001/001", None),
            ("0/x001", None),
            ("0/1", None),
            ("0/0000", None),
            ("0/+01", None),
            ("0/", None),
            ("0", None),
        ] {
            assert_eq!(Resource::parse(path), expected, "{path}");
        }
    }

    #[test]
    fn a_log_of_seventy_thousand_has_the_tiles_that_the_specification_counts() {
        let count =
            |level, full| all(70_000).filter(|t| t.level == level && (t.width == 256) == full).count();
        assert_eq!((count(0, true), count(0, false)), (273, 1));
        assert_eq!((count(1, true), count(1, false)), (1, 1));
        assert_eq!((count(2, true), count(2, false)), (0, 1));
        assert_eq!(all(70_000).count(), 277);
        assert_eq!(Tile::within(0, 273, 70_000).unwrap().width, 112);
        assert_eq!(Tile::within(1, 1, 70_000).unwrap().width, 17);
        let two: Vec<String> = all(256).map(|t| t.path()).collect();
        assert_eq!(two, ["tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(all(0).count(), 0);
    }

    #[test]
    fn rising_hashes_are_the_roots_of_full_tiles() {
        let leaves: Vec<Hash> = (0..66_000_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut rising = Rising::default();
        let seen: Vec<Upper> = leaves.iter().flat_map(|leaf| rising.append(*leaf)).collect();
        assert_eq!(seen.iter().filter(|u| u.level == 1).count(), 257);
        for upper in seen.iter().filter(|u| u.level == 2 || u.index % 50 == 0) {
            let span = 256_usize.pow(upper.level);
            let start = usize::try_from(upper.index).unwrap() * span;
            assert_eq!(upper.hash, root_of(&leaves[start..start + span]));
        }
        assert_eq!(seen.iter().filter(|u| u.level == 2).count(), 1);
    }
}
