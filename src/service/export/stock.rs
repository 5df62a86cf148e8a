//! Articles and stock papers in an export: the papers of the log's own transactions, in its order, so that the same head
//! gives the same file. A household that gave goods stands as its number, anybody else not at all.

use super::{
    Export, PAGE_ROWS,
    cells::Cell,
    tables::{Page, Table, row},
};
use crate::{
    domain::canonical::hex,
    service::ServiceResult,
    store::{
        goods,
        stock::{self, PaperLineRow, PaperRow},
    },
};

/// The rows of a table of stock after the transaction `after`.
pub(super) async fn page(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    let book = export.programme.book_id;
    let from = after.max(0);
    if from >= export.head.seq {
        return Ok(Page::default());
    }
    let through = (from + PAGE_ROWS).min(export.head.seq);
    let mut papers = stock::posted_between(&mut export.tx, book, from, through).await?;
    papers.retain(|p| p.decided_at.is_some_and(|at| export.within(at.day())));
    let mut rows = Vec::new();
    for paper in papers {
        if table == Table::StockPapers {
            rows.push(of_paper(export, paper));
        } else {
            let lines = stock::lines(&mut export.tx, book, paper.id).await?;
            rows.extend(lines.into_iter().map(|l| of_line(paper.no, l)));
        }
    }
    Ok(Page { rows, next: Some(through) })
}

fn of_paper(export: &Export, p: PaperRow) -> Vec<Cell> {
    let counter = |id| export.counters.get(&id).map(String::as_str);
    row![
        p.no,
        p.id.to_string(),
        p.kind,
        counter(p.counter_id),
        p.to_counter_id.and_then(counter),
        p.fund,
        i64::from(!p.donor.is_empty()),
        p.donor_household_id.and_then(|id| export.households.get(&id)).map(String::as_str),
        p.reason,
        p.drawn_at,
        p.drawn_by,
        p.decided_at,
        p.decided_by,
        p.txn_seq,
        p.photo.as_deref().map(hex)
    ]
}

fn of_line(paper: i64, l: PaperLineRow) -> Vec<Cell> {
    row![
        paper,
        l.line,
        l.sku,
        l.pieces,
        l.batch,
        l.label,
        l.last_day,
        l.cost_fen,
        l.book_pieces,
        l.cost_was,
        l.cost_now
    ]
}

/// The rows of the articles numbered above `after`.
pub(super) async fn articles(export: &mut Export, after: i64) -> ServiceResult<Page> {
    let found = goods::list(&mut export.tx, export.programme.book_id, after.max(0), PAGE_ROWS).await?;
    let next = found.last().map(|g| g.sku);
    let rows = found.into_iter().map(|g| {
        row![
            g.sku,
            g.name,
            g.name_en,
            g.unit,
            g.category,
            g.kind,
            g.price,
            2_i64,
            g.cost_fen,
            g.quota,
            g.quota_period,
            g.state
        ]
    });
    Ok(Page { rows: rows.collect(), next })
}
