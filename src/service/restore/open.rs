//! Opening a pack: its manifest under a signature, the signed head it was taken at, the digest of every file, and no file
//! that does not belong. Reads no rows.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::row::PackFault;
use crate::{
    domain::{
        canonical::hex,
        tlog::{Checkpoint, Note, VerifierKey},
    },
    service::export::{self, File, Format, MANIFEST, MANIFEST_NOTE, Manifest, Table},
};

/// A pack whose manifest and head carry the right signatures.
pub(super) struct Opened {
    pub(super) manifest: Manifest,
    pub(super) head: Checkpoint,
    /// The signed head as it stands in the file.
    pub(super) note: String,
    /// The key that verified both.
    pub(super) key: VerifierKey,
}

/// The folders of books in a folder: itself, or those that `export` made inside.
///
/// # Errors
/// When there is none.
pub fn books_of(folder: &Path) -> Result<Vec<PathBuf>, PackFault> {
    if folder.join(MANIFEST).exists() || folder.join(MANIFEST_NOTE).exists() {
        return Ok(vec![folder.to_owned()]);
    }
    let unread = |e: std::io::Error| PackFault::unread(folder.display().to_string(), &e);
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.join(MANIFEST).exists() {
            inside.push(path);
        }
    }
    inside.sort();
    if inside.is_empty() {
        return Err(PackFault::of(MANIFEST, "file", "an export", "none in the folder"));
    }
    Ok(inside)
}

pub(super) fn read(folder: &Path, name: &str) -> Result<String, PackFault> {
    fs::read_to_string(folder.join(name)).map_err(|e| PackFault::unread(name, &e))
}

/// Reads manifest and head and verifies their signatures: by the key that is given, or else by those in the pack, which
/// shows only that the pack agrees with itself.
pub(super) fn open(folder: &Path, key: Option<&VerifierKey>) -> Result<Opened, PackFault> {
    let keys = match key {
        Some(key) => vec![key.clone()],
        None => keys(folder)?,
    };
    let sealed = note(folder, MANIFEST_NOTE)?;
    let signed = sealed.verify(&keys).map_err(|e| wrong(MANIFEST_NOTE, "signature", &keys, e))?;
    let key = signed.first().map(|key| (*key).clone());
    let key = key.ok_or_else(|| PackFault::of(MANIFEST_NOTE, "signature", "one", "none"))?;
    let json = read(folder, MANIFEST)?;
    let manifest: Manifest = serde_json::from_str(&json)
        .map_err(|e| PackFault::of(MANIFEST, "text", "a manifest of this program", e))?;
    let name = File::Checkpoint.name();
    let head = note(folder, &name)?;
    head.verify(&keys).map_err(|e| wrong(&name, "signature", &keys, e))?;
    let checkpoint: Checkpoint =
        head.text.parse().map_err(|e| PackFault::of(&name, "text", "the head of a log", format!("{e}")))?;
    if !sealed.text.contains(&format!("\n{checkpoint}")) {
        return Err(PackFault::of(
            MANIFEST_NOTE,
            "text",
            format!("a note at the head\n{checkpoint}"),
            sealed.text,
        ));
    }
    let text = manifest.note_text(&json);
    if text != sealed.text {
        let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
        return Err(PackFault::of(MANIFEST, "sha256", last(&sealed.text), last(&text)));
    }
    let of = |c: &Checkpoint| format!("{} {} {}", c.origin, c.size, hex(&c.root));
    let named = format!("{} {} {}", manifest.origin, manifest.seq, manifest.root);
    if of(&checkpoint) != named || checkpoint.origin != key.name() {
        return Err(PackFault::of(&name, "text", named, of(&checkpoint)));
    }
    Ok(Opened { manifest, head: checkpoint, note: read(folder, &name)?, key })
}

fn keys(folder: &Path) -> Result<Vec<VerifierKey>, PackFault> {
    let name = File::Keys.name();
    let text = read(folder, &name)?;
    let parse = |(line, text): (u64, &str)| {
        let key: Result<VerifierKey, _> = text.parse();
        key.map_err(|e| PackFault::of(&name, "key", "a verifier key", format!("{e}")).at(line))
    };
    (1..).zip(text.lines()).map(parse).collect()
}

fn note(folder: &Path, name: &str) -> Result<Note, PackFault> {
    let note: Result<Note, _> = read(folder, name)?.parse();
    note.map_err(|e| PackFault::of(name, "text", "a signed note", format!("{e}")))
}

fn wrong(name: &str, field: &str, keys: &[VerifierKey], error: impl std::fmt::Display) -> PackFault {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    PackFault::of(name, field, format!("signed by {}", keys.join(" or ")), error)
}

impl Opened {
    /// Whether the manifest lists the file.
    pub(super) fn lists(&self, file: File) -> bool {
        let name = file.name();
        self.manifest.files.iter().any(|f| f.name == name)
    }

    /// Whether it holds all rows as JSON Lines.
    pub(super) fn has_rows(&self) -> bool {
        let whole = self.manifest.from.is_none() && self.manifest.to.is_none();
        whole && Table::ALL.into_iter().all(|table| self.lists(File::Table(table, Format::Jsonl)))
    }

    /// Every listed file is there with its digest.
    pub(super) fn digests(&self, folder: &Path) -> Result<(), PackFault> {
        for file in &self.manifest.files {
            let plain = !file.name.contains(['/', '\\']) && file.name != ".." && !file.name.is_empty();
            if !plain {
                return Err(PackFault::of(MANIFEST, "files", "a name without folders", &file.name));
            }
            let found = export::digest(&folder.join(&file.name));
            let found = found.map_err(|e| PackFault::unread(&file.name, &e))?;
            if found != file.sha256 {
                return Err(PackFault::of(&file.name, "sha256", &file.sha256, found));
            }
        }
        Ok(())
    }

    /// Nothing is there besides what the manifest lists, manifest and note, and the tiles of a log of this size.
    pub(super) fn strangers(&self, folder: &Path) -> Result<(), PackFault> {
        let listed: BTreeSet<&str> = self.manifest.files.iter().map(|f| f.name.as_str()).collect();
        let own = |name: &str| {
            listed.contains(name)
                || name == MANIFEST
                || name == MANIFEST_NOTE
                || (self.manifest.tiles && is_tile(name, self.head.size))
        };
        let mut left = vec![folder.to_owned()];
        while let Some(inside) = left.pop() {
            let unread = |e: std::io::Error| PackFault::unread(inside.display().to_string(), &e);
            for entry in fs::read_dir(&inside).map_err(unread)? {
                let path = entry.map_err(unread)?.path();
                let name = path.strip_prefix(folder).unwrap_or(&path);
                let name = name.to_string_lossy().replace('\\', "/");
                if path.is_dir() && !path.is_symlink() {
                    left.push(path);
                } else if !own(&name) {
                    return Err(PackFault::of(
                        name,
                        "file",
                        "nothing: the manifest does not list it",
                        "a file",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Whether a log of that size has a tile under that path.
fn is_tile(name: &str, size: u64) -> bool {
    use crate::domain::merkle::tiles::{Resource, Tile};
    let resource = name.strip_prefix("tile/").and_then(Resource::parse);
    resource.is_some_and(|resource| {
        let tile = resource.tile();
        Tile::within(tile.level, tile.index, size) == Some(tile)
    })
}
