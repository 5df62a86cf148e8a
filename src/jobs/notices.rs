//! Notices that run out: their lines are posted, their sheets closed and, a month later, taken down. Objections with which
//! somebody is late: the township is told.

use futures_util::{FutureExt, StreamExt, stream};

use super::Tick;
use crate::{
    domain::ids::BookId,
    service::{Desk, ServiceResult, error::causes},
};

/// Programmes looked at in one read.
const PROGRAMMES_A_PAGE: i64 = 200;
/// Books looked after at once: while the lines of one are being written, those of another are read.
const BOOKS_AT_ONCE: usize = 4;

/// One pass over every book. A book that fails does not hold up the others.
pub async fn pass(desk: &Desk) -> ServiceResult<Tick> {
    let mut done = Tick::default();
    let mut after = 0;
    loop {
        let programmes = desk.programmes_after(after, PROGRAMMES_A_PAGE).await?;
        let Some(last) = programmes.last() else { return Ok(done) };
        after = last.no;
        let books: Vec<BookId> = programmes.iter().map(|programme| programme.book_id).collect();
        let ticks: Vec<Tick> = stream::iter(books)
            .map(|book| one(desk.clone(), book).boxed())
            .buffer_unordered(BOOKS_AT_ONCE)
            .collect()
            .await;
        for tick in ticks {
            done.add(&tick);
        }
    }
}

async fn one(desk: Desk, book: BookId) -> Tick {
    let mut done = Tick::default();
    if let Err(error) = all(&desk, book, &mut done).await {
        tracing::error!(%book, error = %causes(&error), "the notices of a book failed");
    }
    done
}

async fn all(desk: &Desk, book: BookId, done: &mut Tick) -> ServiceResult<()> {
    done.honor_bases += desk.give_honor_bases(book).await?;
    done.sealed += desk.seal_notices(book).await?;
    done.sealed += desk.seal_recalls(book).await?;
    let pass = desk.post_due_lines(book).await?;
    done.posted += pass.posted;
    done.left += pass.left;
    done.closed += pass.closed;
    done.taken_down += desk.take_down_stale(book).await?;
    done.red_lists += desk.take_down_red_lists(book).await?;
    done.escalated += desk.escalate_late_objections(book).await?;
    Ok(())
}
