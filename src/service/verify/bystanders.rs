//! Who stood beside a redemption behind its posting: the transaction names part, person, reason and agreement, and the row
//! says the same; nobody is known by a witness or a helper who is not there.

use std::collections::BTreeMap;

use super::{Pass, fault, ledger::Stored, maybe, same};
use crate::{
    domain::{bystander::Part, ids::BookId},
    store::{
        Tx,
        bystander::{self, BystanderRow},
        helper,
        redemption::RedemptionRow,
    },
};

/// The row beside a redemption; how many there must be of it.
pub(super) async fn paper(tx: &mut Tx, book: BookId, stored: &Stored, of: &RedemptionRow) -> Pass<i64> {
    let (t, seq, no) = (&stored.txn, Some(stored.txn.seq), of.no.to_string());
    let body: BTreeMap<String, String> = serde_json::from_str(&t.body).unwrap_or_default();
    let said = |field: &str| maybe(body.get(field));
    let needed = [Part::Witness, Part::Helper].into_iter().find(|part| part.as_str() == of.credential);
    if let Some(part) = needed {
        same(seq, "redemption", &no, "credential", said("part"), part.to_string())?;
    }
    if !body.contains_key("part") && !body.contains_key("same_as") {
        return Ok(0);
    }
    let row = bystander::of(tx, book, of.id).await?;
    let row = row.ok_or_else(|| fault(seq, "redemption_bystander", &no, "redemption_id", of.id, "-"))?;
    for (field, told, kept) in [
        ("part", said("part"), maybe(row.part.as_ref())),
        ("person", said("person"), maybe(row.person.as_ref())),
        ("reason", said("reason"), maybe(row.reason.as_ref())),
        ("recused", said("recused"), maybe(row.recused.as_ref())),
        ("helper_id", said("helper"), maybe(row.helper_id)),
        ("same_as", said("same_as"), maybe(row.same_as)),
        ("household_id", of.household_id.to_string(), row.household_id.to_string()),
        ("placed_at", of.placed_at.to_string(), row.placed_at.to_string()),
        ("bearer", maybe(bearer(tx, book, &row).await?), maybe(row.bearer.as_ref())),
    ] {
        same(seq, "redemption_bystander", &no, field, told, kept)?;
    }
    Ok(1)
}

/// By what the redemptions of one person are known: the helper, the witness, or the first of those they came for.
async fn bearer(tx: &mut Tx, book: BookId, row: &BystanderRow) -> Pass<Option<String>> {
    if let Some(id) = row.helper_id {
        return Ok(helper::one(tx, book, id).await?.map(|h| format!("helper:{}", h.person_id)));
    }
    if row.part.as_deref() == Some(Part::Witness.as_str()) {
        return Ok(row.person.as_ref().map(|person| format!("witness:{person}")));
    }
    let Some(before) = row.same_as else { return Ok(None) };
    let chain = bystander::of(tx, book, before).await?.and_then(|earlier| earlier.bearer);
    Ok(Some(chain.unwrap_or_else(|| format!("same:{before}"))))
}
