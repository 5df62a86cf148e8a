//! A log as static files in the layout of C2SP tlog-tiles, for a USB stick or any web server: writing them, and checking
//! them with nothing but the log's key.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use crate::{
    domain::{
        ids::BookId,
        merkle::{
            Frontier, leaf_hash,
            tiles::{self, Resource, Rising, Tile},
        },
        tlog::{Checkpoint, Note, VerifierKey},
    },
    service::Desk,
};

/// The signed head.
const CHECKPOINT: &str = "checkpoint";
/// What verifies it: one key a line, newest last.
const KEYS: &str = "verifier-keys.txt";

/// Writes the log of one book into a folder, as its newest signed head has it; signs the head first if it has moved.
pub(super) async fn write(desk: &Desk, book: BookId, folder: &Path) -> anyhow::Result<()> {
    desk.sign_head(book).await?;
    let Some(head) = desk.public_head(book).await? else {
        bail!("{}: the book has no transactions yet", folder.display());
    };
    for tile in tiles::all(head.checkpoint.size) {
        let hashes = desk.public_tile(book, Resource::Tile(tile)).await?;
        put(&folder.join(tile.path()), &hashes)?;
        if tile.level == 0 {
            let entries = desk.public_tile(book, Resource::Entries(tile)).await?;
            put(&folder.join(tile.entries_path()), &entries)?;
        }
    }
    let keys = desk.log_verifiers(book).await?;
    let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
    put(&folder.join(KEYS), lines.as_bytes())?;
    put(&folder.join(CHECKPOINT), head.note.to_string().as_bytes())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n{}", folder.display(), head.note)?;
    Ok(())
}

fn put(path: &PathBuf, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Checks a folder: every entry, every tile, the root, and the signature under the head.
pub(super) fn check(folder: &Path, key: &VerifierKey) -> anyhow::Result<Checkpoint> {
    let note: Note = read_text(&folder.join(CHECKPOINT))?.parse()?;
    note.verify(std::slice::from_ref(key))?;
    let head: Checkpoint = note.text.parse()?;
    ensure!(head.origin == key.name(), "the head is of {}, the key of {}", head.origin, key.name());
    let (mut log, mut rising, mut upper) = (Frontier::new(), Rising::default(), Vec::new());
    for tile in tiles::all(head.size).filter(|tile| tile.level == 0) {
        let path = folder.join(tile.entries_path());
        let bundle = read(&path)?;
        let entries = tiles::entries_of(&bundle).with_context(|| format!("{} is cut", path.display()))?;
        let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        for leaf in &leaves {
            log.append(*leaf);
            upper.extend(rising.append(*leaf));
        }
        same(folder, tile, &leaves.concat())?;
    }
    for tile in tiles::all(head.size).filter(|tile| tile.level > 0) {
        let places = tile.places();
        let inside = upper.iter().filter(|u| u.level == tile.level && places.contains(&u.index));
        same(folder, tile, &inside.flat_map(|u| u.hash).collect::<Vec<u8>>())?;
    }
    ensure!(
        log.size() == head.size && log.root() == head.root,
        "the entries do not give the root of the head"
    );
    Ok(head)
}

fn same(folder: &Path, tile: Tile, expected: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(tile.path());
    ensure!(read(&path)? == expected, "{} does not hold the hashes of its entries", path.display());
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
