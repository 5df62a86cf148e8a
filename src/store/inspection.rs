//! Inspection rounds (巡查): the round, who looks where, every look, and what came of it. Looks and awards are only
//! ever added.

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    household::HouseholdNo,
    ids::{AwardId, BookId, HouseholdId, OrgId, RoundId, UserId},
    inspection::{Look, RoundState},
    time::{Day, Timestamp},
};

macro_rules! columns {
    () => {
        "r.id, r.no, r.seen_on, r.items, r.state, r.opened_at, r.opened_by, r.moved_at, r.moved_by, r.reason"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Opens a round.
        ADD = "INSERT INTO inspection (book_id, id, no, seen_on, items, state, opened_at, opened_by, reason) \
            VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, '')";
        /// A group it goes to.
        ADD_GROUP = "INSERT INTO inspection_group (book_id, round_id, group_id) VALUES ($1, $2, $3)";
        /// Somebody who looks.
        ADD_EYE = "INSERT INTO inspection_eye (book_id, round_id, place, user_id) VALUES ($1, $2, $3, $4)";
        /// One round.
        ONE = concat!("SELECT ", columns!(), " FROM inspection r WHERE r.book_id = $1 AND r.id = $2");
        /// The latest rounds.
        LIST = concat!("SELECT ", columns!(), " FROM inspection r WHERE r.book_id = $1 AND r.no < $2 \
            ORDER BY r.no DESC LIMIT $3");
        /// The latest rounds of somebody who looks.
        OF_EYE = concat!("SELECT ", columns!(), " FROM inspection_eye e JOIN inspection r ON r.book_id = e.book_id \
            AND r.id = e.round_id WHERE e.book_id = $1 AND e.user_id = $2 ORDER BY r.no DESC LIMIT $3");
        /// From one state to another.
        MOVE = "UPDATE inspection SET state = $4, moved_at = $5, moved_by = $6, reason = $7 WHERE book_id = $1 \
            AND id = $2 AND state = $3";
        /// Who looks, in order, with the names people know.
        EYES = "SELECT e.user_id, l.display_name AS name FROM inspection_eye e JOIN login l ON l.id = e.user_id \
            WHERE e.book_id = $1 AND e.round_id = $2 ORDER BY e.place LIMIT 3";
        /// The groups it goes to.
        GROUPS = "SELECT g.group_id, o.name FROM inspection_group g JOIN org o ON o.id = g.group_id \
            WHERE g.book_id = $1 AND g.round_id = $2 ORDER BY o.position, o.name, o.id";
        /// Every household of those groups that may earn, with its present head.
        ROLL = "SELECT h.id, h.no, h.group_id, p.name AS head, p.initials AS initials FROM inspection_group g \
            JOIN household h ON h.book_id = g.book_id AND h.group_id = g.group_id AND h.state <> 'closed' \
            LEFT JOIN membership m ON m.book_id = h.book_id AND m.household_id = h.id AND m.relation = 'head' \
            AND m.to_on IS NULL LEFT JOIN person p ON p.book_id = m.book_id AND p.id = m.person_id \
            WHERE g.book_id = $1 AND g.round_id = $2 ORDER BY h.no";
        /// Adds a look.
        ADD_LOOK = "INSERT INTO inspection_look (book_id, round_id, user_id, key, household_id, seq, taken_at, \
            received_at, marks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        /// The look somebody sent under a key.
        LOOK = "SELECT household_id, user_id, seq, taken_at, key, marks FROM inspection_look WHERE book_id = $1 \
            AND round_id = $2 AND user_id = $3 AND key = $4";
        /// Every look of a round.
        LOOKS = "SELECT household_id, user_id, seq, taken_at, key, marks FROM inspection_look WHERE book_id = $1 \
            AND round_id = $2";
        /// Adds what a look-over put on record.
        ADD_AWARD = "INSERT INTO inspection_award (book_id, award_id, round_id, household_id, item, first_id, \
            second_id, third_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// What a round put on record.
        AWARDS = "SELECT i.award_id, i.household_id, i.item, a.points, a.honor FROM inspection_award i \
            JOIN award a ON a.book_id = i.book_id AND a.id = i.award_id WHERE i.book_id = $1 AND i.round_id = $2";
        /// The round and the looks an award rests on.
        OF_AWARD = "SELECT r.id AS round_id, r.no, i.first_id, i.second_id, i.third_id FROM inspection_award i \
            JOIN inspection r ON r.book_id = i.book_id AND r.id = i.round_id WHERE i.book_id = $1 AND i.award_id = $2";
    }
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RoundRow {
    /// Its name.
    pub id: RoundId,
    /// Its number in the book.
    pub no: i64,
    /// The day it is of.
    pub seen_on: Day,
    /// Codes of the items looked at, between commas.
    pub items: String,
    /// Where it stands.
    pub state: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// When it last moved.
    pub moved_at: Option<Timestamp>,
    /// By whom.
    pub moved_by: Option<String>,
    /// Why it was given up.
    pub reason: String,
}

impl RoundRow {
    /// Where it stands.
    pub fn state(&self) -> StoreResult<RoundState> {
        self.state.parse().map_err(|_| StoreError::inconsistent("inspection", "state", &self.state))
    }

    /// The items looked at.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        self.items.split(',')
    }
}

