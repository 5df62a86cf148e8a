//! What happens at counters beside redemptions, in an export: orders, what came back, days that were closed. As it stood when
//! the head was signed, so that the same head gives the same file.

use super::{
    Export, PAGE_ROWS,
    cells::Cell,
    tables::{Page, Table, row},
};
use crate::{
    domain::{order::OrderState, time::Day},
    service::ServiceResult,
    store::{
        day_close::{self, DayCloseRow},
        order::{self, PlacedRow},
        returns::{self, NumberedReturn},
    },
};

/// Decimal places of points.
const SCALE: i64 = 2;
/// Days read at once.
const PAGE_DAYS: i32 = 366;

/// The places of the log that the next page looks at; nothing at its end.
fn span(export: &Export, after: i64) -> Option<(i64, i64)> {
    let from = after.max(0);
    (from < export.head.seq).then(|| (from, (from + PAGE_ROWS).min(export.head.seq)))
}

/// The rows of a table of orders put aside after the transaction `after`.
pub(super) async fn orders(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    let Some((from, through)) = span(export, after) else { return Ok(Page::default()) };
    let book = export.programme.book_id;
    let mut placed = order::placed_between(&mut export.tx, book, from, through).await?;
    placed.retain(|p| export.within(p.order.placed_at.day()));
    let mut rows = Vec::new();
    for p in placed {
        if table == Table::Orders {
            rows.push(of_order(export, p));
            continue;
        }
        for l in order::lines(&mut export.tx, book, p.order.id).await? {
            let service = i64::from(l.is_service);
            rows.push(row![p.order.no, l.line, l.sku, l.quantity, l.price, l.points, SCALE, service]);
        }
    }
    Ok(Page { rows, next: Some(through) })
}

fn of_order(export: &Export, p: PlacedRow) -> Vec<Cell> {
    let mut o = p.order;
    let ended_seq = p.ended_seq.filter(|seq| *seq <= export.head.seq);
    if ended_seq.is_none() {
        // it ended after the head was signed, or not at all
        (o.state, o.ended_at) = (OrderState::Waiting.as_str().to_owned(), None);
        (o.ended_by, o.reason) = (None, None);
    }
    row![
        o.no,
        o.id.to_string(),
        export.households.get(&o.household_id).map(String::as_str),
        export.counters.get(&o.counter_id).map(String::as_str),
        o.placed_at,
        o.placed_by,
        o.kept_until,
        o.points,
        SCALE,
        o.hold_seq,
        o.state,
        o.ended_at,
        o.ended_by,
        ended_seq,
        o.reason
    ]
}

/// The rows of a table of what came back after the transaction `after`.
pub(super) async fn returns(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    let Some((from, through)) = span(export, after) else { return Ok(Page::default()) };
    let book = export.programme.book_id;
    let mut back = returns::between(&mut export.tx, book, from, through).await?;
    back.retain(|r| export.within(r.back.placed_at.day()));
    let mut rows = Vec::new();
    for r in back {
        if table == Table::Returns {
            rows.push(of_return(export, r));
            continue;
        }
        for l in returns::lines(&mut export.tx, book, r.back.id).await? {
            rows.push(row![r.back.no, l.line, l.sku, l.quantity, l.points, SCALE, l.cost_fen]);
        }
    }
    Ok(Page { rows, next: Some(through) })
}

fn of_return(export: &Export, r: NumberedReturn) -> Vec<Cell> {
    let b = r.back;
    row![
        b.no,
        b.id.to_string(),
        b.kind,
        r.receipt,
        export.counters.get(&b.counter_id).map(String::as_str),
        b.goes_to,
        b.credential,
        b.cashier,
        b.placed_at,
        b.points,
        SCALE,
        b.cost_fen,
        b.txn_seq
    ]
}

/// The days that were closed, a year at a time; `after` is the number of the last day before.
pub(super) async fn day_closes(export: &mut Export, after: i64) -> ServiceResult<Page> {
    let last = export.created_at.day();
    let before = export.programme.opened_on.plus(-1);
    let from = i32::try_from(after).map_or(before, Day::from_number);
    if from >= last {
        return Ok(Page::default());
    }
    let through = from.plus(PAGE_DAYS).min(last);
    let book = export.programme.book_id;
    let mut closes = day_close::between(&mut export.tx, book, from, through).await?;
    closes.retain(|c| c.closed_at <= export.created_at && export.within(c.day));
    let rows = closes.into_iter().map(|c| of_close(export, c)).collect();
    Ok(Page { rows, next: Some(i64::from(through.number())) })
}

fn of_close(export: &Export, c: DayCloseRow) -> Vec<Cell> {
    // it may have been signed after the head was
    let signed_at = c.signed_at.filter(|at| *at <= export.created_at);
    row![
        export.counters.get(&c.counter_id).map(String::as_str),
        c.day,
        c.closed_at,
        c.closed_by,
        c.redemptions,
        c.points,
        SCALE,
        c.cost_fen,
        c.returns,
        c.points_back,
        c.cost_back,
        c.slips,
        c.why,
        signed_at,
        c.signed_by.filter(|_| signed_at.is_some())
    ]
}
