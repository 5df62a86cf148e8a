//! The bytes a transaction is hashed over: every field it has, so that no stored column can change unnoticed.
//! `verify` builds the same [`Record`] from stored rows and must come to the same hash.

use std::collections::BTreeMap;

use super::command::{Command, Key, TxnKind};
use crate::domain::{
    canonical::Encoder,
    ids::{BookId, TxnId},
    merkle::{self, Hash},
    posting::{Commodity, Path},
    time::{Day, Timestamp},
};

/// Which encoding the leaf has; stored with it, so that old leaves stay provable when another follows.
pub const HASH_VERSION: i32 = 1;

/// The most bytes a leaf may have: entry bundles of C2SP tlog-tiles give its length in 16 bits.
pub const LEAF_BYTES_MAX: usize = 65_535;

/// One line as it stands in its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The account's number in the book.
    pub account_id: i64,
    /// Its path.
    pub path: Path,
    /// What moved.
    pub commodity: Commodity,
    /// The how-manieth entry of the account, from 1, without gaps.
    pub version: i64,
    /// The line of the posting, from 1.
    pub line: i32,
    /// How much, debit positive.
    pub quantity: i64,
    /// The account's balance with it.
    pub balance_after: i64,
    /// The last day on which a credit may be spent.
    pub expires_on: Option<Day>,
}

/// One meter as it stands after a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterRecord {
    /// What is counted.
    pub meter: String,
    /// How much was used, or given back.
    pub amount: i64,
    /// The limit it was held against.
    pub limit: Option<i64>,
    /// What stands as used.
    pub used_after: i64,
}

/// A whole transaction, as decided or as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The book.
    pub book: BookId,
    /// The place in it.
    pub seq: i64,
    /// The name outside.
    pub id: TxnId,
    /// The idempotency key.
    pub key: Key,
    /// Why.
    pub kind: TxnKind,
    /// The business day it counts for.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: String,
    /// What it came from.
    pub source: Option<String>,
    /// The rule set's content hash.
    pub ruleset: Option<String>,
    /// The rule's code.
    pub rule: Option<String>,
    /// The transaction it undoes.
    pub reverses: Option<i64>,
    /// The hold it resolves.
    pub resolves: Option<i64>,
    /// What the caller asked.
    pub body: BTreeMap<String, String>,
    /// What was counted, in order.
    pub meters: Vec<MeterRecord>,
    /// The lines, in order.
    pub entries: Vec<Entry>,
}

/// The canonical bytes of a transaction.
#[must_use]
pub fn leaf_bytes(record: &Record) -> Vec<u8> {
    let mut out = Encoder::new("greencoin.txn");
    out.integer(i64::from(HASH_VERSION))
        .text(merkle::ALGORITHM)
        .bytes(record.book.0.as_bytes())
        .integer(record.seq)
        .bytes(record.id.0.as_bytes())
        .text(record.key.as_str())
        .text(record.kind.as_str())
        .integer(i64::from(record.effective_on.number()))
        .integer(record.recorded_at.micros())
        .text(&record.actor)
        .optional_text(record.source.as_deref())
        .optional_text(record.ruleset.as_deref())
        .optional_text(record.rule.as_deref())
        .optional_integer(record.reverses)
        .optional_integer(record.resolves);
    out.list(record.body.len());
    for (name, value) in &record.body {
        out.text(name).text(value);
    }
    out.list(record.meters.len());
    for meter in &record.meters {
        out.text(&meter.meter).integer(meter.amount).optional_integer(meter.limit).integer(meter.used_after);
    }
    out.list(record.entries.len());
    for entry in &record.entries {
        out.integer(entry.account_id)
            .text(entry.path.as_str())
            .text(entry.commodity.as_str())
            .integer(entry.version)
            .integer(i64::from(entry.line))
            .integer(entry.quantity)
            .integer(entry.balance_after)
            .optional_integer(entry.expires_on.map(|day| i64::from(day.number())));
    }
    out.finish()
}

