//! Papers of a volunteer's record, with the list that each one fixed.

use crate::{
    domain::{
        ids::{BookId, PersonId, TimeCertificateId},
        time::{Day, Timestamp},
        timebank::certificate::{Contents, Line, Standing},
    },
    store::{StoreError, StoreResult, Tx, WriteTx, exactly, on},
};

macro_rules! columns {
    () => {
        "id, no, key, person_id, token, volunteer, unit, in_charge, handler, issued_on, issued_at, issued_by, \
         standing, from_on, to_on, minutes, digest, seq"
    };
}

/// Statements.
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Adds a paper.
        ADD = concat!("INSERT INTO time_certificate (book_id, ", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)");
        /// Adds a service on it.
        ADD_LINE = "INSERT INTO time_certificate_line (book_id, certificate_id, place, root, seq, served_on, kind, content, \
            at_place, minutes, rating, late) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        /// One paper.
        ONE = concat!("SELECT ", columns!(), " FROM time_certificate WHERE book_id = $1 AND id = $2");
        /// By the unguessable part of its address.
        BY_TOKEN = concat!("SELECT ", columns!(), " FROM time_certificate WHERE book_id = $1 AND token = $2");
        /// Issued under a key.
        BY_KEY = concat!("SELECT ", columns!(), " FROM time_certificate WHERE book_id = $1 AND issued_by = $2 AND key = $3");
        /// Of one person, the latest first.
        OF_PERSON = concat!("SELECT ", columns!(), " FROM time_certificate WHERE book_id = $1 AND person_id = $2 \
            AND no < $3 ORDER BY no DESC LIMIT $4");
        /// All of a book, the latest first.
        LATEST = concat!("SELECT ", columns!(), " FROM time_certificate WHERE book_id = $1 AND no < $2 \
            ORDER BY no DESC LIMIT $3");
        /// All of a book by number.
        BY_NUMBER = concat!("SELECT ", columns!(), " FROM time_certificate WHERE book_id = $1 AND no > $2 \
            ORDER BY no LIMIT $3");
        /// The services on it.
        LINES = "SELECT root, seq, served_on, kind, content, at_place, minutes, rating, late FROM time_certificate_line \
            WHERE book_id = $1 AND certificate_id = $2 ORDER BY place";
    }
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CertificateRow {
    /// Its name.
    pub id: TimeCertificateId,
    /// Its number.
    pub no: i64,
    /// What makes one form sent twice one paper.
    pub key: String,
    /// Whose record it is.
    pub person_id: PersonId,
    /// The unguessable part of its address.
    pub token: String,
    /// The volunteer number.
    pub volunteer: Option<i64>,
    /// Who keeps the record.
    pub unit: String,
    /// Who is in charge there.
    pub in_charge: String,
    /// Who handed it out; empty when it was printed at home.
    pub handler: String,
    /// The day of issue.
    pub issued_on: Day,
    /// When.
    pub issued_at: Timestamp,
    /// By whom.
    pub issued_by: String,
    /// What it may be called.
    pub standing: String,
    /// The first day.
    pub from_on: Day,
    /// The last day.
    pub to_on: Day,
    /// Minutes of all services.
    pub minutes: i64,
    /// The digest of what it says.
    pub digest: Vec<u8>,
    /// The transaction that put the digest into the log.
    pub seq: i64,
}

impl CertificateRow {
    /// What it may be called.
    pub fn standing(&self) -> StoreResult<Standing> {
        self.standing
            .parse()
            .map_err(|_| StoreError::inconsistent("time_certificate", "standing", &self.standing))
    }

