//! `greencoin export`: writes books out as files with a manifest, or checks such files against theirs.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use super::{config::Books, tiles};
use crate::{
    domain::{ids::BookId, time::Day},
    service::{
        Desk,
        export::{self, Cursor, FileEntry, Format, MANIFEST, MANIFEST_NOTE, Manifest, Options},
    },
};

/// What is written: one format, everything, or the log itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The files of one format.
    One(Format),
    /// Every format and the log, under one manifest.
    Pack,
    /// Checkpoint, hashes and entries of the log.
    Tiles,
}

impl std::str::FromStr for Form {
    type Err = export::UnknownName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pack" => Ok(Self::Pack),
            "tiles" => Ok(Self::Tiles),
            _ => text.parse().map(Self::One),
        }
    }
}

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// csv, xlsx, jsonl, hledger, beancount; tiles: the log as static files (c2sp.org/tlog-tiles); pack: everything.
    #[arg(long, default_value = "csv")]
    pub format: Form,
    /// The folder to write to; one folder a book is made inside.
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    pub out: Option<PathBuf>,
    /// The number of one programme; all of them when absent.
    #[arg(long, value_name = "NO")]
    pub book: Option<i64>,
    /// Only from this business day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<Day>,
    /// Only to this business day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<Day>,
    /// Check the files of an export against its manifest instead.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "book", "from", "to"])]
    pub check: Option<PathBuf>,
}

/// Runs the command, writing what it did to standard output.
pub async fn run(options: Export) -> anyhow::Result<()> {
    if let Some(folder) = &options.check {
        return check(folder);
    }
    let Some(out) = options.out.clone() else { bail!("--out is missing") };
    let desk = options.books.open_desk().await?;
    for programme in desk.books_numbered(options.book).await? {
        let folder = out.join(format!("book-{}", programme.no));
        let dates = (options.from, options.to);
        match options.format {
            Form::Tiles => tiles::write(&desk, programme.book_id, &folder).await?,
            Form::One(format) => {
                let wanted = Options { format, from: dates.0, to: dates.1 };
                write(&desk, programme.book_id, wanted, &folder).await?;
            }
            Form::Pack if dates == (None, None) => pack(&desk, programme.book_id, &folder).await?,
            Form::Pack => bail!("a pack holds the whole book: leave out --from and --to"),
        }
    }
    desk.db.close().await;
    Ok(())
}

/// Writes one book into a folder, in one format.
pub async fn write(desk: &Desk, book: BookId, options: Options, folder: &Path) -> anyhow::Result<()> {
    let mut export = desk.export(book, options, None).await?;
    let files = files(&mut export, options.format.files(), folder).await?;
    let manifest = export.manifest(files, false);
    finish(desk, book, &manifest, folder).await
}

/// Writes one book into a folder, in every format, with the files of its log.
pub async fn pack(desk: &Desk, book: BookId, folder: &Path) -> anyhow::Result<()> {
    let options = Options { format: Format::Jsonl, from: None, to: None };
    let mut export = desk.export(book, options, None).await?;
    let entries = files(&mut export, export::File::listed(), folder).await?;
    let size = u64::try_from(export.size()).unwrap_or(0);
    for tile in export::File::tiles(size) {
        files(&mut export, vec![tile], folder).await?;
    }
    let manifest = export.manifest(entries, true);
    finish(desk, book, &manifest, folder).await
}

async fn files(
    export: &mut export::Export,
    wanted: Vec<export::File>,
    folder: &Path,
) -> anyhow::Result<Vec<FileEntry>> {
    let mut entries = Vec::new();
    for wanted in wanted {
        let path = folder.join(wanted.name());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut file = BufWriter::new(file);
        let mut cursor = Cursor::of(wanted);
        while let Some(piece) = export.piece(&mut cursor).await? {
            file.write_all(&piece)?;
        }
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        if cursor.is_listed() {
            file.sync_all()?;
            entries.push(cursor.entry());
        }
    }
    Ok(entries)
}

async fn finish(desk: &Desk, book: BookId, manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    let sealed = desk.seal_manifest(book, manifest).await?;
    fs::write(folder.join(MANIFEST), sealed.json)?;
    fs::write(folder.join(MANIFEST_NOTE), sealed.note)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}  seq {}  root {}", folder.display(), manifest.seq, manifest.root)?;
    for file in &manifest.files {
        writeln!(out, "  {}  {} rows  {}", file.sha256, file.rows, file.name)?;
    }
    Ok(())
}

fn check(folder: &Path) -> anyhow::Result<()> {
    let (manifest, differences) = export::check_folder(folder)
        .with_context(|| format!("{} has no readable manifest", folder.display()))?;
    let mut out = std::io::stdout().lock();
    for difference in &differences {
        writeln!(out, "不符 · differs  {}", difference.name)?;
        writeln!(out, "  应为 expected {}", difference.expected)?;
        writeln!(out, "  实为 found    {}", difference.found)?;
    }
    if !differences.is_empty() {
        bail!("{} of {} files differ", differences.len(), manifest.files.len());
    }
    writeln!(
        out,
        "相符 · holds  {} 个文件 files  seq {}  root {}",
        manifest.files.len(),
        manifest.seq,
        manifest.root
    )?;
    Ok(())
}
