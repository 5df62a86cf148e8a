//! Whom the desk asks first, and why: by place, time, skill, the need of whoever is served and past ratings. The same
//! question has the same answer; every answer carries its reasons. For one order at a time, for the desk alone: no list
//! of persons by merit comes out of it.

use super::ServiceKind;
use crate::domain::{
    household::PersonNo,
    ids::{OrgId, PersonId},
    time::{Day, Timestamp},
    wording::vocabulary,
};

/// Ratings below this count say too little.
const RATINGS_LEAST: i64 = 3;
/// What somebody with too few ratings is taken for, in tenths.
const RATING_UNKNOWN: i64 = 40;
/// A mean rating from here on is worth saying, in tenths.
const RATING_GOOD: i64 = 45;
/// From this need on, the past counts before the way.
pub const NEED_GREAT: i64 = 5;
/// No-shows after which somebody is not asked for a while.
pub const MISSED_MAX: i64 = 3;
const MICROS_PER_MINUTE: i64 = 60_000_000;

vocabulary! {
    /// Why somebody is proposed.
    Reason {
        /// Offers just this.
        Skilled = "skilled", "会这项服务", "offers this";
        /// Is free then.
        Free = "free", "这个时间有空", "is free then";
        /// Lives in the same group.
        Near = "near", "住在同一组", "lives in the same group";
        /// Was rated well.
        WellRated = "well_rated", "过去评价好", "was rated well";
        /// Has not served much of late.
        Rested = "rested", "近来服务不多", "has not served much of late";
        /// Always came.
        Reliable = "reliable", "没有爽约过", "never missed one";
        /// Is new.
        New = "new", "新加入", "is new";
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// What.
    pub kind: ServiceKind,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it takes, in minutes.
    pub minutes: i64,
    /// The group where it is.
    pub group: OrgId,
    /// How great the need is.
    pub need: i64,
}

/// When somebody is free, week by week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeTime {
    /// Monday is the lowest bit.
    pub weekdays: u8,
    /// Minutes after midnight from which.
    pub from: i64,
    /// … and up to which.
    pub until: i64,
}

impl FreeTime {
    /// Whether it covers so many minutes from `starts_at` on.
    #[must_use]
    pub fn covers(&self, starts_at: Timestamp, minutes: i64) -> bool {
        let weekday: Day = starts_at.day();
        let bit = 1_u8 << (weekday.weekday().saturating_sub(1) % 7);
        let begin = starts_at.micros_of_day() / MICROS_PER_MINUTE;
        self.weekdays & bit != 0 && self.from <= begin && begin + minutes <= self.until
    }
}

/// Somebody who offers to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Their number: what decides between equals.
    pub no: PersonNo,
    /// The group they live in.
    pub group: OrgId,
    /// What they offer.
    pub kinds: Vec<ServiceKind>,
    /// When they are free.
    pub free: Vec<FreeTime>,
    /// Whether they live with, or are close kin of, whoever is served: that is family, not service.
    pub family: bool,
    /// Whether another order binds them then.
    pub bound: bool,
    /// Ratings they were given: the sum of them, and how many.
    pub rated: (i64, i64),
    /// Times they did not come, of late.
    pub missed: i64,
    /// Minutes they served of late.
    pub minutes: i64,
}

/// Somebody the desk may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Minutes of late up to which somebody has rested: the quarter of a month of full days.
const RESTED: i64 = 8 * 60;

/// Those who may be asked, in the order in which to ask them.
#[must_use]
pub fn matches(ask: &Ask, candidates: &[Candidate]) -> Vec<Match> {
    let mut fit: Vec<&Candidate> = candidates.iter().filter(|one| fits(ask, one)).collect();
    fit.sort_by_key(|one| {
        let far = one.group != ask.group;
        let worse = -mean(one);
        let (first, second) = if ask.need >= NEED_GREAT { (worse, far.into()) } else { (far.into(), worse) };
        (first, second, one.missed, one.minutes, one.no.clone())
    });
    fit.into_iter().map(|one| Match { person: one.person, reasons: reasons(ask, one) }).collect()
}

fn fits(ask: &Ask, one: &Candidate) -> bool {
    !one.family
        && !one.bound
        && one.missed < MISSED_MAX
        && one.kinds.contains(&ask.kind)
        && one.free.iter().any(|free| free.covers(ask.starts_at, ask.minutes))
}

