//! One item by itself: its caps, dates, evidence and notice fit what it is. References are checked elsewhere.

use std::collections::BTreeSet;

use super::MIN_NOTICE_DAYS;
use crate::domain::{
    rule::{
        CapPeriod, Direction, EvidenceKind, GradeWorth, Item, Measure, QuotaSize, Route, SubjectKind, Target,
        Unit, UsageScope, Worth,
    },
    ruleset::{
        Programme,
        fault::{FaultKind, Faults, Said, Wrong},
        raw::RawItem,
        read::Placed,
    },
};

/// No household is reminded more often before it is deducted.
const REMINDERS_MAX: u32 = 5;

struct Checker<'a, 'f, 't> {
    placed: &'a Placed<RawItem>,
    item: &'a Item,
    faults: &'f mut Faults<'t>,
}

impl Checker<'_, '_, '_> {
    fn fault(&mut self, key: &str, kind: FaultKind, wrong: impl Into<Said>) {
        self.faults.add(self.placed.at(key), self.placed.title.clone(), kind, wrong);
    }
}

/// Everything that can be said of an item without the rest of the file but its header.
pub(in crate::domain::ruleset) fn item(
    placed: &Placed<RawItem>,
    item: &Item,
    programme: Option<&Programme>,
    faults: &mut Faults<'_>,
) {
    let mut checker = Checker { placed, item, faults };
    checker.worth();
    checker.caps();
    checker.cap_order();
    checker.quota();
    checker.dates(programme);
    checker.evidence();
    checker.direction();
    checker.safeguards();
}