    /// What it says of the person numbered `person`, with its services.
    pub fn contents(&self, person: &str, lines: Vec<Line>) -> StoreResult<Contents> {
        Ok(Contents {
            id: self.id,
            token: self.token.clone(),
            person: person.to_owned(),
            volunteer: self.volunteer,
            unit: self.unit.clone(),
            in_charge: self.in_charge.clone(),
            handler: self.handler.clone(),
            issued_on: self.issued_on,
            standing: self.standing()?,
            from_on: self.from_on,
            to_on: self.to_on,
            lines,
        })
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    root: i64,
    seq: i64,
    served_on: Day,
    kind: String,
    content: String,
    at_place: String,
    minutes: i64,
    rating: Option<i32>,
    late: i32,
}

/// Adds a paper with its services.
pub async fn add(tx: &mut WriteTx, book: BookId, p: &CertificateRow, lines: &[Line]) -> StoreResult<()> {
    let done: StoreResult<()> = exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD)
        .bind(book)
        .bind(p.id)
        .bind(p.no)
        .bind(&p.key)
        .bind(p.person_id)
        .bind(&p.token)
        .bind(p.volunteer)
        .bind(&p.unit)
        .bind(&p.in_charge)
        .bind(&p.handler)
        .bind(p.issued_on)
        .bind(p.issued_at)
        .bind(&p.issued_by)
        .bind(&p.standing)
        .bind(p.from_on)
        .bind(p.to_on)
        .bind(p.minutes)
        .bind(&p.digest)
        .bind(p.seq)
        .execute(c));
    done?;
    for (place, l) in (1_i32..).zip(lines) {
        let done: StoreResult<()> = exactly!(1, &mut **tx, |c| sqlx::query(sql::ADD_LINE)
            .bind(book)
            .bind(p.id)
            .bind(place)
            .bind(l.root)
            .bind(l.seq)
            .bind(l.served_on)
            .bind(&l.kind)
            .bind(&l.content)
            .bind(&l.place)
            .bind(l.minutes)
            .bind(l.rating.and_then(|r| i32::try_from(r).ok()))
            .bind(i32::from(l.late))
            .execute(c));
        done?;
    }
    Ok(())
}

/// One paper.
pub async fn one(tx: &mut Tx, book: BookId, id: TimeCertificateId) -> StoreResult<Option<CertificateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::ONE).bind(book).bind(id).fetch_optional(c))?)
}

/// The paper whose address has this unguessable part.
pub async fn by_token(tx: &mut Tx, book: BookId, token: &str) -> StoreResult<Option<CertificateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_TOKEN).bind(book).bind(token).fetch_optional(c))?)
}

/// The paper that somebody had issued under a key.
pub async fn by_key(tx: &mut Tx, book: BookId, by: &str, key: &str) -> StoreResult<Option<CertificateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_KEY).bind(book).bind(by).bind(key).fetch_optional(c))?)
}

/// Papers of a person numbered below `before`, the latest first.
pub async fn of_person(
    tx: &mut Tx,
    book: BookId,
    who: PersonId,
    before: i64,
    limit: i64,
) -> StoreResult<Vec<CertificateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::OF_PERSON)
        .bind(book)
        .bind(who)
        .bind(before)
        .bind(limit)
        .fetch_all(c))?)
}

/// Papers of a book numbered below `before`, the latest first.
pub async fn latest(tx: &mut Tx, book: BookId, before: i64, limit: i64) -> StoreResult<Vec<CertificateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::LATEST).bind(book).bind(before).bind(limit).fetch_all(c))?)
}

/// Papers of a book numbered above `after`.
pub async fn by_number(
    tx: &mut Tx,
    book: BookId,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<CertificateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(sql::BY_NUMBER).bind(book).bind(after).bind(limit).fetch_all(c))?)
}

/// The services on a paper.
pub async fn lines(tx: &mut Tx, book: BookId, id: TimeCertificateId) -> StoreResult<Vec<Line>> {
    let found: Vec<LineRow> = on!(tx, |c| sqlx::query_as(sql::LINES).bind(book).bind(id).fetch_all(c))?;
    let line = |l: LineRow| Line {
        root: l.root,
        seq: l.seq,
        served_on: l.served_on,
        kind: l.kind,
        content: l.content,
        place: l.at_place,
        minutes: l.minutes,
        rating: l.rating.map(i64::from),
        late: l.late == 1,
    };
    Ok(found.into_iter().map(line).collect())
}
