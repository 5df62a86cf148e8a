//! Market days of counters (赶集日 / 兑换日): the clerk sets a calendar or a single day, everybody reads when the counter
//! opens next. Nothing is edited: what is entered later holds.
//!
//! * [`days`] — what market days came to
//! * [`forecast`] — what to buy before the next

use sha2::{Digest, Sha256};

use super::{
    Desk, ServiceError, ServiceResult,
    award::{required, state_changed},
    caller::Clerk,
    counters::Step,
    refuse,
};
use crate::{
    domain::{
        canonical::{Encoder, hex},
        ids::{BookId, CounterId},
        market::{
            Exception, Hours, InvalidRule, MarketDay, Opening, OpeningCalendar, OpeningRule, Openings,
            Otherwise, RULES_MAX,
        },
        time::{Day, Timestamp},
    },
    store::{
        StoreError, Tx, counter,
        counter::CounterRow,
        market::{self, CalendarRow, ExceptionRow, ROWS_MAX},
    },
};

pub mod days;
pub mod forecast;

/// How the trace names that a calendar was set.
pub(in crate::service) const SET_CALENDAR: &str = "set_calendar";
/// … and a single day.
pub(in crate::service) const SET_DAY: &str = "set_day";
/// The longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 60;
/// How far ahead a calendar may begin or a single day be set.
const AHEAD_DAYS_MAX: i32 = 366;

/// A calendar to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCalendar {
    /// From this day on.
    pub first_day: Day,
    /// Which days.
    pub rules: Vec<OpeningRule>,
    /// Nothing is handed over on other days.
    pub refuse_outside: bool,
}

/// A single day to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewException {
    /// The day.
    pub day: Day,
    /// What about it.
    pub kind: Otherwise,
    /// From when to when, of one that opens.
    pub hours: Option<Hours>,
    /// What everybody reads.
    pub reason: String,
}

/// A counter with the next day on which it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextOpening {
    /// The counter.
    pub counter: CounterRow,
    /// Whether today is a market day of it.
    pub today: Opening,
    /// Nothing is handed over today.
    pub refuses: bool,
    /// The next; none when the calendar names no further day.
    pub next: Option<MarketDay>,
}

/// All that is on file about a counter's days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterCalendar {
    /// The counter.
    pub counter: CounterRow,
    /// Calendars in the order in which they were entered.
    pub calendars: Vec<CalendarRow>,
    /// Days that are otherwise, likewise.
    pub exceptions: Vec<ExceptionRow>,
    /// What follows from them.
    pub openings: Openings,
}

/// What a calendar's digest covers.
pub(in crate::service) fn calendar_digest(book: BookId, r: &CalendarRow, before: &[u8]) -> Vec<u8> {
    let mut out = Encoder::new("counter_calendar");
    out.bytes(book.0.as_bytes()).bytes(r.counter_id.0.as_bytes()).integer(r.no);
    out.integer(i64::from(r.first_day.number())).integer(i64::from(r.refuse_outside)).text(&r.rules);
    out.integer(r.entered_at.micros()).text(&r.entered_by).bytes(before);
    Sha256::digest(out.finish()).to_vec()
}

/// What the digest of a single day covers.
pub(in crate::service) fn exception_digest(book: BookId, r: &ExceptionRow, before: &[u8]) -> Vec<u8> {
    let mut out = Encoder::new("counter_exception");
    out.bytes(book.0.as_bytes()).bytes(r.counter_id.0.as_bytes()).integer(r.no);
    out.integer(i64::from(r.day.number())).text(&r.kind).optional_integer(r.opens).optional_integer(r.closes);
    out.text(&r.reason).integer(r.entered_at.micros()).text(&r.entered_by).bytes(before);
    Sha256::digest(out.finish()).to_vec()
}

/// Why rules cannot be read, as a refusal.
#[must_use]
pub fn invalid_rule(error: InvalidRule) -> ServiceError {
    let (code, text) = match error {
        InvalidRule::Kind(text) => ("rule_kind_unknown", text),
        InvalidRule::Days(text) => ("rule_days_wrong", text),
        InvalidRule::Hours(text) => ("opening_hours_wrong", text),
    };
    refuse(code).with("text", text).into()
}

fn no_such(table: &'static str, column: &'static str, found: &str) -> StoreError {
    StoreError::Inconsistent { table, column, found: found.to_owned() }
}

