//! Many things asked for at once: how many, all or each by itself, and an answer for every one of them.

use std::fmt::Display;

use sha2::{Digest, Sha256};

use super::{Refusal, ServiceError, ServiceResult, refuse, session::hex};
use crate::domain::book::MAX_KEY_BYTES;

/// The most items of one request.
pub const BULK_ITEMS_MAX: usize = 1_000;

/// Whether items depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All of them or none.
    Atomic,
    /// Each by itself.
    Each,
}

/// What became of one item. Answers stand in the order of the items, one each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemAnswer<A> {
    /// It was done, now or under this key before.
    Done {
        /// What.
        what: A,
        /// Whether it was done before.
        repeated: bool,
    },
    /// It may not be done.
    Refused(Refusal),
    /// It could have been done, but not with another one of the same request.
    NotApplied {
        /// The place of the first that may not, from 0.
        because: usize,
    },
}

/// Whether so many may be asked for at once.
pub fn check_size(items: usize) -> ServiceResult<()> {
    if (1..=BULK_ITEMS_MAX).contains(&items) {
        return Ok(());
    }
    Err(refuse("batch_size").with("lines", items).with("limit", BULK_ITEMS_MAX).into())
}

/// The key of an item, from the key of the request and what tells its items apart: a place, a mark on a sheet.
#[must_use]
pub fn item_key(key: &str, item: impl Display) -> String {
    let own = format!("{key}#{item}");
    if own.len() <= MAX_KEY_BYTES { own } else { hex(&Sha256::digest(own.as_bytes())) }
}

/// A refusal as an item's answer; anything worse concerns the whole request.
pub(super) fn refused<A>(error: ServiceError) -> ServiceResult<ItemAnswer<A>> {
    match error {
        ServiceError::Refused(refusal) => Ok(ItemAnswer::Refused(refusal)),
        ServiceError::NotFound(what) => Ok(ItemAnswer::Refused(refuse("not_found").with("what", what))),
        other => Err(other),
    }
}

/// Answers when some of the items of an atomic request were refused: the others are not done because of the first.
pub(super) fn none_of<A>(refused: Vec<Option<Refusal>>) -> Vec<ItemAnswer<A>> {
    let because = refused.iter().position(Option::is_some).unwrap_or(0);
    let answer =
        |refusal: Option<Refusal>| refusal.map_or(ItemAnswer::NotApplied { because }, ItemAnswer::Refused);
    refused.into_iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_items_differ_and_fit_however_long_the_key_of_the_request_is() {
        assert_eq!(item_key("k", 7), "k#7");
        let long = "k".repeat(MAX_KEY_BYTES);
        for place in [0, 999] {
            assert!(item_key(&long, place).parse::<crate::domain::book::Key>().is_ok());
        }
        assert_ne!(item_key(&long, 1), item_key(&long, 2));
        assert_ne!(item_key(&long, 1), item_key(&"l".repeat(MAX_KEY_BYTES), 1));
    }
}
