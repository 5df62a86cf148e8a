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
        export::{self, Cursor, Format, MANIFEST, Options, Table},
    },
};

/// What is written: rows of tables, or the log itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Tables, in a format of rows.
    Rows(Format),
    /// Checkpoint, hashes and entries of the log.
    Tiles,
}

impl std::str::FromStr for Form {
    type Err = export::UnknownName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "tiles" { Ok(Self::Tiles) } else { text.parse().map(Self::Rows) }
    }
}

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// csv, jsonl, or tiles: the log as static files (c2sp.org/tlog-tiles).
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
        match options.format {
            Form::Tiles => tiles::write(&desk, programme.book_id, &folder).await?,
            Form::Rows(format) => {
                let wanted = Options { format, from: options.from, to: options.to };
                write(&desk, programme.book_id, wanted, &folder).await?;
            }
        }
    }
    desk.db.close().await;
    Ok(())
}

/// Writes one book into a folder.
pub async fn write(desk: &Desk, book: BookId, options: Options, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut export = desk.export(book, options, None).await?;
    let mut files = Vec::new();
    for table in Table::ALL {
        let path = folder.join(table.file(options.format));
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut file = BufWriter::new(file);
        let mut cursor = Cursor::of(table);
        while let Some(piece) = export.piece(&mut cursor).await? {
            file.write_all(&piece)?;
        }
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        files.push(cursor.entry(options.format));
    }
    let manifest = export.manifest(files);
    fs::write(folder.join(MANIFEST), manifest.to_json())?;
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
