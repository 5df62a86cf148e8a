//! What the county's administrators did to accounts and places: written down with who, when and why (留痕), read by
//! auditors of the villages concerned and by the county.

use uuid::Uuid;

use super::{
    Desk, ServiceResult,
    award::limited,
    caller::{Actor, Auditor, CountyAdmin},
    counters::Step,
};
use crate::{
    domain::{
        ids::{BookId, EventId, OrgId, UserId},
        time::Timestamp,
    },
    store::{
        Tx, WriteTx,
        event::{self, Event},
        login, org, programme,
    },
};

/// Happenings on one page.
pub const OFFICE_PAGE: i64 = 100;

/// What is done.
pub(super) struct Deed<'a> {
    /// What: `create`, `disable`, `rename` …
    pub(super) verb: &'a str,
    /// A role, a name, a code: what it is now.
    pub(super) to: Option<&'a str>,
    /// Why; empty when no reason is asked for.
    pub(super) reason: &'a str,
}

/// Something that was done to an account or a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeEvent {
    /// Its id, for the next page.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// `account` or `place`.
    pub subject: String,
    /// Which one.
    pub subject_id: Uuid,
    /// What it is called.
    pub name: String,
    /// What was done.
    pub verb: String,
    /// What it is now.
    pub to: Option<String>,
    /// Who did it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Where a page of [`Desk::office_events`] begins: the last happening of the page before.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// When that was.
    pub at: Timestamp,
    /// Which it was.
    pub id: EventId,
}

/// The county's own events stand under its place; no village has that book.
const fn county_book(by: &CountyAdmin) -> BookId {
    BookId(by.org.0)
}

impl Desk {
    /// Writes down what was done to an account: for the county, and for each village it has a role in.
    pub(super) async fn note_account(
        &self,
        tx: &mut WriteTx,
        by: &CountyAdmin,
        user: UserId,
        deed: Deed<'_>,
    ) -> ServiceResult<()> {
        let mut books = vec![county_book(by)];
        for grant in login::grants(tx, user).await? {
            books.extend(programme::above(tx, grant.org_id).await?.map(|p| p.book_id));
        }
        self.note_office(tx, by, books, ("account", user.0), deed).await
    }

    /// Writes down what was said of an account in a village, whether it has a role there yet or not.
    pub(super) async fn note_identity(
        &self,
        tx: &mut WriteTx,
        by: &CountyAdmin,
        (user, book): (UserId, BookId),
        deed: Deed<'_>,
    ) -> ServiceResult<()> {
        self.note_office(tx, by, vec![county_book(by), book], ("account", user.0), deed).await
    }

    /// Writes down what was done to a place: for the county, and for the village it is part of.
    pub(super) async fn note_place(
        &self,
        tx: &mut WriteTx,
        by: &CountyAdmin,
        place: OrgId,
        deed: Deed<'_>,
    ) -> ServiceResult<()> {
        let mut books = vec![county_book(by)];
        books.extend(programme::above(tx, place).await?.map(|p| p.book_id));
        self.note_office(tx, by, books, ("place", place.0), deed).await
    }

    async fn note_office(
        &self,
        tx: &mut WriteTx,
        by: &CountyAdmin,
        mut books: Vec<BookId>,
        (subject, subject_id): (&str, Uuid),
        deed: Deed<'_>,
    ) -> ServiceResult<()> {
        let reason = limited("reason", deed.reason.trim())?;
        books.sort_unstable();
        books.dedup();
        for book in books {
            let Deed { verb, to, .. } = deed;
            let step = Step { subject, subject_id, verb, from: None, to, reason };
            self.leave_trace(tx, book, Actor::User(by.user), step).await?;
        }
        Ok(())
    }

    /// What was done to accounts and places of the auditor's village, the latest first.
    pub async fn office_events(
        &self,
        by: &Auditor,
        before: Option<Before>,
        limit: i64,
    ) -> ServiceResult<Vec<OfficeEvent>> {
        self.office_of(by.book, before, limit).await
    }

    /// What was done to accounts and places of the county, the latest first.
    pub async fn county_events(
        &self,
        by: &CountyAdmin,
        before: Option<Before>,
        limit: i64,
    ) -> ServiceResult<Vec<OfficeEvent>> {
        self.office_of(county_book(by), before, limit).await
    }

    async fn office_of(
        &self,
        book: BookId,
        before: Option<Before>,
        limit: i64,
    ) -> ServiceResult<Vec<OfficeEvent>> {
        let mut tx = self.db.begin_read().await?;
        let before = match before {
            Some(before) => (before.at, before.id),
            None => (self.now().plus_days(1), EventId(Uuid::max())),
        };
        let mut out = Vec::new();
        for row in event::office(&mut tx, book, before, limit.clamp(1, OFFICE_PAGE)).await? {
            out.push(shown(&mut tx, row).await?);
        }
        Ok(out)
    }
}

async fn shown(tx: &mut Tx, row: Event) -> ServiceResult<OfficeEvent> {
    let name = if row.subject == "account" {
        login::by_id(tx, UserId(row.subject_id))
            .await?
            .map(|u| format!("{} ({})", u.display_name, u.login_name))
    } else {
        org::by_id(tx, OrgId(row.subject_id)).await?.map(|o| o.name)
    };
    Ok(OfficeEvent {
        id: row.id,
        at: row.at,
        name: name.unwrap_or_default(),
        subject: row.subject,
        subject_id: row.subject_id,
        verb: row.verb,
        to: row.to_state,
        by: super::award::explain::name(tx, &row.actor).await?,
        reason: row.reason,
    })
}
