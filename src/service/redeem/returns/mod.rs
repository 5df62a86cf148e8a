//! Goods that come back within a day (退货), and redemptions that were typed wrongly (作废): points to the household, goods to
//! the shelf or written off, cost and quota with them, in one posting. Whoever brings goods back shows card or phone, as
//! when taking them, so that nobody returns in another's name; no piece comes back twice, and nothing of what was undone.

use super::{
    Credential, Desk, Known, ServiceError, ServiceResult, TRIES_MAX, identify::digest, refuse, visit::hex,
};
use crate::{
    domain::{
        basket::Basket,
        book::{Command, MeterUse, TxnKind},
        ids::{BookId, OrderId, ReturnId},
        posting::MAX_QUANTITY,
        returns::{RETURN_HOURS, ReturnKind, ReturnedTo, in_time},
        time::Timestamp,
    },
    service::{
        books::{self, facts},
        caller::Shopkeeper,
    },
    store::{
        Tx,
        counter::CounterRow,
        ledger::{
            lookup,
            read::{self, MeterUseRow},
        },
        redemption::{self, RedemptionRow},
        returns::{self, ReturnRow},
        shop,
    },
};

mod legs;
mod rows;

use legs::{lines, pieces};
use rows::Rows;

/// The meter whose value is the number of a return.
const RETURN_METER: &str = "return";

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsBack {
    /// What was shown: the household's phone code or card.
    pub credential: String,
    /// Articles and pieces; all that is left of it when it is void.
    pub basket: Option<Basket>,
    /// Where the goods go.
    pub goes_to: ReturnedTo,
}

/// What came back of a redemption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// Its number.
    pub no: i64,
    /// Returned or void.
    pub kind: ReturnKind,
    /// When.
    pub at: Timestamp,
    /// Points given back, in hundredths.
    pub points: i64,
    /// Its place in the ledger.
    pub seq: i64,
}

/// One article that comes back.
struct Piece {
    sku: i64,
    is_service: bool,
    pieces: i64,
    /// Of all pieces handed over.
    limit: i64,
    points: i64,
    cost_fen: i64,
    /// What a piece costs now.
    cost_now: i64,
}

/// All that a return is made of.
struct Back {
    id: ReturnId,
    kind: ReturnKind,
    goes_to: ReturnedTo,
    row: RedemptionRow,
    counter: CounterRow,
    /// Whether the goods are a private shop's.
    of_shop: bool,
    known: Known,
    pieces: Vec<Piece>,
    /// Limits that the redemption counted against, to be given back.
    counted: Vec<MeterUseRow>,
}

impl Back {
    fn points(&self) -> i64 {
        self.pieces.iter().map(|p| p.points).sum()
    }

    fn cost_fen(&self) -> i64 {
        self.pieces.iter().map(|p| p.cost_fen).sum()
    }
}

impl Desk {
    /// Takes goods back. The same `key` again gives the same answer.
    pub async fn take_back(
        &self,
        by: &Shopkeeper,
        of: OrderId,
        back: &GoodsBack,
        key: &str,
    ) -> ServiceResult<Returned> {
        self.give_back(by, of, (ReturnKind::Returned, back), key).await
    }

    /// Makes void what is left of a redemption of today: it was typed wrongly, the goods are on the shelf.
    pub async fn make_void(
        &self,
        by: &Shopkeeper,
        of: OrderId,
        credential: &str,
        key: &str,
    ) -> ServiceResult<Returned> {
        let all = GoodsBack { credential: credential.to_owned(), basket: None, goes_to: ReturnedTo::Shelf };
        self.give_back(by, of, (ReturnKind::Voided, &all), key).await
    }

    /// What came back of a redemption, oldest first.
    pub(super) async fn returned(
        &self,
        tx: &mut Tx,
        book: BookId,
        of: OrderId,
    ) -> ServiceResult<Vec<Returned>> {
        let rows = returns::of_redemption(tx, book, of).await?;
        rows.iter().map(view).collect()
    }

    async fn give_back(
        &self,
        by: &Shopkeeper,
        of: OrderId,
        what: (ReturnKind, &GoodsBack),
        key: &str,
    ) -> ServiceResult<Returned> {
        for _ in 0..TRIES_MAX {
            let mut tx = self.db.begin_read().await?;
            let found = lookup::keys(&mut tx, by.book, &[key]).await?.into_iter().next();
            if let Some(seq) = found.and_then(|row| row.seq)
                && let Some(done) = returns::by_seq(&mut tx, by.book, seq).await?
            {
                if done.redemption_id != of || done.kind != what.0.as_str() {
                    return Err(refuse("idempotency_conflict").with("fields", "redemption").into());
                }
                return view(&done);
            }
            drop(tx);
            match self.give_back_once(by, of, what, key).await {
                // what a piece costs or the household changed between our look and the posting
                Err(ServiceError::Refused(r)) if r.code == "state_changed" => {}
                other => return other,
            }
        }
        Err(refuse("state_changed").into())
    }

