//! Local policies of the time bank: what a place decides, as data, read from `rules/time-bank.toml`. A file is either a
//! set of policies or a list of what is wrong with it. What no policy may do has no field here.

use std::{fmt, sync::LazyLock};

use super::{ServiceKind, need::NeedGround};
use crate::domain::wording::vocabulary;

mod read;
#[cfg(test)]
mod tests;

const SHIPPED: &str = include_str!("../../../rules/time-bank.toml");
/// The policy of a village that chose none.
pub const DEFAULT: &str = "RS-3";
/// Minutes in an hour.
pub const HOUR: i64 = 60;

vocabulary! {
    /// Whether those under age may serve.
    Minors {
        /// Not at all.
        None = "none", "不参加", "may not";
        /// With a guardian's consent, and not alone.
        Guardian = "guardian", "监护人同意并陪同", "with a guardian";
        /// In group activities only.
        Group = "group", "只参加团体活动", "in groups only";
    }
}

vocabulary! {
    /// Whose saved minutes may pay for a service.
    Drawer {
        /// Those of whoever is served.
        Own = "self", "本人", "oneself";
        /// Those of the husband or wife.
        Spouse = "spouse", "配偶", "husband or wife";
        /// Those of parents, children, grandparents, grandchildren.
        Lineal = "lineal", "直系亲属", "lineal relatives";
    }
}

vocabulary! {
    /// What becomes of minutes beyond the cap: the volunteer says which.
    Brim {
        /// They go to the public pool.
        Donate = "donate", "捐入公共池", "to the public pool";
        /// They count for honour only.
        Honor = "honor", "记荣誉时数", "for honour only";
    }
}

vocabulary! {
    /// Where the hours of a group go.
    GroupHours {
        /// To the public pool.
        Pool = "pool", "只捐入公共池", "to the public pool only";
        /// To each member's account.
        Member = "member", "记入个人账户", "to each member";
    }
}

vocabulary! {
    /// To whom minutes may be given.
    Receivers {
        /// Parents, children, grandparents, grandchildren.
        Lineal = "lineal", "直系亲属", "lineal relatives";
        /// Family and friends.
        KinAndFriends = "kin_and_friends", "亲友", "family and friends";
        /// Anybody.
        Anyone = "anyone", "任何人", "anybody";
    }
}

vocabulary! {
    /// How far minutes can be saved in one place and drawn in another (通存通兑).
    Reach {
        /// Only where they were saved.
        None = "none", "不通存通兑", "nowhere else";
        /// Within the district or county.
        District = "district", "区县内通存通兑", "within the district";
        /// Within the city.
        City = "city", "全市通存通兑", "within the city";
    }
}

/// How service is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// Minutes are rounded down to multiples of this.
    pub quarter: i64,
    /// Less is not recorded.
    pub least: i64,
    /// Check-in pairs of one order on one day.
    pub pairs_a_day: usize,
    /// Minutes of one person on one day that need nobody else.
    pub auto_a_day: i64,
    /// Minutes up to which the organisation above decides; beyond, the county.
    pub parent_a_day: i64,
    /// Working days within which service may be entered afterwards.
    pub late_working_days: u32,
    /// Hours after which an unconfirmed order is called about.
    pub confirm_hours: i64,
    /// A rating up to this holds the order.
    pub hold_rating: u8,
}

/// Who may serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joining {
    /// From this age on by oneself.
    pub adult_age: i32,
    /// From this age on as a minor.
    pub minor_age: i32,
    /// How minors may.
    pub minors: Minors,
}

/// Who may draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// From this age on.
    pub age: i32,
    /// From this age on in special hardship.
    pub hardship_age: i32,
    /// Whose minutes may pay, the first that can.
    pub drawers: Vec<Drawer>,
}

/// How much may be saved, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// The most minutes, if there is a cap.
    pub cap: Option<i64>,
    /// What may be chosen beyond it.
    pub brim: Vec<Brim>,
    /// Where the hours of a group go.
    pub groups: GroupHours,
    /// Years after which minutes lapse, if ever.
    pub expiry_years: Option<u32>,
    /// Months for which the pool honours minutes after the scheme has ended.
    pub wind_up_months: u32,
    /// Minutes with which the place promises special care; a flag shown, not a promise of ours.
    pub special_care: Option<i64>,
}

