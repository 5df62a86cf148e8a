//! Orders (预约取货): a household puts points and goods aside, and comes for them within a week. Both move in one posting
//! to where they wait, and in one posting from there: nothing is sold twice, nothing waits for ever. An order and the
//! redemption it becomes have one name.
//!
//! * [`place`] — putting aside
//! * [`collect`] — handing over, wholly or in part
//! * [`end`] — cancelling, and the clock
//! * [`view`] — what households, shopkeepers and clerks see

use super::{Desk, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        basket::Basket,
        ids::{BookId, CounterId, OrderId},
        order::OrderState,
        time::{Day, Timestamp},
    },
    store::{Tx, order, order::OrderRow},
};

mod collect;
mod end;
mod place;
mod view;

pub use collect::PickUp;
pub use view::PickUpList;

/// The meter whose value is the number of an order.
const ORDER_METER: &str = "order";

/// An order to be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Where it is to be kept.
    pub counter: CounterId,
    /// What.
    pub basket: Basket,
}

/// One article of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderItem {
    /// The article.
    pub sku: i64,
    /// Its name then.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Its unit then.
    pub unit: String,
    /// The same in English.
    pub unit_en: String,
    /// The maker's bar code, if it has one.
    pub barcode: Option<String>,
    /// Pieces.
    pub pieces: i64,
    /// The price of one piece then.
    pub price: i64,
    /// Pieces times price.
    pub points: i64,
}

/// An order. Points are in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its name.
    pub id: OrderId,
    /// Its number.
    pub no: i64,
    /// How far it is.
    pub state: OrderState,
    /// Where it is kept.
    pub counter: CounterId,
    /// The counter's name.
    pub counter_name: String,
    /// The same in English.
    pub counter_name_en: String,
    /// Whose it is.
    pub household_no: String,
    /// Its head, masked.
    pub masked_name: String,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The last day on which it is kept.
    pub kept_until: Day,
    /// What was put aside.
    pub items: Vec<OrderItem>,
    /// Points put aside.
    pub points: i64,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why, if it was cancelled.
    pub reason: Option<crate::domain::order::CancelReason>,
    /// What proves it at the counter; only for the household and the clerk, while it waits.
    pub code: Option<String>,
}

/// The state of a stored order.
fn state_of(row: &OrderRow) -> ServiceResult<OrderState> {
    let wrong = || ServiceError::Internal(format!("order {} is {}", row.no, row.state));
    row.state.parse().map_err(|_| wrong())
}

async fn row_of(tx: &mut Tx, book: BookId, id: OrderId) -> ServiceResult<OrderRow> {
    order::by_id(tx, book, id).await?.ok_or(ServiceError::NotFound("order"))
}

/// The meter of a household's orders that wait.
fn waiting_meter(household_no: &str) -> String {
    format!("orders:{household_no}")
}

fn over(row: &OrderRow, state: OrderState) -> ServiceError {
    refuse("order_ended").with("no", row.no).with("state", state).into()
}
