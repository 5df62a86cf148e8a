//! What is wrong with a rule file, where, and what to do: said so that a village clerk can put it right.
//! Holds no checks and no sentences.

use std::fmt;

use serde::Serialize;

pub(super) use super::wrong::{Said, Wrong};

/// The kinds of fault, stable names for machines and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Not TOML.
    Syntax,
    /// A key this table does not have.
    UnknownKey,
    /// A key this table needs is absent.
    MissingKey,
    /// The value is not of the kind the key takes.
    BadValue,
    /// Two of a kind bear the same code.
    DuplicateCode,
    /// A code that nothing in the file bears.
    DanglingReference,
    /// Not exactly one way of saying what an item is worth.
    Worth,
    /// A cap or quota that could never be met, never bind, or does not fit its item.
    ImpossibleCap,
    /// A date that does not exist, or dates in the wrong order.
    BadDate,
    /// Notice too short, a route without its steps, or routes that do not rise.
    Route,
    /// Evidence that cannot be given, or a photo demanded where paper will do.
    Evidence,
    /// A deduction or restoration that would touch spendable points.
    RedeemableDeduction,
    /// A topic no rule may touch.
    ForbiddenTopic,
    /// An item on sensitive information without its safeguards.
    Sensitive,
}

impl FaultKind {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::UnknownKey => "unknown_key",
            Self::MissingKey => "missing_key",
            Self::BadValue => "bad_value",
            Self::DuplicateCode => "duplicate_code",
            Self::DanglingReference => "dangling_reference",
            Self::Worth => "worth",
            Self::ImpossibleCap => "impossible_cap",
            Self::BadDate => "bad_date",
            Self::Route => "route",
            Self::Evidence => "evidence",
            Self::RedeemableDeduction => "redeemable_deduction",
            Self::ForbiddenTopic => "forbidden_topic",
            Self::Sensitive => "sensitive",
        }
    }
}

/// One fault of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The table it is in: `item A2`, `programme`, `basis law-67`.
    pub item: String,
    /// Its kind.
    pub kind: FaultKind,
    /// What is wrong; the catalogue says it in words.
    pub said: Said,
}

/// For logs; people read the catalogue's words.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, item, kind, said } = self;
        write!(f, "{file}:{line}: {item}: {} {:?} [{}]", said.wrong.as_str(), said.facts, kind.as_str())
    }
}

/// Collects the faults of one file.
#[derive(Debug)]
pub(super) struct Faults<'a> {
    text: &'a str,
    file: &'a str,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub(super) const fn new(text: &'a str, file: &'a str) -> Self {
        Self { text, file, found: Vec::new() }
    }

    /// Notes a fault at a byte of the text.
    pub(super) fn add(&mut self, at: usize, item: impl Into<String>, kind: FaultKind, said: impl Into<Said>) {
        let line = 1 + self.text.bytes().take(at).filter(|b| *b == b'\n').count();
        let fault = Fault { file: self.file.to_owned(), line, item: item.into(), kind, said: said.into() };
        if !self.found.contains(&fault) {
            self.found.push(fault);
        }
    }

    pub(super) fn into_sorted(mut self) -> Vec<Fault> {
        self.found.sort_by(|a, b| (a.line, &a.item, a.kind).cmp(&(b.line, &b.item, b.kind)));
        self.found
    }
}
