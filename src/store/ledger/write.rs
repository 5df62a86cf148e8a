//! Appending to a book. Called by the Poster alone, with everything decided.

use futures_util::future::join;
use sqlx::Arguments;

pub use super::row::{NewAccount, NewBalance, NewEntry, NewHead, NewMeterUse, NewRefusal, NewTxn};
use super::{
    block,
    bound::{Args, Binder, Bound, unbindable},
    head, sql,
};
use crate::{
    domain::{chart::Policy, ids::BookId, time::Timestamp},
    store::{Engine, StoreError, StoreResult, WriteTx, exactly, on},
};

/// Commands up to which a batch is sent in one piece of text. On SQLite each number of rows is a text of its own, on
/// PostgreSQL large statements that depend on each other are slower than their round trips.
const TOGETHER_MAX_SQLITE: usize = 2;
const TOGETHER_MAX_POSTGRES: usize = 64;

/// Binds one insert of `$items` into `$table`, each of which must become one row. SQLite takes a list of rows,
/// PostgreSQL one array a column: one prepared statement and one round trip whatever the number of rows.
macro_rules! insert_many {
    ($binder:expr, $items:expr, $table:literal, $tail:literal,
     |$item:ident| { $($column:ident: $value:expr),+ $(,)? }) => {{
        let columns: &[&str] = &[$(stringify!($column)),+];
        let book = $binder.book;
        match $binder.args()? {
            Args::Sqlite(args) => {
                args.reserve($items.len() * (columns.len() + 1), 0);
                for $item in $items {
                    args.add(book).map_err(unbindable)?;
                    $(args.add($value).map_err(unbindable)?;)+
                }
            }
            Args::Postgres(args) => {
                $(args.add($items.iter().map(|$item| $value).collect::<Vec<_>>()).map_err(unbindable)?;)+
            }
        }
        $binder.insert($table, columns, $tail, $items.len())
    }};
}

/// What a batch does to one book.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// The head that all of it hangs on.
    pub head: NewHead<'a>,
    /// Keys that must not have been refused before.
    pub not_refused: Vec<&'a str>,
    /// Keys that must not have been posted before.
    pub not_posted: Vec<&'a str>,
    /// Accounts it opens.
    pub accounts: Vec<NewAccount<'a>>,
    /// Its transactions; a key that was posted before is found out by the database.
    pub txns: Vec<NewTxn<'a>>,
    /// Their entries.
    pub entries: Vec<NewEntry>,
    /// Balances, sorted by account.
    pub balances: Vec<NewBalance>,
    /// Uses of meters.
    pub uses: Vec<NewMeterUse<'a>>,
    /// Meters, sorted.
    pub meters: Vec<(&'a str, i64)>,
    /// Refusals; a key that was refused before is found out by the database.
    pub refusals: Vec<NewRefusal<'a>>,
}

impl<'a> Batch<'a> {
    /// One that does nothing yet but move the head.
    #[must_use]
    pub const fn of(head: NewHead<'a>) -> Self {
        Self {
            head,
            not_refused: Vec::new(),
            not_posted: Vec::new(),
            accounts: Vec::new(),
            txns: Vec::new(),
            entries: Vec::new(),
            balances: Vec::new(),
            uses: Vec::new(),
            meters: Vec::new(),
            refusals: Vec::new(),
        }
    }
}

/// One statement's worth of a batch.
enum Piece<'a> {
    Head,
    Accounts(&'a [NewAccount<'a>]),
    Txns(&'a [NewTxn<'a>]),
    Entries(&'a [NewEntry]),
    Balances(&'a [NewBalance]),
    Uses(&'a [NewMeterUse<'a>]),
    Meters(&'a [(&'a str, i64)]),
    Refusals(&'a [NewRefusal<'a>]),
}

