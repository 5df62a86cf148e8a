//! A claim against its limits, one answer at a time: refused, or cut to what is left, with the numbers kept.

use rust_decimal::Decimal;

use super::{Context, Cut, CutReason, Measure, OverCap, Refusal, RefusalCode, amount, usage::Purpose};
use crate::domain::{
    rule::{CapPeriod, Item, Limit, Rate, UsageScope},
    ruleset::RuleSet,
};

/// What is left of a claim after the limits applied so far. No signs.
#[derive(Debug)]
pub(super) struct Running<'a> {
    item: &'a Item,
    rate: Option<Rate>,
    quantity: Decimal,
    /// The amount of either score.
    amount: i64,
    minutes: i64,
    /// Room left in the account for points.
    room: Option<i64>,
    deducted: i64,
    cuts: Vec<Cut>,
}

/// What is left of a claim in the end. No signs.
#[derive(Debug)]
pub(super) struct Net {
    pub(super) points: i64,
    pub(super) honor: i64,
    pub(super) minutes: i64,
    pub(super) cuts: Vec<Cut>,
}

impl<'a> Running<'a> {
    pub(super) fn new(item: &'a Item, gross: &amount::Gross<'_>) -> Self {
        let (amount, minutes, rate, quantity) = (gross.amount, gross.minutes, gross.rate, gross.quantity);
        Self { item, rate, quantity, amount, minutes, room: None, deducted: 0, cuts: Vec::new() }
    }

    pub(super) fn apply(
        &mut self,
        set: &RuleSet,
        purpose: &Purpose,
        answer: i64,
        context: Context,
    ) -> Result<(), Refusal> {
        let size = answer.saturating_abs();
        match purpose {
            Purpose::Exclusive(_) if size == 0 => Ok(()),
            Purpose::Exclusive(group) => self.exclusive(set, group),
            Purpose::Quota => self.quota(size, context),
            Purpose::Highest => self.highest(size),
            Purpose::Cap(cap) => self.cap(cap.scope, cap.period, cap.limit, size),
            Purpose::Deducted => {
                self.deducted = size;
                Ok(())
            }
            Purpose::Restored => self.restored(size),
            Purpose::HonorOfYear => self.floor(set, answer),
            Purpose::Account(scope, period) => {
                self.account(set, *scope, *period, answer.max(0));
                Ok(())
            }
        }
    }

    pub(super) fn finish(mut self) -> Result<Net, Refusal> {
        let target = self.item.target;
        let honor = if target.honor() { self.amount } else { 0 };
        let points = if target.points() { self.amount.min(self.room.unwrap_or(i64::MAX)) } else { 0 };
        let nothing = points == 0 && honor == 0 && self.minutes == 0;
        if nothing && let Some(cut) = self.cuts.pop() {
            return Err(Refusal::limit(RefusalCode::CapReached, self.item, cut));
        }
        Ok(Net { points, honor, minutes: self.minutes, cuts: self.cuts })
    }

    fn exclusive(&self, set: &RuleSet, group: &str) -> Result<(), Refusal> {
        let found = set.exclusives.iter().find(|g| g.code == group);
        let others: Vec<_> = found
            .into_iter()
            .flat_map(|g| g.members.iter().chain(&g.outside))
            .filter(|code| **code != self.item.code)
            .map(ToString::to_string)
            .collect();
        let facts = [("group", group.to_owned()), ("excluded_by", others.join(", "))];
        Err(Refusal::new(RefusalCode::Exclusive, self.item, &facts))
    }

    fn quota(&self, taken: i64, context: Context) -> Result<(), Refusal> {
        let Some(quota) = self.item.quota else { return Ok(()) };
        let households = match quota.scope {
            UsageScope::Group => context.group_households,
            _ => context.village_households,
        };
        let places = quota.places(households);
        if taken < places {
            return Ok(());
        }
        let limit = Limit { measure: Measure::Households, max: places };
        let cut = self.cut(CutReason::Quota, quota.scope, quota.period, limit, taken, 0);
        Err(Refusal::limit(RefusalCode::QuotaFull, self.item, cut))
    }

