//! The clock of a notice sheet (公示): handbook §8.3, §16 examples 3. A line's clock stops while an objection to it is
//! open and goes on with what was left; the other lines run on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{calendar::Calendar, due_process::InvalidState, ruleset::NoticeMode, time::Timestamp};

/// No notice may run shorter than this many days (handbook §1.3: 5–7 days).
pub const NOTICE_DAYS_MIN: i32 = 5;
/// A sheet is taken down from the web at the latest this many days after it closed (handbook §11).
pub const TAKE_DOWN_DAYS: i64 = 30;
/// Lines a sheet may have; more go onto the next sheet.
pub const NOTICE_LINES_MAX: usize = 1_000;

/// Where a sheet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// Put together (编制), waiting for a second person's check.
    Compiled,
    /// Published (公示中), its clock running.
    Published,
    /// Every line decided (期满).
    Closed,
    /// No longer shown on the web (撤下). The record stays.
    TakenDown,
}

impl NoticeState {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Compiled => "compiled",
            Self::Published => "published",
            Self::Closed => "closed",
            Self::TakenDown => "taken_down",
        }
    }
}

impl fmt::Display for NoticeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for NoticeState {
    type Err = InvalidState;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Compiled, Self::Published, Self::Closed, Self::TakenDown]
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or(InvalidState)
    }
}

/// How much of a sheet the web shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// All of it.
    Whole,
    /// Its days are over, but something on it is not decided: only that.
    Undecided,
    /// Nothing: it does not hang yet, or no more.
    Gone,
}

impl Display {
    /// Of a sheet in that state whose clock runs out, or ran out, at `closes_at`.
    #[must_use]
    pub fn of(state: NoticeState, closes_at: Option<Timestamp>, now: Timestamp) -> Self {
        let Some(closes_at) = closes_at else { return Self::Gone };
        let over = now.since(closes_at.plus_days(TAKE_DOWN_DAYS)) >= 0;
        match state {
            NoticeState::Published if over => Self::Undecided,
            NoticeState::Published => Self::Whole,
            NoticeState::Closed if !over => Self::Whole,
            NoticeState::Closed | NoticeState::Compiled | NoticeState::TakenDown => Self::Gone,
        }
    }
}

/// How the time of a sheet passes: by which days, of which calendar.
#[derive(Debug, Clone, Copy)]
pub struct Pace<'a> {
    /// Calendar or working days.
    pub mode: NoticeMode,
    /// Which days are working days.
    pub calendar: &'a Calendar,
}

/// The clock of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineClock {
    /// Runs out at that instant.
    Runs(Timestamp),
    /// Stopped by an objection with that many microseconds left, of the days that count.
    Stopped(i64),
}

impl LineClock {
    /// Stops it at `now`; what was left is kept. A clock that had run out keeps zero.
    #[must_use]
    pub fn stop(self, now: Timestamp, pace: Pace<'_>) -> Self {
        match self {
            Self::Runs(until) => Self::Stopped(pace.calendar.left(now, until, pace.mode)),
            Self::Stopped(left) => Self::Stopped(left),
        }
    }

    /// Lets it go on at `now` with what was left.
    #[must_use]
    pub fn resume(self, now: Timestamp, pace: Pace<'_>) -> Self {
        match self {
            Self::Stopped(left) => Self::Runs(pace.calendar.ends_with(now, left, pace.mode)),
            Self::Runs(until) => Self::Runs(until),
        }
    }

    /// Whether it has run out: a line may be posted from that instant on.
    #[must_use]
    pub const fn has_run_out(self, now: Timestamp) -> bool {
        match self {
            Self::Runs(until) => until.since(now) <= 0,
            Self::Stopped(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_sheet_is_shown_for_its_days_and_thirty_more_and_a_dispute_keeps_only_its_own_line_up() {
        use NoticeState::{Closed, Compiled, Published, TakenDown};
        let closes = at("2026-06-10T18:00:00+08:00");
        let (last, over) = (at("2026-07-10T17:59:59+08:00"), at("2026-07-10T18:00:00+08:00"));
        let shown = |state, now| Display::of(state, Some(closes), now);
        assert_eq!([shown(Published, last), shown(Closed, last)], [Display::Whole; 2]);
        assert_eq!((shown(Published, over), shown(Closed, over)), (Display::Undecided, Display::Gone));
        assert_eq!([shown(Compiled, last), shown(TakenDown, last)], [Display::Gone; 2]);
        assert_eq!(Display::of(Published, None, last), Display::Gone);
    }

    /// Handbook §16, example 3.
    #[test]
    fn an_objection_stops_the_clock_and_its_dismissal_lets_it_go_on() {
        let calendar = Calendar::shipped();
        let pace = Pace { mode: NoticeMode::Calendar, calendar: &calendar };
        let clock = LineClock::Runs(at("2026-06-03T18:00:00+08:00").plus_days(7));
        let stopped = clock.stop(at("2026-06-08T18:00:00+08:00"), pace);
        assert!(!stopped.has_run_out(at("2027-01-01T00:00:00+08:00")));
        let again = stopped.resume(at("2026-06-12T18:00:00+08:00"), pace);
        assert_eq!(again, LineClock::Runs(at("2026-06-14T18:00:00+08:00")));
        assert!(!again.has_run_out(at("2026-06-14T17:59:59+08:00")));
        assert!(again.has_run_out(at("2026-06-14T18:00:00+08:00")));
    }
}
