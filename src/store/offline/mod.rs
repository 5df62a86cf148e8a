//! What devices have in hand to sell without network: rounds, allowances, goods. Entries and what was decided about them
//! are in [`entry`].

use super::{StoreResult, Tx, WriteTx, any, exactly, on};
use crate::domain::{
    ids::{BookId, CardId, CounterId, HouseholdId, OfflineRoundId},
    time::Timestamp,
};

pub mod entry;

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a round.
        ADD = "INSERT INTO offline_round (book_id, id, key, counter_id, device_name, device_key, readied_at, readied_by, \
            sale_max, state, next_no, head, turn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', 1, $10, 0)";
        /// Adds an allowance.
        ADD_ALLOWANCE = "INSERT INTO offline_allowance (book_id, round_id, household_id, card_id, qr_mark, number_mark, \
            points, remaining, meter, hold_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)";
        /// Adds an article.
        ADD_GOODS = "INSERT INTO offline_goods (book_id, round_id, sku, pieces, remaining, price) \
            VALUES ($1, $2, $3, $4, $4, $5)";
        /// By id.
        BY_ID = "SELECT id, key, counter_id, device_name, device_key, readied_at, readied_by, sale_max, state, next_no, \
            head, turn, goods_seq, synced_at, fault, missing_at, missing_by, missing_reason, ended_at, ended_by \
            FROM offline_round WHERE book_id = $1 AND id = $2";
        /// By the client's key.
        BY_KEY = "SELECT id, key, counter_id, device_name, device_key, readied_at, readied_by, sale_max, state, next_no, \
            head, turn, goods_seq, synced_at, fault, missing_at, missing_by, missing_reason, ended_at, ended_by \
            FROM offline_round WHERE book_id = $1 AND key = $2";
        /// Those that have something in hand, the oldest first.
        OUT = "SELECT id, key, counter_id, device_name, device_key, readied_at, readied_by, sale_max, state, next_no, \
            head, turn, goods_seq, synced_at, fault, missing_at, missing_by, missing_reason, ended_at, ended_by \
            FROM offline_round WHERE book_id = $1 AND state IN ('open', 'stopped') ORDER BY readied_at, id LIMIT $2";
        /// All, by the client's key.
        AFTER = "SELECT id, key, counter_id, device_name, device_key, readied_at, readied_by, sale_max, state, next_no, \
            head, turn, goods_seq, synced_at, fault, missing_at, missing_by, missing_reason, ended_at, ended_by \
            FROM offline_round WHERE book_id = $1 AND key > $2 ORDER BY key LIMIT $3";
        /// A counter's, the latest first.
        OF_COUNTER = "SELECT id, key, counter_id, device_name, device_key, readied_at, readied_by, sale_max, state, \
            next_no, head, turn, goods_seq, synced_at, fault, missing_at, missing_by, missing_reason, ended_at, ended_by \
            FROM offline_round WHERE book_id = $1 AND counter_id = $2 ORDER BY readied_at DESC LIMIT $3";
        /// Allowances with the standing of card and household.
        ALLOWANCES = "SELECT a.household_id, h.no AS household_no, h.state AS household_state, a.card_id, \
            k.state AS card_state, a.qr_mark, a.number_mark, a.points, a.remaining, a.meter, a.hold_seq \
            FROM offline_allowance AS a JOIN household AS h ON h.book_id = a.book_id AND h.id = a.household_id \
            JOIN card AS k ON k.book_id = a.book_id AND k.id = a.card_id \
            WHERE a.book_id = $1 AND a.round_id = $2 ORDER BY h.no";
        /// Articles.
        GOODS = "SELECT sku, pieces, remaining, price FROM offline_goods WHERE book_id = $1 AND round_id = $2 ORDER BY sku";
        /// Moves a round on, unless something else did.
        TURN = "UPDATE offline_round SET turn = turn + 1, state = $4, next_no = $5, head = $6, synced_at = $7, fault = $8, \
            ended_at = $9, ended_by = $10 WHERE book_id = $1 AND id = $2 AND turn = $3";
        /// What is left of an allowance.
        LEAVE = "UPDATE offline_allowance SET remaining = $4, hold_seq = $5 \
            WHERE book_id = $1 AND round_id = $2 AND household_id = $3";
        /// What is left of an article.
        LEAVE_GOODS = "UPDATE offline_goods SET remaining = $4 WHERE book_id = $1 AND round_id = $2 AND sku = $3";
        /// What keeps a round's goods aside.
        KEEP = "UPDATE offline_round SET goods_seq = $3 WHERE book_id = $1 AND id = $2";
        /// Says that a device is missing.
        MISS = "UPDATE offline_round SET missing_at = $3, missing_by = $4, missing_reason = $5 WHERE book_id = $1 AND id = $2 \
            AND state IN ('open', 'stopped') AND missing_at IS NULL";
        /// One row if the household may redeem and the card is in use.
        GUARD = "SELECT CAST(COUNT(*) AS BIGINT) FROM household AS h JOIN card AS k ON k.book_id = h.book_id \
            WHERE h.book_id = $1 AND h.id = $2 AND h.state = 'active' AND k.id = $3 AND k.state = 'active'";
        /// Points of a household that devices have in hand.
        OF_HOUSEHOLD = "SELECT CAST(COALESCE(SUM(remaining), 0) AS BIGINT) FROM offline_allowance \
            WHERE book_id = $1 AND household_id = $2 AND hold_seq IS NOT NULL";
        /// The words in which a device was said to be missing, of all that had something of a household.
        ERASE_WORDS = "UPDATE offline_round SET missing_reason = NULL WHERE book_id = $1 AND missing_reason IS NOT NULL \
            AND id IN (SELECT round_id FROM offline_allowance WHERE book_id = $1 AND household_id = $2)";
    }
}

