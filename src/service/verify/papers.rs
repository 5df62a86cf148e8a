//! The papers behind the postings: every posted award and redemption says the same as its transaction, and every such
//! transaction has its paper. Holds no rules: see [`super::caps`]; no sheets: see [`super::sheets`].

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{
    Pass, Tally, fault,
    ledger::{Page, Replay, Stored},
    maybe, same,
};
use crate::{
    domain::{
        book::TxnKind,
        canonical::hex,
        chart,
        due_process::{AwardState, ReviewStep},
        ids::{AwardId, BookId, CounterId, HouseholdId},
        panel::{self, Outcome},
        posting::{Commodity, InvalidPath, Path},
    },
    service::rulesets,
    store::{
        Tx, as_of,
        award::AwardRow,
        bystander,
        ledger::read,
        redemption::RedemptionRow,
        returns,
        sitting::{self, PassedRow},
        stock,
        verify::{self, RawRedemptionLine},
    },
};

/// Names needed to compare papers with paths.
pub(super) struct Papers {
    book: BookId,
    /// The transactions up to here came by an import: their papers are where they came from.
    imported: i64,
    households: HashMap<HouseholdId, String>,
    counters: HashMap<CounterId, String>,
    /// Redemptions met so far: their numbers are dense.
    last_no: i64,
    awards: i64,
    redemptions: i64,
    stock_papers: i64,
    /// Orders met so far: their numbers are dense.
    orders: i64,
    /// Returns met so far, and those that came by an import.
    returns: i64,
    returns_imported: i64,
    /// Redemptions with somebody beside.
    bystanders: i64,
    /// Honour scores as of the transaction at hand, by household number; a credit is negative.
    scores: HashMap<String, i64>,
}

impl Papers {
    pub(super) async fn begin(tx: &mut Tx, book: BookId, imported: i64) -> Pass<Self> {
        Ok(Self {
            book,
            imported,
            households: verify::households(tx, book).await?.into_iter().collect(),
            counters: verify::counters(tx, book).await?.into_iter().collect(),
            last_no: 0,
            awards: 0,
            redemptions: 0,
            stock_papers: 0,
            orders: 0,
            returns: 0,
            returns_imported: 0,
            bystanders: 0,
            scores: HashMap::new(),
        })
    }

    /// Compares the papers of one page of transactions.
    pub(super) async fn page(
        &mut self,
        tx: &mut Tx,
        replay: &Replay,
        page: &Page,
        tally: &mut Tally,
    ) -> Pass {
        let awards = verify::awards(tx, self.book, page.after, page.through).await?;
        let awards: HashMap<i64, AwardRow> =
            awards.into_iter().filter_map(|a| Some((a.txn_seq?, a))).collect();
        let mut taken: VecDeque<RedemptionRow> =
            verify::redemptions(tx, self.book, page.after, page.through).await?.into();
        let mut lines: VecDeque<RawRedemptionLine> =
            verify::redemption_lines(tx, self.book, page.after, page.through).await?.into();
        let passed = sitting::passed(tx, self.book, page.after, page.through).await?;
        let passed: HashMap<AwardId, PassedRow> = passed.into_iter().map(|p| (p.id, p)).collect();
        for stored in &page.stored {
            let moved = Moved::by(replay, stored);
            self.scores.extend(moved.scores());
            let kind = stored.txn.kind.as_str();
            if stored.txn.seq <= self.imported {
                // receipts are numbered on from there
                let source = stored.txn.source.as_deref().unwrap_or_default();
                self.last_no += i64::from(is_redemption(kind, source));
                self.orders += i64::from(is_order(kind, source));
                self.returns += i64::from(source.starts_with("return:"));
                self.returns_imported = self.returns;
                continue;
            }
            let source = stored.txn.source.as_deref().unwrap_or_default();
            if source.starts_with("award:")
                && [TxnKind::Award.as_str(), TxnKind::Deduction.as_str()].contains(&kind)
            {
                let seq = Some(stored.txn.seq);
                let award = awards.get(&stored.txn.seq);
                let award =
                    award.ok_or_else(|| fault(seq, "award", source, "txn_seq", stored.txn.seq, "-"))?;
                self.award(tx, stored, award, &moved).await?;
                voted(stored.txn.seq, award, passed.get(&award.id))?;
                self.awards += 1;
            }
            if source.starts_with("stock:") {
                super::goods::paper(tx, self.book, stored, &self.counters).await?;
                self.stock_papers += 1;
            }
            if source.starts_with("return:") {
                self.returns += 1;
                super::returns::paper(tx, self.book, stored, self.returns).await?;
            }
            if is_order(kind, source) {
                self.orders += 1;
                let names = (&self.households, &self.counters);
                super::orders::placed(tx, self.book, stored, self.orders, names).await?;
            }
            if is_redemption(kind, source) {
                let row = taken.pop_front_if(|r| r.txn_seq <= stored.txn.seq);
                let seq = Some(stored.txn.seq);
                let row =
                    row.ok_or_else(|| fault(seq, "redemption", source, "txn_seq", stored.txn.seq, "-"))?;
                same(seq, "redemption", &row.no.to_string(), "txn_seq", stored.txn.seq, row.txn_seq)?;
                let own: Vec<RawRedemptionLine> =
                    std::iter::from_fn(|| lines.pop_front_if(|l| l.redemption_id == row.id)).collect();
                let after = self.available_after(tx, stored, &row, &moved).await?;
                self.redemption(stored, &row, &own, (&moved, after))?;
                self.bystanders += super::bystanders::paper(tx, self.book, stored, &row).await?;
                tally.redemptions += 1;
            }
        }
        match taken.front() {
            None => Ok(()),
            Some(row) => {
                let no = row.no.to_string();
                Err(fault(
                    Some(row.txn_seq),
                    "redemption",
                    &no,
                    "txn_seq",
                    "a redemption's transaction",
                    row.txn_seq,
                ))
            }
        }
    }

