//! A year of records: the monthly inspections, clean-up days, volunteering, the compact reviews, and the small
//! occasions of [`super::habits`]. Taken together they issue what the sample programme expects, about 78,700 points.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::{
    DemoPlan, GRIDS,
    calendar::{at, in_month, months, weekday_from},
    deeds::{Batch, Deed, DemoEvent, DemoLine},
    dice::Dice,
    habits::{HABITS, Habit, Whom},
    items,
    staff::{CLERK, RECORDERS, lives_in},
};
use crate::domain::time::{Day, Timestamp};

/// A household's points in a month under the sample rules, in hundredths.
const HOUSEHOLD_MONTH_MAX: i64 = 6_000;
/// People of a grid who come to the clean-up day.
const CLEAN_UP_PEOPLE: usize = 24;
/// People of one volunteer activity.
const VOLUNTEERS: usize = 12;
const ACTIVITIES: [&str; 6] = ["敬老院探访", "河道清理", "义务植树", "课后看护", "卫生宣传", "为老人理发"];

/// A batch and when it is saved.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) at: Timestamp,
    pub(super) batch: Batch,
}

impl Made {
    pub(super) fn event(self) -> DemoEvent {
        DemoEvent { at: self.at, deed: Deed::Recorded(self.batch) }
    }
}

struct Year<'a> {
    plan: &'a DemoPlan,
    dice: &'a mut Dice,
    made: Vec<Made>,
    /// Points of a household in a month so far.
    month: HashMap<(usize, Day), i64>,
    /// How tidy each household is; the same ones tend to pass.
    tidy: Vec<usize>,
    /// What a person or household already got this month, so that no occasion meets the same one twice.
    met: HashSet<(&'static str, usize, Day)>,
}

/// Every batch of the year that is saved before the plan's present, in the order of making.
pub(super) fn year(dice: &mut Dice, plan: &DemoPlan) -> Vec<Made> {
    let tidy = plan.households.iter().map(|_| dice.below(100)).collect();
    let mut year = Year { plan, dice, made: Vec::new(), month: HashMap::new(), tidy, met: HashSet::new() };
    for (number, first) in months(plan.starts_on, plan.today).into_iter().enumerate() {
        if number == 0 {
            year.pledges(first);
        }
        year.inspection(first);
        year.clean_up(first);
        year.volunteering(first, 8 + usize::from(number % 3 == 0));
        year.compact(first);
        for habit in HABITS {
            year.habit(habit, first);
        }
    }
    year.last_days();
    year.made
}

fn once(household: usize) -> DemoLine {
    DemoLine { household, person: None, quantity: Decimal::ONE, grade: None }
}

