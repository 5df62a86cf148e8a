//! Ballots: one for each line and voter, changed as often as the voter likes while the sitting is open.

use crate::{
    domain::{
        ids::{AwardId, BookId, SittingId, UserId},
        time::Timestamp,
    },
    store::{StoreResult, Tx, WriteTx, exactly, on},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Casts a ballot, or changes it.
        CAST = "INSERT INTO ballot (book_id, sitting_id, line, user_id, vote, cast_at) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (book_id, sitting_id, line, user_id) DO UPDATE SET vote = excluded.vote, \
            cast_at = excluded.cast_at";
        /// All ballots of a sitting.
        OF_SITTING = "SELECT line, user_id, vote FROM ballot WHERE book_id = $1 AND sitting_id = $2 \
            ORDER BY line, user_id LIMIT 20000";
        /// Who voted on an award, at any sitting.
        ON_AWARD = "SELECT DISTINCT b.user_id FROM sitting_line l JOIN ballot b ON b.book_id = l.book_id \
            AND b.sitting_id = l.sitting_id AND b.line = l.line WHERE l.book_id = $1 AND l.award_id = $2 \
            ORDER BY b.user_id LIMIT 1000";
    }
}

/// A ballot.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BallotRow {
    /// The line.
    pub line: i32,
    /// Whose.
    pub user_id: UserId,
    /// `yes`, `no` or `abstain`.
    pub vote: String,
}

/// Casts a ballot, or changes it.
pub async fn cast(
    tx: &mut WriteTx,
    book: BookId,
    sitting: SittingId,
    ballot: &BallotRow,
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CAST)
        .bind(book)
        .bind(sitting)
        .bind(ballot.line)
        .bind(ballot.user_id)
        .bind(&ballot.vote)
        .bind(at)
        .execute(c))
}

/// All ballots of a sitting.
pub async fn of_sitting(tx: &mut Tx, book: BookId, sitting: SittingId) -> StoreResult<Vec<BallotRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_SITTING).bind(book).bind(sitting).fetch_all(c))?)
}

/// Who voted on an award, at any sitting.
pub async fn on_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Vec<UserId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ON_AWARD).bind(book).bind(award).fetch_all(c))?)
}
