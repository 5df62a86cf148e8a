//! An inspection round (巡查): two people look at the same households, neither seeing what the other found. States and
//! the only moves between them, what one look says, and what the looks at a household come to. Pure: who must step back
//! is told by the caller.

use std::collections::BTreeMap;

use super::{
    ids::{HouseholdId, UserId},
    rule::{Direction, EvidenceKind, GradeWorth, Item, SubjectKind, Worth},
    time::Timestamp,
    wording::vocabulary,
};

/// Items one round may look at.
pub const ITEMS_MAX: usize = 8;
/// People named for one round: two who look, one who decides where they differ.
pub const NAMED_MAX: usize = 3;

vocabulary! {
    /// Where a round stands.
    RoundState {
        /// People walk and look.
        Open = "open", "检查中", "open";
        /// No look is taken any more; what it comes to is read over.
        Closed = "closed", "待确认", "closed";
        /// What was found is on record.
        Confirmed = "confirmed", "已记分", "confirmed";
        /// Given up: nothing of it counts.
        Withdrawn = "withdrawn", "已作废", "withdrawn";
    }
}

/// What can happen to a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundMove {
    /// A look is taken.
    Look,
    /// No more looks.
    Close,
    /// Looks again: a phone came back that had some.
    Reopen,
    /// What was found goes on record; again for what the first who confirmed had to step back from.
    Confirm,
    /// It is given up.
    Withdraw,
}

impl RoundMove {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Look, Self::Close, Self::Reopen, Self::Confirm, Self::Withdraw];
}

/// That move is not possible from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a round that is {from} cannot {attempted:?}")]
pub struct InvalidMove {
    /// Where it stands.
    pub from: RoundState,
    /// What was tried.
    pub attempted: RoundMove,
}

impl RoundState {
    /// The state after `step`.
    ///
    /// # Errors
    /// When nothing of the kind can happen to it now.
    pub const fn after(self, step: RoundMove) -> Result<Self, InvalidMove> {
        use RoundMove as M;
        Ok(match (self, step) {
            (Self::Open, M::Look) | (Self::Closed, M::Reopen) => Self::Open,
            (Self::Open, M::Close) => Self::Closed,
            (Self::Closed | Self::Confirmed, M::Confirm) => Self::Confirmed,
            (Self::Open | Self::Closed, M::Withdraw) => Self::Withdrawn,
            (from, attempted) => return Err(InvalidMove { from, attempted }),
        })
    }
}

/// Whether a round can look at an item: an inspection sheet is all the evidence it needs, it counts by household, and a
/// mark says all of it. What is paid by the measure, or given back, is recorded by hand. Of a deduction a round sees the
/// fault, which is reminded of; what else the deduction asks for comes with the deduction.
#[must_use]
pub fn inspected(item: &Item) -> bool {
    let sheet = &item.evidence;
    let enough = match item.direction {
        Direction::Credit => !sheet.all || sheet.kinds.len() == 1,
        Direction::Deduct => matches!(item.worth, Worth::Fixed(_)),
        Direction::Restore => false,
    };
    let marked = match &item.worth {
        Worth::Fixed(_) => true,
        Worth::Grades(grades) => grades.iter().all(|g| matches!(g.worth, GradeWorth::Fixed(_))),
        Worth::Rate(_) | Worth::Range { .. } | Worth::Restored => false,
    };
    item.enabled
        && enough
        && marked
        && sheet.kinds.contains(&EvidenceKind::Inspection)
        && item.subject == SubjectKind::Household
}

/// Whether a mark of the item says that something is wrong.
#[must_use]
pub fn is_fault(item: &Item) -> bool {
    item.direction == Direction::Deduct
}

/// What one look found: the items earned, each with its grade where it has grades. An item not named was not earned.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marks(BTreeMap<String, Option<String>>);

/// The text is not what a look can say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a mark: {0}")]
pub struct InvalidMark(pub String);

