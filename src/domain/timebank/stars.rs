//! Stars (星级): derived from the hours on record, never stored.

use super::policy::StarTable;

/// How many stars so many minutes are.
#[must_use]
pub fn stars(table: &StarTable, minutes: i64) -> usize {
    table.steps.iter().take_while(|step| minutes >= **step).count()
}

/// Minutes still missing for the next star; nothing when there is none.
#[must_use]
pub fn to_next(table: &StarTable, minutes: i64) -> Option<i64> {
    table.steps.iter().find(|step| minutes < **step).map(|step| step - minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timebank::policy::{DEFAULT, HOUR, Policies};

    #[test]
    fn five_stars_stand_at_their_hours() {
        let table = &Policies::shipped().by_code(DEFAULT).unwrap().stars.clone();
        for (hours, expected) in [
            (0, 0),
            (99, 0),
            (100, 1),
            (299, 1),
            (300, 2),
            (600, 3),
            (999, 3),
            (1_000, 4),
            (1_500, 5),
            (9_999, 5),
        ] {
            assert_eq!(stars(table, hours * HOUR), expected, "{hours} h");
        }
        assert_eq!(stars(table, 100 * HOUR - 1), 0);
        assert_eq!(to_next(table, 90 * HOUR), Some(10 * HOUR));
        assert_eq!(to_next(table, 1_500 * HOUR), None);
    }
}
