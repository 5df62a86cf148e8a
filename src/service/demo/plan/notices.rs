//! Reviews, notice sheets and objections of the year, and from which day each line can be counted on as spendable.

use std::collections::HashSet;

use super::{
    DemoPlan,
    awards::Made,
    calendar::{at, months},
    deeds::{Batch, Deed, DemoEvent, LineRef, Objection, ObjectionOutcome, Sheet},
    dice::Dice,
    items,
    staff::{CLERK, REVIEWER_COUNT, REVIEWERS, lives_in},
};
use crate::domain::time::{Day, Period, Timestamp};

/// Days after publication when a line is surely posted: seven working days and a holiday between them.
const SURELY_POSTED_DAYS: i32 = 12;
/// The reviewer who decides objections: lives elsewhere and reviews only when the others cannot.
const ARBITER: usize = REVIEWERS + REVIEWER_COUNT - 1;
const GROUNDS: [&str; 4] =
    ["当天没有到场，请核实签到表", "门前仍堆有杂物，不符合要求", "数量与实际不符", "同一件事已经记过一次"];

/// Points that a household has from a day on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Credit {
    pub(super) line: LineRef,
    pub(super) household: usize,
    pub(super) points: i64,
    pub(super) earned_on: Day,
    pub(super) surely_on: Day,
}

struct Sheets<'a> {
    plan: &'a DemoPlan,
    made: &'a [Made],
    dice: &'a mut Dice,
    events: Vec<DemoEvent>,
    /// When a batch was reviewed, by its number.
    reviewed: Vec<Option<Timestamp>>,
    refused: HashSet<LineRef>,
    /// Batches not yet on a sheet, by number.
    waiting: Vec<usize>,
    credits: Vec<Credit>,
    notices: usize,
    objections: usize,
}

/// Reviews, notices and objections, and the credits they lead to.
pub(super) fn year(dice: &mut Dice, plan: &DemoPlan, made: &[Made]) -> (Vec<DemoEvent>, Vec<Credit>) {
    let mut sheets = Sheets {
        plan,
        made,
        dice,
        events: Vec::new(),
        reviewed: Vec::new(),
        refused: HashSet::new(),
        waiting: (0..made.len()).collect(),
        credits: Vec::new(),
        notices: 0,
        objections: 0,
    };
    sheets.review();
    let mut days: Vec<(Day, bool, usize)> = months(plan.starts_on, plan.today)
        .iter()
        .enumerate()
        .map(|(n, first)| {
            (first.period(Period::Month).1.plus(2), true, usize::from([2, 5, 8, 10].contains(&n)))
        })
        .filter(|(day, ..)| *day < plan.today.plus(-3))
        .collect();
    // One sheet that is up today with an open objection and a settled one, and one still a draft.
    days.push((plan.today.plus(-3), true, 2));
    days.push((plan.today.plus(-1), false, 0));
    for (day, publish, objections) in days {
        sheets.compile(day, publish, objections);
    }
    (sheets.events, sheets.credits)
}

