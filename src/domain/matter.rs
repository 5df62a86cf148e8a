//! Matters (随手拍, Track V of the handbook): what a household saw and reported, from the report to the closed loop. States
//! and the only moves between them, the four grades and who handles each, the days it may take, what is a duplicate,
//! and which item of the rules it earns. Who may move one is decided in the service layer.

use super::{
    calendar::Calendar,
    rule::Item,
    ruleset::RuleSet,
    time::{Day, Timestamp},
    wording::vocabulary,
};

/// Working days within which somebody looks whether a report is so, and whether what is done is done.
pub const CHECK_WORKING_DAYS: u32 = 5;
/// The same thing reported again within so many days is a duplicate.
pub const DUPLICATE_DAYS: i32 = 30;
/// Reports in bad faith after which a household's reports pause.
pub const MALICIOUS_MOST: usize = 2;
/// For how many days they pause.
pub const PAUSE_DAYS: i32 = 90;
/// How a rule set names Track V where it says what is not rewarded twice.
const TRACK_V: &str = "RS-4/V";
/// How it names what is given beside, when whoever reported a matter mended it as well.
const MENDED: &str = "RS-4/V4";

vocabulary! {
    /// Where a matter stands.
    MatterState {
        /// Reported (已上报).
        Reported = "reported", "待核实", "to be checked";
        /// It is so, and is to be assigned.
        Accepted = "accepted", "属实，待派办", "true, to be assigned";
        /// Somebody reported it before.
        Duplicate = "duplicate", "重复上报", "reported before";
        /// It is not so.
        Invalid = "invalid", "不属实", "not so";
        /// Taken back by whoever reported it.
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
        /// Somebody sees to it.
        Assigned = "assigned", "办理中", "in hand";
        /// Done, somebody else is to look.
        Done = "done", "办完待验收", "done, to be looked at";
        /// Somebody else has looked.
        Verified = "verified", "已验收，待办结", "seen to be done";
        /// Told to everybody.
        Closed = "closed", "已办结", "closed";
    }
}

vocabulary! {
    /// How large a matter is (事项分级): it says who handles it.
    MatterGrade {
        /// The head of the group.
        Tiny = "tiny", "微事", "tiny";
        /// The village office.
        Small = "small", "小事", "small";
        /// The two committees.
        Large = "large", "大事", "large";
        /// With the township.
        Hard = "hard", "难事", "hard";
    }
}

vocabulary! {
    /// Who handles a grade.
    HandledBy {
        /// The head of a group or a household group (组长、联户长).
        GroupHead = "group_head", "组长、联户长", "the group's head";
        /// The village office.
        Office = "office", "村委会", "the village office";
        /// The two committees.
        Committees = "committees", "村两委", "the two committees";
        /// The township.
        Township = "township", "乡镇", "the township";
    }
}

vocabulary! {
    /// What a report is about: as much as everybody may read of it.
    MatterKind {
        /// Dirt where nobody sweeps.
        Dirt = "dirt", "卫生死角", "dirt";
        /// A lamp, a lid, a road or a thing of everybody's that is broken.
        Broken = "broken", "路灯、井盖、道路等公共设施损坏", "something public is broken";
        /// Something in the water, in the air, or built where it must not be.
        Nuisance = "nuisance", "污染或违建线索", "pollution, or building where it must not be";
        /// Fire, flood, a slope that moves.
        Danger = "danger", "火情、地灾等险情", "fire, flood, a moving slope";
        /// Anything else.
        Other = "other", "其他", "something else";
    }
}

vocabulary! {
    /// How a report came.
    MatterManner {
        /// The household itself.
        Own = "self", "本户上报", "by the household";
        /// By telephone, keyed in.
        Phone = "phone", "电话", "by telephone";
        /// On paper or by word of mouth, keyed in.
        Paper = "paper", "纸条或口头", "on paper or by word of mouth";
    }
}

/// What can happen to a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatterMove {
    /// It is so, and nobody reported it before.
    Accept,
    /// Somebody reported it before.
    Merge,
    /// It is not so.
    Refuse,
    /// It is taken back.
    Withdraw,
    /// Graded, and given to somebody; or to somebody else.
    Assign,
    /// Done.
    Finish,
    /// Not done after all.
    SendBack,
    /// Seen to be done.
    Verify,
    /// Told to everybody.
    Close,
}

impl MatterMove {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Accept,
        Self::Merge,
        Self::Refuse,
        Self::Withdraw,
        Self::Assign,
        Self::Finish,
        Self::SendBack,
        Self::Verify,
        Self::Close,
    ];

    /// As written into the history.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Merge => "merge",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
            Self::Assign => "assign",
            Self::Finish => "finish",
            Self::SendBack => "send_back",
            Self::Verify => "verify",
            Self::Close => "close",
        }
    }
}

/// That move is not possible from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a matter that is {from} cannot {attempted:?}")]
pub struct InvalidMatterMove {
    /// Where it stands.
    pub from: MatterState,
    /// What was tried.
    pub attempted: MatterMove,
}

