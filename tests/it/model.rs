//! The book's naive twin: a list of commands, and everything recomputed from it each time. It shares no decision
//! with [`greencoin::domain::book`], so that the two can be held against each other.

mod random;

use std::collections::BTreeMap;

use greencoin::domain::{
    book::{Command, MeterUse, TxnKind},
    posting::Line,
    time::{Day, Timestamp},
};

pub(crate) use random::{Step, random_commands};

/// What the twin says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Posted(i64),
    Refused(&'static str),
    Replayed(Box<Self>),
    Conflict(Vec<String>),
}

/// The policy both sides follow.
pub(crate) const TIME_OVERDRAFT: i64 = 60;
pub(crate) const TIME_CAP: i64 = 2000;

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) posted: Vec<(Command, Timestamp)>,
    pub(crate) asked: Vec<(Command, Verdict)>,
    pub(crate) closed: Option<Day>,
}

impl Model {
    pub(crate) fn decide(&mut self, c: &Command, now: Timestamp) -> Verdict {
        if let Some((first, verdict)) = self.asked.iter().find(|(first, _)| first.key == c.key) {
            let mut fields = Vec::new();
            if first.actor != c.actor {
                fields.push("actor".to_owned());
            }
            if first.kind != c.kind {
                fields.push("kind".to_owned());
            }
            let both: BTreeMap<_, _> = first.body.iter().chain(&c.body).collect();
            fields
                .extend(both.keys().filter(|k| first.body.get(**k) != c.body.get(**k)).map(|k| (*k).clone()));
            return if fields.is_empty() {
                Verdict::Replayed(Box::new(verdict.clone()))
            } else {
                Verdict::Conflict(fields)
            };
        }
        let last = self.posted.last().map_or(0, |(_, at)| at.micros());
        let at = Timestamp::from_micros(now.micros().max(last + 1));
        let verdict = match self.objection(c, at) {
            Some(code) => Verdict::Refused(code),
            None => {
                if c.kind == TxnKind::PeriodClose {
                    self.closed = Some(c.effective_on);
                }
                self.posted.push((c.clone(), at));
                Verdict::Posted(self.seq())
            }
        };
        self.asked.push((c.clone(), verdict.clone()));
        verdict
    }

    /// The last place.
    pub(crate) fn seq(&self) -> i64 {
        number(self.posted.len())
    }

    pub(crate) fn get(&self, seq: i64) -> Option<&Command> {
        self.posted.get(usize::try_from(seq - 1).ok()?).map(|(c, _)| c)
    }

