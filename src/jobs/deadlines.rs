//! What is over with its day: holds that nobody came for are released, points not spent in time lapse, photos are
//! erased after their years; and what the time bank does by the clock. Once a day for each book; a pass that finds the day done reads a few numbers.

use super::Tick;
use crate::{
    domain::ids::BookId,
    service::{Desk, ServiceResult, error::causes},
};

/// Programmes looked at in one read.
const PROGRAMMES_A_PAGE: i64 = 200;

/// One pass over every book. A book that fails does not hold up the others.
pub async fn pass(desk: &Desk, done: &mut Tick) -> ServiceResult<()> {
    let mut after = 0;
    loop {
        let programmes = desk.programmes_after(after, PROGRAMMES_A_PAGE).await?;
        let Some(last) = programmes.last() else { return Ok(()) };
        after = last.no;
        for programme in &programmes {
            let book = programme.book_id;
            if let Err(error) = one(desk, book, done).await {
                tracing::error!(%book, error = %causes(&error), "the deadlines of a book failed");
            }
        }
    }
}

async fn one(desk: &Desk, book: BookId, done: &mut Tick) -> ServiceResult<()> {
    // what is given back today and had its day before lapses today
    done.released += desk.release_due_holds(book).await?;
    done.lapsed += desk.post_lapses(book).await?;
    done.budgets += desk.close_last_years_budgets(book).await?;
    done.erased += desk.erase_old_evidence(book).await?;
    done.time += desk.keep_time_bank(book).await?;
    Ok(())
}
