//! The rows of an export beside transactions and papers: the book itself, refusals, heads, keys. With the log they are
//! all that an import needs. Holds no writing.

use super::{
    Export, PAGE_ROWS, Table,
    tables::{Page, row},
};
use crate::{
    domain::canonical::hex,
    service::ServiceResult,
    store::{
        ledger::read,
        log::{self, Purpose},
        verify,
    },
};

/// Sizes whose signed heads are read at once.
const HEAD_SIZES: i64 = 10_000;

/// The rows of a table after `after`.
pub(super) async fn page(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    match table {
        Table::Commodities => commodities(export).await,
        Table::Refusals => refusals(export, after).await,
        Table::Checkpoints => checkpoints(export).await,
        Table::SignedHeads => signed_heads(export, after).await,
        Table::Cosignatures => cosignatures(export).await,
        Table::Keys => keys(export).await,
        _ => Ok(book(export)),
    }
}

fn book(export: &Export) -> Page {
    let (p, head) = (&export.programme, &export.head);
    let row = row![
        p.book_id.to_string(),
        p.no,
        p.name.as_str(),
        p.name_en.as_str(),
        p.opened_on,
        i64::from(p.demo),
        head.time_overdraft,
        head.time_cap,
        head.seq,
        hex(&head.root)
    ];
    Page { rows: vec![row], next: None }
}

async fn commodities(export: &mut Export) -> ServiceResult<Page> {
    let found = verify::commodities(&mut export.tx, export.programme.book_id).await?;
    let rows = found.into_iter().map(|c| row![c.code, c.scale, c.name, c.name_en]).collect();
    Ok(Page { rows, next: None })
}

/// By key, which is text: the export remembers the last one.
async fn refusals(export: &mut Export, after: i64) -> ServiceResult<Page> {
    if after == i64::MIN {
        export.refused.clear();
    }
    let found = read::refusals(&mut export.tx, export.programme.book_id, &export.refused, PAGE_ROWS).await?;
    let Some(last) = found.last() else { return Ok(Page::default()) };
    export.refused.clone_from(&last.key);
    let rows = found.into_iter().filter(|r| export.within(r.recorded_at.day())).map(|r| {
        row![
            r.key,
            r.kind,
            r.actor,
            r.recorded_at,
            r.code,
            r.facts,
            r.body,
            r.ordinal,
            r.chain.as_deref().map(hex)
        ]
    });
    Ok(Page { rows: rows.collect(), next: Some(0) })
}

async fn checkpoints(export: &mut Export) -> ServiceResult<Page> {
    let found = read::checkpoints(&mut export.tx, export.programme.book_id).await?;
    let shown = found.into_iter().filter(|(size, ..)| *size <= export.head.seq);
    let rows = shown.map(|(size, root, at)| row![size, hex(&root), at]).collect();
    Ok(Page { rows, next: None })
}

/// The head of the export may have been signed after its snapshot was taken: it comes last in any case.
async fn signed_heads(export: &mut Export, after: i64) -> ServiceResult<Page> {
    let (from, size) = (after.max(0), export.head.seq);
    if from >= size {
        return Ok(Page::default());
    }
    let through = size.min(from + HEAD_SIZES);
    let mut heads = log::heads(&mut export.tx, export.programme.book_id, from, through).await?;
    if through == size {
        heads.retain(|h| (h.size, h.key_number) != (size, export.signed.key_number));
        heads.push(export.signed.clone());
    }
    let rows = heads.into_iter().map(|h| row![h.size, h.key_number, h.note, h.signed_at]).collect();
    Ok(Page { rows, next: Some(through) })
}

async fn cosignatures(export: &mut Export) -> ServiceResult<Page> {
    let found = log::all_cosignatures(&mut export.tx, export.programme.book_id).await?;
    let own = found.into_iter().filter(|c| c.size <= export.head.seq);
    let rows = own.map(|c| row![c.size, c.key_name, c.key_id, c.line, c.received_at]).collect();
    Ok(Page { rows, next: None })
}

async fn keys(export: &mut Export) -> ServiceResult<Page> {
    let found = log::keys(&mut export.tx, Purpose::Log).await?;
    let rows = found.into_iter().map(|k| row![k.number, hex(&k.public_key), k.since]).collect();
    Ok(Page { rows, next: None })
}
