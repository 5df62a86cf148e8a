//! The one posting of a redemption, points and goods and cost together, and the rows that go with it.

use futures_util::future::BoxFuture;

use super::{
    Credential, Desk, Known, RedemptionReceipt, Shopkeeper,
    bystander::Stood,
    card_meter, card_of,
    price::{Priced, PricedLine},
    prior::Asked,
    visit::hex,
};
use crate::{
    domain::{
        book::{Command, MeterUse, Posted, TxnKind},
        bystander::Part,
        chart,
        ids::{AlertId, BookId, CardId, CounterId, HouseholdId, OrderId},
        posting::{Commodity, Line},
        ruleset::CounterTerms,
        time::Timestamp,
    },
    service::{
        ServiceResult,
        books::{self, path},
        goods::commodity,
        poster::Effect,
        refuse,
    },
    store::{
        StoreError, StoreResult, WriteTx,
        counter::CounterRow,
        redemption::{self, RedemptionLineRow, RedemptionRow},
    },
};

/// The meter whose value is the receipt number.
pub(super) const RECEIPT_METER: &str = "receipt";

/// All that a redemption is made of.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) by: &'a Shopkeeper,
    pub(super) counter: &'a CounterRow,
    pub(super) known: &'a Known,
    pub(super) priced: &'a Priced,
    pub(super) with_pin: bool,
    pub(super) terms: CounterTerms,
    pub(super) stood: &'a Stood,
}

impl Desk {
    /// Posts it and returns the receipt; what the ledger refuses comes back in plain words.
    pub(super) async fn post_redemption(
        &self,
        order: Order<'_>,
        asked: &Asked,
    ) -> ServiceResult<RedemptionReceipt> {
        let (id, at): (OrderId, Timestamp) = (self.id(), self.now());
        // the day turned since the shop's terms were looked up
        if order.priced.shop_on.is_some_and(|day| day != at.day()) {
            return Err(refuse("state_changed").into());
        }
        let command = self.redemption_command(order, asked, id)?;
        let effect = Rows::of(order, id, (at, self.id()));
        let book = order.by.book;
        match self.posted(book, command, vec![Box::new(effect)]).await {
            Ok(receipt) => self.receipt_at(book, receipt.seq, receipt.replayed()).await,
            Err(refusal) => self.explain(refusal, book, asked, Some(order.known)).await,
        }
    }

    fn redemption_command(&self, order: Order<'_>, asked: &Asked, id: OrderId) -> ServiceResult<Command> {
        let Order { by, counter, known, priced, terms, stood, .. } = order;
        let today = self.today();
        let no = known.home.no.as_str();
        let point = Commodity::point();
        let mut lines = vec![
            Line::new(path(chart::household_available(no))?, point.clone(), priced.points),
            Line::new(path(chart::redeemed(&counter.code))?, point, -priced.points),
        ];
        let shelf = path(chart::stock(&counter.code))?;
        let of_shop = priced.shop_on.is_some();
        // at a private shop the goods are its own: no shelf of the village, and what they come to is owed
        for line in priced.lines.iter().filter(|l| !of_shop && !l.row.is_service()) {
            let code = commodity(line.row.sku)?;
            lines.push(Line::new(chart::issued(), code.clone(), line.pieces));
            lines.push(Line::new(shelf.clone(), code, -line.pieces));
        }
        if priced.cost_fen > 0 {
            lines.push(Line::new(chart::rewards(), Commodity::cnyfen(), priced.cost_fen));
            let from =
                if of_shop { chart::merchant(&counter.code) } else { chart::stock_cost(&counter.code) };
            lines.push(Line::new(path(from)?, Commodity::cnyfen(), -priced.cost_fen));
        }
        let mut body = asked.body.clone();
        body.extend(stood.derived().into_iter().map(|(name, value)| (name.to_owned(), value)));
        let order = books::Order {
            key: &asked.key,
            kind: TxnKind::Redemption,
            effective_on: today,
            source: Some(format!("order:{id}")),
            body,
        };
        let mut command = self.command(&by.actor(), order, lines)?;
        command.meters = match &known.credential {
            Credential::Phone { digest, .. } => vec![MeterUse::once(&format!("code:{}", hex(digest)))],
            Credential::Card { .. } => {
                vec![MeterUse::capped(card_meter(no, today), priced.points, terms.card_day_max)]
            }
            Credential::Number => Vec::new(),
        };
        command.meters.extend(stood.meters(known, today, priced.points));
        let quotas = priced.lines.iter().filter_map(|line| Some((line.quota(no, today)?, line.pieces)));
        command.meters.extend(quotas.map(|((meter, limit), pieces)| MeterUse::capped(meter, pieces, limit)));
        command.meters.push(MeterUse::next_number(RECEIPT_METER));
        Ok(command)
    }
}

