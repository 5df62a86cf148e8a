//! The household (户), holder of points: its number, its states, and who belonged to it from when to when.
//! Holds no balances: those are the ledger's.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    ids::{HouseholdId, PersonId},
    person::Relation,
    time::Day,
    wording::{UnknownCode, Words, fold_typed, vocabulary},
};

/// The text is not a household or person number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number such as H0001 or P000001")]
pub struct InvalidNumber;

macro_rules! decl_number {
    ($($(#[$doc:meta])* $name:ident = $letter:literal, $width:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            /// The number of the `ordinal`th registered; written with leading zeros.
            #[must_use]
            pub fn from_ordinal(ordinal: u32) -> Self {
                Self(format!(concat!($letter, "{:0", $width, "}"), ordinal))
            }

            /// Its place in the order of registration.
            #[must_use]
            pub fn ordinal(&self) -> u32 {
                self.0.get(1..).and_then(|d| d.parse().ok()).unwrap_or(0)
            }

            /// Reads a number as typed: small letter, full width, without leading zeros.
            ///
            /// # Errors
            /// [`InvalidNumber`] when the letter or the digits are missing, or it is zero.
            pub fn parse(text: &str) -> Result<Self, InvalidNumber> {
                let folded = fold_typed(text).to_ascii_uppercase();
                let digits = folded.strip_prefix($letter).ok_or(InvalidNumber)?;
                if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(InvalidNumber);
                }
                match digits.parse() {
                    Ok(0) | Err(_) => Err(InvalidNumber),
                    Ok(ordinal) => Ok(Self::from_ordinal(ordinal)),
                }
            }

            /// The number as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidNumber;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
            }
        }
    )+};
}

decl_number! {
    /// A household's number, `H0001` and on: printed on cards, part of account paths, never used again.
    HouseholdNo = "H", 4;
    /// A person's number, `P000001` and on: part of the path of the hours account.
    PersonNo = "P", 6;
}

vocabulary! {
    /// Why a household is frozen.
    FreezeReason {
        /// Its members or others dispute the account.
        Dispute = "dispute", "争议", "dispute";
        /// Its card is lost and no new one is printed.
        LostCard = "lost_card", "挂失", "card lost";
        /// Its last member has died and nobody has inherited yet.
        Death = "death", "死亡待继承", "death, awaiting inheritance";
    }
}

/// Where a household stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HouseholdState {
    /// Registered, not yet told about its account.
    Pending,
    /// Earns and redeems.
    Active,
    /// Earns, cannot redeem.
    Frozen(FreezeReason),
    /// Gone; its number is not used again.
    Closed,
}

/// What may be done to a household's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseholdStep {
    /// Opens a pending account.
    Activate,
    /// Stops redemption.
    Freeze(FreezeReason),
    /// Lets it redeem again.
    Unfreeze,
    /// Ends it, after the balance has been carried over.
    Close,
}

/// The step cannot be taken from that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a household that is {} cannot take the step {step:?}", from.as_str())]
pub struct InvalidTransition {
    /// Where the household stands.
    pub from: HouseholdState,
    /// What was tried.
    pub step: HouseholdStep,
}

impl HouseholdState {
    /// The state after `step`.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the step does not fit, naming both.
    pub const fn after(self, step: HouseholdStep) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Pending, HouseholdStep::Activate) | (Self::Frozen(_), HouseholdStep::Unfreeze) => {
                Ok(Self::Active)
            }
            (Self::Active, HouseholdStep::Freeze(reason)) => Ok(Self::Frozen(reason)),
            (Self::Pending | Self::Active | Self::Frozen(_), HouseholdStep::Close) => Ok(Self::Closed),
            (from, step) => Err(InvalidTransition { from, step }),
        }
    }

    /// Whether it may redeem.
    #[must_use]
    pub const fn may_redeem(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether awards may be posted to it.
    #[must_use]
    pub const fn may_earn(self) -> bool {
        !matches!(self, Self::Closed)
    }

    /// The stable code, as stored: `pending`, `active`, `frozen:dispute`, `closed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Frozen(FreezeReason::Dispute) => "frozen:dispute",
            Self::Frozen(FreezeReason::LostCard) => "frozen:lost_card",
            Self::Frozen(FreezeReason::Death) => "frozen:death",
            Self::Closed => "closed",
        }
    }

    /// The word people read; the reason of a freeze is [`FreezeReason::words`].
    #[must_use]
    pub const fn words(self) -> Words {
        match self {
            Self::Pending => Words { zh: "待激活", en: "pending" },
            Self::Active => Words { zh: "正常", en: "active" },
            Self::Frozen(_) => Words { zh: "冻结", en: "frozen" },
            Self::Closed => Words { zh: "已注销", en: "closed" },
        }
    }
}

