//! Recall (撤回更正) of a sheet that hangs with a plain mistake: by a second person, with the reason, before its clock runs
//! out. It stays up until its day, marked and with the reason; its lines go back to their first review, so that what was
//! right is approved again and what was wrong is sent back or refused; what was open about them is answered. Sheet and
//! recall both stand in the log.

use std::collections::BTreeMap;

use futures_util::{FutureExt, future::BoxFuture};
use sha2::{Digest, Sha256};

use super::{Desk, LINES_LIMIT, in_state, moved, notice_event, seal::DIGEST_FIELD};
use crate::{
    domain::{
        book::{Posted, TxnKind},
        canonical::hex,
        due_process::{AwardMove, AwardState},
        ids::{BookId, NoticeId},
        lang::Lang,
        notice::NoticeState,
        time::Timestamp,
    },
    service::{
        Actor, Effect, ServiceError, ServiceResult,
        award::{required, state_changed},
        books::{Order, facts},
        caller::Reviewer,
        error::causes,
        objection::settle_others,
        recusal, refuse,
    },
    store::{
        StoreResult, Tx, WriteTx,
        award::{AwardRow, lists, moves},
        event,
        notice::{self as rows, NoticeRow, recall as recalls},
        serial::{self, Series},
    },
    text::T,
};

/// Recalls sealed in one pass.
const SEALED_MAX: i64 = 100;

impl Desk {
    /// Recalls a sheet that hangs: another person than who published it, before its clock runs out. Lines that are not
    /// decided go back to their first review; what an objection brought down already stays down.
    pub async fn recall_notice(&self, by: &Reviewer, id: NoticeId, reason: &str) -> ServiceResult<NoticeRow> {
        let reason = required("reason", reason)?;
        recusal::known(by)?;
        let mut tx = self.db.begin_write().await?;
        // no sheet is published and no objection raised or decided meanwhile
        serial::take(&mut tx, by.book, Series::Notice, 0).await?;
        serial::take(&mut tx, by.book, Series::Objection, 0).await?;
        let row = rows::one(&mut tx, by.book, id).await?.ok_or(ServiceError::NotFound("notice"))?;
        let me = by.actor().to_string();
        if (row.recalled_by.as_ref(), row.recalled_because.as_deref()) == (Some(&me), Some(reason)) {
            // recalled by this person already: the answer was lost
            return Ok(row);
        }
        let row = in_state(&mut tx, by.book, id, NoticeState::Published).await?;
        if row.published_by.as_deref().is_some_and(|who| by.selves().are(who)) {
            return Err(refuse("own_publication").into());
        }
        let now = self.now();
        if row.closes_at.is_none_or(|until| until.since(now) <= 0) {
            return Err(refuse("recall_late").into());
        }
        let awards = lists::of_notice(&mut tx, by.book, id, 0, LINES_LIMIT).await?;
        let lines = u64::try_from(row.lines).unwrap_or(0);
        recalls::keep(&mut tx, by.book, id, lines).await.map_err(state_changed)?;
        for award in &awards {
            self.send_back(&mut tx, by, award, reason).await?;
        }
        recalls::recall(&mut tx, by.book, id, (now, &me), reason).await.map_err(state_changed)?;
        let states = (Some(NoticeState::Published), Some(NoticeState::Closed));
        let what = notice_event(self.id(), now, id, "recall", states, by.actor(), reason);
        event::add(&mut tx, by.book, &what).await?;
        tx.commit().await?;
        let row = self.notice(by.book, id).await?;
        if let Err(error) = self.seal_recall(by.book, &row).await {
            // it is recalled, and a job seals it
            tracing::warn!(notice = %id, error = %causes(&error), "a recall was not sealed");
        }
        self.notice(by.book, id).await
    }

    /// A line goes back to its first review, and what is open about it is answered.
    async fn send_back(
        &self,
        tx: &mut WriteTx,
        by: &Reviewer,
        award: &AwardRow,
        reason: &str,
    ) -> ServiceResult<()> {
        let state = award.state()?;
        let Ok(after) = state.after(AwardMove::Recall) else { return Ok(()) };
        moves::recall(tx, by.book, award.id).await.map_err(state_changed)?;
        self.note_award(tx, by.book, award.id, moved("recall", state, after, by.actor(), reason)).await?;
        if state == AwardState::Objected {
            let words = T(Lang::Zh).recall_answer(reason);
            settle_others(tx, by.book, award.id, (self.now(), &by.actor().to_string(), &words)).await?;
        }
        Ok(())
    }

    /// Puts a recall into the log beside its sheet, once however often it is asked.
    async fn seal_recall(&self, book: BookId, row: &NoticeRow) -> ServiceResult<()> {
        let order = Order {
            key: &format!("notice:{}:recall", row.id),
            kind: TxnKind::Notice,
            effective_on: self.today(),
            source: Some(format!("recall:{}", row.id)),
            body: recall_body(
                (row.id, row.no),
                (row.recalled_at, row.recalled_because.as_deref()),
                row.digest.as_deref(),
            ),
        };
        let command = self.command(&Actor::System, order, Vec::new())?;
        let effect = Sealed { book, notice: row.id };
        self.posted(book, command, vec![Box::new(effect)]).await.map(drop)
    }

    /// Seals recalls that were not sealed when they happened; how many.
    pub async fn seal_recalls(&self, book: BookId) -> ServiceResult<usize> {
        let mut tx = self.db.begin_read().await?;
        let open = recalls::unsealed(&mut tx, book, SEALED_MAX).await?;
        drop(tx);
        for row in &open {
            // a sheet that is not in the log yet goes first
            if row.sealed_seq.is_none() {
                self.seal_notice(book, row).await?;
            }
            self.seal_recall(book, row).await?;
        }
        Ok(open.len())
    }
}

/// What the log says of a recall: which sheet, when, and the digest of the reason, which itself is read on the board.
#[must_use]
pub fn recall_body(
    (id, no): (NoticeId, i64),
    (at, because): (Option<Timestamp>, Option<&str>),
    digest: Option<&[u8]>,
) -> BTreeMap<String, String> {
    facts([
        ("recalls", id.to_string()),
        ("no", no.to_string()),
        ("recalled_at", at.map(|at| at.to_string()).unwrap_or_default()),
        ("because", hex(&Sha256::digest(because.unwrap_or_default().as_bytes()))),
        (DIGEST_FIELD, hex(digest.unwrap_or_default())),
    ])
}

/// The lines of a sheet as it hangs, or as it hung before it was recalled.
pub async fn lines_as_hung(tx: &mut Tx, book: BookId, row: &NoticeRow) -> StoreResult<Vec<AwardRow>> {
    match row.recalled_at {
        Some(_) => recalls::lines(tx, book, row.id, 0, LINES_LIMIT).await,
        None => lists::of_notice(tx, book, row.id, 0, LINES_LIMIT).await,
    }
}

/// The sheet's side of its recall in the log, in the same transaction.
struct Sealed {
    book: BookId,
    notice: NoticeId,
}

impl Effect for Sealed {
    fn apply<'a>(&'a self, tx: &'a mut WriteTx, posted: &'a Posted) -> BoxFuture<'a, StoreResult<()>> {
        recalls::seal(tx, self.book, self.notice, posted.seq).boxed()
    }
}
