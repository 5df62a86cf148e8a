//! What can happen in the demo village. Everything is named by its place in the lists of the plan.

use rust_decimal::Decimal;

use crate::domain::time::{Day, Timestamp};

/// Something that happens at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A fund gives money, and the points it stands for may be issued in this calendar year.
    FundGranted {
        /// In `funds`.
        fund: usize,
        /// Money, in fen.
        cny_fen: i64,
        /// Points that may be issued against it, in hundredths.
        points: i64,
    },
    /// Every household gets its 100 points of reputation for the year.
    HonorBase {
        /// The calendar year.
        year: i32,
    },
    /// Goods come onto the shelf of a counter, two people looking.
    GoodsReceived {
        /// In `counters`.
        counter: usize,
        /// Whose money bought them.
        fund: usize,
        /// Goods and pieces.
        lines: Vec<(usize, i64)>,
        /// The second pair of eyes, in `staff`.
        witness: usize,
    },
    /// One item for many households, saved together.
    Recorded(Batch),
    /// The panel looks at a batch.
    Reviewed {
        /// The number of the batch.
        batch: usize,
        /// The clerk-level reviewer, then whoever the route asks for beyond; all of them in `staff`.
        reviewers: Vec<usize>,
        /// Lines turned down, by place; the others are approved.
        refused: Vec<usize>,
    },
    /// A notice sheet is put together, and stays a draft unless it is published later.
    NoticeCompiled {
        /// Counts from 0.
        notice: usize,
        /// Which kind of sheet.
        sheet: Sheet,
        /// Numbers of the batches whose approved lines stand on it.
        batches: Vec<usize>,
        /// In `staff`.
        compiled_by: usize,
    },
    /// A second person checks the sheet and it goes up; its clock starts.
    NoticePublished {
        /// Which.
        notice: usize,
        /// In `staff`.
        checked_by: usize,
    },
    /// Someone objects to a line.
    Objected(Objection),
    /// An objection is decided.
    ObjectionDecided {
        /// Which, counting from 0.
        objection: usize,
        /// In `staff`.
        decided_by: usize,
        /// How.
        outcome: ObjectionOutcome,
    },
    /// Whoever objected takes the answer to the township.
    Appealed {
        /// Which objection, counting from 0.
        objection: usize,
    },
    /// The township says its final word.
    AppealConcluded {
        /// Which objection, counting from 0.
        objection: usize,
    },
    /// A household takes goods home.
    Redeemed(Redemption),
    /// Someone asks to undo a posting; a second person agrees in the same minute.
    Reversed(Reversal),
}

/// One item for many households on one occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Counts from 0 in the order of making, not of time.
    pub number: usize,
    /// The code of the item: `A1`.
    pub item: &'static str,
    /// In `staff`.
    pub recorder: usize,
    /// The day it happened.
    pub occurred_on: Day,
    /// What it was, in Chinese: 三月门前三包检查.
    pub occasion: String,
    /// The mark on the evidence: `I-2026-03-A1-05`.
    pub evidence: String,
    /// For whom.
    pub lines: Vec<DemoLine>,
}

/// One household's line of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLine {
    /// In `households`.
    pub household: usize,
    /// In `people`, for items that look at a person.
    pub person: Option<usize>,
    /// In the unit of the item; 1 when it is paid by the occurrence.
    pub quantity: Decimal,
    /// The grade, for items that have grades.
    pub grade: Option<&'static str>,
}

/// A line of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineRef {
    /// The number of the batch.
    pub batch: usize,
    /// Its place in it.
    pub line: usize,
}

/// The kinds of notice sheets, one a month each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheet {
    /// Ordinary items: five days.
    Ordinary,
    /// Items of 20 points and more: seven days.
    Major,
    /// Deductions: seven days, to the households only.
    Deductions,
}

/// An objection to a line on a notice sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Counts from 0.
    pub number: usize,
    /// The line.
    pub line: LineRef,
    /// The household that objects; nobody when it came through the paper box without a name.
    pub by: Option<usize>,
    /// Why, in Chinese.
    pub grounds: &'static str,
}

/// How an objection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectionOutcome {
    /// The line is turned down.
    Upheld,
    /// The line goes on.
    Dismissed,
}

/// What a household shows at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownCode {
    /// The code on a phone.
    Phone,
    /// The printed card, and the PIN where the amount asks for it.
    Card,
}

/// Goods taken home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// In `counters`.
    pub counter: usize,
    /// In `households`.
    pub household: usize,
    /// What is shown.
    pub shown: ShownCode,
    /// Goods and pieces.
    pub lines: Vec<(usize, i64)>,
}

/// A posting undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The line that was posted by mistake.
    pub line: LineRef,
    /// Why, in Chinese.
    pub reason: &'static str,
    /// In `staff`.
    pub requested_by: usize,
    /// In `staff`.
    pub approved_by: usize,
}
