//! Orders and gifts of the time bank behind their postings: every transaction that came from one has it and says the
//! same, no other claims to be paid for or posted, what counts is what the check-ins prove, and of one person no two
//! have a moment in common.

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
        chart,
        ids::{BookId, PersonId, TimeOrderId},
        posting::{Commodity, InvalidPath, Path},
        timebank::{
            drawing::GiftState,
            interval::{self, Interval},
            order::{OrderState, Verdict},
            policy::Policies,
        },
    },
    store::{
        Tx, person,
        timebank::{
            gift::{self, GiftRow},
            order::{self, OrderRow},
            pair::{self, PairRow},
        },
    },
};

/// What was met of the time bank so far.
pub(super) struct TimeBank {
    book: BookId,
    /// The transactions up to here came by an import: their orders are where they came from.
    imported: i64,
    numbers: HashMap<PersonId, String>,
    held: i64,
    posted: i64,
    given_back: i64,
    gifts: i64,
    ended: i64,
}

/// The orders and gifts of one page of transactions.
struct Behind {
    orders: HashMap<String, OrderRow>,
    pairs: HashMap<TimeOrderId, Vec<Interval>>,
    gifts: HashMap<String, GiftRow>,
}

impl TimeBank {
    pub(super) fn begin(book: BookId, imported: i64) -> Self {
        let numbers = HashMap::new();
        Self { book, imported, numbers, held: 0, posted: 0, given_back: 0, gifts: 0, ended: 0 }
    }

    /// Compares the orders and gifts of one page of transactions.
    pub(super) async fn page(&mut self, tx: &mut Tx, replay: &Replay, page: &Page) -> Pass {
        let from_here = |s: &&Stored| {
            let source = s.txn.source.as_deref().unwrap_or_default();
            s.txn.seq > self.imported
                && (source.starts_with("time_order:") || source.starts_with("time_gift:"))
        };
        let own: Vec<&Stored> = page.stored.iter().filter(from_here).collect();
        if own.is_empty() {
            return Ok(());
        }
        let behind = self.behind(tx, page).await?;
        for stored in own {
            let moved = Moved::by(replay, stored);
            let source = stored.txn.source.as_deref().unwrap_or_default();
            match source.split_once(':') {
                Some(("time_order", id)) => self.order(tx, stored, (id, &behind), &moved).await?,
                Some((_, id)) => self.gift(tx, stored, (id, &behind), &moved).await?,
                None => {}
            }
        }
        Ok(())
    }

    async fn behind(&self, tx: &mut Tx, page: &Page) -> Pass<Behind> {
        let orders = order::of_run(tx, self.book, page.after, page.through).await?;
        let gifts = gift::of_run(tx, self.book, page.after, page.through).await?;
        let mut pairs: HashMap<TimeOrderId, Vec<Interval>> = HashMap::new();
        let who: HashMap<TimeOrderId, Option<PersonId>> =
            orders.iter().map(|o| (o.id, o.volunteer_id)).collect();
        for pair in pair::of_run(tx, self.book, page.after, page.through).await? {
            if who.get(&pair.order_id) != Some(&Some(pair.person_id)) {
                let name = format!("{}/{}", pair.order_id, pair.pair);
                return Err(fault(None, "time_pair", &name, "person_id", "whoever served", pair.person_id));
            }
            let span = pair.out_at.and_then(|out| Interval::new(pair.in_at, out).ok());
            pairs.entry(pair.order_id).or_default().extend(span);
        }
        Ok(Behind {
            orders: orders.into_iter().map(|o| (o.id.to_string(), o)).collect(),
            gifts: gifts.into_iter().map(|g| (g.id.to_string(), g)).collect(),
            pairs,
        })
    }

    async fn order(
        &mut self,
        tx: &mut Tx,
        stored: &Stored,
        (id, behind): (&str, &Behind),
        moved: &Moved,
    ) -> Pass {
        let t = &stored.txn;
        let missing =
            || fault(Some(t.seq), "time_order", id, "id", t.source.clone().unwrap_or_default(), "-");
        match t.kind.parse() {
            Ok(TxnKind::Hold) => {
                let row = behind.orders.get(id).ok_or_else(missing)?;
                self.held += 1;
                self.put_aside(tx, stored, row, moved).await
            }
            Ok(TxnKind::Capture) => {
                let row = behind.orders.get(id).ok_or_else(missing)?;
                self.posted += 1;
                self.hours(tx, stored, row, moved).await?;
                counted(t.seq, row, behind.pairs.get(&row.id).map_or(&[], Vec::as_slice))
            }
            Ok(TxnKind::Release) => {
                let known = id.parse().ok();
                let row = match known {
                    Some(id) => order::one(tx, self.book, id).await?,
                    None => None,
                };
                let row = row.ok_or_else(missing)?;
                self.given_back += 1;
                let over = matches!(row.state()?, OrderState::Cancelled | OrderState::NotCounted);
                let no = row.no.to_string();
                same(Some(t.seq), "time_order", &no, "state", "over without hours", said_over(over))?;
                same(Some(t.seq), "time_order", &no, "hold_seq", maybe(t.resolves_seq), maybe(row.hold_seq))
            }
            _ => Ok(()),
        }
    }