/// The rules of a calendar as they are stored, a line each.
pub(in crate::service) fn rules_of(row: &CalendarRow) -> Result<Vec<OpeningRule>, StoreError> {
    let read = |line: &str| line.parse().map_err(|_| no_such("counter_calendar", "rules", line));
    row.rules.lines().map(read).collect()
}

/// The rules of a calendar that is on file.
pub fn read_rules(row: &CalendarRow) -> ServiceResult<Vec<OpeningRule>> {
    Ok(rules_of(row)?)
}

pub(in crate::service) fn exception_of(row: &ExceptionRow) -> Result<Option<Exception>, StoreError> {
    let minute = |value: Option<i64>| value.and_then(|n| u16::try_from(n).ok());
    match row.kind.parse() {
        Ok(Otherwise::Usual) => Ok(None),
        Ok(Otherwise::Closed) => Ok(Some(Exception::Closed(row.reason.clone()))),
        Ok(Otherwise::Open) => {
            let hours = minute(row.opens).zip(minute(row.closes)).and_then(|(a, b)| Hours::new(a, b));
            let hours = hours.ok_or_else(|| no_such("counter_exception", "opens", &row.reason))?;
            Ok(Some(Exception::Open(hours, row.reason.clone())))
        }
        Err(_) => Err(no_such("counter_exception", "kind", &row.kind)),
    }
}

/// What was ever said about a counter's days, and what follows.
async fn on_file(tx: &mut Tx, book: BookId, counter: CounterRow) -> ServiceResult<CounterCalendar> {
    let calendars = market::calendars(tx, book, counter.id).await?;
    let exceptions = market::exceptions(tx, book, counter.id).await?;
    let mut by_day = Vec::new();
    for row in &calendars {
        let calendar = OpeningCalendar { rules: rules_of(row)?, refuse_outside: row.refuse_outside };
        by_day.push((row.first_day, calendar));
    }
    let mut single = Vec::new();
    for row in &exceptions {
        single.push((row.day, exception_of(row)?));
    }
    Ok(CounterCalendar { counter, calendars, exceptions, openings: Openings::new(by_day, single) })
}

/// Refuses when the counter's calendar says that nothing is handed over today.
pub(in crate::service) async fn check_open_today(
    tx: &mut Tx,
    book: BookId,
    at: &CounterRow,
    now: Timestamp,
) -> ServiceResult<()> {
    // most calendars refuse nothing: one look at few rows, before every redemption
    if !market::calendars(tx, book, at.id).await?.iter().any(|calendar| calendar.refuse_outside) {
        return Ok(());
    }
    let days = on_file(tx, book, at.clone()).await?.openings;
    if !days.refuses(now.day()) {
        return Ok(());
    }
    let next = days.next_from(now.day()).map_or_else(|| "—".to_owned(), |next| next.day.to_string());
    let name_en = if at.name_en.is_empty() { &at.name } else { &at.name_en };
    let refusal = refuse("not_market_day").with("counter", &at.name).with("counter_en", name_en);
    Err(refusal.with("next", next).into())
}

