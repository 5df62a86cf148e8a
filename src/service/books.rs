//! Opening a book, and what a command to it is made of.

use std::collections::BTreeMap;

use super::{Desk, ServiceError, ServiceResult, refuse};
use crate::{
    domain::{
        book::{Command, Key, MeterUse, PrivateText, TxnKind},
        chart::Policy,
        ids::BookId,
        merkle::{Frontier, empty_root},
        posting::{Commodity, Line, Posting},
        time::Day,
    },
    store::{WriteTx, ledger::write},
};

/// The commodities every book has, with scale and names.
pub(super) const COMMODITIES: [(&str, i32, &str, &str); 4] = [
    (Commodity::POINT, 2, "绿币分", "points"),
    (Commodity::HONOR, 2, "评比分", "honour score"),
    (Commodity::MIN, 0, "时长(分钟)", "minutes of service"),
    (Commodity::CNYFEN, 0, "人民币(分)", "RMB (fen)"),
];

/// What a command needs besides its lines: who, under which key, on which day, from what.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The client's key.
    pub key: &'a str,
    /// Why.
    pub kind: TxnKind,
    /// The business day it counts for.
    pub effective_on: Day,
    /// What it comes from, `award:<id>`.
    pub source: Option<String>,
    /// The request, for comparing a repeated key.
    pub body: BTreeMap<String, String>,
}

impl Desk {
    /// Creates the empty book inside the caller's transaction, with the limits that a village begins with.
    pub async fn create_book(&self, tx: &mut WriteTx, book: BookId) -> ServiceResult<()> {
        self.create_book_with(tx, book, Policy::default()).await
    }

    /// Creates the empty book with the programme's own limits.
    pub async fn create_book_with(
        &self,
        tx: &mut WriteTx,
        book: BookId,
        policy: Policy,
    ) -> ServiceResult<()> {
        write::open_book(tx, book, self.now(), &Frontier::new().to_bytes(), &empty_root(), policy).await?;
        for (code, scale, name, name_en) in COMMODITIES {
            write::open_commodity(tx, book, code, scale, name, name_en).await?;
        }
        Ok(())
    }

    /// A command with a new name and these lines.
    pub fn command(
        &self,
        actor: &super::Actor,
        order: Order<'_>,
        lines: Vec<Line>,
    ) -> ServiceResult<Command> {
        let key: Key = order.key.parse().map_err(|_| refuse("invalid_key"))?;
        let posting = if lines.is_empty() && order.kind.may_move_nothing() {
            Posting::nothing()
        } else {
            Posting::new(lines).map_err(|e| ServiceError::Internal(format!("posting: {e}")))?
        };
        Ok(Command {
            id: self.id(),
            key,
            kind: order.kind,
            effective_on: order.effective_on,
            actor: actor.to_string(),
            source: order.source,
            ruleset: None,
            rule: None,
            reverses: None,
            resolves: None,
            posting,
            meters: Vec::<MeterUse>::new(),
            body: order.body,
            private: BTreeMap::new(),
        })
    }

    /// A text that may speak of people, under a salt of its own: for [`Command::private`].
    #[must_use]
    pub fn private(&self, name: &str, text: &str) -> BTreeMap<String, PrivateText> {
        let mut salt = [0; 32];
        self.entropy.fill(&mut salt);
        [(name.to_owned(), PrivateText { salt, text: text.to_owned() })].into()
    }
}

/// A body from its fields.
#[must_use]
pub fn facts<const N: usize>(fields: [(&str, String); N]) -> BTreeMap<String, String> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The path, or a refusal: the code that became part of it is not one.
pub fn path(
    path: Result<crate::domain::posting::Path, crate::domain::posting::InvalidPath>,
) -> ServiceResult<crate::domain::posting::Path> {
    path.map_err(|e| refuse("invalid_code").with("code", e.0).into())
}