impl Sheets<'_> {
    fn review(&mut self) {
        for made in self.made {
            let batch = &made.batch;
            let minute = i64::try_from(batch.number % 230).unwrap_or(0);
            let when = at(made.at.day().plus(2), 14, minute);
            if when >= self.plan.today.start() {
                self.reviewed.push(None);
                continue;
            }
            let mut refused = Vec::new();
            for line in 0..batch.lines.len() {
                if self.dice.below(150) == 0 {
                    refused.push(line);
                    self.refused.insert(LineRef { batch: batch.number, line });
                }
            }
            let deed = Deed::Reviewed { batch: batch.number, reviewers: self.reviewers(batch), refused };
            self.events.push(DemoEvent { at: when, deed });
            self.reviewed.push(Some(when));
        }
    }

    /// The reviewers without a household in the batch, taking turns; the arbiter last.
    fn reviewers(&self, batch: &Batch) -> Vec<usize> {
        let residents = REVIEWER_COUNT - 1;
        let turn = (0..residents).map(|i| REVIEWERS + (batch.number + i) % residents);
        let free = |who: &usize| {
            !batch.lines.iter().any(|l| lives_in(&self.plan.staff, *who, l.household, &self.plan.people))
        };
        turn.chain([ARBITER]).filter(free).collect()
    }

    fn compile(&mut self, day: Day, publish: bool, objections: usize) {
        for (slot, sheet) in (0..).zip([Sheet::Ordinary, Sheet::Major, Sheet::Deductions]) {
            let when = at(day, 9, slot * 5);
            let (ready, waiting): (Vec<usize>, Vec<usize>) = self.waiting.iter().partition(|number| {
                let reviewed = self.reviewed.get(**number).copied().flatten().is_some_and(|r| r < when);
                reviewed && self.made.get(**number).is_some_and(|m| items::sheet(m.batch.item) == sheet)
            });
            self.waiting = waiting;
            if ready.is_empty() {
                continue;
            }
            let notice = self.notices;
            self.notices += 1;
            let deed = Deed::NoticeCompiled { notice, sheet, batches: ready.clone(), compiled_by: CLERK };
            self.events.push(DemoEvent { at: when, deed });
            if !publish {
                continue;
            }
            let checked_by = REVIEWERS + notice % (REVIEWER_COUNT - 1);
            self.events.push(DemoEvent {
                at: at(day, 10, slot * 5),
                deed: Deed::NoticePublished { notice, checked_by },
            });
            let disputed =
                if sheet == Sheet::Ordinary { self.object(day, &ready, objections) } else { Vec::new() };
            self.credit(day, &ready, &disputed);
        }
    }

    /// Objections to lines of a sheet that went up on `day`. Of two, the first is settled a day later and the
    /// second stays open.
    fn object(&mut self, day: Day, batches: &[usize], count: usize) -> Vec<LineRef> {
        let mut disputed = Vec::new();
        while disputed.len() < count {
            let Some(line) = self.any_line(batches).filter(|l| !disputed.contains(l)) else { continue };
            let number = self.objections;
            self.objections += 1;
            let by = (number % 3 != 2).then(|| self.dice.below(self.plan.households.len()));
            let grounds = GROUNDS.get(number % GROUNDS.len()).copied().unwrap_or_default();
            let raised = at(day.plus(1), 10, i64::try_from(number).unwrap_or(0));
            let objection = Objection { number, line, by, grounds };
            self.events.push(DemoEvent { at: raised, deed: Deed::Objected(objection) });
            if count == 1 || disputed.is_empty() {
                let outcome = if number.is_multiple_of(2) {
                    ObjectionOutcome::Dismissed
                } else {
                    ObjectionOutcome::Upheld
                };
                let decided = at(day.plus(2), 15, i64::try_from(number).unwrap_or(0));
                let deed = Deed::ObjectionDecided { objection: number, decided_by: ARBITER, outcome };
                self.events.push(DemoEvent { at: decided, deed });
                if outcome == ObjectionOutcome::Dismissed && by.is_some() {
                    self.appeal(day.plus(2), number);
                }
            }
            disputed.push(line);
        }
        disputed
    }

    /// Whoever objected is not satisfied; the township answers within the fortnight, or has not yet.
    fn appeal(&mut self, day: Day, objection: usize) {
        self.events.push(DemoEvent { at: at(day, 20, 0), deed: Deed::Appealed { objection } });
        let concluded = at(day.plus(7), 10, 0);
        if concluded < self.plan.today.start() {
            self.events.push(DemoEvent { at: concluded, deed: Deed::AppealConcluded { objection } });
        }
    }

    fn any_line(&mut self, batches: &[usize]) -> Option<LineRef> {
        let batch = *self.dice.pick(batches)?;
        let line = self.dice.below(self.made.get(batch)?.batch.lines.len());
        Some(LineRef { batch, line }).filter(|l| !self.refused.contains(l))
    }

    fn credit(&mut self, day: Day, batches: &[usize], disputed: &[LineRef]) {
        for made in batches.iter().filter_map(|b| self.made.get(*b)) {
            let batch = &made.batch;
            for (place, line) in batch.lines.iter().enumerate() {
                let here = LineRef { batch: batch.number, line: place };
                if self.refused.contains(&here) || disputed.contains(&here) {
                    continue;
                }
                self.credits.push(Credit {
                    line: here,
                    household: line.household,
                    points: items::worth(batch.item, line),
                    earned_on: batch.occurred_on,
                    surely_on: day.plus(SURELY_POSTED_DAYS),
                });
            }
        }
    }
}