impl Checker<'_, '_, '_> {
    fn worth(&mut self) {
        let item = self.item;
        let mut seen = BTreeSet::new();
        for grade in item.grades() {
            if !seen.insert(grade.code.as_str()) {
                let wrong = Wrong::GradeTwice.with("grade", &grade.code);
                self.fault("grades", FaultKind::DuplicateCode, wrong);
            }
        }
        if item.worth == Worth::Fixed(0) && item.sanction.is_none() && !item.service_minutes {
            self.fault("points", FaultKind::Worth, Wrong::WorthNothing);
        }
        let whole = item.grades().iter().any(|g| g.worth == GradeWorth::Fixed(0));
        if whole {
            self.fault("grades", FaultKind::Worth, Wrong::GradeWorthNothing);
        }
        if let (Some(min), Some(max)) = (item.min_quantity, item.max_quantity)
            && min > max
        {
            self.fault("max_quantity", FaultKind::ImpossibleCap, Wrong::QuantityOrder);
        }
        if item.service_minutes && item.unit != Unit::Hour {
            self.fault("service_minutes", FaultKind::Worth, Wrong::MinutesNeedHours);
        }
        let most = if item.direction == Direction::Deduct { REMINDERS_MAX } else { 1 };
        if !(1..=most).contains(&item.reminders) {
            self.fault("reminders", FaultKind::Worth, Wrong::RemindersOutOfRange);
        }
        if item.highest_only && item.grades().is_empty() {
            self.fault("highest_only", FaultKind::Worth, Wrong::HighestNeedsGrades);
        }
    }

    /// The least one claim is worth, in minor units, where that is known beforehand.
    fn least(&self) -> Option<i64> {
        match &self.item.worth {
            Worth::Fixed(points) => Some(*points),
            Worth::Range { min, .. } => Some(*min),
            Worth::Grades(grades) => grades
                .iter()
                .map(|g| match g.worth {
                    GradeWorth::Fixed(points) => Some(points),
                    GradeWorth::Rate(_) => None,
                })
                .collect::<Option<Vec<_>>>()?
                .into_iter()
                .min(),
            Worth::Rate(_) | Worth::Restored => None,
        }
    }

    fn caps(&mut self) {
        let least = self.least();
        for cap in &self.item.caps {
            let max = cap.limit.max;
            if max <= 0 {
                self.fault("caps", FaultKind::ImpossibleCap, Wrong::CapOfNothing);
            }
            let misfit = match cap.limit.measure {
                Measure::Points if !self.item.target.points() => Some(Wrong::CapNoPoints),
                Measure::Honor if !self.item.target.honor() => Some(Wrong::CapNoHonor),
                Measure::Minutes if !self.item.service_minutes => Some(Wrong::CapNoHours),
                Measure::People if cap.scope == UsageScope::Person => Some(Wrong::CapOnePerson),
                Measure::People if self.item.subject != SubjectKind::Person => Some(Wrong::CapPeopleSubject),
                _ => None,
            };
            if let Some(wrong) = misfit {
                self.fault("caps", FaultKind::ImpossibleCap, wrong);
            }
            if cap.scope == UsageScope::Person && self.item.subject != SubjectKind::Person {
                self.fault("caps", FaultKind::ImpossibleCap, Wrong::CapPersonSubject);
            }
            let amount = matches!(cap.limit.measure, Measure::Points | Measure::Honor);
            if amount && max > 0 && least.is_some_and(|least| least > max) {
                self.fault("caps", FaultKind::ImpossibleCap, Wrong::CapBelowAward);
            }
        }
    }

    fn cap_order(&mut self) {
        let caps = &self.item.caps;
        for (n, a) in caps.iter().enumerate() {
            for b in caps.iter().skip(n + 1) {
                if a.limit.measure != b.limit.measure {
                    continue;
                }
                if a.scope == b.scope && a.period == b.period {
                    self.fault("caps", FaultKind::ImpossibleCap, Wrong::CapTwice);
                    continue;
                }
                let (short, long) = if a.period <= b.period { (a, b) } else { (b, a) };
                let nested = short.scope == long.scope && short.period != CapPeriod::Event;
                if nested && short.limit.max > long.limit.max {
                    self.fault("caps", FaultKind::ImpossibleCap, Wrong::CapShorterAbove);
                }
                let (narrow, wide) = if a.scope <= b.scope { (a, b) } else { (b, a) };
                let shared = narrow.period == wide.period && narrow.scope != wide.scope;
                if shared && narrow.limit.max > wide.limit.max {
                    self.fault("caps", FaultKind::ImpossibleCap, Wrong::CapNarrowAbove);
                }
            }
        }
    }

    fn quota(&mut self) {
        let Some(quota) = self.item.quota else { return };
        let sound = match quota.size {
            QuotaSize::Percent(p) => (1..=100).contains(&p),
            QuotaSize::Count(n) => n > 0,
        };
        if !sound {
            self.fault("quota", FaultKind::ImpossibleCap, Wrong::QuotaSizeRange);
        }
        if !matches!(quota.scope, UsageScope::Group | UsageScope::Village) {
            self.fault("quota", FaultKind::ImpossibleCap, Wrong::QuotaScope);
        }
        if quota.period == CapPeriod::Event {
            self.fault("quota", FaultKind::ImpossibleCap, Wrong::QuotaPeriod);
        }
    }

    fn dates(&mut self, programme: Option<&Programme>) {
        if let (Some(from), Some(until)) = (self.item.effective_from, self.item.effective_until)
            && until < from
        {
            self.fault("effective_until", FaultKind::BadDate, Wrong::EndsBeforeBegin);
        }
        let start = programme.map(|p| p.effective_from);
        if let (Some(start), Some(from)) = (start, self.item.effective_from)
            && from < start
        {
            self.fault("effective_from", FaultKind::BadDate, Wrong::BeginsBeforeSet);
        }
        if let (Some(start), Some(until)) = (start, self.item.effective_until)
            && until < start
        {
            self.fault("effective_until", FaultKind::BadDate, Wrong::EndsBeforeSet);
        }
        if self.item.notice_days.is_some_and(|days| days < MIN_NOTICE_DAYS) {
            let wrong = Wrong::NoticeTooShort.with("days", MIN_NOTICE_DAYS);
            self.fault("notice_days", FaultKind::Route, wrong);
        }
    }

    fn evidence(&mut self) {
        let evidence = &self.item.evidence;
        if evidence.kinds.is_empty() || evidence.min_count == 0 {
            self.fault("evidence", FaultKind::Evidence, Wrong::NoEvidence);
        }
        let paper = [
            EvidenceKind::Inspection,
            EvidenceKind::SignIn,
            EvidenceKind::Beneficiary,
            EvidenceKind::Minutes,
        ];
        let photo = evidence.all && evidence.kinds.contains(&EvidenceKind::Photo);
        let enough = evidence.kinds.iter().any(|kind| paper.contains(kind));
        if self.item.direction == Direction::Credit && photo && enough {
            self.fault("evidence", FaultKind::Evidence, Wrong::PhotoForced);
        }
        if self.item.verifiers.is_empty() {
            self.fault("verifiers", FaultKind::Route, Wrong::NobodyVerifies);
        }
        if self.item.recorders.is_empty() {
            self.fault("recorders", FaultKind::Route, Wrong::NobodyRecords);
        }
    }

    fn direction(&mut self) {
        let item = self.item;
        if item.direction != Direction::Credit && item.target != Target::Honor {
            self.fault("target", FaultKind::RedeemableDeduction, Wrong::HonorOnly);
        }
        if item.direction == Direction::Deduct && item.route < Route::R2 && item.worth != Worth::Fixed(0) {
            self.fault("route", FaultKind::Route, Wrong::DeductRoute);
        }
        if (item.direction == Direction::Restore) != item.restores.is_some() {
            self.fault("restores", FaultKind::Worth, Wrong::RestoresDirection);
        }
        if item.restores.as_ref().is_some_and(|r| r.items.is_empty() || r.within_days == 0) {
            self.fault("restores", FaultKind::Worth, Wrong::RestoresEmpty);
        }
        if item.sanction.is_some_and(|s| s.days == 0) {
            self.fault("sanction", FaultKind::Worth, Wrong::PauseNoDays);
        }
    }

    fn safeguards(&mut self) {
        let item = self.item;
        let document = item.evidence.all && item.evidence.kinds.contains(&EvidenceKind::Document);
        if item.sensitive && (!document || item.route != Route::R3) {
            self.fault("sensitive", FaultKind::Sensitive, Wrong::SensitiveItem);
        }
    }
}
