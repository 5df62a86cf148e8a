//! Who is asking. A typed caller can only be made from the grants that a sign-in holds, so a use case for a clerk
//! cannot be called by a shopkeeper. Holds no HTTP.

use std::{fmt, str::FromStr};

use crate::domain::{
    due_process::Selves,
    ids::{BookId, HouseholdId, OrgId, PersonId, UserId},
};

/// Who did something, as it is written into events and postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Somebody who signed in with a staff account.
    User(UserId),
    /// A household that signed in with its number and PIN.
    Household(HouseholdId),
    /// Somebody who did not sign in and gave no name.
    Unnamed,
    /// A job that runs by the clock.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Household(id) => write!(f, "household:{id}"),
            Self::Unnamed => f.write_str("unnamed"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Actor {
    type Err = crate::domain::ids::InvalidId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("user", id)) => id.parse().map(Self::User),
            Some(("household", id)) => id.parse().map(Self::Household),
            _ if text == "unnamed" => Ok(Self::Unnamed),
            _ if text == "system" => Ok(Self::System),
            _ => Err(crate::domain::ids::InvalidId),
        }
    }
}

/// What somebody may do, within a part of the tree of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Grid staff, household-group head: records, never reviews.
    Recorder,
    /// Village clerk: records, compiles notices, keeps the register, prints.
    Clerk,
    /// Member of the review panel or the supervision committee: reviews, decides objections and reversals.
    Reviewer,
    /// Stands at a counter.
    Shopkeeper,
    /// Reads everything of the books, changes nothing.
    Auditor,
    /// Township: checks R3 awards, hears appeals, sees its villages.
    Township,
    /// County administrator: places, users and programmes; no points, no posting.
    County,
}

impl Role {
    /// All roles, in the order pages list them.
    pub const ALL: [Self; 7] = [
        Self::Recorder,
        Self::Clerk,
        Self::Reviewer,
        Self::Shopkeeper,
        Self::Auditor,
        Self::Township,
        Self::County,
    ];

    /// Whether it is held by people of a village, about their neighbours: recusal matters.
    #[must_use]
    pub const fn is_of_village(self) -> bool {
        matches!(self, Self::Recorder | Self::Clerk | Self::Reviewer | Self::Shopkeeper)
    }

    /// As stored and as the API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorder => "recorder",
            Self::Clerk => "clerk",
            Self::Reviewer => "reviewer",
            Self::Shopkeeper => "shopkeeper",
            Self::Auditor => "auditor",
            Self::Township => "township",
            Self::County => "county",
        }
    }
}

/// The text named no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a role")]
pub struct InvalidRole;

impl FromStr for Role {
    type Err = InvalidRole;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|r| r.as_str() == text).ok_or(InvalidRole)
    }
}

/// A signed-in member of staff at work on one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The account.
    pub user: UserId,
    /// The book at hand.
    pub book: BookId,
    /// The village (or other place) of that book.
    pub org: OrgId,
    /// Who of the village this is, if of the village at all: for recusal.
    pub person: Option<PersonId>,
    /// Other logins that are or were this person's: what they did, this person did.
    pub also: Vec<UserId>,
    /// Whether it was said who this is, or need not have been: see [`crate::service::identity`].
    pub known: bool,
    /// The roles held over this book.
    pub roles: Vec<Role>,
    /// The part of the village (a group, a household group) that this recorder keeps to; nothing = all of it.
    pub scope: Option<OrgId>,
}

impl Staff {
    /// As written into events.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::User(self.user)
    }

    /// This person, by every login that is or was theirs.
    #[must_use]
    pub fn selves(&self) -> Selves {
        let own = std::iter::once(self.user).chain(self.also.iter().copied());
        Selves::new(own.map(|user| Actor::User(user).to_string()).collect())
    }

    /// Whether this person holds `role` over the book at hand.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

macro_rules! typed_callers {
    ($($(#[$doc:meta])* $name:ident <- $($role:ident)|+;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(Staff);

        impl $name {
            /// This caller, if the grants allow it.
            #[must_use]
            pub fn of(staff: &Staff) -> Option<Self> {
                ($(staff.holds(Role::$role))||+).then(|| Self(staff.clone()))
            }
        }

        impl std::ops::Deref for $name {
            type Target = Staff;
            fn deref(&self) -> &Staff {
                &self.0
            }
        }
    )+};
}

typed_callers! {
    /// Anyone who may enter what happened: recorders and clerks.
    Recorder <- Recorder | Clerk;
    /// Anyone who sees to matters that were reported, or looks whether they are seen to.
    Handler <- Recorder | Clerk | Reviewer | Township;
    /// The village clerk.
    Clerk <- Clerk;
    /// A second pair of eyes: the panel, and the township for what it must check.
    Reviewer <- Reviewer | Township;
    /// Somebody behind a counter.
    Shopkeeper <- Shopkeeper;
    /// Somebody who keeps goods, and draws up stock papers.
    Storekeeper <- Clerk | Shopkeeper;
    /// Somebody who may be the second person of a stock paper.
    StockWitness <- Clerk | Shopkeeper | Reviewer;
    /// Somebody who may read about stock.
    StockReader <- Clerk | Shopkeeper | Reviewer | Auditor | Township;
    /// Somebody who may read all of a book: auditors and the township above it.
    Auditor <- Auditor | Township;
    /// Somebody who may ask for any account of a book as it stood: clerks, auditors and the township.
    Bookkeeper <- Clerk | Auditor | Township;
    /// Somebody who sees the money behind the points: whoever writes it down, confirms, audits or grants it.
    MoneyReader <- Clerk | Reviewer | Auditor | Township;
    /// The township above a village.
    Township <- Township;
}

/// The county administrator: above all books, inside none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyAdmin {
    /// The account.
    pub user: UserId,
    /// The county.
    pub org: OrgId,
}

/// A household, signed in with its number and PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// Its book.
    pub book: BookId,
    /// The household.
    pub household: HouseholdId,
}

impl Resident {
    /// As written into events.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Household(self.household)
    }
}
