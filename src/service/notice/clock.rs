//! When a sheet's clock runs out: so many calendar or working days after it was published, at the same time of day.

use std::sync::LazyLock;

use crate::{
    domain::{calendar::Calendar, ruleset::NoticeMode, time::Timestamp},
    store::{StoreError, StoreResult},
};

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);

/// As stored.
#[must_use]
pub const fn mode_text(mode: NoticeMode) -> &'static str {
    match mode {
        NoticeMode::Calendar => "calendar",
        NoticeMode::Working => "working",
    }
}

/// From storage.
pub(super) fn parse_mode(text: &str) -> StoreResult<NoticeMode> {
    match text {
        "calendar" => Ok(NoticeMode::Calendar),
        "working" => Ok(NoticeMode::Working),
        other => Err(StoreError::inconsistent("notice", "mode", other)),
    }
}

/// `days` after `from`, by the calendar shipped with the program.
pub(super) fn closes_at(from: Timestamp, days: i32, mode: NoticeMode) -> Timestamp {
    CALENDAR.notice_end(from, u32::try_from(days).unwrap_or(0), mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_working_days_take_longer_than_five_days() {
        let from: Timestamp = "2026-06-04T18:00:00+08:00".parse().unwrap();
        assert_eq!(closes_at(from, 5, NoticeMode::Working).to_string(), "2026-06-11T18:00:00+08:00");
        assert_eq!(closes_at(from, 5, NoticeMode::Calendar).to_string(), "2026-06-09T18:00:00+08:00");
    }
}
