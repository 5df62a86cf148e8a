//! The ledger's tables. Rows go in by many at a time and never change; the moving heads (book, balance, meter) have
//! one writer, the Poster. No decisions: those are [`crate::domain::book`].

pub mod read;
pub mod write;

/// Statements of fixed text; those with many rows are put together by [`rows`].
pub mod sql {
    use crate::store::sql::statements;
    statements! {
        /// Opens a book.
        OPEN_BOOK = "INSERT INTO book (book_id, seq, recorded_at, frontier, root, closed_through, next_account) \
            VALUES ($1, 0, $2, $3, $4, NULL, 1)";
        /// Names a commodity of a book.
        OPEN_COMMODITY = "INSERT INTO commodity (book_id, code, scale, name, name_en) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (book_id, code) DO NOTHING";
        /// The head of a book.
        HEAD = "SELECT seq, recorded_at, frontier, root, closed_through, next_account FROM book WHERE book_id = $1";
        /// Moves the head of a book from one place to the next; no row means somebody else moved it.
        ADVANCE = "UPDATE book SET seq = $3, recorded_at = $4, frontier = $5, root = $6, next_account = $7 \
            WHERE book_id = $1 AND seq = $2";
        /// Transactions after a place, in order.
        TXNS = "SELECT seq, id, key, kind, effective_on, recorded_at, actor, source, ruleset, rule, reverses_seq, \
            resolves_seq, body, hash_version, leaf_hash FROM txn WHERE book_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        /// One transaction.
        TXN = "SELECT seq, id, key, kind, effective_on, recorded_at, actor, source, ruleset, rule, reverses_seq, \
            resolves_seq, body, hash_version, leaf_hash FROM txn WHERE book_id = $1 AND seq = $2";
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
        /// One balance by path and commodity.
        BALANCE = "SELECT b.quantity FROM account AS a JOIN balance AS b ON b.book_id = a.book_id \
            AND b.account_id = a.account_id WHERE a.book_id = $1 AND a.path = $2 AND a.commodity = $3";
        /// Meters, by name.
        METERS = "SELECT meter, used FROM meter WHERE book_id = $1 AND meter > $2 ORDER BY meter LIMIT $3";
        /// One meter.
        METER = "SELECT used FROM meter WHERE book_id = $1 AND meter = $2";
        /// What came of a key, if it was posted.
        POSTED_KEY = "SELECT seq, kind, actor, body FROM txn WHERE book_id = $1 AND key = $2";
        /// What came of a key, if it was refused.
        REFUSED_KEY = "SELECT kind, actor, recorded_at, code, facts, body FROM refusal WHERE book_id = $1 AND key = $2";
        /// Refused commands, by key.
        REFUSALS = "SELECT key, kind, actor, recorded_at, code, facts, body FROM refusal WHERE book_id = $1 \
            AND key > $2 ORDER BY key LIMIT $3";
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
        sqlite: "SELECT seq, recorded_at, frontier, root, closed_through, next_account FROM book WHERE book_id = $1",
        postgres: "SELECT seq, recorded_at, frontier, root, closed_through, next_account FROM book \
            WHERE book_id = $1 FOR UPDATE",
    };
}

/// Rows of one multi-row statement: enough to save round trips, few enough for SQLite's 32,766 parameters.
pub const ROWS_MAX: usize = 1_000;

/// `($1, $2), ($3, $4)` for `rows` rows of `columns` columns, where the first `fixed` parameters are the same in
/// every row (the book) and the others follow.
#[must_use]
pub fn rows(count: usize, fixed: usize, columns: usize) -> String {
    let mut out = String::with_capacity(count * (fixed + columns) * 6);
    let mut next = fixed;
    for row in 0..count {
        out.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=fixed {
            out.push('$');
            out.push_str(&column.to_string());
            out.push_str(", ");
        }
        for column in 0..columns {
            next += 1;
            if column > 0 {
                out.push_str(", ");
            }
            out.push('$');
            out.push_str(&next.to_string());
        }
        out.push(')');
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_repeat_the_fixed_parameters() {
        assert_eq!(super::rows(2, 1, 2), "($1, $2, $3), ($1, $4, $5)");
        assert_eq!(super::rows(2, 0, 1), "($1), ($2)");
    }
}
