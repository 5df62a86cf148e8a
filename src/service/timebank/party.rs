//! Who opens the pages of the time bank: a household for its own people, or staff, each with what they hold.

use super::Side;
use crate::{
    domain::ids::BookId,
    service::{
        Actor, ServiceError, ServiceResult,
        caller::{Handler, Recorder, Resident, Reviewer, Role, Township},
    },
};

/// A household, or somebody of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A household, signed in for its members.
    Household(Resident),
    /// Somebody of the staff: of the network point, an arbiter, the township.
    Staff(Handler),
}

impl Party {
    /// The book at hand.
    #[must_use]
    pub fn book(&self) -> BookId {
        match self {
            Self::Household(by) => by.book,
            Self::Staff(by) => by.book,
        }
    }

    /// As written into the history.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Household(by) => by.actor(),
            Self::Staff(by) => by.actor(),
        }
    }

    /// Who speaks for somebody: the household, or the network point.
    pub fn side(&self) -> ServiceResult<Side> {
        match self {
            Self::Household(by) => Ok(Side::Household(*by)),
            Self::Staff(_) => self.desk().map(Side::Desk),
        }
    }

    /// The network point.
    pub fn desk(&self) -> ServiceResult<Recorder> {
        self.staff().and_then(|by| Recorder::of(by).ok_or(ServiceError::NotAllowed))
    }

    /// Whoever decides disputes and signs under sheets: of the panel, not of the township above.
    pub fn arbiter(&self) -> ServiceResult<Reviewer> {
        let by = self.staff()?;
        if !by.holds(Role::Reviewer) {
            return Err(ServiceError::NotAllowed);
        }
        Reviewer::of(by).ok_or(ServiceError::NotAllowed)
    }

    /// The township.
    pub fn township(&self) -> ServiceResult<Township> {
        self.staff().and_then(|by| Township::of(by).ok_or(ServiceError::NotAllowed))
    }

    /// Somebody of the staff.
    pub fn staff(&self) -> ServiceResult<&Handler> {
        match self {
            Self::Household(_) => Err(ServiceError::NotAllowed),
            Self::Staff(by) => Ok(by),
        }
    }
}