    /// What was put aside is what was asked for, from whoever pays.
    async fn put_aside(&mut self, tx: &mut Tx, stored: &Stored, row: &OrderRow, moved: &Moved) -> Pass {
        let (t, seq, no) = (&stored.txn, Some(stored.txn.seq), row.no.to_string());
        let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
        let said = |name: &str| body.get(name).cloned().unwrap_or_default();
        let served = self.number(tx, row.served_id).await?;
        same(seq, "time_order", &no, "hold_seq", maybe(seq), maybe(row.hold_seq))?;
        same(seq, "time_order", &no, "served_id", said("served"), served)?;
        same(seq, "time_order", &no, "kind", said("service"), row.kind.clone())?;
        same(seq, "time_order", &no, "starts_at", said("starts_at"), row.starts_at.to_string())?;
        same(seq, "time_order", &no, "minutes", said("minutes"), row.minutes.to_string())?;
        let (pays, _) = self.purse(tx, row).await?;
        let paid = -moved.credit(pays, Commodity::MIN);
        same(seq, "time_order", &no, "payer_id", i64::from(row.minutes), paid)
    }

    /// The hours went to whoever served, and the rest back to whoever pays.
    async fn hours(&mut self, tx: &mut Tx, stored: &Stored, row: &OrderRow, moved: &Moved) -> Pass {
        let (t, seq, no) = (&stored.txn, Some(stored.txn.seq), row.no.to_string());
        let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
        let said = |name: &str| body.get(name).cloned().unwrap_or_default();
        same(seq, "time_order", &no, "post_seq", maybe(seq), maybe(row.post_seq))?;
        same(seq, "time_order", &no, "hold_seq", maybe(t.resolves_seq), maybe(row.hold_seq))?;
        same(seq, "time_order", &no, "policy", maybe(t.rule.as_deref()), row.policy.clone())?;
        same(seq, "time_order", &no, "counted", said("minutes"), row.counted.to_string())?;
        let volunteer = match row.volunteer_id {
            Some(id) => self.number(tx, id).await?,
            None => "-".to_owned(),
        };
        same(seq, "time_order", &no, "volunteer_id", said("volunteer"), volunteer.clone())?;
        let (pays, held) = self.purse(tx, row).await?;
        let (asked, counts) = (i64::from(row.minutes), i64::from(row.counted));
        same(seq, "time_order", &no, "minutes", -moved.credit(held, Commodity::MIN), asked)?;
        let earned = moved.credit(chart::person_time(&volunteer), Commodity::MIN);
        let honour = moved.credit(Ok(chart::time_honor()), Commodity::MIN);
        let pooled = moved.credit(Ok(chart::time_pool()), Commodity::MIN);
        if row.payer_id.is_some() {
            same(seq, "time_order", &no, "counted", earned + honour + pooled, counts)?;
            same(seq, "time_order", &no, "payer_id", moved.credit(pays, Commodity::MIN), asked - counts)
        } else {
            // what goes beyond the cap and what is not used go into one account
            let fits = earned + honour <= counts && pooled >= asked - counts;
            same(seq, "time_order", &no, "payer_id", true, fits)
        }
    }