/// In tenths.
fn mean(one: &Candidate) -> i64 {
    let (sum, count) = one.rated;
    if count < RATINGS_LEAST { RATING_UNKNOWN } else { sum.saturating_mul(10) / count }
}

fn reasons(ask: &Ask, one: &Candidate) -> Vec<Reason> {
    let new = one.rated.1 < RATINGS_LEAST;
    let said = [
        (Reason::Skilled, true),
        (Reason::Free, true),
        (Reason::Near, one.group == ask.group),
        (Reason::WellRated, !new && mean(one) >= RATING_GOOD),
        (Reason::Reliable, !new && one.missed == 0),
        (Reason::Rested, one.minutes < RESTED),
        (Reason::New, new),
    ];
    said.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn ask(need: i64) -> Ask {
        let starts_at = at("2026-06-03T14:00:00+08:00");
        let group = OrgId(Uuid::from_u128(1));
        Ask { kind: ServiceKind::Cleaning, starts_at, minutes: 60, group, need }
    }

    fn candidate(no: u32, group: u128, rated: (i64, i64)) -> Candidate {
        Candidate {
            person: PersonId(Uuid::from_u128(u128::from(no))),
            no: PersonNo::from_ordinal(no),
            group: OrgId(Uuid::from_u128(group)),
            kinds: vec![ServiceKind::Cleaning, ServiceKind::Meals],
            free: vec![FreeTime { weekdays: 0b001_1111, from: 8 * 60, until: 18 * 60 }],
            family: false,
            bound: false,
            rated,
            missed: 0,
            minutes: 0,
        }
    }

    fn order(ask: &Ask, candidates: &[Candidate]) -> Vec<u128> {
        matches(ask, candidates).into_iter().map(|one| one.person.0.as_u128()).collect()
    }

    #[test]
    fn the_nearest_is_asked_first_and_for_great_need_the_best_proven() {
        let all = [candidate(1, 2, (50, 10)), candidate(2, 1, (42, 10)), candidate(3, 1, (0, 0))];
        assert_eq!(order(&ask(0), &all), [2, 3, 1]);
        assert_eq!(order(&ask(NEED_GREAT), &all), [1, 2, 3]);
        let mut turned = all.to_vec();
        turned.reverse();
        assert_eq!(matches(&ask(0), &all), matches(&ask(0), &turned), "whatever order they come in");
    }

    #[test]
    fn nobody_is_asked_who_cannot_or_may_not() {
        let base = candidate(1, 1, (0, 0));
        let with = |change: fn(&mut Candidate)| {
            let mut one = base.clone();
            change(&mut one);
            order(&ask(0), &[one])
        };
        assert_eq!(with(|_| {}), [1]);
        assert!(with(|one| one.family = true).is_empty());
        assert!(with(|one| one.bound = true).is_empty());
        assert!(with(|one| one.missed = MISSED_MAX).is_empty());
        assert!(with(|one| one.kinds = vec![ServiceKind::Law]).is_empty());
        let only = |weekdays, from, until| {
            let one = Candidate { free: vec![FreeTime { weekdays, from, until }], ..base.clone() };
            order(&ask(0), &[one]).len()
        };
        assert_eq!(only(0b000_0100, 14 * 60, 15 * 60), 1, "a Wednesday");
        assert_eq!(only(0b000_0010, 0, 24 * 60), 0);
        assert_eq!(only(0b000_0100, 14 * 60, 15 * 60 - 1), 0);
        assert_eq!(only(0b000_0100, 14 * 60 + 1, 16 * 60), 0);
    }

    #[test]
    fn every_answer_says_why() {
        use Reason as R;
        let of = |one: Candidate| matches(&ask(0), &[one]).remove(0).reasons;
        assert_eq!(
            of(candidate(1, 1, (48, 10))),
            [R::Skilled, R::Free, R::Near, R::WellRated, R::Reliable, R::Rested]
        );
        let busy = Candidate { missed: 1, minutes: RESTED, ..candidate(1, 2, (30, 10)) };
        assert_eq!(of(busy), [R::Skilled, R::Free]);
        assert_eq!(of(candidate(1, 2, (10, 2))), [R::Skilled, R::Free, R::Rested, R::New]);
    }
}
