//! The register as a whole: many rows at a time for an import, and the lists the clerk looks up. No checks: those are
//! [`crate::domain::household`].

use sqlx::AssertSqlSafe;

use super::{
    StoreResult, Tx, WriteTx, exactly,
    household::Household,
    ledger::{pieces, rows},
    on,
    person::Person,
};
use crate::domain::{
    household::{HouseholdNo, Membership, PersonNo},
    ids::{BookId, HouseholdId, OrgId, PersonId},
    time::Day,
};

/// Statements of fixed text.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Every household number ever given out, with the number inside its phone codes.
        NUMBERS = "SELECT no, credential_no FROM household WHERE book_id = $1";
        /// A place and everything in it.
        PLACES = "WITH RECURSIVE down (id, depth) AS (SELECT id, 0 FROM org WHERE id = $1 \
            UNION ALL SELECT o.id, down.depth + 1 FROM org AS o JOIN down ON o.parent_id = down.id WHERE down.depth < 9) \
            SELECT o.id, o.parent_id, o.kind, o.name FROM down JOIN org AS o ON o.id = down.id \
            WHERE o.closed_on IS NULL ORDER BY down.depth, o.position, o.name, o.id";
        /// Everybody who ever belonged to a household, by the day they joined.
        HISTORY = "SELECT p.id, p.no, p.name, m.relation, m.from_on, m.to_on FROM membership AS m \
            JOIN person AS p ON p.book_id = m.book_id AND p.id = m.person_id \
            WHERE m.book_id = $1 AND m.household_id = $2 ORDER BY m.from_on, p.no";
        /// Present heads of a run of households, by number.
        HEADS = "SELECT h.no, p.name FROM household AS h JOIN membership AS m ON m.book_id = h.book_id \
            AND m.household_id = h.id AND m.relation = 'head' AND m.to_on IS NULL JOIN person AS p \
            ON p.book_id = m.book_id AND p.id = m.person_id WHERE h.book_id = $1 AND h.no >= $2 AND h.no <= $3";
        /// Active memberships that touch a household or a person, for checking a new one.
        AROUND = "SELECT person_id, household_id, relation, from_on, to_on FROM membership \
            WHERE book_id = $1 AND (household_id = $2 OR person_id = $3) ORDER BY from_on";
        /// How many people the register holds now.
        PEOPLE = "SELECT CAST(COUNT(*) AS BIGINT) FROM membership WHERE book_id = $1 AND to_on IS NULL";
    }
}

/// A place of the village.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    /// Its id.
    pub id: OrgId,
    /// The place it lies in.
    pub parent_id: Option<OrgId>,
    /// What kind of place, [`crate::domain::org::OrgKind`] as text.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// Somebody who belonged to a household.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Belonging {
    /// Who.
    pub id: PersonId,
    /// Their number.
    pub no: PersonNo,
    /// Their name, in full.
    pub name: String,
    /// What they were to the head, [`crate::domain::person::Relation`] as text.
    pub relation: String,
    /// From this day.
    pub from_on: Day,
    /// Until before this day.
    pub to_on: Option<Day>,
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    person_id: PersonId,
    household_id: HouseholdId,
    relation: String,
    from_on: Day,
    to_on: Option<Day>,
}

/// Runs `$head rows`, in pieces, binding each item's columns after the book.
macro_rules! insert_many {
    ($tx:expr, $book:expr, $items:expr, $columns:expr, $head:literal, |$q:ident, $item:ident| $bind:expr) => {{
        let engine = $tx.engine();
        for piece in pieces($items, engine) {
            let text = format!("{}{}", $head, rows(engine, piece.len(), $columns));
            let expected = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            exactly!(expected, &mut **$tx, |c| {
                // only our own text and placeholders
                let mut $q = sqlx::query(AssertSqlSafe(text)).bind($book);
                for $item in piece {
                    $q = $bind;
                }
                $q.execute(c)
            })?;
        }
        Ok(())
    }};
}

/// Registers households.
pub async fn households(tx: &mut WriteTx, book: BookId, items: &[Household]) -> StoreResult<()> {
    insert_many!(
        tx,
        book,
        items,
        8,
        "INSERT INTO household (book_id, id, no, org_id, group_id, state, credential_no, address, opened_on) VALUES ",
        |q, h| q
            .bind(h.id)
            .bind(&h.no)
            .bind(h.org_id)
            .bind(h.group_id)
            .bind(h.state_code())
            .bind(h.credential_no)
            .bind(&h.address)
            .bind(h.opened_on)
    )
}

/// Registers people.
pub async fn people(tx: &mut WriteTx, book: BookId, items: &[Person]) -> StoreResult<()> {
    insert_many!(
        tx,
        book,
        items,
        7,
        "INSERT INTO person (book_id, id, no, name, pinyin, initials, birth_year, phone) VALUES ",
        |q, p| q
            .bind(p.id)
            .bind(&p.no)
            .bind(&p.name)
            .bind(&p.pinyin)
            .bind(&p.initials)
            .bind(p.birth_year)
            .bind(&p.phone)
    )
}

/// Begins memberships.
pub async fn memberships(tx: &mut WriteTx, book: BookId, items: &[Membership]) -> StoreResult<()> {
    insert_many!(
        tx,
        book,
        items,
        5,
        "INSERT INTO membership (book_id, person_id, from_on, to_on, household_id, relation) VALUES ",
        |q, m| q.bind(m.person).bind(m.from).bind(m.to).bind(m.household).bind(m.relation.as_str())
    )
}

/// Every household number ever given out, with the number inside its phone codes.
pub async fn numbers(tx: &mut Tx, book: BookId) -> StoreResult<Vec<(HouseholdNo, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::NUMBERS).bind(book).fetch_all(c))?)
}

/// `village` and everything in it that is open, from the top down.
pub async fn places(tx: &mut Tx, village: OrgId) -> StoreResult<Vec<Place>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::PLACES).bind(village).fetch_all(c))?)
}

/// Everybody who ever belonged to a household.
pub async fn history(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Vec<Belonging>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HISTORY).bind(book).bind(household).fetch_all(c))?)
}

/// Present heads of the households numbered `from` to `to`, names in full.
pub async fn heads(
    tx: &mut Tx,
    book: BookId,
    from: &HouseholdNo,
    to: &HouseholdNo,
) -> StoreResult<Vec<(HouseholdNo, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::HEADS).bind(book).bind(from).bind(to).fetch_all(c))?)
}

/// Memberships of a household and of a person, for checking a new one.
pub async fn around(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    person: PersonId,
) -> StoreResult<Vec<Membership>> {
    let found: Vec<MembershipRow> =
        on!(tx, |c| sqlx::query_as(sql::AROUND).bind(book).bind(household).bind(person).fetch_all(c))?;
    found
        .into_iter()
        .map(|r| {
            let relation = r
                .relation
                .parse()
                .map_err(|_| super::StoreError::inconsistent("membership", "relation", r.relation.clone()))?;
            Ok(Membership {
                person: r.person_id,
                household: r.household_id,
                relation,
                from: r.from_on,
                to: r.to_on,
            })
        })
        .collect()
}

/// How many people belong to a household now.
pub async fn people_count(tx: &mut Tx, book: BookId) -> StoreResult<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::PEOPLE).bind(book).fetch_one(c))?)
}
