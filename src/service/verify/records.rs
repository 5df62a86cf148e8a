//! Papers of volunteers' records, requests that were granted, and lines for the national system: each says what its
//! transactions in the log say, the numbers of the papers have no gap, and none claims a transaction that it does not have.

use std::collections::{BTreeMap, HashMap};

use super::{
    PAGE_ROWS, Pass, fault,
    ledger::{Page, Replay, Stored},
    maybe,
    papers::Moved,
    same,
};
use crate::{
    domain::{
        book::TxnKind,
        canonical::hex,
        chart,
        ids::{BookId, PersonId, TimeCertificateId, TimeCorrectionId},
        posting::Commodity,
        timebank::correction::CorrectionState,
    },
    service::{
        notice::seal::DIGEST_FIELD,
        timebank::{certificate, correction},
    },
    store::{
        Tx,
        ledger::read,
        person,
        timebank::record::{
            self as services,
            certificate::{self as papers},
            correction as requests, file,
        },
    },
};

/// What was met so far.
pub(super) struct Records {
    book: BookId,
    imported: i64,
    numbers: HashMap<PersonId, String>,
    /// Numbers that the log drew, by the transaction that did.
    drawn: BTreeMap<i64, i64>,
    undone: i64,
    posted: i64,
}

impl Records {
    pub(super) fn begin(book: BookId, imported: i64) -> Self {
        Self { book, imported, numbers: HashMap::new(), drawn: BTreeMap::new(), undone: 0, posted: 0 }
    }

    /// Compares what came of one page of transactions.
    pub(super) async fn page(&mut self, tx: &mut Tx, replay: &Replay, page: &Page) -> Pass {
        let imported = self.imported;
        for stored in page.stored.iter().filter(|s| s.txn.seq > imported) {
            let source = stored.txn.source.as_deref().unwrap_or_default();
            if let Some(id) = source.strip_prefix(certificate::SOURCE) {
                self.paper(tx, stored, id).await?;
            } else if let Some(id) = source.strip_prefix(correction::SOURCE) {
                self.correction(tx, stored, id, &Moved::by(replay, stored)).await?;
            }
        }
        Ok(())
    }

    /// A paper says what its digest in the log says.
    async fn paper(&mut self, tx: &mut Tx, stored: &Stored, id: &str) -> Pass {
        let seq = Some(stored.txn.seq);
        let missing = || fault(seq, "time_certificate", id, "id", "a certificate", "-");
        let known: TimeCertificateId = id.parse().map_err(|_| missing())?;
        let row = papers::one(tx, self.book, known).await?.ok_or_else(missing)?;
        let no = row.no.to_string();
        let number = stored.uses.iter().find(|u| u.meter == certificate::CERTIFICATE_NUMBERS);
        self.drawn.insert(stored.txn.seq, row.no);
        same(seq, "time_certificate", &no, "no", maybe(number.map(|u| u.used_after)), maybe(Some(row.no)))?;
        same(seq, "time_certificate", &no, "seq", stored.txn.seq, row.seq)?;
        same(seq, "time_certificate", &no, "issued_by", stored.txn.actor.as_str(), row.issued_by.as_str())?;
        let person = self.number(tx, row.person_id).await?;
        let lines = papers::lines(tx, self.book, known).await?;
        let wrong = || fault(seq, "time_certificate", &no, "standing", "a standing", &row.standing);
        let contents = row.contents(&person, lines).map_err(|_| wrong())?;
        let said: BTreeMap<String, String> = serde_json::from_str(&stored.txn.body).unwrap_or_default();
        let digest = said.get(DIGEST_FIELD).map_or("", String::as_str);
        same(seq, "time_certificate", &no, "digest", digest, hex(&row.digest).as_str())?;
        same(seq, "time_certificate", &no, "contents", digest, hex(&contents.digest()).as_str())?;
        same(seq, "time_certificate", &no, "minutes", contents.minutes(), row.minutes)
    }

    /// Of a request that was granted, what was undone and what was posted.
    async fn correction(&mut self, tx: &mut Tx, stored: &Stored, id: &str, moved: &Moved) -> Pass {
        let (t, seq) = (&stored.txn, Some(stored.txn.seq));
        let missing = || fault(seq, "time_correction", id, "id", "a request", "-");
        let known: TimeCorrectionId = id.parse().map_err(|_| missing())?;
        let row = requests::one(tx, self.book, known).await?.ok_or_else(missing)?;
        let no = row.no.to_string();
        same(
            seq,
            "time_correction",
            &no,
            "decided_by",
            t.actor.as_str(),
            maybe(row.decided_by.clone()).as_str(),
        )?;
        if t.kind == TxnKind::Reversal.as_str() {
            self.undone += 1;
            same(seq, "time_correction", &no, "undo_seq", maybe(seq), maybe(row.undo_seq))?;
            return same(seq, "time_correction", &no, "seq", maybe(t.reverses_seq), maybe(Some(row.seq)));
        }
        self.posted += 1;
        same(seq, "time_correction", &no, "post_seq", maybe(seq), maybe(row.post_seq))?;
        let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
        let said = |name: &str| body.get(name).cloned().unwrap_or_default();
        let right = row.minutes.unwrap_or(-1);
        same(seq, "time_correction", &no, "minutes", said("minutes"), right.to_string())?;
        same(seq, "time_correction", &no, "seq", said("corrects"), row.seq.to_string())?;
        let volunteer = self.number(tx, row.person_id).await?;
        same(seq, "time_correction", &no, "person_id", said("volunteer"), volunteer.clone())?;
        let earned = moved.credit(chart::person_time(&volunteer), Commodity::MIN);
        same(seq, "time_correction", &no, "minutes", true, earned <= right)
    }

