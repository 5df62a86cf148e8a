//! Notices that run out: their lines are posted, their sheets closed and, a month later, taken down.

use super::Tick;
use crate::service::{Desk, ServiceResult, error::causes};

/// Programmes looked at in one read.
const PROGRAMMES_A_PAGE: i64 = 200;

/// One pass over every book. A book that fails does not hold up the others.
pub async fn pass(desk: &Desk) -> ServiceResult<Tick> {
    let mut done = Tick::default();
    let mut after = 0;
    loop {
        let programmes = desk.programmes_after(after, PROGRAMMES_A_PAGE).await?;
        let Some(last) = programmes.last() else { return Ok(done) };
        after = last.no;
        for programme in &programmes {
            if let Err(error) = one(desk, programme.book_id, &mut done).await {
                let book = programme.book_id;
                tracing::error!(%book, error = %causes(&error), "the notices of a book failed");
            }
        }
    }
}

async fn one(desk: &Desk, book: crate::domain::ids::BookId, done: &mut Tick) -> ServiceResult<()> {
    done.honor_bases += desk.give_honor_bases(book).await?;
    let pass = desk.post_due_lines(book).await?;
    done.posted += pass.posted;
    done.left += pass.left;
    done.closed += pass.closed;
    done.taken_down += desk.take_down_stale(book).await?;
    Ok(())
}