/// What a device was given, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RoundRow {
    /// Its name.
    pub id: OfflineRoundId,
    /// The client's key.
    pub key: String,
    /// At which counter.
    pub counter_id: CounterId,
    /// What people call the device.
    pub device_name: String,
    /// Its public key.
    pub device_key: Vec<u8>,
    /// When it was made ready.
    pub readied_at: Timestamp,
    /// By whom.
    pub readied_by: String,
    /// The most points of one sale.
    pub sale_max: i64,
    /// How far it is.
    pub state: String,
    /// The number of the next entry.
    pub next_no: i64,
    /// The digest that the next entry names.
    pub head: Vec<u8>,
    /// Counts what was sent.
    pub turn: i64,
    /// What keeps its goods aside.
    pub goods_seq: Option<i64>,
    /// When something was last sent.
    pub synced_at: Option<Timestamp>,
    /// Why it was stopped.
    pub fault: Option<String>,
    /// When it was said to be missing.
    pub missing_at: Option<Timestamp>,
    /// By whom.
    pub missing_by: Option<String>,
    /// In which words.
    pub missing_reason: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// By whom.
    pub ended_by: Option<String>,
}

/// An allowance with the standing of card and household.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AllowanceRow {
    /// Whose.
    pub household_id: HouseholdId,
    /// Its number.
    pub household_no: String,
    /// Its state now.
    pub household_state: String,
    /// The card.
    pub card_id: CardId,
    /// Its state now.
    pub card_state: String,
    /// The mark of its QR.
    pub qr_mark: Vec<u8>,
    /// The mark of its number.
    pub number_mark: Vec<u8>,
    /// Points given, in hundredths.
    pub points: i64,
    /// Points left.
    pub remaining: i64,
    /// What they are counted against.
    pub meter: String,
    /// What keeps them aside.
    pub hold_seq: Option<i64>,
}

/// An article of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct OfflineGoodsRow {
    /// The article.
    pub sku: i64,
    /// Pieces given; none of a service.
    pub pieces: Option<i64>,
    /// Pieces left.
    pub remaining: Option<i64>,
    /// The price on the device's list.
    pub price: i64,
}

/// A new allowance.
#[derive(Debug, Clone)]
pub struct NewAllowance<'a> {
    /// Whose.
    pub household: HouseholdId,
    /// The card.
    pub card: CardId,
    /// The mark of its QR.
    pub qr_mark: &'a [u8],
    /// The mark of its number.
    pub number_mark: &'a [u8],
    /// Points, in hundredths.
    pub points: i64,
    /// What they are counted against.
    pub meter: &'a str,
    /// What keeps them aside.
    pub hold_seq: i64,
}

/// Where a round stands after something was sent.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// What was sent before.
    pub turn: i64,
    /// How far it is.
    pub state: &'a str,
    /// The number of the next entry.
    pub next_no: i64,
    /// The digest that it names.
    pub head: &'a [u8],
    /// When.
    pub at: Timestamp,
    /// Why it was stopped.
    pub fault: Option<&'a str>,
    /// When it ended and who ended it.
    pub ended: Option<(Timestamp, &'a str)>,
}

/// Adds a round.
pub async fn add(tx: &mut WriteTx, book: BookId, r: &RoundRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(r.id)
        .bind(&r.key)
        .bind(r.counter_id)
        .bind(&r.device_name)
        .bind(&r.device_key)
        .bind(r.readied_at)
        .bind(&r.readied_by)
        .bind(r.sale_max)
        .bind(&r.head)
        .execute(c))
}

/// Adds an allowance.
pub async fn add_allowance(
    tx: &mut WriteTx,
    book: BookId,
    round: OfflineRoundId,
    a: &NewAllowance<'_>,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_ALLOWANCE)
        .bind(book)
        .bind(round)
        .bind(a.household)
        .bind(a.card)
        .bind(a.qr_mark)
        .bind(a.number_mark)
        .bind(a.points)
        .bind(a.meter)
        .bind(a.hold_seq)
        .execute(c))
}

