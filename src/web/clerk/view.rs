//! How awards, states and items are written on the pages of the office.

use crate::{
    domain::{
        amount,
        due_process::{AwardState, ReviewStep},
        notice::NoticeState,
        time::Timestamp,
    },
    service::{
        Desk, ServiceResult,
        award::lines::AwardLine,
        caller::{Role, Staff},
    },
    store::notice::NoticeRow,
    text::T,
};

/// A state in words, and the colour that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct Badge {
    /// The word.
    pub word: &'static str,
    /// The class.
    pub class: &'static str,
}

/// The word for an award's state.
#[must_use]
pub fn award_badge(t: T, state: AwardState) -> Badge {
    let (word, class) = match state {
        AwardState::Recorded => (t.award_recorded(), "info"),
        AwardState::Returned => (t.award_returned(), "warn"),
        AwardState::Approved => (t.award_approved(), "info"),
        AwardState::InNotice => (t.award_in_notice(), "info"),
        AwardState::Objected => (t.award_objected(), "warn"),
        AwardState::Rejected => (t.award_rejected(), "bad"),
        AwardState::Posted => (t.award_posted(), "good"),
        AwardState::Reversed => (t.award_reversed(), "bad"),
    };
    Badge { word, class }
}

/// The word for where a line stands: on a sheet that nobody has posted yet, its clock has not begun.
#[must_use]
pub fn line_badge(t: T, state: AwardState, closes_at: Option<Timestamp>) -> Badge {
    if state == AwardState::InNotice && closes_at.is_none() {
        return Badge { word: t.award_on_sheet(), class: "warn" };
    }
    award_badge(t, state)
}

/// The word for a sheet's state.
#[must_use]
pub fn notice_badge(t: T, state: NoticeState) -> Badge {
    let (word, class) = match state {
        NoticeState::Compiled => (t.notice_compiled(), "warn"),
        NoticeState::Published => (t.notice_published(), "info"),
        NoticeState::Closed => (t.notice_closed(), "good"),
        NoticeState::TakenDown => (t.notice_taken_down(), ""),
    };
    Badge { word, class }
}

/// The word for a review step.
#[must_use]
pub fn step_word(t: T, step: ReviewStep) -> &'static str {
    match step {
        ReviewStep::Review => t.step_review(),
        ReviewStep::Panel => t.step_panel(),
        ReviewStep::Recheck => t.step_recheck(),
        ReviewStep::Township => t.step_township(),
    }
}

/// The step a recorded award waits for.
#[must_use]
pub fn waiting_step(t: T, place: i32) -> &'static str {
    ReviewStep::at(place).map_or("", |step| step_word(t, step))
}

/// `+5`, `−3`.
#[must_use]
pub fn signed(minor: i64) -> String {
    if minor < 0 { format!("−{}", amount::points(-minor)) } else { format!("+{}", amount::points(minor)) }
}

/// What an award gives or takes: `+5分`, `评比分 −5`, `+6分 · 3小时`.
#[must_use]
pub fn amounts(t: T, points: i64, honor: i64, minutes: i64) -> String {
    let mut parts = Vec::new();
    if points != 0 {
        parts.push(t.points_amount(signed(points)));
    }
    if honor != points && honor != 0 {
        parts.push(t.honor_amount(signed(honor)));
    }
    if minutes != 0 {
        parts.push(t.service_time(minutes));
    }
    if parts.is_empty() { t.points_amount(0) } else { parts.join(" · ") }
}

/// One award in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its address part.
    pub id: String,
    /// Its number.
    pub no: i64,
    /// The household's number.
    pub household_no: String,
    /// Its head, and who did it.
    pub who: String,
    /// The group.
    pub group: String,
    /// Code and name of the item.
    pub item: String,
    /// What it gives.
    pub amount: String,
    /// How that came about.
    pub why: String,
    /// The day.
    pub occurred_on: String,
    /// Entered late.
    pub late: bool,
    /// What ties its recorder to the household, while it waits for review.
    pub tie: Option<&'static str>,
    /// The state.
    pub badge: Badge,
    /// The step it waits for.
    pub step: &'static str,
    /// Why it came back or fell.
    pub reason: String,
    /// The recorder's remark.
    pub note: String,
}

/// Awards as list lines.
#[must_use]
pub fn lines(t: T, awards: &[AwardLine]) -> Vec<Line> {
    awards.iter().map(|a| line(t, a)).collect()
}

/// An award as a list line.
#[must_use]
pub fn line(t: T, a: &AwardLine) -> Line {
    let state = a.award.state().unwrap_or(AwardState::Recorded);
    let who = match &a.person {
        Some(person) if *person != a.head => format!("{} · {person}", a.head),
        _ => a.head.clone(),
    };
    let step = if state == AwardState::Recorded { waiting_step(t, a.award.step) } else { "" };
    Line {
        id: a.award.id.to_string(),
        no: a.award.no,
        household_no: a.household_no.clone(),
        who,
        group: a.group.clone(),
        item: format!("{} {}", a.award.item, a.item.get(t.lang())),
        amount: amounts(t, a.award.points, a.award.honor, a.award.minutes),
        why: a.explanation.words(t.lang()),
        occurred_on: a.award.occurred_on.to_string(),
        late: a.award.late,
        tie: a.tie.as_ref().map(|why| match why.code {
            "own_household" => t.recorder_own_mark(),
            _ => t.recorder_kin_mark(),
        }),
        badge: line_badge(t, state, a.award.closes_at),
        step,
        reason: a.award.reason.clone().unwrap_or_default(),
        note: a.award.note.clone(),
    }
}

/// Whether this person may enter deductions: grid staff and clerks both may, by the rules' recorders.
#[must_use]
pub fn may_deduct(staff: &Staff) -> bool {
    staff.holds(Role::Clerk) || staff.holds(Role::Recorder)
}

/// A sheet in a list.
#[derive(Debug, Clone)]
pub struct NoticeLine {
    /// Its address part.
    pub id: String,
    /// Its number.
    pub no: i64,
    /// Its heading.
    pub title: String,
    /// How many lines.
    pub lines: i32,
    /// The state.
    pub badge: Badge,
    /// When it was published.
    pub published: String,
    /// When its clock runs out.
    pub closes: String,
}

/// A sheet as a list line.
#[must_use]
pub fn notice_line(t: T, n: &NoticeRow) -> NoticeLine {
    let state = n.state().unwrap_or(NoticeState::Compiled);
    NoticeLine {
        id: n.id.to_string(),
        no: n.no,
        title: n.title.clone(),
        lines: n.lines,
        badge: match n.recalled_at {
            Some(_) => Badge { word: t.notice_recalled(), class: "bad" },
            None => notice_badge(t, state),
        },
        published: n.published_at.map(crate::domain::time::Timestamp::minute).unwrap_or_default(),
        closes: n.closes_at.map(crate::domain::time::Timestamp::minute).unwrap_or_default(),
    }
}

/// A list of awards with names, ready for a page.
pub async fn listed(
    desk: &Desk,
    staff: &Staff,
    t: T,
    awards: Vec<crate::store::award::AwardRow>,
) -> ServiceResult<Vec<Line>> {
    Ok(lines(t, &desk.lines_of(staff, awards).await?))
}
