//! The journals, page by page in the order of business days. Holds the accounts with their running balances and the
//! order of places (see [`super::order`]), never transactions of more than one page.

use std::collections::{BTreeMap, HashMap};

use super::{
    Export, Format, PAGE_ROWS, beancount, hledger,
    order::{Order, Run},
    plain::{self, Booked, Head, Names},
};
use crate::{
    domain::time::Day,
    service::ServiceResult,
    store::{
        ledger::read::{self, TxnRow},
        verify::{self, RawEntry},
    },
};

/// Places whose days are read at once: two numbers each.
const ORDER_ROWS: i64 = 4_096;

/// Where a journal stands.
pub(super) struct Journal {
    format: Format,
    order: Order,
    /// What is left of the run in hand.
    run: Option<Run>,
    /// Account and commodity of each number.
    accounts: HashMap<i64, (String, String)>,
    balances: BTreeMap<String, i64>,
    names: Names,
    first: Day,
    after: Day,
    begun: bool,
    ended: bool,
}

impl Journal {
    /// Reads accounts, commodities and the order of the first `export.head.seq` transactions.
    pub(super) async fn begin(export: &mut Export, format: Format) -> ServiceResult<Self> {
        let (book, through) = (export.programme.book_id, export.head.seq);
        let (mut accounts, mut after) = (HashMap::new(), i64::MIN);
        loop {
            let page = verify::accounts(&mut export.tx, book, after, PAGE_ROWS).await?;
            let Some(last) = page.last() else { break };
            after = last.account_id;
            for row in page.into_iter().filter(|row| row.opened_seq <= through) {
                accounts.insert(row.account_id, (plain::account(&row.path, &row.commodity), row.commodity));
            }
        }
        let names = verify::commodities(&mut export.tx, book).await?;
        let names: Names = names.into_iter().map(|c| (c.code, c.name)).collect();
        let mut order = Order::default();
        let mut place = 0;
        while place < through {
            let end = through.min(place + ORDER_ROWS);
            for (seq, day) in read::days(&mut export.tx, book, place, end).await? {
                order.push(seq, day);
            }
            place = end;
        }
        order.close();
        let today = export.created_at.day();
        let (first, last) = order.span().unwrap_or((today, today));
        let balances = accounts.values().map(|(account, _)| (account.clone(), 0)).collect();
        let after = last.plus(1);
        Ok(Self {
            format,
            order,
            run: None,
            accounts,
            balances,
            names,
            first,
            after,
            begun: false,
            ended: false,
        })
    }

    /// The next piece with its number of transactions; nothing at the end.
    pub(super) async fn piece(&mut self, export: &mut Export) -> ServiceResult<Option<(String, usize)>> {
        if !self.begun {
            self.begun = true;
            return Ok(Some((self.head(export), 0)));
        }
        let (mut out, mut count) = (String::new(), 0);
        while count < usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX) {
            let Some(run) = self.run.take().or_else(|| self.order.next()) else { break };
            let through = run.to.min(run.from - 1 + PAGE_ROWS);
            self.run = (through < run.to).then_some(Run { from: through + 1, ..run });
            count += self.transactions(export, run.from - 1, through, &mut out).await?;
        }
        if count > 0 {
            return Ok(Some((out, count)));
        }
        if self.ended {
            return Ok(None);
        }
        self.ended = true;
        Ok(Some((self.tail(export), 0)))
    }

    fn above<'a>(&'a self, export: &'a Export) -> Head<'a> {
        Head {
            note: &export.note,
            name: &export.programme.name,
            first: self.first,
            after: self.after,
            names: &self.names,
        }
    }

    fn head(&self, export: &Export) -> String {
        let (head, accounts) = (self.above(export), self.balances.keys().map(String::as_str));
        match self.format {
            Format::Beancount => beancount::head(&head, accounts),
            _ => hledger::head(&head, accounts),
        }
    }

    fn tail(&self, export: &Export) -> String {
        let (head, mut out) = (self.above(export), String::new());
        if self.format == Format::Beancount {
            for (account, quantity) in &self.balances {
                beancount::balance(&mut out, &head, account, *quantity);
            }
        }
        out
    }

    async fn transactions(
        &mut self,
        export: &mut Export,
        after: i64,
        through: i64,
        out: &mut String,
    ) -> ServiceResult<usize> {
        let book = export.programme.book_id;
        let txns = read::txns(&mut export.tx, book, after, through - after).await?;
        let entries = verify::entries(&mut export.tx, book, after, through).await?;
        let mut entries = entries.into_iter().peekable();
        let count = txns.len();
        for txn in txns {
            let mut own = Vec::new();
            while let Some(entry) = entries.next_if(|e| e.seq <= txn.seq) {
                own.push(entry);
            }
            let booked = self.booked(txn, own);
            self.write(&booked, out);
        }
        Ok(count)
    }

    fn booked(&self, txn: TxnRow, entries: Vec<RawEntry>) -> Booked {
        let lines = entries.into_iter().filter_map(|e| {
            let (account, commodity) = self.accounts.get(&e.account_id)?;
            Some((account.clone(), commodity.clone(), e.quantity))
        });
        Booked {
            seq: txn.seq,
            day: txn.effective_on,
            lines: lines.collect(),
            kind: txn.kind,
            rule: txn.rule,
            recorded_at: txn.recorded_at,
            reverses: txn.reverses_seq,
            resolves: txn.resolves_seq,
            leaf: txn.leaf_hash,
        }
    }

    fn write(&mut self, booked: &Booked, out: &mut String) {
        let balances = &mut self.balances;
        let mut moved = |account: &str, quantity: i64| {
            let balance = balances.entry(account.to_owned()).or_default();
            *balance += quantity;
            *balance
        };
        if self.format == Format::Beancount {
            for (account, _, quantity) in &booked.lines {
                moved(account, *quantity);
            }
            beancount::transaction(out, booked, &self.names);
        } else {
            hledger::transaction(out, booked, &self.names, &mut moved);
        }
    }
}