impl Desk {
    /// Sets the calendar of a counter from a day on. The same again changes nothing.
    pub async fn set_market_calendar(
        &self,
        by: &Clerk,
        at: CounterId,
        new: &NewCalendar,
    ) -> ServiceResult<CounterCalendar> {
        let mut tx = self.db.begin_write().await?;
        let counter = counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        if new.rules.is_empty() || new.rules.len() > RULES_MAX {
            return Err(refuse("rules_number_wrong").with("limit", RULES_MAX).into());
        }
        self.check_ahead(new.first_day)?;
        let before = market::calendars(&mut tx, by.book, at).await?;
        let rules: Vec<String> = new.rules.iter().map(ToString::to_string).collect();
        let mut row = CalendarRow {
            counter_id: at,
            no: next_no(before.len())?,
            first_day: new.first_day,
            refuse_outside: new.refuse_outside,
            rules: rules.join("\n"),
            entered_at: self.now(),
            entered_by: by.actor().to_string(),
            digest: Vec::new(),
        };
        let same = |last: &&CalendarRow| {
            (last.first_day, last.refuse_outside, &last.rules)
                == (row.first_day, row.refuse_outside, &row.rules)
        };
        if before.last().filter(same).is_some() {
            return on_file(&mut tx, by.book, counter).await;
        }
        row.digest = calendar_digest(by.book, &row, before.last().map_or(&[], |last| &last.digest));
        market::add_calendar(&mut tx, by.book, &row).await.map_err(state_changed)?;
        self.leave_trace(&mut tx, by.book, by.actor(), trace(at, SET_CALENDAR, &hex(&row.digest))).await?;
        let done = on_file(&mut tx, by.book, counter).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Says of a single day that the counter opens, stays shut, or is as usual after all.
    pub async fn set_market_day(
        &self,
        by: &Clerk,
        at: CounterId,
        new: &NewException,
    ) -> ServiceResult<CounterCalendar> {
        let mut tx = self.db.begin_write().await?;
        let counter = counter::by_id(&mut tx, by.book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        let reason = required("reason", &new.reason)?;
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(refuse("market_reason_long").with("limit", REASON_CHARS_MAX).into());
        }
        if new.hours.is_some() != (new.kind == Otherwise::Open) {
            return Err(refuse("opening_hours_wrong").with("text", "—").into());
        }
        self.check_ahead(new.day)?;
        let before = market::exceptions(&mut tx, by.book, at).await?;
        let mut row = ExceptionRow {
            counter_id: at,
            no: next_no(before.len())?,
            day: new.day,
            kind: new.kind.as_str().to_owned(),
            opens: new.hours.map(|h| i64::from(h.opens())),
            closes: new.hours.map(|h| i64::from(h.closes())),
            reason: reason.to_owned(),
            entered_at: self.now(),
            entered_by: by.actor().to_string(),
            digest: Vec::new(),
        };
        let said = |r: &ExceptionRow| (r.kind.clone(), r.opens, r.closes, r.reason.clone());
        let last_of_day = before.iter().rev().find(|r| r.day == row.day);
        if last_of_day.is_some_and(|last| said(last) == said(&row)) {
            return on_file(&mut tx, by.book, counter).await;
        }
        row.digest = exception_digest(by.book, &row, before.last().map_or(&[], |last| &last.digest));
        market::add_exception(&mut tx, by.book, &row).await.map_err(state_changed)?;
        self.leave_trace(&mut tx, by.book, by.actor(), trace(at, SET_DAY, &hex(&row.digest))).await?;
        let done = on_file(&mut tx, by.book, counter).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// What is over stays as it was, and nobody plans further than a year.
    fn check_ahead(&self, day: Day) -> ServiceResult<()> {
        let (first, last) = (self.today(), self.today().plus(AHEAD_DAYS_MAX));
        if (first..=last).contains(&day) {
            return Ok(());
        }
        Err(refuse("market_day_out_of_range").with("first", first).with("last", last).into())
    }

    /// All that is on file about a counter's days.
    pub async fn market_calendar(&self, book: BookId, at: CounterId) -> ServiceResult<CounterCalendar> {
        let mut tx = self.db.begin_read().await?;
        let counter = counter::by_id(&mut tx, book, at).await?.ok_or(ServiceError::NotFound("counter"))?;
        on_file(&mut tx, book, counter).await
    }

    /// When each counter of a village opens next; those without a calendar are left out, they are open always.
    pub async fn next_openings(&self, book: BookId) -> ServiceResult<Vec<NextOpening>> {
        let mut tx = self.db.begin_read().await?;
        let mut out = Vec::new();
        for counter in counter::list(&mut tx, book).await? {
            out.extend(self.opening_of(on_file(&mut tx, book, counter).await?));
        }
        Ok(out)
    }

    /// When the counter at hand opens next; nothing where it is open always.
    pub async fn next_opening(&self, book: BookId, at: CounterId) -> ServiceResult<Option<NextOpening>> {
        Ok(self.opening_of(self.market_calendar(book, at).await?))
    }

    fn opening_of(&self, file: CounterCalendar) -> Option<NextOpening> {
        let (days, today) = (&file.openings, self.today());
        (!days.is_always()).then(|| NextOpening {
            today: days.on(today),
            refuses: days.refuses(today),
            next: days.next_at(self.now()),
            counter: file.counter.clone(),
        })
    }
}

fn next_no(rows: usize) -> ServiceResult<i64> {
    let no = i64::try_from(rows).unwrap_or(i64::MAX).saturating_add(1);
    if no > ROWS_MAX { Err(refuse("market_rows_full").with("limit", ROWS_MAX).into()) } else { Ok(no) }
}

fn trace<'a>(at: CounterId, verb: &'a str, digest: &'a str) -> Step<'a> {
    Step { subject: "counter", subject_id: at.0, verb, from: None, to: None, reason: digest }
}