    async fn award(&self, tx: &mut Tx, stored: &Stored, award: &AwardRow, moved: &Moved) -> Pass {
        let t = &stored.txn;
        let (seq, no) = (Some(t.seq), award.no.to_string());
        same(seq, "award", &no, "id", t.source.clone().unwrap_or_default(), format!("award:{}", award.id))?;
        same(seq, "award", &no, "ruleset", maybe(t.ruleset.as_deref()), award.ruleset.clone())?;
        same(seq, "award", &no, "item", maybe(t.rule.as_deref()), award.item.clone())?;
        let household = self.households.get(&award.household_id).map_or("", String::as_str);
        let available = moved.credit(chart::household_available(household), Commodity::POINT);
        same(seq, "award", &no, "points", available, award.points)?;
        let honor = moved.credit(chart::household_honor(household), Commodity::HONOR);
        same(seq, "award", &no, "honor_moved", honor.to_string(), maybe(award.honor_moved))?;
        // a deduction stops at the floor of the score, and nowhere above it
        if honor != award.honor {
            let floor = rulesets::of_hash(tx, &award.ruleset).await?.programme.honor_floor;
            let score = -self.scores.get(household).copied().unwrap_or(0);
            if !(award.honor < honor && honor <= 0 && score <= floor) {
                return Err(fault(seq, "award", &no, "honor", honor, award.honor));
            }
        }
        let minutes = moved.debit("Equity:Time:Service", Commodity::MIN);
        same(seq, "award", &no, "minutes", minutes, award.minutes)?;
        let reversed = read::reversed_by(tx, self.book, t.seq).await?.is_some();
        let state = if reversed { AwardState::Reversed } else { AwardState::Posted };
        same(seq, "award", &no, "state", state.as_str(), award.state.as_str())?;
        same(seq, "award", &no, "step", ReviewStep::THROUGH, award.step)?;
        // the key of the posting names sheet and line
        let place = format!("notice:{}:{}", maybe(award.notice_id), award.notice_line.unwrap_or(0));
        if t.key != place && !t.key.starts_with(&format!("{place}:")) {
            return Err(fault(seq, "award", &no, "notice_line", &t.key, place));
        }
        let sheet = verify::sheet_of(tx, self.book, award.no).await?;
        let sheet = sheet.ok_or_else(|| fault(seq, "award", &no, "notice_id", "a sheet", "-"))?;
        let published = sheet.published_at.filter(|at| *at < t.recorded_at);
        let published =
            published.ok_or_else(|| fault(seq, "award", &no, "notice_id", "a published sheet", sheet.no))?;
        let closes = award.closes_at.filter(|at| *at <= t.recorded_at && *at > published);
        if closes.is_none() {
            let expected = format!("between {published} and {}", t.recorded_at);
            return Err(fault(seq, "award", &no, "closes_at", expected, maybe(award.closes_at)));
        }
        Ok(())
    }