    /// Every line ever posted on an account, with whether its transaction undid or resolved another.
    fn lines<'a>(&'a self, path: &'a str, commodity: &'a str) -> impl Iterator<Item = (&'a Line, bool)> {
        self.posted.iter().flat_map(move |(c, _)| {
            let returns = c.reverses.is_some() || c.resolves.is_some();
            let here = move |l: &&Line| l.account.as_str() == path && l.commodity.as_str() == commodity;
            c.posting.lines().iter().filter(here).map(move |l| (l, returns))
        })
    }

    /// Balance, net debits and number of entries of an account.
    pub(crate) fn standing(&self, path: &str, commodity: &str) -> (i64, i64, i64) {
        let lots = path.ends_with(":Available") || path.ends_with(":Time");
        let debited = |(l, returns): (&Line, bool)| match (lots && returns, l.expires_on) {
            (false, _) if l.quantity > 0 => l.quantity,
            (true, None) if l.quantity < 0 => l.quantity,
            _ => 0,
        };
        (
            self.lines(path, commodity).map(|(l, _)| l.quantity).sum(),
            self.lines(path, commodity).map(debited).sum(),
            number(self.lines(path, commodity).count()),
        )
    }

    /// What a command counts, with what it gives back.
    pub(crate) fn uses(&self, c: &Command) -> Vec<MeterUse> {
        let reversed = c.reverses.and_then(|seq| self.get(seq));
        let behind = reversed.and_then(|o| o.resolves).and_then(|seq| self.get(seq));
        let released = c.resolves.and_then(|seq| self.get(seq)).filter(|_| c.kind == TxnKind::Release);
        let back = [reversed, behind, released].into_iter().flatten().flat_map(|o| o.meters.clone());
        let back = back.filter(|m| m.limit.is_some() && !m.meter.starts_with("once:"));
        c.meters.iter().cloned().chain(back.map(|m| MeterUse { amount: -m.amount, ..m })).collect()
    }

    pub(crate) fn used(&self, meter: &str) -> i64 {
        let all = self.posted.iter().flat_map(|(c, _)| self.uses(c));
        all.filter(|m| m.meter == meter).map(|m| m.amount).sum()
    }

    fn objection(&self, c: &Command, at: Timestamp) -> Option<&'static str> {
        if self.closed.is_some_and(|day| c.effective_on <= day) {
            return Some("closed_period");
        }
        if c.effective_on > at.day() {
            return Some("future_date");
        }
        let closes = c.kind == TxnKind::PeriodClose;
        if closes && c.effective_on == at.day() {
            return Some("future_date");
        }
        let still = closes || c.kind == TxnKind::Notice;
        let idle = still || c.kind == TxnKind::Deduction || c.kind == TxnKind::Reversal;
        match c.posting.lines().len() {
            0 if !idle => return Some("nothing_moves"),
            0 => {}
            _ if still => return Some("invalid_link"),
            _ => {}
        }
        for l in c.posting.lines() {
            let account = l.account.as_str();
            if bounds(account, l.commodity.as_str()).is_none() {
                return Some("not_in_chart");
            }
            let lots = account.ends_with(":Available") || account.ends_with(":Time");
            let new_credit = l.quantity < 0 && c.resolves.is_none();
            if l.expires_on.is_some() && !(lots && (new_credit || c.reverses.is_some())) {
                return Some("no_lots");
            }
        }
        self.link_objection(c).or_else(|| self.meter_objection(c)).or_else(|| {
            c.posting.lines().iter().find_map(|l| {
                let (min, max, code) = bounds(l.account.as_str(), l.commodity.as_str())?;
                let after = self.standing(l.account.as_str(), l.commodity.as_str()).0 + l.quantity;
                let code =
                    if l.quantity > 0 || code == "insufficient_stock" { code } else { "balance_limit" };
                (after < min || after > max).then_some(code)
            })
        })
    }

    fn meter_objection(&self, c: &Command) -> Option<&'static str> {
        let mut used = BTreeMap::new();
        self.uses(c).iter().find_map(|m| {
            let used = used.entry(m.meter.clone()).or_insert_with(|| self.used(&m.meter));
            *used += m.amount;
            if m.amount > 0 && m.limit.is_some_and(|limit| *used > limit) {
                return Some("limit_exceeded");
            }
            (*used < 0).then_some("meter_underflow")
        })
    }

    fn link_objection(&self, c: &Command) -> Option<&'static str> {
        match (c.kind, c.reverses, c.resolves) {
            (TxnKind::Reversal, Some(seq), None) => {
                let Some(o) = self.get(seq) else { return Some("original_not_found") };
                if o.kind == TxnKind::Reversal {
                    return Some("reversal_of_reversal");
                }
                if matches!(o.kind, TxnKind::Hold | TxnKind::Release) {
                    return Some("reversal_of_hold");
                }
                if matches!(o.kind, TxnKind::PeriodClose | TxnKind::Notice) {
                    return Some("invalid_link");
                }
                if self.posted.iter().any(|(p, _)| p.reverses == Some(seq)) {
                    return Some("already_reversed");
                }
                let hold = o.resolves.and_then(|seq| self.get(seq));
                let undone = [Some(o), hold].into_iter().flatten().flat_map(|o| o.posting.lines().to_vec());
                (!mirrored(c.posting.lines(), &undone.collect::<Vec<_>>())).then_some("not_mirror")
            }
            (TxnKind::Capture | TxnKind::Release, None, Some(seq)) => {
                let Some(hold) = self.get(seq) else { return Some("original_not_found") };
                if hold.kind != TxnKind::Hold {
                    return Some("not_a_hold");
                }
                if self.posted.iter().any(|(p, _)| p.resolves == Some(seq)) {
                    return Some("already_resolved");
                }
                if c.kind == TxnKind::Release {
                    return (!mirrored(c.posting.lines(), hold.posting.lines())).then_some("not_mirror");
                }
                let of = |lines: &[Line], account: &str| -> i64 {
                    lines.iter().filter(|l| l.account.as_str() == account).map(|l| l.quantity).sum()
                };
                let own = |l: &Line| of(hold.posting.lines(), l.account.as_str());
                let kept = |l: &&Line| reserve(l) && of(c.posting.lines(), l.account.as_str()) != -l.quantity;
                if hold.posting.lines().iter().any(|l| kept(&l)) {
                    return Some("reserve_mismatch");
                }
                c.posting.lines().iter().find_map(|l| {
                    if reserve(l) && own(l) == 0 {
                        return Some("reserve_mismatch");
                    }
                    let taken = l.quantity > 0 || own(l) == 0;
                    (l.account.as_str().ends_with(":Available") && taken).then_some("exceeds_hold")
                })
            }
            (TxnKind::Reversal | TxnKind::Capture | TxnKind::Release, ..)
            | (_, Some(_), _)
            | (_, _, Some(_)) => Some("invalid_link"),
            _ => {
                let adds = |l: &Line| (l.quantity < 0) == l.account.as_str().ends_with(":Held");
                let (hold, lines) = (c.kind == TxnKind::Hold, c.posting.lines());
                if lines.iter().any(|l| reserve(l) && !(hold && adds(l))) {
                    return Some("reserve_mismatch");
                }
                if hold && !lines.iter().any(reserve) {
                    return Some("invalid_link");
                }
                let mut homes: BTreeMap<String, i64> = BTreeMap::new();
                for l in lines.iter().filter(|l| l.commodity.as_str() == "POINT") {
                    if let Some(rest) = l.account.as_str().strip_prefix("Liabilities:Households:") {
                        *homes.entry(rest.split(':').next().unwrap().to_owned()).or_default() += l.quantity;
                    }
                }
                let moved = homes.values().any(|n| *n > 0) && homes.values().any(|n| *n < 0);
                (moved && c.kind != TxnKind::HouseholdChange).then_some("transfer")
            }
        }
    }
}

