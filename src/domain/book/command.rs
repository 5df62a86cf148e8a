//! What a caller asks of a book. Holds no decision.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use super::private::{PrivateText, in_body};
use crate::domain::{ids::TxnId, posting::Posting, time::Day};

/// The longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 128;
/// A meter whose name starts so counts something that happens once for ever: a reversal does not give it back.
pub const ONCE: &str = "once:";

/// What makes a command the same command when it is sent again. Its scope is the book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = InvalidKey;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=MAX_KEY_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.into())) } else { Err(InvalidKey) }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 1 to {MAX_KEY_BYTES} bytes of text without control characters")]
pub struct InvalidKey;

macro_rules! named {
    ($(#[$outer:meta])* $name:ident, $error:ident, $what:literal; $($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All of them, in the order they are listed.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable name that is stored and hashed.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($error(text.to_owned())),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[doc = concat!("There is no such ", $what, ".")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error("there is no {what} `{name}`", what = $what, name = self.0)]
        pub struct $error(pub String);
    };
}
pub(in crate::domain) use named;

named! {
    /// Why a transaction exists.
    TxnKind, UnknownKind, "kind of transaction";
    /// Points for something done, after its notice.
    Award = "award",
    /// Points taken for something left undone, after its notice.
    Deduction = "deduction",
    /// Points for goods, at once.
    Redemption = "redemption",
    /// Points (and goods) put aside for an order.
    Hold = "hold",
    /// A hold given back: cancelled or timed out.
    Release = "release",
    /// A hold taken, wholly or in part; what is not taken goes back in the same posting.
    Capture = "capture",
    /// Goods brought back after a pick-up, in part.
    GoodsReturn = "goods_return",
    /// Points or minutes that lapsed.
    Expiry = "expiry",
    /// The linked undoing of one transaction.
    Reversal = "reversal",
    /// What is right, after a reversal took away what was wrong.
    Correction = "correction",
    /// A balance brought over from paper.
    Opening = "opening",
    /// An issuance ceiling raised or lowered.
    Budget = "budget",
    /// Goods received.
    GoodsIn = "goods_in",
    /// Goods handed out or written off without points.
    GoodsOut = "goods_out",
    /// Goods carried from one counter to another.
    GoodsMove = "goods_move",
    /// The difference a count found.
    Stocktake = "stocktake",
    /// What goods cost put right after something that moved them was undone.
    Recost = "recost",
    /// Money put behind the points.
    Funding = "funding",
    /// Money paid to a shop.
    Settlement = "settlement",
    /// The yearly base of reputation scores.
    HonorBase = "honor_base",
    /// A change of a reputation score.
    Honor = "honor",
    /// Minutes for a service done.
    TimeService = "time_service",
    /// Minutes given to the pool or to another person.
    TimeDonation = "time_donation",
    /// Minutes granted from the pool.
    TimeGrant = "time_grant",
    /// A household divided, joined, moved away or ended.
    HouseholdChange = "household_change",
    /// One side of a movement between villages.
    Clearing = "clearing",
    /// The periods up to the effective day are closed: nothing lands on or before it any more. Moves nothing.
    PeriodClose = "period_close",
    /// The digest of a notice sheet that hangs. Moves nothing.
    Notice = "notice",
}

impl TxnKind {
    /// Whether it may be put on record without moving anything: a deduction that finds nothing to take or only pauses,
    /// a count that finds what the book says, and what undoes such a one. A closing and a sheet never move anything; an
    /// agreement with a shop and its statements do not, its payments do.
    #[must_use]
    pub const fn may_move_nothing(self) -> bool {
        matches!(
            self,
            Self::Deduction
                | Self::Stocktake
                | Self::Reversal
                | Self::Settlement
                | Self::PeriodClose
                | Self::Notice
        )
    }
}

/// Something counted against a limit, decided under the book's lock: a card's daily total, a one-time code, a
/// notice line that posts once, a quota of an article, a consecutive receipt number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterUse {
    /// What is counted: `card:<id>:<day>`, `once:code:<id>`, `receipt`.
    pub meter: String,
    /// How much this command uses; negative gives back.
    pub amount: i64,
    /// The most that may ever stand as used. Nothing means that it only counts.
    pub limit: Option<i64>,
}

impl MeterUse {
    /// Uses `amount` of what may reach `limit`; a reversal gives it back.
    #[must_use]
    pub fn capped(meter: impl Into<String>, amount: i64, limit: i64) -> Self {
        Self { meter: meter.into(), amount, limit: Some(limit) }
    }

    /// Happens once for ever; a reversal does not make it possible again. The meter is named [`ONCE`] and `what`.
    #[must_use]
    pub fn once(what: &str) -> Self {
        Self { meter: format!("{ONCE}{what}"), amount: 1, limit: Some(1) }
    }

    /// Draws the next number; the value after is the number.
    #[must_use]
    pub fn next_number(meter: impl Into<String>) -> Self {
        Self { meter: meter.into(), amount: 1, limit: None }
    }

    /// What undoes this use, if a reversal or release gives it back at all.
    #[must_use]
    pub fn given_back(&self) -> Option<Self> {
        let returns = self.limit.is_some() && !self.meter.starts_with(ONCE);
        returns.then(|| Self { amount: -self.amount, ..self.clone() })
    }
}

/// One command to one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The name the transaction will have outside.
    pub id: TxnId,
    /// Its idempotency key.
    pub key: Key,
    /// Why.
    pub kind: TxnKind,
    /// The business day it counts for.
    pub effective_on: Day,
    /// Who: `user:<uuid>` or `system`.
    pub actor: String,
    /// What it came from: `award:<uuid>`, `order:<uuid>`.
    pub source: Option<String>,
    /// The rule set's content hash.
    pub ruleset: Option<String>,
    /// The rule's code.
    pub rule: Option<String>,
    /// The transaction it undoes.
    pub reverses: Option<i64>,
    /// The hold it resolves.
    pub resolves: Option<i64>,
    /// What moves.
    pub posting: Posting,
    /// What is counted.
    pub meters: Vec<MeterUse>,
    /// What the caller asked, compared when the key comes again. Derived lines and prices stay out of it.
    pub body: BTreeMap<String, String>,
    /// What the caller wrote that may speak of people, by field: compared like the body, never in a leaf.
    pub private: BTreeMap<String, PrivateText>,
}

impl Command {
    /// The body as it is stored and hashed: with commitments in the place of private texts.
    #[must_use]
    pub fn stored_body(&self) -> BTreeMap<String, String> {
        let mut body = self.body.clone();
        body.extend(self.private.iter().map(|(name, text)| (name.clone(), in_body(&text.commitment()))));
        body
    }
}
