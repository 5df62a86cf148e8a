//! Devices that sell without network: what they have in hand is what open holds keep aside, every entry is signed and stands
//! in its place, and every sale is a redemption of just that.

use super::{PAGE_ROWS, Pass, fault, maybe, same};
use crate::{
    domain::{
        canonical::hex,
        chart,
        ids::BookId,
        offline::entry::{DeviceKey, Entry},
        posting::{Commodity, Path},
    },
    store::{
        Tx, counter,
        ledger::read,
        offline::{
            self, RoundRow,
            entry::{self, EntryRow},
        },
        redemption,
    },
};

/// What a sale is called.
const SOLD: &str = "sold";

/// Every round of a book.
pub(super) async fn rounds(tx: &mut Tx, book: BookId) -> Pass {
    let mut after = String::new();
    loop {
        let page = offline::after(tx, book, &after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.key);
        for row in &page {
            in_hand(tx, book, row).await?;
            entries(tx, book, row).await?;
        }
    }
}

/// What is left is what the holds keep aside that nothing resolved.
async fn in_hand(tx: &mut Tx, book: BookId, row: &RoundRow) -> Pass {
    let name = row.id.to_string();
    for a in offline::allowances(tx, book, row.id).await? {
        let kept = match (a.hold_seq, chart::household_held(&a.household_no)) {
            (Some(seq), Ok(held)) => -aside(tx, book, seq, &held, Commodity::POINT).await?,
            _ => 0,
        };
        same(a.hold_seq, "offline_allowance", &name, "remaining", kept, a.remaining)?;
    }
    let place = counter::by_id(tx, book, row.counter_id).await?;
    let place = place.ok_or_else(|| fault(None, "offline_round", &name, "counter_id", "a counter", "-"))?;
    for g in offline::goods(tx, book, row.id).await? {
        let Some(remaining) = g.remaining else { continue };
        let kept = match (row.goods_seq, chart::reserved(&place.code)) {
            (Some(seq), Ok(shelf)) => aside(tx, book, seq, &shelf, &format!("SKU-{:06}", g.sku)).await?,
            _ => 0,
        };
        same(row.goods_seq, "offline_goods", &name, "remaining", kept, remaining)?;
    }
    Ok(())
}

/// What an open hold keeps on an account; nothing once it was resolved.
async fn aside(tx: &mut Tx, book: BookId, seq: i64, account: &Path, commodity: &str) -> Pass<i64> {
    if read::resolved_by(tx, book, seq).await?.is_some() {
        return Ok(0);
    }
    let entries = read::entries(tx, book, seq - 1, seq).await?;
    let own = entries.iter().filter(|e| e.path == account.as_str() && e.commodity == commodity);
    Ok(own.map(|e| e.quantity).sum())
}

/// Each entry is the next, names the one before, and was signed by the device.
async fn entries(tx: &mut Tx, book: BookId, round: &RoundRow) -> Pass {
    let name = round.id.to_string();
    let key = DeviceKey::read(&round.device_key)
        .map_err(|_| fault(None, "offline_round", &name, "device_key", "a key", "-"))?;
    let (mut number, mut head): (i64, Option<Vec<u8>>) = (0, None);
    loop {
        let page = entry::of_round(tx, book, round.id, number, PAGE_ROWS).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            number += 1;
            same(row.txn_seq, "offline_entry", &name, "number", number, row.number)?;
            let signed = key.open(&row.content, &row.signature);
            let signed = signed
                .map_err(|e| fault(row.txn_seq, "offline_entry", &name, "signature", "the device's", e))?;
            same(row.txn_seq, "offline_entry", &name, "content", number, signed.number)?;
            same(row.txn_seq, "offline_entry", &name, "digest", hex(&signed.digest()), hex(&row.digest))?;
            if let Some(before) = &head {
                same(row.txn_seq, "offline_entry", &name, "content", hex(before), hex(&signed.previous))?;
            }
            sold(tx, book, &row, &signed).await?;
            head = Some(row.digest);
        }
    }
    same(None, "offline_round", &name, "next_no", number + 1, round.next_no)?;
    match head {
        Some(head) => same(None, "offline_round", &name, "head", hex(&head), hex(&round.head)),
        None => Ok(()),
    }
}

/// A sale is a redemption of what was signed; what was no sale is none.
async fn sold(tx: &mut Tx, book: BookId, row: &EntryRow, signed: &Entry) -> Pass {
    let (seq, name) = (row.txn_seq, format!("{} {}", row.round_id, row.number));
    let Some(id) = row.redemption_id else {
        return same(seq, "offline_entry", &name, "outcome", false, row.outcome == SOLD);
    };
    same(seq, "offline_entry", &name, "outcome", SOLD, row.outcome.as_str())?;
    let found = redemption::by_id(tx, book, id).await?;
    let found =
        found.ok_or_else(|| fault(seq, "offline_entry", &name, "redemption_id", "a redemption", "-"))?;
    same(seq, "offline_entry", &name, "txn_seq", maybe(Some(found.txn_seq)), maybe(seq))?;
    same(
        seq,
        "offline_entry",
        &name,
        "household_id",
        maybe(Some(found.household_id)),
        maybe(row.household_id),
    )?;
    same(seq, "offline_entry", &name, "content", found.points, signed.total)?;
    let lines = redemption::lines(tx, book, id).await?;
    let handed: Vec<String> = lines.iter().map(|l| format!("{}x{}x{}", l.sku, l.quantity, l.price)).collect();
    let said: Vec<String> =
        signed.items.iter().map(|i| format!("{}x{}x{}", i.sku, i.pieces, i.price)).collect();
    same(seq, "offline_entry", &name, "content", handed.join(" "), said.join(" "))
}
