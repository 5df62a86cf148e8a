//! From a paper to its posting: which pieces move, what that is worth, and what a piece costs afterwards. Reads only.

use std::collections::BTreeMap;

use super::{
    Desk, PaperKind, ServiceError, ServiceResult, counter_of, pieces_at, pieces_on, refuse, shelf_path,
    standing,
};
use crate::{
    domain::{
        book::TxnKind,
        chart,
        ids::BookId,
        posting::{Commodity, Line, Path},
        stock::cost::{Moved, average, change_at_cost},
    },
    service::{books::path, goods::commodity, shops},
    store::{
        Tx,
        counter::CounterRow,
        goods,
        ledger::read,
        stock::{self, PaperLineRow, PaperRow},
    },
};

/// The lines of a paper in the body of its transaction: `17x20`, and of a count `17:19/20`, found and by the book.
pub(in crate::service) fn in_body(lines: &[PaperLineRow]) -> String {
    let of_line = |l: &PaperLineRow| match l.book_pieces {
        Some(book) => format!("{}:{}/{book}", l.sku, l.pieces),
        None => format!("{}x{}", l.sku, l.pieces),
    };
    lines.iter().map(of_line).collect::<Vec<_>>().join(" ")
}

/// A paper, ready to be posted.
pub(super) struct Plan {
    pub(super) kind: TxnKind,
    /// Place of the last transaction that was looked at.
    pub(super) seq: i64,
    /// What moves.
    pub(super) lines: Vec<Line>,
    /// Article by article.
    pub(super) moved: BTreeMap<i64, Moved>,
    pub(super) paper: PaperRow,
    pub(super) paper_kind: PaperKind,
    pub(super) paper_lines: Vec<PaperLineRow>,
    /// Where from or where, and of a transfer where to.
    pub(super) counters: Vec<CounterRow>,
}

impl Plan {
    fn here(&self) -> ServiceResult<&CounterRow> {
        self.counters.first().ok_or(ServiceError::NotFound("counter"))
    }

    /// Pieces of the lines by article.
    fn sums(&self) -> BTreeMap<i64, i64> {
        let mut out = BTreeMap::new();
        for line in &self.paper_lines {
            *out.entry(line.sku).or_default() += line.pieces;
        }
        out
    }

    /// What a receipt is worth by its own prices, in all or of one article.
    fn value(&self, sku: Option<i64>) -> i64 {
        let of_it = self.paper_lines.iter().filter(|l| sku.is_none_or(|sku| l.sku == sku));
        of_it.map(|l| l.pieces * l.cost_fen.unwrap_or(0)).sum()
    }
}

impl Desk {
    /// What agreeing to a paper would post now.
    pub(super) async fn plan(&self, tx: &mut Tx, book: BookId, paper: PaperRow) -> ServiceResult<Plan> {
        let seq = read::head(tx, book).await?.ok_or(ServiceError::NotFound("book"))?.seq;
        let (paper_kind, _) = standing(&paper)?;
        let mut counters = vec![counter_of(tx, book, paper.counter_id).await?];
        if let Some(to) = paper.to_counter_id {
            counters.push(counter_of(tx, book, to).await?);
        }
        for counter in &counters {
            shops::of_the_village(tx, book, counter.id).await?;
        }
        let mut plan = Plan {
            kind: match paper_kind {
                PaperKind::Receipt => TxnKind::GoodsIn,
                PaperKind::Transfer => TxnKind::GoodsMove,
                PaperKind::Loss => TxnKind::GoodsOut,
                PaperKind::Count => TxnKind::Stocktake,
            },
            seq,
            lines: Vec::new(),
            moved: BTreeMap::new(),
            paper_lines: stock::lines(tx, book, paper.id).await?,
            paper,
            paper_kind,
            counters,
        };
        if paper_kind == PaperKind::Count {
            let lines = std::mem::take(&mut plan.paper_lines);
            plan.paper_lines = compared(tx, book, plan.here()?, lines).await?;
        }
        for (sku, pieces) in plan.sums() {
            let moved = moved(tx, book, &plan, sku, pieces).await?;
            plan.moved.insert(sku, moved);
        }
        for line in &mut plan.paper_lines {
            let cost = plan.moved.get(&line.sku);
            (line.cost_was, line.cost_now) = (cost.map(|m| m.was), cost.map(|m| m.now));
        }
        plan.lines = lines(&plan)?;
        Ok(plan)
    }
}

