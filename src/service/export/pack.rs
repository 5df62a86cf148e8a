//! A whole pack as one archive, written as a stream: every file in every format, the tiles of the log, and at the end the
//! manifest over them with its signature. Holds no files.

use super::{Cursor, Export, File, FileEntry, Format, MANIFEST, MANIFEST_NOTE, Options, too_large, zip::Zip};
use crate::{
    domain::ids::BookId,
    service::{Desk, ServiceResult, refuse},
};

/// Transactions of the largest book whose pack is made for a page: beyond, the command writes it to a folder.
const PAGE_TRANSACTIONS_MAX: i64 = 100_000;

/// A pack that is being written.
pub struct Pack {
    desk: Desk,
    book: BookId,
    export: Export,
    zip: Zip,
    left: std::vec::IntoIter<File>,
    open: Option<Cursor>,
    entries: Vec<FileEntry>,
    done: bool,
}

impl Desk {
    /// Begins a pack of the book as one archive.
    pub async fn export_pack(&self, book: BookId) -> ServiceResult<Pack> {
        let options = Options { format: Format::Jsonl, from: None, to: None };
        let export = self.export(book, options, None).await?;
        if export.size() > PAGE_TRANSACTIONS_MAX {
            return Err(refuse("pack_too_large").with("max", PAGE_TRANSACTIONS_MAX).into());
        }
        let mut files = File::listed();
        files.extend(File::tiles(u64::try_from(export.size()).unwrap_or(0)));
        Ok(Pack {
            desk: self.clone(),
            book,
            export,
            zip: Zip::default(),
            left: files.into_iter(),
            open: None,
            entries: Vec::new(),
            done: false,
        })
    }
}

impl Pack {
    /// The next piece of the archive; nothing at its end.
    pub async fn piece(&mut self) -> ServiceResult<Option<Vec<u8>>> {
        while !self.done {
            self.step().await?;
            let piece = self.zip.take();
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    async fn step(&mut self) -> ServiceResult<()> {
        if let Some(mut cursor) = self.open.take() {
            match self.export.piece(&mut cursor).await? {
                Some(piece) => {
                    self.zip.write(&piece);
                    self.open = Some(cursor);
                }
                None if cursor.is_listed() => self.entries.push(cursor.entry()),
                None => {}
            }
            return Ok(());
        }
        if let Some(file) = self.left.next() {
            self.zip.begin(&file.name()).map_err(too_large)?;
            self.open = Some(Cursor::of(file));
            return Ok(());
        }
        let manifest = self.export.manifest(std::mem::take(&mut self.entries), true);
        let sealed = self.desk.seal_manifest(self.book, &manifest).await?;
        for (name, content) in [(MANIFEST, sealed.json), (MANIFEST_NOTE, sealed.note)] {
            self.zip.begin(name).map_err(too_large)?;
            self.zip.write(content.as_bytes());
        }
        self.zip.finish().map_err(too_large)?;
        self.done = true;
        Ok(())
    }
}
