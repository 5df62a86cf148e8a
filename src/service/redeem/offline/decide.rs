//! What people decide about an entry that could not be taken: the household agrees and its points are taken, the goods came
//! back, or they are written off. By somebody who neither readied the device nor sent the entry.

use futures_util::{FutureExt, future::BoxFuture};

use super::{Desk, Loaded, ServiceError, ServiceResult, end::reads_all, load, refuse, selling::Selling};
use crate::{
    domain::{
        book::{Posted, TxnKind},
        chart,
        ids::{BookId, CounterId, OfflineRoundId, TxnId},
        offline::{
            Decision, Flag,
            entry::{Entry, Item},
            round::Standing,
        },
        posting::{Commodity, Line},
        time::Timestamp,
    },
    service::{
        Effect,
        books::{self, facts, path},
        caller::{Reviewer, Staff},
        correction::last_of,
        goods::commodity,
        poster::Task,
        recusal,
        reversal::mirrored,
    },
    store::{
        StoreResult, Tx, WriteTx,
        counter::{self, CounterRow},
        goods, household,
        ledger::read,
        offline::entry::{self, DecisionRow, EntryRow},
    },
};

/// Entries on one page at most.
const PAGE_MAX: i64 = 100;

/// Entries with something to know on the page.
const FLAGGED_MAX: i64 = 20;

/// An entry that nobody decided yet, or that people should know something of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Of which device's round.
    pub round: OfflineRoundId,
    /// At which counter.
    pub counter: CounterId,
    /// What people call the device.
    pub device: String,
    /// Its number.
    pub number: i64,
    /// Why people decide.
    pub why: String,
    /// The household's number, if its card is known.
    pub household_no: Option<String>,
    /// What the device's clock said.
    pub sold_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// Article, its name, pieces, price.
    pub items: Vec<(Item, String)>,
    /// Points, in hundredths.
    pub total: i64,
    /// What people should know of it.
    pub flags: Vec<Flag>,
    /// The number of its receipt, if it became one.
    pub receipt: Option<i64>,
}

impl Desk {
    /// Entries that nobody decided yet, the oldest first: for all staff of the village who read its books.
    pub async fn undecided_offline(&self, by: &Staff) -> ServiceResult<Vec<Undecided>> {
        reads_all(by)?;
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in entry::open(&mut tx, by.book, PAGE_MAX).await? {
            out.push(undecided(&mut tx, by.book, row).await?);
        }
        Ok(out)
    }

    /// Entries that people should know something of (a wrong clock, a price that changed), the latest first.
    pub async fn flagged_offline(&self, by: &Staff) -> ServiceResult<Vec<Undecided>> {
        reads_all(by)?;
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for row in entry::flagged(&mut tx, by.book, FLAGGED_MAX).await? {
            out.push(undecided(&mut tx, by.book, row).await?);
        }
        Ok(out)
    }

    /// Decides about an entry. The same again gets the same answer.
    pub async fn decide_offline(
        &self,
        by: &Reviewer,
        (id, number): (OfflineRoundId, i64),
        decision: Decision,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_read().await?;
        let before = load(&mut tx, by.book, id).await?;
        let row = entry::one(&mut tx, by.book, id, number).await?;
        let row = row.ok_or(ServiceError::NotFound("offline entry"))?;
        let earlier = entry::decision(&mut tx, by.book, id, number).await?;
        let earlier = earlier.ok_or_else(|| refuse("offline_nothing_to_decide").with("no", number))?;
        match earlier.decision.as_deref() {
            Some(earlier) if earlier == decision.as_str() => return Ok(()),
            Some(earlier) => return Err(refuse("already_decided").with("state", earlier).into()),
            None => {}
        }
        let own = by.selves();
        if own.are(&row.received_by) || own.are(&before.row.readied_by) {
            return Err(refuse("offline_second").into());
        }
        if let Some(home) = row.household_id {
            recusal::check(&mut tx, by, home, self.today()).await?;
        }
        let place = counter::by_id(&mut tx, by.book, before.row.counter_id).await?;
        let place = place.ok_or(ServiceError::NotFound("counter"))?;
        let deciding =
            Deciding { desk: self, by, place: &place, before: &before, row: &row, decision, act: self.id() };
        let mut tasks = deciding.tasks(&mut tx).await?;
        drop(tx);
        let decided =
            Decided { book: by.book, of: (id, number), by: by.actor().to_string(), at: self.now(), decision };
        if let Some(last) = tasks.last_mut() {
            last.effects.push(Box::new(decided));
            return match last_of(self.poster.post_together(by.book, tasks).await?) {
                Ok(_) => Ok(()),
                Err(ServiceError::Refused(r)) => Err(self.in_counter_words(by.book, r).await?),
                Err(other) => Err(other),
            };
        }
        let mut tx = self.db.begin_write().await?;
        decided.write(&mut tx, None).await.map_err(crate::service::award::state_changed)?;
        Ok(tx.commit().await?)
    }
}

