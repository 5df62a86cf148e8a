//! Calendars of counters and single days in an export: a counter's after the other, each in the order in which it was
//! entered, as far as it was entered when the head was signed.

use super::{
    Export,
    cells::Cell,
    tables::{Page, Table, row},
};
use crate::{
    domain::{canonical::hex, ids::CounterId},
    service::ServiceResult,
    store::market::{self, CalendarRow, ExceptionRow},
};

/// The rows of one counter; `after` is how many counters there were before.
pub(super) async fn page(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    let mut counters: Vec<(String, CounterId)> =
        export.counters.iter().map(|(id, code)| (code.clone(), *id)).collect();
    counters.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let after = after.max(0);
    let Some((code, id)) = usize::try_from(after).ok().and_then(|n| counters.into_iter().nth(n)) else {
        return Ok(Page::default());
    };
    let book = export.programme.book_id;
    let rows = if table == Table::CounterCalendars {
        let all = market::calendars(&mut export.tx, book, id).await?;
        let known = all
            .into_iter()
            .filter(|r| r.entered_at <= export.created_at && export.within(r.entered_at.day()));
        known.map(|r| of_calendar(&code, r)).collect()
    } else {
        let all = market::exceptions(&mut export.tx, book, id).await?;
        let known = all
            .into_iter()
            .filter(|r| r.entered_at <= export.created_at && export.within(r.entered_at.day()));
        known.map(|r| of_exception(&code, r)).collect()
    };
    Ok(Page { rows, next: Some(after + 1) })
}

fn of_calendar(code: &str, r: CalendarRow) -> Vec<Cell> {
    let refuse = i64::from(r.refuse_outside);
    let rules = r.rules.replace('\n', "; ");
    row![code, r.no, r.first_day, refuse, rules, r.entered_at, r.entered_by, hex(&r.digest)]
}

fn of_exception(code: &str, r: ExceptionRow) -> Vec<Cell> {
    row![code, r.no, r.day, r.kind, r.opens, r.closes, r.reason, r.entered_at, r.entered_by, hex(&r.digest)]
}
