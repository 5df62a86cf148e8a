//! Closing the day of a counter (日结): whoever stands there counts the slips, the book says how many there should be, and
//! a second person signs. The counter then stays shut until the next day, so nothing lands in a day that was closed and no
//! receipt of it is made void.

use super::{Desk, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        day_close::{SLIPS_MAX, SlipDifference, explained},
        ids::{BookId, CounterId},
        time::Day,
    },
    service::{
        award::state_changed,
        caller::{Role, Shopkeeper, Staff, StockReader, StockWitness},
        counters::Step,
    },
    store::{
        Tx, counter,
        day_close::{self, DayCloseRow},
        ledger::read,
        redemption, returns,
    },
};

/// Closed days on one page.
pub const CLOSES_PAGE: i64 = 31;

/// What was counted at the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Slips in the box.
    pub slips: i64,
    /// Why they are not as many as the redemptions.
    pub why: Option<SlipDifference>,
}

/// A counter's days: what today came to so far, and the days that were closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterDays {
    /// Today by the book; nobody signed it yet.
    pub today: DayCloseRow,
    /// Closed days, the latest first.
    pub closed: Vec<DayCloseRow>,
}

impl CounterDays {
    /// Whether today is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.first().is_some_and(|row| row.day == self.today.day)
    }
}

impl Desk {
    /// Closes today at a counter. The same again gets the same answer.
    pub async fn close_day(
        &self,
        by: &Shopkeeper,
        at: CounterId,
        counted: Counted,
    ) -> ServiceResult<DayCloseRow> {
        if !(0..=SLIPS_MAX).contains(&counted.slips) {
            return Err(refuse("quantity_out_of_range").with("field", "slips").into());
        }
        let here = self.counter_at(by, Some(at)).await?;
        let today = self.today();
        let mut tx = self.db.begin_write().await?;
        // what is being posted is done first, and what comes after finds the counter shut
        read::lock(&mut tx, by.book).await?.ok_or(ServiceError::NotFound("book"))?;
        if let Some(done) = day_close::one(&mut tx, by.book, at, today).await? {
            let same = done.closed_by == by.actor().to_string()
                && done.slips == counted.slips
                && done.why.as_deref() == counted.why.map(SlipDifference::as_str);
            return if same { Ok(done) } else { Err(refuse("day_closed").with("day", today).into()) };
        }
        let mut row = self.figures(&mut tx, by.book, at, today).await?;
        explained(row.redemptions, counted.slips, counted.why).map_err(|e| {
            let code = if counted.why.is_some() { "slips_agree" } else { "slips_differ" };
            refuse(code).with("slips", e.slips).with("redemptions", e.redemptions)
        })?;
        row.closed_by = by.actor().to_string();
        row.slips = counted.slips;
        row.why = counted.why.map(|why| why.as_str().to_owned());
        if here.is_open() {
            counter::set_state(&mut tx, by.book, at, "closed").await?;
        }
        day_close::add(&mut tx, by.book, &row).await.map_err(state_changed)?;
        let step = Step {
            subject: "counter",
            subject_id: at.0,
            verb: "close_day",
            from: None,
            to: Some("closed"),
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The second person signs a day that was closed: the clerk, the panel, or another who stands at the counter.
    pub async fn sign_day_close(
        &self,
        by: &StockWitness,
        at: CounterId,
        day: Day,
    ) -> ServiceResult<DayCloseRow> {
        self.may_see_days(by, at).await?;
        let mut tx = self.db.begin_write().await?;
        let row = day_close::one(&mut tx, by.book, at, day).await?;
        let mut row = row.ok_or(ServiceError::NotFound("day_close"))?;
        let me = by.actor().to_string();
        if row.signed_by.as_deref() == Some(me.as_str()) {
            // the answer was lost
            return Ok(row);
        }
        if row.signed_at.is_some() {
            return Err(refuse("already_decided").with("state", "signed").into());
        }
        if by.selves().are(&row.closed_by) {
            return Err(refuse("own_day_close").with("day", day).into());
        }
        (row.signed_at, row.signed_by) = (Some(self.now()), Some(me.clone()));
        day_close::sign(&mut tx, by.book, at, day, (self.now(), &me)).await.map_err(state_changed)?;
        let step = Step {
            subject: "counter",
            subject_id: at.0,
            verb: "sign_day",
            from: Some("closed"),
            to: Some("signed"),
            reason: "",
        };
        self.leave_trace(&mut tx, by.book, by.actor(), step).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// What today came to at a counter, and its closed days before `before`.
    pub async fn counter_days(
        &self,
        by: &StockReader,
        at: CounterId,
        before: Option<Day>,
    ) -> ServiceResult<CounterDays> {
        self.may_see_days(by, at).await?;
        let mut tx = self.db.begin_read().await?;
        counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let today = self.figures(&mut tx, by.book, at, self.today()).await?;
        let before = before.unwrap_or_else(|| self.today().plus(1));
        let closed = day_close::of_counter(&mut tx, by.book, at, before, CLOSES_PAGE).await?;
        Ok(CounterDays { today, closed })
    }

    /// Somebody who only stands at counters sees the days of theirs.
    pub(in crate::service) async fn may_see_days(&self, by: &Staff, at: CounterId) -> ServiceResult<()> {
        let others = [Role::Clerk, Role::Reviewer, Role::Auditor, Role::Township];
        if others.into_iter().any(|role| by.holds(role)) {
            return Ok(());
        }
        let keeper = Shopkeeper::of(by).ok_or(ServiceError::NotAllowed)?;
        self.counter_at(&keeper, Some(at)).await.map(drop)
    }

    /// What the book says of a day at a counter.
    pub(in crate::service) async fn figures(
        &self,
        tx: &mut Tx,
        book: BookId,
        at: CounterId,
        day: Day,
    ) -> ServiceResult<DayCloseRow> {
        let span = (day.start(), day.plus(1).start());
        let taken = redemption::total(tx, book, at, span).await?;
        let back = returns::total(tx, book, at, span).await?;
        Ok(DayCloseRow {
            counter_id: at,
            day,
            closed_at: self.now(),
            closed_by: String::new(),
            redemptions: taken.count,
            points: taken.points,
            cost_fen: taken.cost_fen,
            returns: back.count,
            points_back: back.points,
            cost_back: back.cost_fen,
            slips: 0,
            why: None,
            signed_at: None,
            signed_by: None,
        })
    }
}