/// A count as the books write it.
pub(crate) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}

fn reserve(l: &Line) -> bool {
    l.account.as_str().ends_with(":Held") || l.account.as_str().starts_with("Assets:Reserved:")
}

/// Whether each undone sum is taken back whole, by its own account or, for points already spent, by the arrears.
fn mirrored(lines: &[Line], undone: &[Line]) -> bool {
    let sums = |lines: &[Line]| {
        let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
        for l in lines {
            *sums.entry((l.account.to_string(), l.commodity.to_string())).or_default() += l.quantity;
        }
        sums.retain(|_, n| *n != 0);
        sums
    };
    let (mut want, mut got) = (sums(undone), sums(lines));
    for (account, commodity) in got.clone().into_keys() {
        let key = (account.replace(":Arrears", ":Available"), commodity.clone());
        let owed = account.ends_with(":Arrears") && !undone.iter().any(|l| l.account.as_str() == account);
        let moved = got[&(account.clone(), commodity.clone())];
        if owed && moved > 0 && want.get(&key).is_some_and(|n| *n < 0 && moved <= -n) {
            got.remove(&(account, commodity));
            *want.get_mut(&key).unwrap() += moved;
        }
    }
    want.retain(|_, n| *n != 0);
    let expiries = lines.iter().all(|l| {
        let mut same = undone.iter().filter(|u| u.account == l.account && u.commodity == l.commodity);
        same.next().map_or(l.expires_on.is_none(), |u| u.expires_on == l.expires_on)
    });
    want.iter().map(|(k, n)| (k.clone(), -n)).eq(got) && expiries
}

/// The least and the most an account may hold, and the refusal when it would hold more; nothing outside the chart.
fn bounds(account: &str, commodity: &str) -> Option<(i64, i64, &'static str)> {
    let any = (i64::MIN, i64::MAX, "balance_limit");
    let debit = |code| (0, i64::MAX, code);
    let credit = |code| (i64::MIN, 0, code);
    let (counted, bounds) = match account.split(':').collect::<Vec<_>>().as_slice() {
        ["Equity", "Budget", _] => ("POINT", credit("insufficient_budget")),
        ["Liabilities", "Households", _, "Available"] => ("POINT", credit("insufficient_points")),
        ["Liabilities", "Households", _, "Held"] => ("POINT", credit("balance_limit")),
        ["Liabilities", "Households", _, "Arrears"] => ("POINT", debit("balance_limit")),
        ["Liabilities", "Households", _, "Honor"] => ("HONOR", credit("insufficient_honor")),
        ["Liabilities", "Persons", _, "Time"] => ("MIN", (-TIME_CAP, TIME_OVERDRAFT, "insufficient_time")),
        ["Equity", "Authorised", _] | ["Income", "Redeemed", _] | ["Equity", "Expired"] => ("POINT", any),
        ["Equity", "Honor"] => ("HONOR", any),
        ["Equity", "Time", "Service"] => ("MIN", any),
        ["Assets", "Stock", _] => ("SKU-000001", debit("insufficient_stock")),
        ["Assets", "Reserved", _] => ("SKU-000001", debit("balance_limit")),
        ["Equity", "Received", _] | ["Expenses", "Issued"] => ("SKU-000001", any),
        ["Assets", "StockCost" | "Fund", _] | ["Income", "Donations", _] | ["Expenses", "Rewards"] => {
            ("CNYFEN", any)
        }
        _ => return None,
    };
    (counted == commodity).then_some(bounds)
}