    fn highest(&mut self, best: i64) -> Result<(), Refusal> {
        if best == 0 {
            return Ok(());
        }
        let measure = if self.item.target.honor() { Measure::Honor } else { Measure::Points };
        let limit = Limit { measure, max: self.amount };
        let left = (self.amount - best).max(0);
        let cut = self.cut(CutReason::HighestOnly, UsageScope::Household, CapPeriod::Year, limit, best, left);
        if left == 0 {
            return Err(Refusal::limit(RefusalCode::HighestOnly, self.item, cut));
        }
        self.amount = left;
        self.cuts.push(cut);
        Ok(())
    }

    fn cap(&mut self, scope: UsageScope, period: CapPeriod, limit: Limit, used: i64) -> Result<(), Refusal> {
        let room = limit.max.saturating_sub(used).max(0);
        let wanted = match limit.measure {
            Measure::Times | Measure::People | Measure::Households => 1,
            Measure::Points | Measure::Honor => self.amount,
            Measure::Minutes => self.minutes,
        };
        if wanted <= room {
            return Ok(());
        }
        let counted = matches!(limit.measure, Measure::Times | Measure::People | Measure::Households);
        if room == 0 || counted || self.item.over_cap == OverCap::Refuse {
            let cut = self.cut(CutReason::Cap, scope, period, limit, used, 0);
            return Err(Refusal::limit(RefusalCode::CapReached, self.item, cut));
        }
        let left = if limit.measure == Measure::Minutes { self.amount_for_minutes(room) } else { room };
        let mut cut = self.cut(CutReason::Cap, scope, period, limit, used, left);
        if limit.measure == Measure::Minutes {
            cut.minutes_left = Some(room);
            self.minutes = room;
        }
        self.amount = left;
        self.cuts.push(cut);
        Ok(())
    }

    /// What so many minutes are worth, never more than what is left.
    fn amount_for_minutes(&self, minutes: i64) -> i64 {
        let hours = Decimal::from(minutes) / Decimal::from(60);
        let worth = self.rate.as_ref().and_then(|rate| amount::of(rate, hours.min(self.quantity)));
        worth.unwrap_or(self.amount).min(self.amount)
    }

    fn restored(&mut self, given_back: i64) -> Result<(), Refusal> {
        let room = (self.deducted - given_back).max(0);
        if room >= self.amount {
            return Ok(());
        }
        let limit = Limit { measure: Measure::Honor, max: self.deducted };
        let cut =
            self.cut(CutReason::Restoration, UsageScope::Household, CapPeriod::Ever, limit, given_back, room);
        if room == 0 {
            return Err(Refusal::limit(RefusalCode::NothingToRestore, self.item, cut));
        }
        self.amount = room;
        self.cuts.push(cut);
        Ok(())
    }

    fn floor(&mut self, set: &RuleSet, moved: i64) -> Result<(), Refusal> {
        let score = set.programme.base_honor.saturating_add(moved);
        let room = score.saturating_sub(set.programme.honor_floor).max(0);
        if room >= self.amount {
            return Ok(());
        }
        let limit = Limit { measure: Measure::Honor, max: set.programme.honor_floor };
        let scope = UsageScope::Household;
        let cut = self.cut(CutReason::HonorFloor, scope, CapPeriod::Year, limit, score, room);
        if room == 0 {
            return Err(Refusal::limit(RefusalCode::FloorReached, self.item, cut));
        }
        self.amount = room;
        self.cuts.push(cut);
        Ok(())
    }

    fn account(&mut self, set: &RuleSet, scope: UsageScope, period: CapPeriod, used: i64) {
        let max = match period {
            CapPeriod::Month => set.programme.cap_month,
            _ => set.programme.cap_year,
        };
        let before = self.amount.min(self.room.unwrap_or(i64::MAX));
        let room = max.saturating_sub(used).max(0);
        if room < before {
            let limit = Limit { measure: Measure::Points, max };
            let mut cut = self.cut(CutReason::AccountCap, scope, period, limit, used, room);
            cut.before = before;
            self.cuts.push(cut);
            self.room = Some(room);
        }
    }

    fn cut(
        &self,
        reason: CutReason,
        scope: UsageScope,
        period: CapPeriod,
        limit: Limit,
        used: i64,
        after: i64,
    ) -> Cut {
        Cut { reason, scope, period, limit, used, before: self.amount, after, minutes_left: None }
    }
}
