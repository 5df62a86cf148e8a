//! The ledger's tables. Rows go in by many at a time and never change; the moving heads (book, balance, meter) have
//! one writer, the Poster. No decisions: those are [`crate::domain::book`].

use super::Engine;

pub mod block;
mod bound;
mod head;
pub mod lookup;
pub mod read;
mod row;
pub mod write;

/// Statements of fixed text; those with many rows are put together by [`rows`].
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Opens a book.
        OPEN_BOOK = "INSERT INTO book (book_id, seq, recorded_at, frontier, root, closed_through, next_account, \
            time_overdraft, time_cap) VALUES ($1, 0, $2, $3, $4, NULL, 1, $5, $6)";
        /// Names a commodity of a book.
        OPEN_COMMODITY = "INSERT INTO commodity (book_id, code, scale, name, name_en) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (book_id, code) DO NOTHING";
        /// The head of a book.
        HEAD = "SELECT seq, recorded_at, frontier, root, closed_through, next_account, time_overdraft, time_cap, \
            refusals, refusal_chain FROM book WHERE book_id = $1";
        /// Moves the head of a book from one place to the next; no row means somebody else moved it.
        ADVANCE = "UPDATE book SET seq = $4, refusals = $5, refusal_chain = $6, recorded_at = $7, frontier = $8, \
            root = $9, next_account = $10, closed_through = $11 WHERE book_id = $1 AND seq = $2 AND refusals = $3";
        /// Transactions after a place, in order.
        TXNS = "SELECT seq, id, key, kind, effective_on, recorded_at, actor, source, ruleset, rule, reverses_seq, \
            resolves_seq, body, hash_version, leaf_hash FROM txn WHERE book_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        /// The business days of the transactions after `$2` up to `$3`, in the order of places.
        DAYS = "SELECT seq, effective_on FROM txn WHERE book_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq";
        /// One transaction.
        TXN = "SELECT seq, id, key, kind, effective_on, recorded_at, actor, source, ruleset, rule, reverses_seq, \
            resolves_seq, body, hash_version, leaf_hash FROM txn WHERE book_id = $1 AND seq = $2";
        /// The last transaction of a run that counts for a day or an earlier one.
        LANDED = "SELECT MAX(seq) FROM txn WHERE book_id = $1 AND seq > $2 AND seq <= $3 AND effective_on <= $4";
        /// The transaction that undid another.
        REVERSED_BY = "SELECT seq FROM txn WHERE book_id = $1 AND reverses_seq = $2";
        /// The transaction that resolved a hold.
        RESOLVED_BY = "SELECT seq FROM txn WHERE book_id = $1 AND resolves_seq = $2";
        /// Entries of a run of transactions, in order.
        ENTRIES = "SELECT e.seq, e.line, e.account_id, a.path, a.commodity, e.version, e.quantity, e.balance_after, \
            e.expires_on FROM entry AS e JOIN account AS a ON a.book_id = e.book_id AND a.account_id = e.account_id \
            WHERE e.book_id = $1 AND e.seq > $2 AND e.seq <= $3 ORDER BY e.seq, e.line";
        /// Meter uses of a run of transactions, in order.
        METER_USES = "SELECT seq, ordinal, meter, amount, ceiling, used_after FROM meter_use \
            WHERE book_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, ordinal";
        /// Accounts with their balances, by id.
        ACCOUNTS = "SELECT a.account_id, a.path, a.commodity, a.min_quantity, a.max_quantity, a.opened_seq, \
            b.quantity, b.debited, b.version FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
            AND b.account_id = a.account_id WHERE a.book_id = $1 AND a.account_id > $2 ORDER BY a.account_id LIMIT $3";
        /// The accounts of a path with their balances.
        ACCOUNTS_OF = "SELECT a.account_id, a.path, a.commodity, a.min_quantity, a.max_quantity, a.opened_seq, \
            b.quantity, b.debited, b.version FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
            AND b.account_id = a.account_id WHERE a.book_id = $1 AND a.path = $2 ORDER BY a.commodity";
        /// One balance by path and commodity.
        BALANCE = "SELECT b.quantity FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
            AND b.account_id = a.account_id WHERE a.book_id = $1 AND a.path = $2 AND a.commodity = $3";
        /// Meters, by name.
        METERS = "SELECT meter, used FROM meter WHERE book_id = $1 AND meter > $2 ORDER BY meter LIMIT $3";
        /// One meter.
        METER = "SELECT used FROM meter WHERE book_id = $1 AND meter = $2";
        /// Refused commands, by key.
        REFUSALS = "SELECT key, kind, actor, recorded_at, code, facts, body, ordinal, chain FROM refusal WHERE book_id = $1 \
            AND key > $2 ORDER BY key LIMIT $3";
        /// Refused commands in the order in which they were refused.
        REFUSAL_CHAIN = "SELECT key, kind, actor, recorded_at, code, facts, body, ordinal, chain FROM refusal \
            WHERE book_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3";
        /// Refused commands before a place of the chain, the latest first.
        REFUSED = "SELECT key, kind, actor, recorded_at, code, facts, body, ordinal, chain FROM refusal \
            WHERE book_id = $1 AND ordinal < $2 AND ($3 = '' OR code = $3) AND ($4 = '' OR actor = $4) \
            AND recorded_at >= $5 AND recorded_at < $6 ORDER BY ordinal DESC LIMIT $7";
        /// A head that was shown to somebody.
        ADD_CHECKPOINT = "INSERT INTO checkpoint (book_id, size, root, recorded_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (book_id, size) DO NOTHING";
        /// The heads that were shown, oldest first.
        CHECKPOINTS = "SELECT size, root, recorded_at FROM checkpoint WHERE book_id = $1 ORDER BY size";
        /// The sum of every commodity of a book: each must be zero.
        SUMS = "SELECT a.commodity, CAST(SUM(b.quantity) AS BIGINT) AS quantity FROM account AS a JOIN balance AS b \
            ON b.book_id = a.book_id AND b.account_id = a.account_id WHERE a.book_id = $1 GROUP BY a.commodity \
            ORDER BY a.commodity";
    }

    /// Reads the head and, where several processes may write, locks it until the transaction ends. SQLite has no
    /// row locks and needs none: a [`crate::store::WriteTx`] holds the only write lock there is.
    pub const LOCK: crate::store::sql::Dialect = crate::store::sql::Dialect {
        sqlite: "SELECT seq, recorded_at, frontier, root, closed_through, next_account, time_overdraft, time_cap, \
            refusals, refusal_chain FROM book WHERE book_id = $1",
        postgres: "SELECT seq, recorded_at, frontier, root, closed_through, next_account, time_overdraft, time_cap, \
            refusals, refusal_chain FROM book WHERE book_id = $1 FOR UPDATE",
    };
}

