//! Volunteers and what they offer.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeOfferId},
        time::{Day, Timestamp},
    },
    store::{StoreResult, Tx, WriteTx, any, exactly, on},
};

macro_rules! columns {
    () => {
        "person_id, no, joined_at, joined_by, well_on, insured_until, trained_on, guardian_id, consent_on, brim, \
         barred_until, left_on"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Enters a volunteer.
        ADD = concat!("INSERT INTO time_volunteer (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
            $9, $10, $11, $12, $13)");
        /// What is known of them now.
        SAVE = "UPDATE time_volunteer SET well_on = $3, insured_until = $4, trained_on = $5, guardian_id = $6, \
            consent_on = $7, brim = $8, barred_until = $9, left_on = $10 WHERE book_id = $1 AND person_id = $2";
        /// What is known of somebody's health, insurance and family.
        ERASE = "UPDATE time_volunteer SET well_on = NULL, insured_until = NULL, trained_on = NULL, guardian_id = NULL, \
            consent_on = NULL, left_on = COALESCE(left_on, $3) WHERE book_id = $1 AND person_id = $2";
        /// Takes back everything somebody offers.
        END_ALL = "UPDATE time_offer SET ended_at = $3 WHERE book_id = $1 AND person_id = $2 AND ended_at IS NULL";
        /// One volunteer.
        ONE = concat!("SELECT ", columns!(), " FROM time_volunteer WHERE book_id = $1 AND person_id = $2");
        /// Adds an offer.
        OFFER = "INSERT INTO time_offer (book_id, id, person_id, kind, weekdays, from_minute, until_minute, offered_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// Takes an offer back.
        END = "UPDATE time_offer SET ended_at = $4 WHERE book_id = $1 AND id = $2 AND person_id = $3 AND ended_at IS NULL";
        /// Offers of a person.
        OFFERS = "SELECT id, person_id, kind, weekdays, from_minute, until_minute, offered_at, ended_at FROM time_offer \
            WHERE book_id = $1 AND person_id = $2 AND ended_at IS NULL ORDER BY offered_at, id LIMIT 100";
        /// Who offers a kind of service, by number, above one.
        OFFERING = "SELECT DISTINCT v.no, v.person_id FROM time_offer AS o JOIN time_volunteer AS v \
            ON v.book_id = o.book_id AND v.person_id = o.person_id WHERE o.book_id = $1 AND o.kind = $2 \
            AND o.ended_at IS NULL AND v.left_on IS NULL AND v.no > $3 ORDER BY v.no LIMIT $4";
    }
}

/// A volunteer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct VolunteerRow {
    /// Who.
    pub person_id: PersonId,
    /// The volunteer number.
    pub no: i64,
    /// Since when.
    pub joined_at: Timestamp,
    /// Entered by whom.
    pub joined_by: String,
    /// The day they declared to be well.
    pub well_on: Option<Day>,
    /// The last day of their insurance.
    pub insured_until: Option<Day>,
    /// The day they were trained.
    pub trained_on: Option<Day>,
    /// Of a minor: who consented.
    pub guardian_id: Option<PersonId>,
    /// Since when.
    pub consent_on: Option<Day>,
    /// What becomes of minutes beyond the cap.
    pub brim: Option<String>,
    /// Barred up to and with this day.
    pub barred_until: Option<Day>,
    /// The day they left.
    pub left_on: Option<Day>,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OfferRow {
    /// Its name.
    pub id: TimeOfferId,
    /// Whose.
    pub person_id: PersonId,
    /// What.
    pub kind: String,
    /// On which weekdays: Monday is the lowest bit.
    pub weekdays: i32,
    /// From which minute of the day.
    pub from_minute: i32,
    /// Up to which.
    pub until_minute: i32,
    /// Since when.
    pub offered_at: Timestamp,
    /// Until when.
    pub ended_at: Option<Timestamp>,
}

/// Enters a volunteer.
pub async fn add(tx: &mut WriteTx, book: BookId, v: &VolunteerRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(v.person_id)
        .bind(v.no)
        .bind(v.joined_at)
        .bind(&v.joined_by)
        .bind(v.well_on)
        .bind(v.insured_until)
        .bind(v.trained_on)
        .bind(v.guardian_id)
        .bind(v.consent_on)
        .bind(&v.brim)
        .bind(v.barred_until)
        .bind(v.left_on)
        .execute(c))
}

/// Writes what is known of a volunteer now.
pub async fn save(tx: &mut WriteTx, book: BookId, v: &VolunteerRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::SAVE)
        .bind(book)
        .bind(v.person_id)
        .bind(v.well_on)
        .bind(v.insured_until)
        .bind(v.trained_on)
        .bind(v.guardian_id)
        .bind(v.consent_on)
        .bind(&v.brim)
        .bind(v.barred_until)
        .bind(v.left_on)
        .execute(c))
}

/// Forgets what is known of somebody's health, insurance and family, and ends what they offer.
pub async fn erase(tx: &mut WriteTx, book: BookId, person: PersonId, at: Timestamp) -> StoreResult<()> {
    let done: StoreResult<()> =
        any!(&mut **tx, |c| sqlx::query(sql::ERASE).bind(book).bind(person).bind(at.day()).execute(c));
    done?;
    any!(&mut **tx, |c| sqlx::query(sql::END_ALL).bind(book).bind(person).bind(at).execute(c))
}

/// One volunteer.
pub async fn one(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Option<VolunteerRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(person).fetch_optional(c))?)
}

/// Adds an offer.
pub async fn offer(tx: &mut WriteTx, book: BookId, o: &OfferRow) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::OFFER)
        .bind(book)
        .bind(o.id)
        .bind(o.person_id)
        .bind(&o.kind)
        .bind(o.weekdays)
        .bind(o.from_minute)
        .bind(o.until_minute)
        .bind(o.offered_at)
        .execute(c))
}

/// Takes an offer back. Fails unless it stands and is that person's.
pub async fn end(
    tx: &mut WriteTx,
    book: BookId,
    (id, person): (TimeOfferId, PersonId),
    at: Timestamp,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::END).bind(book).bind(id).bind(person).bind(at).execute(c))
}

/// What a person offers.
pub async fn offers(tx: &mut Tx, book: BookId, person: PersonId) -> StoreResult<Vec<OfferRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OFFERS).bind(book).bind(person).fetch_all(c))?)
}

/// Who offers a kind of service, numbered above `after`: number and person.
pub async fn offering(
    tx: &mut Tx,
    book: BookId,
    kind: &str,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(i64, PersonId)>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OFFERING).bind(book).bind(kind).bind(after).bind(limit).fetch_all(c))?)
}
