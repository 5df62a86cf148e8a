//! Handing over what was put aside: wholly, or what of it is wanted; the rest goes back in the same posting. Who comes
//! shows the order's code, or the household's phone code or card. The receipt has the prices of the day of the order and
//! the next number of the register.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};
use subtle::ConstantTimeEq;

use super::{Desk, ServiceError, ServiceResult, end::Ended, over, refuse, row_of, state_of, waiting_meter};
use crate::{
    domain::{
        basket::Basket,
        book::{Command, MeterUse, Posted, TxnKind},
        chart,
        code::{Scanned, classify},
        ids::{BookId, CardId, OrderId},
        order::{InvalidShare, OrderState, OrderStep, Ordered, Share, read_pickup_code, share},
        posting::{Commodity, Line, MAX_QUANTITY},
        time::Timestamp,
    },
    service::{
        Effect,
        books::{self, facts, path},
        caller::Shopkeeper,
        goods::commodity,
        market, recusal,
        redeem::{
            Credential, RedemptionReceipt, TRIES_MAX, card_of, closed, identify::digest, post::RECEIPT_METER,
            visit::hex,
        },
        throttle::Subject,
    },
    store::{
        StoreError, StoreResult, Tx, WriteTx, as_of,
        counter::CounterRow,
        goods, household,
        household::Household,
        ledger::read,
        order::{self, OrderLineRow, OrderRow},
        redemption::{self, RedemptionLineRow, RedemptionRow},
    },
};

/// Wrong pick-up codes at one counter before each further one has to wait.
const CODE_TRIES_FREE: i64 = 5;

/// What is collected, and what was shown for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickUp {
    /// The code of the order, or the household's phone code or card.
    pub credential: String,
    /// What of it is handed over; all of it when left out.
    pub basket: Option<Basket>,
}

/// How the one who came was known.
struct Shown {
    credential: &'static str,
    card: Option<CardId>,
    code_digest: Option<Vec<u8>>,
}

/// All that a pick-up is made of.
struct Handed {
    row: OrderRow,
    lines: Vec<OrderLineRow>,
    shares: Vec<Share>,
    home: Household,
    counter: CounterRow,
    shown: Shown,
    /// What the pieces handed over cost now, by article, in fen.
    costs: BTreeMap<i64, i64>,
}

impl Handed {
    fn points(&self) -> i64 {
        self.shares.iter().map(|s| s.points).sum()
    }

    fn cost_fen(&self) -> i64 {
        self.costs.values().sum()
    }

    fn taken(&self) -> impl Iterator<Item = (&OrderLineRow, &Share)> {
        self.lines.iter().zip(&self.shares)
    }
}

