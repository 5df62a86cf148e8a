//! Bodies that the villagers named (评议小组, 两委) and their seats. Rows are only ever added: a new body replaces the
//! one before it whole.

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{BodyId, BookId, OrgId, UserId},
    panel::{BodyKind, Post, Seat},
    time::{Day, Timestamp},
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a body.
        ADD = "INSERT INTO body (book_id, id, no, kind, from_on, basis, seated_at, seated_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// Adds a seat.
        ADD_SEAT = "INSERT INTO body_seat (book_id, body_id, user_id, post, place) VALUES ($1, $2, $3, $4, $5)";
        /// The latest body of a kind whose day has come.
        IN_FORCE = "SELECT id, no, kind, from_on, basis, seated_at, seated_by FROM body WHERE book_id = $1 \
            AND kind = $2 AND from_on <= $3 ORDER BY no DESC LIMIT 1";
        /// One body.
        ONE = "SELECT id, no, kind, from_on, basis, seated_at, seated_by FROM body WHERE book_id = $1 AND id = $2";
        /// All bodies, the latest first.
        LIST = "SELECT id, no, kind, from_on, basis, seated_at, seated_by FROM body WHERE book_id = $1 AND no < $2 \
            ORDER BY no DESC LIMIT $3";
        /// The seats of a body, in order, with the names people know.
        SEATS = "SELECT s.user_id, s.post, l.display_name AS name FROM body_seat s JOIN login l ON l.id = s.user_id \
            WHERE s.book_id = $1 AND s.body_id = $2 ORDER BY s.place LIMIT 100";
        /// Who holds a role over a place.
        HOLDERS = "SELECT l.id, l.display_name FROM login_grant g JOIN login l ON l.id = g.user_id \
            WHERE g.org_id = $1 AND g.role = $2 AND g.revoked_at IS NULL AND l.state <> 'disabled' \
            ORDER BY l.login_name LIMIT 200";
    }
}

/// A body.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BodyRow {
    /// Its name.
    pub id: BodyId,
    /// Its number in the book.
    pub no: i64,
    /// `panel` or `committees`.
    pub kind: String,
    /// Its first day.
    pub from_on: Day,
    /// The decision that named it.
    pub basis: String,
    /// When it was entered.
    pub seated_at: Timestamp,
    /// By whom.
    pub seated_by: String,
}

/// A seat with the name of whoever has it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SeatRow {
    /// Whose.
    pub user_id: UserId,
    /// `member`, `substitute` or `observer`.
    pub post: String,
    /// The name people see.
    pub name: String,
}

impl SeatRow {
    /// The seat, without the name.
    pub fn seat(&self) -> StoreResult<Seat> {
        let post: Post =
            self.post.parse().map_err(|_| StoreError::inconsistent("body_seat", "post", &self.post))?;
        Ok(Seat { user: self.user_id, post })
    }
}

/// Adds a body with its seats, in order.
pub async fn add(tx: &mut WriteTx, book: BookId, b: &BodyRow, seats: &[Seat]) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(b.id)
        .bind(b.no)
        .bind(&b.kind)
        .bind(b.from_on)
        .bind(&b.basis)
        .bind(b.seated_at)
        .bind(&b.seated_by)
        .execute(c))?;
    for (place, seat) in (1_i32..).zip(seats) {
        exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_SEAT)
            .bind(book)
            .bind(b.id)
            .bind(seat.user)
            .bind(seat.post.as_str())
            .bind(place)
            .execute(c))?;
    }
    Ok(())
}

/// The body of a kind that is in force on `day`.
pub async fn in_force(tx: &mut Tx, book: BookId, kind: BodyKind, day: Day) -> StoreResult<Option<BodyRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::IN_FORCE).bind(book).bind(kind.as_str()).bind(day).fetch_optional(c))?)
}

/// One body.
pub async fn one(tx: &mut Tx, book: BookId, id: BodyId) -> StoreResult<Option<BodyRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Bodies numbered below `before`, the latest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<BodyRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// The seats of a body, in order.
pub async fn seats(tx: &mut Tx, book: BookId, body: BodyId) -> StoreResult<Vec<SeatRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::SEATS).bind(book).bind(body).fetch_all(c))?)
}

/// Who holds a role over exactly that place, by login name.
pub async fn holders(tx: &mut Tx, org: OrgId, role: &str) -> StoreResult<Vec<(UserId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HOLDERS).bind(org).bind(role).fetch_all(c))?)
}
