//! The rows of one book, file by file, into their tables. Decides nothing: what is wrong is named by whoever reads the
//! rows, or by `verify` at the end.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    check,
    import::{ImportError, Imported},
    log::{LogReader, Logged},
    open::Opened,
    row::{Lines, PackFault, Row},
};
use crate::{
    domain::{
        book::{TxnKind, is_commitment},
        canonical::hex,
        chart::Policy,
        ids::{BookId, OrgId},
        merkle::{
            Frontier, empty_root,
            tiles::{Rising, TILE_WIDTH, Upper},
        },
        time::{Day, Timestamp},
    },
    service::{Actor, Desk, export::Table, session::unhex},
    store::{
        WriteTx,
        event::{self, Event},
        ledger::write::{self, NewAccount, NewBalance, NewEntry, NewHead, NewMeterUse, NewRefusal, NewTxn},
        log::{self as rows, CosignatureRow, Purpose, SignedHead},
        private_text,
        programme::{self, ProgrammeRow},
    },
};

/// Rows written at once.
const BATCH_ROWS: usize = 500;

/// A book on its way into the database.
pub(super) struct Import<'i> {
    pub(super) desk: &'i Desk,
    pub(super) tx: &'i mut WriteTx,
    pub(super) folder: PathBuf,
    pub(super) opened: Opened,
    pub(super) book: BookId,
}

/// Where the log stands after the transactions so far.
#[derive(Default)]
struct Standing {
    seq: i64,
    recorded_at: Option<Timestamp>,
    closed_through: Option<Day>,
    frontier: Frontier,
    rising: Rising,
    meters: BTreeMap<String, i64>,
}