async fn undecided(tx: &mut Tx, book: BookId, row: EntryRow) -> ServiceResult<Undecided> {
    let signed = Entry::read(&row.content)
        .map_err(|e| ServiceError::Internal(format!("offline entry {}: {e}", row.number)))?;
    let of = crate::store::offline::by_id(tx, book, row.round_id).await?;
    let of = of.ok_or(ServiceError::NotFound("offline round"))?;
    let home = match row.household_id {
        Some(id) => household::by_id(tx, book, id).await?,
        None => None,
    };
    let mut items = Vec::with_capacity(signed.items.len());
    for item in &signed.items {
        let article = goods::by_sku(tx, book, item.sku).await?;
        items.push((*item, article.map_or_else(|| item.sku.to_string(), |a| a.name)));
    }
    Ok(Undecided {
        round: row.round_id,
        counter: of.counter_id,
        device: of.device_name,
        number: row.number,
        why: row.outcome,
        household_no: home.map(|h| h.no.to_string()),
        sold_at: signed.at,
        received_at: row.received_at,
        items,
        total: signed.total,
        flags: row.flags.split_whitespace().filter_map(|flag| flag.parse().ok()).collect(),
        receipt: row.receipt,
    })
}

/// All that a decision is made of.
struct Deciding<'a> {
    desk: &'a Desk,
    by: &'a Reviewer,
    place: &'a CounterRow,
    before: &'a Loaded,
    row: &'a EntryRow,
    decision: Decision,
    act: TxnId,
}

