//! The header of a rule set in plain words, for those who compare two versions. Holds no sentences of pages.

use super::{
    AccountKind, AwardPeriod, Expiry, ExpiryPeriod, NoticeMode, RedeemDay, RouteRule, RouteStep, SCALE,
};
use crate::domain::rule::{Direction, Label, OverCap, Pause, Sanction, SubjectKind, Target};

fn label(words: (&str, &str)) -> Label {
    Label { zh: words.0.to_owned(), en: words.1.to_owned() }
}

pub(super) fn account(kind: AccountKind) -> Label {
    label(match kind {
        AccountKind::Household => ("户", "household"),
        AccountKind::Person => ("人", "person"),
    })
}

pub(super) fn period(period: AwardPeriod) -> Label {
    label(match period {
        AwardPeriod::Week => ("每周", "a week"),
        AwardPeriod::Month => ("每月", "a month"),
        AwardPeriod::Quarter => ("每季度", "a quarter"),
    })
}

pub(super) fn notice(mode: NoticeMode) -> Label {
    label(match mode {
        NoticeMode::Calendar => ("自然日", "calendar days"),
        NoticeMode::Working => ("工作日", "working days"),
    })
}

pub(super) fn redeem(days: &[RedeemDay]) -> Label {
    let words = days.iter().map(|day| match day {
        RedeemDay::Daily => ("每天", "daily"),
        RedeemDay::Monday => ("周一", "Mondays"),
        RedeemDay::Tuesday => ("周二", "Tuesdays"),
        RedeemDay::Wednesday => ("周三", "Wednesdays"),
        RedeemDay::Thursday => ("周四", "Thursdays"),
        RedeemDay::Friday => ("周五", "Fridays"),
        RedeemDay::Saturday => ("周六", "Saturdays"),
        RedeemDay::Sunday => ("周日", "Sundays"),
        RedeemDay::QuarterEnd => ("季末", "end of quarter"),
    });
    super::diff::list(&words.map(label).collect::<Vec<_>>())
}

pub(super) fn expiry(expiry: &Expiry) -> Label {
    match expiry {
        Expiry::None => label(("不过期", "never")),
        Expiry::ResetToBase => label(("年底清零回基础分", "reset at the end of the year")),
        Expiry::EndOfPeriod { period, grace_days, .. } => {
            let (zh, en) = match period {
                ExpiryPeriod::Month => ("月末", "end of the month"),
                ExpiryPeriod::Quarter => ("季末", "end of the quarter"),
                ExpiryPeriod::Year => ("年末", "end of the year"),
            };
            match grace_days {
                0 => label((zh, en)),
                days => Label { zh: format!("{zh}后{days}天"), en: format!("{days} days after the {en}") },
            }
        }
        Expiry::NextYear { month, day, .. } => {
            Label { zh: format!("次年{month}月{day}日"), en: format!("{day}/{month} of the year after") }
        }
        Expiry::Rolling { months, .. } => {
            Label { zh: format!("满{months}个月"), en: format!("after {months} months") }
        }
    }
}

const fn step(step: RouteStep) -> (&'static str, &'static str) {
    match step {
        RouteStep::Record => ("申报", "record"),
        RouteStep::ClerkReview => ("初审", "first review"),
        RouteStep::Panel => ("评议", "panel"),
        RouteStep::CommitteesRecheck => ("两委复核", "recheck"),
        RouteStep::Supervision => ("监委会签字", "supervision"),
        RouteStep::Township => ("乡镇核", "township"),
        RouteStep::Notice => ("公示", "notice"),
    }
}

pub(super) fn route(rule: &RouteRule) -> Label {
    let points = rule.from_points.map(|f| rust_decimal::Decimal::new(f, SCALE).normalize());
    let from = |zh: bool| match points {
        Some(n) if zh => format!("（{n}分起）"),
        Some(n) => format!(" (from {n} points)"),
        None => String::new(),
    };
    let way = |zh: bool| {
        let words = rule.steps.iter().map(|s| if zh { step(*s).0 } else { step(*s).1 });
        words.collect::<Vec<_>>().join("→")
    };
    Label {
        zh: format!("{}{} {} {}天", rule.route, from(true), way(true), rule.notice_days),
        en: format!("{}{} {} {} days", rule.route, from(false), way(false), rule.notice_days),
    }
}

pub(super) fn direction(direction: Direction) -> Label {
    label(match direction {
        Direction::Credit => ("加分", "credit"),
        Direction::Deduct => ("扣分", "deduction"),
        Direction::Restore => ("修复", "restoration"),
    })
}

pub(super) fn subject(subject: SubjectKind) -> Label {
    label(match subject {
        SubjectKind::Household => ("户", "household"),
        SubjectKind::Person => ("人", "person"),
        SubjectKind::Group => ("组", "group"),
    })
}

pub(super) fn target(target: Target) -> Label {
    label(match target {
        Target::Points => ("绿币分", "points"),
        Target::Honor => ("评比分", "honour score"),
        Target::Both => ("绿币分和评比分", "both scores"),
    })
}

pub(super) fn over_cap(over: OverCap) -> Label {
    label(match over {
        OverCap::Cut => ("只计余下的", "cut to what is left"),
        OverCap::Refuse => ("整条不计", "refused whole"),
    })
}

pub(super) fn sanction(sanction: Option<Sanction>) -> Label {
    let Some(Sanction { pauses, days }) = sanction else { return label(("无", "none")) };
    let (zh, en) = match pauses {
        Pause::Awards => ("加分", "credits"),
        Pause::SignUp => ("活动报名", "signing up"),
    };
    Label { zh: format!("暂停{zh}{days}天"), en: format!("{en} paused for {days} days") }
}