impl FromStr for HouseholdState {
    type Err = UnknownCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pending" => Ok(Self::Pending),
            "active" => Ok(Self::Active),
            "closed" => Ok(Self::Closed),
            _ => text.strip_prefix("frozen:").ok_or(UnknownCode)?.parse().map(Self::Frozen),
        }
    }
}

/// That a person belonged to a household, from a day to the day before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub household: HouseholdId,
    /// As what.
    pub relation: Relation,
    /// The first day.
    pub from: Day,
    /// The first day no longer; open while it lasts.
    pub to: Option<Day>,
}

/// Why a set of memberships cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MembershipFault {
    /// It ends before it begins.
    #[error("the membership of {0} ends before it begins")]
    Reversed(PersonId),
    /// One person in two households on one day.
    #[error("{person} would be in two households on {day}")]
    TwoHouseholds {
        /// Who.
        person: PersonId,
        /// The first day of both.
        day: Day,
    },
    /// Two heads of one household on one day.
    #[error("household {household} would have two heads on {day}")]
    TwoHeads {
        /// Where.
        household: HouseholdId,
        /// The first day of both.
        day: Day,
    },
}

impl Membership {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// The first day both hold, if they share one.
    fn meets(&self, other: &Self) -> Option<Day> {
        let start = self.from.max(other.from);
        (self.holds_on(start) && other.holds_on(start)).then_some(start)
    }
}

/// The household a person belonged to on `day`: what happened that day counts for it, whatever came later.
#[must_use]
pub fn household_on(memberships: &[Membership], person: PersonId, day: Day) -> Option<HouseholdId> {
    memberships.iter().find(|m| m.person == person && m.holds_on(day)).map(|m| m.household)
}

/// Who was the head of `household` on `day`.
#[must_use]
pub fn head_on(memberships: &[Membership], household: HouseholdId, day: Day) -> Option<PersonId> {
    memberships
        .iter()
        .find(|m| m.household == household && m.relation == Relation::Head && m.holds_on(day))
        .map(|m| m.person)
}

/// Checks that `new` may stand beside those already there.
///
/// # Errors
/// [`MembershipFault`] when it is reversed, or makes two memberships or two heads on one day.
pub fn check_membership(existing: &[Membership], new: &Membership) -> Result<(), MembershipFault> {
    if new.to.is_some_and(|to| to <= new.from) {
        return Err(MembershipFault::Reversed(new.person));
    }
    for other in existing {
        let Some(day) = new.meets(other) else { continue };
        if other.person == new.person {
            return Err(MembershipFault::TwoHouseholds { person: new.person, day });
        }
        if other.household == new.household
            && (other.relation, new.relation) == (Relation::Head, Relation::Head)
        {
            return Err(MembershipFault::TwoHeads { household: new.household, day });
        }
    }
    Ok(())
}

/// Moves a person to another household on `day` (marriage, split, merger): ends the membership that holds and
/// adds the new one.
///
/// # Errors
/// [`MembershipFault`] when the new membership would clash with another; nothing is changed then.
pub fn move_person(
    memberships: &mut Vec<Membership>,
    person: PersonId,
    to: HouseholdId,
    relation: Relation,
    day: Day,
) -> Result<(), MembershipFault> {
    let mut next = memberships.clone();
    for m in next.iter_mut().filter(|m| m.person == person && m.holds_on(day)) {
        if m.from == day {
            return Err(MembershipFault::TwoHouseholds { person, day });
        }
        m.to = Some(day);
    }
    let joined = Membership { person, household: to, relation, from: day, to: None };
    check_membership(&next, &joined)?;
    next.push(joined);
    *memberships = next;
    Ok(())
}

#[cfg(test)]
mod tests;
