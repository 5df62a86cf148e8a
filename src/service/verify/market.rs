//! Calendars of counters and single days: every row has the digest of what it says and of the row before, can be read, and
//! is the one the trace names; and the trace names no other.

use super::{Pass, fault, same};
use crate::{
    domain::{
        canonical::hex,
        ids::{BookId, CounterId},
    },
    service::market::{SET_CALENDAR, SET_DAY, calendar_digest, exception_digest, exception_of, rules_of},
    store::{Tx, counter, market},
};

/// All calendars and single days of a village.
pub(super) async fn all(tx: &mut Tx, book: BookId) -> Pass {
    for at in counter::list(tx, book).await? {
        calendars(tx, book, at.id, &at.code).await?;
        exceptions(tx, book, at.id, &at.code).await?;
    }
    Ok(())
}

async fn calendars(tx: &mut Tx, book: BookId, at: CounterId, code: &str) -> Pass {
    const TABLE: &str = "counter_calendar";
    let rows = market::calendars(tx, book, at).await?;
    let told = market::traces(tx, book, at, SET_CALENDAR).await?;
    same(None, TABLE, code, "no", told.len(), rows.len())?;
    let mut before: &[u8] = &[];
    for (n, row) in (1_i64..).zip(&rows) {
        let place = format!("{code} {n}");
        same(None, TABLE, &place, "no", n, row.no)?;
        same(None, TABLE, &place, "digest", hex(&calendar_digest(book, row, before)), hex(&row.digest))?;
        let digest = hex(&row.digest);
        if !told.contains(&digest) {
            return Err(fault(None, TABLE, &place, "digest", "a row that the trace names", digest));
        }
        rules_of(row).map_err(|_| fault(None, TABLE, &place, "rules", "rules that can be", &row.rules))?;
        before = &row.digest;
    }
    Ok(())
}

async fn exceptions(tx: &mut Tx, book: BookId, at: CounterId, code: &str) -> Pass {
    const TABLE: &str = "counter_exception";
    let rows = market::exceptions(tx, book, at).await?;
    let told = market::traces(tx, book, at, SET_DAY).await?;
    same(None, TABLE, code, "no", told.len(), rows.len())?;
    let mut before: &[u8] = &[];
    for (n, row) in (1_i64..).zip(&rows) {
        let place = format!("{code} {n}");
        same(None, TABLE, &place, "no", n, row.no)?;
        same(None, TABLE, &place, "digest", hex(&exception_digest(book, row, before)), hex(&row.digest))?;
        let digest = hex(&row.digest);
        if !told.contains(&digest) {
            return Err(fault(None, TABLE, &place, "digest", "a row that the trace names", digest));
        }
        exception_of(row).map_err(|_| fault(None, TABLE, &place, "kind", "a day that can be", &row.kind))?;
        before = &row.digest;
    }
    Ok(())
}
