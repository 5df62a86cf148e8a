//! What households, shopkeepers and clerks see of orders. The code that proves an order is shown to the household and to
//! the clerk who placed it for one, never to who hands over: it shows that the household was there.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Desk, Order, OrderItem, ServiceError, ServiceResult, row_of, state_of};
use crate::{
    domain::{
        ids::{BookId, CounterId, HouseholdId, OrderId},
        order::{OrderState, PICKUP_PROOF_DIGITS, pickup_code},
    },
    service::{
        caller::{Clerk, Resident, Role, Staff},
        redeem::masked_head,
    },
    store::{
        Tx, counter, goods, household,
        order::{self, OrderRow},
    },
};

/// What the digits that prove an order are made of.
const LABEL: &[u8] = b"greencoin pick-up v1";
/// Orders on one page at most.
const PAGE_MAX: i64 = 100;

/// What waits at a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickUpList {
    /// The orders, in the order in which they were placed.
    pub orders: Vec<Order>,
    /// What to lay out: each article with its pieces over all orders that wait.
    pub aside: Vec<(OrderItem, i64)>,
}

impl Desk {
    /// The signed-in household's orders, the latest first.
    pub async fn own_orders(
        &self,
        by: &Resident,
        before: Option<i64>,
        limit: i64,
    ) -> ServiceResult<Vec<Order>> {
        let mut tx = self.db.begin_read().await?;
        let before = before.unwrap_or(i64::MAX);
        let rows =
            order::of_household(&mut tx, by.book, by.household, before, limit.clamp(1, PAGE_MAX)).await?;
        self.order_views(&mut tx, by.book, rows, true).await
    }

    /// A household's orders, for the clerk who places them for it.
    pub async fn orders_of(&self, by: &Clerk, household: HouseholdId) -> ServiceResult<Vec<Order>> {
        let mut tx = self.db.begin_read().await?;
        household::by_id(&mut tx, by.book, household).await?.ok_or(ServiceError::NotFound("household"))?;
        let rows = order::of_household(&mut tx, by.book, household, i64::MAX, PAGE_MAX).await?;
        self.order_views(&mut tx, by.book, rows, true).await
    }

    /// What waits at a counter, numbered above `after`: for its keepers, the clerk and auditors.
    pub async fn pick_up_list(&self, by: &Staff, at: CounterId, after: i64) -> ServiceResult<PickUpList> {
        self.may_read_counter(by, at).await?;
        let mut tx = self.db.begin_read().await?;
        counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let rows = order::waiting(&mut tx, by.book, at, after, PAGE_MAX).await?;
        let orders = self.order_views(&mut tx, by.book, rows, false).await?;
        let mut aside = Vec::new();
        for (sku, pieces) in order::aside(&mut tx, by.book, at).await? {
            let row = goods::by_sku(&mut tx, by.book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
            let item = OrderItem {
                sku,
                name: row.name,
                name_en: row.name_en,
                unit: row.unit,
                unit_en: row.unit_en,
                barcode: row.barcode,
                pieces,
                price: row.price,
                points: 0,
            };
            aside.push((item, pieces));
        }
        Ok(PickUpList { orders, aside })
    }

    /// One order: for the keepers of its counter, the clerk and auditors.
    pub async fn order(&self, by: &Staff, id: OrderId) -> ServiceResult<Order> {
        let mut tx = self.db.begin_read().await?;
        let row = row_of(&mut tx, by.book, id).await?;
        drop(tx);
        self.may_read_counter(by, row.counter_id).await?;
        let mut tx = self.db.begin_read().await?;
        self.order_view(&mut tx, by.book, row, by.holds(Role::Clerk)).await
    }

    async fn order_views(
        &self,
        tx: &mut Tx,
        book: BookId,
        rows: Vec<OrderRow>,
        with_code: bool,
    ) -> ServiceResult<Vec<Order>> {
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            out.push(self.order_view(tx, book, row, with_code).await?);
        }
        Ok(out)
    }

    pub(super) async fn order_view(
        &self,
        tx: &mut Tx,
        book: BookId,
        row: OrderRow,
        with_code: bool,
    ) -> ServiceResult<Order> {
        let gone = |what: &str| ServiceError::Internal(format!("order {} has no {what}", row.id));
        let place = counter::by_id(tx, book, row.counter_id).await?.ok_or_else(|| gone("counter"))?;
        let home = household::by_id(tx, book, row.household_id).await?.ok_or_else(|| gone("household"))?;
        let mut items = Vec::new();
        for line in order::lines(tx, book, row.id).await? {
            let article = goods::by_sku(tx, book, line.sku).await?;
            let (name_en, unit_en, barcode) =
                article.map(|g| (g.name_en, g.unit_en, g.barcode)).unwrap_or_default();
            items.push(OrderItem {
                barcode,
                sku: line.sku,
                name: line.name,
                name_en,
                unit: line.unit,
                unit_en,
                pieces: line.quantity,
                price: line.price,
                points: line.points,
            });
        }
        let state = state_of(&row)?;
        let shown = with_code && state == OrderState::Waiting;
        Ok(Order {
            id: row.id,
            no: row.no,
            state,
            counter: place.id,
            counter_name: place.name,
            counter_name_en: place.name_en,
            household_no: home.no.as_str().to_owned(),
            masked_name: masked_head(tx, book, &home).await?,
            placed_at: row.placed_at,
            kept_until: row.kept_until,
            items,
            points: row.points,
            ended_at: row.ended_at,
            reason: row.reason.and_then(|reason| reason.parse().ok()),
            code: shown.then(|| pickup_code(row.no, &self.pickup_proof(book, row.id))),
        })
    }

    /// The digits that prove an order: from its name and the installation's key, so that nothing of them is stored.
    pub(super) fn pickup_proof(&self, book: BookId, id: OrderId) -> String {
        // HMAC takes keys of any length
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.keys.phone_code()) else {
            return String::new();
        };
        for part in [LABEL, book.0.as_bytes(), id.0.as_bytes()] {
            mac.update(part);
        }
        let bytes = mac.finalize().into_bytes();
        let number = bytes.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let digits = number.to_string();
        let wide = format!("{digits:0>20}");
        wide.chars().rev().take(PICKUP_PROOF_DIGITS).collect()
    }
}
