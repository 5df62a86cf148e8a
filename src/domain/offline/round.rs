//! What a device was given and what each entry takes of it. An entry takes exactly what it says from what is left, or
//! nothing of the household; pieces of an entry that is for people to decide are set apart, since they left the shelf.
//! Order alone counts, never a clock: the same entries again change nothing.

use std::collections::BTreeMap;

use super::{
    ConflictKind, RoundState,
    entry::{Entry, InvalidEntry, Sum},
};
use crate::domain::ids::{BookId, HouseholdId, OfflineRoundId};

/// Whether a household's card may be used, as far as the village knows now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Good,
    /// The card was declared dead.
    CardRevoked,
    /// The household may not redeem.
    Frozen,
    /// It is the household of whoever sends it, or of their kin.
    Own,
}

/// Points of a household that a device has in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Points left, in hundredths.
    pub left: i64,
    /// Whether they may be used.
    pub standing: Standing,
}

/// An article that a device has in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelved {
    /// Pieces left; nothing of a service lies on a shelf.
    pub left: Option<i64>,
    /// The price of one piece on the device's list.
    pub price: i64,
}

/// What a device was given, and how much of it is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The village.
    pub book: BookId,
    /// Its name.
    pub id: OfflineRoundId,
    /// How far it is.
    pub state: RoundState,
    /// The number that the next entry must have.
    pub next: i64,
    /// The digest that the next entry must name.
    pub head: Sum,
    /// The most points of one sale: above them a PIN is asked for, which needs the server.
    pub sale_max: i64,
    /// Whose card a mark is.
    pub marks: BTreeMap<Sum, HouseholdId>,
    /// Points by household.
    pub allowances: BTreeMap<HouseholdId, Allowance>,
    /// Articles by number.
    pub goods: BTreeMap<i64, Shelved>,
    /// Digests of the entries that were taken, by number.
    pub known: BTreeMap<i64, Sum>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken before: nothing moves.
    Known,
    /// Points and goods are taken from what was put aside.
    Sold {
        /// Whose points.
        household: HouseholdId,
    },
    /// Nothing is taken from the household; people decide.
    Conflict {
        /// Why.
        kind: ConflictKind,
        /// Whose card it was, if that is known.
        household: Option<HouseholdId>,
    },
}

/// An entry, what became of it, and the pieces that leave what the device has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The entry's number.
    pub number: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Pieces sold, or set apart until people decided; by article. No services.
    pub pieces: Vec<(i64, i64)>,
}

/// Why the rest of what was sent is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// An entry before it is missing; send from there.
    Gap {
        /// The number that is next.
        next: i64,
    },
    /// A signature, a text or the order is wrong: the device is not to be trusted any more.
    Broken {
        /// The number that was to be next.
        number: i64,
        /// In what way.
        fault: Fault,
    },
}

/// How an entry is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not signed by the device, or not an entry.
    Unsigned(InvalidEntry),
    /// Of another village or another round.
    Foreign,
    /// It does not name the entry before it.
    Chain,
    /// Another entry had this number: the device was copied or set back.
    Forked,
    /// Nothing new is taken of a device that was stopped.
    Stopped,
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsigned(InvalidEntry::Signature) => "signature",
            Self::Unsigned(InvalidEntry::Text) => "text",
            Self::Foreign => "foreign",
            Self::Chain => "chain",
            Self::Forked => "forked",
            Self::Stopped => "stopped",
        }
    }
}