/// Gifts of minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gifts {
    /// To whom.
    pub to: Receivers,
    /// From which age of the receiver on.
    pub age: i32,
    /// Days in which the giver may take it back.
    pub cooling_days: u32,
    /// The most minutes one person gives in a year.
    pub a_year: i64,
}

/// Hours of somebody who died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inheritance {
    /// Days after which what nobody inherited goes to the public pool.
    pub claim_days: i32,
    /// Whether the yearly limit of gifts counts for it.
    pub under_gift_limit: bool,
}

/// From where on outstanding hours are warned about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverRule {
    /// More months of service than this are owed: watch it.
    pub watch_months: i64,
    /// More than this: act.
    pub act_months: i64,
}

/// The public pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Minutes that may be issued into it in a year.
    pub a_year: i64,
    /// Minutes one person may have from it in a year.
    pub a_person: i64,
    /// Whoever has all the grounds of one of these may be served from it.
    pub eligible: Vec<Vec<NeedGround>>,
}

/// Star levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarTable {
    /// Minutes for one star, two stars …
    pub steps: Vec<i64>,
    /// Working days a star hangs before it is given.
    pub notice_working_days: u32,
}

/// What a place decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// … in English.
    pub name_en: String,
    /// The document it follows.
    pub source: String,
    /// How service is counted.
    pub counting: Counting,
    /// Who may serve.
    pub joining: Joining,
    /// What is done.
    pub services: Vec<ServiceKind>,
    /// Who may draw.
    pub drawing: Drawing,
    /// How much may be saved.
    pub saving: Saving,
    /// Gifts.
    pub gifts: Gifts,
    /// Hours of somebody who died.
    pub inheritance: Inheritance,
    /// From where on outstanding hours are warned about.
    pub cover: CoverRule,
    /// The public pool.
    pub pool: Pool,
    /// Points of an award that an hour may be the evidence for; none if hours earn nothing else.
    pub reward_points_per_hour: Option<i64>,
    /// How far minutes reach.
    pub clearing: Reach,
    /// Stars.
    pub stars: StarTable,
}

/// Who decides on a day's minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hand {
    /// Nobody needs to.
    Own,
    /// The organisation above: the township.
    Parent,
    /// The county.
    County,
}

impl Counting {
    /// What so many minutes of presence count: rounded down, or nothing.
    #[must_use]
    pub const fn counted(&self, present: i64) -> i64 {
        let rounded = present - present.rem_euclid(self.quarter);
        if rounded < self.least { 0 } else { rounded }
    }

    /// Whose hand a day of so many minutes needs.
    #[must_use]
    pub const fn hand(&self, day_total: i64) -> Hand {
        if day_total > self.parent_a_day {
            Hand::County
        } else if day_total > self.auto_a_day {
            Hand::Parent
        } else {
            Hand::Own
        }
    }
}

/// One thing wrong with a file of policies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// Not TOML, or a key there is no word for.
    #[error("the policies cannot be read: {0}")]
    Unreadable(String),
    /// Two bear the same code.
    #[error("two policies are called {0}")]
    Twice(String),
    /// Its base is not one that stands before it.
    #[error("{policy} builds on {base}, which does not stand before it")]
    NoBase {
        /// The policy.
        policy: String,
        /// What it names.
        base: String,
    },
    /// Neither it nor its base says it.
    #[error("{policy} does not say {field}")]
    Missing {
        /// The policy.
        policy: String,
        /// The field.
        field: &'static str,
    },
    /// A value that cannot be.
    #[error("{policy}: {field} cannot be so")]
    Impossible {
        /// The policy.
        policy: String,
        /// The field.
        field: &'static str,
    },
}

/// Everything wrong with a file of policies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PolicyFaults(pub Vec<PolicyFault>);

impl fmt::Display for PolicyFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&words.join("; "))
    }
}

/// The policies an installation knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies(Vec<Policy>);

impl Policies {
    /// Those shipped with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        // A test reads the shipped file; a village without a policy is refused, not guessed for.
        static READ: LazyLock<Policies> = LazyLock::new(|| Policies::parse(SHIPPED).unwrap_or_default());
        &READ
    }

    /// Reads a file of policies.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, PolicyFaults> {
        read::policies(text).map(Self).map_err(PolicyFaults)
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Policy] {
        &self.0
    }

    /// By code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Policy> {
        self.0.iter().find(|policy| policy.code == code)
    }
}
