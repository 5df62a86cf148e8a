//! Appending to a book. Called by the Poster alone, with everything decided.

use sqlx::AssertSqlSafe;

pub use super::row::{NewAccount, NewBalance, NewEntry, NewHead, NewMeterUse, NewRefusal, NewTxn};
use super::{lookup, pieces, rows, sql};
use crate::{
    domain::{chart::Policy, ids::BookId, time::Timestamp},
    store::{Engine, StoreError, StoreResult, Tx, WriteTx, exactly, on},
};

/// Rows of the largest statement that takes arrays.
const ROWS_MAX_ARRAYS: usize = 4_096;

/// Inserts `$items` into `$table` and fails unless each became one row. SQLite takes lists of rows, in pieces.
/// PostgreSQL takes one array a column: one prepared statement and one round trip whatever the number of rows.
macro_rules! insert_many {
    ($tx:expr, $book:expr, $items:expr, $table:literal, $tail:literal,
     |$item:ident| { $($column:ident: $value:expr),+ $(,)? }) => {{
        let columns: &[&str] = &[$(stringify!($column)),+];
        let engine = $tx.engine();
        for piece in batches($items, engine) {
            let text = insert(engine, $table, columns, piece.len(), $tail);
            let expected = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            // only our own text and placeholders
            let actual = match &mut **$tx {
                Tx::Sqlite(tx) => {
                    let mut query = sqlx::query(AssertSqlSafe(text)).bind($book);
                    for $item in piece {
                        query = query$(.bind($value))+;
                    }
                    query.execute(&mut **tx).await?.rows_affected()
                }
                Tx::Postgres(tx) => {
                    let query = sqlx::query(AssertSqlSafe(text)).bind($book);
                    let query = query$(.bind(piece.iter().map(|$item| $value).collect::<Vec<_>>()))+;
                    query.execute(&mut **tx).await?.rows_affected()
                }
            };
            if actual != expected {
                return Err(StoreError::RowsAffected { expected, actual });
            }
        }
        Ok(())
    }};
}

/// Rows of one statement: as many as there are on PostgreSQL, within reason.
fn batches<T>(items: &[T], engine: Engine) -> Vec<&[T]> {
    match engine {
        Engine::Sqlite => pieces(items, engine).collect(),
        Engine::Postgres => items.chunks(ROWS_MAX_ARRAYS).collect(),
    }
}

/// The text of [`insert_many`] for so many rows.
fn insert(engine: Engine, table: &str, columns: &[&str], count: usize, tail: &str) -> String {
    let names = columns.join(", ");
    let values = match engine {
        Engine::Sqlite => format!("VALUES {}", rows(engine, count, columns.len())),
        Engine::Postgres => {
            let arrays: Vec<String> = (2..columns.len() + 2).map(|n| format!("${n}")).collect();
            format!("SELECT $1, u.* FROM unnest({}) AS u", arrays.join(", "))
        }
    };
    format!("INSERT INTO {table} (book_id, {names}) {values} {tail}")
}

/// Opens a book at place 0.
pub async fn open_book(
    tx: &mut WriteTx,
    book: BookId,
    at: Timestamp,
    frontier: &[u8],
    root: &[u8],
    policy: Policy,
) -> StoreResult<()> {
    exactly!(1, &mut **tx, |c| sqlx::query(sql::OPEN_BOOK)
        .bind(book)
        .bind(at)
        .bind(frontier)
        .bind(root)
        .bind(policy.time_overdraft)
        .bind(policy.time_cap)
        .execute(c))
}

/// Names a commodity; known ones stay as they are.
pub async fn open_commodity(
    tx: &mut WriteTx,
    book: BookId,
    code: &str,
    scale: i32,
    name: &str,
    name_en: &str,
) -> StoreResult<()> {
    on!(&mut **tx, |c| {
        let query =
            sqlx::query(sql::OPEN_COMMODITY).bind(book).bind(code).bind(scale).bind(name).bind(name_en);
        async move { query.execute(c).await.map(|_| ()) }
    })?;
    Ok(())
}

