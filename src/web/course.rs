//! An objection and its course as every page shows it: what was said, how far it has come, until when what is due. Names
//! nobody.

use crate::{
    domain::{
        objection::{Course, Finding},
        time::Timestamp,
    },
    service::course::{ObjectionFile, Stands},
    text::T,
    web::clerk::view,
};

/// An objection, ready for a page.
#[derive(Debug, Clone)]
pub struct CourseView {
    /// Its address part.
    pub id: String,
    /// Its number.
    pub no: i64,
    /// The award.
    pub award: String,
    /// How it came.
    pub manner: &'static str,
    /// What it says.
    pub content: String,
    /// How far it has come, in words.
    pub state: &'static str,
    /// The colour of that.
    pub class: &'static str,
    /// When it was raised.
    pub at: String,
    /// What happened when, in order.
    pub steps: Vec<(&'static str, String)>,
    /// Until when the next step is due; empty when none is.
    pub due: String,
    /// Whether somebody is late.
    pub late: bool,
    /// Whether the township was told.
    pub told: bool,
    /// Waiting to be accepted.
    pub to_accept: bool,
    /// Waiting for the village's answer.
    pub to_decide: bool,
    /// Whether it can still be taken to the township.
    pub may_appeal: bool,
    /// What stands in the place of the line, each with its word.
    pub stands: Vec<(&'static str, String)>,
    /// The village's answer.
    pub decision: String,
    /// What the township was told.
    pub appeal: String,
    /// The township's final word.
    pub word: String,
}

impl CourseView {
    /// In the reader's language, as of `now`.
    #[must_use]
    pub fn new(t: T, file: &ObjectionFile, now: Timestamp) -> Self {
        let o = &file.objection;
        let appeal = file.appeal.as_ref();
        let class = match file.course {
            Course::Decided(Finding::Uphold) => "bad",
            Course::Decided(Finding::Dismiss) | Course::Concluded { .. } => "good",
            Course::Raised | Course::Accepted | Course::Appealed(_) => "warn",
        };
        let when = [
            (t.course_raised_at(), Some(o.raised_at)),
            (t.course_accepted_at(), o.accepted_at),
            (t.course_told_at(), o.escalated_at),
            (t.course_decided_at(), o.decided_at),
            (t.course_appealed_at(), appeal.map(|a| a.raised_at)),
            (t.course_concluded_at(), appeal.and_then(|a| a.decided_at)),
        ];
        Self {
            id: o.id.to_string(),
            no: o.no,
            award: o.award_id.to_string(),
            manner: match o.manner.as_str() {
                "self" => t.objection_self(),
                "proxy" => t.objection_proxy(),
                _ => t.objection_anonymous(),
            },
            content: o.content.clone(),
            state: match file.course {
                Course::Decided(Finding::Uphold) if file.amended.is_some() => t.course_in_part(),
                course => t.course(course),
            },
            class,
            at: o.raised_at.minute(),
            steps: when.into_iter().filter_map(|(word, at)| Some((word, at?.minute()))).collect(),
            due: file.due().map(Timestamp::minute).unwrap_or_default(),
            late: file.is_late(now),
            told: o.escalated_at.is_some(),
            to_accept: file.course == Course::Raised,
            to_decide: file.course == Course::Accepted,
            may_appeal: file.may_appeal(now),
            stands: [(t.course_amended(), &file.amended), (t.course_restored(), &file.restored)]
                .into_iter()
                .filter_map(|(word, stands)| Some((word, stands_words(t, stands.as_ref()?))))
                .collect(),
            decision: o.decision.clone().unwrap_or_default(),
            appeal: appeal.map(|a| a.content.clone()).unwrap_or_default(),
            word: appeal.and_then(|a| a.decision.clone()).unwrap_or_default(),
        }
    }

    /// Whether the due day is somebody's to keep, and not the last one to appeal.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.due.is_empty() && self.class == "warn"
    }
}

/// `+12分（第 81 号），2026-06-18 18:00 以后重新公示`.
fn stands_words(t: T, stands: &Stands) -> String {
    let amount = view::amounts(t, stands.points, stands.honor, stands.minutes);
    match stands.waits_until {
        Some(from) => t.course_amended_from(stands.no, amount, from.minute()),
        None => t.course_amended_to(stands.no, amount),
    }
}
