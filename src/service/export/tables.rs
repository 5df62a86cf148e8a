//! The tables of an export: their columns, and their rows page by page. Holds no writing.

use std::{collections::HashMap, str::FromStr};

use super::{Export, Format, PAGE_ROWS, UnknownName, cells::Cell, counters, ledger, market, stock};
use crate::{
    domain::{
        chart::{AccountKind, kind_of},
        ids::{BookId, NoticeId},
        posting::{Commodity, Path},
    },
    service::ServiceResult,
    store::{
        StoreResult, Tx,
        ledger::read::{self, TxnRow},
        notice, verify,
    },
};

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $file:literal [$($column:literal),+ $(,)?];)+) => {
        /// A table of an export.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Table { $($(#[$doc])* $name,)+ }

        impl Table {
            /// All tables, in the order they are written.
            pub const ALL: [Self; [$($file),+].len()] = [$(Self::$name),+];

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $file,)+ }
            }

            /// Its columns.
            #[must_use]
            pub const fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($column),+],)+ }
            }
        }
    };
}

tables! {
    /// Every account with its balance.
    Accounts = "accounts" ["account_id", "path", "commodity", "scale", "kind", "min_quantity", "max_quantity",
        "opened_seq", "quantity", "debited", "version"];
    /// Every transaction with its leaf hash.
    Transactions = "transactions" ["seq", "id", "key", "kind", "effective_on", "recorded_at", "actor", "source",
        "ruleset", "rule", "reverses_seq", "resolves_seq", "body", "hash_version", "leaf_hash"];
    /// Every line.
    Entries = "entries" ["seq", "line", "account_id", "path", "commodity", "scale", "version", "quantity",
        "balance_after", "expires_on"];
    /// Everything counted against a limit.
    MeterUses = "meter_uses" ["seq", "ordinal", "meter", "amount", "ceiling", "used_after"];
    /// Every award with its rule, inputs and explanation.
    Awards = "awards" ["no", "id", "household", "ruleset", "item", "quantity", "grade", "occurred_on", "recorded_at",
        "recorder", "points", "honor", "minutes", "scale", "route", "state", "notice", "notice_line", "closes_at",
        "txn_seq", "inputs", "explanation", "reason"];
    /// Every notice sheet.
    Notices = "notices" ["no", "state", "mode", "days", "lines", "compiled_at", "compiled_by", "published_at",
        "published_by", "closes_at", "closed_at", "digest", "head_size", "head_root"];
    /// Every redemption.
    Redemptions = "redemptions" ["no", "id", "household", "counter", "credential", "cashier", "placed_at", "points",
        "scale", "cost_fen", "available_before", "available_after", "txn_seq"];
    /// Their lines.
    RedemptionLines = "redemption_lines" ["redemption", "line", "sku", "quantity", "price", "points", "scale",
        "cost_fen"];
    /// Every stock paper that was posted.
    StockPapers = "stock_papers" ["no", "id", "kind", "counter", "to_counter", "fund", "given", "giver", "reason",
        "drawn_at", "drawn_by", "decided_at", "decided_by", "txn_seq", "photo"];
    /// Their lines.
    StockLines = "stock_lines" ["paper", "line", "sku", "pieces", "batch", "label", "last_day", "cost_fen",
        "book_pieces", "cost_was", "cost_now"];
    /// Every order that was put aside, as it stood at the signed head.
    Orders = "orders" ["no", "id", "household", "counter", "placed_at", "placed_by", "kept_until", "points", "scale",
        "hold_seq", "state", "ended_at", "ended_by", "ended_seq", "reason"];
    /// Their lines.
    OrderLines = "order_lines" ["order", "line", "sku", "quantity", "price", "points", "scale", "service"];
    /// Everything that came back, void receipts included.
    Returns = "returns" ["no", "id", "kind", "redemption", "counter", "goes_to", "credential", "cashier", "placed_at",
        "points", "scale", "cost_fen", "txn_seq"];
    /// Their lines.
    ReturnLines = "return_lines" ["return", "line", "sku", "quantity", "points", "scale", "cost_fen"];
    /// Every day of a counter that was closed.
    DayCloses = "day_closes" ["counter", "day", "closed_at", "closed_by", "redemptions", "points", "scale", "cost_fen",
        "returns", "points_back", "cost_back", "slips", "why", "signed_at", "signed_by"];
    /// Every calendar of a counter's market days, a later one in place of those before.
    CounterCalendars = "counter_calendars" ["counter", "no", "first_day", "refuse_outside", "rules", "entered_at",
        "entered_by", "digest"];
    /// Every single day of a counter that is otherwise.
    CounterExceptions = "counter_exceptions" ["counter", "no", "day", "kind", "opens", "closes", "reason", "entered_at",
        "entered_by", "digest"];
    /// Every article.
    Goods = "goods" ["sku", "name", "name_en", "unit", "category", "kind", "price", "scale", "cost_fen", "quota",
        "quota_period", "state"];
    /// Debits, credits and balance of each kind of account and commodity.
    TrialBalance = "trial_balance" ["kind", "name", "commodity", "scale", "accounts", "quantity"];
    /// The book: whose, and what it decided about limits.
    Book = "book" ["book_id", "no", "name", "name_en", "opened_on", "demo", "time_overdraft", "time_cap", "seq", "root"];
    /// Every commodity.
    Commodities = "commodities" ["code", "scale", "name", "name_en"];
    /// Every refused command, with its link in their chain.
    Refusals = "refusals" ["key", "kind", "actor", "recorded_at", "code", "facts", "body", "ordinal", "chain"];
    /// Every head that was shown on a sheet.
    Checkpoints = "checkpoints" ["size", "root", "recorded_at"];
    /// Every head that was signed.
    SignedHeads = "signed_heads" ["size", "key_number", "note", "signed_at"];
    /// What witnesses signed.
    Cosignatures = "cosignatures" ["size", "key_name", "key_id", "line", "received_at"];
    /// The public halves of the keys that sign heads.
    Keys = "keys" ["number", "public_key", "since"];
}