/// The redemption and its lines, written with the posting.
struct Rows {
    book: BookId,
    id: OrderId,
    counter: CounterId,
    household: HouseholdId,
    account: String,
    credential: &'static str,
    card: Option<CardId>,
    code_digest: Option<Vec<u8>>,
    cashier: String,
    placed_at: Timestamp,
    points: i64,
    cost_fen: i64,
    lines: Vec<RedemptionLineRow>,
    stood: Stood,
    alert: AlertId,
}

impl Rows {
    fn of(order: Order<'_>, id: OrderId, (placed_at, alert): (Timestamp, AlertId)) -> Self {
        let Order { by, counter, known, priced, with_pin, stood, .. } = order;
        let (credential, code_digest) = match &known.credential {
            Credential::Phone { digest, .. } => ("phone", Some(digest.clone())),
            Credential::Card { .. } if with_pin => ("card_pin", None),
            Credential::Card { .. } => ("card", None),
            Credential::Number if stood.part == Some(Part::Helper) => ("helper", None),
            Credential::Number => ("witness", None),
        };
        Self {
            book: by.book,
            id,
            counter: counter.id,
            household: known.home.id,
            account: format!("Liabilities:Households:{}:Available", known.home.no),
            credential,
            card: card_of(&known.credential),
            code_digest,
            cashier: by.actor().to_string(),
            placed_at,
            points: priced.points,
            cost_fen: priced.cost_fen,
            lines: priced.lines.iter().zip(1..).map(|(line, place)| line_row(line, place)).collect(),
            stood: stood.clone(),
            alert,
        }
    }

    fn row(&self, posted: &Posted) -> StoreResult<RedemptionRow> {
        let missing = |column| StoreError::inconsistent("redemption", column, self.id.to_string());
        let taken = posted.entries.iter().find(|e| e.path.as_str() == self.account);
        let taken = taken.ok_or_else(|| missing("available_after"))?;
        let number = posted.meters.iter().find(|m| m.meter == RECEIPT_METER);
        Ok(RedemptionRow {
            id: self.id,
            no: number.ok_or_else(|| missing("no"))?.used_after,
            counter_id: self.counter,
            household_id: self.household,
            credential: self.credential.to_owned(),
            card_id: self.card,
            code_digest: self.code_digest.clone(),
            cashier: self.cashier.clone(),
            placed_at: self.placed_at,
            points: self.points,
            cost_fen: self.cost_fen,
            // a credit balance is what the household has
            available_before: taken.quantity - taken.balance_after,
            available_after: -taken.balance_after,
            txn_seq: posted.seq,
        })
    }
}

impl Effect for Rows {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(async move {
            redemption::guard(tx, self.book, self.household, self.counter, self.card).await?;
            redemption::add(tx, self.book, &self.row(posted)?).await?;
            for line in &self.lines {
                redemption::add_line(tx, self.book, self.id, line).await?;
            }
            let what = (self.id, self.household, self.counter);
            self.stood.write(tx, self.book, what, (self.placed_at, self.alert)).await
        })
    }
}

fn line_row(line: &PricedLine, place: i32) -> RedemptionLineRow {
    RedemptionLineRow {
        line: place,
        sku: line.row.sku,
        name: line.row.name.clone(),
        unit: line.row.unit.clone(),
        quantity: line.pieces,
        price: line.row.price,
        points: line.points,
        cost_fen: line.cost_fen,
    }
}
