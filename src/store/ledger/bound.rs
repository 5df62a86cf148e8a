//! Statements with their parameters, bound apart from the connection they are sent on, so that the next can be bound
//! while the engine is at work on the one before. Holds no names of tables: those are in [`super::write`].
//!
//! A large batch is one statement a table (on SQLite in pieces). A small one is sent *together*, in one piece of text,
//! because there the way to the engine and back costs more than the work: on SQLite statements behind one another, on
//! PostgreSQL one statement whose parts all hang on the first, which locks the book.
//!
//! On SQLite every parameter is a plain `?`: the driver asks for the name of each, and SQLite searches a list of all
//! numbered ones before it has none.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use sqlx::{
    Arguments, AssertSqlSafe, Encode, Postgres, Sqlite, Type, postgres::PgArguments, sqlite::SqliteArguments,
};

use super::{pieces_of, placeholders};
use crate::{
    domain::ids::BookId,
    store::{Engine, StoreError, StoreResult, Tx, WriteTx},
};

/// Rows of the largest statement on SQLite, which gains nothing beyond.
const ROWS_MAX_SQLITE: usize = 128;
/// Rows of the largest statement that takes arrays.
const ROWS_MAX_ARRAYS: usize = 4_096;

/// The parameters of one statement.
pub(super) enum Args {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

impl Args {
    fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(SqliteArguments::default()),
            Engine::Postgres => Self::Postgres(PgArguments::default()),
        }
    }

    /// One more parameter.
    pub(super) fn put<'t, T>(&mut self, value: T) -> StoreResult<()>
    where
        T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>,
    {
        match self {
            Self::Sqlite(args) => args.add(value),
            Self::Postgres(args) => args.add(value),
        }
        .map_err(unbindable)
    }
}

/// A value that cannot be a parameter.
pub(super) fn unbindable(error: sqlx::error::BoxDynError) -> StoreError {
    StoreError::Driver(sqlx::Error::Encode(error))
}

struct Statement {
    text: Arc<str>,
    args: Args,
    /// Rows it must touch, or, of several together, count.
    rows: u64,
    counts: bool,
}

impl Statement {
    async fn send(self, tx: &mut WriteTx) -> StoreResult<()> {
        // only our own text and placeholders
        let text = AssertSqlSafe(self.text);
        let touched = match (&mut **tx, self.args) {
            (Tx::Sqlite(tx), Args::Sqlite(args)) => {
                sqlx::query_with(text, args).execute(&mut **tx).await?.rows_affected()
            }
            (Tx::Postgres(tx), Args::Postgres(args)) if self.counts => {
                let count: i64 = sqlx::query_scalar_with(text, args).fetch_one(&mut **tx).await?;
                u64::try_from(count).unwrap_or(0)
            }
            (Tx::Postgres(tx), Args::Postgres(args)) => {
                sqlx::query_with(text, args).execute(&mut **tx).await?.rows_affected()
            }
            _ => return Err(StoreError::inconsistent("book", "engine", "bound for another engine")),
        };
        if touched == self.rows {
            Ok(())
        } else {
            Err(StoreError::RowsAffected { expected: self.rows, actual: touched })
        }
    }
}

/// Statements ready to be sent.
#[must_use]
#[derive(Default)]
pub(super) struct Bound(Vec<Statement>);

impl Bound {
    /// Sends them; each must touch as many rows as it has.
    pub(super) async fn send(self, tx: &mut WriteTx) -> StoreResult<()> {
        for statement in self.0 {
            statement.send(tx).await?;
        }
        Ok(())
    }
}

/// Puts statements on one book together.
pub(super) struct Binder {
    pub(super) book: BookId,
    engine: Engine,
    together: bool,
    pub(super) args: Args,
    /// The parts of what is being put together.
    parts: Vec<Arc<str>>,
    /// The number of the next parameter, on PostgreSQL.
    next: usize,
    rows: u64,
    done: Vec<Statement>,
}

impl Binder {
    pub(super) fn new(book: BookId, engine: Engine, together: bool) -> Self {
        let args = Args::new(engine);
        Self { book, engine, together, args, parts: Vec::new(), next: 1, rows: 0, done: Vec::new() }
    }

    /// Begins a statement: on PostgreSQL the book is the first parameter of all parts.
    fn begin(&mut self) -> StoreResult<()> {
        if self.engine == Engine::Postgres && self.next == 1 {
            let book = self.book;
            self.args.put(book)?;
            self.next = 2;
        }
        Ok(())
    }

