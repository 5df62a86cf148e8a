//! What both parties read after a redemption, and the register of redemptions (兑换台账).

use super::{Beside, Desk, ServiceError, ServiceResult, beside, identify::masked_head, returns::Returned};
use crate::{
    domain::{
        ids::{BookId, CounterId, HouseholdId, OrderId},
        time::{Day, Timestamp},
    },
    service::{
        Actor,
        caller::{Resident, Staff},
    },
    store::{
        Tx, counter, goods, household, login,
        redemption::{self, RedemptionRow, TotalRow},
        returns,
    },
};

/// One article on a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The article's number.
    pub sku: i64,
    /// Its name at that time.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Its unit at that time.
    pub unit: String,
    /// The same in English.
    pub unit_en: String,
    /// The maker's bar code, if it has one.
    pub barcode: Option<String>,
    /// Pieces.
    pub quantity: i64,
    /// The price of one piece at that time.
    pub price: i64,
    /// Pieces times price.
    pub points: i64,
}

/// A receipt. Points are in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedemptionReceipt {
    /// The redemption.
    pub id: OrderId,
    /// The receipt number.
    pub no: i64,
    /// Where.
    pub counter: CounterId,
    /// The counter's name.
    pub counter_name: String,
    /// The same in English.
    pub counter_name_en: String,
    /// Who took the goods.
    pub household: HouseholdId,
    /// Its number.
    pub household_no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// Who handed them over.
    pub cashier: String,
    /// When.
    pub placed_at: Timestamp,
    /// `phone`, `card`, `card_pin`, `pickup`, `witness` or `helper`.
    pub credential: String,
    /// Who stood beside.
    pub beside: Option<Beside>,
    /// The goods.
    pub lines: Vec<ReceiptLine>,
    /// Points taken.
    pub points: i64,
    /// Spendable points before.
    pub before: i64,
    /// Spendable points after.
    pub after: i64,
    /// Its place in the ledger.
    pub seq: i64,
    /// What came back of it, oldest first.
    pub returned: Vec<Returned>,
    /// Whether this is an earlier answer again: nothing was posted now.
    pub repeated: bool,
}

/// A counter's redemptions of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayList {
    /// The latest first.
    pub rows: Vec<RedemptionReceipt>,
    /// Of the whole day.
    pub total: TotalRow,
    /// What came back on that day, of whatever day.
    pub returned: TotalRow,
}

/// Redemptions on one page at most.
const PAGE_MAX: i64 = 100;

impl Desk {
    /// The receipt of a redemption, for the counter's keepers, the clerk and auditors.
    pub async fn receipt(&self, by: &Staff, id: OrderId) -> ServiceResult<RedemptionReceipt> {
        let mut tx = self.db.begin_read().await?;
        let row = redemption::by_id(&mut tx, by.book, id).await?;
        let row = row.ok_or(ServiceError::NotFound("redemption"))?;
        // who may read it is asked for over a connection of its own
        drop(tx);
        self.may_read_counter(by, row.counter_id).await?;
        let mut tx = self.db.begin_read().await?;
        self.receipt_of(&mut tx, by.book, row, false).await
    }

    /// The receipt with that number, for the counter's keepers, the clerk and auditors.
    pub async fn receipt_no(&self, by: &Staff, no: i64) -> ServiceResult<RedemptionReceipt> {
        let mut tx = self.db.begin_read().await?;
        let row = redemption::by_no(&mut tx, by.book, no).await?;
        let row = row.ok_or(ServiceError::NotFound("redemption"))?;
        // who may read it is asked for over a connection of its own
        drop(tx);
        self.may_read_counter(by, row.counter_id).await?;
        let mut tx = self.db.begin_read().await?;
        self.receipt_of(&mut tx, by.book, row, false).await
    }

    /// A household's own receipt.
    pub async fn own_receipt(&self, by: &Resident, id: OrderId) -> ServiceResult<RedemptionReceipt> {
        let mut tx = self.db.begin_read().await?;
        let row = redemption::by_id(&mut tx, by.book, id).await?;
        let row = row.filter(|r| r.household_id == by.household);
        let row = row.ok_or(ServiceError::NotFound("redemption"))?;
        self.receipt_of(&mut tx, by.book, row, false).await
    }

