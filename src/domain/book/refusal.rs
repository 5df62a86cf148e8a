//! The chain of a book's refusals: a refused command moves nothing and has no leaf, so each is hashed together with
//! the one before it, and the head of the chain stands with the book. Holds no decision.

use std::collections::BTreeMap;

use crate::domain::{
    canonical::Encoder,
    ids::BookId,
    merkle::{self, Hash},
    time::Timestamp,
};

/// Which encoding a link of the chain has.
const CHAIN_VERSION: i64 = 1;

/// A refusal as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalRecord<'a> {
    /// The book.
    pub book: BookId,
    /// The place among its refusals, from 1.
    pub ordinal: i64,
    /// The idempotency key.
    pub key: &'a str,
    /// What was asked.
    pub kind: &'a str,
    /// Who asked.
    pub actor: &'a str,
    /// When.
    pub recorded_at: Timestamp,
    /// Why not.
    pub code: &'a str,
    /// The figures of the reason.
    pub facts: &'a BTreeMap<String, String>,
    /// What the caller asked.
    pub body: &'a BTreeMap<String, String>,
}

/// The head of the chain with this refusal; `before` is the head without it, empty for the first.
#[must_use]
pub fn refusal_chain(before: &[u8], refusal: &RefusalRecord<'_>) -> Hash {
    let mut out = Encoder::new("greencoin.refusal");
    out.integer(CHAIN_VERSION)
        .text(merkle::ALGORITHM)
        .bytes(before)
        .bytes(refusal.book.0.as_bytes())
        .integer(refusal.ordinal)
        .text(refusal.key)
        .text(refusal.kind)
        .text(refusal.actor)
        .integer(refusal.recorded_at.micros())
        .text(refusal.code);
    for map in [refusal.facts, refusal.body] {
        out.list(map.len());
        for (name, value) in map {
            out.text(name).text(value);
        }
    }
    merkle::leaf_hash(&out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_field_and_the_link_before_are_in_the_chain() {
        let (none, some) = (BTreeMap::new(), BTreeMap::from([("a".to_owned(), "b".to_owned())]));
        let first = RefusalRecord {
            book: BookId(Uuid::from_u128(1)),
            ordinal: 1,
            key: "k",
            kind: "award",
            actor: "system",
            recorded_at: Timestamp::from_micros(5),
            code: "insufficient_points",
            facts: &none,
            body: &none,
        };
        let others = [
            RefusalRecord { book: BookId(Uuid::from_u128(2)), ..first },
            RefusalRecord { ordinal: 2, ..first },
            RefusalRecord { key: "l", ..first },
            RefusalRecord { kind: "hold", ..first },
            RefusalRecord { actor: "user:1", ..first },
            RefusalRecord { recorded_at: Timestamp::from_micros(6), ..first },
            RefusalRecord { code: "insufficient_stock", ..first },
            RefusalRecord { facts: &some, ..first },
            RefusalRecord { body: &some, ..first },
        ];
        let mut seen = std::collections::HashSet::from([refusal_chain(&[], &first)]);
        assert!(seen.insert(refusal_chain(&[0; 32], &first)));
        assert!(others.iter().all(|other| seen.insert(refusal_chain(&[], other))));
    }
}
