//! A year at the counters: goods come in, households take them home on Fridays, and now and then a posting is
//! undone. Spends only what a household surely has, and only what stands on the shelf.

use std::collections::HashMap;

use super::{
    DemoPlan,
    awards::Made,
    calendar::{at, months, weekday_from},
    deeds::{Deed, DemoEvent, Redemption, Reversal, ShownCode},
    dice::Dice,
    notices::Credit,
    staff::{CLERK, REVIEWER_COUNT, REVIEWERS, lives_in},
};
use crate::domain::time::{Day, Period};

/// Days before the first redemption: a month of records, a notice, and its clock.
const OPENS_AFTER_DAYS: i32 = 45;
/// Redemptions on one Friday.
const A_FRIDAY: (i32, i32) = (10, 16);
/// Most points of an order, in hundredths.
const ORDER_MAX: i64 = 20_000;
const REASONS: [&str; 3] = ["签到表上不是本人，记错了户", "同一天重复登记", "数量录入有误"];

/// What the year at the counters came to.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) events: Vec<DemoEvent>,
    pub(super) showcase: usize,
}

/// What a household has, from below.
#[derive(Debug, Default)]
struct Purse {
    credits: Vec<Credit>,
    debited: i64,
}

impl Purse {
    fn available(&self, day: Day) -> i64 {
        let credited: i64 = self.credits.iter().filter(|c| c.surely_on <= day).map(|c| c.points).sum();
        credited - self.debited
    }

    /// Takes away on 1 April what was earned before this year and not used.
    fn expire(&mut self, day: Day) {
        let (year, _) = day.period(Period::Year);
        let old: i64 =
            self.credits.iter().filter(|c| c.surely_on <= day && c.earned_on < year).map(|c| c.points).sum();
        self.debited = self.debited.max(old);
    }
}

struct Counters<'a> {
    plan: &'a DemoPlan,
    dice: &'a mut Dice,
    purses: Vec<Purse>,
    /// Pieces on the shelf of a counter.
    stock: HashMap<(usize, usize), i64>,
    /// Scarce goods a household took in a quarter.
    taken: HashMap<(usize, usize, Day), i64>,
    events: Vec<DemoEvent>,
}

/// Receipts, redemptions and reversals of the year.
pub(super) fn year(dice: &mut Dice, plan: &DemoPlan, made: &[Made], credits: Vec<Credit>) -> Shop {
    let mut purses: Vec<Purse> = plan.households.iter().map(|_| Purse::default()).collect();
    for credit in credits {
        if let Some(purse) = purses.get_mut(credit.household) {
            purse.credits.push(credit);
        }
    }
    let (stock, taken) = (HashMap::new(), HashMap::new());
    let mut counters = Counters { plan, dice, purses, stock, taken, events: Vec::new() };
    let opens = plan.starts_on.plus(OPENS_AFTER_DAYS);
    let mut friday = weekday_from(opens, 5);
    let deliveries: Vec<Day> =
        months(opens, plan.today).into_iter().map(|m| weekday_from(m.plus(7), 4)).collect();
    let mut last = plan.starts_on;
    while friday < plan.today {
        let due = |d: &Day| last < *d && *d <= friday;
        if counters.events.is_empty() || deliveries.iter().any(due) {
            counters.deliver(friday.plus(-1));
        }
        if friday.ymd().1 >= 4 && last.ymd().1 < 4 {
            counters.purses.iter_mut().for_each(|p| p.expire(friday));
        }
        counters.market_day(friday);
        last = friday;
        friday = friday.plus(7);
    }
    for (number, back) in [(0, 75), (1, 50), (2, 24)] {
        counters.reverse(number, plan.today.plus(-back), made);
    }
    let showcase = counters.showcase();
    Shop { events: counters.events, showcase }
}

