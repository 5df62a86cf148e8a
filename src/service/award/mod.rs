//! Awards (加减分): recorded by one person, reviewed by others. One use case a file; here is what they share.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Actor, Desk, Refusal, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        award::{Context, Hours, Inputs, Subject},
        due_process::AwardState,
        ids::{AwardId, BatchId, BookId, EventId, HouseholdId, PersonId},
        lang::Lang,
        rule::{EvidenceKind, Item},
        time::{Day, Timestamp},
    },
    store::{WriteTx, award::AwardRow, event},
};

pub mod amend;
mod each;
pub mod elsewhere;
pub mod explain;
pub mod file;
pub mod from_file;
pub mod hours;
pub mod inside;
pub mod lines;
pub mod lists;
pub mod part;
pub mod pauses;
pub mod record;
pub mod replay;
pub mod resubmit;
pub mod review;
pub mod roster;
mod usage;

pub use each::SheetLine;

/// Lines one batch may have.
pub const BATCH_LINES_MAX: usize = 1_000;
/// An entry made later than this many days after the act is marked as late (补录) and takes a higher route.
pub const LATE_AFTER_DAYS: i32 = 31;
/// Nothing older than this many days is taken.
pub const OCCURRED_DAYS_MAX: i32 = 366;
/// Characters of a remark or a reason.
pub const NOTE_CHARS_MAX: usize = 500;
/// Awards a list shows at once.
pub const AWARDS_PAGE: i64 = 100;

/// A piece of evidence (佐证).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Where the paper is filed, or what it says.
    pub note: String,
    /// SHA-256 of a stored file, in hex.
    pub digest: Option<String>,
}

impl Evidence {
    /// `签到：A5-20251101-0039`.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("{}：{}", self.kind.word(lang), self.note),
            Lang::En => format!("{}: {}", self.kind.word(lang), self.note),
        }
    }

    /// What the item asks for, on paper in the village's file: no photo is demanded where a sheet exists.
    #[must_use]
    pub fn on_file(item: &Item, note: &str) -> Vec<Self> {
        let of = |kind: &EvidenceKind| Self { kind: *kind, note: note.to_owned(), digest: None };
        if item.evidence.all {
            return item.evidence.kinds.iter().map(of).collect();
        }
        let least = usize::try_from(item.evidence.min_count.max(1)).unwrap_or(1);
        item.evidence
            .kinds
            .iter()
            .cycle()
            .take(if item.evidence.kinds.is_empty() { 0 } else { least })
            .map(of)
            .collect()
    }
}

/// One line to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAward {
    /// Whose it is; left out, it is the household the person belonged to on the day.
    pub household: Option<HouseholdId>,
    /// Who did it, where the item counts by person.
    pub person: Option<PersonId>,
    /// The item's code.
    pub item: String,
    /// How much, in the item's unit; 1 for an item paid by the occurrence.
    pub quantity: Decimal,
    /// Which grade, for an item that has grades.
    pub grade: Option<String>,
    /// The day it happened.
    pub occurred_on: Day,
    /// Acts of one event share it.
    pub event_key: Option<String>,
    /// From when to when, where the item counts hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// What lies in the file.
    pub evidence: Vec<Evidence>,
    /// A remark.
    pub note: String,
    /// For whom the recorder enters it, when on behalf (代办).
    pub on_behalf: Option<String>,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The batch.
    pub batch: BatchId,
    /// The awards, in the order handed in.
    pub awards: Vec<AwardRow>,
    /// Whether the same key had recorded them before.
    pub replayed: bool,
}

/// Why one line was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRefusal {
    /// Its place in the batch, from 0.
    pub line: usize,
    /// Why.
    pub refusal: Refusal,
}

/// The answer to a batch: all of it, or none of it with the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordOutcome {
    /// Every line was taken.
    Recorded(Recorded),
    /// No line was taken, because of these.
    Refused(Vec<LineRefusal>),
}

impl RecordOutcome {
    /// What was recorded, or the first refusal as an error: for a single line.
    pub fn into_result(self) -> ServiceResult<Recorded> {
        match self {
            Self::Recorded(recorded) => Ok(recorded),
            Self::Refused(lines) => Err(lines.into_iter().next().map_or_else(
                || ServiceError::Internal("a batch refused for nothing".to_owned()),
                |l| l.refusal.into(),
            )),
        }
    }
}

/// What the rules were told, stored with the award so that it can be computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredInputs {
    /// Quantity and grade.
    pub inputs: Inputs,
    /// Whether a person was named.
    pub subject: Subject,
    /// The usage so far, in the order of the rule's questions.
    pub answers: Vec<i64>,
    /// The households a quota is a part of.
    pub context: Context,
}

impl From<crate::domain::award::Refusal> for Refusal {
    fn from(refusal: crate::domain::award::Refusal) -> Self {
        use crate::domain::lang::Lang;
        let mut out = refuse(refusal.code.as_str())
            .with("item", &refusal.item)
            .with("reason_zh", refusal.words(Lang::Zh))
            .with("reason_en", refusal.words(Lang::En));
        out.facts.extend(refusal.facts);
        out
    }
}

/// What happened to an award, for its history.
pub struct Happened<'a> {
    pub(super) verb: &'a str,
    pub(super) from: Option<AwardState>,
    pub(super) to: AwardState,
    pub(super) actor: Actor,
    pub(super) on_behalf: Option<&'a str>,
    pub(super) reason: &'a str,
}

impl Desk {
    /// Adds to the history of an award.
    pub(super) async fn note_award(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        award: AwardId,
        what: Happened<'_>,
    ) -> ServiceResult<()> {
        let row = event_row(self.id(), self.now(), award, &what);
        Ok(event::add(tx, book, &row).await?)
    }
}

/// One line of an award's history.
pub(super) fn event_row(id: EventId, at: Timestamp, award: AwardId, what: &Happened<'_>) -> event::Event {
    event::Event {
        id,
        at,
        subject: "award".to_owned(),
        subject_id: award.0,
        verb: what.verb.to_owned(),
        from_state: what.from.map(|s| s.as_str().to_owned()),
        to_state: Some(what.to.as_str().to_owned()),
        actor: what.actor.to_string(),
        on_behalf: what.on_behalf.map(str::to_owned),
        reason: what.reason.to_owned(),
    }
}

/// A text that must say something and not too much.
pub(super) fn required<'a>(field: &'static str, text: &'a str) -> ServiceResult<&'a str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse("text_missing").with("field", field).into());
    }
    limited(field, text)
}

/// A text that may be empty but not too long.
pub(super) fn limited<'a>(field: &'static str, text: &'a str) -> ServiceResult<&'a str> {
    if text.chars().count() > NOTE_CHARS_MAX {
        return Err(refuse("text_too_long").with("field", field).with("limit", NOTE_CHARS_MAX).into());
    }
    // one engine would keep it and the other would not
    if text.contains('\0') {
        return Err(refuse("text_unreadable").with("field", field).into());
    }
    Ok(text)
}

/// Turns a guard that failed into the words for it.
pub(super) fn state_changed(error: crate::store::StoreError) -> ServiceError {
    match error {
        crate::store::StoreError::RowsAffected { .. } => refuse("state_changed").into(),
        other => other.into(),
    }
}
