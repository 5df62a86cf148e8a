//! The manifest of an export: which files, how long, with which digest, and which head of the log they belong to.
//! Holds no rows.

use std::{fs, io::Read, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Export;
use crate::domain::canonical::hex;

/// The name of the manifest's file.
pub const MANIFEST: &str = "manifest.json";
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
    /// Transactions in the book.
    pub seq: i64,
    /// The root of its log, as hexadecimal text; nothing for a file that belongs to an earlier head.
    pub root: String,
    /// Only from this business day.
    pub from: Option<String>,
    /// Only to this business day.
    pub to: Option<String>,
    /// How to read quantities.
    pub note: String,
    /// The files.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    pub(super) fn new(export: &Export, files: Vec<FileEntry>) -> Self {
        Self {
            program: "greencoin".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created_at: export.created_at.rfc3339(),
            programme: export.programme.no,
            name: export.programme.name.clone(),
            book: export.programme.book_id.to_string(),
            seq: export.head.seq,
            root: hex(&export.head.root),
            from: export.options.from.map(|d| d.to_string()),
            to: export.options.to.map(|d| d.to_string()),
            note: "数量均为最小单位的整数，除以10的scale次方即为显示值；借方为正，贷方为负。Quantities are integers in \
                   minor units: divide by 10 to the power of scale to show them; debit is positive, credit negative."
                .to_owned(),
            files,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
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

fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; READ_BYTES]);
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
    }
    Ok(hex(&hash.finalize()))
}
