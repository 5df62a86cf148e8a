//! What the Poster looks up by name, many at once: keys, accounts, meters. Decides nothing.
//!
//! PostgreSQL walks the names and reads one row for each through a key that is unique in full. Asked for a list
//! instead (`= ANY`), a plan that was made while the book was small and is kept reads the whole book ever after.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

use super::{
    ROWS_MAX_SQLITE,
    read::{AccountRow, KeyRow},
};
use crate::{
    domain::ids::BookId,
    store::{StoreResult, Tx},
};

/// Runs `$sqlite`, put together around a list of placeholders, for `$names`, or `$postgres` with the arrays.
macro_rules! look_up {
    ($tx:expr, $book:expr, $names:expr, $sqlite:expr, $postgres:literal, $($array:expr),+) => {
        match $tx {
            Tx::Sqlite(tx) => {
                let mut found = Vec::new();
                for piece in pieces($names) {
                    let text: String = $sqlite(&placeholders(piece.len()));
                    let mut query = sqlx::query_as(AssertSqlSafe(text)).bind($book);
                    for name in piece {
                        query = query.bind(name);
                    }
                    found.extend(query.fetch_all(&mut **tx).await?);
                }
                Ok(found)
            }
            Tx::Postgres(tx) => Ok(sqlx::query_as($postgres).bind($book)$(.bind($array))+.fetch_all(&mut **tx).await?),
        }
    };
}

/// What came of these keys, posted or refused; a key that is new has no row.
pub async fn keys(tx: &mut Tx, book: BookId, keys: &[&str]) -> StoreResult<Vec<KeyRow>> {
    look_up!(
        tx,
        book,
        keys,
        |list: &str| format!(
            "SELECT key, seq, kind, actor, body, NULL AS code, NULL AS facts FROM txn WHERE book_id = ?1 \
             AND key IN ({list}) UNION ALL SELECT key, NULL, kind, actor, body, code, facts FROM refusal \
             WHERE book_id = ?1 AND key IN ({list})"
        ),
        "SELECT p.* FROM unnest($2) AS k(key) CROSS JOIN LATERAL ((SELECT key, seq, kind, actor, body, \
         NULL AS code, NULL AS facts FROM txn WHERE book_id = $1 AND key = k.key) UNION ALL (SELECT key, NULL, kind, \
         actor, body, code, facts FROM refusal WHERE book_id = $1 AND key = k.key) LIMIT 1) AS p",
        keys
    )
}

/// The accounts of these paths and commodities that are open; on SQLite with the other commodities of the same paths.
pub async fn accounts(tx: &mut Tx, book: BookId, wanted: &[(&str, &str)]) -> StoreResult<Vec<AccountRow>> {
    let paths: Vec<&str> = wanted.iter().map(|(path, _)| *path).collect();
    let commodities: Vec<&str> = wanted.iter().map(|(_, commodity)| *commodity).collect();
    // the order makes SQLite use the index of paths, not read the whole book
    look_up!(
        tx,
        book,
        &paths,
        |list: &str| format!(
            "SELECT a.account_id, a.path, a.commodity, a.min_quantity, a.max_quantity, a.opened_seq, b.quantity, \
             b.debited, b.version FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
             AND b.account_id = a.account_id WHERE a.book_id = ?1 AND a.path IN ({list}) ORDER BY a.path, a.commodity"
        ),
        "SELECT a.*, b.* FROM unnest($2, $3) AS k(path, commodity) CROSS JOIN LATERAL (SELECT account_id, path, \
         commodity, min_quantity, max_quantity, opened_seq FROM account WHERE book_id = $1 AND path = k.path \
         AND commodity = k.commodity LIMIT 1) AS a CROSS JOIN LATERAL (SELECT quantity, debited, version FROM balance \
         WHERE book_id = $1 AND account_id = a.account_id LIMIT 1) AS b",
        &paths,
        &commodities
    )
}

/// The meters with these names that were ever used.
pub async fn meters(tx: &mut Tx, book: BookId, names: &[&str]) -> StoreResult<Vec<(String, i64)>> {
    look_up!(
        tx,
        book,
        names,
        |list: &str| format!("SELECT meter, used FROM meter WHERE book_id = ?1 AND meter IN ({list})"),
        "SELECT m.* FROM unnest($2) AS k(meter) CROSS JOIN LATERAL (SELECT meter, used FROM meter WHERE book_id = $1 \
         AND meter = k.meter LIMIT 1) AS m",
        names
    )
}

/// Names to look up in one statement on SQLite, in pieces of powers of two filled up with the empty name, which
/// nothing has: a few statements that are prepared once serve every number of names.
fn pieces<'a>(names: &[&'a str]) -> impl Iterator<Item = Vec<&'a str>> {
    names.chunks(ROWS_MAX_SQLITE).map(|chunk| {
        let mut piece = chunk.to_vec();
        piece.resize(chunk.len().next_power_of_two(), "");
        piece
    })
}

/// `?2, ?3` for so many names after the book.
fn placeholders(count: usize) -> String {
    let mut list = String::with_capacity(count * 5);
    for place in 2..count + 2 {
        let comma = if place == 2 { "" } else { ", " };
        // writing to a string does not fail
        let _written = write!(list, "{comma}?{place}");
    }
    list
}

#[cfg(test)]
mod tests {
    use super::{pieces, placeholders};

    #[test]
    fn names_are_filled_up_to_powers_of_two() {
        let names = ["a", "b", "c"];
        assert_eq!(pieces(&names).collect::<Vec<_>>(), [vec!["a", "b", "c", ""]]);
        assert_eq!(placeholders(3), "?2, ?3, ?4");
    }
}