/// Rows of the largest multi-row statement on each engine. SQLite gains nothing beyond a few dozen; PostgreSQL saves
/// round trips up to its 65,535 parameters.
const ROWS_MAX_SQLITE: usize = 64;
const ROWS_MAX_POSTGRES: usize = 512;

/// Cuts `items` into pieces for one statement each.
pub(super) fn pieces<T>(items: &[T], engine: Engine) -> impl Iterator<Item = &[T]> {
    let max = match engine {
        Engine::Sqlite => ROWS_MAX_SQLITE,
        Engine::Postgres => ROWS_MAX_POSTGRES,
    };
    pieces_of(items, max)
}

/// Cuts `items` into pieces of at most `max` whose sizes are powers of two, largest first: a few statements that are
/// prepared once serve batches of every size.
fn pieces_of<T>(items: &[T], max: usize) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let size = if rest.len() >= max { max } else { 1 << rest.len().ilog2() };
        let (piece, after) = rest.split_at(size);
        rest = after;
        Some(piece)
    })
}

/// `(?, ?), (?, ?)` for so many rows of so many columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row.as_str(); rows].join(", ")
}

/// How the engine likes a numbered parameter: SQLite looks up `$12` by name among all that came before, and `?12`
/// not at all.
pub(super) const fn marker(engine: Engine) -> char {
    match engine {
        Engine::Sqlite => '?',
        Engine::Postgres => '$',
    }
}

/// `($1, $2), ($1, $3)` for `count` rows of `columns` columns after the book, which is the first parameter of every
/// row.
#[must_use]
pub(super) fn rows(engine: Engine, count: usize, columns: usize) -> String {
    let sign = marker(engine);
    let row = |row: usize| {
        let cells: String =
            (0..columns).map(|column| format!(", {sign}{}", row * columns + column + 2)).collect();
        format!("({sign}1{cells})")
    };
    (0..count).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Engine, pieces, placeholders, rows};

    #[test]
    fn rows_repeat_the_book() {
        assert_eq!(rows(Engine::Postgres, 2, 2), "($1, $2, $3), ($1, $4, $5)");
        assert_eq!(rows(Engine::Sqlite, 2, 1), "(?1, ?2), (?1, ?3)");
        assert_eq!(placeholders(2, 2), "(?, ?), (?, ?)");
    }

    #[test]
    fn pieces_are_powers_of_two_and_lose_nothing() {
        let items: Vec<u32> = (0..1_357).collect();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let cut: Vec<&[u32]> = pieces(&items, engine).collect();
            assert!(cut.iter().all(|piece| piece.len().is_power_of_two()));
            assert_eq!(cut.concat(), items);
        }
    }
}