    /// What the household had with a redemption; one of an order that is collected wholly does not move it.
    async fn available_after(
        &self,
        tx: &mut Tx,
        stored: &Stored,
        row: &RedemptionRow,
        moved: &Moved,
    ) -> Pass<i64> {
        let household = self.households.get(&row.household_id).map_or("", String::as_str);
        let path = chart::household_available(household);
        if stored.txn.resolves_seq.is_none() || moved.credit(path.clone(), Commodity::POINT) != 0 {
            return Ok(moved.balance(path));
        }
        let Ok(path) = path else { return Ok(0) };
        let accounts = read::accounts_of(tx, self.book, path.as_str()).await?;
        let Some(account) = accounts.into_iter().find(|a| a.commodity == Commodity::POINT) else {
            return Ok(0);
        };
        let version = as_of::version_at(tx, self.book, account.account_id, stored.txn.seq).await?;
        Ok(-as_of::balance_at(tx, self.book, account.account_id, version).await?)
    }

    fn redemption(
        &mut self,
        stored: &Stored,
        row: &RedemptionRow,
        lines: &[RawRedemptionLine],
        (moved, after): (&Moved, i64),
    ) -> Pass {
        let t = &stored.txn;
        let (seq, no) = (Some(t.seq), row.no.to_string());
        self.last_no += 1;
        self.redemptions += 1;
        same(seq, "redemption", &no, "no", self.last_no, row.no)?;
        same(
            seq,
            "redemption",
            &no,
            "id",
            t.source.clone().unwrap_or_default(),
            format!("order:{}", row.id),
        )?;
        same(seq, "redemption", &no, "cashier", t.actor.as_str(), row.cashier.as_str())?;
        let household = self.households.get(&row.household_id).map_or("", String::as_str);
        let counter = self.counters.get(&row.counter_id).map_or("", String::as_str);
        let of = |account| -moved.credit(account, Commodity::POINT);
        // of an order, what was put aside and did not go back
        let taken = of(chart::household_available(household)) + of(chart::household_held(household));
        same(seq, "redemption", &no, "points", taken, row.points)?;
        let redeemed = moved.credit(chart::redeemed(counter), Commodity::POINT);
        same(seq, "redemption", &no, "counter_id", redeemed, row.points)?;
        same(
            seq,
            "redemption",
            &no,
            "cost_fen",
            moved.debit("Expenses:Rewards", Commodity::CNYFEN),
            row.cost_fen,
        )?;
        same(seq, "redemption", &no, "available_after", after, row.available_after)?;
        same(seq, "redemption", &no, "available_before", after + taken, row.available_before)?;
        let number = stored.uses.iter().find(|u| u.meter == "receipt").map(|u| u.used_after);
        same(seq, "redemption", &no, "no", maybe(number), no.clone())?;
        let code = stored.uses.iter().find_map(|u| u.meter.strip_prefix("once:code:"));
        same(seq, "redemption", &no, "code_digest", maybe(code), maybe(row.code_digest.as_deref().map(hex)))?;
        let shown = match row.credential.as_str() {
            "phone" => row.code_digest.is_some() && row.card_id.is_none(),
            "card" | "card_pin" => row.code_digest.is_none() && row.card_id.is_some(),
            "witness" | "helper" => row.code_digest.is_none() && row.card_id.is_none(),
            "pickup" => t.resolves_seq.is_some() && row.code_digest.is_none() && row.card_id.is_none(),
            _ => false,
        };
        if !shown {
            return Err(fault(seq, "redemption", &no, "credential", "what was shown", &row.credential));
        }
        let mut pieces: BTreeMap<String, i64> = BTreeMap::new();
        for (line, place) in lines.iter().zip(1..) {
            same(seq, "redemption_line", &no, "line", place, line.line)?;
            same(seq, "redemption_line", &no, "points", line.price * line.quantity, line.points)?;
            *pieces.entry(format!("SKU-{:06}", line.sku)).or_default() += line.quantity;
        }
        let sum = |of: fn(&RawRedemptionLine) -> i64| lines.iter().map(of).sum::<i64>();
        same(seq, "redemption_line", &no, "points", row.points, sum(|l| l.points))?;
        same(seq, "redemption_line", &no, "cost_fen", row.cost_fen, sum(|l| l.cost_fen))?;
        // a service has no stock, so its pieces move nothing
        for (code, quantity) in moved.issued() {
            same(seq, "redemption_line", &no, "quantity", quantity, pieces.get(code).copied().unwrap_or(0))?;
        }
        Ok(())
    }

