//! The postings of making ready and of taking what a device sent. One act: what was put aside is given back, each sale is
//! posted like any redemption, and what is left is put aside anew. Nothing can come between, so a sale can want neither
//! points nor goods.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Desk, Loaded, ServiceResult,
    ready::Ready,
    rows::{Allowed, Kept, Opened, SetApart, Turned},
    selling::Selling,
};
use crate::{
    domain::{
        book::{Command, MeterUse, TxnKind},
        canonical::hex,
        chart,
        ids::{BookId, HouseholdId},
        offline::{
            OFFLINE_HOUSEHOLD_MAX, RoundState,
            entry::{Entry, digest},
            round::{Outcome, Round, Taken},
        },
        posting::{Commodity, Line, MAX_QUANTITY},
        time::Timestamp,
    },
    service::{
        Actor, Effect,
        books::{self, facts, path},
        caller::Shopkeeper,
        goods::commodity,
        poster::Task,
        reversal::mirrored,
    },
    store::{
        StoreResult, Tx,
        counter::CounterRow,
        ledger::read::{self, EntryRow as LedgerRow},
        offline::{AllowanceRow, entry::EntryRow},
    },
};

/// Putting aside what a device is given.
pub(super) fn ready_tasks(desk: &Desk, by: &Shopkeeper, ready: Ready) -> ServiceResult<Vec<Task>> {
    let (book, id) = (by.book, ready.row.id);
    let mut tasks = Vec::with_capacity(ready.portions.len() + 1);
    let mut opened: Option<Box<dyn Effect>> = Some(Box::new(Opened::of(book, &ready)));
    let hold = |what: &str| Hold {
        desk,
        by: by.actor(),
        key: format!("offline:{id}:ready:{what}"),
        round: id.to_string(),
    };
    let counter = ready.counter.code.as_str();
    let pieces: Vec<(i64, i64)> =
        ready.goods.iter().filter(|(row, _)| !row.is_service()).map(|(row, n)| (row.sku, *n)).collect();
    for portion in ready.portions {
        let no = portion.home.no.as_str();
        let uses = MeterUse::capped(portion.meter.clone(), portion.points, OFFLINE_HOUSEHOLD_MAX);
        let command = hold(no).of_points(no, counter, portion.points, uses)?;
        let mut effects: Vec<Box<dyn Effect>> = opened.take().into_iter().collect();
        effects.push(Box::new(Allowed { book, round: id, counter: ready.counter.id, portion }));
        tasks.push(Task { command, effects });
    }
    if !pieces.is_empty() {
        let command = hold("goods").of_goods(counter, &pieces)?;
        tasks.push(Task { command, effects: vec![Box::new(Kept { book, round: id, of: None })] });
    }
    Ok(tasks)
}

/// A hold for a device.
struct Hold<'a> {
    desk: &'a Desk,
    by: Actor,
    key: String,
    round: String,
}

impl Hold<'_> {
    fn command(self, body: BTreeMap<String, String>, lines: Vec<Line>) -> ServiceResult<Command> {
        let order = books::Order {
            key: &self.key,
            kind: TxnKind::Hold,
            effective_on: self.desk.today(),
            source: Some(format!("offline:{}", self.round)),
            // no day until which it lasts: the clock does not give it back, what the device sends does
            body,
        };
        self.desk.command(&self.by, order, lines)
    }

    fn of_points(self, no: &str, counter: &str, points: i64, uses: MeterUse) -> ServiceResult<Command> {
        let point = Commodity::point();
        let lines = vec![
            Line::new(path(chart::household_available(no))?, point.clone(), points),
            Line::new(path(chart::household_held(no))?, point, -points),
        ];
        let body = facts([
            ("round", self.round.clone()),
            ("household", no.to_owned()),
            ("counter", counter.to_owned()),
            ("points", points.to_string()),
        ]);
        let mut command = self.command(body, lines)?;
        command.meters = vec![uses];
        Ok(command)
    }

    fn of_goods(self, counter: &str, pieces: &[(i64, i64)]) -> ServiceResult<Command> {
        let mut lines = Vec::with_capacity(pieces.len() * 2);
        for (sku, n) in pieces {
            let code = commodity(*sku)?;
            lines.push(Line::new(path(chart::stock(counter))?, code.clone(), -n));
            lines.push(Line::new(path(chart::reserved(counter))?, code, *n));
        }
        let said: Vec<String> = pieces.iter().map(|(sku, n)| format!("{sku}x{n}")).collect();
        let body = facts([
            ("round", self.round.clone()),
            ("counter", counter.to_owned()),
            ("goods", said.join(" ")),
        ]);
        self.command(body, lines)
    }
}