impl MatterState {
    /// The state after `step`.
    ///
    /// # Errors
    /// When nothing of the kind can happen to it now.
    pub const fn after(self, step: MatterMove) -> Result<Self, InvalidMatterMove> {
        use MatterMove as M;
        Ok(match (self, step) {
            (Self::Reported, M::Accept) => Self::Accepted,
            (Self::Reported, M::Merge) => Self::Duplicate,
            (Self::Reported, M::Refuse) => Self::Invalid,
            (Self::Reported, M::Withdraw) => Self::Withdrawn,
            (Self::Accepted | Self::Assigned, M::Assign) | (Self::Done | Self::Verified, M::SendBack) => {
                Self::Assigned
            }
            (Self::Assigned, M::Finish) => Self::Done,
            (Self::Done, M::Verify) => Self::Verified,
            (Self::Verified, M::Close) => Self::Closed,
            (from, attempted) => return Err(InvalidMatterMove { from, attempted }),
        })
    }

    /// Whether it was found to be so, and not reported before: later reports of it are duplicates.
    #[must_use]
    pub const fn is_first(self) -> bool {
        matches!(self, Self::Accepted | Self::Assigned | Self::Done | Self::Verified | Self::Closed)
    }

    /// Whether somebody has to look within [`CHECK_WORKING_DAYS`] of the last move.
    #[must_use]
    pub const fn waits_for_a_look(self) -> bool {
        matches!(self, Self::Reported | Self::Done)
    }
}

impl MatterGrade {
    /// Who handles it.
    #[must_use]
    pub const fn handler(self) -> HandledBy {
        match self {
            Self::Tiny => HandledBy::GroupHead,
            Self::Small => HandledBy::Office,
            Self::Large => HandledBy::Committees,
            Self::Hard => HandledBy::Township,
        }
    }
}

/// The last day on which somebody looks in time, at what came to wait for it at that instant.
#[must_use]
pub fn look_by(calendar: &Calendar, since: Timestamp) -> Day {
    calendar.working_days_after(since.day(), CHECK_WORKING_DAYS)
}

/// Whether a matter that came to its state at that instant waits for a look longer than it may.
#[must_use]
pub fn is_late(calendar: &Calendar, state: MatterState, since: Timestamp, today: Day) -> bool {
    state.waits_for_a_look() && today > look_by(calendar, since)
}

/// What waits since before this day is late today.
#[must_use]
pub fn late_before(calendar: &Calendar, today: Day) -> Day {
    let mut first = today;
    // the days wait longer the earlier they are, so the first that is late has nothing later behind it
    while calendar.working_days_after(first.plus(-1), CHECK_WORKING_DAYS) >= today {
        first = first.plus(-1);
    }
    first
}

/// Whether a report is a duplicate of an earlier one: that one came before, not longer than thirty days, and is so.
#[must_use]
pub fn repeats(first: (MatterState, i64, Day), report: (i64, Day)) -> bool {
    let ((state, first_no, first_day), (no, day)) = (first, report);
    state.is_first() && first_no < no && is_recent(first_day, day)
}

/// Whether a report of `day` falls into the thirty days after one of `first`.
#[must_use]
pub fn is_recent(first: Day, day: Day) -> bool {
    (0..=DUPLICATE_DAYS).contains(&(day.number() - first.number()))
}

/// The item that a matter earns its first valid reporter: the one of which the rules say that it is not given beside a
/// reward of Track V. Nothing where they name none.
#[must_use]
pub fn award_item(set: &RuleSet) -> Option<&Item> {
    item_beside(set, |outside| outside.starts_with(TRACK_V) && outside != MENDED)
}

/// The item that whoever reported a matter earns beside, by mending it within their own reach (V4): the one of which the
/// rules say that it is not given beside that reward. Nothing where they name none.
#[must_use]
pub fn mended_item(set: &RuleSet) -> Option<&Item> {
    item_beside(set, |outside| outside == MENDED)
}

fn item_beside(set: &RuleSet, names: impl Fn(&str) -> bool) -> Option<&Item> {
    let group = set.exclusives.iter().find(|g| g.outside.iter().any(|o| names(o.as_str())))?;
    group.members.iter().filter_map(|code| set.item(code.as_str())).find(|item| item.enabled)
}

/// The last day on which a household's reports pause, from when reports of theirs were found to be in bad faith, in
/// order: every second one begins a pause. Nothing if none lasts at `at`.
#[must_use]
pub fn paused_until(malicious: &[Timestamp], at: Timestamp) -> Option<Day> {
    let seconds = malicious.chunks_exact(MALICIOUS_MOST).filter_map(<[Timestamp]>::last);
    let begun = seconds.filter(|since| at.since(**since) > 0).map(|since| since.day().plus(PAUSE_DAYS));
    begun.filter(|until| at.day() <= *until).max()
}

/// Whether a report of that kind is heard while a household's reports pause: a danger always is, without points.
#[must_use]
pub const fn is_heard_in_pause(kind: MatterKind) -> bool {
    matches!(kind, MatterKind::Danger)
}

/// The grade of the item that a matter of that grade earns, if the item has grades: the least for what a group or the
/// office sees to, the greatest for what the committees or the township must.
#[must_use]
pub fn award_grade(item: &Item, grade: MatterGrade) -> Option<String> {
    let grades = item.grades();
    let found = match grade {
        MatterGrade::Tiny | MatterGrade::Small => grades.first(),
        MatterGrade::Large | MatterGrade::Hard => grades.last(),
    };
    found.map(|g| g.code.clone())
}

#[cfg(test)]
mod tests;