impl Deciding<'_> {
    fn key(&self, what: &str) -> String {
        // a key of its own each time: what the ledger refused, for want of points, may be tried again once there are some;
        // that it is decided once is for the row to say
        format!("offline:{}:{}:{}:{what}", self.row.round_id, self.row.number, self.act)
    }

    /// What was set apart is given back, and then taken as was decided.
    async fn tasks(&self, tx: &mut Tx) -> ServiceResult<Vec<Task>> {
        let mut tasks = Vec::new();
        let mut pieces: Vec<(i64, i64)> = Vec::new();
        if let Some(seq) = self.row.txn_seq {
            let entries = read::entries(tx, self.by.book, seq - 1, seq).await?;
            let shelf = path(chart::reserved(&self.place.code))?;
            for e in entries.iter().filter(|e| e.path == shelf.as_str()) {
                let sku = e.commodity.strip_prefix("SKU-").and_then(|n| n.parse().ok());
                let wrong = || ServiceError::Internal(format!("hold {seq} of {}", e.commodity));
                pieces.push((sku.ok_or_else(wrong)?, e.quantity));
            }
            let lines = entries.iter().map(mirrored).collect::<StoreResult<Vec<_>>>()?;
            let key = self.key("release");
            let order = books::Order {
                key: &key,
                kind: TxnKind::Release,
                effective_on: self.desk.today(),
                source: None,
                body: facts([("hold", seq.to_string()), ("decision", self.decision.to_string())]),
            };
            let mut command = self.desk.command(&self.by.actor(), order, lines)?;
            command.resolves = Some(seq);
            tasks.push(Task { command, effects: Vec::new() });
        }
        match self.decision {
            Decision::Back => {}
            Decision::Loss => tasks.extend(self.loss(tx, &pieces).await?),
            Decision::Posted => tasks.push(self.sale(tx).await?),
        }
        Ok(tasks)
    }

    /// Goods that are gone, at what they cost now.
    async fn loss(&self, tx: &mut Tx, pieces: &[(i64, i64)]) -> ServiceResult<Option<Task>> {
        let (mut lines, mut cost) = (Vec::new(), 0);
        for (sku, n) in pieces {
            let code = commodity(*sku)?;
            let row = goods::by_sku(tx, self.by.book, *sku).await?.ok_or(ServiceError::NotFound("goods"))?;
            cost += row.cost_fen * n;
            lines.push(Line::new(path(chart::stock(&self.place.code))?, code.clone(), -n));
            lines.push(Line::new(chart::loss(), code, *n));
        }
        if lines.is_empty() {
            return Ok(None);
        }
        if cost > 0 {
            let fen = Commodity::cnyfen();
            lines.push(Line::new(path(chart::stock_cost(&self.place.code))?, fen.clone(), -cost));
            lines.push(Line::new(chart::loss(), fen, cost));
        }
        let key = self.key("loss");
        let order = books::Order {
            key: &key,
            kind: TxnKind::GoodsOut,
            effective_on: self.desk.today(),
            source: Some(format!("offline:{}", self.row.round_id)),
            body: facts([("entry", self.row.number.to_string()), ("counter", self.place.code.clone())]),
        };
        let command = self.desk.command(&self.by.actor(), order, lines)?;
        Ok(Some(Task { command, effects: Vec::new() }))
    }

    /// The redemption that the household agrees to: at the device's prices, and where it has none, at today's.
    async fn sale(&self, tx: &mut Tx) -> ServiceResult<Task> {
        let known = self.row.household_id.and_then(|id| {
            let allowance = self.before.round.allowances.get(&id)?;
            Some((self.before.allowances.iter().find(|a| a.household_id == id)?, allowance))
        });
        let Some((a, allowance)) = known else {
            return Err(refuse("offline_whose").with("no", self.row.number).into());
        };
        if allowance.standing == Standing::Frozen {
            return Err(refuse("household_frozen").with("household", &a.household_no).into());
        }
        let mut signed = Entry::read(&self.row.content)
            .map_err(|e| ServiceError::Internal(format!("offline entry {}: {e}", self.row.number)))?;
        for item in &mut signed.items {
            item.price = match self.before.round.goods.get(&item.sku) {
                Some(given) => given.price,
                None => {
                    let row = goods::by_sku(tx, self.by.book, item.sku).await?;
                    row.ok_or_else(|| refuse("article_unknown").with("article", item.sku))?.price
                }
            };
        }
        signed.total = signed.worth();
        let key = self.key("sale");
        let body = facts([("entry", self.row.number.to_string()), ("total", signed.total.to_string())]);
        let selling = Selling {
            desk: self.desk,
            book: self.by.book,
            by: self.by.actor(),
            counter: self.place,
            at: self.desk.now(),
        };
        selling.task(tx, a, &signed, (key, body), None).await
    }
}

/// The decision, written with its last posting.
struct Decided {
    book: BookId,
    of: (OfflineRoundId, i64),
    by: String,
    at: Timestamp,
    decision: Decision,
}

impl Decided {
    async fn write(&self, tx: &mut WriteTx, seq: Option<i64>) -> StoreResult<()> {
        let row = DecisionRow {
            decision: Some(self.decision.to_string()),
            decided_at: Some(self.at),
            decided_by: Some(self.by.clone()),
            txn_seq: seq,
        };
        entry::decide(tx, self.book, self.of, &row).await
    }
}

impl Effect for Decided {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, Some(posted.seq)).boxed()
    }
}