impl Year<'_> {
    fn grid(&self, grid: usize) -> Vec<usize> {
        self.plan.households.iter().enumerate().filter(|(_, h)| h.grid == grid).map(|(i, _)| i).collect()
    }

    /// Grown-ups up to 75, in random order; of one grid, or of the village.
    fn grown_ups(&mut self, grid: Option<usize>, day: Day) -> Vec<usize> {
        let year = day.ymd().0;
        let plan = self.plan;
        let lives =
            |household: usize| grid.is_none() || plan.households.get(household).map(|h| h.grid) == grid;
        let people = plan.people.iter().enumerate();
        let fit =
            people.filter(|(_, p)| (18..=75).contains(&p.birth_year.age_in(year)) && lives(p.household));
        let fit = fit.map(|(i, _)| i).collect();
        self.dice.shuffled(fit)
    }

    /// Saves a batch; returns the lines of the recorder's own household, which somebody else must record.
    fn save(
        &mut self,
        recorder: usize,
        item: &'static str,
        day: Day,
        occasion: String,
        lines: Vec<DemoLine>,
    ) -> Vec<DemoLine> {
        let number = self.made.len();
        let minute = i64::try_from(number % 170).unwrap_or(0);
        let saved = at(day, 17, minute);
        if saved >= self.plan.today.start() {
            return Vec::new();
        }
        let plan = self.plan;
        let (own, lines): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|l| lives_in(&plan.staff, recorder, l.household, &plan.people));
        let lines: Vec<DemoLine> = lines.into_iter().filter(|l| self.within_caps(item, day, l)).collect();
        if !lines.is_empty() {
            let (year, month, date) = day.ymd();
            let evidence = format!("{item}-{year}{month:02}{date:02}-{number:04}");
            let batch = Batch { number, item, recorder, occurred_on: day, occasion, evidence, lines };
            self.made.push(Made { at: saved, batch });
        }
        own
    }

    fn within_caps(&mut self, item: &'static str, day: Day, line: &DemoLine) -> bool {
        let first = day.plus(1 - i32::from(day.ymd().2));
        // Volunteering has caps in hours that three hours a time do not reach; meetings are counted by occasion.
        let subject = line.person.map_or(line.household, |p| p + self.plan.households.len());
        if !matches!(item, "C1" | "C3") && !self.met.insert((item, subject, first)) {
            return false;
        }
        let sum = self.month.entry((line.household, first)).or_default();
        let points = items::worth(item, line);
        let fits = *sum + points <= HOUSEHOLD_MONTH_MAX;
        if fits {
            *sum += points;
        }
        fits
    }

    /// Saves by grid, and what concerns the recorders' own households by the clerk.
    fn save_by_grid(
        &mut self,
        item: &'static str,
        day: Day,
        occasion: &str,
        grids: Vec<(usize, Vec<DemoLine>)>,
    ) {
        let mut own = Vec::new();
        for (grid, lines) in grids {
            own.extend(self.save(RECORDERS + grid, item, day, occasion.to_owned(), lines));
        }
        if !own.is_empty() {
            self.save(CLERK, item, day, format!("{occasion}（记录人本户）"), own);
        }
    }

    /// A1 for six households in ten, A2 for the best two in ten of every group.
    fn inspection(&mut self, first: Day) {
        let day = in_month(first, 26);
        let month = first.ymd().1;
        let (mut passed, mut cleanest) = (Vec::new(), Vec::new());
        for grid in 0..GRIDS {
            let mut ranked = Vec::new();
            for household in self.grid(grid) {
                let tidy = self.tidy.get(household).copied().unwrap_or(0);
                ranked.push((tidy + self.dice.below(90), household));
            }
            ranked.sort_by(|a, b| b.cmp(a));
            let best = |percent: usize| -> Vec<DemoLine> {
                ranked.iter().take(ranked.len() * percent / 100).map(|(_, h)| once(*h)).collect()
            };
            passed.push((grid, best(60)));
            cleanest.push((grid, best(20)));
        }
        self.save_by_grid("A1", day, &format!("{month}月门前三包检查"), passed);
        self.save_by_grid("A2", day, &format!("{month}月最清洁户"), cleanest);
    }

    fn clean_up(&mut self, first: Day) {
        let day = weekday_from(first, 6);
        let mut grids = Vec::new();
        for grid in 0..GRIDS {
            let mut homes: HashMap<usize, usize> = HashMap::new();
            let mut lines = Vec::new();
            for person in self.grown_ups(Some(grid), day) {
                let Some(household) = self.plan.people.get(person).map(|p| p.household) else { continue };
                let came = homes.entry(household).or_default();
                if *came < 2 && lines.len() < CLEAN_UP_PEOPLE {
                    *came += 1;
                    lines.push(DemoLine { person: Some(person), ..once(household) });
                }
            }
            grids.push((grid, lines));
        }
        self.save_by_grid("A5", day, &format!("{}月集体保洁日", first.ymd().1), grids);
    }

    /// Week-end activities of two to four hours, people of the whole village.
    fn volunteering(&mut self, first: Day, activities: usize) {
        for number in 0..activities {
            let week = i32::try_from(number / 2).unwrap_or(0);
            let sunday = weekday_from(first, 7).plus(7 * (week % 4));
            let day = if number % 2 == 0 { sunday } else { sunday.plus(6) };
            if day.ymd().1 != first.ymd().1 {
                continue;
            }
            let hours = self.dice.between(2, 4);
            let name = self.dice.pick(&ACTIVITIES).copied().unwrap_or_default();
            let mut lines = Vec::new();
            for person in self.grown_ups(None, day).into_iter().take(VOLUNTEERS) {
                let Some(household) = self.plan.people.get(person).map(|p| p.household) else { continue };
                lines.push(DemoLine {
                    person: Some(person),
                    quantity: Decimal::from(hours),
                    ..once(household)
                });
            }
            self.save(CLERK, "C1", day, format!("{name}（{hours}小时）"), lines);
        }
    }

    /// E1: a third of the groups every month, so that each is reviewed once a quarter.
    fn compact(&mut self, first: Day) {
        let day = in_month(first, 20);
        let turn = usize::from((first.ymd().1 - 1) % 3);
        let mut grids = Vec::new();
        for grid in (0..GRIDS).filter(|g| g % 3 == turn) {
            let households = self.grid(grid);
            let passed = households.len() * 80 / 100;
            let lines = self.dice.shuffled(households).into_iter().take(passed).map(once).collect();
            grids.push((grid, lines));
        }
        self.save_by_grid("E1", day, &format!("第{}季度履约评议", (first.ymd().1 - 1) / 3 + 1), grids);
    }

    /// E2: most households sign the compact when it comes into force.
    fn pledges(&mut self, first: Day) {
        let mut grids = Vec::new();
        for grid in 0..GRIDS {
            let households = self.grid(grid);
            let lines = self.dice.shuffled(households).into_iter().take(72).map(once).collect();
            grids.push((grid, lines));
        }
        self.save_by_grid("E2", in_month(first, 12), "签订村规民约承诺书", grids);
    }

    fn habit(&mut self, habit: &Habit, first: Day) {
        if !habit.months.is_empty() && !habit.months.contains(&first.ymd().1) {
            return;
        }
        for _ in 0..habit.times {
            let day = in_month(first, self.dice.between(2, 27));
            self.occasion(habit, day);
        }
    }

    /// One occasion in one grid, recorded there or by the clerk.
    fn occasion(&mut self, habit: &Habit, day: Day) {
        let grid = self.dice.below(GRIDS);
        let recorder = if self.dice.percent(50) { CLERK } else { RECORDERS + grid };
        let count = usize::try_from(self.dice.between(habit.lines.0, habit.lines.1)).unwrap_or(1);
        let subjects: Vec<(usize, Option<usize>)> = match habit.whom {
            Whom::Households => {
                let households = self.grid(grid);
                self.dice.shuffled(households).into_iter().map(|h| (h, None)).collect()
            }
            Whom::People => {
                let people = self.grown_ups(Some(grid), day);
                people
                    .into_iter()
                    .filter_map(|p| Some((self.plan.people.get(p)?.household, Some(p))))
                    .collect()
            }
        };
        let (low, high, step) = habit.quantity;
        let mut lines = Vec::new();
        for (household, person) in subjects.into_iter().take(count) {
            let quantity = Decimal::from(low + self.dice.between(0, (high - low) / step) * step);
            lines.push(DemoLine { household, person, quantity, grade: habit.grade });
        }
        self.save(recorder, habit.item, day, habit.occasion.to_owned(), lines);
    }

    /// Small records on each of the last days, so that some wait for review and some for their notice.
    fn last_days(&mut self) {
        for back in (1..=6).rev() {
            let day = self.plan.today.plus(-back);
            for habit in HABITS.iter().filter(|h| matches!(h.item, "A3" | "C7" | "D3")) {
                self.occasion(habit, day);
            }
        }
    }
}
