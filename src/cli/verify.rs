//! `greencoin verify`: re-derives every book and says, in both languages, whether it holds. The exit status is 1 when
//! something does not.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use super::{config::Books, tiles};
use crate::{
    domain::{
        canonical::hex,
        tlog::{Checkpoint, Note, Proof, VerifierKey, checkpoint::origin},
    },
    service::{
        Desk, restore,
        verify::{BookReport, VerifyReport},
    },
};

/// Options of `verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// The number of one programme; all of them when absent.
    #[arg(long, value_name = "NO")]
    pub book: Option<i64>,
    /// A signed head that somebody kept. With the books: nothing before it has changed. With --receipt: the receipt
    /// must belong to it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["book", "tiles"])]
    pub checkpoint: Option<PathBuf>,
    /// A receipt's proof; needs no books.
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["book", "tiles"])]
    pub receipt: Option<PathBuf>,
    /// The files of `export --format tiles`; needs no books.
    #[arg(long, value_name = "DIR", requires = "key", conflicts_with = "book")]
    pub tiles: Option<PathBuf>,
    /// An export with its manifest, or a folder of such; needs no books.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["book", "tiles", "receipt", "checkpoint"])]
    pub pack: Option<PathBuf>,
    /// The verifier key of the log, NAME+ID+KEY.
    #[arg(long, value_name = "KEY")]
    pub key: Option<VerifierKey>,
    /// The verifier key of a witness who must have cosigned; may be repeated.
    #[arg(long, value_name = "KEY")]
    pub witness: Vec<VerifierKey>,
}

/// Runs the command, writing to standard output.
pub async fn run(options: Verify) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match (&options.receipt, &options.tiles, &options.key) {
        (Some(file), _, Some(key)) => return receipt(file, key, &options, &mut out),
        (_, Some(folder), Some(key)) => {
            let head = tiles::check(folder, key)?;
            return Ok(holds(&head, &mut out)?);
        }
        _ => {}
    }
    if let Some(folder) = &options.pack {
        return pack(folder, options.key.as_ref(), &mut out);
    }
    let desk = options.books.open_desk().await?;
    let report = match &options.checkpoint {
        None => desk.verify_books(options.book).await,
        Some(file) => {
            let kept = kept_head(&desk, file, &options).await?;
            writeln!(out, "原账页头 kept head: {} {} {}", kept.origin, kept.size, hex(&kept.root))?;
            desk.verify_since(&kept).await.map(|book| VerifyReport { books: vec![book] })
        }
    };
    desk.db.close().await;
    let report = report?;
    write(&report, &mut out)?;
    if report.holds() { Ok(()) } else { bail!("verification failed") }
}

/// A head from a file, its signature verified: by the key that is given, or else by those of this installation.
async fn kept_head(desk: &Desk, file: &Path, options: &Verify) -> anyhow::Result<Checkpoint> {
    let note: Note = tiles::read_text(file)?.parse()?;
    let head: Checkpoint = note.text.parse()?;
    let keys = match &options.key {
        Some(key) => vec![key.clone()],
        None => {
            let mut keys = Vec::new();
            for programme in desk.books_numbered(None).await? {
                if origin(programme.book_id) == head.origin {
                    keys = desk.log_verifiers(programme.book_id).await?;
                }
            }
            keys
        }
    };
    note.verify(&keys).context("the kept head")?;
    cosigned(&note, &options.witness)?;
    Ok(head)
}

/// Verifies exports with no books at all.
fn pack(folder: &Path, key: Option<&VerifierKey>, out: &mut impl Write) -> anyhow::Result<()> {
    for folder in restore::books_of(folder)? {
        let report = restore::check_pack(&folder, key)?;
        writeln!(out, "{}  {}", folder.display(), report.name)?;
        writeln!(out, "  文件 files {}  账页 tiles {}", report.files, report.tiles)?;
        if report.transactions > 0 {
            let (transactions, entries) = (report.transactions, report.entries);
            writeln!(out, "  交易 transactions {transactions}  分录 entries {entries}")?;
            writeln!(out, "  账本 journals {}", report.journals)?;
        } else {
            writeln!(out, "  只核对了文件 · files only: no JSON Lines of the whole book")?;
        }
        writeln!(out, "  密钥 key {}", report.key)?;
        if key.is_none() {
            writeln!(
                out,
                "  密钥出自本包，请与公布的核对 · the pack's own key: compare it with the published one"
            )?;
        }
        holds(&report.head, out)?;
    }
    Ok(())
}

/// Verifies a receipt with no books at all.
fn receipt(file: &Path, key: &VerifierKey, options: &Verify, out: &mut impl Write) -> anyhow::Result<()> {
    let proof: Proof = tiles::read_text(file)?.parse()?;
    let head = proof.verify(key)?;
    cosigned(&proof.checkpoint, &options.witness)?;
    if let Some(kept) = &options.checkpoint {
        let note: Note = tiles::read_text(kept)?.parse()?;
        note.verify(std::slice::from_ref(key)).context("the kept head")?;
        let kept: Checkpoint = note.text.parse()?;
        ensure!(
            (&kept.origin, kept.size) == (&head.origin, head.size),
            "the receipt belongs to head {} of {}, the file is head {} of {}: fetch a proof for that head",
            head.size,
            head.origin,
            kept.size,
            kept.origin
        );
        ensure!(
            kept.root == head.root,
            "two heads of {} transactions with different roots: keep both",
            head.size
        );
    }
    writeln!(out, "第 {} 笔 transaction", proof.index + 1)?;
    Ok(holds(&head, out)?)
}

fn cosigned(note: &Note, witnesses: &[VerifierKey]) -> anyhow::Result<()> {
    for witness in witnesses {
        note.verify(std::slice::from_ref(witness)).with_context(|| format!("witness {}", witness.name()))?;
    }
    Ok(())
}

fn holds(head: &Checkpoint, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}\n  交易 transactions {}\n  默克尔根 root {}", head.origin, head.size, hex(&head.root))?;
    writeln!(out, "  相符 · holds")
}

/// Writes the report for people.
pub fn write(report: &VerifyReport, out: &mut impl Write) -> std::io::Result<()> {
    if report.books.is_empty() {
        writeln!(out, "没有账套 · no books")?;
    }
    for book in &report.books {
        one(book, out)?;
    }
    Ok(())
}

fn one(book: &BookReport, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{} {} · {}", book.no, book.name, book.name_en)?;
    writeln!(out, "  交易 transactions {}  分录 entries {}", book.transactions, book.entries)?;
    writeln!(out, "  加减分 awards {}  兑换 redemptions {}", book.awards, book.redemptions)?;
    writeln!(out, "  默克尔根 root {}", book.root)?;
    if book.imported > 0 {
        writeln!(out, "  前 {} 笔为导入，凭据不在本库 · imported, no papers here", book.imported)?;
    }
    match &book.fault {
        None => writeln!(out, "  相符 · holds"),
        Some(fault) => {
            let seq = fault.seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
            writeln!(out, "  不符 · FAULT  seq={seq} table={} field={}", fault.table, fault.field)?;
            if !fault.row.is_empty() {
                writeln!(out, "    行 row      {}", fault.row)?;
            }
            writeln!(out, "    应为 expected {}", fault.expected)?;
            writeln!(out, "    实为 found    {}", fault.found)
        }
    }
}