    async fn give_back_once(
        &self,
        by: &Shopkeeper,
        of: OrderId,
        (kind, asked): (ReturnKind, &GoodsBack),
        key: &str,
    ) -> ServiceResult<Returned> {
        let mut tx = self.db.begin_read().await?;
        let row = redemption::by_id(&mut tx, by.book, of).await?;
        let row = row.ok_or(ServiceError::NotFound("redemption"))?;
        // the counter is asked for over a connection of its own
        drop(tx);
        let counter = self.open_counter(by, Some(row.counter_id)).await?;
        let mut tx = self.db.begin_read().await?;
        if let Some(undone) = read::reversed_by(&mut tx, by.book, row.txn_seq).await? {
            return Err(refuse("already_reversed")
                .with("seq", row.txn_seq)
                .with("reversed_by", undone)
                .into());
        }
        match kind {
            ReturnKind::Returned if !in_time(row.placed_at, self.now()) => {
                return Err(refuse("return_too_late").with("hours", RETURN_HOURS).with("no", row.no).into());
            }
            ReturnKind::Voided if row.placed_at.day() != self.today() => {
                return Err(refuse("void_too_late").with("no", row.no).into());
            }
            _ => {}
        }
        let known = self.known(&mut tx, by.book, &asked.credential, None).await?;
        if known.home.id != row.household_id {
            return Err(refuse("not_their_receipt")
                .with("no", row.no)
                .with("household", &known.home.no)
                .into());
        }
        self.check_party(&mut tx, by, &known).await?;
        let pieces = pieces(&mut tx, by.book, &row, kind, asked).await?;
        let counted = counted(&mut tx, by.book, row.txn_seq).await?;
        let agreements = shop::of_counter(&mut tx, by.book, counter.id).await?;
        let of_shop = agreements.iter().any(|agreement| agreement.covers(row.placed_at.day()));
        drop(tx);
        let (id, goes_to) = (self.id(), asked.goes_to);
        let back = Back { id, kind, goes_to, row, counter, of_shop, known, pieces, counted };
        let command = self.return_command(by, &back, key, asked)?;
        let effect = Rows { book: by.book, by: by.actor().to_string(), at: self.now(), back };
        match self.posted(by.book, command, vec![Box::new(effect)]).await {
            Ok(receipt) => {
                let mut tx = self.db.begin_read().await?;
                let row = returns::by_seq(&mut tx, by.book, receipt.seq).await?;
                view(&row.ok_or_else(|| ServiceError::Internal(format!("no return at {}", receipt.seq)))?)
            }
            Err(ServiceError::Refused(r)) if r.code == "limit_exceeded" => Err(again(&r)),
            Err(other) => Err(other),
        }
    }

    fn return_command(
        &self,
        by: &Shopkeeper,
        back: &Back,
        key: &str,
        asked: &GoodsBack,
    ) -> ServiceResult<Command> {
        let (no, counter) = (back.known.home.no.as_str(), back.counter.code.as_str());
        let said = back.pieces.iter().map(|p| format!("{}x{}", p.sku, p.pieces)).collect::<Vec<_>>();
        let order = books::Order {
            key,
            kind: TxnKind::GoodsReturn,
            effective_on: self.today(),
            source: Some(format!("return:{}", back.id)),
            body: facts([
                ("receipt", back.row.no.to_string()),
                ("kind", back.kind.to_string()),
                ("goes_to", back.goes_to.to_string()),
                ("credential", hex(&digest(&asked.credential))),
                ("basket", said.join(" ")),
            ]),
        };
        let mut command = self.command(&by.actor(), order, lines(back, no, counter)?)?;
        if let Credential::Phone { digest, .. } = &back.known.credential {
            command.meters.push(MeterUse::once(&format!("code:{}", hex(digest))));
        }
        for piece in &back.pieces {
            // no piece comes back twice
            let meter = format!("returned:{}:{}", back.row.no, piece.sku);
            command.meters.push(MeterUse::capped(meter, piece.pieces, piece.limit));
        }
        let given_back = back.counted.iter().filter_map(|used| {
            let amount = match used.meter.split(':').collect::<Vec<_>>().as_slice() {
                ["card" | "witness" | "helper", ..] => back.points(),
                ["quota", _, sku, ..] => back.pieces.iter().find(|p| p.sku.to_string() == *sku)?.pieces,
                _ => return None,
            };
            Some(MeterUse::capped(used.meter.clone(), -amount, MAX_QUANTITY))
        });
        command.meters.extend(given_back);
        command.meters.push(MeterUse::next_number(RETURN_METER));
        Ok(command)
    }
}

/// The limits a redemption counted against; of what was put aside first, those of the order.
async fn counted(tx: &mut Tx, book: BookId, seq: i64) -> ServiceResult<Vec<MeterUseRow>> {
    let txn = read::txn(tx, book, seq).await?.ok_or(ServiceError::NotFound("transaction"))?;
    let from = txn.resolves_seq.unwrap_or(seq);
    let used = read::meter_uses(tx, book, from - 1, from).await?;
    Ok(used.into_iter().filter(|u| u.ceiling.is_some() && u.amount > 0).collect())
}

/// What was counted twice: the code shown, or a piece.
fn again(refusal: &crate::service::Refusal) -> ServiceError {
    let meter = refusal.facts.get("meter").cloned().unwrap_or_default();
    if meter.starts_with("once:code:") {
        return refuse("phone_code_used").with("receipt", "").into();
    }
    // somebody took a piece back meanwhile: look again, to say how many are left
    refuse("state_changed").into()
}

fn view(row: &ReturnRow) -> ServiceResult<Returned> {
    let kind =
        row.kind.parse().map_err(|_| ServiceError::Internal(format!("return {} is {}", row.no, row.kind)))?;
    Ok(Returned { no: row.no, kind, at: row.placed_at, points: row.points, seq: row.txn_seq })
}
