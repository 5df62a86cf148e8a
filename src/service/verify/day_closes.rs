//! Closed days of counters against the redemptions and returns of those days: what was signed is what the register says.

use super::{Pass, fault, same};
use crate::{
    domain::{ids::BookId, time::Day},
    store::{
        Tx, counter,
        day_close::{self, DayCloseRow},
        redemption, returns,
    },
};

/// Days read at once.
const PAGE_DAYS: i64 = 200;

/// Whether every closed day still says what was posted on it, and was signed by two if by two.
pub(super) async fn all(tx: &mut Tx, book: BookId) -> Pass {
    for at in counter::list(tx, book).await? {
        let mut before = Day::from_number(i32::MAX);
        loop {
            let page = day_close::of_counter(tx, book, at.id, before, PAGE_DAYS).await?;
            let Some(last) = page.last() else { break };
            before = last.day;
            for row in page {
                one(tx, book, &row).await?;
            }
        }
    }
    Ok(())
}

async fn one(tx: &mut Tx, book: BookId, row: &DayCloseRow) -> Pass {
    let (span, day) = ((row.day.start(), row.day.plus(1).start()), row.day.to_string());
    let taken = redemption::total(tx, book, row.counter_id, span).await?;
    let back = returns::total(tx, book, row.counter_id, span).await?;
    for (field, by_register, signed) in [
        ("redemptions", taken.count, row.redemptions),
        ("points", taken.points, row.points),
        ("cost_fen", taken.cost_fen, row.cost_fen),
        ("returns", back.count, row.returns),
        ("points_back", back.points, row.points_back),
        ("cost_back", back.cost_fen, row.cost_back),
    ] {
        same(None, "counter_close", &day, field, by_register, signed)?;
    }
    if row.signed_by.as_ref() == Some(&row.closed_by) {
        return Err(fault(None, "counter_close", &day, "signed_by", "another person", &row.closed_by));
    }
    Ok(())
}
