//! How a use case says no. A refusal carries a stable code and the facts a reader needs; the words for it stand in
//! the message catalogue. Holds no text for people.

use std::collections::BTreeMap;

use crate::store::{Outage, StoreError};

/// What every use case returns.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// The use case was understood and refused: nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused: {code}")]
pub struct Refusal {
    /// Stable, `snake_case`; part of the API.
    pub code: &'static str,
    /// What the words need: `needed`, `available`, `item` …
    pub facts: BTreeMap<String, String>,
}

/// Starts a [`Refusal`].
#[must_use]
pub fn refuse(code: &'static str) -> Refusal {
    Refusal { code, facts: BTreeMap::new() }
}

impl Refusal {
    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }
}

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Understood and refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such thing, or it is not this caller's to see: the two look the same from outside.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller may not do this.
    #[error("not allowed")]
    NotAllowed,
    /// Nobody is signed in, or the sign-in has lapsed.
    #[error("not signed in")]
    NotSignedIn,
    /// Too many commands wait already: try again shortly.
    #[error("busy")]
    Busy,
    /// What was handed in was under way when its end could no longer be told: whoever asks again with the same key
    /// learns it.
    #[error("the outcome is not known")]
    Unsettled,
    /// The database as a whole does not do its work.
    #[error("the database does not do its work: {0:?}")]
    Outage(Outage),
    /// The database failed; the cause is for the log.
    #[error("storage failed")]
    Store(#[from] StoreError),
    /// Something that cannot be happened; the text is for the log.
    #[error("internal: {0}")]
    Internal(String),
}

impl ServiceError {
    /// Whether the database as a whole does not do its work.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        match self {
            Self::Outage(outage) => Some(*outage),
            Self::Store(error) => error.outage(),
            _ => None,
        }
    }
}

/// An error with all its causes, for the log: said once, where it is handled.
#[must_use]
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}
