//! When a sheet's clock runs out: so many calendar or working days after it was published, at the same time of day.

use crate::{
    domain::{ruleset::NoticeMode, time::Timestamp},
    store::{StoreError, StoreResult},
};

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

/// `days` after `from`; on working days, Saturdays and Sundays do not count.
pub(super) fn closes_at(from: Timestamp, days: i32, mode: NoticeMode) -> Timestamp {
    match mode {
        NoticeMode::Calendar => from.plus_days(i64::from(days)),
        NoticeMode::Working => {
            let mut day = from.day();
            let mut left = days;
            while left > 0 {
                day = day.plus(1);
                if day.weekday() < 6 {
                    left -= 1;
                }
            }
            day.at_time_of(from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_working_days_from_a_thursday_end_the_next_thursday() {
        let from: Timestamp = "2026-06-04T18:00:00+08:00".parse().unwrap();
        assert_eq!(closes_at(from, 5, NoticeMode::Working).to_string(), "2026-06-11T18:00:00+08:00");
        assert_eq!(closes_at(from, 5, NoticeMode::Calendar).to_string(), "2026-06-09T18:00:00+08:00");
    }
}
