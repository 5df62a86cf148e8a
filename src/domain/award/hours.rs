//! From when to when something was done: told where an item counts hours, so that the same hours are not paid twice.
//! Within one day; knows nothing of other awards.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// An interval of a day, to the minute; its end does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hours {
    from: u16,
    to: u16,
}

/// The texts or numbers name no interval of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not from one time of the day to a later one")]
pub struct InvalidHours;

impl Hours {
    /// From minute `from` of the day to before minute `to`.
    pub fn of(from: i32, to: i32) -> Result<Self, InvalidHours> {
        let minute = |m: i32| u16::try_from(m).ok().filter(|m| *m <= DAY_MINUTES).ok_or(InvalidHours);
        let (from, to) = (minute(from)?, minute(to)?);
        if from < to { Ok(Self { from, to }) } else { Err(InvalidHours) }
    }

    /// From `08:00` and `10:30`, as forms give them; nothing where both are empty.
    pub fn read(from: &str, to: &str) -> Result<Option<Self>, InvalidHours> {
        match (from.trim(), to.trim()) {
            ("", "") => Ok(None),
            (from, to) => Self::of(minute_of(from)?, minute_of(to)?).map(Some),
        }
    }

    /// The first minute and the first no longer.
    #[must_use]
    pub fn minutes(self) -> (i32, i32) {
        (i32::from(self.from), i32::from(self.to))
    }

    /// How many minutes it lasts.
    #[must_use]
    pub fn length(self) -> i64 {
        i64::from(self.to - self.from)
    }

    /// Whether a minute belongs to both.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// `08:00`.
    #[must_use]
    pub fn begin(self) -> String {
        clock(self.from)
    }

    /// `10:30`.
    #[must_use]
    pub fn end(self) -> String {
        clock(self.to)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.begin(), self.end())
    }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn minute_of(text: &str) -> Result<i32, InvalidHours> {
    let mut parts = text.split(':');
    // a field of a form may add seconds
    let (Some(hour), Some(minute), seconds, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(InvalidHours);
    };
    let number = |text: &str, below: i32| {
        let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let value: i32 = text.parse().map_err(|_| InvalidHours)?;
        if plain && value < below { Ok(value) } else { Err(InvalidHours) }
    };
    let (hour, minute) = (number(hour, 25)?, number(minute, 60)?);
    number(seconds.unwrap_or("0"), 60)?;
    Ok(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: &str, to: &str) -> Hours {
        Hours::read(from, to).unwrap().unwrap()
    }

    #[test]
    fn an_interval_reads_and_reads_back() {
        assert_eq!(Hours::read(" ", ""), Ok(None));
        assert_eq!(
            (hours("8:00", "10:30:00").to_string().as_str(), hours("8:00", "10:30").length()),
            ("08:00–10:30", 150)
        );
        assert_eq!(hours("00:00", "24:00").length(), 1_440);
        for (from, to) in [
            ("8:00", ""),
            ("", "9:00"),
            ("9:00", "9:00"),
            ("10:00", "9:00"),
            ("8", "9:00"),
            ("8:60", "9:00"),
            ("-1:00", "9:00"),
            ("8:00", "24:01"),
            ("8:00", "25:00"),
            ("八:00", "9:00"),
            ("8:00:00:00", "9:00"),
        ] {
            assert_eq!(Hours::read(from, to), Err(InvalidHours), "{from} {to}");
        }
        let again = hours("07:05", "21:40");
        assert_eq!(Hours::of(again.minutes().0, again.minutes().1), Ok(again));
        assert_eq!(Hours::read(&again.begin(), &again.end()), Ok(Some(again)));
    }

    #[test]
    fn what_touches_does_not_overlap() {
        let morning = hours("08:00", "10:00");
        for (other, overlap) in [
            (hours("10:00", "11:00"), false),
            (hours("07:00", "08:00"), false),
            (hours("09:59", "10:30"), true),
            (hours("07:00", "08:01"), true),
            (hours("08:30", "09:00"), true),
            (hours("07:00", "11:00"), true),
            (morning, true),
        ] {
            assert_eq!((morning.overlaps(other), other.overlaps(morning)), (overlap, overlap), "{other}");
        }
    }
}
