//! Seeing to a matter: given to somebody, done, looked at by somebody else, sent back, closed.

use super::{
    Desk, Handler, Role, ServiceError, ServiceResult, handlers::candidates, moved, refuse, rows, unbiased,
};
use crate::{
    domain::{
        ids::{MatterId, UserId},
        matter::{MatterMove, MatterState},
    },
    service::{
        Actor,
        award::required,
        caller::{Clerk, Staff},
    },
    store::{WriteTx, matter::MatterRow},
};

impl Desk {
    /// Gives a matter to somebody whose post its grade names, or to somebody else of them.
    pub async fn assign_matter(&self, by: &Clerk, id: MatterId, to: UserId) -> ServiceResult<MatterRow> {
        let mut tx = self.db.begin_write().await?;
        let step = self.matter_step(&mut tx, by, id, MatterMove::Assign).await?;
        let known = candidates(&mut tx, (by.book, by.org), &step.0, self.today()).await?;
        if !known.iter().any(|(user, _)| *user == to) {
            return Err(refuse("matter_not_theirs").into());
        }
        let row = MatterRow { assignee: Some(to), finished_by: None, ..step.0 };
        self.take_matter_step(tx, by, (step.1, step.2, "assign"), row).await
    }

    /// Puts down that a matter is done, by whoever it was given to, or by the clerk for them; its household reads what
    /// was done.
    pub async fn finish_matter(&self, by: &Handler, id: MatterId, done: &str) -> ServiceResult<MatterRow> {
        let done = required("remark", done)?;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = moved(&mut tx, by.book, id, MatterMove::Finish).await?;
        if row.assignee != Some(by.user) && !by.holds(Role::Clerk) {
            return Err(ServiceError::NotFound("matter"));
        }
        let row = MatterRow { finished_by: Some(by.actor().to_string()), remark: done.to_owned(), ..row };
        self.take_matter_step(tx, by, (from, to, "finish"), row).await
    }

    /// Sees that a matter is done. Nobody does so for their own work.
    pub async fn verify_matter(&self, by: &Handler, id: MatterId) -> ServiceResult<MatterRow> {
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = self.matter_step(&mut tx, by, id, MatterMove::Verify).await?;
        not_own_work(by, &row)?;
        self.take_matter_step(tx, by, (from, to, "verify"), row).await
    }

    /// Sees that a matter is not done after all: it goes back to whoever it was given to.
    pub async fn send_matter_back(&self, by: &Handler, id: MatterId, why: &str) -> ServiceResult<MatterRow> {
        let why = required("remark", why)?;
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = self.matter_step(&mut tx, by, id, MatterMove::SendBack).await?;
        not_own_work(by, &row)?;
        let row = MatterRow { finished_by: None, remark: why.to_owned(), ..row };
        self.take_matter_step(tx, by, (from, to, "send_back"), row).await
    }

    /// Closes a matter: everybody may read that it was reported and seen to, and nothing of what it was.
    pub async fn close_matter(&self, by: &Clerk, id: MatterId) -> ServiceResult<MatterRow> {
        let mut tx = self.db.begin_write().await?;
        let (row, from, to) = self.matter_step(&mut tx, by, id, MatterMove::Close).await?;
        self.take_matter_step(tx, by, (from, to, "close"), row).await
    }

    /// A matter and where a move of this person's would take it.
    async fn matter_step(
        &self,
        tx: &mut WriteTx,
        by: &Staff,
        id: MatterId,
        step: MatterMove,
    ) -> ServiceResult<(MatterRow, MatterState, MatterState)> {
        let known = rows::one(tx, by.book, id).await?.ok_or(ServiceError::NotFound("matter"))?;
        unbiased(self, tx, by, &known).await?;
        moved(tx, by.book, id, step).await
    }

    async fn take_matter_step(
        &self,
        mut tx: WriteTx,
        by: &Staff,
        step: (MatterState, MatterState, &str),
        row: MatterRow,
    ) -> ServiceResult<MatterRow> {
        let row = self.move_matter(&mut tx, by.book, step, by.actor(), row).await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// Refuses whoever the matter was given to, and whoever put down that it was done.
fn not_own_work(by: &Staff, row: &MatterRow) -> ServiceResult<()> {
    let me = by.selves();
    let given = row.assignee.is_some_and(|user| me.are(&Actor::User(user).to_string()));
    if given || row.finished_by.as_deref().is_some_and(|who| me.are(who)) {
        return Err(refuse("matter_own_work").into());
    }
    Ok(())
}