/// Somebody who looks.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EyeRow {
    /// Who.
    pub user_id: UserId,
    /// The name people know.
    pub name: String,
}

/// A household of a round.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RollRow {
    /// Its id.
    pub id: HouseholdId,
    /// Its number.
    pub no: HouseholdNo,
    /// Its group.
    pub group_id: OrgId,
    /// The name of its head.
    pub head: Option<String>,
    /// By which people search.
    pub initials: Option<String>,
}

/// What a round put on record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RecordedRow {
    /// The award.
    pub award_id: AwardId,
    /// Whose.
    pub household_id: HouseholdId,
    /// The item.
    pub item: String,
    /// Points, signed.
    pub points: i64,
    /// Honour points, signed.
    pub honor: i64,
}

/// The looks an award rests on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RestsOn {
    /// The round.
    pub round_id: RoundId,
    /// Its number.
    pub no: i64,
    /// Who looked.
    pub first_id: UserId,
    /// Who looked, too.
    pub second_id: UserId,
    /// Who decided where they differed.
    pub third_id: Option<UserId>,
}

impl RestsOn {
    /// Everybody whose look it rests on, as written into events.
    #[must_use]
    pub fn looked(&self) -> Vec<String> {
        let all = [Some(self.first_id), Some(self.second_id), self.third_id];
        all.into_iter().flatten().map(|user| format!("user:{user}")).collect()
    }
}

#[derive(sqlx::FromRow)]
struct LookRow {
    household_id: HouseholdId,
    user_id: UserId,
    seq: i64,
    taken_at: Timestamp,
    key: String,
    marks: String,
}

impl TryFrom<LookRow> for Look {
    type Error = StoreError;
    fn try_from(row: LookRow) -> StoreResult<Self> {
        let marks = row.marks.parse();
        Ok(Self {
            household: row.household_id,
            inspector: row.user_id,
            seq: row.seq,
            taken_at: row.taken_at,
            key: row.key,
            marks: marks.map_err(|_| StoreError::inconsistent("inspection_look", "marks", &row.marks))?,
        })
    }
}

/// Opens a round for these groups, with those who look, in order.
pub async fn add(
    tx: &mut WriteTx,
    book: BookId,
    r: &RoundRow,
    groups: &[OrgId],
    eyes: &[UserId],
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(r.no)
        .bind(r.seen_on)
        .bind(&r.items)
        .bind(r.opened_at)
        .bind(&r.opened_by)
        .execute(c))?;
    for group in groups {
        exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_GROUP)
            .bind(book)
            .bind(r.id)
            .bind(*group)
            .execute(c))?;
    }
    for (place, eye) in (1..).zip(eyes) {
        add_eye(tx, book, r.id, place, *eye).await?;
    }
    Ok(())
}

