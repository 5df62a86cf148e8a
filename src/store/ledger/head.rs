//! Moving the head of a book from one place to the next, and the conditions that hang on it.

use std::sync::Arc;

use super::{
    bound::{Args, Binder, unbindable},
    placeholders,
    row::NewHead,
    sql,
};
use crate::store::StoreResult;
use sqlx::Arguments;

/// Parameters of [`sql::ADVANCE`].
const PARAMETERS: usize = 11;

/// Binds the move. It touches no row when the book does not stand where it should, when one of `not_refused` was
/// refused, or one of `not_posted` was posted.
pub(super) fn bind(
    binder: &mut Binder,
    head: &NewHead<'_>,
    not_refused: &[&str],
    not_posted: &[&str],
) -> StoreResult<()> {
    let book = binder.book;
    let lists = [("refusal", not_refused), ("txn", not_posted)];
    let lists: Vec<(&str, &[&str])> = lists.into_iter().filter(|(_, keys)| !keys.is_empty()).collect();
    let mut next = PARAMETERS;
    let text: Arc<str> = match binder.args()? {
        Args::Sqlite(args) => {
            // in the order in which the text has them
            macro_rules! put {
                ($($value:expr),+) => {{ $(args.add($value).map_err(unbindable)?;)+ }};
            }
            put!(head.seq, head.refusals, head.refusal_chain, head.recorded_at, head.frontier, head.root);
            put!(head.next_account, head.closed_through, book, head.from_seq, head.from_refusals);
            let mut text = plain(sql::ADVANCE);
            for (table, keys) in lists {
                // a few statements that are prepared once serve every number of keys; the empty key nothing has
                let count = keys.len().next_power_of_two();
                text.push_str(&format!(
                    " AND NOT EXISTS (SELECT 1 FROM (VALUES {}) AS k CROSS JOIN {table} AS t WHERE t.book_id = ? \
                     AND t.key = k.column1)",
                    placeholders(count, 1)
                ));
                for place in 0..count {
                    put!(keys.get(place).copied().unwrap_or(""));
                }
                put!(book);
            }
            text.into()
        }
        Args::Postgres(args) => {
            macro_rules! put {
                ($($value:expr),+) => {{ $(args.add($value).map_err(unbindable)?;)+ }};
            }
            // the book is there already
            put!(head.from_seq, head.from_refusals, head.seq, head.refusals, head.refusal_chain);
            put!(head.recorded_at, head.frontier, head.root, head.next_account, head.closed_through);
            let mut text = sql::ADVANCE.to_owned();
            for (table, keys) in lists {
                next += 1;
                text.push_str(&format!(
                    " AND NOT EXISTS (SELECT 1 FROM unnest(${next}) AS k(key) CROSS JOIN LATERAL (SELECT 1 FROM {table} \
                     WHERE book_id = $1 AND key = k.key LIMIT 1) AS known)"
                ));
                put!(keys);
            }
            text.into()
        }
    };
    binder.update(text, next)
}

/// A text with plain parameters instead of numbered ones.
fn plain(text: &str) -> String {
    let mut parts = text.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('?');
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_the_move_stand_in_the_order_in_which_sqlite_gets_them() {
        let numbers: Vec<usize> = sql::ADVANCE
            .split('$')
            .skip(1)
            .map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap())
            .collect();
        // the book and where it stood come last, where the condition is
        assert_eq!(numbers, [4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3]);
        assert_eq!(numbers.len(), PARAMETERS);
        assert_eq!(plain("a = $1, b = $12)"), "a = ?, b = ?)");
    }
}
