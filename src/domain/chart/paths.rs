//! The paths of the chart, one function a row. Holds no meaning: see [`super::AccountKind`].

use crate::domain::posting::{InvalidPath, Path};

macro_rules! accounts {
    ($($(#[$doc:meta])* $name:ident($part:ident) = $before:literal $($after:literal)?;)+) => {$(
        $(#[$doc])*
        pub fn $name($part: &str) -> Result<Path, InvalidPath> {
            named($before, $part, concat!($($after)?))
        }
    )+};
}

accounts! {
    /// The budget of a fund.
    budget(fund) = "Equity:Budget:";
    /// The contra of a fund's budget.
    authorised(fund) = "Equity:Authorised:";
    /// A household's spendable points.
    household_available(no) = "Liabilities:Households:" ":Available";
    /// A household's points reserved by open orders.
    household_held(no) = "Liabilities:Households:" ":Held";
    /// What a household owes after a reversal.
    household_arrears(no) = "Liabilities:Households:" ":Arrears";
    /// A household's reputation score.
    household_honor(no) = "Liabilities:Households:" ":Honor";
    /// A person's saved minutes.
    person_time(no) = "Liabilities:Persons:" ":Time";
    /// Points taken at a counter.
    redeemed(counter) = "Income:Redeemed:";
    /// A person's minutes put aside.
    person_time_held(no) = "Liabilities:Persons:" ":TimeHeld";
    /// A counter's shelf.
    stock(counter) = "Assets:Stock:";
    /// What a counter put aside for open orders.
    reserved(counter) = "Assets:Reserved:";
    /// Goods received from a fund.
    received(fund) = "Equity:Received:";
    /// The money of a fund.
    fund(fund) = "Assets:Fund:";
    /// A counter's goods at cost.
    stock_cost(counter) = "Assets:StockCost:";
    /// What is owed to a private shop.
    merchant(shop) = "Liabilities:Merchants:";
    /// What a donor gave.
    donations(donor) = "Income:Donations:";
    /// What a source of money gave that is no gift.
    granted(fund) = "Income:Granted:";
    /// What stands open with another village.
    clearing(book) = "Liabilities:Clearing:";
}

/// One component may not smuggle in another level.
fn named(before: &str, part: &str, after: &str) -> Result<Path, InvalidPath> {
    let text = format!("{before}{part}{after}");
    if part.contains(':') { Err(InvalidPath(text)) } else { text.parse() }
}

/// Minutes issued by service.
#[must_use]
pub fn time_service() -> Path {
    Path::constant("Equity:Time:Service")
}

/// The public pool of minutes.
#[must_use]
pub fn time_pool() -> Path {
    Path::constant("Equity:Time:Pool")
}

/// Minutes that the fund put into the pool.
#[must_use]
pub fn time_issued() -> Path {
    Path::constant("Equity:Time:Issued")
}

/// Minutes of the pool put aside.
#[must_use]
pub fn time_held() -> Path {
    Path::constant("Equity:Time:Held")
}

/// Minutes earned beyond the cap, kept for honour only.
#[must_use]
pub fn time_honor() -> Path {
    Path::constant("Equity:Time:Honor")
}

/// What lapsed.
#[must_use]
pub fn expired() -> Path {
    Path::constant("Equity:Expired")
}

/// The contra of the reputation scores.
#[must_use]
pub fn honor_source() -> Path {
    Path::constant("Equity:Honor")
}

/// Goods handed over.
#[must_use]
pub fn issued() -> Path {
    Path::constant("Expenses:Issued")
}

/// Goods written off.
#[must_use]
pub fn loss() -> Path {
    Path::constant("Expenses:Loss")
}

/// What rounding the average cost left over.
#[must_use]
pub fn cost_difference() -> Path {
    Path::constant("Expenses:CostDifference")
}

/// Money spent on rewards.
#[must_use]
pub fn rewards() -> Path {
    Path::constant("Expenses:Rewards")
}