/// Appends transactions.
pub async fn txns(tx: &mut WriteTx, book: BookId, items: &[NewTxn<'_>]) -> StoreResult<()> {
    insert_many!(tx, book, items, "txn", "", |t| {
        seq: t.seq,
        id: t.id,
        key: t.key,
        kind: t.kind,
        effective_on: t.effective_on,
        recorded_at: t.recorded_at,
        actor: t.actor,
        source: t.source,
        ruleset: t.ruleset,
        rule: t.rule,
        reverses_seq: t.reverses,
        resolves_seq: t.resolves,
        body: t.body.as_str(),
        hash_version: t.hash_version,
        leaf_hash: t.leaf_hash,
    })
}

/// Appends entries.
pub async fn entries(tx: &mut WriteTx, book: BookId, items: &[NewEntry]) -> StoreResult<()> {
    insert_many!(tx, book, items, "entry", "", |e| {
        account_id: e.account_id,
        version: e.version,
        seq: e.seq,
        line: e.line,
        quantity: e.quantity,
        balance_after: e.balance_after,
        expires_on: e.expires_on,
    })
}

/// Opens accounts.
pub async fn accounts(tx: &mut WriteTx, book: BookId, items: &[NewAccount<'_>]) -> StoreResult<()> {
    insert_many!(tx, book, items, "account", "", |a| {
        account_id: a.account_id,
        path: a.path,
        commodity: a.commodity,
        min_quantity: a.min,
        max_quantity: a.max,
        opened_seq: a.opened_seq,
    })
}

/// Stores balances, one row an account. `items` is sorted by account, so that several writers lock in one order.
pub async fn balances(tx: &mut WriteTx, book: BookId, items: &[NewBalance]) -> StoreResult<()> {
    insert_many!(
        tx,
        book,
        items,
        "balance",
        "ON CONFLICT (book_id, account_id) DO UPDATE SET quantity = excluded.quantity, debited = excluded.debited, \
         version = excluded.version",
        |b| { account_id: b.account_id, quantity: b.quantity, debited: b.debited, version: b.version }
    )
}

/// Appends uses of meters.
pub async fn meter_uses(tx: &mut WriteTx, book: BookId, items: &[NewMeterUse<'_>]) -> StoreResult<()> {
    insert_many!(tx, book, items, "meter_use", "", |u| {
        seq: u.seq,
        ordinal: u.ordinal,
        meter: u.meter,
        amount: u.amount,
        ceiling: u.ceiling,
        used_after: u.used_after,
    })
}

/// Stores meters, one row a meter, sorted.
pub async fn meters(tx: &mut WriteTx, book: BookId, items: &[(&str, i64)]) -> StoreResult<()> {
    insert_many!(
        tx,
        book,
        items,
        "meter",
        "ON CONFLICT (book_id, meter) DO UPDATE SET used = excluded.used",
        |m| { meter: m.0, used: m.1 }
    )
}

/// Keeps refusals.
pub async fn refusals(tx: &mut WriteTx, book: BookId, items: &[NewRefusal<'_>]) -> StoreResult<()> {
    insert_many!(tx, book, items, "refusal", "", |r| {
        key: r.key,
        kind: r.kind,
        actor: r.actor,
        recorded_at: r.recorded_at,
        code: r.code,
        facts: r.facts.as_str(),
        body: r.body.as_str(),
        ordinal: r.ordinal,
        chain: r.chain,
    })
}

/// Moves the head of a book. `false`, and nothing has changed: it does not stand where it should, or one of `new_keys`
/// is not new.
pub async fn advance(
    tx: &mut WriteTx,
    book: BookId,
    head: &NewHead<'_>,
    new_keys: &[&str],
) -> StoreResult<bool> {
    macro_rules! moved {
        ($text:expr) => {
            sqlx::query($text)
                .bind(book)
                .bind(head.from_seq)
                .bind(head.from_refusals)
                .bind(head.seq)
                .bind(head.refusals)
                .bind(head.refusal_chain)
                .bind(head.recorded_at)
                .bind(head.frontier)
                .bind(head.root)
                .bind(head.next_account)
                .bind(head.closed_through)
        };
    }
    if tx.engine() == Engine::Sqlite && !lookup::keys(tx, book, new_keys).await?.is_empty() {
        return Ok(false);
    }
    let done = match &mut **tx {
        Tx::Sqlite(tx) => moved!(sql::ADVANCE).execute(&mut **tx).await?.rows_affected(),
        Tx::Postgres(tx) if new_keys.is_empty() => {
            moved!(sql::ADVANCE).execute(&mut **tx).await?.rows_affected()
        }
        Tx::Postgres(tx) => {
            // only our own text and placeholders
            let text = AssertSqlSafe(format!("{}{}", sql::ADVANCE, sql::AND_KEYS_ARE_NEW));
            moved!(text).bind(new_keys).execute(&mut **tx).await?.rows_affected()
        }
    };
    Ok(done == 1)
}

/// Remembers a head that is shown to somebody.
pub async fn checkpoint(
    tx: &mut WriteTx,
    book: BookId,
    size: i64,
    root: &[u8],
    at: Timestamp,
) -> StoreResult<()> {
    on!(&mut **tx, |c| {
        let query = sqlx::query(sql::ADD_CHECKPOINT).bind(book).bind(size).bind(root).bind(at);
        async move { query.execute(c).await.map(|_| ()) }
    })?;
    Ok(())
}