/// Adds an article.
pub async fn add_goods(
    tx: &mut WriteTx,
    book: BookId,
    round: OfflineRoundId,
    g: &OfflineGoodsRow,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_GOODS)
        .bind(book)
        .bind(round)
        .bind(g.sku)
        .bind(g.pieces)
        .bind(g.price)
        .execute(c))
}

/// One round.
pub async fn by_id(tx: &mut Tx, book: BookId, id: OfflineRoundId) -> StoreResult<Option<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// One round, by the client's key.
pub async fn by_key(tx: &mut Tx, book: BookId, key: &str) -> StoreResult<Option<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(key).fetch_optional(c))?)
}

/// Rounds that have something in hand, the oldest first.
pub async fn out(tx: &mut Tx, book: BookId, limit: i64) -> StoreResult<Vec<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OUT).bind(book).bind(limit).fetch_all(c))?)
}

/// All rounds after the client's key `after`, by key.
pub async fn after(tx: &mut Tx, book: BookId, after: &str, limit: i64) -> StoreResult<Vec<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::AFTER).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// A counter's rounds, the latest first.
pub async fn of_counter(
    tx: &mut Tx,
    book: BookId,
    counter: CounterId,
    limit: i64,
) -> StoreResult<Vec<RoundRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_COUNTER).bind(book).bind(counter).bind(limit).fetch_all(c))?)
}

/// The allowances of a round, by household number.
pub async fn allowances(tx: &mut Tx, book: BookId, round: OfflineRoundId) -> StoreResult<Vec<AllowanceRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ALLOWANCES).bind(book).bind(round).fetch_all(c))?)
}

/// The articles of a round, by number.
pub async fn goods(tx: &mut Tx, book: BookId, round: OfflineRoundId) -> StoreResult<Vec<OfflineGoodsRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::GOODS).bind(book).bind(round).fetch_all(c))?)
}

/// Points of a household that devices have in hand.
pub async fn of_household(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OF_HOUSEHOLD).bind(book).bind(household).fetch_one(c))?)
}

/// Moves a round on; refused when something else did since it was read.
pub async fn turn(tx: &mut WriteTx, book: BookId, round: OfflineRoundId, t: &Turn<'_>) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::TURN)
        .bind(book)
        .bind(round)
        .bind(t.turn)
        .bind(t.state)
        .bind(t.next_no)
        .bind(t.head)
        .bind(t.at)
        .bind(t.fault)
        .bind(t.ended.map(|(at, _)| at))
        .bind(t.ended.map(|(_, by)| by))
        .execute(c))
}

/// Says what is left of an allowance, and what keeps it aside.
pub async fn leave(
    tx: &mut WriteTx,
    book: BookId,
    round: OfflineRoundId,
    household: HouseholdId,
    left: (i64, Option<i64>),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::LEAVE)
        .bind(book)
        .bind(round)
        .bind(household)
        .bind(left.0)
        .bind(left.1)
        .execute(c))
}

/// Says what is left of an article.
pub async fn leave_goods(
    tx: &mut WriteTx,
    book: BookId,
    round: OfflineRoundId,
    (sku, remaining): (i64, i64),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::LEAVE_GOODS)
        .bind(book)
        .bind(round)
        .bind(sku)
        .bind(remaining)
        .execute(c))
}

/// Says what keeps a round's goods aside.
pub async fn keep(
    tx: &mut WriteTx,
    book: BookId,
    round: OfflineRoundId,
    goods_seq: Option<i64>,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::KEEP).bind(book).bind(round).bind(goods_seq).execute(c))
}

/// Says that a device is missing.
pub async fn miss(
    tx: &mut WriteTx,
    book: BookId,
    round: OfflineRoundId,
    (at, by, reason): (Timestamp, &str, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::MISS)
        .bind(book)
        .bind(round)
        .bind(at)
        .bind(by)
        .bind(reason)
        .execute(c))
}

/// Refused unless the household may redeem and the card is in use.
pub async fn guard(tx: &mut WriteTx, book: BookId, household: HouseholdId, card: CardId) -> StoreResult<()> {
    let found: i64 = on!(&mut **tx, |c| sqlx::query_scalar(sql::GUARD)
        .bind(book)
        .bind(household)
        .bind(card)
        .fetch_one(c))?;
    if found == 1 { Ok(()) } else { Err(super::StoreError::RowsAffected { expected: 1, actual: 0 }) }
}

/// Forgets what was said of missing devices that had something of a household.
pub async fn erase_words(tx: &mut WriteTx, book: BookId, household: HouseholdId) -> StoreResult<()> {
    any!(&mut **tx, |c| sqlx::query(sql::ERASE_WORDS).bind(book).bind(household).execute(c))
}
