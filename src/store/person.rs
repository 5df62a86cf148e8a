//! Persons, to whom they belong from when to when, who is whose kin, and which user is which person.

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    household::{Membership, PersonNo},
    ids::{BookId, HouseholdId, PersonId, UserId},
    kin::{Kin, KinKind},
    person::Relation,
    time::Day,
};

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Registers a person.
        ADD = "INSERT INTO person (book_id, id, no, name, pinyin, initials, birth_year, phone) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// By id.
        BY_ID = "SELECT id, no, name, pinyin, initials, birth_year, phone FROM person WHERE book_id = $1 AND id = $2";
        /// By number.
        BY_NO = "SELECT id, no, name, pinyin, initials, birth_year, phone FROM person WHERE book_id = $1 AND no = $2";
        /// Begins a membership.
        JOIN = "INSERT INTO membership (book_id, person_id, from_on, to_on, household_id, relation) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        /// Ends an open membership.
        LEAVE = "UPDATE membership SET to_on = $3 WHERE book_id = $1 AND person_id = $2 AND to_on IS NULL";
        /// All memberships of a person.
        MEMBERSHIPS = "SELECT person_id, household_id, relation, from_on, to_on FROM membership \
            WHERE book_id = $1 AND person_id = $2 ORDER BY from_on";
        /// Members of a household on a day, the head first.
        MEMBERS = "SELECT p.id, p.no, p.name, p.birth_year, p.phone, m.relation FROM membership AS m \
            JOIN person AS p ON p.book_id = m.book_id AND p.id = m.person_id WHERE m.book_id = $1 \
            AND m.household_id = $2 AND m.from_on <= $3 AND (m.to_on IS NULL OR m.to_on > $3) \
            ORDER BY CASE WHEN m.relation = 'head' THEN 0 ELSE 1 END, p.no";
        /// Name of the present head of a household.
        HEAD = "SELECT p.name FROM membership AS m JOIN person AS p ON p.book_id = m.book_id AND p.id = m.person_id \
            WHERE m.book_id = $1 AND m.household_id = $2 AND m.relation = 'head' AND m.to_on IS NULL";
        /// Forgets who a person was; the number stays.
        ERASE = "UPDATE person SET name = $3, pinyin = '', initials = '', birth_year = NULL, phone = NULL \
            WHERE book_id = $1 AND id = $2";
        /// Writes a tie of kinship.
        ADD_KIN = "INSERT INTO kin (book_id, person_id, other_id, relation) VALUES ($1, $2, $3, $4)";
        /// The ties of a person, from either side.
        KIN_OF = "SELECT person_id, other_id, relation FROM kin WHERE book_id = $1 AND (person_id = $2 OR other_id = $2)";
        /// Says which person a user is.
        LINK = "INSERT INTO login_person (book_id, user_id, person_id) VALUES ($1, $2, $3) \
            ON CONFLICT (book_id, user_id) DO UPDATE SET person_id = excluded.person_id";
        /// Which person a user is.
        OF_USER = "SELECT person_id FROM login_person WHERE book_id = $1 AND user_id = $2";
    }
}

/// A person as registered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their number.
    pub no: PersonNo,
    /// Their name, in full: mask it before it leaves the village.
    pub name: String,
    /// Folded full pinyin.
    pub pinyin: String,
    /// Folded initials.
    pub initials: String,
    /// Year of birth, enough for every rule of age.
    pub birth_year: Option<i32>,
    /// Mobile number.
    pub phone: Option<String>,
}

/// A member of a household.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// Their id.
    pub id: PersonId,
    /// Their number.
    pub no: PersonNo,
    /// Their name, in full.
    pub name: String,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// Mobile number.
    pub phone: Option<String>,
    relation: String,
}

impl Member {
    /// What they are to the head.
    pub fn relation(&self) -> StoreResult<Relation> {
        self.relation
            .parse()
            .map_err(|_| StoreError::inconsistent("membership", "relation", self.relation.clone()))
    }
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    person_id: PersonId,
    household_id: HouseholdId,
    relation: String,
    from_on: Day,
    to_on: Option<Day>,
}

