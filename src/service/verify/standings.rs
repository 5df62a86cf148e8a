//! The rows that move: the head of the book, balances, meters, and what stands beside the log. Each must be what the
//! replayed transactions add up to. Holds no replay.

use std::{collections::HashMap, str::FromStr};

use super::{PAGE_ROWS, Pass, fault, ledger::Replay, maybe, same};
use crate::{
    domain::{
        book::{Account, RefusalCode, RefusalRecord, TxnKind, refusal_chain},
        canonical::hex,
        posting::Commodity,
    },
    service::{Actor, books::COMMODITIES},
    store::{
        Tx,
        ledger::read::{self, RefusalRow},
        verify,
    },
};

/// Checks them all.
pub(super) async fn check(tx: &mut Tx, replay: &Replay) -> Pass {
    head(tx, replay).await?;
    accounts(tx, replay).await?;
    meters(tx, replay).await?;
    commodities(tx, replay).await?;
    refusals(tx, replay).await
}

async fn head(tx: &mut Tx, replay: &Replay) -> Pass {
    let book = &replay.book;
    let at = Some(book.seq);
    let head = read::head(tx, book.id).await?;
    let head = head.ok_or_else(|| fault(None, "book", "", "book_id", "a row", "-"))?;
    same(at, "book", "", "seq", book.seq, head.seq)?;
    if book.seq > 0 {
        same(at, "book", "", "recorded_at", book.recorded_at.micros(), head.recorded_at.micros())?;
    }
    same(at, "book", "", "root", hex(&book.frontier.root()), hex(&head.root))?;
    same(at, "book", "", "frontier", hex(&book.frontier.to_bytes()), hex(&head.frontier))?;
    same(at, "book", "", "next_account", book.next_account, head.next_account)?;
    same(at, "book", "", "closed_through", maybe(book.closed_through), maybe(head.closed_through))?;
    let (entries, uses) = verify::beyond(tx, book.id, book.seq).await?;
    same(at, "entry", "", "seq", "none beyond the last transaction".to_owned(), counted(entries))?;
    same(at, "meter_use", "", "seq", "none beyond the last transaction".to_owned(), counted(uses))?;
    match replay.beyond() {
        None => Ok(()),
        Some(size) => {
            Err(fault(Some(size), "checkpoint", &size.to_string(), "size", format!("≤ {}", book.seq), size))
        }
    }
}

fn counted(count: i64) -> String {
    if count == 0 { "none beyond the last transaction".to_owned() } else { count.to_string() }
}