/// At least as many bytes as the leaf of the command will have, given what it counts.
pub(super) fn leaf_bytes_at_most(command: &Command, meters: &[MeterRecord]) -> usize {
    const HEAD: usize = 320;
    const INTEGERS: usize = 9 * 6 + 10;
    // the commitment of a private text is 71 bytes of text; tag and length of any text are 5
    let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let texts = command.key.as_str().len()
        + command.actor.len()
        + optional(&command.source)
        + optional(&command.ruleset)
        + optional(&command.rule);
    let body: usize = command.body.iter().map(|(name, value)| name.len() + value.len() + 10).sum();
    let private: usize = command.private.keys().map(|name| name.len() + 81).sum();
    let counted: usize = meters.iter().map(|m| m.meter.len() + INTEGERS).sum();
    let lines = command.posting.lines().iter();
    let moved: usize =
        lines.map(|l| l.account.as_str().len() + l.commodity.as_str().len() + INTEGERS + 10).sum();
    HEAD + texts + body + private + counted + moved
}

/// The transaction's leaf in the book's Merkle log.
#[must_use]
pub fn leaf_hash(record: &Record) -> Hash {
    merkle::leaf_hash(&leaf_bytes(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{canonical::hex, chart::household_available};
    use uuid::Uuid;

    const DAY: Day = Day::from_number(20_600);

    fn at() -> Timestamp {
        DAY.start().plus_seconds(3600)
    }

    fn sample() -> Record {
        Record {
            book: BookId(Uuid::from_u128(0x0102)),
            seq: 3,
            id: TxnId(Uuid::from_u128(0x0304)),
            key: "兑-1".parse().unwrap(),
            kind: TxnKind::Redemption,
            effective_on: DAY,
            recorded_at: at(),
            actor: "user:1".into(),
            source: Some("order:𬭎㛃·".into()),
            ruleset: None,
            rule: Some(String::new()),
            reverses: None,
            resolves: Some(2),
            body: [("备注".to_owned(), "\"\\\u{2028}".to_owned())].into(),
            meters: vec![MeterRecord { meter: "receipt".into(), amount: 1, limit: None, used_after: 9 }],
            entries: vec![Entry {
                account_id: 4,
                path: household_available("H1").unwrap(),
                commodity: Commodity::point(),
                version: 2,
                line: 1,
                quantity: -300,
                balance_after: -500,
                expires_on: Some(DAY),
            }],
        }
    }

    #[test]
    fn the_leaf_of_a_known_transaction_stays_what_it_is() {
        assert_eq!(
            hex(&leaf_hash(&sample())),
            "2dd5aea28e6680e520750100f6d6491ae2cf0c03ee9548b176dcde7592b03b52"
        );
    }

    #[test]
    fn every_field_is_in_the_leaf() {
        let changes: &[fn(&mut Record)] = &[
            |r| r.book = BookId(Uuid::nil()),
            |r| r.seq += 1,
            |r| r.id = TxnId(Uuid::nil()),
            |r| r.key = "兑-2".parse().unwrap(),
            |r| r.kind = TxnKind::Award,
            |r| r.effective_on = DAY.plus(1),
            |r| r.recorded_at = at().plus_seconds(1),
            |r| r.actor.push('0'),
            |r| r.source = None,
            |r| r.ruleset = Some(String::new()),
            |r| r.rule = None,
            |r| r.reverses = Some(2),
            |r| r.resolves = None,
            |r| drop(r.body.insert("x".into(), String::new())),
            |r| r.meters[0].meter.push('s'),
            |r| r.meters[0].amount = 2,
            |r| r.meters[0].limit = Some(9),
            |r| r.meters[0].used_after = 10,
            |r| r.meters.clear(),
            |r| r.entries[0].account_id = 5,
            |r| r.entries[0].path = household_available("H2").unwrap(),
            |r| r.entries[0].commodity = Commodity::honor(),
            |r| r.entries[0].version = 3,
            |r| r.entries[0].line = 2,
            |r| r.entries[0].quantity = 300,
            |r| r.entries[0].balance_after = 500,
            |r| r.entries[0].expires_on = None,
        ];
        let mut seen = std::collections::HashSet::from([leaf_bytes(&sample())]);
        for change in changes {
            let mut record = sample();
            change(&mut record);
            assert!(seen.insert(leaf_bytes(&record)));
        }
    }
}