impl Marks {
    /// Reads `A1`, `D7:gold`, each item at most once.
    ///
    /// # Errors
    /// [`InvalidMark`] with the first that is none.
    pub fn read<'a>(said: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidMark> {
        let mut marks = BTreeMap::new();
        for word in said {
            let (item, grade) =
                word.split_once(':').map_or((word, None), |(item, grade)| (item, Some(grade)));
            let plain =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b',');
            let fresh = marks.insert(item.to_owned(), grade.map(str::to_owned)).is_none();
            if !plain(item) || !grade.is_none_or(plain) || !fresh {
                return Err(InvalidMark(word.to_owned()));
            }
        }
        Ok(Self(marks))
    }

    /// Whether a rule set's item and grade stand behind a mark.
    #[must_use]
    pub fn fits(item: &Item, grade: Option<&str>) -> bool {
        match (&item.worth, grade) {
            (Worth::Grades(_), Some(grade)) => item.grade(grade).is_some(),
            (Worth::Grades(_), None) => false,
            (_, grade) => grade.is_none(),
        }
    }

    /// The items earned, in order, each with its grade.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(item, grade)| (item.as_str(), grade.as_deref()))
    }
}

impl std::fmt::Display for Marks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, (item, grade)) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            f.write_str(item)?;
            if let Some(grade) = grade {
                write!(f, ":{grade}")?;
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for Marks {
    type Err = InvalidMark;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text.split(',').filter(|word| !word.is_empty()))
    }
}

/// One look at a household. None is ever changed: whoever mistook it looks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Which household.
    pub household: HouseholdId,
    /// Who looked.
    pub inspector: UserId,
    /// Counted on by the device from the last one it knew of: later looks of one person have higher ones.
    pub seq: i64,
    /// When, by the device's clock.
    pub taken_at: Timestamp,
    /// Chosen by the device; no two looks of one person have the same.
    pub key: String,
    /// What was found.
    pub marks: Marks,
}

/// The look that counts of each inspector: the latest by the device's own count, whatever order they came in.
#[must_use]
pub fn standing<'a>(looks: impl IntoIterator<Item = &'a Look>) -> BTreeMap<UserId, &'a Look> {
    let mut latest: BTreeMap<UserId, &Look> = BTreeMap::new();
    let rank = |look: &Look| (look.seq, look.taken_at, look.key.clone());
    for look in looks {
        let known = latest.entry(look.inspector).or_insert(look);
        if rank(look) > rank(known) {
            *known = look;
        }
    }
    latest
}

/// How two marks became one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settled {
    /// Two looked and found the same.
    Agreed,
    /// Two differed; the third looked, and that stands.
    Decided,
}

/// What the looks at a household come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Fewer than two of those named may look at it.
    NoPair,
    /// Somebody who is to look has not.
    Waiting,
    /// Two differ; the third has not looked, or there is none.
    Differs {
        /// Who is to decide.
        third: Option<UserId>,
    },
    /// It is settled.
    Settled {
        /// What stands.
        marks: Marks,
        /// How.
        how: Settled,
    },
}

/// Who looks at a household: of those named, in order, those who need not step back. The first two look; the next
/// decides where they differ.
#[must_use]
pub fn eyes(named: &[UserId], barred: impl Fn(UserId) -> bool) -> Vec<UserId> {
    named.iter().copied().filter(|who| !barred(*who)).collect()
}

/// What the looks come to, for the `eyes` of the household. The third's look decides, rather than the two talking it
/// over: neither ever learns that they differed, so neither gives way to the other.
#[must_use]
pub fn finding(eyes: &[UserId], looks: &BTreeMap<UserId, &Look>) -> Finding {
    let [first, second, rest @ ..] = eyes else { return Finding::NoPair };
    let (Some(a), Some(b)) = (looks.get(first), looks.get(second)) else { return Finding::Waiting };
    if a.marks == b.marks {
        return Finding::Settled { marks: a.marks.clone(), how: Settled::Agreed };
    }
    let third = rest.first().copied();
    match third.and_then(|who| looks.get(&who)) {
        Some(look) => Finding::Settled { marks: look.marks.clone(), how: Settled::Decided },
        None => Finding::Differs { third },
    }
}

/// Whether somebody is to look at a household now, or has and may look again: the first two always, the third where
/// the two differ.
#[must_use]
pub fn is_to_look(who: UserId, eyes: &[UserId], looks: &BTreeMap<UserId, &Look>) -> bool {
    match eyes.iter().position(|one| *one == who) {
        Some(0 | 1) => eyes.len() > 1,
        Some(2) => match finding(eyes, looks) {
            Finding::Differs { .. } => true,
            Finding::Settled { how, .. } => how == Settled::Decided,
            Finding::NoPair | Finding::Waiting => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests;
