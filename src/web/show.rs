//! Small figures in templates: points, hours and times as people read them.
#![expect(clippy::needless_pass_by_value, reason = "a template passes what it has, value or reference")]

use crate::{
    domain::{
        amount,
        money::{Coverage, CoverageLevel},
        rule::Pause,
        time::{Day, Timestamp},
    },
    service::{award::explain::Outcome, funds::FundView},
    text::T,
};

/// A value, however many references a template put before it.
pub trait Figure<T> {
    /// The value.
    fn figure(&self) -> T;
}

impl<T: Copy> Figure<T> for T {
    fn figure(&self) -> T {
        *self
    }
}

impl<T: Copy> Figure<T> for &T {
    fn figure(&self) -> T {
        **self
    }
}

impl<T: Copy> Figure<T> for &&T {
    fn figure(&self) -> T {
        ***self
    }
}

/// Hundredths as points: `20`, `0.5`.
#[must_use]
pub fn points(minor: impl Figure<i64>) -> String {
    amount::points(minor.figure())
}

/// Hundredths as points with their sign: `+20`, `−5`.
#[must_use]
pub fn signed(minor: impl Figure<i64>) -> String {
    let minor = minor.figure();
    if minor > 0 { format!("+{}", amount::points(minor)) } else { amount::points(minor).replace('-', "−") }
}

/// Fen as yuan.
#[must_use]
pub fn yuan(fen: impl Figure<i64>) -> String {
    amount::yuan(fen.figure())
}

/// Minutes as hours and minutes.
#[must_use]
pub fn hours(t: impl Figure<T>, minutes: impl Figure<i64>) -> String {
    t.figure().service_time(minutes.figure())
}

/// What became of a posted award beside its amount: 应扣5分，评比分已到最低，实扣2分。
#[must_use]
pub fn outcome(t: impl Figure<T>, outcome: impl Figure<Outcome>) -> String {
    let t = t.figure();
    match outcome.figure() {
        Outcome::Floor { asked, taken: 0 } => t.posted_at_floor(amount::points(asked)),
        Outcome::Floor { asked, taken } => t.posted_to_floor(amount::points(asked), amount::points(taken)),
        Outcome::Pause { pauses, until } => paused(t, pauses, until),
    }
}

/// What funds lack for lines whose notice is over, a sentence each; nothing for those that lack nothing.
#[must_use]
pub fn shortages(t: T, funds: &[FundView]) -> Vec<String> {
    let short = funds.iter().filter(|f| f.short.lines > 0);
    short
        .map(|f| {
            let fund = t.name(&f.fund.name, &f.fund.name_en);
            t.budget_short(fund, f.short.lines, amount::points(f.short.points))
        })
        .collect()
}

/// The light of a coverage.
#[must_use]
pub fn coverage_light(coverage: impl Figure<Coverage>) -> &'static str {
    match coverage.figure().level() {
        CoverageLevel::Short => "bad",
        CoverageLevel::Thin => "warn",
        CoverageLevel::Enough => "good",
    }
}

/// A coverage: `1.25`, or a dash where no point is out.
#[must_use]
pub fn coverage(coverage: impl Figure<Coverage>) -> String {
    coverage.figure().hundredths().map_or_else(|| "—".to_owned(), amount::points)
}

/// What to say of a coverage below its thresholds.
#[must_use]
pub fn coverage_words(t: impl Figure<T>, coverage: impl Figure<Coverage>) -> Option<String> {
    let (t, coverage) = (t.figure(), coverage.figure());
    let ratio = || self::coverage(coverage);
    match coverage.level() {
        CoverageLevel::Short => Some(t.issue_short(ratio())),
        CoverageLevel::Thin => Some(t.issue_thin(ratio())),
        CoverageLevel::Enough => None,
    }
}

/// A pause and its last day.
#[must_use]
pub fn paused(t: impl Figure<T>, pauses: impl Figure<Pause>, until: impl Figure<Day>) -> String {
    match pauses.figure() {
        Pause::Awards => t.figure().paused_awards(until.figure()),
        Pause::SignUp => t.figure().paused_sign_up(until.figure()),
    }
}

/// `2026-06-03 18:00`.
#[must_use]
pub fn minute(at: impl Figure<Timestamp>) -> String {
    at.figure().minute()
}
