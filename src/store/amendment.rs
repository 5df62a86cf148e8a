//! Amendments (改分重公示): which award stands again in the place of which, on whose word. Rows are added and never
//! touched again; the amounts are those of the awards.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{AppealId, AwardId, BookId, NoticeId, ObjectionId},
    time::Timestamp,
};

macro_rules! columns {
    () => {
        "award_id, replaces, objection_id, appeal_id, made_at, made_by, waits_until"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds one.
        ADD = "INSERT INTO amendment (book_id, award_id, replaces, objection_id, appeal_id, made_at, made_by, \
            waits_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// By which an award stands.
        OF = concat!("SELECT ", columns!(), " FROM amendment WHERE book_id = $1 AND award_id = $2");
        /// By which another stands in the place of an award.
        OF_REPLACED = concat!("SELECT ", columns!(), " FROM amendment WHERE book_id = $1 AND replaces = $2");
        /// What the township's final word brought back.
        OF_APPEAL = concat!("SELECT ", columns!(), " FROM amendment WHERE book_id = $1 AND appeal_id = $2");
        /// On whose word lines of a sheet stand again.
        ON_SHEET = "SELECT DISTINCT m.made_by FROM award AS a JOIN amendment AS m ON m.book_id = a.book_id \
            AND m.award_id = a.id WHERE a.book_id = $1 AND a.notice_id = $2 LIMIT 1000";
    }
}

/// That an award stands in the place of another.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AmendmentRow {
    /// The one that stands again.
    pub award_id: AwardId,
    /// The one in whose place it stands.
    pub replaces: AwardId,
    /// The objection that was answered.
    pub objection_id: ObjectionId,
    /// The appeal that was concluded; nothing where it is the village's answer.
    pub appeal_id: Option<AppealId>,
    /// When.
    pub made_at: Timestamp,
    /// On whose word.
    pub made_by: String,
    /// It goes on no sheet up to this instant.
    pub waits_until: Option<Timestamp>,
}

/// Adds one; an award is replaced once.
pub async fn add(tx: &mut WriteTx, book: BookId, m: &AmendmentRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(m.award_id)
        .bind(m.replaces)
        .bind(m.objection_id)
        .bind(m.appeal_id)
        .bind(m.made_at)
        .bind(&m.made_by)
        .bind(m.waits_until)
        .execute(c))
}

/// By which an award stands again; nothing for one that was recorded as it is.
pub async fn of(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<AmendmentRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF).bind(book).bind(award).fetch_optional(c))?)
}

/// By which another stands in the place of `award`.
pub async fn of_replaced(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<AmendmentRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_REPLACED).bind(book).bind(award).fetch_optional(c))?)
}

/// What the township's final word about an appeal brought back.
pub async fn of_appeal(tx: &mut Tx, book: BookId, appeal: AppealId) -> StoreResult<Option<AmendmentRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_APPEAL).bind(book).bind(appeal).fetch_optional(c))?)
}

/// On whose word lines of a sheet stand again.
pub async fn on_sheet(tx: &mut Tx, book: BookId, notice: NoticeId) -> StoreResult<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ON_SHEET).bind(book).bind(notice).fetch_all(c))?)
}