impl Counters<'_> {
    /// Fills the shelves; the main counter holds more.
    fn deliver(&mut self, day: Day) {
        for (counter, fund) in [(0, 0), (1, 1)] {
            let mut lines = Vec::new();
            for (place, goods) in self.plan.goods.iter().enumerate().filter(|(_, g)| !g.is_service()) {
                let full = match (goods.price, counter) {
                    (..=2_000, 0) => 24,
                    (..=2_000, _) => 10,
                    (..=6_000, 0) => 12,
                    (..=6_000, _) | (_, 0) => 6,
                    _ => 3,
                };
                let shelf = self.stock.entry((counter, place)).or_default();
                if *shelf < full {
                    lines.push((place, full - *shelf));
                    *shelf = full;
                }
            }
            if !lines.is_empty() {
                let deed = Deed::GoodsReceived { counter, fund, lines, witness: CLERK };
                let minute = i64::try_from(counter).unwrap_or(0) * 30;
                self.events.push(DemoEvent { at: at(day, 14, minute), deed });
            }
        }
    }

    fn market_day(&mut self, friday: Day) {
        let count = self.dice.between(A_FRIDAY.0, A_FRIDAY.1);
        for number in 0..i64::from(count) {
            let Some(household) = self.customer(friday) else { continue };
            let counter = usize::from(self.dice.percent(30));
            let lines = self.basket(household, counter, friday);
            if lines.is_empty() {
                continue;
            }
            let shown = if self.has_phone(household) && self.dice.percent(55) {
                ShownCode::Phone
            } else {
                ShownCode::Card
            };
            let deed = Deed::Redeemed(Redemption { counter, household, shown, lines });
            self.events.push(DemoEvent { at: at(friday, 9, number * 20), deed });
        }
    }

    /// The better off of two households that can afford something.
    fn customer(&mut self, day: Day) -> Option<usize> {
        let mut best: Option<(i64, usize)> = None;
        let mut met = 0;
        for _ in 0..60 {
            let household = self.dice.below(self.purses.len());
            let available = self.purses.get(household).map_or(0, |p| p.available(day));
            if available >= 1_200 {
                best = best.max(Some((available, household)));
                met += 1;
            }
            if met == 2 {
                break;
            }
        }
        best.map(|(_, household)| household)
    }

    fn basket(&mut self, household: usize, counter: usize, day: Day) -> Vec<(usize, i64)> {
        let available = self.purses.get(household).map_or(0, |p| p.available(day));
        let wish = i64::from(self.dice.between(24, 80)) * 100;
        let mut left = if available >= 10_000 && self.dice.percent(35) { available } else { wish };
        left = left.min(available).min(ORDER_MAX);
        let quarter = day.period(Period::Quarter).0;
        let mut lines: Vec<(usize, i64)> = Vec::new();
        for _ in 0..24 {
            let place = self.dice.below(self.plan.goods.len());
            let Some(goods) = self.plan.goods.get(place) else { continue };
            let shelf = self.stock.get(&(counter, place)).copied().unwrap_or(0);
            let had = self.taken.get(&(household, place, quarter)).copied().unwrap_or(0);
            let barred =
                goods.quota.is_some_and(|(most, _)| had >= most) || (shelf == 0 && !goods.is_service());
            if barred || goods.price > left || lines.iter().any(|(p, _)| *p == place) || lines.len() == 4 {
                continue;
            }
            left -= goods.price;
            lines.push((place, 1));
            *self.taken.entry((household, place, quarter)).or_default() += 1;
            if !goods.is_service() {
                *self.stock.entry((counter, place)).or_default() -= 1;
            }
            if let Some(purse) = self.purses.get_mut(household) {
                purse.debited += goods.price;
            }
        }
        lines
    }

    fn has_phone(&self, household: usize) -> bool {
        let members = self.plan.households.get(household).map(|h| h.people.as_slice()).unwrap_or_default();
        members.iter().filter_map(|p| self.plan.people.get(*p)).any(|p| p.phone.is_some())
    }

    /// Undoes a clean-up line of weeks before, of a household that has the points then and today.
    fn reverse(&mut self, number: usize, day: Day, made: &[Made]) {
        let arbiter = REVIEWERS + REVIEWER_COUNT - 1;
        let fits = |c: &Credit| {
            let item = made.get(c.line.batch).map(|m| m.batch.item);
            item == Some("A5") && c.surely_on.plus(10) < day && day < c.surely_on.plus(90)
        };
        let today = self.plan.today;
        let staffed = |household| lives_in(&self.plan.staff, CLERK, household, &self.plan.people);
        let found =
            self.purses.iter_mut().enumerate().skip(number * 211 + 40).find_map(|(household, purse)| {
                let credit = purse.credits.iter().find(|c| fits(c)).copied()?;
                let enough =
                    purse.available(day).min(purse.available(today)) >= credit.points && !staffed(household);
                enough.then(|| {
                    purse.debited += credit.points;
                    credit.line
                })
            });
        if let Some(line) = found {
            let reason = REASONS.get(number).copied().unwrap_or_default();
            let reversal = Reversal { line, reason, requested_by: CLERK, approved_by: arbiter };
            self.events.push(DemoEvent { at: at(day, 11, 0), deed: Deed::Reversed(reversal) });
        }
    }

    /// The best-off household with a phone and nobody on the staff.
    fn showcase(&self) -> usize {
        let staff: Vec<usize> = self
            .plan
            .staff
            .iter()
            .filter_map(|s| self.plan.people.get(s.person?))
            .map(|p| p.household)
            .collect();
        let today = self.plan.today;
        let shown = self.purses.iter().enumerate().filter(|(h, _)| !staff.contains(h) && self.has_phone(*h));
        shown.max_by_key(|(h, p)| (p.available(today), std::cmp::Reverse(*h))).map_or(0, |(h, _)| h)
    }
}