#[derive(sqlx::FromRow)]
struct KinRow {
    person_id: PersonId,
    other_id: PersonId,
    relation: String,
}

/// Registers a person.
pub async fn add(tx: &mut WriteTx, book: BookId, p: &Person) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(p.id)
        .bind(&p.no)
        .bind(&p.name)
        .bind(&p.pinyin)
        .bind(&p.initials)
        .bind(p.birth_year)
        .bind(&p.phone)
        .execute(c))
}

/// By id.
pub async fn by_id(tx: &mut Tx, book: BookId, id: PersonId) -> StoreResult<Option<Person>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_ID).bind(book).bind(id).fetch_optional(c))?)
}

/// By number.
pub async fn by_no(tx: &mut Tx, book: BookId, no: &PersonNo) -> StoreResult<Option<Person>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NO).bind(book).bind(no).fetch_optional(c))?)
}

/// Begins a membership.
pub async fn join(tx: &mut WriteTx, book: BookId, m: &Membership) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::JOIN)
        .bind(book)
        .bind(m.person)
        .bind(m.from)
        .bind(m.to)
        .bind(m.household)
        .bind(m.relation.as_str())
        .execute(c))
}

/// Ends a person's open membership: `on` is the first day they no longer belong.
pub async fn leave(tx: &mut WriteTx, book: BookId, person: PersonId, on: Day) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::LEAVE).bind(book).bind(person).bind(on).execute(c))
}

/// All memberships of a person, oldest first.
pub async fn memberships(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Vec<Membership>> {
    let rows: Vec<MembershipRow> =
        on!(tx, |c| sqlx::query_as(sql::MEMBERSHIPS).bind(book).bind(person).fetch_all(c))?;
    rows.into_iter()
        .map(|r| {
            let relation = r
                .relation
                .parse()
                .map_err(|_| StoreError::inconsistent("membership", "relation", r.relation.clone()))?;
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

/// Members of a household on `day`, the head first.
pub async fn members(
    tx: &mut Tx,
    book: BookId,
    household: HouseholdId,
    day: Day,
) -> StoreResult<Vec<Member>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::MEMBERS).bind(book).bind(household).bind(day).fetch_all(c))?)
}

/// Name of the present head of a household, in full.
pub async fn head(tx: &mut Tx, book: BookId, household: HouseholdId) -> StoreResult<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::HEAD).bind(book).bind(household).fetch_optional(c))?)
}

/// Forgets who a person was; `name` stands where the name was.
pub async fn erase(tx: &mut WriteTx, book: BookId, id: PersonId, name: &str) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(id).bind(name).execute(c))
}

/// Writes a tie of kinship.
pub async fn add_kin(tx: &mut WriteTx, book: BookId, kin: &Kin) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_KIN)
        .bind(book)
        .bind(kin.person)
        .bind(kin.relative)
        .bind(kin.kind.as_str())
        .execute(c))
}

/// The ties of a person, from either side.
pub async fn kin_of(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Vec<Kin>> {
    let rows: Vec<KinRow> = on!(tx, |c| sqlx::query_as(sql::KIN_OF).bind(book).bind(person).fetch_all(c))?;
    rows.into_iter()
        .map(|r| {
            let kind: KinKind = r
                .relation
                .parse()
                .map_err(|_| StoreError::inconsistent("kin", "relation", r.relation.clone()))?;
            Ok(Kin { person: r.person_id, relative: r.other_id, kind })
        })
        .collect()
}

/// Says which person of the village a user is.
pub async fn link_user(tx: &mut WriteTx, book: BookId, user: UserId, person: PersonId) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::LINK).bind(book).bind(user).bind(person).execute(c))
}

/// Which person of the village a user is, if any.
pub async fn of_user(tx: &mut Tx, book: BookId, user: UserId) -> StoreResult<Option<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(sql::OF_USER).bind(book).bind(user).fetch_optional(c))?)
}