    /// After the last transaction: numbers without gaps, no claim beyond the log, and lines of files about services.
    pub(super) async fn finish(&mut self, tx: &mut Tx) -> Pass {
        let (mut after, mut count, mut last_seq) = (0, 0_usize, 0);
        loop {
            let page = papers::by_number(tx, self.book, after, PAGE_ROWS).await?;
            if page.is_empty() {
                break;
            }
            for row in page {
                let no = row.no.to_string();
                if self.imported == 0 {
                    same(None, "time_certificate", &no, "no", after + 1, row.no)?;
                }
                same(None, "time_certificate", &no, "seq", true, row.seq > last_seq)?;
                (after, last_seq, count) = (row.no, row.seq, count + 1);
            }
        }
        same(None, "time_certificate", "", "seq", self.drawn.len(), count)?;
        self.requests(tx).await?;
        self.files(tx).await
    }

    async fn requests(&self, tx: &mut Tx) -> Pass {
        let (mut after, mut undone, mut posted) = (0, 0, 0);
        loop {
            let page = requests::by_number(tx, self.book, after, PAGE_ROWS).await?;
            let Some(last) = page.last() else { break };
            after = last.no;
            for row in page {
                let no = row.no.to_string();
                let corrected = row.state == CorrectionState::Corrected.as_str();
                same(None, "time_correction", &no, "state", corrected, row.undo_seq.is_some())?;
                same(None, "time_correction", &no, "minutes", corrected, row.minutes.is_some())?;
                if row.decided_by.as_ref() == Some(&row.asked_by) {
                    let another = "another person";
                    return Err(fault(None, "time_correction", &no, "decided_by", another, &row.asked_by));
                }
                undone += i64::from(row.undo_seq.is_some());
                posted += i64::from(row.post_seq.is_some());
                self.service(tx, ("time_correction", &no), row.root, Some(row.person_id)).await?;
                self.minutes(tx, ("time_correction", &no, "was"), row.seq, row.was).await?;
            }
        }
        same(None, "time_correction", "", "undo_seq", self.undone, undone)?;
        same(None, "time_correction", "", "post_seq", self.posted, posted)
    }

    async fn files(&self, tx: &mut Tx) -> Pass {
        let mut before = i64::MAX;
        loop {
            let page = file::latest(tx, self.book, before, PAGE_ROWS).await?;
            let Some(last) = page.last() else { return Ok(()) };
            before = last.no;
            for row in page {
                let lines = file::lines(tx, (self.book, row.no), 0, i64::MAX).await?;
                let name = row.no.to_string();
                same(None, "time_file", &name, "lines", row.lines, i64::try_from(lines.len()).unwrap_or(-1))?;
                for (place, line) in (1_i64..).zip(lines) {
                    let name = format!("{}/{}", line.file_no, line.place);
                    same(None, "time_file_line", &name, "place", place, line.place)?;
                    self.service(tx, ("time_file_line", &name), line.root, None).await?;
                    if line.seq == 0 {
                        same(None, "time_file_line", &name, "minutes", 0, line.minutes)?;
                    } else {
                        let what = ("time_file_line", name.as_str(), "minutes");
                        self.minutes(tx, what, line.seq, line.minutes).await?;
                    }
                }
            }
        }
    }

    /// A posted service stands at that place of the log, and is that person's.
    async fn service(
        &self,
        tx: &mut Tx,
        what: (&'static str, &str),
        root: i64,
        who: Option<PersonId>,
    ) -> Pass {
        if root <= self.imported {
            return Ok(());
        }
        let found = services::services(tx, self.book, root - 1, 1).await?.pop();
        let found = found.filter(|row| row.root == root && who.is_none_or(|who| who == row.person_id));
        same(None, what.0, what.1, "root", true, found.is_some())
    }

    /// The transaction at a place says so many minutes.
    async fn minutes(
        &self,
        tx: &mut Tx,
        what: (&'static str, &str, &'static str),
        seq: i64,
        minutes: i64,
    ) -> Pass {
        if seq <= self.imported {
            return Ok(());
        }
        let txn = read::txn(tx, self.book, seq).await?;
        let txn = txn.ok_or_else(|| fault(None, what.0, what.1, "seq", "a transaction", seq))?;
        let body: BTreeMap<String, String> = serde_json::from_str(&txn.body).unwrap_or_default();
        // an award says its minutes in its lines alone
        match body.get("minutes") {
            Some(said) => same(None, what.0, what.1, what.2, said.clone(), minutes.to_string()),
            None => Ok(()),
        }
    }

    async fn number(&mut self, tx: &mut Tx, id: PersonId) -> Pass<String> {
        if let Some(no) = self.numbers.get(&id) {
            return Ok(no.clone());
        }
        let no = person::by_id(tx, self.book, id).await?.map_or_else(|| "-".to_owned(), |p| p.no.to_string());
        self.numbers.insert(id, no.clone());
        Ok(no)
    }
}