    /// Pieces of rows that go into one statement each.
    pub(super) fn pieces<'a, T>(&self, items: &'a [T]) -> impl Iterator<Item = &'a [T]> + use<'a, T> {
        let pieces: Vec<&[T]> = match self.engine {
            _ if items.is_empty() => Vec::new(),
            _ if self.together => vec![items],
            Engine::Sqlite => pieces_of(items, ROWS_MAX_SQLITE).collect(),
            Engine::Postgres => items.chunks(ROWS_MAX_ARRAYS).collect(),
        };
        pieces.into_iter()
    }

    /// The parameters of an insert, to be bound before it is named.
    pub(super) fn args(&mut self) -> StoreResult<&mut Args> {
        self.begin()?;
        Ok(&mut self.args)
    }

    /// An insert whose parameters have been bound: `count` rows of these columns.
    pub(super) fn insert(
        &mut self,
        table: &'static str,
        columns: &[&str],
        tail: &str,
        count: usize,
    ) -> StoreResult<()> {
        let rows = u64::try_from(count).unwrap_or(u64::MAX);
        let names = columns.join(", ");
        let text = match self.engine {
            Engine::Sqlite => kept(table, count, || {
                let list = placeholders(count, columns.len() + 1);
                format!("INSERT INTO {table} (book_id, {names}) VALUES {list} {tail}")
            }),
            Engine::Postgres => {
                let arrays: Vec<String> =
                    (self.next..self.next + columns.len()).map(|n| format!("${n}")).collect();
                let arrays = arrays.join(", ");
                let from = if self.together { "moved, " } else { "" };
                self.next += columns.len();
                format!(
                    "INSERT INTO {table} (book_id, {names}) SELECT $1, u.* FROM {from}unnest({arrays}) AS u {tail}"
                )
                .into()
            }
        };
        self.part(text, rows)
    }

    /// The update of the head, which comes first; `parameters` is how many it has, the book included.
    pub(super) fn update(&mut self, text: Arc<str>, parameters: usize) -> StoreResult<()> {
        self.next = parameters + 1;
        self.part(text, 1)
    }

    fn part(&mut self, text: Arc<str>, rows: u64) -> StoreResult<()> {
        self.parts.push(text);
        self.rows += rows;
        if self.together { Ok(()) } else { self.close() }
    }

    fn close(&mut self) -> StoreResult<()> {
        let parts = std::mem::take(&mut self.parts);
        let counts = self.together && self.engine == Engine::Postgres;
        let text = match parts.as_slice() {
            [] => return Ok(()),
            [only] if !counts => Arc::clone(only),
            _ if !counts => parts.join(";").into(),
            _ => hung_on_the_first(&parts).into(),
        };
        let args = std::mem::replace(&mut self.args, Args::new(self.engine));
        self.done.push(Statement { text, args, rows: std::mem::take(&mut self.rows), counts });
        self.next = 1;
        Ok(())
    }

    /// What is bound so far.
    pub(super) fn take(&mut self) -> StoreResult<Bound> {
        self.close()?;
        Ok(Bound(std::mem::take(&mut self.done)))
    }
}

/// One statement of several, and how many rows they touched in all. The first is called `moved`; the others read it,
/// so that it goes first and without it none of them does anything.
fn hung_on_the_first(parts: &[Arc<str>]) -> String {
    let name = |place: usize| if place == 0 { "moved".to_owned() } else { format!("part{place}") };
    let named: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(place, text)| format!("{} AS ({text} RETURNING 1)", name(place)))
        .collect();
    let sum: Vec<String> =
        (0..parts.len()).map(|place| format!("(SELECT COUNT(*) FROM {})", name(place))).collect();
    format!("WITH {} SELECT CAST({} AS BIGINT)", named.join(", "), sum.join(" + "))
}

/// Texts of multi-row inserts, which are long and always the same, by table and rows.
fn kept(table: &'static str, count: usize, make: impl FnOnce() -> String) -> Arc<str> {
    type Texts = HashMap<(&'static str, usize), Arc<str>>;
    static TEXTS: LazyLock<Mutex<Texts>> = LazyLock::new(Mutex::default);
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(texts.entry((table, count)).or_insert_with(|| make().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn together_everything_hangs_on_the_first_and_is_counted() {
        let mut binder = Binder::new(BookId(Uuid::nil()), Engine::Postgres, true);
        binder.args().unwrap();
        binder.update("UPDATE book SET seq = $2 WHERE book_id = $1".into(), 2).unwrap();
        binder.insert("meter", &["meter", "used"], "", 3).unwrap();
        let Bound(done) = binder.take().unwrap();
        let [one] = done.as_slice() else { panic!("{} statements", done.len()) };
        assert_eq!(
            &*one.text,
            "WITH moved AS (UPDATE book SET seq = $2 WHERE book_id = $1 RETURNING 1), \
             part1 AS (INSERT INTO meter (book_id, meter, used) SELECT $1, u.* FROM moved, unnest($3, $4) AS u  \
             RETURNING 1) SELECT CAST((SELECT COUNT(*) FROM moved) + (SELECT COUNT(*) FROM part1) AS BIGINT)"
        );
        assert_eq!((one.rows, one.counts), (4, true));
    }

    #[test]
    fn apart_each_piece_is_a_statement_of_its_own() {
        let mut binder = Binder::new(BookId(Uuid::nil()), Engine::Sqlite, false);
        for rows in [2, 1] {
            binder.args().unwrap();
            binder.insert("meter", &["meter", "used"], "", rows).unwrap();
        }
        let Bound(done) = binder.take().unwrap();
        let texts: Vec<&str> = done.iter().map(|s| &*s.text).collect();
        assert_eq!(
            texts,
            [
                "INSERT INTO meter (book_id, meter, used) VALUES (?, ?, ?), (?, ?, ?) ",
                "INSERT INTO meter (book_id, meter, used) VALUES (?, ?, ?) "
            ]
        );
    }
}
