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
        fault::{FaultKind, Faults},
        raw::RawItem,
        read::Placed,
    },
};

struct Checker<'a, 'f, 't> {
    placed: &'a Placed<RawItem>,
    item: &'a Item,
    faults: &'f mut Faults<'t>,
}

impl Checker<'_, '_, '_> {
    fn fault(&mut self, key: &str, kind: FaultKind, message: &str) {
        self.faults.add(self.placed.at(key), self.placed.title.clone(), kind, message);
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
                let message = format!("two grades bear the code {}", grade.code);
                self.fault("grades", FaultKind::DuplicateCode, &message);
            }
        }
        if item.worth == Worth::Fixed(0) && item.sanction.is_none() && !item.service_minutes {
            self.fault("points", FaultKind::Worth, "worth nothing: give it points or take it out");
        }
        let whole = item.grades().iter().any(|g| g.worth == GradeWorth::Fixed(0));
        if whole {
            self.fault("grades", FaultKind::Worth, "a grade is worth nothing");
        }
        if let (Some(min), Some(max)) = (item.min_quantity, item.max_quantity)
            && min > max
        {
            self.fault("max_quantity", FaultKind::ImpossibleCap, "`max_quantity` is below `min_quantity`");
        }
        if item.service_minutes && item.unit != Unit::Hour {
            self.fault("service_minutes", FaultKind::Worth, "minutes of service need `unit = \"hour\"`");
        }
        if item.highest_only && item.grades().is_empty() {
            self.fault("highest_only", FaultKind::Worth, "`highest_only` compares levels: give it grades");
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
                self.fault("caps", FaultKind::ImpossibleCap, "a cap of nothing: disable the item instead");
            }
            let misfit = match cap.limit.measure {
                Measure::Points if !self.item.target.points() => Some("the item gives no points to cap"),
                Measure::Honor if !self.item.target.honor() => Some("the item gives no honor to cap"),
                Measure::Minutes if !self.item.service_minutes => Some("the item saves no hours to cap"),
                Measure::People if cap.scope == UsageScope::Person => Some("one person is never several"),
                Measure::People if self.item.subject != SubjectKind::Person => {
                    Some("`people` needs `subject = \"person\"`")
                }
                _ => None,
            };
            if let Some(message) = misfit {
                self.fault("caps", FaultKind::ImpossibleCap, message);
            }
            if cap.scope == UsageScope::Person && self.item.subject != SubjectKind::Person {
                let message = "a cap for each person needs `subject = \"person\"`";
                self.fault("caps", FaultKind::ImpossibleCap, message);
            }
            let amount = matches!(cap.limit.measure, Measure::Points | Measure::Honor);
            if amount && max > 0 && least.is_some_and(|least| least > max) {
                let message = "the cap is below one single award: nobody could ever have it whole";
                self.fault("caps", FaultKind::ImpossibleCap, message);
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
                    self.fault("caps", FaultKind::ImpossibleCap, "two caps on the same thing: keep one");
                    continue;
                }
                let (short, long) = if a.period <= b.period { (a, b) } else { (b, a) };
                let nested = short.scope == long.scope && short.period != CapPeriod::Event;
                if nested && short.limit.max > long.limit.max {
                    let message =
                        "the cap of the shorter period is above that of the longer: it could never bind";
                    self.fault("caps", FaultKind::ImpossibleCap, message);
                }
                let (narrow, wide) = if a.scope <= b.scope { (a, b) } else { (b, a) };
                let shared = narrow.period == wide.period && narrow.scope != wide.scope;
                if shared && narrow.limit.max > wide.limit.max {
                    let message = "the cap for one is above the cap for all of them: it could never bind";
                    self.fault("caps", FaultKind::ImpossibleCap, message);
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
            self.fault(
                "quota",
                FaultKind::ImpossibleCap,
                "a quota is 1 to 100 percent, or 1 household or more",
            );
        }
        if !matches!(quota.scope, UsageScope::Group | UsageScope::Village) {
            self.fault("quota", FaultKind::ImpossibleCap, "a quota is of a group or of the village");
        }
        if quota.period == CapPeriod::Event {
            self.fault("quota", FaultKind::ImpossibleCap, "a quota is counted over a day or longer");
        }
    }

    fn dates(&mut self, programme: Option<&Programme>) {
        if let (Some(from), Some(until)) = (self.item.effective_from, self.item.effective_until)
            && until < from
        {
            self.fault("effective_until", FaultKind::BadDate, "ends before it begins");
        }
        let start = programme.map(|p| p.effective_from);
        if let (Some(start), Some(from)) = (start, self.item.effective_from)
            && from < start
        {
            let message = "begins before the rule set does: no rule reaches back";
            self.fault("effective_from", FaultKind::BadDate, message);
        }
        if let (Some(start), Some(until)) = (start, self.item.effective_until)
            && until < start
        {
            self.fault("effective_until", FaultKind::BadDate, "ends before the rule set begins");
        }
        if self.item.notice_days.is_some_and(|days| days < MIN_NOTICE_DAYS) {
            let message = format!("a notice runs {MIN_NOTICE_DAYS} days at least");
            self.fault("notice_days", FaultKind::Route, &message);
        }
    }

    fn evidence(&mut self) {
        let evidence = &self.item.evidence;
        if evidence.kinds.is_empty() || evidence.min_count == 0 {
            self.fault("evidence", FaultKind::Evidence, "no award without evidence: name a kind");
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
            let message =
                "a photo may not be demanded where a sheet, a sign-in, minutes or a confirmation will do";
            self.fault("evidence", FaultKind::Evidence, message);
        }
        if self.item.verifiers.is_empty() {
            self.fault("verifiers", FaultKind::Route, "nobody verifies it");
        }
        if self.item.recorders.is_empty() {
            self.fault("recorders", FaultKind::Route, "nobody may record it");
        }
    }

    fn direction(&mut self) {
        let item = self.item;
        if item.direction != Direction::Credit && item.target != Target::Honor {
            let message = "deductions and restorations touch the reputation score only: `target = \"honor\"`";
            self.fault("target", FaultKind::RedeemableDeduction, message);
        }
        if item.direction == Direction::Deduct && item.route < Route::R2 && item.worth != Worth::Fixed(0) {
            self.fault("route", FaultKind::Route, "a deduction takes route R2 at least");
        }
        if (item.direction == Direction::Restore) != item.restores.is_some() {
            let message = "`restores` and `direction = \"restore\"` go together";
            self.fault("restores", FaultKind::Worth, message);
        }
        if item.restores.as_ref().is_some_and(|r| r.items.is_empty() || r.within_days == 0) {
            self.fault(
                "restores",
                FaultKind::Worth,
                "name the deductions and the days they can be made good in",
            );
        }
        if item.sanction.is_some_and(|s| s.days == 0) {
            self.fault("sanction", FaultKind::Worth, "a pause of no days: take it out");
        }
    }

    fn safeguards(&mut self) {
        let item = self.item;
        let document = item.evidence.all && item.evidence.kinds.contains(&EvidenceKind::Document);
        if item.sensitive && (!document || item.route != Route::R3) {
            let message = "rests on sensitive information: it needs an official document \
                           (`evidence = { kinds = [\"document\"], all = true }`) and route R3";
            self.fault("sensitive", FaultKind::Sensitive, message);
        }
    }
}
