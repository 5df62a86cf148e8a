//! The manifest of an export: which files, how long, with which digest, and which head of the log they belong to; and
//! the signature under it. Holds no rows.

use std::{fs, io::Read, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Export;
use crate::{
    domain::{
        canonical::hex,
        ids::BookId,
        tlog::{Note, base64, checkpoint::origin},
    },
    service::{Desk, ServiceResult, session::unhex},
};

/// The name of the manifest's file.
pub const MANIFEST: &str = "manifest.json";
/// The name of the file with its digest, as a signed note.
pub const MANIFEST_NOTE: &str = "manifest.note";
/// What the note begins with: no head of a log, which begins with its origin, can be taken for it.
const NOTE_NAME: &str = "greencoin/export/v1";
/// Bytes of a file read at once when its digest is computed.
const READ_BYTES: usize = 64 * 1024;

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// Rows below the headings.
    pub rows: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, as hexadecimal text.
    pub sha256: String,
}

/// What an export holds and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// When the export was made, RFC 3339.
    pub created_at: String,
    /// The number of the programme.
    pub programme: i64,
    /// Its name.
    pub name: String,
    /// The book.
    pub book: String,
    /// The name of its log, and of the keys that sign it.
    pub origin: String,
    /// Transactions in the log, as of the signed head that everything is taken at.
    pub seq: i64,
    /// The root over them, as hexadecimal text.
    pub root: String,
    /// Only from this business day.
    pub from: Option<String>,
    /// Only to this business day.
    pub to: Option<String>,
    /// How to read quantities.
    pub note: String,
    /// Whether the tiles of the log are there as well. The root proves each of them.
    pub tiles: bool,
    /// The files.
    pub files: Vec<FileEntry>,
}

/// A manifest as it is written, and the signed note over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedManifest {
    /// [`MANIFEST`].
    pub json: String,
    /// [`MANIFEST_NOTE`].
    pub note: String,
}

impl Manifest {
    pub(super) fn new(export: &Export, files: Vec<FileEntry>, tiles: bool) -> Self {
        Self {
            program: "greencoin".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created_at: export.created_at.rfc3339(),
            programme: export.programme.no,
            name: export.programme.name.clone(),
            book: export.programme.book_id.to_string(),
            origin: origin(export.programme.book_id),
            seq: export.head.seq,
            root: hex(&export.head.root),
            from: export.options.from.map(|d| d.to_string()),
            to: export.options.to.map(|d| d.to_string()),
            note: "数量均为最小单位的整数，除以10的scale次方即为显示值；借方为正，贷方为负。Quantities are integers in \
                   minor units: divide by 10 to the power of scale to show them; debit is positive, credit negative."
                .to_owned(),
            tiles,
            files,
        }
    }

    /// What is signed: whose, at which head, and the digest of the manifest as it is written.
    #[must_use]
    pub fn note_text(&self, json: &str) -> String {
        let root = unhex(&self.root).map(|root| base64(&root)).unwrap_or_default();
        let digest = hex(&Sha256::digest(json.as_bytes()));
        format!("{NOTE_NAME}\n{}\n{}\n{root}\n{digest}  {MANIFEST}\n", self.origin, self.seq)
    }

    /// As it is written.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl Desk {
    /// Signs a manifest with the key that signs the log of the book.
    pub async fn seal_manifest(&self, book: BookId, manifest: &Manifest) -> ServiceResult<SealedManifest> {
        let (_, signer) = self.log_signer(book).await?;
        let json = manifest.to_json();
        let text = manifest.note_text(&json);
        let signature = signer.sign(&text, 0);
        Ok(SealedManifest { json, note: Note { text, signatures: vec![signature] }.to_string() })
    }
}

/// A file that is not what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub name: String,
    /// What the manifest says.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// Compares a folder with its manifest; blocks on files, so it is for the command line.
///
/// # Errors
/// When the manifest cannot be read or is not one.
pub fn check_folder(folder: &Path) -> std::io::Result<(Manifest, Vec<Difference>)> {
    let text = fs::read_to_string(folder.join(MANIFEST))?;
    let manifest: Manifest = serde_json::from_str(&text)?;
    let mut differences = Vec::new();
    for file in &manifest.files {
        let name = Path::new(&file.name);
        // a name that leads elsewhere is not a file of this export
        let inside = name.file_name().is_some_and(|n| n == name.as_os_str());
        let found =
            if inside { digest(&folder.join(name)) } else { Err(std::io::ErrorKind::InvalidInput.into()) };
        let found = found.unwrap_or_else(|e| e.kind().to_string());
        if found != file.sha256 {
            differences.push(Difference { name: file.name.clone(), expected: file.sha256.clone(), found });
        }
    }
    Ok((manifest, differences))
}

pub(crate) fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; READ_BYTES]);
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
    }
    Ok(hex(&hash.finalize()))
}
