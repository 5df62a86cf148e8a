//! What the Poster looks up by name, many at once: keys, accounts, meters. Decides nothing.
//!
//! PostgreSQL walks the names and reads one row for each through a key that is unique in full. Asked for a list
//! instead (`= ANY`), a plan that was made while the book was small and is kept reads the whole book ever after. SQLite
//! is made to do the same by `CROSS JOIN`, which keeps its order: asked for `IN (…)`, it reads the whole book too.

use sqlx::AssertSqlSafe;

use super::{
    ROWS_MAX_SQLITE, placeholders,
    read::{AccountRow, KeyRow},
};
use crate::{
    domain::ids::BookId,
    store::{StoreResult, Tx},
};

/// Runs `$sqlite`, put together around a list of rows of placeholders and given `$books` times the book after them,
/// for `$names`, or `$postgres` with the arrays.
macro_rules! look_up {
    ($tx:expr, $book:expr, $names:expr, $books:literal, $sqlite:expr, $postgres:literal, $($array:expr),+) => {
        match $tx {
            Tx::Sqlite(tx) => {
                let mut found = Vec::new();
                for piece in pieces($names) {
                    let text: String = $sqlite(&placeholders(piece.len(), piece.first().map_or(1, |row| row.len())));
                    let mut query = sqlx::query_as(AssertSqlSafe(text));
                    for cell in piece.iter().flatten() {
                        query = query.bind(*cell);
                    }
                    for _ in 0..$books {
                        query = query.bind($book);
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
    let names: Vec<[&str; 1]> = keys.iter().map(|key| [*key]).collect();
    look_up!(
        tx,
        book,
        &names,
        2,
        |list: &str| format!(
            "WITH k(key) AS (VALUES {list}) SELECT t.key, t.seq, t.kind, t.actor, t.body, NULL AS code, NULL AS facts \
             FROM k CROSS JOIN txn AS t WHERE t.book_id = ? AND t.key = k.key UNION ALL SELECT r.key, NULL, r.kind, \
             r.actor, r.body, r.code, r.facts FROM k CROSS JOIN refusal AS r WHERE r.book_id = ? AND r.key = k.key"
        ),
        "SELECT p.* FROM unnest($2) AS k(key) CROSS JOIN LATERAL ((SELECT key, seq, kind, actor, body, \
         NULL AS code, NULL AS facts FROM txn WHERE book_id = $1 AND key = k.key) UNION ALL (SELECT key, NULL, kind, \
         actor, body, code, facts FROM refusal WHERE book_id = $1 AND key = k.key) LIMIT 1) AS p",
        keys
    )
}

/// The accounts of these paths and commodities that are open.
pub async fn accounts(tx: &mut Tx, book: BookId, wanted: &[(&str, &str)]) -> StoreResult<Vec<AccountRow>> {
    let names: Vec<[&str; 2]> = wanted.iter().map(|(path, commodity)| [*path, *commodity]).collect();
    let paths: Vec<&str> = wanted.iter().map(|(path, _)| *path).collect();
    let commodities: Vec<&str> = wanted.iter().map(|(_, commodity)| *commodity).collect();
    look_up!(
        tx,
        book,
        &names,
        1,
        |list: &str| format!(
            "WITH k(path, commodity) AS (VALUES {list}) SELECT a.account_id, a.path, a.commodity, a.min_quantity, \
             a.max_quantity, a.opened_seq, b.quantity, b.debited, b.version FROM k CROSS JOIN account AS a \
             CROSS JOIN balance AS b WHERE a.book_id = ? AND a.path = k.path AND a.commodity = k.commodity \
             AND b.book_id = a.book_id AND b.account_id = a.account_id"
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
    let rows: Vec<[&str; 1]> = names.iter().map(|name| [*name]).collect();
    look_up!(
        tx,
        book,
        &rows,
        1,
        |list: &str| format!(
            "WITH k(meter) AS (VALUES {list}) SELECT m.meter, m.used FROM k CROSS JOIN meter AS m \
             WHERE m.book_id = ? AND m.meter = k.meter"
        ),
        "SELECT m.* FROM unnest($2) AS k(meter) CROSS JOIN LATERAL (SELECT meter, used FROM meter WHERE book_id = $1 \
         AND meter = k.meter LIMIT 1) AS m",
        names
    )
}

/// Names to look up in one statement on SQLite, in pieces of powers of two filled up with the empty name, which
/// nothing has: a few statements that are prepared once serve every number of names.
fn pieces<'a, const N: usize>(names: &[[&'a str; N]]) -> impl Iterator<Item = Vec<[&'a str; N]>> {
    names.chunks(ROWS_MAX_SQLITE).map(|chunk| {
        let mut piece = chunk.to_vec();
        piece.resize(chunk.len().next_power_of_two(), [""; N]);
        piece
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn names_are_filled_up_to_powers_of_two() {
        let names = [["a"], ["b"], ["c"]];
        assert_eq!(pieces(&names).collect::<Vec<_>>(), [vec![["a"], ["b"], ["c"], [""]]]);
    }
}
