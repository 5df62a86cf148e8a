//! The tree of places and their dated division codes.

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{ids::OrgId, time::Day};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A new place.
        INSERT = "INSERT INTO org (id, parent_id, kind, labels, name, position, opened_on, closed_on) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
        /// One place.
        BY_ID = "SELECT id, parent_id, kind, labels, name, position, opened_on, closed_on FROM org WHERE id = $1";
        /// What lies directly in a place, in order.
        CHILDREN = "SELECT id, parent_id, kind, labels, name, position, opened_on, closed_on FROM org \
            WHERE parent_id = $1 ORDER BY position, name, id LIMIT $2";
        /// The places without a parent.
        ROOTS = "SELECT id, parent_id, kind, labels, name, position, opened_on, closed_on FROM org \
            WHERE parent_id IS NULL ORDER BY position, name, id LIMIT $1";
        /// A place and everything above it, nearest first.
        UP = "WITH RECURSIVE up (id, parent_id, depth) AS (\
            SELECT id, parent_id, 0 FROM org WHERE id = $1 \
            UNION ALL SELECT o.id, o.parent_id, up.depth + 1 FROM org o JOIN up ON o.id = up.parent_id WHERE up.depth < 9) \
            SELECT o.id, o.parent_id, o.kind, o.labels, o.name, o.position, o.opened_on, o.closed_on \
            FROM up JOIN org o ON o.id = up.id ORDER BY up.depth";
        /// Another name.
        RENAME = "UPDATE org SET name = $2 WHERE id = $1";
        /// Gone from `closed_on` on.
        CLOSE = "UPDATE org SET closed_on = $2 WHERE id = $1 AND closed_on IS NULL";
        /// A code from a day on.
        ADD_CODE = "INSERT INTO org_code (org_id, code_system, code, valid_from, valid_to) VALUES ($1, $2, $3, $4, NULL)";
        /// Ends the code in force.
        END_CODE = "UPDATE org_code SET valid_to = $3 WHERE org_id = $1 AND code_system = $2 AND valid_to IS NULL";
        /// All codes of a place, newest first.
        CODES = "SELECT org_id, code_system, code, valid_from, valid_to FROM org_code WHERE org_id = $1 \
            ORDER BY code_system, valid_from DESC";
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrgRow {
    /// Its id, which never changes.
    pub id: OrgId,
    /// The place it lies in.
    pub parent_id: Option<OrgId>,
    /// `county`, `township`, `village`, `group` …
    pub kind: String,
    /// `rural` or `urban` words.
    pub labels: String,
    /// Its name.
    pub name: String,
    /// Its place in lists.
    pub position: i32,
    /// Since when.
    pub opened_on: Day,
    /// Until when.
    pub closed_on: Option<Day>,
}

/// A division code in force for some days.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrgCodeRow {
    /// The place.
    pub org_id: OrgId,
    /// `GB/T 2260+10114` …
    pub code_system: String,
    /// The code.
    pub code: String,
    /// From this day.
    pub valid_from: Day,
    /// Until before this day.
    pub valid_to: Option<Day>,
}

/// Adds a place.
pub async fn insert(tx: &mut WriteTx, row: &OrgRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::INSERT)
        .bind(row.id)
        .bind(row.parent_id)
        .bind(&row.kind)
        .bind(&row.labels)
        .bind(&row.name)
        .bind(row.position)
        .bind(row.opened_on)
        .execute(c))
}

/// One place.
pub async fn by_id(tx: &mut Tx, id: OrgId) -> StoreResult<Option<OrgRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(id).fetch_optional(c))?)
}

/// What lies directly in `parent`.
pub async fn children(tx: &mut Tx, parent: OrgId, limit: i64) -> StoreResult<Vec<OrgRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CHILDREN).bind(parent).bind(limit).fetch_all(c))?)
}

/// The places without a parent.
pub async fn roots(tx: &mut Tx, limit: i64) -> StoreResult<Vec<OrgRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ROOTS).bind(limit).fetch_all(c))?)
}

/// `id` and everything above it, nearest first.
pub async fn up(tx: &mut Tx, id: OrgId) -> StoreResult<Vec<OrgRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::UP).bind(id).fetch_all(c))?)
}

/// Another name.
pub async fn rename(tx: &mut WriteTx, id: OrgId, name: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::RENAME).bind(id).bind(name).execute(c))
}

/// Closes a place from a day on.
pub async fn close(tx: &mut WriteTx, id: OrgId, on: Day) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::CLOSE).bind(id).bind(on).execute(c))
}

/// A code from a day on; the one before ends the same day.
pub async fn add_code(tx: &mut WriteTx, id: OrgId, system: &str, code: &str, from: Day) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_CODE)
        .bind(id)
        .bind(system)
        .bind(code)
        .bind(from)
        .execute(c))
}

/// Ends the code in force, if there is one.
pub async fn end_code(tx: &mut WriteTx, id: OrgId, system: &str, to: Day) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::END_CODE).bind(id).bind(system).bind(to).execute(c))
}

/// All codes of a place.
pub async fn codes(tx: &mut Tx, id: OrgId) -> StoreResult<Vec<OrgCodeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::CODES).bind(id).fetch_all(c))?)
}