    /// A household's receipts numbered below `before`, the latest first.
    pub async fn own_receipts(
        &self,
        by: &Resident,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<Vec<RedemptionReceipt>> {
        let mut tx = self.db.begin_read().await?;
        let before = before.unwrap_or(i64::MAX);
        let limit = limit.clamp(1, PAGE_MAX);
        let rows = redemption::of_household(&mut tx, by.book, by.household, before, limit).await?;
        self.receipts_of(&mut tx, by.book, rows).await
    }

    /// A counter's redemptions of one day numbered below `before`, the latest first, with the day's total.
    pub async fn redemptions_of(
        &self,
        by: &Staff,
        counter: CounterId,
        day: Day,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<DayList> {
        self.may_read_counter(by, counter).await?;
        let mut tx = self.db.begin_read().await?;
        counter::by_id(&mut tx, by.book, counter).await?.ok_or(ServiceError::NotFound("counter"))?;
        let span = (day.start(), day.plus(1).start());
        let before = before.unwrap_or(i64::MAX);
        let limit = limit.clamp(1, PAGE_MAX);
        let rows = redemption::of_counter(&mut tx, by.book, counter, span, before, limit).await?;
        let total = redemption::total(&mut tx, by.book, counter, span).await?;
        let returned = returns::total(&mut tx, by.book, counter, span).await?;
        Ok(DayList { rows: self.receipts_of(&mut tx, by.book, rows).await?, total, returned })
    }

    /// The receipt of the redemption posted at `seq`.
    pub(in crate::service) async fn receipt_at(
        &self,
        book: BookId,
        seq: i64,
        repeated: bool,
    ) -> ServiceResult<RedemptionReceipt> {
        let mut tx = self.db.begin_read().await?;
        let row = redemption::by_seq(&mut tx, book, seq).await?;
        let row = row.ok_or_else(|| ServiceError::Internal(format!("no redemption at seq {seq}")))?;
        self.receipt_of(&mut tx, book, row, repeated).await
    }

    async fn receipts_of(
        &self,
        tx: &mut Tx,
        book: BookId,
        rows: Vec<RedemptionRow>,
    ) -> ServiceResult<Vec<RedemptionReceipt>> {
        let mut receipts = Vec::with_capacity(rows.len());
        for row in rows {
            receipts.push(self.receipt_of(tx, book, row, false).await?);
        }
        Ok(receipts)
    }

    /// The receipt of a row.
    pub(in crate::service) async fn receipt_of(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: RedemptionRow,
        repeated: bool,
    ) -> ServiceResult<RedemptionReceipt> {
        let gone = |what: &str| ServiceError::Internal(format!("redemption {} has no {what}", row.id));
        let place = counter::by_id(tx, book, row.counter_id).await?.ok_or_else(|| gone("counter"))?;
        let home = household::by_id(tx, book, row.household_id).await?.ok_or_else(|| gone("household"))?;
        let mut lines = Vec::new();
        for line in redemption::lines(tx, book, row.id).await? {
            let article = goods::by_sku(tx, book, line.sku).await?;
            let (name_en, unit_en, barcode) =
                article.map(|g| (g.name_en, g.unit_en, g.barcode)).unwrap_or_default();
            lines.push(ReceiptLine {
                barcode,
                sku: line.sku,
                name: line.name,
                name_en,
                unit: line.unit,
                unit_en,
                quantity: line.quantity,
                price: line.price,
                points: line.points,
            });
        }
        Ok(RedemptionReceipt {
            id: row.id,
            no: row.no,
            counter: place.id,
            counter_name: place.name,
            counter_name_en: place.name_en,
            household: home.id,
            household_no: home.no.as_str().to_owned(),
            masked_name: masked_head(tx, book, &home).await?,
            cashier: actor_name(tx, &row.cashier).await?,
            placed_at: row.placed_at,
            beside: beside::of(tx, book, row.id).await?,
            credential: row.credential,
            lines,
            points: row.points,
            before: row.available_before,
            after: row.available_after,
            seq: row.txn_seq,
            returned: self.returned(tx, book, row.id).await?,
            repeated,
        })
    }
}

/// The name shown for an actor: a user's display name, or nothing for households and jobs.
pub(in crate::service) async fn actor_name(tx: &mut Tx, actor: &str) -> ServiceResult<String> {
    let Ok(Actor::User(user)) = actor.parse() else { return Ok(String::new()) };
    Ok(login::by_id(tx, user).await?.map(|l| l.display_name).unwrap_or_default())
}
