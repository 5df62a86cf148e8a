//! Consecutive numbers of a book's papers. Taking one locks that series until the transaction ends, so it is also
//! the lock under which caps and ceilings are counted: the first statement of a use case that reads before it writes.

use super::{StoreResult, Tx, WriteTx, on};
use crate::domain::ids::BookId;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// The next number of a series, and its lock.
        NEXT = "INSERT INTO serial AS s (book_id, name, last) VALUES ($1, $2, $3) \
            ON CONFLICT (book_id, name) DO UPDATE SET last = s.last + excluded.last RETURNING last";
        /// The last number of a series taken so far.
        LAST = "SELECT last FROM serial WHERE book_id = $1 AND name = $2";
    }
}

/// The series of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Awards, and with them caps, quotas and ceilings.
    Award,
    /// Notice sheets.
    Notice,
    /// Objections.
    Objection,
    /// Appeals to the township.
    Appeal,
    /// Helpers of households.
    Helper,
    /// Bodies that the villagers named.
    Body,
    /// Sittings of the panel.
    Sitting,
    /// Claims of residents.
    Claim,
    /// Inspection rounds.
    Inspection,
    /// Matters that were reported.
    Matter,
    /// Orders of the time bank, and with them who serves when.
    TimeOrder,
    /// Volunteers.
    TimeVolunteer,
    /// Policies of the time bank.
    TimePolicy,
    /// Gifts of minutes.
    TimeGift,
    /// Inheritances of minutes.
    TimeEstate,
    /// Statements of what is open between villages: only their lock.
    TimeClearing,
    /// Proposals of rule sets and compacts.
    Proposal,
    /// Reminders.
    Reminder,
    /// Honours.
    Honour,
    /// Red lists.
    RedList,
    /// Receipts of money as they are written down.
    Money,
    /// Numbers of households.
    Household,
    /// Numbers of persons.
    Person,
    /// Numbers of goods.
    Goods,
    /// Call-backs: only their lock.
    CallBack,
    /// Stock papers.
    StockPaper,
    /// Batches of goods.
    Batch,
    /// How far the yearly bases of reputation scores are given: a mark, not a number of papers.
    HonorBase,
    /// The year for which budgets of the year before were closed: a mark, too.
    BudgetYear,
    /// The day on which holds whose day was over were last released: a mark, too.
    HoldSweep,
    /// The day on which what had lapsed was last posted: a mark, too.
    LapseSweep,
}

impl Series {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Award => "award",
            Self::Notice => "notice",
            Self::Objection => "objection",
            Self::Appeal => "appeal",
            Self::Helper => "helper",
            Self::Body => "body",
            Self::Sitting => "sitting",
            Self::Claim => "claim",
            Self::Inspection => "inspection",
            Self::Matter => "matter",
            Self::TimeOrder => "time_order",
            Self::TimeVolunteer => "time_volunteer",
            Self::TimePolicy => "time_policy",
            Self::TimeGift => "time_gift",
            Self::TimeEstate => "time_estate",
            Self::TimeClearing => "time_clearing",
            Self::Proposal => "proposal",
            Self::Reminder => "reminder",
            Self::Honour => "honour",
            Self::RedList => "red_list",
            Self::Money => "money",
            Self::Household => "household",
            Self::Person => "person",
            Self::Goods => "goods",
            Self::CallBack => "call_back",
            Self::StockPaper => "stock_paper",
            Self::Batch => "batch",
            Self::HonorBase => "honor_base",
            Self::BudgetYear => "budget_year",
            Self::HoldSweep => "hold_sweep",
            Self::LapseSweep => "lapse_sweep",
        }
    }
}

/// Takes `count` numbers and returns the last of them. Zero takes none and still locks the series.
pub async fn take(tx: &mut WriteTx, book: BookId, series: Series, count: i64) -> StoreResult<i64> {
    Ok(on!(&mut **tx, |c| sqlx::query_scalar(sql::NEXT)
        .bind(book)
        .bind(series.as_str())
        .bind(count)
        .fetch_one(c))?)
}

/// The last number of a series taken so far, without a lock; 0 before the first.
pub async fn last(tx: &mut Tx, book: BookId, series: Series) -> StoreResult<i64> {
    let last: Option<i64> =
        on!(tx, |c| sqlx::query_scalar(sql::LAST).bind(book).bind(series.as_str()).fetch_optional(c))?;
    Ok(last.unwrap_or(0))
}