impl Table {
    /// The name of its file.
    #[must_use]
    pub fn file(self, format: Format) -> String {
        format!("{}.{}", self.as_str(), format.ending())
    }
}

impl FromStr for Table {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|t| t.as_str() == text).ok_or(UnknownName)
    }
}

/// Some rows, and where the next begin.
#[derive(Default)]
pub(super) struct Page {
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) next: Option<i64>,
}

macro_rules! row {
    ($($value:expr),+ $(,)?) => { vec![$($crate::service::export::cells::Cell::from($value)),+] };
}
pub(super) use row;

/// The rows of a table after `after`.
pub(super) async fn page(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    match table {
        Table::Accounts => accounts(export, after).await,
        Table::Transactions | Table::Entries | Table::MeterUses => log(export, table, after).await,
        Table::Awards => awards(export, after).await,
        Table::Notices => notices(export, after).await,
        Table::Redemptions | Table::RedemptionLines => redemptions(export, table, after).await,
        Table::StockPapers | Table::StockLines => stock::page(export, table, after).await,
        Table::Orders | Table::OrderLines => counters::orders(export, table, after).await,
        Table::Returns | Table::ReturnLines => counters::returns(export, table, after).await,
        Table::DayCloses => counters::day_closes(export, after).await,
        Table::CounterCalendars | Table::CounterExceptions => market::page(export, table, after).await,
        Table::Goods => stock::articles(export, after).await,
        Table::TrialBalance => trial(export).await,
        Table::Book
        | Table::Commodities
        | Table::Refusals
        | Table::Checkpoints
        | Table::SignedHeads
        | Table::Cosignatures
        | Table::Keys => ledger::page(export, table, after).await,
    }
}

fn scale(commodity: &str) -> i64 {
    commodity.parse::<Commodity>().map_or(0, |c| i64::from(c.scale()))
}

fn kind(path: &str) -> Option<AccountKind> {
    kind_of(&path.parse::<Path>().ok()?)
}

async fn accounts(export: &mut Export, after: i64) -> ServiceResult<Page> {
    let found = read::accounts(&mut export.tx, export.programme.book_id, after, PAGE_ROWS).await?;
    let next = found.last().map(|a| a.account_id);
    let rows = found.into_iter().map(|a| {
        let scale = scale(&a.commodity);
        let kind = kind(&a.path).map_or("", AccountKind::name);
        row![
            a.account_id,
            a.path,
            a.commodity,
            scale,
            kind,
            a.min_quantity,
            a.max_quantity,
            a.opened_seq,
            a.quantity,
            a.debited,
            a.version
        ]
    });
    Ok(Page { rows: rows.collect(), next })
}

async fn log(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    let book = export.programme.book_id;
    let mut txns = read::txns(&mut export.tx, book, after.max(0), PAGE_ROWS).await?;
    txns.retain(|t| t.seq <= export.head.seq);
    let Some(through) = txns.last().map(|t| t.seq) else { return Ok(Page::default()) };
    let from = after.max(0);
    let wanted: HashMap<i64, &TxnRow> =
        txns.iter().filter(|t| export.within(t.effective_on)).map(|t| (t.seq, t)).collect();
    let rows = match table {
        Table::Entries => read::entries(&mut export.tx, book, from, through)
            .await?
            .into_iter()
            .filter(|e| wanted.contains_key(&e.seq))
            .map(|e| {
                let scale = scale(&e.commodity);
                row![
                    e.seq,
                    e.line,
                    e.account_id,
                    e.path,
                    e.commodity,
                    scale,
                    e.version,
                    e.quantity,
                    e.balance_after,
                    e.expires_on
                ]
            })
            .collect(),
        Table::MeterUses => read::meter_uses(&mut export.tx, book, from, through)
            .await?
            .into_iter()
            .filter(|u| wanted.contains_key(&u.seq))
            .map(|u| row![u.seq, u.ordinal, u.meter, u.amount, u.ceiling, u.used_after])
            .collect(),
        _ => txns.iter().filter(|t| wanted.contains_key(&t.seq)).map(txn).collect(),
    };
    Ok(Page { rows, next: Some(through) })
}

