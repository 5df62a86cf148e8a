//! Pauses: what a decided sanction keeps from being put on record, and until when. Nobody is paused by a rule alone:
//! the sanction was recorded, reviewed, shown and posted like any award, and ends when it is reversed.

use super::{Item, ItemCode, Label, Refusal, RefusalCode};
use crate::domain::{
    rule::{Direction, EvidenceKind, Pause},
    time::{Day, Timestamp},
};

/// A sanction that was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseInForce {
    /// The item that brought it.
    pub item: ItemCode,
    /// What that item is called.
    pub name: Label,
    /// What is paused.
    pub pauses: Pause,
    /// When it was posted.
    pub since: Timestamp,
    /// The last day of it.
    pub until: Day,
}

impl PauseInForce {
    /// The pause that `item` brings when it is posted at `since`; nothing for an item without a sanction.
    #[must_use]
    pub fn of(item: &Item, since: Timestamp) -> Option<Self> {
        let sanction = item.sanction?;
        let days = i32::try_from(sanction.days).unwrap_or(i32::MAX);
        let until = since.day().plus(days);
        Some(Self { item: item.code.clone(), name: item.name.clone(), pauses: sanction.pauses, since, until })
    }

    /// Whether it lasts on `day`.
    #[must_use]
    pub fn lasts_on(&self, day: Day) -> bool {
        self.since.day() <= day && day <= self.until
    }

    /// Whether a claim of `item` falls into it: for something done after it began, or put on record while it lasts.
    /// Deductions and restorations never do.
    #[must_use]
    pub fn bars(&self, item: &Item, occurred_on: Day, recorded_on: Day) -> bool {
        let paused = match self.pauses {
            Pause::Awards => true,
            // who may not sign up is on no sign-in sheet
            Pause::SignUp => item.evidence.kinds.contains(&EvidenceKind::SignIn),
        };
        let done = self.since.day() < occurred_on && occurred_on <= self.until;
        item.direction == Direction::Credit && paused && (done || self.lasts_on(recorded_on))
    }
}

/// Refuses a claim that falls into one of these pauses; the refusal names the one that lasts longest.
///
/// # Errors
/// [`RefusalCode::Paused`] with the item that brought it, since when and until when.
pub fn check_pauses(
    item: &Item,
    occurred_on: Day,
    recorded_on: Day,
    pauses: &[PauseInForce],
) -> Result<(), Refusal> {
    let barring = pauses.iter().filter(|p| p.bars(item, occurred_on, recorded_on));
    let Some(pause) = barring.max_by_key(|p| p.until) else { return Ok(()) };
    let facts = [
        ("since", pause.since.day().to_string()),
        ("until", pause.until.to_string()),
        ("by", pause.item.to_string()),
        ("by_zh", pause.name.zh.clone()),
        ("by_en", pause.name.en.clone()),
    ];
    Err(Refusal::new(RefusalCode::Paused, item, &facts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{lang::Lang, ruleset};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn new_credits_are_barred_for_as_many_days_as_the_rule_says() {
        let [(file, text), _] = ruleset::shipped();
        let set = ruleset::parse(text, file).unwrap();
        let since = "2026-06-10T18:00:00+08:00".parse().unwrap();
        let pause = PauseInForce::of(set.item("F8").unwrap(), since).unwrap();
        assert_eq!((pause.pauses, pause.until), (Pause::Awards, day("2026-09-08")));
        let refused = |item: &str, occurred: &str, recorded: &str| {
            let item = set.item(item).unwrap();
            check_pauses(item, day(occurred), day(recorded), std::slice::from_ref(&pause)).is_err()
        };
        assert!(refused("D3", "2026-06-09", "2026-06-10"), "put on record while it lasts");
        assert!(refused("D3", "2026-09-08", "2026-09-20"), "done while it lasted");
        assert!(!refused("D3", "2026-06-10", "2026-09-09"), "done before, put on record after");
        assert!(!refused("D3", "2026-09-09", "2026-09-09"));
        assert!(!refused("F1", "2026-07-01", "2026-07-01"), "a deduction");
        assert!(!refused("F9", "2026-07-01", "2026-07-01"), "a restoration");
        let error = check_pauses(set.item("D3").unwrap(), day("2026-07-01"), day("2026-07-01"), &[pause]);
        let words = error.unwrap_err().words(Lang::Zh);
        assert!(words.contains("F8") && words.contains("2026-09-08"), "{words}");
    }

    #[test]
    fn who_may_not_sign_up_is_on_no_sign_in_sheet_and_may_do_everything_else() {
        let [_, (file, text)] = ruleset::shipped();
        let set = ruleset::parse(text, file).unwrap();
        let since = "2026-06-10T18:00:00+08:00".parse().unwrap();
        let pause = PauseInForce::of(set.item("U26").unwrap(), since).unwrap();
        let barred = |item: &str| pause.bars(set.item(item).unwrap(), day("2026-06-20"), day("2026-06-20"));
        assert!(barred("U10"), "a meeting with a sign-in sheet");
        assert!(!barred("U20"), "a blood donation, by document");
    }
}
