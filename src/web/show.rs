//! Small figures in templates: points, hours and times as people read them.
#![expect(clippy::needless_pass_by_value, reason = "a template passes what it has, value or reference")]

use crate::{
    domain::{amount, time::Timestamp},
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

/// `2026-06-03 18:00`.
#[must_use]
pub fn minute(at: impl Figure<Timestamp>) -> String {
    at.figure().minute()
}
