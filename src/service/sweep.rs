//! What jobs do once a day for each book: how far they are, and when they wait. Holds nothing of what they do.

use super::{Desk, ServiceError, ServiceResult};
use crate::{
    domain::{ids::BookId, time::Day},
    store::{
        Tx,
        ledger::read,
        serial::{self, Series},
    },
};

impl Desk {
    /// Remembers that everything up to `today` is done, unless another process did so meanwhile.
    pub(super) async fn mark_swept(
        &self,
        book: BookId,
        series: Series,
        before: i64,
        today: Day,
    ) -> ServiceResult<()> {
        let mut tx = self.db.begin_write().await?;
        if serial::take(&mut tx, book, series, 0).await? == before {
            serial::take(&mut tx, book, series, i64::from(today.number()) - before).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Whether `today` lies in a closed period, because the clock went back: a refusal now would stand for ever under the
/// key of what has to be posted later.
pub(super) async fn is_closed(tx: &mut Tx, book: BookId, today: Day) -> ServiceResult<bool> {
    let head = read::head(tx, book).await?.ok_or(ServiceError::NotFound("book"))?;
    Ok(head.closed_through.is_some_and(|closed| today <= closed))
}
