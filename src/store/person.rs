//! Persons, to whom they belong from when to when, and who is whose kin.

use super::{StoreError, StoreResult, Tx, WriteTx, exactly, on};
use crate::domain::{
    household::{Membership, PersonNo},
    ids::{BookId, HouseholdId, PersonId},
    kin::{Kin, KinKind},
    person::Relation,
    time::{Day, Timestamp},
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
        ADD_KIN = "INSERT INTO kin (book_id, person_id, other_id, ordinal, relation, entered_at, entered_by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        /// Takes a tie back from a day on.
        END_KIN = "UPDATE kin SET until_on = $4, withdrawn_at = $5, withdrawn_by = $6 WHERE book_id = $1 \
            AND person_id = $2 AND other_id = $3 AND until_on IS NULL";
        /// Every tie of a person there ever was, from either side, the oldest first.
        KIN_OF = "SELECT person_id, other_id, ordinal, relation, entered_at, entered_by, until_on, withdrawn_at, \
            withdrawn_by FROM kin WHERE book_id = $1 AND (person_id = $2 OR other_id = $2) ORDER BY ordinal, person_id, other_id";
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

/// A tie as it was written down and, perhaps, taken back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KinRow {
    /// From whom it is seen.
    pub person_id: PersonId,
    /// Whom it names.
    pub other_id: PersonId,
    /// Its place among the ties of the two.
    pub ordinal: i32,
    relation: String,
    /// When it was written down, if that was kept.
    pub entered_at: Option<Timestamp>,
    /// Who wrote it down.
    pub entered_by: String,
    /// The first day on which it bars nobody.
    pub until_on: Option<Day>,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// Who took it back.
    pub withdrawn_by: Option<String>,
}

impl KinRow {
    /// The tie itself.
    pub fn kin(&self) -> StoreResult<Kin> {
        let kind: KinKind = self
            .relation
            .parse()
            .map_err(|_| StoreError::inconsistent("kin", "relation", self.relation.clone()))?;
        Ok(Kin { person: self.person_id, relative: self.other_id, kind, until: self.until_on })
    }
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

/// Writes a tie of kinship; its place is the next among those of the two.
pub async fn add_kin(
    tx: &mut WriteTx,
    book: BookId,
    (kin, ordinal): (&Kin, i32),
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_KIN)
        .bind(book)
        .bind(kin.person)
        .bind(kin.relative)
        .bind(ordinal)
        .bind(kin.kind.as_str())
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Takes a tie back: from `until` on it bars nobody.
pub async fn end_kin(
    tx: &mut WriteTx,
    book: BookId,
    kin: &Kin,
    until: Day,
    (at, by): (Timestamp, &str),
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END_KIN)
        .bind(book)
        .bind(kin.person)
        .bind(kin.relative)
        .bind(until)
        .bind(at)
        .bind(by)
        .execute(c))
}

/// Every tie of a person there ever was, from either side, the oldest first.
pub async fn ties(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Vec<KinRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::KIN_OF).bind(book).bind(person).fetch_all(c))?)
}

/// … as ties.
pub async fn kin_of(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Vec<Kin>> {
    ties(tx, book, person).await?.iter().map(KinRow::kin).collect()
}