/// Names somebody who looks.
pub async fn add_eye(
    tx: &mut WriteTx,
    book: BookId,
    round: RoundId,
    place: i32,
    user: UserId,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_EYE)
        .bind(book)
        .bind(round)
        .bind(place)
        .bind(user)
        .execute(c))
}

/// One round.
pub async fn one(tx: &mut Tx, book: BookId, id: RoundId) -> StoreResult<Option<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// Rounds numbered below `before`, the latest first.
pub async fn list(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LIST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// The latest rounds of somebody who looks.
pub async fn of_eye(tx: &mut Tx, book: BookId, user: UserId, limit: i64) -> StoreResult<Vec<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_EYE).bind(book).bind(user).bind(limit).fetch_all(c))?)
}

/// Moves a round on; fails unless it still stands at `from`.
pub async fn advance(
    tx: &mut WriteTx,
    book: BookId,
    from: RoundState,
    (to, at, by, reason): (&RoundRow, Timestamp, &str, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MOVE)
        .bind(book)
        .bind(to.id)
        .bind(from.as_str())
        .bind(&to.state)
        .bind(at)
        .bind(by)
        .bind(reason)
        .execute(c))
}

/// Who looks, in order.
pub async fn eyes(tx: &mut Tx, book: BookId, round: RoundId) -> StoreResult<Vec<EyeRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::EYES).bind(book).bind(round).fetch_all(c))?)
}

/// The groups it goes to, with their names.
pub async fn groups(tx: &mut Tx, book: BookId, round: RoundId) -> StoreResult<Vec<(OrgId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::GROUPS).bind(book).bind(round).fetch_all(c))?)
}

/// The households it goes to, by number.
pub async fn roll(tx: &mut Tx, book: BookId, round: RoundId) -> StoreResult<Vec<RollRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ROLL).bind(book).bind(round).fetch_all(c))?)
}

/// Adds a look.
pub async fn add_look(
    tx: &mut WriteTx,
    book: BookId,
    round: RoundId,
    look: &Look,
    received: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LOOK)
        .bind(book)
        .bind(round)
        .bind(look.inspector)
        .bind(&look.key)
        .bind(look.household)
        .bind(look.seq)
        .bind(look.taken_at)
        .bind(received)
        .bind(look.marks.to_string())
        .execute(c))
}

/// The look somebody sent under a key.
pub async fn look(
    tx: &mut Tx,
    book: BookId,
    round: RoundId,
    user: UserId,
    key: &str,
) -> StoreResult<Option<Look>> {
    let found: Option<LookRow> =
        on!(tx, |c| sqlx::query_as(sql::LOOK).bind(book).bind(round).bind(user).bind(key).fetch_optional(c))?;
    found.map(Look::try_from).transpose()
}

/// Every look of a round.
pub async fn looks(tx: &mut Tx, book: BookId, round: RoundId) -> StoreResult<Vec<Look>> {
    let rows: Vec<LookRow> = on!(tx, |c| sqlx::query_as(sql::LOOKS).bind(book).bind(round).fetch_all(c))?;
    rows.into_iter().map(Look::try_from).collect()
}

/// Adds what a round put on record.
pub async fn add_award(
    tx: &mut WriteTx,
    book: BookId,
    award: AwardId,
    (household, item): (HouseholdId, &str),
    on: &RestsOn,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_AWARD)
        .bind(book)
        .bind(award)
        .bind(on.round_id)
        .bind(household)
        .bind(item)
        .bind(on.first_id)
        .bind(on.second_id)
        .bind(on.third_id)
        .execute(c))
}

/// What a round put on record.
pub async fn awards(tx: &mut Tx, book: BookId, round: RoundId) -> StoreResult<Vec<RecordedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::AWARDS).bind(book).bind(round).fetch_all(c))?)
}

/// The looks an award rests on, if a round put it on record.
pub async fn of_award(tx: &mut Tx, book: BookId, award: AwardId) -> StoreResult<Option<RestsOn>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_AWARD).bind(book).bind(award).fetch_optional(c))?)
}