impl<'a> Batch<'a> {
    /// Its pieces, the head first of all: that locks the book, and fails before anything is written in vain.
    fn pieces(&'a self, binder: &Binder) -> Vec<Piece<'a>> {
        let mut all = vec![Piece::Head];
        all.extend(binder.pieces(&self.accounts).map(Piece::Accounts));
        all.extend(binder.pieces(&self.txns).map(Piece::Txns));
        all.extend(binder.pieces(&self.entries).map(Piece::Entries));
        all.extend(binder.pieces(&self.balances).map(Piece::Balances));
        all.extend(binder.pieces(&self.uses).map(Piece::Uses));
        all.extend(binder.pieces(&self.meters).map(Piece::Meters));
        all.extend(binder.pieces(&self.refusals).map(Piece::Refusals));
        all
    }

    fn bind(&self, binder: &mut Binder, piece: &Piece<'_>) -> StoreResult<()> {
        match piece {
            Piece::Head => head::bind(binder, &self.head, &self.not_refused, &self.not_posted),
            Piece::Accounts(items) => bind_accounts(binder, items),
            Piece::Txns(items) => bind_txns(binder, items),
            Piece::Entries(items) => bind_entries(binder, items),
            Piece::Balances(items) => bind_balances(binder, items),
            Piece::Uses(items) => bind_uses(binder, items),
            Piece::Meters(items) => bind_meters(binder, items),
            Piece::Refusals(items) => bind_refusals(binder, items),
        }
    }
}

/// Writes a batch: a small one in one piece of text, a large one statement by statement, each of which is bound while
/// the engine is at work on the one before. [`StoreError::RowsAffected`] or [`StoreError::Duplicate`] when the book does
/// not stand where it should or a key is not new: nothing of the transaction may be kept then.
pub async fn post(tx: &mut WriteTx, book: BookId, batch: &Batch<'_>) -> StoreResult<()> {
    let commands = batch.txns.len() + batch.refusals.len();
    let together = match tx.engine() {
        Engine::Sqlite => commands <= TOGETHER_MAX_SQLITE,
        Engine::Postgres => commands <= TOGETHER_MAX_POSTGRES,
    };
    let mut binder = Binder::new(book, tx.engine(), together);
    let mut pieces = batch.pieces(&binder).into_iter();
    if together {
        for piece in pieces {
            batch.bind(&mut binder, &piece)?;
        }
        return binder.take()?.send(tx).await;
    }
    let mut ready = Bound::default();
    loop {
        let next = pieces.next();
        let last = next.is_none();
        let bind = async {
            next.map_or(Ok(()), |piece| batch.bind(&mut binder, &piece))?;
            binder.take()
        };
        // sent first; while it is on its way the other is bound
        let (sent, bound) = join(ready.send(tx), bind).await;
        sent?;
        ready = bound?;
        if last {
            return Ok(());
        }
    }
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

fn bind_txns(binder: &mut Binder, items: &[NewTxn<'_>]) -> StoreResult<()> {
    insert_many!(binder, items, "txn", "", |t| {
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
        body: t.body,
        hash_version: t.hash_version,
        leaf_hash: t.leaf_hash,
    })
}

fn bind_entries(binder: &mut Binder, items: &[NewEntry]) -> StoreResult<()> {
    insert_many!(binder, items, "entry", "", |e| {
        block: block::of(e.seq),
        account_id: e.account_id,
        version: e.version,
        seq: e.seq,
        line: e.line,
        quantity: e.quantity,
        balance_after: e.balance_after,
        expires_on: e.expires_on,
    })
}

fn bind_accounts(binder: &mut Binder, items: &[NewAccount<'_>]) -> StoreResult<()> {
    insert_many!(binder, items, "account", "", |a| {
        account_id: a.account_id,
        path: a.path,
        commodity: a.commodity,
        min_quantity: a.min,
        max_quantity: a.max,
        opened_seq: a.opened_seq,
    })
}

/// One row an account, sorted, so that several writers lock in one order.
fn bind_balances(binder: &mut Binder, items: &[NewBalance]) -> StoreResult<()> {
    insert_many!(
        binder,
        items,
        "balance",
        "ON CONFLICT (book_id, account_id) DO UPDATE SET quantity = excluded.quantity, debited = excluded.debited, \
         version = excluded.version",
        |b| { account_id: b.account_id, quantity: b.quantity, debited: b.debited, version: b.version }
    )
}

fn bind_uses(binder: &mut Binder, items: &[NewMeterUse<'_>]) -> StoreResult<()> {
    insert_many!(binder, items, "meter_use", "", |u| {
        seq: u.seq,
        ordinal: u.ordinal,
        meter: u.meter,
        amount: u.amount,
        ceiling: u.ceiling,
        used_after: u.used_after,
    })
}

fn bind_meters(binder: &mut Binder, items: &[(&str, i64)]) -> StoreResult<()> {
    insert_many!(
        binder,
        items,
        "meter",
        "ON CONFLICT (book_id, meter) DO UPDATE SET used = excluded.used",
        |m| { meter: m.0, used: m.1 }
    )
}

fn bind_refusals(binder: &mut Binder, items: &[NewRefusal<'_>]) -> StoreResult<()> {
    insert_many!(binder, items, "refusal", "", |r| {
        key: r.key,
        kind: r.kind,
        actor: r.actor,
        recorded_at: r.recorded_at,
        code: r.code,
        facts: r.facts.as_str(),
        body: r.body,
        ordinal: r.ordinal,
        chain: r.chain,
    })
}

/// Declares writers of one table: rows that are put in as they are, by an import.
macro_rules! one_table {
    ($($(#[$doc:meta])* $name:ident($item:ty) by $bind:ident;)+) => {$(
        $(#[$doc])*
        pub async fn $name(tx: &mut WriteTx, book: BookId, items: &[$item]) -> StoreResult<()> {
            let mut binder = Binder::new(book, tx.engine(), false);
            for piece in binder.pieces(items) {
                $bind(&mut binder, piece)?;
                binder.take()?.send(tx).await?;
            }
            Ok(())
        }
    )+};
}

one_table! {
    /// Opens accounts.
    accounts(NewAccount<'_>) by bind_accounts;
    /// Appends transactions.
    txns(NewTxn<'_>) by bind_txns;
    /// Appends entries.
    entries(NewEntry) by bind_entries;
    /// Stores balances, one row an account, sorted by account.
    balances(NewBalance) by bind_balances;
    /// Appends uses of meters.
    meter_uses(NewMeterUse<'_>) by bind_uses;
    /// Stores meters, one row a meter, sorted.
    meters((&str, i64)) by bind_meters;
    /// Keeps refusals.
    refusals(NewRefusal<'_>) by bind_refusals;
}

/// Writes the rows of a batch one table after the other and the head last: what the bench compares with.
pub async fn rows(tx: &mut WriteTx, book: BookId, batch: &Batch<'_>) -> StoreResult<()> {
    let mut binder = Binder::new(book, tx.engine(), false);
    let mut pieces = batch.pieces(&binder);
    pieces.rotate_left(1);
    for piece in pieces {
        batch.bind(&mut binder, &piece)?;
        binder.take()?.send(tx).await?;
    }
    Ok(())
}

/// Moves the head of a book alone. `false`, and nothing has changed: it does not stand where it should.
pub async fn advance(tx: &mut WriteTx, book: BookId, head: &NewHead<'_>) -> StoreResult<bool> {
    let mut binder = Binder::new(book, tx.engine(), false);
    head::bind(&mut binder, head, &[], &[])?;
    match binder.take()?.send(tx).await {
        Err(StoreError::RowsAffected { .. }) => Ok(false),
        other => other.map(|()| true),
    }
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
