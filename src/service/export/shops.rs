//! Private shops in an export: agreements, statements, their lines, payments. Those on record in the log up to the signed
//! head, so that the same head gives the same file.

use super::{
    Export,
    cells::Cell,
    tables::{Page, Table, row},
};
use crate::{
    service::ServiceResult,
    store::shop::{
        self, ShopRow,
        statement::{self, ShopPaymentRow, ShopStatementRow},
    },
};

/// Decimal places of points.
const SCALE: i64 = 2;

/// All rows of a table of shops.
pub(super) async fn page(export: &mut Export, table: Table) -> ServiceResult<Page> {
    let (book, head) = (export.programme.book_id, export.head.seq);
    let mut rows = Vec::new();
    if table == Table::Shops {
        let all = shop::list(&mut export.tx, book).await?;
        let own =
            all.into_iter().filter(|r| r.seq.is_some_and(|seq| seq <= head) && export.within(r.from_day));
        let rows = own.map(|r| of_agreement(export, r)).collect();
        return Ok(Page { rows, next: None });
    }
    for r in statement::list(&mut export.tx, book).await? {
        if r.seq > head || !export.within(r.last_day) {
            continue;
        }
        let counter = export.counters.get(&r.counter_id).cloned().unwrap_or_default();
        match table {
            Table::ShopStatementLines => {
                for l in statement::lines(&mut export.tx, book, r.id).await? {
                    let (kind, at) = (l.kind, counter.as_str());
                    let of = row![
                        at,
                        r.no,
                        l.line,
                        kind,
                        l.seq,
                        l.receipt,
                        l.day,
                        l.points,
                        SCALE,
                        l.gross_fen,
                        l.net_fen
                    ];
                    rows.push(of);
                }
            }
            Table::ShopPayments => {
                let paid = statement::payment(&mut export.tx, book, r.id).await?;
                rows.extend(paid.filter(|p| p.seq <= head).map(|p| of_payment(&counter, r.no, head, p)));
            }
            _ => rows.push(of_statement(&counter, r)),
        }
    }
    Ok(Page { rows, next: None })
}

fn of_agreement(export: &Export, r: ShopRow) -> Vec<Cell> {
    // it may have been ended after the head was signed
    let ended = r.end_seq.is_some_and(|seq| seq <= export.head.seq);
    row![
        r.no,
        r.id.to_string(),
        export.counters.get(&r.counter_id).map(String::as_str),
        r.name,
        r.licence,
        r.household_id.and_then(|id| export.households.get(&id)).map(String::as_str),
        r.discount,
        r.settles_on,
        r.from_day,
        r.until_day,
        r.drawn_at,
        r.drawn_by,
        r.decided_at,
        r.decided_by,
        r.seq,
        r.ended_on.filter(|_| ended),
        r.ended_by.filter(|_| ended),
        r.end_seq.filter(|_| ended)
    ]
}

fn of_statement(counter: &str, r: ShopStatementRow) -> Vec<Cell> {
    row![
        counter,
        r.no,
        r.id.to_string(),
        r.first_day,
        r.last_day,
        r.from_seq,
        r.upto_seq,
        r.line_count,
        r.points,
        SCALE,
        r.gross_fen,
        r.net_fen,
        r.drawn_at,
        r.drawn_by,
        r.seq
    ]
}

fn of_payment(counter: &str, no: i64, head: i64, p: ShopPaymentRow) -> Vec<Cell> {
    row![
        counter,
        no,
        p.fund,
        p.carried_fen,
        p.fen,
        p.payer,
        p.voucher,
        p.paid_on,
        p.done_at,
        p.done_by,
        p.seq,
        p.reversed_by.filter(|seq| *seq <= head)
    ]
}
