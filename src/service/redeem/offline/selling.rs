//! One sale of a device as a redemption: the device's prices, today's cost, the next receipt number.

use std::collections::BTreeMap;

use super::{card_meter, refuse, rows::Sale};
use crate::{
    domain::{
        book::{MeterUse, TxnKind},
        chart,
        ids::{BookId, OrderId},
        offline::entry::Entry,
        posting::{Commodity, Line, MAX_QUANTITY},
        time::Timestamp,
    },
    service::{
        Actor, Desk, ServiceResult,
        books::{self, path},
        goods::commodity,
        poster::Task,
        redeem::post::RECEIPT_METER,
    },
    store::{
        Tx,
        counter::CounterRow,
        day_close, goods,
        offline::{AllowanceRow, entry::EntryRow},
        redemption::RedemptionLineRow,
    },
};

/// One sale as a redemption.
pub(super) struct Selling<'a> {
    pub(super) desk: &'a Desk,
    pub(super) book: BookId,
    pub(super) by: Actor,
    pub(super) counter: &'a CounterRow,
    pub(super) at: Timestamp,
}

impl Selling<'_> {
    pub(super) async fn task(
        &self,
        tx: &mut Tx,
        a: &AllowanceRow,
        entry: &Entry,
        (key, body): (String, BTreeMap<String, String>),
        row: Option<EntryRow>,
    ) -> ServiceResult<Task> {
        let (id, desk, no): (OrderId, _, _) = (self.desk.id(), self.desk, a.household_no.as_str());
        // nothing lands in a day that was closed: it stays on the device until the next
        if day_close::one(tx, self.book, self.counter.id, self.at.day()).await?.is_some() {
            return Err(refuse("offline_day_closed").with("day", self.at.day()).into());
        }
        let lines = self.lines(tx, entry).await?;
        let cost_fen = lines.iter().map(|(l, _)| l.cost_fen).sum();
        let order = books::Order {
            key: &key,
            kind: TxnKind::Redemption,
            effective_on: desk.today(),
            source: Some(format!("order:{id}")),
            body,
        };
        let mut command = desk.command(&self.by, order, self.moves(no, &lines)?)?;
        let counted = |meter: String| MeterUse::capped(meter, entry.total, MAX_QUANTITY);
        command.meters = vec![
            counted(card_meter(no, desk.today())),
            counted(a.meter.clone()),
            MeterUse::next_number(RECEIPT_METER),
        ];
        let sale = Sale {
            book: self.book,
            id,
            counter: self.counter.id,
            household: a.household_id,
            household_no: a.household_no.clone(),
            card: a.card_id,
            cashier: self.by.to_string(),
            at: self.at,
            points: entry.total,
            cost_fen,
            lines: lines.into_iter().map(|(line, _)| line).collect(),
            entry: row,
        };
        Ok(Task { command, effects: vec![Box::new(sale)] })
    }

    /// The lines of the receipt: the device's prices, today's cost; and whether something lies on a shelf.
    async fn lines(&self, tx: &mut Tx, entry: &Entry) -> ServiceResult<Vec<(RedemptionLineRow, bool)>> {
        let mut out = Vec::with_capacity(entry.items.len());
        for (item, place) in entry.items.iter().zip(1..) {
            let row = goods::by_sku(tx, self.book, item.sku).await?;
            let row = row.ok_or_else(|| refuse("article_unknown").with("article", item.sku))?;
            let shelved = !row.is_service();
            let line = RedemptionLineRow {
                line: place,
                sku: item.sku,
                quantity: item.pieces,
                price: item.price,
                points: item.price * item.pieces,
                cost_fen: if shelved { row.cost_fen * item.pieces } else { 0 },
                name: row.name,
                unit: row.unit,
            };
            out.push((line, shelved));
        }
        Ok(out)
    }

    fn moves(&self, no: &str, lines: &[(RedemptionLineRow, bool)]) -> ServiceResult<Vec<Line>> {
        let (point, code) = (Commodity::point(), self.counter.code.as_str());
        let points: i64 = lines.iter().map(|(l, _)| l.points).sum();
        let mut out = vec![
            Line::new(path(chart::household_available(no))?, point.clone(), points),
            Line::new(path(chart::redeemed(code))?, point, -points),
        ];
        for (line, _) in lines.iter().filter(|(_, shelved)| *shelved) {
            let article = commodity(line.sku)?;
            out.push(Line::new(chart::issued(), article.clone(), line.quantity));
            out.push(Line::new(path(chart::stock(code))?, article, -line.quantity));
        }
        let cost: i64 = lines.iter().map(|(l, _)| l.cost_fen).sum();
        if cost > 0 {
            out.push(Line::new(chart::rewards(), Commodity::cnyfen(), cost));
            out.push(Line::new(path(chart::stock_cost(code))?, Commodity::cnyfen(), -cost));
        }
        Ok(out)
    }
}