impl Round {
    /// Takes entries in the order in which they were sent, each as opened by the device's key. What was taken stands
    /// also when something after it is wrong. Entries of a round that was given back are taken as conflicts; those
    /// of one that was stopped are not taken.
    pub fn take(&mut self, entries: &[Result<Entry, InvalidEntry>]) -> (Vec<Taken>, Option<Stop>) {
        let mut taken = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.take_one(entry.as_ref().map_err(|fault| *fault)) {
                Ok(one) => taken.push(one),
                Err(stop) => {
                    if let Stop::Broken { .. } = stop
                        && self.state == RoundState::Open
                    {
                        self.state = RoundState::Stopped;
                    }
                    return (taken, Some(stop));
                }
            }
        }
        (taken, None)
    }

    fn take_one(&mut self, entry: Result<&Entry, InvalidEntry>) -> Result<Taken, Stop> {
        let broken = |fault| Stop::Broken { number: self.next, fault };
        let entry = entry.map_err(|fault| broken(Fault::Unsigned(fault)))?;
        if (entry.book, entry.round) != (self.book, self.id) {
            return Err(broken(Fault::Foreign));
        }
        let digest = entry.digest();
        if entry.number < self.next {
            return if self.known.get(&entry.number) == Some(&digest) {
                Ok(Taken { number: entry.number, outcome: Outcome::Known, pieces: Vec::new() })
            } else {
                Err(broken(Fault::Forked))
            };
        }
        if entry.number > self.next {
            return Err(Stop::Gap { next: self.next });
        }
        if self.state == RoundState::Stopped {
            return Err(broken(Fault::Stopped));
        }
        if entry.previous != self.head {
            return Err(broken(Fault::Chain));
        }
        let outcome = self.judge(entry);
        let pieces = self.part(entry, outcome);
        self.next += 1;
        self.head = digest;
        self.known.insert(entry.number, digest);
        Ok(Taken { number: entry.number, outcome, pieces })
    }

    /// What becomes of the next entry. The first reason counts: whose it is, what it is, whether it may be, whether it is
    /// there.
    fn judge(&self, entry: &Entry) -> Outcome {
        let household = self.marks.get(&entry.card).copied();
        let conflict = |kind| Outcome::Conflict { kind, household };
        if self.state != RoundState::Open {
            return conflict(ConflictKind::AfterEnd);
        }
        let Some((household, allowance)) =
            household.and_then(|id| self.allowances.get(&id).map(|allowance| (id, allowance)))
        else {
            return conflict(ConflictKind::UnknownCard);
        };
        for item in &entry.items {
            match self.goods.get(&item.sku) {
                None => return conflict(ConflictKind::ArticleUnknown),
                Some(shelved) if shelved.price != item.price => return conflict(ConflictKind::Figures),
                Some(_) => {}
            }
        }
        if entry.worth() != entry.total {
            return conflict(ConflictKind::Figures);
        }
        match allowance.standing {
            Standing::CardRevoked => return conflict(ConflictKind::CardRevoked),
            Standing::Frozen => return conflict(ConflictKind::Frozen),
            Standing::Own => return conflict(ConflictKind::OwnHousehold),
            Standing::Good => {}
        }
        if entry.items.iter().any(|item| self.left(item.sku).is_some_and(|left| item.pieces > left)) {
            return conflict(ConflictKind::BeyondGoods);
        }
        if entry.total > allowance.left || entry.total > self.sale_max {
            return conflict(ConflictKind::BeyondAllowance);
        }
        Outcome::Sold { household }
    }

    /// Takes what an entry takes, and says which pieces: never more than there are.
    fn part(&mut self, entry: &Entry, outcome: Outcome) -> Vec<(i64, i64)> {
        if let Outcome::Sold { household } = outcome
            && let Some(allowance) = self.allowances.get_mut(&household)
        {
            allowance.left -= entry.total;
        }
        let mut pieces = Vec::with_capacity(entry.items.len());
        // what was given back has nothing left to set apart
        let open = self.state == RoundState::Open;
        for item in entry.items.iter().filter(|_| open) {
            if let Some(Shelved { left: Some(left), .. }) = self.goods.get_mut(&item.sku) {
                let part = item.pieces.min(*left);
                *left -= part;
                if part > 0 {
                    pieces.push((item.sku, part));
                }
            }
        }
        pieces
    }

    fn left(&self, sku: i64) -> Option<i64> {
        self.goods.get(&sku).and_then(|shelved| shelved.left)
    }
}

/// What each household's allowance becomes when a device is made ready: as much as it has, at most `each`, and at most
/// `household_max` less what is out already, until `counter_max` is given away. In the order given; those that get
/// nothing are left out.
#[must_use]
pub fn allot(
    wanted: impl IntoIterator<Item = (HouseholdId, i64, i64)>,
    each: i64,
    household_max: i64,
    counter_max: i64,
) -> Vec<(HouseholdId, i64)> {
    let mut room = counter_max;
    let mut out = Vec::new();
    for (household, available, already_out) in wanted {
        let points = available.min(each).min(household_max - already_out).min(room);
        if points > 0 {
            room -= points;
            out.push((household, points));
        }
    }
    out
}