/// The lines of a count with what the book said of each article when it was counted.
pub(super) async fn compared(
    tx: &mut Tx,
    book: BookId,
    at: &CounterRow,
    mut lines: Vec<PaperLineRow>,
) -> ServiceResult<Vec<PaperLineRow>> {
    let shelf = shelf_path(&at.code)?;
    for line in &mut lines {
        let code = commodity(line.sku)?;
        let seq = line.counted_seq.unwrap_or(0);
        line.book_pieces = Some(pieces_on(tx, book, shelf.as_str(), code.as_str(), seq).await?);
    }
    Ok(lines)
}

/// How an article moves, refused when a shelf has too little.
async fn moved(tx: &mut Tx, book: BookId, plan: &Plan, sku: i64, pieces: i64) -> ServiceResult<Moved> {
    let row = goods::by_sku(tx, book, sku).await?.ok_or(ServiceError::NotFound("goods"))?;
    let here = plan.here()?;
    let code = commodity(sku)?;
    let found = plan.paper_lines.iter().find(|l| l.sku == sku).and_then(|l| l.book_pieces);
    let (by, there) = match plan.paper_kind {
        PaperKind::Receipt => (pieces, None),
        PaperKind::Transfer => (-pieces, plan.counters.get(1)),
        PaperKind::Loss => (-pieces, None),
        PaperKind::Count => (pieces - found.unwrap_or(pieces), None),
    };
    let mut out = Moved { was: row.cost_fen, now: row.cost_fen, pieces: BTreeMap::new() };
    if plan.paper_kind == PaperKind::Receipt && plan.value(Some(sku)) != pieces * row.cost_fen {
        let shelves = pieces_at(tx, book, code.as_str(), plan.seq).await?;
        out.now = average(shelves.values().sum(), row.cost_fen, pieces, plan.value(Some(sku)));
        if out.now != out.was {
            out.pieces.extend(shelves.into_iter().map(|(counter, has)| (counter, (has, 0))));
        }
    }
    if by < 0 {
        let has = read::balance(tx, book, shelf_path(&here.code)?.as_str(), code.as_str()).await?;
        if has + by < 0 {
            return Err(too_few(plan.paper_kind, &row.name, -by, has));
        }
    }
    out.pieces.entry(here.code.clone()).or_default().1 += by;
    if let Some(there) = there {
        out.pieces.entry(there.code.clone()).or_default().1 -= by;
    }
    Ok(out)
}

fn too_few(kind: PaperKind, article: &str, needed: i64, has: i64) -> ServiceError {
    let code = if kind == PaperKind::Count { "count_impossible" } else { "shelf_has_less" };
    refuse(code).with("article", article).with("needed", needed).with("available", has).into()
}

/// The lines of the posting: pieces, then cost.
fn lines(plan: &Plan) -> ServiceResult<Vec<Line>> {
    let fund = plan.paper.fund.as_deref().unwrap_or_default();
    let mut out = Vec::new();
    let mut add = |account: Path, commodity: Commodity, quantity: i64| {
        if quantity != 0 {
            out.push(Line::new(account, commodity, quantity));
        }
    };
    for (sku, moved) in &plan.moved {
        let code = commodity(*sku)?;
        let mut sum = 0;
        for (counter, (_, by)) in &moved.pieces {
            add(shelf_path(counter)?, code.clone(), *by);
            sum += by;
        }
        let contra = match plan.paper_kind {
            PaperKind::Receipt => path(chart::received(fund))?,
            PaperKind::Transfer | PaperKind::Loss | PaperKind::Count => chart::loss(),
        };
        add(contra, code, -sum);
    }
    let mut worth = 0;
    for (counter, change) in change_at_cost(plan.moved.values()) {
        add(path(chart::stock_cost(&counter))?, Commodity::cnyfen(), change);
        worth += change;
    }
    if plan.paper_kind == PaperKind::Receipt {
        let (value, given) = (plan.value(None), !plan.paper.donor.is_empty());
        let source = if given { chart::donations(fund) } else { chart::fund(fund) };
        add(path(source)?, Commodity::cnyfen(), -value);
        add(chart::cost_difference(), Commodity::cnyfen(), value - worth);
    } else {
        add(chart::loss(), Commodity::cnyfen(), -worth);
    }
    Ok(out)
}
