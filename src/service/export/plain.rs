//! What the journals of hledger and beancount have in common: a transaction as both write it, its accounts and its
//! words. Integers in minor units only: decimals have tolerances there, and what does not balance would pass.
//!
//! Nothing that people wrote may become code. Descriptions are cleaned, values of tags are reduced to letters, digits
//! and a few signs, and comments hold only what this program makes.

use std::collections::BTreeMap;

use crate::{
    domain::{
        canonical::hex,
        lang::Lang,
        time::{Day, Timestamp},
    },
    text::T,
};

/// A transaction as the journals write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Booked {
    pub(crate) seq: i64,
    pub(crate) day: Day,
    pub(crate) kind: String,
    pub(crate) rule: Option<String>,
    pub(crate) recorded_at: Timestamp,
    pub(crate) reverses: Option<i64>,
    pub(crate) resolves: Option<i64>,
    pub(crate) leaf: Vec<u8>,
    /// Account with its commodity as last part, the commodity, how much. None for what moves nothing: a closing, or a
    /// deduction that found nothing to take. Both programs take a transaction without postings, so every place of the
    /// log stands in the journal.
    pub(crate) lines: Vec<(String, String, i64)>,
}

/// The names of commodities, by code.
pub(crate) type Names = BTreeMap<String, String>;

/// What stands above the transactions.
#[derive(Debug, Clone)]
pub(crate) struct Head<'a> {
    /// The signed head all is taken at.
    pub(crate) note: &'a str,
    /// The programme's name.
    pub(crate) name: &'a str,
    /// The day accounts are opened: the first of the book.
    pub(crate) first: Day,
    /// The day after the last, when closing balances are stated.
    pub(crate) after: Day,
    /// The commodities.
    pub(crate) names: &'a Names,
}

/// An account as the journals name it: with the commodity as its last part, so that it holds one commodity only and a
/// balance can be asserted to be everything there is.
pub(crate) fn account(path: &str, commodity: &str) -> String {
    format!("{path}:{commodity}")
}

impl Booked {
    /// `tx-000000017`.
    pub(crate) fn name(&self) -> String {
        format!("tx-{:09}", self.seq)
    }

    /// What happened, in words: the kind, and the goods that came in or went out.
    pub(crate) fn words(&self, names: &Names) -> String {
        let mut words = T(Lang::Zh).txn_kind(&self.kind).to_owned();
        if words.is_empty() {
            words.push_str(&tag(&self.kind));
        }
        let mut said: Vec<&str> = Vec::new();
        for (_, commodity, quantity) in &self.lines {
            if *quantity > 0 && commodity.starts_with("SKU-") && !said.contains(&commodity.as_str()) {
                said.push(commodity);
                let name = names.get(commodity).map_or(commodity.as_str(), String::as_str);
                words.push_str(&format!(" {}×{quantity}", clean(name)));
            }
        }
        words
    }

    /// The leaf as hexadecimal text.
    pub(crate) fn leaf(&self) -> String {
        hex(&self.leaf)
    }

    /// The transactions it refers to, under the words for it.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let reverses = self.reverses.map(|seq| ("reverses", seq));
        reverses.into_iter().chain(self.resolves.map(|seq| ("resolves", seq)))
    }
}

/// Text on one line that shows what it is: control characters, line ends and marks that turn the reading direction
/// become blanks.
pub(crate) fn clean(text: &str) -> String {
    let blank = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().map(|c| if blank(c) { ' ' } else { c }).collect()
}

/// A value of a tag: letters, digits, `-`, `_` and `.`; every other byte as `%XX`.
pub(crate) fn tag(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// The signed head as lines of a comment. It holds what this program made: names of keys, numbers, base 64.
pub(crate) fn comment(out: &mut String, note: &str) {
    for line in note.lines() {
        out.push_str(format!(";   {}", clean(line)).trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_one_line_and_no_tag() {
        assert_eq!(clean("a\nb\u{202e}c\u{0}d\u{3000}·😀"), "a b c d\u{3000}·😀");
        assert_eq!(tag("D3.1-卫生"), "D3.1-卫生");
        assert_eq!(tag("a, date:2019"), "a%2C%20date%3A2019");
    }
}