    async fn gift(
        &mut self,
        tx: &mut Tx,
        stored: &Stored,
        (id, behind): (&str, &Behind),
        moved: &Moved,
    ) -> Pass {
        let (t, seq) = (&stored.txn, Some(stored.txn.seq));
        let missing = || fault(seq, "time_gift", id, "id", t.source.clone().unwrap_or_default(), "-");
        let row = behind.gifts.get(id).ok_or_else(missing)?;
        let no = row.no.to_string();
        let (giver, receiver) =
            (self.number(tx, row.giver_id).await?, self.number(tx, row.receiver_id).await?);
        let minutes = i64::from(row.minutes);
        let put = -moved.credit(chart::person_time_held(&giver), Commodity::MIN);
        if t.kind.parse() == Ok(TxnKind::Hold) {
            self.gifts += 1;
            let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
            let said = |name: &str| body.get(name).cloned().unwrap_or_default();
            same(seq, "time_gift", &no, "hold_seq", t.seq, row.hold_seq)?;
            same(seq, "time_gift", &no, "giver_id", said("from"), giver)?;
            same(seq, "time_gift", &no, "receiver_id", said("to"), receiver)?;
            return same(seq, "time_gift", &no, "minutes", -put, minutes);
        }
        self.ended += 1;
        same(seq, "time_gift", &no, "end_seq", maybe(seq), maybe(row.end_seq))?;
        same(seq, "time_gift", &no, "minutes", put, minutes)?;
        let given = moved.credit(chart::person_time(&receiver), Commodity::MIN) == minutes;
        let state = if given { GiftState::Given } else { GiftState::TakenBack };
        same(seq, "time_gift", &no, "state", state.as_str(), row.state.as_str())
    }

    /// After the last transaction: no order and no gift says more than the log, and nobody served twice at a time.
    pub(super) async fn finish(&mut self, tx: &mut Tx) -> Pass {
        let found = order::counts(tx, self.book).await?;
        same(None, "time_order", "", "hold_seq", self.held, found.held)?;
        same(None, "time_order", "", "post_seq", self.posted, found.posted)?;
        same(None, "time_order", "", "state", self.posted, found.said)?;
        same(None, "time_order", "", "state", self.given_back, found.given_back)?;
        same(None, "time_order", "", "state", 0, found.unpaid)?;
        let (made, ended, said) = gift::counts(tx, self.book).await?;
        same(None, "time_gift", "", "hold_seq", self.gifts, made)?;
        same(None, "time_gift", "", "end_seq", self.ended, ended)?;
        same(None, "time_gift", "", "state", self.ended, said)?;
        self.apart(tx).await
    }

    /// Of one person no two check-ins have a moment in common.
    async fn apart(&self, tx: &mut Tx) -> Pass {
        let mut last: Option<PairRow> = None;
        loop {
            let page = pair::all(tx, self.book, last.as_ref(), PAGE_ROWS).await?;
            if page.is_empty() {
                return Ok(());
            }
            for row in page {
                let before = last.as_ref().filter(|before| before.person_id == row.person_id);
                // one that is open is the last of its person
                let free = before.is_none_or(|before| before.out_at.is_some_and(|out| out <= row.in_at));
                if !free {
                    let (name, since) = (format!("{}/{}", row.order_id, row.pair), row.in_at);
                    let out = before.and_then(|b| b.out_at).map(|at| at.to_string());
                    return Err(fault(None, "time_pair", &name, "in_at", maybe(out), since));
                }
                last = Some(row);
            }
        }
    }

    /// The account that pays, and the one where its minutes wait.
    async fn purse(
        &mut self,
        tx: &mut Tx,
        row: &OrderRow,
    ) -> Pass<(Result<Path, InvalidPath>, Result<Path, InvalidPath>)> {
        Ok(match row.payer_id {
            None => (Ok(chart::time_pool()), Ok(chart::time_held())),
            Some(id) => {
                let no = self.number(tx, id).await?;
                (chart::person_time(&no), chart::person_time_held(&no))
            }
        })
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

/// What counts is what the check-ins prove, or what a verdict left of it.
fn counted(seq: i64, row: &OrderRow, pairs: &[Interval]) -> Pass {
    let no = row.no.to_string();
    let policies = Policies::shipped();
    let policy = policies.by_code(&row.policy);
    let policy =
        policy.ok_or_else(|| fault(Some(seq), "time_order", &no, "policy", "a policy", &row.policy))?;
    let proven = interval::counted(&policy.counting, pairs, row.minutes.into());
    let found = i64::from(row.counted);
    match row.verdict.as_deref().map(str::parse::<Verdict>) {
        Some(Ok(Verdict::InPart)) if 0 < found && found < proven => Ok(()),
        None | Some(Ok(Verdict::AsServed)) => same(Some(seq), "time_order", &no, "counted", proven, found),
        _ => Err(fault(
            Some(seq),
            "time_order",
            &no,
            "verdict",
            "one that counts",
            maybe(row.verdict.as_deref()),
        )),
    }
}

const fn said_over(over: bool) -> &'static str {
    if over { "over without hours" } else { "not over" }
}
