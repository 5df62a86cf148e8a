//! The digest of a sheet that hangs goes into the log, in a transaction that moves nothing: whoever keeps the paper can
//! show years later that it is what was published, and when.

use futures_util::{FutureExt, future::BoxFuture};

use crate::{
    domain::{
        book::{Posted, TxnKind},
        canonical::hex,
        ids::{BookId, NoticeId},
    },
    service::{
        Actor, Desk, Effect, ServiceResult,
        books::{Order, facts},
    },
    store::{
        StoreResult, WriteTx,
        notice::{self as rows, NoticeRow},
    },
};

/// Sheets sealed in one pass.
const SEALED_MAX: i64 = 100;
/// The field of the transaction's body that holds the digest.
pub const DIGEST_FIELD: &str = "digest";

impl Desk {
    /// Puts the digest of a published sheet into the log, once however often it is asked.
    pub(super) async fn seal_notice(&self, book: BookId, row: &NoticeRow) -> ServiceResult<()> {
        let digest = hex(row.digest.as_deref().unwrap_or_default());
        let closes = row.closes_at.map(|at| at.to_string()).unwrap_or_default();
        let body = facts([
            ("notice", row.id.to_string()),
            ("no", row.no.to_string()),
            ("lines", row.lines.to_string()),
            ("closes_at", closes),
            (DIGEST_FIELD, digest),
        ]);
        let order = Order {
            key: &format!("notice:{}", row.id),
            kind: TxnKind::Notice,
            effective_on: self.today(),
            source: Some(format!("notice:{}", row.id)),
            body,
        };
        let command = self.command(&Actor::System, order, Vec::new())?;
        let effect = Sealed { book, notice: row.id };
        self.posted(book, command, vec![Box::new(effect)]).await.map(drop)
    }

    /// Seals what hangs and was not sealed when it was published, because the program ended just then or the queue was
    /// full; how many sheets.
    pub async fn seal_notices(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let open = rows::unsealed(&mut tx, book, SEALED_MAX).await?;
        drop(tx);
        for row in &open {
            self.seal_notice(book, row).await?;
        }
        Ok(open.len())
    }
}

/// The sheet's side of its sealing, in the same transaction.
struct Sealed {
    book: BookId,
    notice: NoticeId,
}

impl Effect for Sealed {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        rows::seal(tx, self.book, self.notice, posted.seq).boxed()
    }
}
