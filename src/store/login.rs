//! Staff accounts and the roles they hold over places.

use super::{StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    ids::{OrgId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// A new account.
        INSERT = "INSERT INTO login (id, login_name, display_name, password_hash, totp_secret, totp_step, state, created_at) \
            VALUES ($1, $2, $3, $4, NULL, 0, $5, $6)";
        /// By the name typed at sign-in.
        BY_NAME = "SELECT id, login_name, display_name, password_hash, totp_secret, totp_step, state, created_at \
            FROM login WHERE login_name = $1";
        /// By id.
        BY_ID = "SELECT id, login_name, display_name, password_hash, totp_secret, totp_step, state, created_at \
            FROM login WHERE id = $1";
        /// How many accounts there are.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM login";
        /// A page of accounts, by name.
        LIST = "SELECT id, login_name, display_name, password_hash, totp_secret, totp_step, state, created_at \
            FROM login WHERE login_name > $1 ORDER BY login_name LIMIT $2";
        /// Another password.
        SET_PASSWORD = "UPDATE login SET password_hash = $2, state = $3 WHERE id = $1";
        /// Another second factor, or none.
        SET_TOTP = "UPDATE login SET totp_secret = $2, totp_step = $3 WHERE id = $1";
        /// Remembers the step of a code, so that it works once.
        TAKE_STEP = "UPDATE login SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
        /// Active, temporary or disabled.
        SET_STATE = "UPDATE login SET state = $2 WHERE id = $1";
        /// A role over a place.
        GRANT = "INSERT INTO login_grant (id, user_id, role, org_id, granted_at, granted_by, revoked_at) \
            VALUES ($1, $2, $3, $4, $5, $6, NULL)";
        /// The roles in force of one account.
        GRANTS = "SELECT g.id, g.user_id, g.role, g.org_id, o.name AS org_name, g.granted_at, g.undeclared FROM login_grant g \
            JOIN org o ON o.id = g.org_id WHERE g.user_id = $1 AND g.revoked_at IS NULL ORDER BY g.granted_at, g.id";
        /// Takes a role back.
        REVOKE = "UPDATE login_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    }
}

/// An account. Debug hides its secrets.
#[derive(Clone, sqlx::FromRow)]
pub struct LoginRow {
    /// Its id.
    pub id: UserId,
    /// What is typed at sign-in.
    pub login_name: String,
    /// What pages call this person.
    pub display_name: String,
    /// PHC string.
    pub password_hash: String,
    /// Sealed; absent until the second factor is set up.
    pub totp_secret: Option<Vec<u8>>,
    /// The last time step a code was taken for.
    pub totp_step: i64,
    /// `active`, `temporary`, `disabled`.
    pub state: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for LoginRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginRow").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A role in force.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct GrantRow {
    /// Its id.
    pub id: Uuid,
    /// The account.
    pub user_id: UserId,
    /// The role, as stored.
    pub role: String,
    /// The place it reaches over.
    pub org_id: OrgId,
    /// That place's name.
    pub org_name: String,
    /// Since when.
    pub granted_at: Timestamp,
    /// 1 if it was given before it had to be said who a login is.
    pub undeclared: i32,
}

/// Adds an account without a second factor.
pub async fn insert(
    tx: &mut WriteTx,
    id: UserId,
    login_name: &str,
    display_name: &str,
    password_hash: &str,
    state: &str,
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::INSERT)
        .bind(id)
        .bind(login_name)
        .bind(display_name)
        .bind(password_hash)
        .bind(state)
        .bind(at)
        .execute(c))
}

/// The account of that login name.
pub async fn by_name(tx: &mut Tx, login_name: &str) -> StoreResult<Option<LoginRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NAME).bind(login_name).fetch_optional(c))?)
}

/// The account of that id.
pub async fn by_id(tx: &mut Tx, id: UserId) -> StoreResult<Option<LoginRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(id).fetch_optional(c))?)
}

/// How many accounts there are.
pub async fn count(tx: &mut Tx) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT).fetch_one(c))?)
}

/// Accounts by name, after `after`.
pub async fn list(tx: &mut Tx, after: &str, limit: i64) -> StoreResult<Vec<LoginRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(after).bind(limit).fetch_all(c))?)
}

/// Another password; `state` becomes `active` or `temporary`.
pub async fn set_password(tx: &mut WriteTx, id: UserId, hash: &str, state: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_PASSWORD).bind(id).bind(hash).bind(state).execute(c))
}

/// Another second factor, or none; `step` is the last one used.
pub async fn set_totp(tx: &mut WriteTx, id: UserId, sealed: Option<&[u8]>, step: i64) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_TOTP).bind(id).bind(sealed).bind(step).execute(c))
}

/// Whether `step` is later than any taken so far; it is taken now.
pub async fn take_step(tx: &mut WriteTx, id: UserId, step: i64) -> StoreResult<bool> {
    let taken: StoreResult<()> =
        exactly!(1, &mut **tx, |c| sqlx::query(sql::TAKE_STEP).bind(id).bind(step).execute(c));
    match taken {
        Ok(()) => Ok(true),
        Err(super::StoreError::RowsAffected { actual: 0, .. }) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Active, temporary or disabled.
pub async fn set_state(tx: &mut WriteTx, id: UserId, state: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_STATE).bind(id).bind(state).execute(c))
}

/// Gives a role over a place.
pub async fn grant(
    tx: &mut WriteTx,
    id: Uuid,
    user: UserId,
    role: &str,
    org: OrgId,
    at: Timestamp,
    by: &str,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::GRANT)
        .bind(id)
        .bind(user)
        .bind(role)
        .bind(org)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// The roles in force of an account.
pub async fn grants(tx: &mut Tx, user: UserId) -> StoreResult<Vec<GrantRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::GRANTS).bind(user).fetch_all(c))?)
}

/// Takes a role back.
pub async fn revoke(tx: &mut WriteTx, id: Uuid, at: Timestamp) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::REVOKE).bind(id).bind(at).execute(c))
}