    /// Papers that point at no transaction.
    pub(super) async fn finish(&mut self, tx: &mut Tx) -> Pass {
        let (redemptions, awards, posted) = verify::papers(tx, self.book).await?;
        same(None, "redemption", "", "txn_seq", self.redemptions, redemptions)?;
        let beside = bystander::count(tx, self.book).await?;
        same(None, "redemption_bystander", "", "redemption_id", self.bystanders, beside)?;
        let on_paper = stock::posted(tx, self.book).await?;
        same(None, "stock_paper", "", "txn_seq", self.stock_papers, on_paper)?;
        super::orders::ended(tx, self.book).await?;
        super::day_closes::all(tx, self.book).await?;
        super::market::all(tx, self.book).await?;
        super::offline::rounds(tx, self.book).await?;
        let on_file = returns::count(tx, self.book).await?;
        same(None, "goods_return", "", "txn_seq", self.returns - self.returns_imported, on_file)?;
        same(None, "award", "", "txn_seq", self.awards, awards)?;
        // nothing is posted without a transaction
        same(None, "award", "", "state", self.awards, posted)
    }
}

/// Whether a transaction is a redemption, at once or of what was put aside.
fn is_redemption(kind: &str, source: &str) -> bool {
    kind == TxnKind::Redemption.as_str()
        || (kind == TxnKind::Capture.as_str() && source.starts_with("order:"))
}

/// Whether a transaction puts an order aside.
fn is_order(kind: &str, source: &str) -> bool {
    kind == TxnKind::Hold.as_str() && source.starts_with("order:")
}

/// An award that the panel had to pass was passed: by more than half of five at least, each on file; and no other was.
fn voted(seq: i64, award: &AwardRow, passed: Option<&PassedRow>) -> Pass {
    let (seq, no) = (Some(seq), award.no.to_string());
    let needed = ReviewStep::Panel.is_of(award.route_level(), award.panel);
    same(seq, "award", &no, "panel", passed.is_some(), needed)?;
    let Some(line) = passed else { return Ok(()) };
    let tally = panel::Tally {
        voters: usize::try_from(line.voters).unwrap_or(0),
        yes: usize::try_from(line.yes).unwrap_or(0),
        no: 0,
        abstained: 0,
    };
    same(seq, "sitting_line", &no, "outcome", tally.outcome(), Outcome::Passed)?;
    same(seq, "sitting_line", &no, "yes", line.approvals, i64::from(line.yes))
}

/// What a transaction moved, by path.
pub(super) struct Moved(Vec<(Path, Commodity, i64, i64)>);

type Named = Result<Path, InvalidPath>;

impl Moved {
    pub(super) fn by(replay: &Replay, stored: &Stored) -> Self {
        let lines = stored.entries.iter().filter_map(|e| {
            let (path, commodity) = replay.keys.get(&e.account_id)?;
            Some((path.clone(), commodity.clone(), e.quantity, e.balance_after))
        });
        Self(lines.collect())
    }

    /// The debits of an account less its credits.
    fn debit(&self, path: &str, commodity: &str) -> i64 {
        let own = self.0.iter().filter(|(p, c, ..)| p.as_str() == path && c.as_str() == commodity);
        own.map(|(_, _, quantity, _)| quantity).sum()
    }

    /// The credits of an account less its debits; one without a name moved nothing.
    pub(super) fn credit(&self, path: Named, commodity: &str) -> i64 {
        path.map_or(0, |path| -self.debit(path.as_str(), commodity))
    }

    /// What a household has after it.
    fn balance(&self, path: Named) -> i64 {
        let own = path.ok().and_then(|path| self.0.iter().find(|(p, ..)| *p == path));
        own.map_or(0, |(_, _, _, after)| -after)
    }

    /// The honour scores it left, by household number.
    fn scores(&self) -> impl Iterator<Item = (String, i64)> {
        self.0.iter().filter(|(_, commodity, ..)| commodity.as_str() == Commodity::HONOR).filter_map(
            |(path, _, _, after)| {
                let no = path.as_str().strip_prefix("Liabilities:Households:")?.split(':').next()?;
                Some((no.to_owned(), *after))
            },
        )
    }

    /// Goods handed over, by commodity.
    fn issued(&self) -> impl Iterator<Item = (&str, i64)> {
        let own = self.0.iter().filter(|(p, ..)| *p == chart::issued());
        own.map(|(_, commodity, quantity, _)| (commodity.as_str(), *quantity))
    }
}
