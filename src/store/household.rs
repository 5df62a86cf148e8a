//! Households (户) and their PINs' place in the register. No balances: those are the ledger's.

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    household::{HouseholdNo, HouseholdState},
    ids::{BookId, HouseholdId, OrgId},
    time::Day,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Registers a household.
        ADD = "INSERT INTO household (book_id, id, no, org_id, group_id, state, credential_no, address, opened_on, \
            closed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
        /// By id.
        BY_ID = "SELECT id, no, org_id, group_id, state, credential_no, address, opened_on, closed_on FROM household \
            WHERE book_id = $1 AND id = $2";
        /// By number.
        BY_NO = "SELECT id, no, org_id, group_id, state, credential_no, address, opened_on, closed_on FROM household \
            WHERE book_id = $1 AND no = $2";
        /// By the number inside a phone code.
        BY_CREDENTIAL = "SELECT id, no, org_id, group_id, state, credential_no, address, opened_on, closed_on \
            FROM household WHERE book_id = $1 AND credential_no = $2";
        /// A page of the register, by number.
        PAGE = "SELECT id, no, org_id, group_id, state, credential_no, address, opened_on, closed_on FROM household \
            WHERE book_id = $1 AND no > $2 ORDER BY no LIMIT $3";
        /// Those of one group, by number.
        OF_GROUP = "SELECT id, no, org_id, group_id, state, credential_no, address, opened_on, closed_on \
            FROM household WHERE book_id = $1 AND group_id = $2 ORDER BY no";
        /// Moves one from a state to another.
        SET_STATE = "UPDATE household SET state = $4, closed_on = $5 WHERE book_id = $1 AND id = $2 AND state = $3";
        /// How many households are open in a group.
        COUNT_GROUP = "SELECT CAST(COUNT(*) AS BIGINT) FROM household WHERE book_id = $1 AND group_id = $2 \
            AND state <> 'closed'";
        /// How many open households each group has.
        GROUPS = "SELECT group_id, CAST(COUNT(*) AS BIGINT) AS households FROM household WHERE book_id = $1 \
            AND state <> 'closed' GROUP BY group_id ORDER BY group_id LIMIT 1000";
        /// How many households are open.
        COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM household WHERE book_id = $1 AND state <> 'closed'";
        /// Households with a present member whose name or folded name begins like the query, or whose number does.
        SEARCH = "SELECT DISTINCT h.id, h.no, h.org_id, h.group_id, h.state, h.credential_no, h.address, \
            h.opened_on, h.closed_on FROM household AS h JOIN membership AS m ON m.book_id = h.book_id \
            AND m.household_id = h.id AND m.to_on IS NULL JOIN person AS p ON p.book_id = m.book_id \
            AND p.id = m.person_id WHERE h.book_id = $1 AND h.no > $4 AND (p.name LIKE $2 OR p.pinyin LIKE $2 \
            OR p.initials LIKE $2 OR h.no LIKE $3) ORDER BY h.no LIMIT $5";
    }
}

/// A household as registered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Household {
    /// Its id.
    pub id: HouseholdId,
    /// Its number, as printed on cards.
    pub no: HouseholdNo,
    /// Its household group (联户).
    pub org_id: OrgId,
    /// Its group (村民小组).
    pub group_id: OrgId,
    state: String,
    /// The number inside its phone codes.
    pub credential_no: i64,
    /// Where it lives, to group level; may be empty.
    pub address: String,
    /// First day.
    pub opened_on: Day,
    /// Day it closed.
    pub closed_on: Option<Day>,
}

impl Household {
    /// A household to be registered.
    #[must_use]
    pub fn new(
        id: HouseholdId,
        no: HouseholdNo,
        org_id: OrgId,
        group_id: OrgId,
        credential_no: i64,
        on: Day,
    ) -> Self {
        let state = HouseholdState::Active.as_str().to_owned();
        Self {
            id,
            no,
            org_id,
            group_id,
            state,
            credential_no,
            address: String::new(),
            opened_on: on,
            closed_on: None,
        }
    }

    /// Where it stands, as stored.
    #[must_use]
    pub fn state_code(&self) -> &str {
        &self.state
    }

    /// Where it stands.
    pub fn state(&self) -> StoreResult<HouseholdState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("household", "state", self.state.clone()))
    }
}

/// Registers a household.
pub async fn add(tx: &mut WriteTx, book: BookId, h: &Household) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(h.id)
        .bind(&h.no)
        .bind(h.org_id)
        .bind(h.group_id)
        .bind(&h.state)
        .bind(h.credential_no)
        .bind(&h.address)
        .bind(h.opened_on)
        .execute(c))
}

/// By id.
pub async fn by_id(tx: &mut Tx, book: BookId, id: HouseholdId) -> StoreResult<Option<Household>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// By number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: &HouseholdNo) -> StoreResult<Option<Household>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// By the number inside a phone code.
pub async fn by_credential(tx: &mut Tx, book: BookId, no: i64) -> StoreResult<Option<Household>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_CREDENTIAL).bind(book).bind(no).fetch_optional(c))?)
}

/// A page of the register: those after number `after` (empty = from the start).
pub async fn page(tx: &mut Tx, book: BookId, after: &str, limit: i64) -> StoreResult<Vec<Household>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PAGE).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// Those of one group.
pub async fn of_group(tx: &mut Tx, book: BookId, group: OrgId) -> StoreResult<Vec<Household>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_GROUP).bind(book).bind(group).fetch_all(c))?)
}

/// Moves a household from one state to another; `closed_on` goes with [`HouseholdState::Closed`].
pub async fn set_state(
    tx: &mut WriteTx,
    book: BookId,
    id: HouseholdId,
    from: HouseholdState,
    to: HouseholdState,
    closed_on: Option<Day>,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SET_STATE)
        .bind(book)
        .bind(id)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(closed_on)
        .execute(c))
}

/// Open households of a group.
pub async fn count_group(tx: &mut Tx, book: BookId, group: OrgId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT_GROUP).bind(book).bind(group).fetch_one(c))?)
}

/// The groups that have open households, with how many.
pub async fn groups(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(OrgId, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::GROUPS).bind(book).fetch_all(c))?)
}

/// Open households of the book.
pub async fn count(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::COUNT).bind(book).fetch_one(c))?)
}

/// Households whose number or a present member's name, pinyin or initials begin like `folded`
/// (already folded by [`crate::domain::pinyin::fold_query`]), after number `after`.
pub async fn search(
    tx: &mut Tx,
    book: BookId,
    folded: &str,
    after: &str,
    limit: i64,
) -> StoreResult<Vec<Household>> {
    // % and _ would be wildcards: people do not type them, and a name has neither
    let clean: String = folded.chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    let (prefix, number) = (format!("{clean}%"), format!("%{}%", clean.to_ascii_uppercase()));
    Ok(on!(tx, |c| sqlx::query_as(sql::SEARCH)
        .bind(book)
        .bind(&prefix)
        .bind(&number)
        .bind(after)
        .bind(limit)
        .fetch_all(c))?)
}
