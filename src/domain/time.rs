//! Instants and business days. Villages live in one zone, +08:00 without summer time, so a business day is
//! the date of an instant there. Holds no wall clock but [`SystemClock`], the only reader of the real one.

use std::{
    fmt,
    str::FromStr,
    sync::atomic::{AtomicI64, Ordering},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Duration, Month, OffsetDateTime, UtcOffset, macros::date};

/// Microseconds in a second.
pub const MICROS_PER_SECOND: i64 = 1_000_000;
/// Microseconds in a day of 24 hours.
pub const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
const OFFSET_MICROS: i64 = 8 * 3600 * MICROS_PER_SECOND;
const OFFSET: UtcOffset = time::macros::offset!(+8);
const EPOCH: Date = date!(1970 - 01 - 01);

/// An instant, in microseconds since 1970-01-01T00:00:00Z. The same number on both engines, so hashes agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// The business day (Asia/Shanghai) this instant falls in.
    #[must_use]
    pub fn day(self) -> Day {
        let days = (self.0 + OFFSET_MICROS).div_euclid(MICROS_PER_DAY);
        Day(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Microseconds since midnight of its business day.
    #[must_use]
    pub const fn micros_of_day(self) -> i64 {
        (self.0 + OFFSET_MICROS).rem_euclid(MICROS_PER_DAY)
    }

    /// This instant and `seconds` more; saturates.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// This instant and `days` times 24 hours; saturates.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(MICROS_PER_DAY)))
    }

    /// Microseconds from `earlier` to this instant; negative when it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn local(self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH
            .checked_add(Duration::microseconds(self.0))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(OFFSET)
    }

    /// `2026-06-03T18:00:00.000001+08:00`; the fraction is left out when it is zero.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let t = self.local();
        let micros = self.0.rem_euclid(MICROS_PER_SECOND);
        let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
        format!("{}T{:02}:{:02}:{:02}{fraction}+08:00", self.day(), t.hour(), t.minute(), t.second())
    }

    /// `2026-06-03 18:00`, as people read it.
    #[must_use]
    pub fn minute(self) -> String {
        let t = self.local();
        format!("{} {:02}:{:02}", self.day(), t.hour(), t.minute())
    }

    /// `18:00:05`, the time of day.
    #[must_use]
    pub fn time_of_day(self) -> String {
        let t = self.local();
        format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTime;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let t = OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
            .map_err(|_| InvalidTime)?;
        i64::try_from(t.unix_timestamp_nanos() / 1000).map(Self).map_err(|_| InvalidTime)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The text was not a date (`2026-06-03`) or not an instant (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time")]
pub struct InvalidTime;

/// A business day (Asia/Shanghai), as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Day(i32);

impl Day {
    /// The day `number` days after 1970-01-01.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day of that date, or nothing for a date that does not exist.
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        Date::from_calendar_date(year, month, day).ok().map(Self::from_date)
    }

    fn from_date(date: Date) -> Self {
        Self(i32::try_from((date - EPOCH).whole_days()).unwrap_or(0))
    }

    fn date(self) -> Date {
        EPOCH.checked_add(Duration::days(i64::from(self.0))).unwrap_or(EPOCH)
    }

    /// Year, month (1–12) and day (1–31).
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        let d = self.date();
        (d.year(), u8::from(d.month()), d.day())
    }

    /// 1 = Monday … 7 = Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        self.date().weekday().number_from_monday()
    }

    /// `days` later (or earlier); saturates.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Midnight at its start, +08:00.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * MICROS_PER_DAY - OFFSET_MICROS)
    }

    /// The same clock time on this day as `instant` has on its own.
    #[must_use]
    pub fn at_time_of(self, instant: Timestamp) -> Timestamp {
        Timestamp(self.start().0 + instant.micros_of_day())
    }

    /// The first day of its month, quarter or year, and the first of the next one.
    #[must_use]
    pub fn period(self, period: Period) -> (Self, Self) {
        let (year, month, _) = self.ymd();
        let (first, span) = match period {
            Period::Day => return (self, self.plus(1)),
            Period::Month => (month, 1),
            Period::Quarter => ((month - 1) / 3 * 3 + 1, 3),
            Period::Year => (1, 12),
        };
        let next = first + span;
        let (next_year, next) = if next > 12 { (year + 1, next - 12) } else { (year, next) };
        let of = |y, m| Self::from_ymd(y, m, 1).unwrap_or(self);
        (of(year, first), of(next_year, next))
    }
}

/// A calendar period that caps, quotas and settlements are counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// One business day.
    Day,
    /// One calendar month.
    Month,
    /// One calendar quarter.
    Quarter,
    /// One calendar year.
    Year,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl FromStr for Day {
    type Err = InvalidTime;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let format = time::macros::format_description!("[year]-[month]-[day]");
        Date::parse(text, format).map(Self::from_date).map_err(|_| InvalidTime)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Tells the time. An argument everywhere, so that tests and the demo can move it.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one reader of the real clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at `start`.
    #[must_use]
    pub const fn new(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves it to `to`, forward or back.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.0, Ordering::SeqCst);
    }

    /// Moves it forward by `seconds`.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * MICROS_PER_SECOND, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_business_day_turns_at_sixteen_hundred_utc() {
        let before: Timestamp = "2026-06-03T15:59:59.999999Z".parse().unwrap();
        let after: Timestamp = "2026-06-03T16:00:00Z".parse().unwrap();
        assert_eq!(before.day().to_string(), "2026-06-03");
        assert_eq!(after.day().to_string(), "2026-06-04");
        assert_eq!(after.rfc3339(), "2026-06-04T00:00:00+08:00");
        assert_eq!(before.rfc3339(), "2026-06-03T23:59:59.999999+08:00");
        assert_eq!(after.day().start(), after);
    }

    #[test]
    fn periods_end_where_the_next_one_begins() {
        let day: Day = "2026-11-22".parse().unwrap();
        let span = |p| {
            let (a, b) = day.period(p);
            format!("{a} {b}")
        };
        assert_eq!(span(Period::Month), "2026-11-01 2026-12-01");
        assert_eq!(span(Period::Quarter), "2026-10-01 2027-01-01");
        assert_eq!(span(Period::Year), "2026-01-01 2027-01-01");
        assert_eq!(span(Period::Day), "2026-11-22 2026-11-23");
    }

    #[test]
    fn days_round_trip_through_text() {
        for text in ["1970-01-01", "2024-02-29", "2026-12-31"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        assert!("2026-02-30".parse::<Day>().is_err());
        assert_eq!("2026-11-22".parse::<Day>().unwrap().weekday(), 7);
    }
}