async fn accounts(tx: &mut Tx, replay: &Replay) -> Pass {
    for (wanted, (id, row)) in (1..).zip(&replay.accounts) {
        let seq = Some(row.opened_seq);
        same(seq, "account", &row.path, "account_id", wanted, *id)?;
        if *id >= replay.book.next_account {
            return Err(fault(seq, "account", &row.path, "opened_seq", "a transaction that uses it", "-"));
        }
    }
    let mut standing: HashMap<i64, (&str, Account)> =
        replay.book.accounts().map(|((path, _), account)| (account.id, (path.as_str(), *account))).collect();
    let mut sums: HashMap<&Commodity, i64> = HashMap::new();
    for ((_, commodity), account) in replay.book.accounts() {
        *sums.entry(commodity).or_default() += account.balance;
    }
    if let Some((commodity, sum)) = sums.iter().find(|(_, sum)| **sum != 0) {
        return Err(fault(None, "balance", commodity.as_str(), "quantity", 0, sum));
    }
    let mut after = i64::MIN;
    loop {
        let page = verify::balances(tx, replay.book.id, after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after = last.account_id;
        for row in page {
            let Some((path, account)) = standing.remove(&row.account_id) else {
                let id = row.account_id.to_string();
                return Err(fault(
                    None,
                    "balance",
                    &id,
                    "account_id",
                    "an account of the book",
                    row.account_id,
                ));
            };
            let at = replay.accounts.get(&row.account_id).map(|a| a.opened_seq);
            same(at, "balance", path, "quantity", account.balance, row.quantity)?;
            same(at, "balance", path, "debited", account.debited, row.debited)?;
            same(at, "balance", path, "version", account.version, row.version)?;
        }
    }
    match standing.into_values().next() {
        None => Ok(()),
        Some((path, account)) => Err(fault(None, "balance", path, "account_id", account.id, "-")),
    }
}

async fn meters(tx: &mut Tx, replay: &Replay) -> Pass {
    let (mut after, mut rows) = (String::new(), 0_usize);
    loop {
        let page = read::meters(tx, replay.book.id, &after, PAGE_ROWS).await?;
        let Some((last, _)) = page.last() else { break };
        after.clone_from(last);
        for (meter, used) in page {
            rows += 1;
            let Some(again) = replay.meters.get(&meter) else {
                return Err(fault(None, "meter", &meter, "meter", "a meter that was used", &meter));
            };
            same(None, "meter", &meter, "used", *again, used)?;
        }
    }
    same(None, "meter", "", "meter", replay.meters.len(), rows)
}

async fn commodities(tx: &mut Tx, replay: &Replay) -> Pass {
    let rows = verify::commodities(tx, replay.book.id).await?;
    let mut known = HashMap::new();
    for row in &rows {
        let code: Commodity = row
            .code
            .parse()
            .map_err(|_| fault(None, "commodity", &row.code, "code", "a commodity", &row.code))?;
        same(None, "commodity", &row.code, "scale", i32::try_from(code.scale()).unwrap_or(0), row.scale)?;
        if let Some((_, _, name, name_en)) = COMMODITIES.iter().find(|(code, ..)| *code == row.code) {
            same(None, "commodity", &row.code, "name", *name, row.name.as_str())?;
            same(None, "commodity", &row.code, "name_en", *name_en, row.name_en.as_str())?;
        } else if !code.is_sku() {
            return Err(fault(
                None,
                "commodity",
                &row.code,
                "code",
                "a commodity of this program",
                &row.code,
            ));
        }
        known.insert(code, ());
    }
    let used = replay.accounts.values().filter_map(|a| Commodity::from_str(&a.commodity).ok());
    let standard = COMMODITIES.iter().filter_map(|(code, ..)| Commodity::from_str(code).ok());
    for code in used.chain(standard) {
        if !known.contains_key(&code) {
            return Err(fault(None, "commodity", code.as_str(), "code", &code, "-"));
        }
    }
    Ok(())
}

/// A refusal moves nothing and stands outside the log: each is what a refusal can be, and hashed to the one before.
async fn refusals(tx: &mut Tx, replay: &Replay) -> Pass {
    chain(tx, replay).await?;
    let mut after = String::new();
    loop {
        let page = read::refusals(tx, replay.book.id, &after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.key);
        for row in &page {
            refusal(row)?;
        }
    }
    match verify::key_twice(tx, replay.book.id).await? {
        None => Ok(()),
        Some(key) => Err(fault(None, "refusal", &key, "key", "a key that was not posted", &key)),
    }
}

/// The chain of refusals from the first to the head that stands with the book.
async fn chain(tx: &mut Tx, replay: &Replay) -> Pass {
    let book = replay.book.id;
    let head = read::head(tx, book).await?;
    let head = head.ok_or_else(|| fault(None, "book", "", "book_id", "a row", "-"))?;
    let (mut ordinal, mut link) = (0, Vec::new());
    loop {
        let page =
            read::refusal_chain(tx, book, if ordinal == 0 { i64::MIN } else { ordinal }, PAGE_ROWS).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            ordinal += 1;
            same(None, "refusal", &row.key, "ordinal", ordinal.to_string(), maybe(row.ordinal))?;
            refusal(&row)?;
            let (facts, body) = (fields(&row.facts), fields(&row.body));
            let record = RefusalRecord {
                book,
                ordinal,
                key: &row.key,
                kind: &row.kind,
                actor: &row.actor,
                recorded_at: row.recorded_at,
                code: &row.code,
                facts: &facts,
                body: &body,
            };
            link = refusal_chain(&link, &record).to_vec();
            same(None, "refusal", &row.key, "chain", hex(&link), maybe(row.chain.as_deref().map(hex)))?;
        }
    }
    same(None, "refusal", "", "ordinal", head.refusals, ordinal)?;
    let stored = head.refusal_chain.as_deref().map(hex).unwrap_or_default();
    same(None, "book", "", "refusal_chain", hex(&link), stored)
}

fn fields(text: &str) -> std::collections::BTreeMap<String, String> {
    serde_json::from_str(text).unwrap_or_default()
}

fn refusal(row: &RefusalRow) -> Pass {
    let wrong = |field, expected: &str, found: &str| fault(None, "refusal", &row.key, field, expected, found);
    let key = crate::domain::book::Key::from_str(&row.key);
    key.map_err(|_| wrong("key", "a key", &row.key))?;
    TxnKind::from_str(&row.kind).map_err(|_| wrong("kind", "a kind of transaction", &row.kind))?;
    RefusalCode::from_str(&row.code).map_err(|_| wrong("code", "the code of a refusal", &row.code))?;
    Actor::from_str(&row.actor).map_err(|_| wrong("actor", "somebody", &row.actor))?;
    for (field, text) in [("facts", &row.facts), ("body", &row.body)] {
        let fields: Result<std::collections::BTreeMap<String, String>, _> = serde_json::from_str(text);
        let again = fields.ok().and_then(|f| serde_json::to_string(&f).ok());
        same(None, "refusal", &row.key, field, maybe(again), text.clone())?;
    }
    Ok(())
}