impl Import<'_> {
    pub(super) async fn run(mut self, township: OrgId) -> Result<Imported, ImportError> {
        let row = self.lines(Table::Book)?.only()?;
        let (no, name) = (row.int("no")?, row.text("name")?);
        self.programme(&row, township).await?;
        self.commodities().await?;
        let accounts = self.accounts().await?;
        let standing = self.log().await?;
        check::head(&self.opened.head, &standing.frontier)?;
        let (refusals, chain) = self.refusals().await?;
        self.outside().await?;
        let root = standing.frontier.root();
        let head = NewHead {
            from_seq: 0,
            from_refusals: 0,
            seq: standing.seq,
            refusals,
            refusal_chain: chain.as_deref(),
            recorded_at: standing.recorded_at.unwrap_or_else(|| self.desk.now()),
            frontier: &standing.frontier.to_bytes(),
            root: &root,
            next_account: accounts + 1,
            closed_through: standing.closed_through,
        };
        if !write::advance(self.tx, self.book, &head).await? {
            return Err(ImportError::NotEmpty);
        }
        self.note(&standing, &hex(&root)).await?;
        self.opened.digests(&self.folder)?;
        let (transactions, root) = (standing.seq, hex(&root));
        Ok(Imported { book: self.book, no, name, transactions, root, key: self.opened.key })
    }

    fn lines(&self, table: Table) -> Result<Lines, PackFault> {
        Lines::open(&self.folder, table)
    }

    async fn programme(&mut self, row: &Row, township: OrgId) -> Result<(), ImportError> {
        let name = row.text("name")?;
        let village = self.desk.imported_place(self.tx, Some(township), "village", &name).await?;
        let policy =
            Policy { time_overdraft: row.int("time_overdraft")?, time_cap: row.maybe_int("time_cap")? };
        let (empty, now) = (Frontier::new().to_bytes(), self.desk.now());
        write::open_book(self.tx, self.book, now, &empty, &empty_root(), policy).await?;
        let programme = ProgrammeRow {
            book_id: self.book,
            org_id: village,
            no: row.int("no")?,
            name,
            name_en: row.text("name_en")?,
            opened_on: row.parsed("opened_on", "a day")?,
            demo: row.int("demo")? != 0,
        };
        programme::insert(self.tx, &programme).await?;
        Ok(())
    }

    async fn commodities(&mut self) -> Result<(), ImportError> {
        let mut lines = self.lines(Table::Commodities)?;
        while let Some(row) = lines.next()? {
            let (code, scale) = (row.text("code")?, row.small("scale")?);
            let (name, name_en) = (row.text("name")?, row.text("name_en")?);
            write::open_commodity(self.tx, self.book, &code, scale, &name, &name_en).await?;
        }
        Ok(())
    }

    /// Accounts with their balances, which `verify` compares with the log; how many.
    async fn accounts(&mut self) -> Result<i64, ImportError> {
        let mut lines = self.lines(Table::Accounts)?;
        let mut count = 0;
        loop {
            let mut page = Vec::with_capacity(BATCH_ROWS);
            while page.len() < BATCH_ROWS
                && let Some(row) = lines.next()?
            {
                page.push(row);
            }
            if page.is_empty() {
                return Ok(count);
            }
            count += i64::try_from(page.len()).unwrap_or(0);
            let texts = page
                .iter()
                .map(|row| Ok((row.text("path")?, row.text("commodity")?)))
                .collect::<Result<Vec<_>, PackFault>>()?;
            let (mut accounts, mut balances) = (Vec::new(), Vec::new());
            for (row, (path, commodity)) in page.iter().zip(&texts) {
                let account_id = row.int("account_id")?;
                accounts.push(NewAccount {
                    account_id,
                    path,
                    commodity,
                    min: row.maybe_int("min_quantity")?,
                    max: row.maybe_int("max_quantity")?,
                    opened_seq: row.int("opened_seq")?,
                });
                balances.push(NewBalance {
                    account_id,
                    quantity: row.int("quantity")?,
                    debited: row.int("debited")?,
                    version: row.int("version")?,
                });
            }
            write::accounts(self.tx, self.book, &accounts).await?;
            write::balances(self.tx, self.book, &balances).await?;
        }
    }

    async fn log(&mut self) -> Result<Standing, ImportError> {
        let accounts = check::accounts(&self.folder)?;
        let mut reader = LogReader::open(&self.folder, self.book, accounts)?;
        let (mut standing, mut page) = (Standing::default(), Vec::with_capacity(BATCH_ROWS));
        loop {
            let next = reader.next()?;
            let ended = next.is_none();
            page.extend(next);
            if page.len() == BATCH_ROWS || ended {
                self.page(&page, &mut standing).await?;
                page.clear();
            }
            if ended {
                return Ok(standing);
            }
        }
    }

    async fn page(&mut self, page: &[Logged], standing: &mut Standing) -> Result<(), ImportError> {
        let (mut txns, mut entries, mut uses) = (Vec::new(), Vec::new(), Vec::new());
        let mut uppers = Vec::new();
        for logged in page {
            let t = &logged.txn;
            standing.seq = t.seq;
            standing.recorded_at = Some(t.recorded_at);
            if t.kind == TxnKind::PeriodClose.as_str() {
                standing.closed_through = Some(t.effective_on);
            }
            standing.frontier.append(logged.hash);
            uppers.extend(standing.rising.append(logged.hash));
            standing.meters.extend(logged.uses.iter().map(|u| (u.meter.clone(), u.used_after)));
            txns.push(new_txn(logged));
            entries.extend(logged.entries.iter().map(|e| NewEntry {
                account_id: e.account_id,
                version: e.version,
                seq: e.seq,
                line: e.line,
                quantity: e.quantity,
                balance_after: e.balance_after,
                expires_on: e.expires_on,
            }));
            uses.extend(logged.uses.iter().map(|u| NewMeterUse {
                seq: u.seq,
                ordinal: u.ordinal,
                meter: &u.meter,
                amount: u.amount,
                ceiling: u.ceiling,
                used_after: u.used_after,
            }));
        }
        write::txns(self.tx, self.book, &txns).await?;
        write::entries(self.tx, self.book, &entries).await?;
        write::meter_uses(self.tx, self.book, &uses).await?;
        let meters: Vec<(&str, i64)> = standing.meters.iter().map(|(m, used)| (m.as_str(), *used)).collect();
        write::meters(self.tx, self.book, &meters).await?;
        standing.meters.clear();
        for logged in page {
            self.texts(&logged.txn.key, &logged.txn.body).await?;
        }
        self.hashes(uppers).await
    }

    /// The hashes above the leaves that the signed head needs.
    async fn hashes(&mut self, uppers: Vec<Upper>) -> Result<(), ImportError> {
        for upper in uppers {
            let span = TILE_WIDTH.saturating_pow(upper.level).saturating_mul(upper.index + 1);
            if span <= self.opened.head.size {
                let level = i32::try_from(upper.level).unwrap_or(i32::MAX);
                let place = i64::try_from(upper.index).unwrap_or(i64::MAX);
                rows::add_hash(self.tx, self.book, level, place, &upper.hash).await?;
            }
        }
        Ok(())
    }

    /// What the log only commits to stands as erased: an export does not hold it.
    async fn texts(&mut self, key: &str, body: &str) -> Result<(), ImportError> {
        let fields: BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
        for (name, value) in fields.iter().filter(|(_, value)| is_commitment(value)) {
            let hidden = value.split_once(':').and_then(|(_, digits)| unhex(digits)).unwrap_or_default();
            let now = self.desk.now();
            private_text::add_erased(self.tx, self.book, key, name, &hidden, now).await?;
        }
        Ok(())
    }

    /// Refused commands; how many are in the chain, and its head.
    async fn refusals(&mut self) -> Result<(i64, Option<Vec<u8>>), ImportError> {
        let (mut lines, mut count, mut last) = (self.lines(Table::Refusals)?, 0, None);
        while let Some(row) = lines.next()? {
            let (key, kind, actor, code) =
                (row.text("key")?, row.text("kind")?, row.text("actor")?, row.text("code")?);
            let ordinal = row.maybe_int("ordinal")?;
            let chain = match ordinal {
                Some(_) => Some(row.bytes("chain")?),
                None => None,
            };
            let body = row.text("body")?;
            let refusal = NewRefusal {
                key: &key,
                kind: &kind,
                actor: &actor,
                recorded_at: row.parsed("recorded_at", "a time")?,
                code: &code,
                facts: row.text("facts")?,
                body: &body,
                ordinal,
                chain: chain.as_deref(),
            };
            write::refusals(self.tx, self.book, std::slice::from_ref(&refusal)).await?;
            self.texts(&key, &body).await?;
            if let Some(ordinal) = ordinal.filter(|ordinal| *ordinal > count) {
                (count, last) = (ordinal, chain);
            }
        }
        Ok((count, last))
    }

    /// What the log showed: keys, heads, cosignatures.
    async fn outside(&mut self) -> Result<(), ImportError> {
        let mut lines = self.lines(Table::Keys)?;
        while let Some(row) = lines.next()? {
            let (number, public) = (row.int("number")?, row.bytes("public_key")?);
            rows::add_key(self.tx, Purpose::Log, number, &public, row.parsed("since", "a time")?).await?;
        }
        let mut lines = self.lines(Table::Checkpoints)?;
        while let Some(row) = lines.next()? {
            let (size, root) = (row.int("size")?, row.bytes("root")?);
            write::checkpoint(self.tx, self.book, size, &root, row.parsed("recorded_at", "a time")?).await?;
        }
        let mut lines = self.lines(Table::SignedHeads)?;
        while let Some(row) = lines.next()? {
            let head = SignedHead {
                size: row.int("size")?,
                key_number: row.int("key_number")?,
                note: row.text("note")?,
                signed_at: row.parsed("signed_at", "a time")?,
            };
            rows::add_head(self.tx, self.book, &head).await?;
        }
        let mut lines = self.lines(Table::Cosignatures)?;
        while let Some(row) = lines.next()? {
            let cosignature = CosignatureRow {
                size: row.int("size")?,
                key_name: row.text("key_name")?,
                key_id: row.int("key_id")?,
                line: row.text("line")?,
                received_at: row.parsed("received_at", "a time")?,
            };
            rows::add_cosignature(self.tx, self.book, &cosignature).await?;
        }
        Ok(())
    }

    /// Writes down how far the book came from elsewhere: there are no papers behind those transactions here.
    async fn note(&mut self, standing: &Standing, root: &str) -> Result<(), ImportError> {
        let note = Event {
            id: self.desk.id(),
            at: self.desk.now(),
            subject: "import".to_owned(),
            subject_id: self.book.0,
            verb: "import".to_owned(),
            from_state: None,
            to_state: None,
            actor: Actor::System.to_string(),
            on_behalf: None,
            reason: format!("{} {root}", standing.seq),
        };
        event::add(self.tx, self.book, &note).await?;
        Ok(())
    }
}

fn new_txn(logged: &Logged) -> NewTxn<'_> {
    let t = &logged.txn;
    NewTxn {
        seq: t.seq,
        id: t.id,
        key: &t.key,
        kind: &t.kind,
        effective_on: t.effective_on,
        recorded_at: t.recorded_at,
        actor: &t.actor,
        source: t.source.as_deref(),
        ruleset: t.ruleset.as_deref(),
        rule: t.rule.as_deref(),
        reverses: t.reverses_seq,
        resolves: t.resolves_seq,
        body: &t.body,
        hash_version: t.hash_version,
        leaf_hash: &logged.hash,
    }
}
