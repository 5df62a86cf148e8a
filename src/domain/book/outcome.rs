//! What a book answers. Holds no decision.

use std::collections::BTreeMap;

use super::{
    command::{TxnKind, named},
    leaf::{Entry, MeterRecord},
};
use crate::domain::{
    ids::TxnId,
    merkle::Hash,
    posting::{Commodity, Path},
    time::{Day, Timestamp},
};

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It happened, now.
    Posted(Posted),
    /// It may not happen. Kept under its key.
    Refused(Refused),
    /// The key was used before with the same body: the first outcome again. Nothing is written.
    Replayed(PriorResult),
    /// The key was used before with another body. Nothing is written.
    Conflict {
        /// The fields that differ, in order: `actor`, `kind`, or a name in the body.
        fields: Vec<String>,
    },
    /// It was to happen together with others, and one of those may not. Nothing is written, and its key stays free.
    NotApplied {
        /// The place of the first that may not, from 0.
        because: usize,
    },
}

/// A transaction that was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Its place in the book, from 1, without gaps.
    pub seq: i64,
    /// Its name outside.
    pub id: TxnId,
    /// When it was recorded; strictly later than the one before.
    pub recorded_at: Timestamp,
    /// The business day it counts for.
    pub effective_on: Day,
    /// Its lines as they stand in the accounts.
    pub entries: Vec<Entry>,
    /// The accounts it opened.
    pub opened: Vec<Opened>,
    /// What was counted, given-back meters included.
    pub meters: Vec<MeterRecord>,
    /// Its leaf in the Merkle log.
    pub leaf_hash: Hash,
    /// Which encoding the leaf has.
    pub hash_version: i32,
}

/// An account that came into being with this posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its number in the book, dense from 1.
    pub id: i64,
    /// Its path.
    pub path: Path,
    /// Its commodity.
    pub commodity: Commodity,
}

named! {
    /// Why a command may not happen.
    RefusalCode, UnknownRefusal, "refusal";
    /// The effective day lies in a closed period. Facts: `effective_on`, `closed_through`.
    ClosedPeriod = "closed_period",
    /// Something landed in the period after its statement was drawn up. Facts: `through`, `seq`, `landed`.
    PeriodMoved = "period_moved",
    /// The effective day has not come. Facts: `effective_on`, `today`.
    FutureDate = "future_date",
    /// A line is not in the chart of accounts. Facts: `account`, `commodity`.
    NotInChart = "not_in_chart",
    /// An expiry day on a line that cannot lapse. Facts: `account`.
    NoLots = "no_lots",
    /// It has no lines, and its kind always moves something. Facts: `kind`.
    NothingMoves = "nothing_moves",
    /// The kind of transaction and its links do not belong together. Facts: `kind`.
    InvalidLink = "invalid_link",
    /// The linked transaction does not exist. Facts: `seq`.
    OriginalNotFound = "original_not_found",
    /// It was undone before. Facts: `seq`, `reversed_by`.
    AlreadyReversed = "already_reversed",
    /// A reversal cannot be undone. Facts: `seq`.
    ReversalOfReversal = "reversal_of_reversal",
    /// A hold is released or captured, not reversed; one captured is undone through its capture. Facts: `seq`.
    ReversalOfHold = "reversal_of_hold",
    /// The lines are not the exact mirror of what is undone. Facts: `seq`.
    NotMirror = "not_mirror",
    /// The transaction to resolve is no hold. Facts: `seq`.
    NotAHold = "not_a_hold",
    /// The hold was resolved before. Facts: `seq`, `resolved_by`.
    AlreadyResolved = "already_resolved",
    /// What is reserved moves only by its hold, and wholly by its one resolution. Facts: `account`.
    ReserveMismatch = "reserve_mismatch",
    /// One household would lose points to another. Facts: `from`, `to`.
    Transfer = "transfer",
    /// More would be taken than was held. Facts: `account`.
    ExceedsHold = "exceeds_hold",
    /// A meter would pass its limit. Facts: `meter`, `used`, `limit`, `asked`.
    LimitExceeded = "limit_exceeded",
    /// More would be given back than was used. Facts: `meter`, `used`, `asked`.
    MeterUnderflow = "meter_underflow",
    /// A household has too few points. Facts: `account`, `commodity`, `needed`, `available`, as for those below.
    InsufficientPoints = "insufficient_points",
    /// The issuance ceiling is reached.
    InsufficientBudget = "insufficient_budget",
    /// Too few pieces on the shelf.
    InsufficientStock = "insufficient_stock",
    /// Too few minutes.
    InsufficientTime = "insufficient_time",
    /// The reputation score cannot sink further.
    InsufficientHonor = "insufficient_honor",
    /// A balance would pass its cap, or another bound.
    BalanceLimit = "balance_limit",
    /// The transaction would be too long for its leaf. Facts: `bytes`, `limit`.
    LeafTooLarge = "leaf_too_large",
    /// A balance or a count would be too large to be exact. Facts: `account` or `meter`.
    OutOfRange = "out_of_range",
}

/// A command that may not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub code: RefusalCode,
    /// The figures and names that make the reason concrete.
    pub facts: BTreeMap<String, String>,
}

impl Refused {
    /// A refusal with its facts.
    pub fn new<const N: usize>(code: RefusalCode, facts: [(&str, String); N]) -> Self {
        Self { code, facts: facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect() }
    }
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriorResult {
    /// It was posted there.
    Posted {
        /// The place in the book.
        seq: i64,
    },
    /// It was refused.
    Refused(Refused),
}

/// A key that was used, with what a repetition is compared to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prior {
    /// The kind then.
    pub kind: TxnKind,
    /// The actor then.
    pub actor: String,
    /// The body then, as it was stored.
    pub body: BTreeMap<String, String>,
    /// The salts of its private texts that are not erased.
    pub salts: BTreeMap<String, [u8; 32]>,
    /// The outcome.
    pub result: PriorResult,
}