impl Desk {
    /// Hands over an order. The same `key` again gives the same receipt.
    pub async fn collect_order(
        &self,
        by: &Shopkeeper,
        id: OrderId,
        pick_up: &PickUp,
        key: &str,
    ) -> ServiceResult<RedemptionReceipt> {
        for _ in 0..TRIES_MAX {
            let mut tx = self.db.begin_read().await?;
            if let Some(done) = redemption::by_key(&mut tx, by.book, key).await? {
                if done.id != id {
                    return Err(refuse("idempotency_conflict").with("fields", "order").into());
                }
                return self.receipt_of(&mut tx, by.book, done, true).await;
            }
            drop(tx);
            match self.collect_once(by, id, pick_up, key).await {
                // what a piece costs, a card or a counter changed between our look and the posting
                Err(ServiceError::Refused(r)) if r.code == "state_changed" => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    async fn collect_once(
        &self,
        by: &Shopkeeper,
        id: OrderId,
        pick_up: &PickUp,
        key: &str,
    ) -> ServiceResult<RedemptionReceipt> {
        let mut tx = self.db.begin_read().await?;
        let row = row_of(&mut tx, by.book, id).await?;
        // what follows asks for a connection of its own
        drop(tx);
        let counter = self.counter_at(by, Some(row.counter_id)).await?;
        let state = state_of(&row)?;
        state.after(OrderStep::Collect).map_err(|o| over(&row, o.0))?;
        if !counter.is_open() {
            return Err(closed(&counter));
        }
        // its days are over though the clock gave nothing back yet
        if row.kept_until < self.today() {
            return Err(refuse("order_over").with("no", row.no).with("until", row.kept_until).into());
        }
        let shown = self.shown(by, &row, pick_up).await?;
        let mut tx = self.db.begin_read().await?;
        market::check_open_today(&mut tx, by.book, &counter, self.now()).await?;
        let home = household::by_id(&mut tx, by.book, row.household_id).await?;
        let home = home.ok_or(ServiceError::NotFound("household"))?;
        if !home.state()?.may_redeem() {
            return Err(refuse("household_frozen").with("household", &home.no).into());
        }
        recusal::check(&mut tx, by, home.id, self.today()).await?;
        let lines = order::lines(&mut tx, by.book, row.id).await?;
        let shares = shares(&lines, pick_up.basket.as_ref())?;
        let costs = costs(&mut tx, by.book, &lines, &shares).await?;
        drop(tx);
        let handed = Handed { row, lines, shares, home, counter, shown, costs };
        let command = self.capture_command(by, &handed, key, pick_up)?;
        let effect = Rows { book: by.book, by: by.actor().to_string(), at: self.now(), handed };
        match self.posted(by.book, command, vec![Box::new(effect)]).await {
            Ok(receipt) => self.receipt_at(by.book, receipt.seq, receipt.replayed()).await,
            Err(ServiceError::Refused(r)) if r.code == "already_resolved" => {
                Err(refuse("state_changed").into())
            }
            Err(ServiceError::Refused(r)) if r.code == "limit_exceeded" => {
                let mut tx = self.db.begin_read().await?;
                let first = redemption::by_code(&mut tx, by.book, &digest(&pick_up.credential)).await?;
                let no = first.map(|r| r.no.to_string()).unwrap_or_default();
                Err(refuse("phone_code_used").with("receipt", no).into())
            }
            Err(other) => Err(other),
        }
    }

    /// Whether what was shown is this order's code, or its household's phone code or card.
    async fn shown(&self, by: &Shopkeeper, row: &OrderRow, pick_up: &PickUp) -> ServiceResult<Shown> {
        if let Some((no, proof)) = read_pickup_code(&pick_up.credential)
            && !matches!(
                classify(&pick_up.credential),
                Scanned::PhoneCode(_) | Scanned::CardQr(_) | Scanned::CardNumber(_)
            )
        {
            let guessed = [Subject::new(&["pickup", &by.user.to_string()], CODE_TRIES_FREE)];
            self.charge_try(&guessed).await?;
            let right = self.pickup_proof(by.book, row.id);
            let same: bool = right.as_bytes().ct_eq(proof.as_bytes()).into();
            if no != row.no || !same {
                return Err(refuse("pickup_code_wrong").with("no", row.no).into());
            }
            self.forget_tries(&guessed).await?;
            return Ok(Shown { credential: "pickup", card: None, code_digest: None });
        }
        let mut tx = self.db.begin_read().await?;
        let known = self.known(&mut tx, by.book, &pick_up.credential, None).await?;
        if known.home.id != row.household_id {
            return Err(refuse("not_their_order")
                .with("no", row.no)
                .with("household", &known.home.no)
                .into());
        }
        Ok(match &known.credential {
            Credential::Phone { .. } => {
                Shown { credential: "phone", card: None, code_digest: Some(digest(&pick_up.credential)) }
            }
            // a number alone is not taken here
            Credential::Card { .. } | Credential::Number => {
                Shown { credential: "card", card: card_of(&known.credential), code_digest: None }
            }
        })
    }

    fn capture_command(
        &self,
        by: &Shopkeeper,
        handed: &Handed,
        key: &str,
        pick_up: &PickUp,
    ) -> ServiceResult<Command> {
        let (no, counter) = (handed.home.no.as_str(), handed.counter.code.as_str());
        let (held, taken, point) = (handed.row.points, handed.points(), Commodity::point());
        let mut lines = vec![Line::new(path(chart::household_held(no))?, point.clone(), held)];
        let mut add = |account, commodity: &Commodity, quantity: i64| {
            if quantity != 0 {
                lines.push(Line::new(account, commodity.clone(), quantity));
            }
        };
        add(path(chart::redeemed(counter))?, &point, -taken);
        add(path(chart::household_available(no))?, &point, taken - held);
        for (line, share) in handed.taken().filter(|(line, _)| !line.is_service) {
            let code = commodity(line.sku)?;
            add(path(chart::reserved(counter))?, &code, -line.quantity);
            add(chart::issued(), &code, share.taken);
            add(path(chart::stock(counter))?, &code, share.back);
        }
        add(chart::rewards(), &Commodity::cnyfen(), handed.cost_fen());
        add(path(chart::stock_cost(counter))?, &Commodity::cnyfen(), -handed.cost_fen());
        let taken = handed.shares.iter().filter(|s| s.taken > 0).map(|s| format!("{}x{}", s.sku, s.taken));
        let order = books::Order {
            key,
            kind: TxnKind::Capture,
            effective_on: self.today(),
            source: Some(format!("order:{}", handed.row.id)),
            body: facts([
                ("hold", handed.row.hold_seq.to_string()),
                ("credential", hex(&digest(&pick_up.credential))),
                ("basket", taken.collect::<Vec<_>>().join(" ")),
            ]),
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.resolves = Some(handed.row.hold_seq);
        let used = handed.shown.code_digest.as_ref();
        command.meters.extend(used.map(|digest| MeterUse::once(&format!("code:{}", hex(digest)))));
        let given_back = |meter: String, pieces: i64| MeterUse::capped(meter, -pieces, MAX_QUANTITY);
        let quotas = handed.taken().filter(|(_, share)| share.back > 0);
        let quotas = quotas.filter_map(|(line, share)| Some((line.quota_meter.clone()?, share.back)));
        command.meters.extend(quotas.map(|(meter, back)| given_back(meter, back)));
        command.meters.push(given_back(waiting_meter(no), 1));
        command.meters.push(MeterUse::next_number(RECEIPT_METER));
        Ok(command)
    }
}

/// What is handed over and what goes back; something must be handed over.
fn shares(lines: &[OrderLineRow], wanted: Option<&Basket>) -> ServiceResult<Vec<Share>> {
    let ordered: Vec<Ordered> =
        lines.iter().map(|l| Ordered { sku: l.sku, pieces: l.quantity, price: l.price }).collect();
    let all = || Basket::new(lines.iter().map(|l| (l.sku, l.quantity)));
    let wanted = match wanted {
        Some(wanted) => wanted.clone(),
        None => all().map_err(|e| ServiceError::Internal(format!("an order that is no basket: {e}")))?,
    };
    share(&ordered, &wanted).map_err(|InvalidShare::TooMany { sku, asked, aside }| {
        let article = lines.iter().find(|l| l.sku == sku).map_or_else(|| sku.to_string(), |l| l.name.clone());
        refuse("order_has_less")
            .with("article", article)
            .with("needed", asked)
            .with("available", aside)
            .into()
    })
}

/// What the pieces handed over cost now.
async fn costs(
    tx: &mut Tx,
    book: BookId,
    lines: &[OrderLineRow],
    shares: &[Share],
) -> ServiceResult<BTreeMap<i64, i64>> {
    let mut out = BTreeMap::new();
    for (line, share) in lines.iter().zip(shares).filter(|(line, share)| !line.is_service && share.taken > 0)
    {
        let row = goods::by_sku(tx, book, line.sku).await?.ok_or(ServiceError::NotFound("goods"))?;
        out.insert(line.sku, row.cost_fen * share.taken);
    }
    Ok(out)
}

/// The redemption, its lines and the end of the order, written with the posting.
struct Rows {
    book: BookId,
    by: String,
    at: Timestamp,
    handed: Handed,
}

impl Rows {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        let (book, handed) = (self.book, &self.handed);
        redemption::guard(tx, book, handed.home.id, handed.counter.id, handed.shown.card).await?;
        let available = self.available_after(tx, posted).await?;
        let missing = || StoreError::inconsistent("redemption", "no", handed.row.id.to_string());
        let number = posted.meters.iter().find(|m| m.meter == RECEIPT_METER).ok_or_else(missing)?;
        let row = RedemptionRow {
            id: handed.row.id,
            no: number.used_after,
            counter_id: handed.counter.id,
            household_id: handed.home.id,
            credential: handed.shown.credential.to_owned(),
            card_id: handed.shown.card,
            code_digest: handed.shown.code_digest.clone(),
            cashier: self.by.clone(),
            placed_at: self.at,
            points: handed.points(),
            cost_fen: handed.cost_fen(),
            available_before: available + handed.points(),
            available_after: available,
            txn_seq: posted.seq,
        };
        redemption::add(tx, book, &row).await?;
        for ((line, share), place) in handed.taken().filter(|(_, share)| share.taken > 0).zip(1..) {
            let line = RedemptionLineRow {
                line: place,
                sku: line.sku,
                name: line.name.clone(),
                unit: line.unit.clone(),
                quantity: share.taken,
                price: line.price,
                points: share.points,
                cost_fen: handed.costs.get(&line.sku).copied().unwrap_or(0),
            };
            redemption::add_line(tx, book, handed.row.id, &line).await?;
        }
        let ended = Ended {
            book,
            hold: handed.row.hold_seq,
            state: OrderState::Collected,
            at: self.at,
            by: self.by.clone(),
            reason: None,
        };
        ended.write(tx).await
    }

    /// What the household has with this posting; one that is collected wholly does not move it.
    async fn available_after(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<i64> {
        let path = format!("Liabilities:Households:{}:Available", self.handed.home.no);
        if let Some(entry) = posted.entries.iter().find(|e| e.path.as_str() == path) {
            return Ok(-entry.balance_after);
        }
        let accounts = read::accounts_of(tx, self.book, &path).await?;
        let Some(account) = accounts.into_iter().find(|a| a.commodity == Commodity::POINT) else {
            return Ok(0);
        };
        let version = as_of::version_at(tx, self.book, account.account_id, posted.seq).await?;
        Ok(-as_of::balance_at(tx, self.book, account.account_id, version).await?)
    }
}

impl Effect for Rows {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
