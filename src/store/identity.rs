//! Who a login is, book by book: what was stated, what ended, and which logins are or were one person's.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    household::PersonNo,
    ids::{BookId, OrgId, PersonId, UserId},
    time::Timestamp,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Says who a login is.
        STATE = "INSERT INTO login_person (book_id, user_id, ordinal, person_id, state, stated_at, stated_by) \
            VALUES ($1, $2, $3, $4, 'holds', $5, $6)";
        /// Ends what holds of a login.
        END = "UPDATE login_person SET state = 'ended', ended_at = $3, ended_by = $4 \
            WHERE book_id = $1 AND user_id = $2 AND state = 'holds'";
        /// Everything stated of a login, the latest first.
        OF_USER = "SELECT user_id, ordinal, person_id, state, stated_at, stated_by, ended_at, ended_by \
            FROM login_person WHERE book_id = $1 AND user_id = $2 ORDER BY ordinal DESC";
        /// The login that is a person's.
        OF_PERSON = "SELECT user_id FROM login_person WHERE book_id = $1 AND person_id = $2 AND state = 'holds'";
        /// Other logins that are or were stated to be somebody whom this login is or was stated to be.
        ALSO = "SELECT DISTINCT o.user_id FROM login_person AS m JOIN login_person AS o ON o.book_id = m.book_id \
            AND o.person_id = m.person_id WHERE m.book_id = $1 AND m.user_id = $2 AND o.user_id <> $2 ORDER BY 1";
        /// Whoever holds a role of the village or of a part of it, by login name, with what holds of them.
        STAFF = "WITH RECURSIVE down (id, depth) AS (SELECT id, 0 FROM org WHERE id = $2 \
            UNION ALL SELECT o.id, down.depth + 1 FROM org AS o JOIN down ON o.parent_id = down.id WHERE down.depth < 9) \
            SELECT l.id AS user_id, l.login_name, l.display_name, g.role, s.state, p.no, s.stated_at, s.stated_by, \
            (SELECT COUNT(*) FROM login_person AS e WHERE e.book_id = $1 AND e.user_id = l.id AND e.state = 'ended') AS ended \
            FROM down JOIN login_grant AS g ON g.org_id = down.id JOIN login AS l ON l.id = g.user_id \
            LEFT JOIN login_person AS s ON s.book_id = $1 AND s.user_id = l.id AND s.state = 'holds' \
            LEFT JOIN person AS p ON p.book_id = $1 AND p.id = s.person_id \
            WHERE g.revoked_at IS NULL AND l.state <> 'disabled' \
            AND g.role IN ('recorder', 'clerk', 'reviewer', 'shopkeeper') ORDER BY l.login_name, g.role LIMIT 1000";
    }
}

/// Something stated of a login.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StatementRow {
    /// The login.
    pub user_id: UserId,
    /// Its place among the statements of that login.
    pub ordinal: i32,
    /// Who of the register; nobody, if they live in no household of the village.
    pub person_id: Option<PersonId>,
    /// `holds` or `ended`.
    pub state: String,
    /// When it was stated, if that was kept.
    pub stated_at: Option<Timestamp>,
    /// Who stated it.
    pub stated_by: String,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by: Option<String>,
}

impl StatementRow {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.state == "holds"
    }
}

/// A role that somebody holds in a village, with what holds of them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffRow {
    /// The login.
    pub user_id: UserId,
    /// What is typed at sign-in.
    pub login_name: String,
    /// What pages call this person.
    pub display_name: String,
    /// The role.
    pub role: String,
    /// `holds`, if anything was stated.
    pub state: Option<String>,
    /// The number of the person, if it is one of the register.
    pub no: Option<PersonNo>,
    /// When it was stated.
    pub stated_at: Option<Timestamp>,
    /// Who stated it.
    pub stated_by: Option<String>,
    /// How many statements ended.
    pub ended: i64,
}

/// Says who a login is; whatever held before must have ended. A person whose login is another is refused as a
/// duplicate.
pub async fn state(
    tx: &mut WriteTx,
    book: BookId,
    (user, ordinal): (UserId, i32),
    person: Option<PersonId>,
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::STATE)
        .bind(book)
        .bind(user)
        .bind(ordinal)
        .bind(person)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Ends what holds of a login; it stays on record.
pub async fn end(
    tx: &mut WriteTx,
    book: BookId,
    user: UserId,
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END).bind(book).bind(user).bind(at).bind(by).execute(c))
}

/// Everything stated of a login, the latest first.
pub async fn of_user(tx: &mut Tx, book: BookId, user: UserId) -> StoreResult<Vec<StatementRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_USER).bind(book).bind(user).fetch_all(c))?)
}

/// The login that is a person's.
pub async fn of_person(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Option<UserId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OF_PERSON).bind(book).bind(person).fetch_optional(c))?)
}

/// Other logins that are or were the same person's.
pub async fn also(tx: &mut Tx, book: BookId, user: UserId) -> StoreResult<Vec<UserId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::ALSO).bind(book).bind(user).fetch_all(c))?)
}

/// Whoever holds a role of the village `org` or of a part of it, by login name.
pub async fn staff(tx: &mut Tx, book: BookId, org: OrgId) -> StoreResult<Vec<StaffRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::STAFF).bind(book).bind(org).fetch_all(c))?)
}
