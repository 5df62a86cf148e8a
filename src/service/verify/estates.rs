//! Inheritances of hours behind their postings: each has its own and says the same, and none says more than the log.

use std::collections::{BTreeMap, HashMap};

use super::{
    Pass, fault,
    ledger::{Page, Replay, Stored},
    maybe,
    papers::Moved,
    same,
};
use crate::{
    domain::{
        chart,
        ids::{BookId, PersonId},
        posting::Commodity,
        timebank::estate::EstateState,
    },
    store::{
        Tx, person,
        timebank::estate::{self, EstateRow},
    },
};

/// What was met of inheritances so far.
pub(super) struct Estates {
    book: BookId,
    /// The transactions up to here came by an import: their papers are where they came from.
    imported: i64,
    settled: i64,
}

impl Estates {
    pub(super) const fn begin(book: BookId, imported: i64) -> Self {
        Self { book, imported, settled: 0 }
    }

    /// Compares the inheritances of one page of transactions.
    pub(super) async fn page(&mut self, tx: &mut Tx, replay: &Replay, page: &Page) -> Pass {
        let from_one = |s: &&Stored| {
            s.txn.seq > self.imported
                && s.txn.source.as_deref().unwrap_or_default().starts_with("time_estate:")
        };
        // the undoing of one has its source too, and says so by what it undoes
        let own: Vec<&Stored> =
            page.stored.iter().filter(from_one).filter(|s| s.txn.reverses_seq.is_none()).collect();
        if own.is_empty() {
            return Ok(());
        }
        let rows = estate::of_run(tx, self.book, page.after, page.through).await?;
        let rows: HashMap<String, EstateRow> =
            rows.into_iter().map(|row| (format!("time_estate:{}", row.id), row)).collect();
        for stored in own {
            let source = stored.txn.source.clone().unwrap_or_default();
            let missing = || fault(Some(stored.txn.seq), "time_estate", &source, "id", &source, "-");
            let row = rows.get(&source).ok_or_else(missing)?;
            self.settled += 1;
            self.one(tx, stored, row, &Moved::by(replay, stored)).await?;
        }
        Ok(())
    }

    async fn one(&self, tx: &mut Tx, stored: &Stored, row: &EstateRow, moved: &Moved) -> Pass {
        let (seq, no) = (Some(stored.txn.seq), row.no.to_string());
        let body: BTreeMap<String, String> = serde_json::from_str(&stored.txn.body).unwrap_or_default();
        let said = |name: &str| body.get(name).cloned().unwrap_or_default();
        let (left, heir) = (self.number(tx, Some(row.person_id)).await?, self.number(tx, row.heir_id).await?);
        same(seq, "time_estate", &no, "post_seq", maybe(seq), maybe(row.post_seq))?;
        same(seq, "time_estate", &no, "state", EstateState::Settled.as_str(), row.state.as_str())?;
        same(seq, "time_estate", &no, "person_id", said("person"), left.clone())?;
        same(seq, "time_estate", &no, "heir_id", said("heir"), heir.clone())?;
        let ground = row.ground.clone().unwrap_or_else(|| "-".to_owned());
        same(seq, "time_estate", &no, "ground", said("ground"), ground)?;
        same(seq, "time_estate", &no, "died_on", said("died_on"), row.died_on.to_string())?;
        same(
            seq,
            "time_estate",
            &no,
            "decided_by",
            maybe(Some(&stored.txn.actor)),
            maybe(row.decided_by.as_ref()),
        )?;
        let gone = -moved.credit(chart::person_time(&left), Commodity::MIN);
        same(seq, "time_estate", &no, "minutes", gone, row.minutes)?;
        let saved = moved.credit(chart::person_time(&heir), Commodity::MIN);
        same(seq, "time_estate", &no, "saved", saved, row.saved)?;
        let pooled = moved.credit(Ok(chart::time_pool()), Commodity::MIN);
        same(seq, "time_estate", &no, "pooled", pooled, row.pooled)?;
        let honoured = moved.credit(Ok(chart::time_honor()), Commodity::MIN);
        same(seq, "time_estate", &no, "honoured", honoured, row.honoured)
    }

    /// After the last transaction: none says more than the log.
    pub(super) async fn finish(&self, tx: &mut Tx) -> Pass {
        let (posted, said, odd) = estate::counts(tx, self.book).await?;
        same(None, "time_estate", "", "post_seq", self.settled, posted)?;
        same(None, "time_estate", "", "state", self.settled, said)?;
        same(None, "time_estate", "", "state", 0, odd)
    }

    async fn number(&self, tx: &mut Tx, id: Option<PersonId>) -> Pass<String> {
        let found = match id {
            Some(id) => person::by_id(tx, self.book, id).await?,
            None => None,
        };
        Ok(found.map_or_else(|| "-".to_owned(), |person| person.no.to_string()))
    }
}
