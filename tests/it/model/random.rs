//! Random histories of a village. The same seed gives the same history, and a shorter one begins a longer one.

use greencoin::domain::{
    book::{Command, MeterUse, TxnKind},
    entropy::{ChaChaEntropy, Entropy},
    ids::TxnId,
    posting::{Line, Posting},
    time::{Day, Timestamp},
};

use super::{Model, Verdict, number};

/// One thing that happens to a book: a command arrives.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) command: Command,
    pub(crate) now: Timestamp,
}

const HOMES: i64 = 12;
const HOUR: i64 = 3_600_000_000;

/// `n` steps of the history with that seed.
pub(crate) fn random_commands(seed: u64, n: usize) -> Vec<Step> {
    let mut village = Village {
        dice: ChaChaEntropy::from_seed(seed),
        model: Model::default(),
        now: 1_780_000_000_000_000,
        count: 0,
    };
    (0..n).map(|_| village.step()).collect()
}

struct Village {
    dice: ChaChaEntropy,
    model: Model,
    now: i64,
    count: i64,
}

type Lines = Vec<(String, &'static str, i64)>;

impl Village {
    fn below(&self, n: i64) -> i64 {
        i64::try_from(u64::from_be_bytes(self.dice.bytes()) % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    fn chance(&self, percent: i64) -> bool {
        self.below(100) < percent
    }

    fn one_of<'a, T>(&self, items: &'a [T]) -> &'a T {
        &items[usize::try_from(self.below(number(items.len()))).unwrap()]
    }

    /// A few households do most of it.
    fn home(&self) -> String {
        let x = self.below(1000);
        format!("H{:04}", x * x / 1000 * x / 1000 * HOMES / 1000 + 1)
    }

    /// An amount that is often odd, sometimes far too large.
    fn amount(&self) -> i64 {
        if self.chance(3) { 10_000_000 } else { 1 + self.below(5_000) }
    }

    fn step(&mut self) -> Step {
        self.count += 1;
        // The clock mostly goes on, sometimes stands still or goes back.
        self.now += match self.below(10) {
            0 => 0,
            1 => -HOUR,
            _ => self.below(6 * HOUR),
        };
        let now = Timestamp::from_micros(self.now);
        let command = match self.below(100) {
            0..8 if !self.model.asked.is_empty() => self.again(),
            8 => self.closing(now.day()),
            _ => self.fresh(now),
        };
        self.model.decide(&command, now);
        Step { command, now }
    }

    /// A command that was sent before: the same, or the same key on something else.
    fn again(&mut self) -> Command {
        let (first, _) = self.one_of(&self.model.asked).clone();
        let mut command = Command { id: TxnId(self.dice.uuid(Timestamp::from_micros(self.now))), ..first };
        match self.below(6) {
            // Prices moved meanwhile: derived lines differ, the body does not, so it is the same request.
            0 => command.posting = command.posting.mirror(),
            1 => drop(command.body.insert("note".to_owned(), "另一句".to_owned())),
            2 => drop(command.body.remove("n")),
            3 => {
                command.actor = "user:other".to_owned();
                command.kind = TxnKind::Opening;
            }
            _ => {}
        }
        command
    }

    fn fresh(&mut self, now: Timestamp) -> Command {
        let day = now.day();
        let mut command = match self.below(100) {
            0..6 => self.plain(TxnKind::Budget, self.budget()),
            6..10 => self.plain(TxnKind::GoodsIn, self.goods_in()),
            10..34 => self.award(day),
            34..48 => self.redemption(),
            48..60 => self.hold(),
            60..72 => self.resolution(),
            72..84 => self.reversal(),
            84..88 => self.plain(TxnKind::Expiry, self.expiry()),
            88 => self.command(TxnKind::Deduction, Posting::nothing()),
            89..92 => self.plain(TxnKind::Honor, self.honor()),
            92..96 => self.plain(TxnKind::TimeService, self.service()),
            _ => self.forbidden(),
        };
        command.effective_on = match self.below(20) {
            0 | 1 => day.plus(-i32::try_from(self.below(45)).unwrap()),
            2 if self.chance(30) => day.plus(1),
            _ => day,
        };
        command
    }

    /// The period is closed, now and then on a day that is closed already or not over.
    fn closing(&self, today: Day) -> Command {
        let back = if self.chance(10) { 0 } else { 10 + i32::try_from(self.below(30)).unwrap() };
        Command { effective_on: today.plus(-back), ..self.command(TxnKind::PeriodClose, Posting::nothing()) }
    }

    fn plain(&self, kind: TxnKind, lines: Lines) -> Command {
        let line = |(account, commodity, quantity): (String, &str, i64)| {
            Line::new(account.parse().unwrap(), commodity.parse().unwrap(), quantity)
        };
        let posting = Posting::new(lines.into_iter().map(line).collect()).unwrap();
        self.command(kind, posting)
    }

    fn command(&self, kind: TxnKind, posting: Posting) -> Command {
        Command {
            id: TxnId(self.dice.uuid(Timestamp::from_micros(self.now))),
            key: format!("key-{}", self.count).parse().unwrap(),
            kind,
            effective_on: Day::from_number(0),
            actor: format!("user:{}", self.below(3)),
            source: self.chance(50).then(|| format!("order:{}", self.count)),
            ruleset: self.chance(30).then(|| "sha256:𬭎㛃·".to_owned()),
            rule: self.chance(30).then(String::new),
            reverses: None,
            resolves: None,
            posting,
            meters: Vec::new(),
            body: [("n".to_owned(), self.count.to_string())].into(),
            private: std::collections::BTreeMap::new(),
        }
    }

    fn budget(&self) -> Lines {
        let q = 5_000 + self.below(50_000);
        vec![("Equity:Authorised:F1".into(), "POINT", q), ("Equity:Budget:F1".into(), "POINT", -q)]
    }

    fn goods_in(&self) -> Lines {
        let q = 1 + self.below(30);
        vec![
            ("Assets:Stock:C1".into(), "SKU-000001", q),
            ("Equity:Received:F1".into(), "SKU-000001", -q),
            ("Assets:StockCost:C1".into(), "CNYFEN", q * 250),
            ("Assets:Fund:F1".into(), "CNYFEN", -q * 250),
        ]
    }

    fn award(&self, day: Day) -> Command {
        let (a, b, q) = (self.home(), self.home(), self.amount());
        let available = |home: &str| format!("Liabilities:Households:{home}:Available");
        let mut lines = vec![("Equity:Budget:F1".into(), "POINT", q), (available(&a), "POINT", -q)];
        if a != b && self.chance(20) {
            lines[0].2 += 7;
            lines.push((available(&b), "POINT", -7));
        }
        let mut command = self.plain(TxnKind::Award, lines);
        if self.chance(60) {
            let lapse = Some(day.plus(30 * i32::try_from(self.below(4)).unwrap()));
            let lines = command.posting.lines().iter().cloned();
            let lines = lines.map(|l| if l.quantity < 0 { l.expiring(lapse) } else { l }).collect();
            command.posting = Posting::new(lines).unwrap();
        }
        command.meters = vec![MeterUse::capped(format!("cap:{a}"), q, 100_000)];
        if self.chance(50) {
            command.meters.push(MeterUse::once(&format!("line:{}", self.below(600))));
        }
        command
    }

    fn redemption(&self) -> Command {
        let (home, q, n) = (self.home(), 1 + self.below(900), 1 + self.below(3));
        let lines = vec![
            (format!("Liabilities:Households:{home}:Available"), "POINT", q),
            ("Income:Redeemed:C1".into(), "POINT", -q),
            ("Expenses:Issued".into(), "SKU-000001", n),
            ("Assets:Stock:C1".into(), "SKU-000001", -n),
            ("Expenses:Rewards".into(), "CNYFEN", n * 250),
            ("Assets:StockCost:C1".into(), "CNYFEN", -n * 250),
        ];
        let mut command = self.plain(TxnKind::Redemption, lines);
        command.meters = vec![
            MeterUse::next_number("receipt"),
            MeterUse::capped(format!("goods:{home}"), n, 20),
            MeterUse::once(&format!("code:{}", self.below(1200))),
        ];
        command
    }

    fn hold(&self) -> Command {
        let (home, q, n) = (self.home(), 1 + self.below(900), 1 + self.below(3));
        let mut lines = vec![
            (format!("Liabilities:Households:{home}:Available"), "POINT", q),
            (format!("Liabilities:Households:{home}:Held"), "POINT", -q),
        ];
        if self.chance(50) {
            lines.push(("Assets:Reserved:C1".into(), "SKU-000001", n));
            lines.push(("Assets:Stock:C1".into(), "SKU-000001", -n));
        }
        let mut command = self.plain(TxnKind::Hold, lines);
        command.meters = vec![MeterUse::capped(format!("goods:{home}"), n, 20)];
        command
    }

    /// Some posted transaction, mostly of that kind; sometimes one that does not exist.
    fn pick(&self, wanted: impl Fn(i64, &Command) -> bool) -> Option<i64> {
        let all: Vec<i64> = (1..=self.model.seq()).collect();
        let fitting: Vec<i64> =
            all.iter().copied().filter(|seq| self.model.get(*seq).is_some_and(|c| wanted(*seq, c))).collect();
        let from = if fitting.is_empty() || self.chance(7) { all } else { fitting };
        (!from.is_empty()).then(|| *self.one_of(&from))
    }

    fn resolution(&self) -> Command {
        let done: Vec<i64> = self.model.posted.iter().filter_map(|(c, _)| c.resolves).collect();
        let all = self.chance(20);
        let open = |seq, c: &Command| c.kind == TxnKind::Hold && (all || !done.contains(&seq));
        let Some(seq) = self.pick(open) else { return self.plain(TxnKind::Budget, self.budget()) };
        let hold = self.model.get(seq).unwrap().posting.clone();
        let seq = if self.chance(3) { seq + 1000 } else { seq };
        if self.chance(30) {
            return Command { resolves: Some(seq), ..self.command(TxnKind::Release, hold.mirror()) };
        }
        // What was held goes to the counter; a part may go back, and sometimes more is taken than was held.
        let mut lines = Vec::new();
        for line in hold.lines() {
            let (account, q) = (line.account.as_str().to_owned(), line.quantity);
            if account.ends_with(":Held") {
                let back = *self.one_of(&[0, 0, -q / 3, q / 4]);
                lines.push((account.clone(), "POINT", -q));
                lines.push(("Income:Redeemed:C1".into(), "POINT", q + back));
                if back != 0 {
                    let own = account.replace(":Held", ":Available");
                    let other = format!("Liabilities:Households:{}:Available", self.home());
                    lines.push((if self.chance(10) { other } else { own }, "POINT", -back));
                }
            } else if account.starts_with("Assets:Reserved") && !self.chance(5) {
                lines.push((account, "SKU-000001", -q));
                lines.push(("Expenses:Issued".into(), "SKU-000001", q));
            }
        }
        if lines.len() < 2 {
            lines = self.budget();
        }
        let mut command = self.plain(TxnKind::Capture, lines);
        command.resolves = Some(seq);
        command.meters = vec![MeterUse::next_number("receipt")];
        command
    }

    fn reversal(&self) -> Command {
        let undoable =
            |_, c: &Command| !matches!(c.kind, TxnKind::Reversal | TxnKind::Hold | TxnKind::Release);
        let Some(seq) = self.pick(undoable) else { return self.plain(TxnKind::Budget, self.budget()) };
        let original = self.model.get(seq).unwrap();
        let hold = original.resolves.and_then(|hold| self.model.get(hold));
        let undone = match hold {
            Some(hold) if !self.chance(10) => hold.posting.combined(&original.posting),
            _ => Ok(original.posting.clone()),
        };
        let mut posting = undone.unwrap_or_else(|_| original.posting.clone()).mirror();
        match self.below(10) {
            0 => posting = posting.mirror(),
            1 => {
                let lines = posting.lines().iter().cloned().map(|l| l.expiring(None));
                posting = Posting::new(lines.collect()).unwrap_or(posting);
            }
            2..6 => posting = self.with_arrears(&posting).unwrap_or(posting),
            _ => {}
        }
        let seq = if self.chance(2) { seq + 1000 } else { seq };
        Command { reverses: Some(seq), ..self.command(TxnKind::Reversal, posting) }
    }

    /// The shortfall of the first household that loses points goes on its arrears; sometimes too much of it.
    fn with_arrears(&self, posting: &Posting) -> Option<Posting> {
        let mut lines = posting.lines().to_vec();
        let line = lines.iter_mut().find(|l| l.account.as_str().ends_with(":Available") && l.quantity > 0)?;
        let arrears = line.account.as_str().replace(":Available", ":Arrears").parse().unwrap();
        let has = -self.model.standing(line.account.as_str(), "POINT").0;
        let short = (line.quantity - has).max(1) + if self.chance(20) { line.quantity } else { 0 };
        line.quantity -= short;
        lines.retain(|l| l.quantity != 0);
        lines.push(Line::new(arrears, "POINT".parse().unwrap(), short));
        Posting::new(lines).ok()
    }

    fn expiry(&self) -> Lines {
        let (account, q) = (format!("Liabilities:Households:{}:Available", self.home()), 1 + self.below(300));
        vec![(account, "POINT", q), ("Equity:Expired".into(), "POINT", -q)]
    }

    fn honor(&self) -> Lines {
        let q = self.below(200) - 80;
        let q = if q == 0 { 1 } else { q };
        let account = format!("Liabilities:Households:{}:Honor", self.home());
        vec![("Equity:Honor".into(), "HONOR", q), (account, "HONOR", -q)]
    }

    fn service(&self) -> Lines {
        let (a, b) = (self.below(5), 5 + self.below(3));
        let from = if self.chance(50) {
            "Equity:Time:Service".into()
        } else {
            format!("Liabilities:Persons:P{b}:Time")
        };
        let q = 30 + self.below(200);
        vec![(from, "MIN", q), (format!("Liabilities:Persons:P{a}:Time"), "MIN", -q)]
    }

    /// What nobody may do.
    fn forbidden(&self) -> Command {
        let available = "Liabilities:Households:H0001:Available".to_owned();
        let other = "Liabilities:Households:H0002:Available".to_owned();
        let held = "Liabilities:Households:H0001:Held".to_owned();
        let one =
            |kind, a: &str, b: &str| self.plain(kind, vec![(a.into(), "POINT", 1), (b.into(), "POINT", -1)]);
        match self.below(9) {
            8 => self.command(TxnKind::Award, Posting::nothing()),
            0 => one(TxnKind::Correction, &available, &other),
            1 => one(TxnKind::HouseholdChange, &available, &other),
            2 => one(TxnKind::Redemption, &held, "Income:Redeemed:C1"),
            3 => one(TxnKind::Award, "Equity:Gifts:F1", &available),
            4 => one(TxnKind::Reversal, "Equity:Budget:F1", &available),
            5 => one(TxnKind::Hold, &available, "Income:Redeemed:C1"),
            6 => Command { resolves: Some(1), ..one(TxnKind::Award, "Equity:Budget:F1", &available) },
            _ => {
                let mut command = one(TxnKind::Award, "Equity:Budget:F1", &available);
                command.meters = vec![MeterUse::capped("cap:H0001", -self.amount(), 100_000)];
                command
            }
        }
    }
}

#[test]
fn histories_contain_what_they_should() {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for seed in 1..5 {
        let mut model = Model::default();
        for step in random_commands(seed, 600) {
            let name = match model.decide(&step.command, step.now) {
                Verdict::Posted(_) => step.command.kind.to_string(),
                Verdict::Refused(code) => code.to_owned(),
                Verdict::Replayed(_) => "replayed".to_owned(),
                Verdict::Conflict(_) => "conflict".to_owned(),
            };
            *seen.entry(name).or_default() += 1;
        }
        let arrears = |n| model.standing(&format!("Liabilities:Households:H{n:04}:Arrears"), "POINT").0;
        *seen.entry("arrears".to_owned()).or_default() += (1..=HOMES).filter(|n| arrears(*n) > 0).count();
    }
    seen.retain(|_, count| *count > 0);
    for name in ["award", "redemption", "hold", "capture", "release", "reversal", "expiry", "time_service"]
        .into_iter()
        .chain(["period_close", "deduction", "nothing_moves"])
        .chain(["closed_period", "future_date", "not_in_chart", "invalid_link", "original_not_found"])
        .chain(["already_reversed", "reversal_of_reversal", "reversal_of_hold", "not_mirror", "not_a_hold"])
        .chain(["already_resolved", "reserve_mismatch", "exceeds_hold", "transfer", "limit_exceeded"])
        .chain([
            "insufficient_points",
            "insufficient_budget",
            "insufficient_stock",
            "replayed",
            "conflict",
            "arrears",
        ])
    {
        assert!(seen.contains_key(name), "no {name} in {seen:?}");
    }
}