fn txn(t: &TxnRow) -> Vec<Cell> {
    row![
        t.seq,
        t.id.to_string(),
        t.key.as_str(),
        t.kind.as_str(),
        t.effective_on,
        t.recorded_at,
        t.actor.as_str(),
        t.source.as_deref(),
        t.ruleset.as_deref(),
        t.rule.as_deref(),
        t.reverses_seq,
        t.resolves_seq,
        t.body.as_str(),
        t.hash_version,
        crate::domain::canonical::hex(&t.leaf_hash)
    ]
}

async fn awards(export: &mut Export, after: i64) -> ServiceResult<Page> {
    let book = export.programme.book_id;
    let found = verify::awards_by_no(&mut export.tx, book, after.max(0), PAGE_ROWS).await?;
    let next = found.last().map(|a| a.no);
    let rows = found.into_iter().filter(|a| export.within(a.occurred_on)).map(|a| {
        row![
            a.no,
            a.id.to_string(),
            export.households.get(&a.household_id).map(String::as_str),
            a.ruleset,
            a.item,
            a.quantity,
            a.grade,
            a.occurred_on,
            a.recorded_at,
            a.recorder,
            a.points,
            a.honor,
            a.minutes,
            2_i64,
            a.route,
            a.state,
            a.notice_id.and_then(|id| export.sheets.get(&id).copied()),
            a.notice_line,
            a.closes_at,
            a.txn_seq,
            a.inputs,
            a.explanation,
            a.reason
        ]
    });
    Ok(Page { rows: rows.collect(), next })
}

/// The numbers of all sheets, by id.
pub(super) async fn sheet_numbers(tx: &mut Tx, book: BookId) -> StoreResult<HashMap<NoticeId, i64>> {
    let (mut numbers, mut before) = (HashMap::new(), i64::MAX);
    loop {
        let page = notice::list(tx, book, None, before, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(numbers) };
        before = last.no;
        numbers.extend(page.into_iter().map(|n| (n.id, n.no)));
    }
}

async fn notices(export: &mut Export, after: i64) -> ServiceResult<Page> {
    // newest first: the cursor holds the negated number
    let before = if after == i64::MIN { i64::MAX } else { -after };
    let found = notice::list(&mut export.tx, export.programme.book_id, None, before, PAGE_ROWS).await?;
    let next = found.last().map(|n| -n.no);
    let rows = found.into_iter().filter(|n| export.within(n.compiled_at.day())).map(|n| {
        row![
            n.no,
            n.state,
            n.mode,
            n.days,
            n.lines,
            n.compiled_at,
            n.compiled_by,
            n.published_at,
            n.published_by,
            n.closes_at,
            n.closed_at,
            n.digest.as_deref().map(crate::domain::canonical::hex),
            n.head_size,
            n.head_root.as_deref().map(crate::domain::canonical::hex)
        ]
    });
    Ok(Page { rows: rows.collect(), next })
}

async fn redemptions(export: &mut Export, table: Table, after: i64) -> ServiceResult<Page> {
    let book = export.programme.book_id;
    let from = after.max(0);
    if from >= export.head.seq {
        return Ok(Page::default());
    }
    let through = (from + PAGE_ROWS).min(export.head.seq);
    let found = verify::redemptions(&mut export.tx, book, from, through).await?;
    let numbers: HashMap<_, _> =
        found.iter().filter(|r| export.within(r.placed_at.day())).map(|r| (r.id, r.no)).collect();
    let rows = if table == Table::RedemptionLines {
        let lines = verify::redemption_lines(&mut export.tx, book, from, through).await?;
        lines
            .into_iter()
            .filter_map(|l| {
                let no = *numbers.get(&l.redemption_id)?;
                Some(row![no, l.line, l.sku, l.quantity, l.price, l.points, 2_i64, l.cost_fen])
            })
            .collect()
    } else {
        let own = found.into_iter().filter(|r| numbers.contains_key(&r.id));
        own.map(|r| {
            row![
                r.no,
                r.id.to_string(),
                export.households.get(&r.household_id).map(String::as_str),
                export.counters.get(&r.counter_id).map(String::as_str),
                r.credential,
                r.cashier,
                r.placed_at,
                r.points,
                2_i64,
                r.cost_fen,
                r.available_before,
                r.available_after,
                r.txn_seq
            ]
        })
        .collect()
    };
    Ok(Page { rows, next: Some(through) })
}

async fn trial(export: &mut Export) -> ServiceResult<Page> {
    let lines = crate::service::audit::trial_lines(&mut export.tx, export.programme.book_id).await?;
    let rows = lines.into_iter().map(|l| {
        let scale = scale(&l.commodity);
        row![
            l.kind.map_or("", AccountKind::name),
            l.kind.map_or("", AccountKind::name_en),
            l.commodity,
            scale,
            l.accounts,
            l.quantity
        ]
    });
    Ok(Page { rows: rows.collect(), next: None })
}
