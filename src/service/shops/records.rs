//! What the log keeps of shops: agreements, their ends and statements by their digests, which move nothing, and the rows
//! that are written with them. Decides nothing.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Desk, ServiceResult};
use crate::{
    domain::{
        book::{Command, Posted, TxnKind},
        canonical::{Encoder, hex},
        ids::{BookId, EventId, ShopId},
        time::{Day, Timestamp},
    },
    service::{
        Actor, Effect,
        books::{Order, facts},
        caller::Staff,
    },
    store::{
        StoreResult, WriteTx,
        event::{self, Event},
        shop::{
            self, ShopDecision, ShopEnd, ShopRow,
            statement::{self, ShopLineRow, ShopStatementRow},
        },
    },
};

/// A record that moves nothing.
pub(super) struct Record {
    pub(super) key: String,
    pub(super) source: String,
    pub(super) body: BTreeMap<String, String>,
}

/// The digest of all that was agreed.
pub(in crate::service) fn terms_digest(row: &ShopRow) -> String {
    let mut bytes = Encoder::new("shop_agreement");
    bytes.bytes(row.id.0.as_bytes()).integer(row.no).bytes(row.counter_id.0.as_bytes());
    bytes.text(&row.name).text(&row.licence);
    bytes.optional_text(row.household_id.map(|id| id.to_string()).as_deref());
    bytes.integer(row.discount).integer(row.settles_on);
    bytes.integer(row.from_day.number().into()).integer(row.until_day.number().into());
    bytes.integer(row.drawn_at.micros()).text(&row.drawn_by);
    hex(&Sha256::digest(bytes.finish()))
}

/// The digest of a statement and its lines.
pub(in crate::service) fn statement_digest(row: &ShopStatementRow, lines: &[ShopLineRow]) -> String {
    let mut bytes = Encoder::new("shop_statement");
    bytes.bytes(row.id.0.as_bytes()).integer(row.no).bytes(row.counter_id.0.as_bytes());
    bytes.bytes(row.agreement_id.0.as_bytes());
    bytes.integer(row.first_day.number().into()).integer(row.last_day.number().into());
    bytes.integer(row.from_seq).integer(row.upto_seq).integer(row.line_count);
    bytes.integer(row.points).integer(row.gross_fen).integer(row.net_fen).integer(row.drawn_at.micros());
    bytes.list(lines.len());
    for l in lines {
        bytes.text(&l.kind).integer(l.seq).integer(l.receipt).integer(l.day.number().into());
        bytes.integer(l.points).integer(l.gross_fen).integer(l.net_fen);
    }
    hex(&Sha256::digest(bytes.finish()))
}

/// An agreement that is agreed to.
pub(super) fn agreed(row: &ShopRow, counter: &str) -> Record {
    Record {
        key: format!("shop:{}", row.id),
        source: format!("shop:{}", row.id),
        body: facts([("counter", counter.to_owned()), ("terms", terms_digest(row))]),
    }
}

/// The end of an agreement.
pub(super) fn ended(row: &ShopRow, counter: &str, on: Day) -> Record {
    Record {
        key: format!("shop-end:{}", row.id),
        source: format!("shop_end:{}", row.id),
        body: facts([("counter", counter.to_owned()), ("on", on.to_string())]),
    }
}

/// A statement that is drawn up.
pub(super) fn drawn(row: &ShopStatementRow, lines: &[ShopLineRow], counter: &str) -> Record {
    Record {
        // one of each number; another try looks at the log anew
        key: format!("shop-statement:{}:{}:{}", row.counter_id, row.no, row.id),
        source: format!("shop_statement:{}", row.id),
        body: facts([
            ("counter", counter.to_owned()),
            ("no", row.no.to_string()),
            ("net", row.net_fen.to_string()),
            ("statement", statement_digest(row, lines)),
        ]),
    }
}

impl Desk {
    pub(super) fn shop_record(&self, by: &Staff, record: &Record) -> ServiceResult<Command> {
        let order = Order {
            key: &record.key,
            kind: TxnKind::Settlement,
            effective_on: self.today(),
            source: Some(record.source.clone()),
            body: record.body.clone(),
        };
        self.command(&by.actor(), order, Vec::new())
    }
}

/// The rows written with a record.
pub(super) enum Kept {
    /// The second person agreed.
    Agreed { book: BookId, id: ShopId, at: Timestamp, by: Actor, event: EventId },
    /// Either side ended it.
    Ended { book: BookId, id: ShopId, at: Timestamp, by: Actor, on: Day, reason: String, event: EventId },
    /// A statement and its lines.
    Drawn { book: BookId, row: ShopStatementRow, lines: Vec<ShopLineRow> },
}

impl Kept {
    async fn write(&self, tx: &mut WriteTx, posted: &Posted) -> StoreResult<()> {
        match self {
            Self::Agreed { book, id, at, by, event } => {
                let me = by.to_string();
                let said =
                    ShopDecision { state: "agreed", at: *at, by: &me, seq: Some(posted.seq), reason: "" };
                shop::decide(tx, *book, *id, &said).await?;
                let what = ("agree", "drawn", "agreed");
                event::add(tx, *book, &trace((*event, *at), ("shop", id.0), what, *by, "")).await
            }
            Self::Ended { book, id, at, by, on, reason, event } => {
                let me = by.to_string();
                let end = ShopEnd { at: *at, by: &me, on: *on, seq: posted.seq, reason };
                shop::end(tx, *book, *id, &end).await?;
                let what = ("end", "agreed", "ended");
                event::add(tx, *book, &trace((*event, *at), ("shop", id.0), what, *by, reason)).await
            }
            Self::Drawn { book, row, lines } => {
                let row = ShopStatementRow { seq: posted.seq, ..row.clone() };
                statement::add(tx, *book, &row).await?;
                for line in lines {
                    statement::add_line(tx, *book, row.id, line).await?;
                }
                Ok(())
            }
        }
    }
}

/// A step in the life of an agreement or a statement, at the moment that its row says.
pub(super) fn trace(
    (id, at): (EventId, Timestamp),
    (subject, of): (&str, Uuid),
    (verb, from, to): (&str, &str, &str),
    by: Actor,
    reason: &str,
) -> Event {
    Event {
        id,
        at,
        subject: subject.to_owned(),
        subject_id: of,
        verb: verb.to_owned(),
        from_state: Some(from.to_owned()),
        to_state: Some(to.to_owned()),
        actor: by.to_string(),
        on_behalf: None,
        reason: reason.to_owned(),
    }
}

impl Effect for Kept {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        self.write(tx, posted).boxed()
    }
}