/// An entry that is new, with what becomes of it.
pub(super) struct Fresh {
    pub(super) taken: Taken,
    pub(super) entry: Entry,
    pub(super) row: EntryRow,
}

/// All that taking what was sent is made of.
pub(super) struct Plan<'a> {
    pub(super) desk: &'a Desk,
    pub(super) book: BookId,
    pub(super) by: Actor,
    pub(super) counter: &'a CounterRow,
    pub(super) before: &'a Loaded,
    pub(super) after: Round,
    pub(super) fault: Option<&'static str>,
    pub(super) fresh: Vec<Fresh>,
    /// What is left goes back.
    pub(super) ends: bool,
    pub(super) at: Timestamp,
}

impl Plan<'_> {
    /// The postings, and what goes with the first of them.
    pub(super) async fn tasks(self, tx: &mut Tx) -> ServiceResult<(Vec<Task>, Turned)> {
        let sold: BTreeSet<HouseholdId> = self.fresh.iter().filter_map(|f| household_of(&f.taken)).collect();
        let moved = self.fresh.iter().any(|f| !f.taken.pieces.is_empty());
        let touched: Vec<&AllowanceRow> = self
            .before
            .allowances
            .iter()
            .filter(|a| a.hold_seq.is_some() && (self.ends || sold.contains(&a.household_id)))
            .collect();
        let goods_seq = self.before.row.goods_seq.filter(|_| self.ends || moved);
        let mut tasks = Vec::new();
        for seq in touched.iter().filter_map(|a| a.hold_seq).chain(goods_seq) {
            let lines = read::entries(tx, self.book, seq - 1, seq).await?;
            tasks.push(Task { command: self.release(seq, &lines)?, effects: Vec::new() });
        }
        for fresh in &self.fresh {
            tasks.extend(self.task_of(tx, fresh).await?);
        }
        if !self.ends {
            for a in &touched {
                tasks.extend(self.kept(a)?);
            }
            tasks.extend(if goods_seq.is_some() { self.kept_goods()? } else { None });
        }
        let turned = self.turned(&touched, goods_seq.is_some());
        Ok((tasks, turned))
    }

    /// What a household has left once this is taken; nothing when all goes back.
    fn left(&self, household: HouseholdId) -> i64 {
        if self.ends { 0 } else { self.after.allowances.get(&household).map_or(0, |a| a.left) }
    }

    fn turned(&self, touched: &[&AllowanceRow], goods: bool) -> Turned {
        let pieces = self.after.goods.iter().filter_map(|(sku, shelved)| Some((*sku, shelved.left?)));
        let pieces = pieces.map(|(sku, left)| (sku, if self.ends { 0 } else { left }));
        let unmoved =
            self.fresh.iter().filter(|f| household_of(&f.taken).is_none() && f.taken.pieces.is_empty());
        let row = &self.before.row;
        let over = self.ends && self.before.round.state != self.after.state;
        let earlier = row.ended_at.zip(row.ended_by.clone());
        Turned {
            book: self.book,
            round: self.after.id,
            turn: self.before.row.turn,
            state: self.after.state.as_str(),
            next_no: self.after.next,
            head: self.after.head.to_vec(),
            at: self.at,
            fault: self.fault.map(str::to_owned).or_else(|| row.fault.clone()),
            ended: if over { Some((self.at, self.by.to_string())) } else { earlier },
            left: touched.iter().map(|a| (a.household_id, self.left(a.household_id))).collect(),
            goods: goods.then(|| pieces.collect()),
            unmoved: unmoved.map(|f| f.row.clone()).collect(),
        }
    }

    /// A key of this turn on this day: the same is taken once, and what was refused may be tried on another day.
    fn key(&self, what: &str) -> String {
        let day = self.desk.today().number();
        format!("offline:{}:{}:{day}:{what}", self.after.id, self.before.row.turn)
    }

    /// What all postings of one act have in common: two acts that differ are never taken for one.
    fn body(&self, what: [(&str, String); 2]) -> BTreeMap<String, String> {
        let outcomes: Vec<String> = self.fresh.iter().map(|f| f.row.outcome.clone()).collect();
        let act = format!("{} {} {}", hex(&self.after.head), self.ends, outcomes.join(" "));
        let mut body = facts(what);
        body.insert("round".to_owned(), self.after.id.to_string());
        body.insert("act".to_owned(), hex(&digest(&act)));
        body
    }

    fn release(&self, seq: i64, entries: &[LedgerRow]) -> ServiceResult<Command> {
        let lines = entries.iter().map(mirrored).collect::<StoreResult<Vec<_>>>()?;
        let key = self.key(&format!("release:{seq}"));
        let order = books::Order {
            key: &key,
            kind: TxnKind::Release,
            effective_on: self.desk.today(),
            source: None,
            body: self.body([("hold", seq.to_string()), ("ends", self.ends.to_string())]),
        };
        let mut command = self.desk.command(&self.by, order, lines)?;
        command.resolves = Some(seq);
        Ok(command)
    }

    async fn task_of(&self, tx: &mut Tx, fresh: &Fresh) -> ServiceResult<Option<Task>> {
        let number = fresh.entry.number;
        if let Outcome::Sold { household } = fresh.taken.outcome
            && let Some(a) = self.before.allowances.iter().find(|a| a.household_id == household)
        {
            let key = self.key(&format!("sale:{number}"));
            let body = self.body([("entry", number.to_string()), ("digest", hex(&fresh.row.digest))]);
            let sale =
                Selling { desk: self.desk, book: self.book, by: self.by, counter: self.counter, at: self.at };
            return sale.task(tx, a, &fresh.entry, (key, body), Some(fresh.row.clone())).await.map(Some);
        }
        if fresh.taken.pieces.is_empty() {
            return Ok(None);
        }
        let hold = self.hold(&format!("apart:{number}"));
        let mut command = hold.of_goods(&self.counter.code, &fresh.taken.pieces)?;
        command.body.extend(self.body([("entry", number.to_string()), ("digest", hex(&fresh.row.digest))]));
        let row = SetApart { book: self.book, row: fresh.row.clone() };
        Ok(Some(Task { command, effects: vec![Box::new(row)] }))
    }

    fn hold(&self, what: &str) -> Hold<'_> {
        Hold { desk: self.desk, by: self.by, key: self.key(what), round: self.after.id.to_string() }
    }

    fn kept(&self, a: &AllowanceRow) -> ServiceResult<Option<Task>> {
        let left = self.left(a.household_id);
        if left == 0 {
            return Ok(None);
        }
        // it was within the day's limit when it was given
        let uses = MeterUse::capped(a.meter.clone(), left, MAX_QUANTITY);
        let hold = self.hold(&format!("keep:{}", a.household_no));
        let mut command = hold.of_points(&a.household_no, &self.counter.code, left, uses)?;
        command.body.extend(self.body([("household", a.household_no.clone()), ("points", left.to_string())]));
        let of = Some((a.household_id, left));
        let effect = Kept { book: self.book, round: self.after.id, of };
        Ok(Some(Task { command, effects: vec![Box::new(effect)] }))
    }

    fn kept_goods(&self) -> ServiceResult<Option<Task>> {
        let left = self.after.goods.iter().filter_map(|(sku, shelved)| Some((*sku, shelved.left?)));
        let left: Vec<(i64, i64)> = left.filter(|(_, left)| *left > 0).collect();
        if left.is_empty() {
            return Ok(None);
        }
        let mut command = self.hold("keep:goods").of_goods(&self.counter.code, &left)?;
        command
            .body
            .extend(self.body([("counter", self.counter.code.clone()), ("ends", "false".to_owned())]));
        let effect = Kept { book: self.book, round: self.after.id, of: None };
        Ok(Some(Task { command, effects: vec![Box::new(effect)] }))
    }
}

/// Whose points an entry takes.
fn household_of(taken: &Taken) -> Option<HouseholdId> {
    match taken.outcome {
        Outcome::Sold { household } => Some(household),
        Outcome::Known | Outcome::Conflict { .. } => None,
    }
}

/// The state that ends a round.
pub(super) const fn ended(lost: bool) -> RoundState {
    if lost { RoundState::Lost } else { RoundState::Closed }
}
