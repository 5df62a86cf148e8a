//! The sheets that hung: each says the same as its transaction in the log and as its lines, and the heads printed on
//! them are heads of the log.

use std::collections::BTreeMap;

use super::{
    PAGE_ROWS, Pass, fault,
    ledger::{Page, Replay, Stored},
    maybe, same,
};
use crate::{
    domain::{
        book::TxnKind,
        canonical::hex,
        ids::{BookId, NoticeId},
        notice::NOTICE_LINES_MAX,
    },
    service::{
        notice::{recall::recall_body, seal::DIGEST_FIELD, sheet::digest},
        timebank::certificate::SOURCE as CERTIFICATE,
    },
    store::{Tx, award::lists, notice::recall as recalls, verify},
};

/// What the source of a recall's transaction begins with.
const RECALL: &str = "recall:";

/// The sheets met so far.
pub(super) struct Sheets {
    book: BookId,
    imported: i64,
    sealed: i64,
    recalled: i64,
}

impl Sheets {
    pub(super) const fn begin(book: BookId, imported: i64) -> Self {
        Self { book, imported, sealed: 0, recalled: 0 }
    }

    /// Compares the sheets of one page of transactions.
    pub(super) async fn page(&mut self, tx: &mut Tx, page: &Page) -> Pass {
        for stored in &page.stored {
            if stored.txn.kind == TxnKind::Notice.as_str() && stored.txn.seq > self.imported {
                if stored.txn.source.as_deref().is_some_and(|source| source.starts_with(RECALL)) {
                    self.recall(tx, stored).await?;
                    self.recalled += 1;
                } else if !stored.txn.source.as_deref().is_some_and(|source| source.starts_with(CERTIFICATE))
                {
                    self.sheet(tx, stored).await?;
                    self.sealed += 1;
                }
            }
        }
        Ok(())
    }

    async fn sheet(&self, tx: &mut Tx, stored: &Stored) -> Pass {
        let (seq, source) = (Some(stored.txn.seq), stored.txn.source.as_deref().unwrap_or_default());
        let id: Option<NoticeId> = source.strip_prefix("notice:").and_then(|id| id.parse().ok());
        let missing = || fault(seq, "notice", source, "id", "a sheet", "-");
        let id = id.ok_or_else(missing)?;
        let row = verify::sealed(tx, self.book, id).await?.ok_or_else(missing)?;
        let no = row.no.to_string();
        same(seq, "notice", &no, "sealed_seq", stored.txn.seq.to_string(), maybe(row.sealed_seq))?;
        let body: BTreeMap<String, String> = serde_json::from_str(&stored.txn.body).unwrap_or_default();
        let said = body.get(DIGEST_FIELD).map_or("", String::as_str);
        same(seq, "notice", &no, "digest", said, hex(row.digest.as_deref().unwrap_or_default()).as_str())?;
        let limit = i64::try_from(NOTICE_LINES_MAX).unwrap_or(PAGE_ROWS);
        let lines = match row.recalled_at {
            Some(_) => recalls::lines(tx, self.book, id, 0, limit).await?,
            None => lists::of_notice(tx, self.book, id, 0, limit).await?,
        };
        let shown = digest((row.no, &row.title), (&row.mode, row.days), &lines);
        same(seq, "notice", &no, "lines", said, hex(&shown).as_str())
    }

    /// A recall says of its sheet what the sheet says of it.
    async fn recall(&self, tx: &mut Tx, stored: &Stored) -> Pass {
        let (seq, source) = (Some(stored.txn.seq), stored.txn.source.as_deref().unwrap_or_default());
        let id: Option<NoticeId> = source.strip_prefix(RECALL).and_then(|id| id.parse().ok());
        let missing = || fault(seq, "notice", source, "id", "a sheet", "-");
        let id = id.ok_or_else(missing)?;
        let row = verify::sealed(tx, self.book, id).await?.ok_or_else(missing)?;
        let no = row.no.to_string();
        same(seq, "notice", &no, "recall_seq", stored.txn.seq.to_string(), maybe(row.recall_seq))?;
        let said: BTreeMap<String, String> = serde_json::from_str(&stored.txn.body).unwrap_or_default();
        let because = (row.recalled_at, row.recalled_because.as_deref());
        for (field, shown) in recall_body((id, row.no), because, row.digest.as_deref()) {
            let told = said.get(&field).map_or("", String::as_str);
            same(seq, "notice", &no, "recalled_because", told, shown.as_str())?;
        }
        Ok(())
    }

    /// Sheets that point at no transaction, and the heads printed on them.
    pub(super) async fn finish(&self, tx: &mut Tx, replay: &Replay) -> Pass {
        let (mut after, mut sealed, mut recalled) = (0, 0, 0);
        loop {
            let page = verify::sheets(tx, self.book, after, PAGE_ROWS).await?;
            let Some(last) = page.last() else { break };
            after = last.no;
            for sheet in page {
                let no = sheet.no.to_string();
                sealed += i64::from(sheet.sealed_seq.is_some());
                recalled += i64::from(sheet.recall_seq.is_some());
                if sheet.published_at.is_none() {
                    continue;
                }
                if sheet.digest.as_ref().is_none_or(|d| d.len() != 32) {
                    return Err(fault(None, "notice", &no, "digest", "a SHA-256", "-"));
                }
                let root = sheet.head_size.and_then(|size| replay.roots.get(&size));
                let root = root.ok_or_else(|| {
                    fault(sheet.head_size, "checkpoint", &no, "size", "the head on the sheet", "-")
                })?;
                let shown = sheet.head_root.as_deref().map(hex);
                same(sheet.head_size, "notice", &no, "head_root", hex(root), maybe(shown))?;
            }
        }
        same(None, "notice", "", "recall_seq", self.recalled, recalled)?;
        same(None, "notice", "", "sealed_seq", self.sealed, sealed)
    }
}
